"""The words that pages show for our states, orders and vocabularies, in the reader's language."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from videtur.evidence.models import Capture
from videtur.footage import vocabulary
from videtur.footage.models import CopyDecision
from videtur.pipeline.steps import STEPS

STATES: Mapping[str, str] = {
    "pending": gettext_noop("waiting"),
    "running": gettext_noop("being examined"),
    "done": gettext_noop("examined"),
    "failed": gettext_noop("failed"),
    "skipped": gettext_noop("left out"),
}
LENGTHS: Mapping[str, str] = {
    "under-30s": gettext_noop("under 30 s"),
    "30s-3min": gettext_noop("30 s to 3 min"),
    "3-15min": gettext_noop("3 to 15 min"),
    "over-15min": gettext_noop("over 15 min"),
}
SORTS: Mapping[str, str] = {
    "received": gettext_noop("as received"),
    "newest": gettext_noop("newest first"),
    "name": gettext_noop("by name"),
    "length": gettext_noop("longest first"),
    "family": gettext_noop("by family"),
}


def in_words(words: Mapping[str, str]) -> list[tuple[str, str]]:
    """The choices of a list, each with its words."""
    return [(value, _(text)) for value, text in words.items()]


TERMS: tuple[str, ...] = (
    *vocabulary.MODALITIES,
    *vocabulary.ROLES_APPARENT,
    *vocabulary.PERSON_STATES,
    *vocabulary.ACTS,
    *vocabulary.INJURY_REGIONS,
    *vocabulary.INJURY_SIGNS,
    *vocabulary.INJURY_TIMINGS,
    *vocabulary.COUNT_BASES,
    *vocabulary.HEDGES,
    *CopyDecision.DECISIONS,
    *Capture.HOW,
    *(step.name for step in STEPS),
    # What a comparison says of two items.
    *("picture", "sound", "not_shown", "same_sound", "mirror", "crop", "padding", "speed", "pitch kept"),
)
"""Every word of a record that pages show; the catalogues of all languages hold them."""


def term_in_english(term: str) -> str:
    """A word of a record for an English reader, and its key in the catalogues: "H1_appears" is "appears"."""
    return re.sub(r"^H\d_", "", term).replace("_", " ")


def term(value: str) -> str:
    """A word of a record in the reader's language."""
    return pgettext("term", term_in_english(value))

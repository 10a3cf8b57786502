"""The words that pages show for states, orders and the words of our own records, in the reader's language."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from videtur.evidence.models import Capture
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
OUTCOMES: Mapping[str, str] = {
    "same_footage": gettext_noop("The same footage, as the comparison has it"),
    "same_sound": gettext_noop("The same sound: evidence of its own, which joins nothing"),
    "same_scene": gettext_noop("The same scene, not shown to be the same footage"),
    "unrelated": gettext_noop("Not shown to be related"),
}
"""What a comparison says of two items, in full."""
VERDICTS: Mapping[str, str] = {
    "can": gettext_noop("can have been cut from it"),
    "cannot": gettext_noop("cannot, by what is known"),
    "unknown": gettext_noop("not known"),
}


def in_words(words: Mapping[str, str]) -> list[tuple[str, str]]:
    """The choices of a list, each with its words."""
    return [(value, _(text)) for value, text in words.items()]


TERMS: tuple[str, ...] = (
    *CopyDecision.DECISIONS,
    *Capture.HOW,
    *(step.name for step in STEPS),
    # What a comparison says of two items.
    *(
        "picture",
        "sound",
        "unrelated",
        "same_sound",
        "same_scene",
        "mirror",
        "negative",
        "crop",
        "padding",
        "perspective",
        "rotation",
        "overlay",
        "uncovered",
        "speed",
        "pitch kept",
    ),
)
"""The words of records and machines that pages show beside those of the method (`videtur.cases.words`)."""

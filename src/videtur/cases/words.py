"""The words of the method's vocabularies for people, in the reader's language.

The record keeps the identifiers ("H1_appears"); a page shows what `term` makes of them. The catalogues of
all languages hold every word of `TERMS`, every label and every name of a section (`videtur.cases.labels`).
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

from django.utils.translation import pgettext

from videtur.cases.labels import choices_of_entities
from videtur.engines.method import vocabulary

SPOKEN = tuple(
    name
    for name in vocabulary.names()
    # No words: pairs of roles, templates of counts (pages have their own), the name of a notation.
    if name not in ("incompatible_roles_same_item", "count_render", "time_form")
)
"""The vocabularies whose words pages show."""

_READINGS: Mapping[str, str] = {
    "accent_assessed_by_expert": "accent, assessed by an expert",
    "analyst_1": "first analyst",
    "analyst_2": "second analyst",
    "answered_full": "answered in full",
    "answered_off_point": "answered off the point",
    "answered_part": "answered in part",
    "area_control_at_date": "who held the area on that date",
    "clear_and_convincing": "clear and convincing evidence",
    "closed_no_offence": "closed: no offence found",
    "closed_no_suspect": "closed: no suspect found",
    "derived_from": "derived from the other",
    "full_page_capture": "whole page captured",
    "giving_water_food": "giving water or food",
    "head_face": "head or face",
    "html_source": "source of the page",
    "icd203": "ICD 203",
    "in_progress_evidenced": "progress evidenced",
    "ipcc_likelihood": "IPCC likelihood scale",
    "irreducible_reported": "irreducible, and reported",
    "km": "kilometres",
    "m": "metres",
    "machine_output_of": "machine output made from the other",
    "mi": "miles",
    "not_sought_with_reason": "not sought, with a reason",
    "on_camera_lips_seen": "on camera, lips seen",
    "on_camera_not_seen_speaking": "on camera, not seen speaking",
    "on_screen_text": "onscreen text",
    "party_mix_up": "mix-up of the parties",
    "placeholder_set": "place kept for footage not yet seen",
    "same_commissioner": "commissioned by the same body",
    "several_concordant": "several concordant indicators",
    "stabbing_cutting": "stabbing or cutting",
    "staged_established": "established as staged",
    "staged_or_false_context": "staged, or in a false context",
    "stale": "without evidence for long",
    "triaged_out": "set aside at triage",
    "url": "web address",
}
"""Readings of the words whose own letters do not read well."""


def _meanings(name: str) -> dict[str, str]:
    """The grades of Admiralty, each with what it means: "F" is "F: cannot be judged"."""
    table = cast("Mapping[object, str]", vocabulary.table(name))
    return {str(grade): f"{grade}: {meaning}" for grade, meaning in table.items()}


READINGS: Mapping[str, str] = {
    **_READINGS,
    **_meanings("source_reliability"),
    **_meanings("information_credibility"),
}


def _words_below(entry: object) -> Iterable[str]:
    """The words inside a group: the principles of each kind, the levels of a scale."""
    if isinstance(entry, dict):
        for value in cast("dict[str, Any]", entry).values():
            if isinstance(value, list):
                yield from (word for word in cast("list[Any]", value) if isinstance(word, str))


def words_of_vocabularies() -> tuple[str, ...]:
    """Every word of every vocabulary that pages show."""
    found = [word for name in SPOKEN for word in vocabulary.words(name)]
    for name in ("berkeley_principles", "ipcc_confidence"):
        found += _words_below(vocabulary.table(name))
    return tuple(dict.fromkeys(found))


_DERIVED = (
    # How a party stands to an instrument on a day (`videtur.engines.law.parties`).
    *("party", "not_party", "bound_as_custom"),
    # How a distance stands to the tolerance of its word.
    "outside",
    # What others may state that is not ours to set.
    *("standard", "hedge", "symmetry"),
)
"""Words that engines derive and no vocabulary or entity holds."""
TERMS: tuple[str, ...] = tuple(dict.fromkeys((*words_of_vocabularies(), *choices_of_entities(), *_DERIVED)))
"""Every word of the method's vocabularies, of the choices that its entities offer, and of what is derived."""


def term_in_english(term: str) -> str:
    """A word of a record for an English reader, and its key in the catalogues: "H1_appears" is "appears"."""
    return READINGS.get(term) or re.sub(r"^H\d_", "", term).replace("_", " ")


def term(value: object) -> str:
    """A word of a record in the reader's language; anything that is no word stays as it is."""
    english = term_in_english(str(value))
    return pgettext("term", english) if english else ""


def choices(words: Iterable[str]) -> list[tuple[str, str]]:
    """The choices of a form: each word with its reading."""
    return [(word, term(word)) for word in words]


def choices_of(name: str) -> list[tuple[str, str]]:
    """The words of a vocabulary as the choices of a form. Raises KeyError for an unknown vocabulary."""
    return choices(vocabulary.words(name))


ASPECT_QUESTIONS: tuple[str, ...] = tuple(
    vocabulary.question_of_aspect(aspect) for aspect in vocabulary.words("aspects")
)


def aspect_question(aspect: str) -> str:
    """What an aspect of footage asks, in the reader's language."""
    return pgettext("question", vocabulary.question_of_aspect(aspect))

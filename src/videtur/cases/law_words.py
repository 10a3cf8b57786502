"""The words of the catalogue of law, in the reader's language.

Titles, needs and names of instruments are translated by us, as the catalogue's paraphrases are ours: none is
the text of a treaty. Paraphrases and notes stay in the catalogue's own language.
"""

from collections.abc import Iterator

from django.utils.translation import pgettext

from videtur.engines.law.catalogue import CATALOGUE

LAW_WORDS: tuple[str, ...] = tuple(dict.fromkeys(word for enum in CATALOGUE.enums.values() for word in enum))
"""What a provision is, whom it binds and protects, in which conflicts it applies, and its tags."""
READINGS = {
    "IAC": "international armed conflict",
    "NIAC": "non-international armed conflict",
    "pow": "prisoners of war",
    "recording": "record keeping",
    "wounded_sick": "wounded and sick",
    **{word: word.replace("-", " ") for word in LAW_WORDS if "-" in word},
}


NOT_GIVEN = "not given"
"""What the engine says of a certainty that the data leaves out."""


def law_texts() -> Iterator[str]:
    """The notice, and every title, need, name of an instrument, standing of a party."""
    yield from (CATALOGUE.notice, *CATALOGUE.conflict_classification.values())
    for provision in CATALOGUE.provisions.values():
        yield provision.title
        if isinstance(provision.text_checked, str):
            yield provision.text_checked
    for row in CATALOGUE.maps:
        yield from (row.observed, *row.needs)
        if row.effect:
            yield row.effect
    for instrument in CATALOGUE.instruments.values():
        yield from (instrument.name, instrument.binds)
        for facts in instrument.parties.values():
            yield facts.status
            if facts.certainty:
                yield facts.certainty
    yield NOT_GIVEN


def law_word_in_english(word: str) -> str:
    """A word of the catalogue for an English reader, and its key in the catalogues of translations."""
    return READINGS.get(word) or word.replace("_", " ")


def law_word(word: str) -> str:
    """A word of the catalogue in the reader's language: "hors-de-combat", "detaining_state"."""
    return pgettext("law word", law_word_in_english(word)) if word else ""


def law_text(text: str) -> str:
    """A title, need or name of the catalogue in the reader's language; any other text as it is."""
    return pgettext("law", text) if text else ""

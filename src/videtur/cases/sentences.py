"""The sentences that engines and services say, in the reader's language.

Engines know no language. What they say is English with names and numbers in it: "UA has not been asked for
comment". The templates of those sentences, "{1} has not been asked for comment", stand in `sentences.json`
and in the catalogues (both from `scripts/translations.py`); a sentence finds its template again by what
stands still in it. One that finds none stays as it is.
"""

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files

from django.utils.translation import get_language, pgettext

from videtur.cases.labels import SECTIONS, fields_of_entities, label, section_name
from videtur.cases.law_words import law_text, law_texts
from videtur.cases.words import TERMS, term, term_in_english

_HOLE = re.compile(r"\{(\d+)\}")
_SAYS_LITTLE = 13
"""How many letters of a template, such as "at least {1}", are too few to know it by them alone."""
_OF_RULE = re.compile(r"([FIM]\d+[.\w]*: )(.+)", re.DOTALL)
"""A sentence after the name of its rule."""
_OF_THING = re.compile(r"([A-Z]+\w*\d\S*|“[^”]+”) (.+)", re.DOTALL)
"""What is said of a thing or a word, after its name: "IT1 goes out without a masked copy of it"."""


@lru_cache(maxsize=4096)
def _told(text: str, language: str) -> str:
    template, parts = _template_of(text)
    if template is not None:
        told_parts = tuple(_part(part, language) for part in parts)
        return _filled(pgettext("said", template), told_parts)
    if (of_rule := _OF_RULE.fullmatch(text)) is not None:
        return of_rule.group(1) + _told(of_rule.group(2), language)
    if (of_thing := _OF_THING.fullmatch(text)) is not None:
        said = _told(of_thing.group(2), language)
        return text if said == of_thing.group(2) else f"{of_thing.group(1)} {said}"
    if text[:1].isupper() and _template_of(lowered := text[:1].lower() + text[1:])[0] is not None:
        said = _told(lowered, language)
        return said[:1].upper() + said[1:]
    if "; " in text:
        return "; ".join(_told(each, language) for each in text.split("; "))
    if ". " in text:
        return " ".join(_told(each, language) for each in re.split(r"(?<=\.) ", text))
    return f"{_told(text[:-1], language)}." if text.endswith(".") else text


def told(text: object) -> str:
    """A sentence of an engine or a service in the reader's language; any other text as it is."""
    english = str(text)
    language = get_language() or "en"
    return english if language.startswith("en") or not english else _told(english, language)


def templates() -> tuple[str, ...]:
    """The templates, in alphabetical order."""
    return tuple(json.loads(files("videtur.cases").joinpath("sentences.json").read_text(encoding="utf-8")))


def _template_of(text: str) -> tuple[str | None, tuple[str, ...]]:
    """The template that a text was made from, and what was put into its holes."""
    plain, with_holes = _patterns()
    if text in plain:
        return text, ()
    for template, pattern in with_holes:
        if (found := pattern.fullmatch(text)) is not None:
            return template, found.groups()
    return None, ()


@cache
def _patterns() -> tuple[frozenset[str], tuple[tuple[str, re.Pattern[str]], ...]]:
    """The templates without holes; and those with holes, those that say most of themselves first."""
    plain = frozenset(each for each in templates() if not _HOLE.search(each))
    others = sorted(set(templates()) - plain, key=lambda each: (-len(_HOLE.sub("", each)), each))
    return plain, tuple((each, _pattern(each)) for each in others)


def _pattern(template: str) -> re.Pattern[str]:
    still = [re.escape(piece) for piece in re.sub(_HOLE, "\0", template).split("\0")]
    # What says little of itself takes little in, or it would take the words of a case for an engine's.
    hole = "(.+?)" if len(_HOLE.sub("", template)) > _SAYS_LITTLE else r"(\S+(?: \S+){0,5}?)"
    # A last sentence may be left out: "{1}.{2}".
    last = "(.*?)" if len(still) > 2 and still[-1] == "" and still[-2] == re.escape(".") else hole
    return re.compile(hole.join(still[:-1]) + last + still[-1] if len(still) > 1 else still[0], re.DOTALL)


def _filled(template: str, parts: tuple[str, ...]) -> str:
    return _HOLE.sub(lambda hole: parts[int(hole.group(1)) - 1], template)


def _part(part: str, language: str) -> str:
    """What stands in a hole: words of the vocabularies and other sentences are told, names stay."""
    if part != part.strip():
        return part.replace(part.strip(), _part(part.strip(), language)) if part.strip() else part
    if part in _texts_of_law():
        return law_text(part)
    quoted = len(part) > 2 and part[0] == part[-1] == "'"  # an engine may quote what it names
    pieces = [_piece(each) for each in part.strip("'").split(", ")]
    if all(pieces):
        return ", ".join(piece or "" for piece in pieces)
    return f"«{_told(part[1:-1], language)}»" if quoted else _told(part, language)


def _piece(text: str) -> str | None:
    """A word, section or field, also after the name of what it is said of ("UA: yes"); else None."""
    name, mark, said = text.rpartition(": ")
    if (word := _words().get(said)) is not None:
        return f"{name}{mark}{term(word)}"
    section = said.replace(" ", "_")
    if section in SECTIONS:
        return f"{name}{mark}{section_name(section)}"
    return f"{name}{mark}{label(said)}" if said in _fields() else None


@cache
def _texts_of_law() -> frozenset[str]:
    return frozenset(law_texts())


@cache
def _fields() -> frozenset[str]:
    return frozenset(fields_of_entities())


@cache
def _words() -> Mapping[str, str]:
    """Words as the engines write them, with and without underscores; single letters are names."""
    found: dict[str, str] = {}
    for word in TERMS:
        for written in _written(word):
            found.setdefault(written, word)
    return found


def _written(word: str) -> Iterable[str]:
    if len(word) > 1:
        yield from (word, word.replace("_", " "), term_in_english(word))

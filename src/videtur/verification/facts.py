"""An entity as a page shows it: every field that was given, in words, with links to what it names."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, cast

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from videtur.cases.labels import label
from videtur.cases.words import term
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.base import Entity
from videtur.people.queries import names_of
from videtur.verification.forms.shapes import Part, Shape, parts_of
from videtur.verification.titles import title_of

_PAGE_OF_SECTION = {
    "footage": "footage_family",
    "sources": "source",
    "findings": "finding",
    "conflicts": "conflict",
    "mappings": "mapping",
    "calls": "call",
    "commitments": "commitment",
    "requests_for_comment": "comment_request",
}
"""Kinds with a page of their own."""


@dataclass
class Told:
    """One value in words; `address` leads to what it names."""

    text: str
    address: str = ""
    about: str = ""


@dataclass
class Fact:
    """A field with what it says: values, or fields of its own, or rows of them."""

    name: str
    label: str
    values: list[Told] = field(default_factory=list[Told])
    facts: "list[Fact]" = field(default_factory=list["Fact"])
    rows: "list[list[Fact]]" = field(default_factory=list["list[Fact]"])


@dataclass
class Change:
    """One field of two versions."""

    label: str
    before: str
    after: str


def address_of(slug: str, case: CaseFile, reference: str) -> str:
    """The page of what a name stands for; empty where the case holds nothing of it that may be seen."""
    entity = case.find(reference)
    if entity is None:
        return ""
    if (name := _PAGE_OF_SECTION.get(entity.section)) is not None:
        # A floor above this one has pages too; without it, the plain page will do.
        with suppress(NoReverseMatch):
            return reverse(name, args=(slug, reference))
    return reverse("entity", args=(slug, entity.section, reference))


def facts_of(slug: str, case: CaseFile, entity: Entity) -> list[Fact]:
    """What an entity says, in the order of its form."""
    # Its name stands above them.
    parts = [part for part in parts_of(type(entity)) if part.name != "id"]
    return _Teller(slug, case).facts(parts, entity.as_json())


def changes_between(kind: type[Entity], before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Which fields a version changed, and how."""
    return [
        Change(label(part.name), _short(before.get(part.name)), _short(after.get(part.name)))
        for part in parts_of(kind)
        if before.get(part.name) != after.get(part.name)
    ]


class _Teller:
    def __init__(self, slug: str, case: CaseFile) -> None:
        self._slug, self._case = slug, case

    def facts(self, parts: Sequence[Part], given: Mapping[str, Any]) -> list[Fact]:
        return [
            self._fact(part.shape, part.name, label(part.name), given[part.name])
            for part in parts
            if given.get(part.name) not in (None, "", [], {})
        ]

    def _fact(self, shape: Shape, name: str, words: str, value: Any) -> Fact:
        fact = Fact(name, words)
        match shape.kind:
            case "group" if isinstance(value, dict):
                fact.facts = self.facts(shape.parts, cast("dict[str, Any]", value))
            case "rows":
                fact.rows = [self.facts(shape.parts, row) for row in cast("list[dict[str, Any]]", value)]
            case "several" | "pair":
                given = cast("list[Any]", value) if isinstance(value, list) else [value]
                fact.values = [self._told(shape.of, each) for each in given if each is not None]
            case "mapping" | "document" if isinstance(value, dict):
                inner = shape.of or Shape("document")
                for key, each in cast("dict[str, Any]", value).items():
                    heading = term(key) if shape.words else key
                    fact.facts.append(self._fact(inner, key, heading, each))
            case _:
                fact.values = [self._told(shape, value)]
        return fact

    def _told(self, shape: Shape | None, value: Any) -> Told:
        if isinstance(value, bool):
            return Told(_("yes") if value else _("no"))
        text = str(value)
        if shape and shape.words:
            return Told(term(text))
        if isinstance(value, str) and (entity := self._case.find(text)) is not None:
            return Told(text, address_of(self._slug, self._case, text), title_of(entity))
        return Told(names_of([text])[text] if text.startswith("user:") else text)


def _short(value: Any) -> str:
    if value in (None, "", [], {}):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value).items()
        return "; ".join(f"{label(key)}: {_short(each)}" for key, each in items if key != "unquoted")
    if isinstance(value, list):
        return ", ".join(_short(each) for each in cast("list[Any]", value))
    return str(value)

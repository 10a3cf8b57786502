"""A form as a page draws it: each field with its label, what was typed, what may be chosen, what is wrong."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import yaml
from django.utils.translation import gettext as _
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from videtur.cases.labels import label, section_name
from videtur.cases.words import term
from videtur.engines.method.case_file.model import KINDS, CaseFile
from videtur.engines.method.entities.base import Entity
from videtur.people.queries import names_of
from videtur.verification.forms.reading import UNREADABLE
from videtur.verification.forms.shapes import Part, Shape, parts_of
from videtur.verification.titles import title_of

MANY_CHOICES = 14
"""From here on a list is quicker by keyboard than boxes to tick."""
_LONGEST_CHOICE = 70
_ORDER = {kind: place for place, kind in enumerate(KINDS)}


@dataclass
class Choice:
    """One thing that may be chosen."""

    value: str
    words: str
    chosen: bool = False


@dataclass
class Choices:
    """Things that may be chosen, under their heading."""

    heading: str
    choices: list[Choice]


@dataclass
class Box:
    """One field on the page."""

    name: str
    label: str
    kind: str
    required: bool = False
    value: str = ""
    hint: str = ""
    fixed: bool = False
    inside: bool = False
    """Whether it is part of a group."""
    errors: list[str] = field(default_factory=list[str])
    choices: list[Choices] = field(default_factory=list[Choices])
    boxes: "list[Box]" = field(default_factory=list["Box"])
    rows: "list[list[Box]]" = field(default_factory=list["list[Box]"])

    @property
    def must(self) -> bool:
        """Whether the browser may insist on it: inside a group, only the model knows."""
        return self.required and not self.inside

    @property
    def id(self) -> str:
        """An identifier for the page."""
        return "f-" + re.sub(r"[^A-Za-z0-9_-]", "-", self.name)

    @property
    def value_shown(self) -> str:
        """The value for a person: an account by its name."""
        return names_of([self.value])[self.value] if self.value else ""

    @property
    def keys(self) -> list[str]:
        """The keys of a mapping."""
        return [box.name.removeprefix(f"{self.name}.") for box in self.boxes]

    @property
    def described_by(self) -> str:
        """The identifiers of what explains the field."""
        parts = (f"{self.id}-hint" if self.hint else "", f"{self.id}-error" if self.errors else "")
        return " ".join(part for part in parts if part)

    @property
    def is_open(self) -> bool:
        """Whether a group says something, or something is wrong in it."""
        return bool(
            self.errors
            or self.value
            or any(choice.chosen and choice.value for group in self.choices for choice in group.choices)
            or any(box.is_open for box in self.boxes)
            or any(box.is_open for row in self.rows for box in row)
        )


Errors = Mapping[str, Sequence[str]]


def errors_of(problem: ValidationError, given: Mapping[str, Any]) -> dict[str, list[str]]:
    """What a model finds wrong, by the name of the field in the form; "" is for the whole."""
    found: dict[str, list[str]] = {}
    for each in problem.errors(include_url=False):
        told = found.setdefault(_name_of(each["loc"], given), [])
        if (words := _in_words(each)) not in told:
            told.append(words)
    return found


def boxes_of(
    kind: type[Entity],
    case: CaseFile,
    given: Mapping[str, Any] | None = None,
    errors: Errors | None = None,
    *,
    fixed: Iterable[str] = (),
    more: str = "",
) -> list[Box]:
    """The fields of a kind with what is `given`. `fixed` ones are only shown, the list `more` gets a row."""
    return boxes_for(parts_of(kind), case, given, errors, fixed=fixed, more=more)


def boxes_for(
    parts: Sequence[Part],
    case: CaseFile,
    given: Mapping[str, Any] | None = None,
    errors: Errors | None = None,
    *,
    above: str = "",
    fixed: Iterable[str] = (),
    more: str = "",
) -> list[Box]:
    """Like `boxes_of`, for fields that need not be a kind's; their names begin with `above`."""
    page = _Page(case, errors or {}, more)
    still = {above + name for name in fixed}
    boxes = [page.box(part, above, dict(given or {})) for part in parts]
    for box in boxes:
        box.fixed = box.name in still
    return boxes


def references_in(case: CaseFile, kinds: Sequence[type[Entity]], chosen: Iterable[str]) -> list[Choices]:
    """What a reference may name, by kind; a chosen name that is not in sight stays among the choices."""
    left = set(chosen)
    groups: dict[type[Entity], list[Choice]] = {}
    for placed in case.placed:
        kind = type(placed.entity)
        if kind.single or (kinds and kind not in kinds):
            continue
        words = f"{placed.reference} · {title_of(placed.entity)}".removesuffix(" · ")
        short = words if len(words) <= _LONGEST_CHOICE else f"{words[: _LONGEST_CHOICE - 1]}…"
        groups.setdefault(kind, []).append(Choice(placed.reference, short, placed.reference in left))
        left.discard(placed.reference)
    ordered = sorted(groups, key=lambda kind: _ORDER.get(kind, len(_ORDER)))
    found = [Choices(section_name(kind.section), groups[kind]) for kind in ordered]
    if left:
        found.append(Choices(_("Named already"), [Choice(name, name, True) for name in sorted(left)]))
    return found


class _Page:
    def __init__(self, case: CaseFile, errors: Errors, more: str) -> None:
        self._case, self._errors, self._more = case, errors, more

    def box(self, part: Part, above: str, given: Mapping[str, Any]) -> Box:
        name = above + part.name
        value: Any = given.get(part.name)
        if value is None and part.shape.kind in ("choice", "flag") and not part.required:
            value = part.default
        box = self._of(part.shape, name, part.label or label(part.name), value)
        box.required = part.required
        for inner in (*box.boxes, *(each for row in box.rows for each in row)):
            inner.inside = True
        return box

    def _of(self, shape: Shape, name: str, words: str, value: Any) -> Box:
        box = Box(name, words, shape.kind, errors=list(self._errors.get(name, ())))
        match shape.kind:
            case "group":
                given = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
                box.boxes = [self.box(part, f"{name}.", given) for part in shape.parts]
            case "rows":
                box.rows = self._rows(shape, name, value)
                box.value = str(len(box.rows))
            case "several":
                self._several(box, shape, value)
            case "pair":
                given_pair = cast("list[Any]", value) if isinstance(value, list | tuple) else [None, None]
                inner = shape.of or Shape("line")
                box.boxes = [
                    self._of(inner, f"{name}.{place}", f"{words} {place + 1}", each)
                    for place, each in enumerate(given_pair[:2])
                ]
            case "mapping":
                box.boxes = self._mapping(shape, name, value)
            case "document":
                box.value = _document(value)
                box.hint = _("A line for each, such as: name: value")
            case _:
                self._scalar(box, shape, value)
        return box

    def _scalar(self, box: Box, shape: Shape, value: Any) -> None:
        if isinstance(value, bool):
            value = "yes" if value else "no"
        box.value = "" if value is None else str(value)
        if shape.words:
            box.kind = "choice"
            box.choices = [Choices("", [Choice(each, term(each), each == box.value) for each in shape.words])]
            if box.value and box.value not in shape.words:
                box.choices[0].choices.append(Choice(box.value, box.value, True))
        elif shape.kind == "reference":
            box.choices = references_in(self._case, shape.kinds, [box.value] if box.value else [])
        elif shape.kind == "date":
            box.hint = _(
                "A date (EDTF): 2022-03-27, 2022-03, 2022-03-25/2022-03-26, ../2022-03-27, 2022-03-26~"
            )
        elif shape.kind == "moment":
            box.hint = _("A time with its zone: 2022-03-28T14:22:00-04:00")

    def _several(self, box: Box, shape: Shape, value: Any) -> None:
        inner = shape.of or Shape("line")
        given = [str(each) for each in _listed(value)]
        if inner.kind == "choice":
            box.choices = [Choices("", [Choice(each, term(each), each in given) for each in inner.words])]
        elif inner.kind == "reference":
            box.choices = references_in(self._case, inner.kinds, given)
        else:
            box.value = "\n".join(given)
            box.kind = "lines"
            box.hint = _("One on each line")
        if sum(len(group.choices) for group in box.choices) > MANY_CHOICES:
            box.kind = "list"
            box.hint = _("Hold Ctrl to choose several")

    def _rows(self, shape: Shape, name: str, value: Any) -> list[list[Box]]:
        given = [cast("dict[str, Any]", each) if isinstance(each, dict) else {} for each in _listed(value)]
        given += [{}] * (2 if self._more == name else 1)
        return [
            [self.box(part, f"{name}.{place}.", each) for part in shape.parts]
            for place, each in enumerate(given)
        ]

    def _mapping(self, shape: Shape, name: str, value: Any) -> list[Box]:
        given = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
        keys = [*shape.words, *(party.id for party in self._case.parties if shape.by_party)]
        keys += [key for key in given if key not in keys]
        inner = shape.of or Shape("line")
        return [
            self._of(inner, f"{name}.{key}", key if shape.by_party else term(key), given.get(key))
            for key in keys
        ]


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(cast("Sequence[Any]", value)) if isinstance(value, list | tuple) else [value]


def _document(value: Any) -> str:
    if isinstance(value, str):
        return value.removeprefix(UNREADABLE)
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=100).strip() if value else ""


def _name_of(location: tuple[str | int, ...], given: Any) -> str:
    """The form's name for the place of an error; names of types inside unions are left out."""
    path: list[str] = []
    at = given
    for part in location:
        if isinstance(at, dict) and part in at:
            at = cast("dict[Any, Any]", at)[part]
        elif isinstance(at, list) and isinstance(part, int) and part < len(cast("list[Any]", at)):
            at = cast("list[Any]", at)[part]
        elif part != location[-1] or not isinstance(at, dict):
            continue
        path.append(str(part))
    return ".".join(path)


def _in_words(error: ErrorDetails) -> str:
    match error["type"]:
        case "missing":
            return _("This is needed")
        case "value_error":
            return str(error["msg"]).removeprefix("Value error, ")
        case "dict_type":
            return _("This cannot be read. Write a line for each, such as: name: value")
        case "int_type" | "int_parsing":
            return _("Write a whole number")
        case "float_type":
            return _("Write a number")
        case "extra_forbidden":
            return _("There is no such field")
        case "string_pattern_mismatch" | "string_too_short":
            return _("This is not written as it must be")
        case _:
            return str(error["msg"])

"""What a person typed into a form of an entity, as the entity's model takes it. Nothing typed is lost."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.http import QueryDict

from videtur.engines.method.case_file.nodes import read_tree
from videtur.engines.method.entities.base import Entity
from videtur.verification.forms.shapes import Part, Shape, parts_of

UNREADABLE = "\ufffe"
"""Begins a document that could not be read: the text itself stays, and the model refuses it."""
MOST_ROWS = 200
_EMPTY: tuple[Any, ...] = (None, "", [], {})


class _Absent:
    """A field of which nothing is said."""


_ABSENT = _Absent()


def read_form(kind: type[Entity], posted: QueryDict, old: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The fields of an entity out of a form. `old` is the version it was opened with.

    A field that the old version gave as empty stays given, and one left at its default stays unsaid, so
    that saving an unchanged form gives an equal entity.
    """
    return read_parts(parts_of(kind), posted, "", dict(old or {}))


def rows_named(posted: QueryDict, name: str) -> int:
    """How many rows the form had of a list."""
    given = str(posted.get(f"{name}.rows", "0"))
    return min(int(given), MOST_ROWS) if given.isascii() and given.isdigit() and len(given) < 6 else 0


def read_parts(
    parts: Sequence[Part], posted: QueryDict, above: str, old: Mapping[str, Any]
) -> dict[str, Any]:
    """The values of these fields, whose names in the form begin with `above`."""
    found: dict[str, Any] = {}
    for part in parts:
        before = old.get(part.name, _ABSENT)
        value = _value(part.shape, posted, above + part.name, before)
        if value is _ABSENT and not isinstance(before, _Absent) and before in _EMPTY:
            value = before
        if isinstance(before, _Absent) and not part.required and value == _json(part.default):
            continue
        if value is not _ABSENT:
            found[part.name] = value
    unchanged = [name for name in old.get("unquoted", ()) if found.get(name) == old.get(name)]
    return found | ({"unquoted": unchanged} if unchanged else {})


def _value(shape: Shape, posted: QueryDict, name: str, old: Any) -> Any:
    match shape.kind:
        case "group":
            return _group(shape, posted, name, old)
        case "rows":
            return _rows(shape, posted, name, old)
        case "several":
            return _several(shape, posted, name, old)
        case "pair":
            given = [_scalar(shape.of, str(posted.get(f"{name}.{place}", ""))) for place in (0, 1)]
            return _ABSENT if given == [_ABSENT] * 2 else [None if v is _ABSENT else v for v in given]
        case "mapping":
            return _mapping(shape, posted, name)
        case "document":
            return _document(str(posted.get(name, "")))
        case _:
            return _scalar(shape, str(posted.get(name, "")))


def _scalar(shape: Shape | None, text: str) -> Any:
    kind = shape.kind if shape else "line"
    text = text.replace("\r\n", "\n").strip()
    if not text:
        return _ABSENT
    if kind == "flag":
        return {"yes": True, "no": False}.get(text, text)
    if kind in ("integer", "number", "count"):
        return _number(text, whole=kind != "number")
    return text


def _number(text: str, *, whole: bool) -> int | float | str:
    """The number, or the text as it stands: then the model says what is wrong with it."""
    if len(text) > 40:
        return text
    try:
        return int(text)
    except ValueError:
        if whole:
            return text
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text


def _group(shape: Shape, posted: QueryDict, name: str, old: Any) -> Any:
    before = cast("dict[str, Any]", old) if isinstance(old, dict) else {}
    found = read_parts(shape.parts, posted, f"{name}.", before)
    said = {key for key, value in found.items() if value not in _EMPTY}
    return found if said else _ABSENT


def _rows(shape: Shape, posted: QueryDict, name: str, old: Any) -> Any:
    before = cast("list[Any]", old) if isinstance(old, list) else []
    found: list[Any] = []
    for place in range(rows_named(posted, name)):
        was: Any = before[place] if place < len(before) else None
        row = _group(shape, posted, f"{name}.{place}", was)
        if row is not _ABSENT and str(posted.get(f"{name}.{place}.drop", "")) != "yes":
            found.append(row)
    return found or _ABSENT


def _several(shape: Shape, posted: QueryDict, name: str, old: Any) -> Any:
    given = [str(value) for value in posted.getlist(name)]
    if shape.of is None or shape.of.kind not in ("choice", "reference"):
        given = [line for text in given for line in text.splitlines()]
    found = [value for value in (_scalar(shape.of, text) for text in given) if value is not _ABSENT]
    if shape.one_is_plain and len(found) == 1 and not isinstance(old, list):
        return found[0]
    return found or _ABSENT


def _mapping(shape: Shape, posted: QueryDict, name: str) -> Any:
    keys = shape.words or tuple(str(key) for key in posted.getlist(f"{name}.keys"))
    given = {key: _scalar(shape.of, str(posted.get(f"{name}.{key}", ""))) for key in keys}
    return {key: value for key, value in given.items() if value is not _ABSENT} or _ABSENT


def _document(text: str) -> Any:
    if not text.strip():
        return _ABSENT
    tree = read_tree(text)
    if tree.problems or not isinstance(tree.value, dict):
        return UNREADABLE + text
    return cast("dict[str, Any]", tree.value)


def _json(value: Any) -> Any:
    """A default as a form would give it."""
    if isinstance(value, tuple | list):
        return list(cast("Sequence[Any]", value)) or _ABSENT
    return _ABSENT if value is None or value == {} else value

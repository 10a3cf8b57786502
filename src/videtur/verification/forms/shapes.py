"""What each field of an entity takes: read once from its type, its vocabulary and the table of references."""

import inspect
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import AfterValidator
from pydantic.fields import FieldInfo

from videtur.engines.method import vocabulary
from videtur.engines.method.case_file.references import TABLE
from videtur.engines.method.entities.accountability import Call
from videtur.engines.method.entities.base import Edtf, Entity, Moment, Value

Scalar = Literal[
    "line", "text", "date", "moment", "integer", "number", "count", "flag", "choice", "reference"
]
Compound = Literal["several", "pair", "group", "rows", "mapping", "document"]
LONG_TEXTS = frozenset(
    {
        "because",
        "detail",
        "effect",
        "fact",
        "gist",
        "how",
        "lesson",
        "note",
        "reason",
        "result",
        "sentence",
        "set_because",
        "text",
        "why",
        "withdrawn_because",
        "comment_not_sought_because",
        "reply",
        "what",
        "description",
        "reply_gist",
        "gazetteer_trap",
        "basis",
        "done_because",
        "claimed_content",
        "wording",
    }
)
_LAST = ("access", "note")
_EDTF, _MOMENT = get_args(Edtf)[1], get_args(Moment)[1]
_BY_PARTY = {(Call, "status"), (Call, "texts")}


@dataclass(frozen=True, slots=True)
class Shape:
    """What one field takes."""

    kind: Scalar | Compound
    optional: bool = False
    words: tuple[str, ...] = ()
    """The words of a choice, or the keys of a mapping where they are known."""
    kinds: tuple[type[Entity], ...] = ()
    """What a reference may name; empty stands for anything."""
    of: "Shape | None" = None
    """What each of several values is."""
    parts: tuple["Part", ...] = ()
    by_party: bool = False
    """Whether the keys of a mapping are the case's parties."""
    one_is_plain: bool = False
    """Whether a single value stands without a list."""


@dataclass(frozen=True, slots=True)
class Part:
    """A named field."""

    name: str
    """As it stands in a case file."""
    shape: Shape
    required: bool
    default: Any = None
    label: str = ""
    """What to call it, where it is no field of an entity."""


@cache
def parts_of(kind: type[Entity]) -> tuple[Part, ...]:
    """The fields of a kind in the order in which a person fills them in: its own, then note and access."""
    own = [name for name in kind.model_fields if name not in ("unquoted", *_LAST)]
    names = [*own, *reversed(_LAST)]
    return tuple(_part(kind, name, kind.model_fields[name], ()) for name in names)


def _part(kind: type[Entity], name: str, field: FieldInfo, above: tuple[str, ...]) -> Part:
    written = field.alias or name
    path = (*above, written)
    annotation: Any = field.annotation
    for extra in reversed(field.metadata):
        annotation = Annotated[annotation, extra]
    shape = _shape(kind, annotation, path)
    if (kind, written) in _BY_PARTY:
        shape = Shape("mapping", shape.optional, of=shape.of, by_party=True)
    default = None if field.is_required() else field.get_default(call_default_factory=True)
    return Part(written, shape, field.is_required(), default)


def _shape(kind: type[Entity], annotation: Any, path: tuple[str, ...]) -> Shape:
    bare, extras, optional = _bare(annotation)
    origin, arguments = get_origin(bare), get_args(bare)
    if origin in (Union, UnionType):
        return _of_union(kind, bare, path, optional)
    if origin is tuple:
        return _of_tuple(kind, arguments, path, optional)
    if origin is dict:
        return _of_mapping(kind, arguments, path, optional)
    if origin is Literal:
        return Shape("choice", optional, tuple(str(word) for word in arguments))
    if isinstance(bare, type) and issubclass(bare, Value):
        fields = [(name, field) for name, field in bare.model_fields.items() if name != "unquoted"]
        return Shape("group", optional, parts=tuple(_part(kind, *each, path) for each in fields))
    if bare is bool:
        return Shape("flag", optional, ("yes", "no"))
    if bare is int:
        grade = path[-1] == "information_credibility"
        return Shape("integer", optional, vocabulary.words(path[-1]) if grade else ())
    if bare is float:
        return Shape("number", optional)
    return _of_text(kind, extras, path, optional) if bare is str else Shape("document", optional)


def _bare(annotation: Any) -> tuple[Any, tuple[Any, ...], bool]:
    """The type without what is said beside it, what is said beside it, and whether it may be None."""
    extras: tuple[Any, ...] = ()
    optional = False
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *more = get_args(annotation)
            extras = (*extras, *more)
        elif origin in (Union, UnionType) and NoneType in get_args(annotation):
            left = tuple(each for each in get_args(annotation) if each is not NoneType)
            optional = True
            annotation = left[0] if len(left) == 1 else Union[left]  # noqa: UP007 - from a tuple
        else:
            return annotation, extras, optional


def _of_union(kind: type[Entity], annotation: Any, path: tuple[str, ...], optional: bool) -> Shape:
    shapes = [_shape(kind, each, path) for each in get_args(annotation)]
    kinds = {shape.kind for shape in shapes}
    if kinds == {"integer", "number"}:
        return Shape("number", optional)
    if "several" in kinds:
        several = next(shape for shape in shapes if shape.kind == "several")
        return Shape("several", optional, of=several.of, one_is_plain=True)
    return Shape("count", optional)


def _of_tuple(kind: type[Entity], arguments: tuple[Any, ...], path: tuple[str, ...], optional: bool) -> Shape:
    one = _shape(kind, arguments[0], path)
    if arguments[-1] is not Ellipsis:
        return Shape("pair", optional, of=one)
    if one.kind == "group":
        return Shape("rows", optional, parts=one.parts)
    return Shape("several", optional, of=Shape("line") if one.kind == "text" else one)


def _of_mapping(
    kind: type[Entity], arguments: tuple[Any, ...], path: tuple[str, ...], optional: bool
) -> Shape:
    keys, values = _shape(kind, arguments[0], path), _shape(kind, arguments[1], path)
    if keys.kind == "choice" and values.kind not in ("document", "mapping"):
        return Shape("mapping", optional, keys.words, of=values)
    if path == ("aspects",):
        return Shape("mapping", optional, vocabulary.words("aspects"), of=values)
    return Shape("document", optional)


def _of_text(kind: type[Entity], extras: tuple[Any, ...], path: tuple[str, ...], optional: bool) -> Shape:
    if ".".join(path) in TABLE.get(kind, {}):
        return Shape("reference", optional, kinds=TABLE[kind][".".join(path)])
    for extra in extras:
        if extra is _EDTF:
            return Shape("date", optional)
        if extra is _MOMENT:
            return Shape("moment", optional)
        if isinstance(extra, AfterValidator) and (name := _vocabulary_of(extra)):
            return Shape("choice", optional, vocabulary.words(name))
    return Shape("text" if path[-1] in LONG_TEXTS else "line", optional)


def _vocabulary_of(check: AfterValidator) -> str:
    """The vocabulary that a check made by `word_of` asks."""
    function: Any = check.func
    if not inspect.isfunction(function):
        return ""
    return str(inspect.getclosurevars(function).nonlocals.get("name", ""))

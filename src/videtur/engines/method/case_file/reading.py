"""Reading a case file: every problem in one run, with its line and a hint."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from videtur.engines.method.case_file.model import KIND_OF_SECTION, SCHEMA, CaseFile, Placed, named
from videtur.engines.method.case_file.nodes import FileProblem, Path, Tree, path_text, read_tree
from videtur.engines.method.case_file.references import problems_of_references
from videtur.engines.method.entities.base import Entity
from videtur.engines.method.entities.case import CaseDate, ExpectedBoard, ExpectedSentences, SymmetryGroup
from videtur.errors import Refused

_BOARD = re.compile(r"expected_accountability_board_([0-9]{4})_([0-9]{2})_([0-9]{2})")
_HEAD = ("schema", "id", "as_of")
_SPECIAL = ("symmetry_group", "expected_sentences_pass", "expected_sentences_fail")
_HIDDEN = ("expected_sentences", "expected_accountability_boards")
"""Sections that stand in a file under other keys."""
_HINTS: Mapping[str, str] = {
    # YAML takes a bare no, 12 or 3:38 for something else than text.
    "string_type": "Put text in quotation marks",
    "string_pattern_mismatch": "Begin with a letter or digit, on one line of at most 200 letters",
    "int_type": "Write a whole number, without quotation marks",
    "float_type": "Write a number, without quotation marks",
    "bool_type": "Write true or false",
    "tuple_type": "Write a list: [A, B]",
    "dict_type": "Write it as {name: value}",
    "model_type": "Write it as {name: value}",
    "model_attributes_type": "Write it as {name: value}",
}


class CaseFileRefused(Refused):
    """A case file that cannot be taken as it is. `problems` names everything that is wrong with it."""

    def __init__(self, problems: tuple[FileProblem, ...]) -> None:
        self.problems = problems
        first = problems[0].explain() if problems else ""
        more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
        super().__init__("The case file was not taken in", f"{first}{more}", "Nothing of it was loaded")


@dataclass(frozen=True)
class Reading:
    """What a file says: the case of all its valid entities, and everything that is wrong with it."""

    case: CaseFile
    problems: tuple[FileProblem, ...]
    lines: Mapping[str, int]
    """The line on which each entity begins, by reference."""
    remarks: tuple[FileProblem, ...] = ()
    """What was read although it could have been written better."""
    parsed: bool = True
    """False when there is no case in it at all."""


def read_case(text: str) -> Reading:
    """Read a case file. Nothing is raised: what is wrong is in `problems`, in the order of the file."""
    tree = read_tree(text)
    if not isinstance(tree.value, dict):
        if not tree.problems:
            tree.problem((), "is no case file", "It must be a mapping that begins with schema and id")
        return Reading(CaseFile(""), tuple(tree.problems), {}, parsed=False)
    content = cast("dict[str, Any]", tree.value)
    head = _head(content, tree)
    found: list[tuple[Entity, Path]] = []
    broken: set[str] = set()
    for kind, value, path in _entries(content, tree):
        entity = _entity(kind, value, path, tree)
        if entity is None:
            broken.add(_given_name(value))
        else:
            found.append((entity, path))
    placed, lines = _placed(found, tree)
    case = CaseFile(head["id"], head["as_of"], placed, head["schema"] or SCHEMA)
    places = {
        each.reference: path
        for each, (_, path) in zip(named(entity for entity, _ in found), found, strict=True)
    }
    for problem in problems_of_references(case, broken):
        path = (*places.get(problem.reference, ()), *problem.path)
        tree.problem(path, problem.what, problem.hint, rule="reference")
    problems = sorted(tree.problems, key=lambda problem: (problem.line, problem.column))
    return Reading(case, tuple(problems), lines, tuple(tree.remarks))


def _head(content: Mapping[str, Any], tree: Tree) -> dict[str, Any]:
    name, as_of, schema = content.get("id"), content.get("as_of"), content.get("schema")
    if not isinstance(name, str) or not name.strip():
        tree.problem(("id",), "The case has no name", "Add a line such as id: my-case")
        name = ""
    if schema != SCHEMA:
        tree.problem(("schema",), f"is {schema!r}, not {SCHEMA!r}", "This version reads that schema alone")
    if as_of is not None:
        try:
            as_of = CaseDate.model_validate({"as_of": as_of}).as_of
        except ValidationError as refused:
            for error in refused.errors(include_url=False):
                tree.problem(("as_of",), *_in_words(error, CaseDate, ()))
            as_of = None
    return {"id": name, "as_of": as_of, "schema": SCHEMA}


def _entries(content: Mapping[str, Any], tree: Tree) -> Iterator[tuple[type[Entity], Any, Path]]:
    for key, value in content.items():
        board = _BOARD.fullmatch(key)
        if board:
            yield ExpectedBoard, {"date": "-".join(board.groups()), "board": value}, (key,)
        elif key == "symmetry_group":
            yield SymmetryGroup, value, (key,)
        elif key == "expected_sentences_pass":
            both = {"passing": value, "failing": content.get("expected_sentences_fail", [])}
            yield ExpectedSentences, both, (key,)
        elif key == "expected_sentences_fail":
            if "expected_sentences_pass" not in content:
                yield ExpectedSentences, {"failing": value}, (key,)
        elif key in _HEAD:
            continue
        elif key not in KIND_OF_SECTION or key in _HIDDEN:
            tree.problem((key,), "is no section of a case file", _near(key, (*KIND_OF_SECTION, *_SPECIAL)))
        else:
            yield from _section(KIND_OF_SECTION[key], value, (key,), tree)


def _section(
    kind: type[Entity],
    value: Any,
    path: Path,
    tree: Tree,
) -> Iterator[tuple[type[Entity], Any, Path]]:
    if kind.single:
        yield kind, value, path
    elif isinstance(value, list):
        for place, part in enumerate(cast("list[Any]", value)):
            yield kind, part, (*path, place)
    elif value is not None:
        tree.problem(path, "must be a list", f"Begin each of the {path[0]} with a dash")


def _entity(kind: type[Entity], value: Any, path: Path, tree: Tree) -> Entity | None:
    if not isinstance(value, dict):
        tree.problem(path, "must have named fields", "Write it as {id: ..., ...}")
        return None
    try:
        return kind.model_validate(value)
    except ValidationError as refused:
        seen: set[tuple[Path, str]] = set()
        for error in refused.errors(include_url=False):
            inner = _within(value, error["loc"])
            what, hint = _in_words(error, kind, inner)
            if (inner, what) not in seen:
                seen.add((inner, what))
                tree.problem((*path, *inner), what, hint)
        return None


def _within(value: Any, location: tuple[str | int, ...]) -> Path:
    """The part of an error's location that is a path in the file: names of types are left out."""
    path: list[str | int] = []
    at = value
    for part in location:
        if isinstance(at, dict) and part in at:
            at = cast("dict[Any, Any]", at)[part]
        elif isinstance(at, list) and isinstance(part, int) and part < len(cast("list[Any]", at)):
            at = cast("list[Any]", at)[part]
        elif part != location[-1] or not isinstance(at, dict) or not isinstance(part, str):
            continue
        path.append(part)
    return tuple(path)


def _in_words(error: ErrorDetails, kind: type[Entity], path: Path) -> tuple[str, str]:
    name = str(error["loc"][-1]) if error["loc"] else ""
    match error["type"]:
        case "missing":
            return "is missing", f"Add {name}: to this entry"
        case "extra_forbidden":
            return "is no field here", _near(name, kind.model_fields)
        case "value_error":
            told = str(error["msg"]).removeprefix("Value error, ")
            what, _, hint = told.partition("; ")
            return what, hint
        case "literal_error":
            return (
                f"{error['input']!r} is not possible here",
                f"Use {error.get('ctx', {}).get('expected', '')}",
            )
        case _:
            hint = _HINTS.get(error["type"], "Look at what kind of value belongs here")
            return f"{error['msg']} (found {_short(error['input'])})", hint


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _near(name: str, known: Any) -> str:
    found = difflib.get_close_matches(name, [str(each) for each in known], n=1, cutoff=0.6)
    return f"Did you mean {found[0]}?" if found else "Leave it out, or put it in note"


def _given_name(value: object) -> str:
    return str(cast("dict[str, Any]", value).get("id", "")) if isinstance(value, dict) else ""


def _placed(found: list[tuple[Entity, Path]], tree: Tree) -> tuple[tuple[Placed, ...], dict[str, int]]:
    """The entities by name; a name that stands twice is a problem, and its first entity is kept."""
    kept: dict[str, Placed] = {}
    lines: dict[str, int] = {}
    for placed, (_, path) in zip(named(entity for entity, _ in found), found, strict=True):
        name = placed.reference
        if name in kept:
            hint = f"{name} is already on line {lines[name]}; give this one another"
            at = (*path, "id") if (*path, "id") in tree.places else path
            tree.problem(at, f"{name!r} names two things", hint, rule="reference")
            continue
        kept[name] = placed
        lines[name] = tree.place(path)[0]
    return tuple(kept.values()), lines


__all__ = ["CaseFileRefused", "FileProblem", "Reading", "path_text", "read_case"]

"""YAML as a tree that knows the line of each value, built from plain types alone."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import yaml
from yaml.constructor import SafeConstructor

LARGEST_FILE = 32 * 2**20
MOST_VALUES = 1_000_000
"""Aliases may make a short file endless; no honest case file is near this."""
_DEEPEST = 40
_PLAIN = ("null", "bool", "int", "float", "str")
_LARGEST_NUMBER = 2**53 - 1
"""The largest whole number that JSON holds exactly (RFC 8785 refuses more)."""
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
"""What UTF-8 or a database cannot hold."""
Path = tuple[str | int, ...]
UNQUOTED = "unquoted"
"""The key under which a mapping names its fields whose text stood with bare commas in a file."""


@dataclass(frozen=True, slots=True)
class FileProblem:
    """What is wrong at one place of a file, and what to do about it. Lines and columns count from 1."""

    line: int
    column: int
    where: str
    what: str
    hint: str = ""
    rule: str = "grammar"

    def explain(self) -> str:
        """One line for a person."""
        place = f"line {self.line}: " if self.line else ""
        return f"{place}{self.where + ': ' if self.where else ''}{self.what}" + (
            f" ({self.hint})" if self.hint else ""
        )


class _Loader(yaml.SafeLoader):
    """YAML 1.1 without dates: a date stays the text that it is, since EDTF has more forms than a calendar."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass
class Tree:
    """A document's value, the place of each part, and what could not be read."""

    value: Any = None
    places: dict[Path, tuple[int, int]] = field(default_factory=dict[Path, tuple[int, int]])
    problems: list[FileProblem] = field(default_factory=list[FileProblem])
    remarks: list[FileProblem] = field(default_factory=list[FileProblem])
    """What was read although it could have been written better."""

    def place(self, path: Path) -> tuple[int, int]:
        """Line and column of the value at a path, or of the nearest one above it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (0, 0))

    def remark(self, path: Path, what: str, hint: str = "") -> None:
        """Note something that is no problem."""
        self.remarks.append(FileProblem(*self.place(path), path_text(path), what, hint, "remark"))

    def problem(self, path: Path, what: str, hint: str = "", rule: str = "grammar") -> None:
        """Note a problem at a path."""
        self.problems.append(FileProblem(*self.place(path), path_text(path), what, hint, rule))


def path_text(path: Path) -> str:
    """A path for people: `observations[2].injury`."""
    parts = (f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).lstrip(".")


def read_tree(text: str) -> Tree:
    """Read YAML (or JSON, which is YAML). Problems are in the tree; nothing is raised."""
    tree = Tree()
    if len(text.encode("utf-8", "replace")) > LARGEST_FILE:
        tree.problems.append(FileProblem(0, 0, "", f"The file is larger than {LARGEST_FILE >> 20} MiB"))
        return tree
    try:
        node = cast("yaml.Node | None", yaml.compose(text, Loader=_Loader))
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        what = f"This is not YAML: {problem.problem or problem.context}"
        hint = "Look at the quotation marks, brackets and indentation there and on the line before"
        tree.problems.append(FileProblem(line, column, "", what, hint))
        return tree
    except (yaml.YAMLError, RecursionError, ValueError) as problem:
        told = "it is nested too deeply" if isinstance(problem, RecursionError) else str(problem)
        tree.problems.append(FileProblem(0, 0, "", f"This is not YAML: {' '.join(told.split())}"))
        return tree
    if node is not None:
        tree.value = _Builder(tree).value(node, ())
    return tree


class _Builder:
    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._scalars = SafeConstructor()
        self._left = MOST_VALUES

    def value(self, node: yaml.Node, path: Path) -> Any:
        self._left -= 1
        self._tree.places.setdefault(path, (node.start_mark.line + 1, node.start_mark.column + 1))
        if self._left < 0 or len(path) > _DEEPEST:
            if self._left == -1 or self._left >= 0:
                self._tree.problem(
                    path, "The file says more, or nests deeper, than any case", "Check its aliases"
                )
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(part, (*path, place)) for place, part in enumerate(node.value)]
        return self._scalar(node, path)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> Mapping[str, Any]:
        found: dict[str, Any] = {}
        last = ""
        for key, part in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
            at = (*path, name)
            if last and node.flow_style and _is_bare(key) and _is_nothing(part):
                found[last] = f"{found[last]}, {name}"
                found.setdefault(UNQUOTED, [])
                if last not in found[UNQUOTED]:
                    found[UNQUOTED].append(last)
                continue
            if not isinstance(key, yaml.ScalarNode) or key.tag.endswith((":merge", ":value")):
                self._tree.problem(path, "has a key that is no plain name", "Use a word as the key")
                continue
            if _NO_TEXT.search(name):
                self._tree.problem(path, "has a key that no text can be", "Use a word as the key")
                continue
            if name in found:
                place = key.start_mark
                self._tree.problems.append(
                    FileProblem(
                        place.line + 1,
                        place.column + 1,
                        path_text(at),
                        "stands twice",
                        f"The first is on line {self._tree.place(at)[0]}; keep one of them",
                    )
                )
                continue
            self._tree.places[at] = (key.start_mark.line + 1, key.start_mark.column + 1)
            found[name] = self.value(part, at)
            last = name if _is_bare(part) and isinstance(found[name], str) else ""
        for name in found.get(UNQUOTED, []):
            self._tree.remark(
                (*path, name), f"is read as {found[name]!r}", "Put text with commas in quotation marks"
            )
        return found

    def _scalar(self, node: yaml.Node, path: Path) -> Any:
        kind = node.tag.rpartition(":")[2]
        if not node.tag.startswith("tag:yaml.org,2002:") or kind not in _PLAIN:
            self._tree.problem(
                path, f"has the tag {node.tag!r}", "Use plain text, numbers, true, false or null"
            )
            return None
        try:
            value = cast("Any", self._scalars.construct_object(node))
        except (ValueError, yaml.YAMLError):
            self._tree.problem(path, f"{node.value!r} cannot be read", "Put it in quotation marks")
            return None
        if isinstance(value, float) and not math.isfinite(value):
            self._tree.problem(path, "is no number", "Give a finite number, or leave it out")
            return None
        if isinstance(value, int) and abs(value) > _LARGEST_NUMBER:
            self._tree.problem(path, "is a larger number than a record can hold", "Look at its digits")
            return None
        if isinstance(value, str) and _NO_TEXT.search(value):
            self._tree.problem(path, "holds a character that no text can have", "Take it out of the text")
            return None
        return value


def _is_bare(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.style is None


def _is_nothing(node: yaml.Node) -> bool:
    """A value that is not there, as after a comma in text without quotation marks."""
    return isinstance(node, yaml.ScalarNode) and node.style is None and node.value == ""

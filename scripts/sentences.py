"""Finds the sentences that engines and services say, for the catalogues (`videtur.cases.sentences`).

Engines know no language: they say English, with names and numbers in it. What stands still in such a
sentence is a template with holes, "{1} has not been asked for comment", read here from the source.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ENGINES = (
    "engines/method/*.py",
    "engines/method/accountability/*.py",
    "engines/method/entities/*.py",
    "engines/method/rules/*.py",
    "engines/law/*.py",
    "engines/copies/contradictions.py",
    "engines/copies/decision.py",
    "engines/copies/descriptor_reasons.py",
    "engines/copies/families.py",
    "engines/copies/lineage.py",
    "engines/copies/relation.py",
    "engines/copies/sound_reasons.py",
    "engines/redaction/faults.py",
    "engines/redaction/gate.py",
    "engines/redaction/review.py",
    "footage/posting.py",
)
"""Every sentence in these, whatever it is used for."""
NOT_SHOWN = ("letters.py", "vocabulary.py", "check.py")
"""Letters are written in English; a vocabulary and a check for the command line speak to programs."""
REFUSALS = ("cases", "footage", "verification", "accountability", "publication")
"""Apps whose refusals pages show: here only what is raised is in English, pages speak by the catalogues."""
SHORT = ("Observed",)
"""Sentences of one word, which the source does not tell from an identifier."""
WORD_LISTS = ("_AT_LEAST", "_UP_TO", "_POWER", "_OPENED", "_ANSWERS")
"""Names of lists and patterns that are compared with, and never said."""
UNSAID = ("gettext", "_", "compile", "split", "cast", "_lifecycle")
"""Calls whose arguments are translated elsewhere, or never said."""
_TWO_WORDS = re.compile(r"[A-Za-z’']{2,}[,:;]? .*[A-Za-z’']{2,}|[A-Za-z]{2,} [A-Za-z]{2,}")
_ONE_WORD = re.compile(r"(?:^| )[A-Za-z’']{3,}(?: |$)")
_NO_SENTENCE = re.compile(r"\(\?|\[|\\|\n|^[a-z]+(_[a-z]+)* [a-z]+_[a-z_]+$")
"""A pattern, a type, a list of identifiers."""


def templates(source: Path) -> list[str]:
    """Every template, in alphabetical order."""
    found: set[str] = {*SHORT}
    for pattern in ENGINES:
        for path in source.glob(pattern):
            if path.name not in NOT_SHOWN:
                found.update(_said(ast.parse(path.read_text(encoding="utf-8"))))
    for app in REFUSALS:
        for path in (source / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Raise) or _is_problem(node):
                    found.update(_said(node))
    return sorted(found)


def _said(tree: ast.AST) -> Iterator[str]:
    """The sentences under a node: texts of two words or more and f-strings of one, no documentation."""
    passed = _passed_over(tree)
    for node in ast.walk(tree):
        if id(node) in passed:
            continue
        if isinstance(node, ast.JoinedStr):
            yield from _if_said(_with_holes(node), _ONE_WORD)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from _if_said(_numbered(node.value))


def _passed_over(tree: ast.AST) -> set[int]:
    """Documentation, and what is part of something larger."""
    passed: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            passed.add(id(node.value))
        elif isinstance(node, ast.JoinedStr):
            passed.update(id(part) for part in node.values if isinstance(part, ast.Constant))
        elif isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            passed.add(id(node.format_spec))
        elif _is_unsaid(node):
            passed.update(id(each) for each in ast.walk(node))
    return passed


def _is_problem(node: ast.AST) -> bool:
    """What is wrong with an observation, and why a word may not stand in it."""
    if isinstance(node, ast.Call):
        return _name(node.func) == "Problem"
    return isinstance(node, ast.AnnAssign) and _name(node.target) == "WHY"


def _is_unsaid(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return _name(node.func) in UNSAID
    return isinstance(node, ast.Assign) and _name(node.targets[0]) in WORD_LISTS


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _with_holes(node: ast.JoinedStr) -> str:
    parts: list[str] = []
    hole = 0
    for part in node.values:
        if isinstance(part, ast.Constant):
            parts.append(str(part.value))
        else:
            hole += 1
            parts.append(f"{{{hole}}}")
    return "".join(parts)


def _numbered(text: str) -> str:
    """A text that is formatted later, "every {} days", with its holes numbered."""
    holes = iter(range(1, 100))
    return re.sub(r"\{[^{}]*\}", lambda _hole: f"{{{next(holes)}}}", text)


def _if_said(template: str, words: re.Pattern[str] = _TWO_WORDS) -> Iterator[str]:
    still = re.sub(r"\{\d+\}", " ", template)
    if words.search(still) and not _NO_SENTENCE.search(still):
        yield template.strip()

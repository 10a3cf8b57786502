"""Checking a whole case: what is forbidden in it, what it comes to, and which gates are passed.

A value that a file states and the facts do not give is a violation too: what is derived is never set by hand.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from videtur.engines.method.accountability.board import agrees, board, board_as_of, last_day
from videtur.engines.method.calendar_words import wrong_weekdays
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.case_file.nodes import FileProblem
from videtur.engines.method.case_file.reading import Reading
from videtur.engines.method.conflicts import detected
from videtur.engines.method.dates import days_of
from videtur.engines.method.entities.accountability import Statement
from videtur.engines.method.entities.case import ExpectedBoard, VerificationState
from videtur.engines.method.entities.footage import FootageFamily
from videtur.engines.method.entities.verification import CitedObligation, ProvisionMapping
from videtur.engines.method.footage_status import footage_status
from videtur.engines.method.gates import Gate, gates_of
from videtur.engines.method.independence import independent_source_count
from videtur.engines.method.rules.catalogue import violations_of
from videtur.engines.method.standing import flags, standards, tasks, verification


@dataclass(frozen=True, slots=True)
class Found:
    """A violation as `case check` prints it; `line` is that of the entity, or None without a file."""

    rule: str
    where: str
    why: str
    remedy: str
    line: int | None

    def as_json(self) -> dict[str, Any]:
        """The fields by name."""
        return {
            "rule": self.rule,
            "where": self.where,
            "why": self.why,
            "remedy": self.remedy,
            "line": self.line,
        }


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The answer of `case check`."""

    violations: tuple[Found, ...]
    derived: Mapping[str, Any]
    gates: Mapping[str, Any]

    @property
    def passed(self) -> bool:
        """Whether there is no violation."""
        return not self.violations

    def as_json(self) -> dict[str, Any]:
        """The JSON of `case check`."""
        return {
            "violations": [each.as_json() for each in self.violations],
            "derived": dict(self.derived),
            "gates": dict(self.gates),
        }


def check(given: Reading | CaseFile, provisions: Collection[str] | None = None) -> CheckResult:
    """Check a case, or a file as it was read. `provisions` are the ids of the law catalogue, if known."""
    case = given.case if isinstance(given, Reading) else given
    lines: Mapping[str, int] = given.lines if isinstance(given, Reading) else {}
    problems = given.problems if isinstance(given, Reading) else ()
    found: dict[tuple[str, str, str], Found] = {}
    for rule, where, why, remedy in (*_rules(case), *_stated(case), *_provisions(case, provisions)):
        found.setdefault((rule, where, why), Found(rule, where, why, remedy, _line(lines, where)))
    return CheckResult(
        (*(_of_file(problem) for problem in problems), *found.values()),
        derived(case),
        {gate.finding: gate_as_json(gate) for gate in gates_of(case)},
    )


def _line(lines: Mapping[str, int], where: str) -> int | None:
    """The line of the first reference that a place names."""
    names = (where, *where.replace(",", " ").split())
    return next((lines[name] for name in names if name in lines), None)


def _of_file(problem: FileProblem) -> Found:
    return Found(problem.rule, problem.where, problem.what, problem.hint, problem.line or None)


def gate_as_json(gate: Gate) -> dict[str, Any]:
    """A gate with each of its conditions."""
    return {
        "standard": gate.standard,
        "passed": gate.passed,
        "conditions": [
            {
                "id": each.id,
                "sentence": each.sentence,
                "met": each.met,
                "missing": each.missing,
                "remedy": each.remedy,
                "house_rule": each.house_rule,
            }
            for each in gate.conditions
        ],
    }


def boards(case: CaseFile) -> dict[str, Any]:
    """The board of each day for which the case says what it expects, and of the case's own moment."""
    own = board_as_of(case)
    found = {own.on: own} if own is not None else {}
    for expected in case.all(ExpectedBoard):
        day = days_of(expected.date).latest
        if day is not None:
            found[day] = board(case, day)
    return {day.isoformat(): found[day].as_json() for day in sorted(found)}


def _flags(case: CaseFile) -> dict[str, list[str]]:
    own, day = board_as_of(case), last_day(case)
    if own is None:
        return flags(board(case, day)) if day else {}
    return flags(own)


def derived(case: CaseFile) -> dict[str, Any]:
    """Everything that a case comes to by itself."""
    whole = verification(case)
    return {
        "footage_status": {name: footage_status(case, name) for name in case.named(FootageFamily)},
        "independent_source_count": {name: _count(case, name) for name in case.named(FootageFamily)},
        "verification_state": {
            "overall": whole.overall,
            "standard": whole.standard,
            "findings": list(whole.findings),
        },
        "standards": standards(case),
        "board": boards(case),
        "conflicts": [each.as_json() for each in detected(case)],
        "tasks": [{"id": each.id, "about": each.about, "sentence": each.sentence} for each in tasks(case)],
        "flags": _flags(case),
    }


def _count(case: CaseFile, family: str) -> int | str:
    count = independent_source_count(case, family)
    return "unknown" if count is None else count


_Row = tuple[str, str, str, str]


def _rules(case: CaseFile) -> Iterator[_Row]:
    for each in violations_of(case):
        yield each.rule, each.where, each.why, each.remedy


def _stated(case: CaseFile) -> Iterator[_Row]:
    """What the file states and the facts do not give; what the rules already say is left to them."""
    yield from _stated_verification(case)
    yield from _stated_boards(case)
    for wrong in wrong_weekdays(case):
        yield "calendar", wrong.where, wrong.why, "Look at the weekday, the date and the day it counts from"


def _stated_verification(case: CaseFile) -> Iterator[_Row]:
    """Status and findings of the whole; a standard too high has a rule of its own, too low is cautious."""
    state = case.one(VerificationState)
    if state is None:
        return
    whole = verification(case)
    left_out = sorted(set(whole.findings) - set(state.findings))
    if state.overall != whole.overall:
        why = f"overall is written as {state.overall}, and the footage gives {whole.overall}"
        yield "verification_state", "verification_state", why, f"Write {whole.overall}"
    if left_out and "findings" in state.model_fields_set:
        why = f"findings leaves out {', '.join(left_out)}, which is approved"
        yield "verification_state", "verification_state", why, f"Add {', '.join(left_out)}"


def _stated_boards(case: CaseFile) -> Iterator[_Row]:
    for name, expected in case.named(ExpectedBoard).items():
        day = days_of(expected.date).latest
        if day is None:
            yield "board", name, "the board has no day", "Give the day of the board"
            continue
        for difference in agrees(expected.board, board(case, day).as_json()):
            yield "board", name, difference, "Look at the statements, actions and follow-ups up to that day"


def _provisions(case: CaseFile, known: Collection[str] | None) -> Iterator[_Row]:
    if known is None:
        return
    for kind in (CitedObligation, ProvisionMapping):
        for name, each in case.named(kind).items():
            if each.provision not in known:
                yield from _unknown(name, each.provision)
    for name, statement in case.named(Statement).items():
        for provision in statement.provisions:
            if provision not in known:
                yield from _unknown(name, provision)


def _unknown(where: str, provision: str) -> Iterator[_Row]:
    yield "provision", where, f"{provision!r} is not in the catalogue of law", "Name it as the catalogue does"

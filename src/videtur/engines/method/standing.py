"""What a case comes to by itself: the statuses, standards, flags and tasks that nobody sets by hand."""

from collections.abc import Iterator
from dataclasses import dataclass

from videtur.engines.method import vocabulary
from videtur.engines.method.accountability.board import Board
from videtur.engines.method.accountability.readings import readings_of
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.comment import ASKED, party_named
from videtur.engines.method.conflicts import detected
from videtur.engines.method.entities.accountability import RequestForComment
from videtur.engines.method.entities.case import Allegation, SymmetryGroup
from videtur.engines.method.entities.footage import FootageFamily
from videtur.engines.method.entities.verification import Finding
from videtur.engines.method.footage_status import footage_status
from videtur.engines.method.gates import standard_carried

_STAGES = (
    "received",
    "preserved",
    "in_process",
    "partly_verified",
    "inconclusive",
    "false_context",
    "manipulated",
    "staged_established",
    "verified",
)
"""From the least to the most that can be said; footage that somebody withdrew is left out of the whole."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something that stays to be done until somebody does it."""

    id: str
    about: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Verification:
    """Where the verification of a whole case stands."""

    overall: str
    standard: str
    findings: tuple[str, ...]


def verification(case: CaseFile) -> Verification:
    """The whole goes no further than its least examined footage; the standard is the highest one carried."""
    statuses = {footage_status(case, name) for name in case.named(FootageFamily)}
    overall = next((stage for stage in _STAGES if stage in statuses), "received")
    approved = tuple(name for name, each in case.named(Finding).items() if each.status == "approved")
    standards = [standard_carried(case, name) for name in case.named(Allegation)]
    return Verification(overall, max(standards, key=vocabulary.rank_of_standard, default="none"), approved)


def standards(case: CaseFile) -> dict[str, str]:
    """For each allegation the standard that an approved finding carries."""
    return {name: standard_carried(case, name) for name in case.named(Allegation)}


def flags(board: Board) -> dict[str, list[str]]:
    """What stands beside the status of a commitment: contradicted, stale, withdrawn."""
    return {each.reference: list(each.flags) for each in board.commitments if each.flags}


def was_asked(case: CaseFile, party: str) -> bool:
    """Whether a request for comment to that party has left the house."""
    return any(
        each.status in ASKED and party_named(case, each.to) == party for each in case.all(RequestForComment)
    )


def tasks(case: CaseFile) -> tuple[Task, ...]:
    """What stands to be done: footage not yet identified, a party not asked, things to record or decide."""
    return tuple(_tasks(case))


def _tasks(case: CaseFile) -> Iterator[Task]:
    for name, family in case.named(FootageFamily).items():
        if family.kind == "placeholder_set" and not family.described and family.set_status is None:
            yield Task(f"identify {name}", name, f"Identify {name}, describe it, and take it in")
    grouped = {name for group in case.all(SymmetryGroup) for name in group.allegations}
    alleged = {each.against for name, each in case.named(Allegation).items() if name in grouped}
    for party in sorted(alleged):
        if not was_asked(case, party):
            sentence = f"Ask {party} for comment, as every party with an allegation against it is asked"
            yield Task(f"ask {party} for comment", party, sentence)
    for conflict in detected(case):
        if conflict.recorded is None:
            between = " and ".join(conflict.between)
            yield Task(
                f"record conflict {between}", conflict.between[0], f"{conflict.why}: record the conflict"
            )
    for reading in readings_of(case):
        if reading.accepted_by is None:
            sentence = f'{reading.follow_up} says "{reading.words}": decide what it changes for {reading.on}'
            yield Task(f"decide {reading.follow_up} on {reading.on}", reading.follow_up, sentence)

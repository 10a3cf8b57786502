"""The board: where every call and commitment stood at the end of a day, and what each status rests on.

It is worked out by replaying what was said, done and learnt up to that day. A status that a case file writes
down counts from the file's own day (`as_of`); with no such day, from the day of the call or commitment. What
happened within a span of days counts from the last of them, since before that it may not have happened yet.
A board is of the end of a day: that of 28 March 2022 has the answers of that day, although the article of
that afternoon could not know them. `board_as_of` leaves those out and gives what the file itself states.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from videtur.engines.method.accountability.effects import (
    SIDE_STATES,
    Change,
    StatedByOther,
    changes,
    said_by_a_side,
    stated_by_others,
)
from videtur.engines.method.accountability.lifecycles import CALL, COMMITMENT
from videtur.engines.method.accountability.sides import concern_the_same
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.dates import days_of
from videtur.engines.method.entities.accountability import Call, Commitment
from videtur.engines.method.entities.verification import Claim, LaterClaim
from videtur.engines.method.house_rules import house_rules

DENYING = ("staged_claim",)
"""Kinds of statement that contradict the same side's promise to investigate (domain model, section 9)."""


@dataclass(frozen=True, slots=True)
class AddresseeOnBoard:
    """Where a call stands with one addressee."""

    party: str
    status: str
    basis: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class CallOnBoard:
    """A call; addressees in alphabetical order."""

    reference: str
    date: str | None
    addressees: tuple[AddresseeOnBoard, ...]

    @property
    def satisfied(self) -> bool:
        """Whether every addressee has done what was asked."""
        return bool(self.addressees) and all(each.status == "satisfied" for each in self.addressees)

    def as_json(self) -> dict[str, Any]:
        """A status for each addressee, whether all is satisfied, and the basis."""
        statuses: dict[str, Any] = {each.party: each.status for each in self.addressees}
        basis = {each.party: [change.as_json() for change in each.basis] for each in self.addressees}
        return {**statuses, "satisfied": self.satisfied, "basis": basis}


@dataclass(frozen=True, slots=True)
class CommitmentOnBoard:
    """A commitment: how far it came, its outcome, and what stands beside that."""

    reference: str
    by: str
    status: str
    outcome: str
    flags: tuple[str, ...]
    """Side states that hold beside the status: contradicted_by_same_side, stale, withdrawn."""
    contradicted_by: tuple[str, ...]
    confirmed: bool
    """False while the status rests on a reading by rule that nobody has accepted."""
    last_evidence: date | None
    follow_ups_due: tuple[date, ...]
    """The days of follow-up that have come."""
    basis: tuple[Change, ...]

    def as_json(self) -> dict[str, Any]:
        """Status, outcome, flags and the basis."""
        return {
            "status": self.status,
            "outcome": self.outcome,
            "flags": list(self.flags),
            "contradicted_by": list(self.contradicted_by),
            "confirmed": self.confirmed,
            "last_evidence": self.last_evidence.isoformat() if self.last_evidence else None,
            "follow_ups_due": [day.isoformat() for day in self.follow_ups_due],
            "basis": [change.as_json() for change in self.basis],
        }


@dataclass(frozen=True, slots=True)
class Board:
    """All calls and commitments made by the end of a day."""

    on: date
    calls: tuple[CallOnBoard, ...]
    commitments: tuple[CommitmentOnBoard, ...]
    stated_by_others: tuple[StatedByOther, ...]

    def as_json(self) -> dict[str, Any]:
        """Calls and commitments by reference, as an expected board has them; then what others stated."""
        return {
            **{call.reference: call.as_json() for call in self.calls},
            **{commitment.reference: commitment.as_json() for commitment in self.commitments},
            "stated_by_others": [each.as_json() for each in self.stated_by_others],
        }


def board(case: CaseFile, on: date, *, as_the_case_opened: bool = False) -> Board:
    """The board at the end of a day. What was not yet issued or announced is not on it.

    With `as_the_case_opened`, claims of that very day that the file lists as made afterwards are left out.
    """
    later = _claims_afterwards(case, on) if as_the_case_opened else frozenset[str]()
    known = tuple(each for each in changes(case) if each.source not in later)
    return Board(
        on,
        tuple(
            _call(case, name, call, known, on)
            for name, call in case.named(Call).items()
            if _begun(call.date, on)
        ),
        tuple(
            _commitment(case, name, commitment, known, on, later)
            for name, commitment in case.named(Commitment).items()
            if _begun(commitment.announced, on)
        ),
        tuple(each for each in stated_by_others(case) if _begun(each.date, on)),
    )


def board_as_of(case: CaseFile) -> Board | None:
    """The board at the case's own moment: of its day, without what came after it on that day."""
    day = days_of(case.as_of).latest if case.as_of else None
    return board(case, day, as_the_case_opened="T" in str(case.as_of)) if day else None


def _claims_afterwards(case: CaseFile, on: date) -> frozenset[str]:
    later = case.named(LaterClaim).items()
    return frozenset(name for name, claim in later if days_of(claim.date).latest == on)


def last_day(case: CaseFile) -> date | None:
    """The last day of which a case says anything about a call or commitment."""
    begun = [
        *(days_of(call.date).latest for call in case.all(Call) if call.date is not None),
        *(days_of(commitment.announced).latest for commitment in case.all(Commitment)),
    ]
    return max(filter(None, (*begun, *(each.latest for each in changes(case)))), default=None)


def _begun(edtf: str | None, on: date) -> bool:
    if edtf is None:
        return True
    latest = days_of(edtf).latest
    return latest is not None and latest <= on


def _recorded_from(case: CaseFile, begun: str | None) -> date | None:
    """From which day a status that stands in the case counts: its `as_of`, or the beginning."""
    own = days_of(begun).latest if begun else None
    as_of = days_of(case.as_of).latest if case.as_of else None
    return max(filter(None, (own, as_of)), default=None)


def _recorded(
    case: CaseFile, on: str, party: str | None, status: str, begun: str | None, known: tuple[Change, ...]
) -> Change | None:
    """The status as it stands in the case, unless an event that gives it comes with its own day."""
    if any(each.on == on and each.party in (party, None) and each.becomes == status for each in known):
        return None
    day = _recorded_from(case, begun)
    return Change(on, party, status, None, day, day, on, "recorded", True, "As recorded in the case")


def _by(events: Iterable[Change], on: date) -> list[Change]:
    """The events known at the end of a day, in order; a person's act comes last on its day."""
    known = [each for each in events if each.latest is None or each.latest <= on]
    return sorted(known, key=lambda each: (each.latest or date.min, each.kind == "action"))


def _call(case: CaseFile, name: str, call: Call, known: tuple[Change, ...], on: date) -> CallOnBoard:
    addressees: list[AddresseeOnBoard] = []
    issued = days_of(call.date).latest if call.date else None
    for party in sorted(call.to):
        stored = call.status.get(party, "issued" if call.date else "drafted")
        begin = "issued" if call.date and stored not in ("drafted", "approved") else stored
        why = "Issued on its date" if begin == "issued" else "As recorded in the case"
        events = [each for each in known if each.on == name and each.party in (party, None)]
        recorded = _recorded(case, name, party, stored, call.date, known)
        if stored != begin and recorded is not None:
            events.append(recorded)
        status = begin
        basis = [Change(name, party, begin, None, issued, issued, name, "recorded", True, why)]
        for each in _by(events, on):
            if each.becomes is not None and _moves_call(status, each):
                status = each.becomes
                basis.append(each)
        addressees.append(AddresseeOnBoard(party, status, tuple(basis)))
    return CallOnBoard(name, call.date, tuple(addressees))


def _moves_call(status: str, change: Change) -> bool:
    """What people recorded counts as it is; what a rule reads takes only a step that exists."""
    if change.kind in ("action", "effect", "recorded"):
        return change.becomes != status
    return CALL.step(status, change.becomes or "") is not None


def _commitment(
    case: CaseFile,
    name: str,
    commitment: Commitment,
    known: tuple[Change, ...],
    on: date,
    later: frozenset[str],
) -> CommitmentOnBoard:
    announced = days_of(commitment.announced).latest
    first = Change(
        name, None, "announced", None, announced, announced, name, "recorded", True, "Announced on its date"
    )
    events = [*(each for each in known if each.on == name), *_own_record(case, name, commitment, known)]
    status, outcome, confirmed, basis = "announced", "unknown", True, [first]
    flags: set[str] = set()
    for each in _by(events, on):
        used = False
        if each.becomes in SIDE_STATES:
            flags.add(str(each.becomes))
            used = True
        elif each.becomes is not None and _moves_commitment(status, each):
            status, confirmed, used = each.becomes, each.confirmed, True
            flags -= {"stale"}
        if each.outcome is not None:
            outcome, used = each.outcome, True
        if used or each.becomes == status:
            basis.append(each)
    contradicted = tuple(each for each in contradictions(case, commitment, on) if each not in later)
    last = max(filter(None, (each.latest for each in basis)), default=None)
    if contradicted:
        flags.add("contradicted_by_same_side")
    if _stale(case, status, last, on) and "withdrawn" not in flags:
        flags.add("stale")
    due = (days_of(each).latest for each in commitment.follow_up_due)
    return CommitmentOnBoard(
        reference=name,
        by=commitment.by,
        status=status,
        outcome=outcome,
        flags=tuple(flag for flag in SIDE_STATES if flag in flags),
        contradicted_by=contradicted,
        confirmed=confirmed,
        last_evidence=last,
        follow_ups_due=tuple(day for day in due if day is not None and day <= on),
        basis=tuple(basis),
    )


def _moves_commitment(status: str, change: Change) -> bool:
    if change.kind in ("action", "effect", "recorded"):
        return change.becomes != status
    return COMMITMENT.step(status, change.becomes or "") is not None


def _own_record(case: CaseFile, name: str, commitment: Commitment, known: tuple[Change, ...]) -> list[Change]:
    """What the commitment's own entry says: its legal step, its status and its outcome."""
    found: list[Change] = []
    step = commitment.legal_step
    if step is not None and (step.number or step.notice):
        day = days_of(step.date).latest if step.date else _recorded_from(case, commitment.announced)
        why = f"{step.authority}, {step.number or step.notice}"
        found.append(Change(name, None, "legal_step_evidenced", None, day, day, name, "recorded", True, why))
    stored = commitment.status
    recorded = _recorded(case, name, None, stored, commitment.announced, known)
    if stored != "announced" and recorded is not None:
        found.append(recorded)
    if commitment.outcome is not None:
        day = _recorded_from(case, commitment.announced)
        found.append(
            Change(name, None, None, commitment.outcome, day, day, name, "recorded", True, "As recorded")
        )
    return found


def contradictions(case: CaseFile, commitment: Commitment, on: date) -> tuple[str, ...]:
    """What the same side said, up to a day, that calls staged what it promised to investigate."""
    return tuple(
        reference
        for reference, said, side in said_by_a_side(case)
        if side == commitment.by
        and said.kind in DENYING
        and _begun(said.date, on)
        and concern_the_same(
            case,
            said.about if isinstance(said, Claim) else next(iter(said.about), None),
            commitment.about,
        )
    )


def _stale(case: CaseFile, status: str, last: date | None, on: date) -> bool:
    if status == "outcome_reported" or last is None:
        return False
    return on - last > timedelta(days=house_rules(case).stale_after_days)


def agrees(expected: dict[str, dict[str, Any]], found: dict[str, Any]) -> tuple[str, ...]:
    """Where a written board differs from the derived one, in words; notes are not compared."""
    out: list[str] = []
    for name, fields in expected.items():
        derived = found.get(name)
        if derived is None:
            out.append(f"{name} is not on the board of that day")
            continue
        for field, value in fields.items():
            if field != "note" and derived.get(field) != value:
                out.append(
                    f"{name}.{field} is written as {value!r}, and the facts give {derived.get(field)!r}"
                )
    return tuple(out)

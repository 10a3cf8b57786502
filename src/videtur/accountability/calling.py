"""Calls: what one body asks of parties, with the same text for all of them, and a status for each."""

from collections.abc import Iterable

from videtur.accountability.steps import action, given_needs, require_step, today
from videtur.cases.access import get_visible
from videtur.cases.case_file import case_file_of
from videtur.cases.entities import Written, put_all
from videtur.cases.models import Case
from videtur.cases.revision import revised
from videtur.cases.saving import save
from videtur.engines.method.entities.accountability import Action, Call
from videtur.engines.method.entities.base import Entity
from videtur.errors import WrongUsage
from videtur.ledger.services import exclusively
from videtur.people.models import User

START = "drafted"


def draft_call(user: User, case: Case, call: Call) -> Call:
    """Write a call down. It stands at drafted for each addressee until somebody approves it."""
    drafted = revised(call, status=None, date=None)
    save(user, case, drafted)
    return drafted


def approve_call(user: User, case: Case, call: str) -> Call:
    """Approve a call for all of its addressees."""
    return _move_all(user, case, call, "approved", "The call is approved for all addressees", None)


def issue_call(user: User, case: Case, call: str, date: str = "") -> Call:
    """Send a call to all of its addressees on one day, so that none of them is asked alone."""
    return _move_all(user, case, call, "issued", "The call is issued to all addressees", date or today())


def move_call(
    user: User,
    case: Case,
    call: str,
    party: str,
    status: str,
    because: str,
    evidence: str | None = None,
    date: str | None = None,
) -> Call:
    """Record what one addressee did with a call."""
    with exclusively():
        present = get_visible(user, case, Call, call)
        if party not in present.to:
            raise WrongUsage(
                f"{call} is not addressed to {party}", remedy=f"Use one of: {', '.join(present.to)}"
            )
        before = present.status.get(party, START)
        needs = given_needs(
            because=because.strip(), evidence=evidence, date=date or today(), text=_has_text(present, [party])
        )
        require_step(user, case, "call", f"{call} {party}", before, status, needs)
        moved = revised(present, status={**present.status, party: status})
        if status == "issued" and present.date is None:
            moved = revised(moved, date=date or today())
        told = action(
            user, case_file_of(case), call, status, because.strip(), party=party, evidence=evidence, date=date
        )
        put_all(user.actor, case, "accountability.call.moved", [Written(moved), Written(told)])
    return moved


def _move_all(user: User, case: Case, call: str, status: str, because: str, date: str | None) -> Call:
    with exclusively():
        whole, present = case_file_of(case), get_visible(user, case, Call, call)
        told: list[Action] = []
        for party in sorted(present.to):
            before = present.status.get(party, START)
            needs = given_needs(because=because, date=date, text=_has_text(present, present.to))
            require_step(user, case, "call", f"{call} {party}", before, status, needs)
            told.append(action(user, whole, call, status, because, party=party, date=date))
            whole = whole.with_entity(told[-1])
        moved = revised(present, status=dict.fromkeys(present.to, status))
        if date is not None:
            moved = revised(moved, date=date)
        written: list[Entity] = [moved, *told]
        put_all(user.actor, case, f"accountability.call.{status}", map(Written, written))
    return moved


def _has_text(call: Call, parties: Iterable[str]) -> bool:
    """What it asks, from which its text is made the same for all; or a text for each."""
    return bool(call.asks) or all(call.texts.get(party) for party in parties)

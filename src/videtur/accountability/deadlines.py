"""Deadlines. Nothing overdue closes itself: a person does, and says why."""

from datetime import UTC, datetime

from videtur.cases.access import case_file_for
from videtur.cases.case_file import case_file_of
from videtur.cases.entities import Written, put_all
from videtur.cases.models import Case
from videtur.cases.reasons import required
from videtur.cases.revision import next_name, now, revised
from videtur.cases.roles import ANALYSTS
from videtur.cases.rules import require_role
from videtur.engines.method.deadlines import Due, deadlines_of
from videtur.engines.method.entities.accountability import Deadline
from videtur.errors import WrongUsage
from videtur.ledger.services import exclusively
from videtur.people.models import User

_CLOSING = ANALYSTS | {"case_lead", "arbiter", "publication_approver"}


def name_of(due: Due) -> str:
    """The name by which a deadline is closed: its own, or what is due when, where a rule gives it."""
    return due.recorded or f"{due.about}/{due.kind}/{due.due.isoformat()}"


def close_deadline(user: User, case: Case, deadline: str, because: str) -> Deadline:
    """Close a deadline. One that a rule gives is recorded with its closing."""
    require_role(user, case, _CLOSING, "close a deadline")
    reason = required(because, "Closing a deadline needs a reason")
    with exclusively():
        dues = deadlines_of(case_file_for(user, case), datetime.now(UTC))
        found = next((due for due in dues if name_of(due) == deadline), None)
        if found is None:
            raise WrongUsage(f"Nothing is due by the name {deadline!r}", remedy="See: videtur case due NAME")
        if found.done is not None:
            raise WrongUsage("It is closed already", found.done)
        whole = case_file_of(case)
        present = whole.get(Deadline, found.recorded) or Deadline(
            id=next_name("DL", whole.references),
            about=found.about,
            kind=found.kind,
            due=found.due.isoformat(),
        )
        closed = revised(present, done=now(), done_because=reason)
        put_all(user.actor, case, "accountability.deadline.closed", [Written(closed)])
    return closed

"""What was said and what came to be known later, and a person's word on what it changes."""

from collections.abc import Mapping
from typing import Any

from videtur.cases.access import get_visible, person_of
from videtur.cases.case_file import case_file_of
from videtur.cases.entities import Written, put_all
from videtur.cases.models import Case
from videtur.cases.reasons import required
from videtur.cases.revision import next_name, now, revised
from videtur.cases.roles import ANALYSTS
from videtur.cases.rules import require_role
from videtur.cases.saving import save
from videtur.engines.method.entities.accountability import Correction, FollowUp, Statement
from videtur.errors import WrongUsage
from videtur.ledger.services import exclusively
from videtur.people.models import User

_READING = ANALYSTS | {"case_lead", "legal_reviewer"}


def record_statement(user: User, case: Case, statement: Statement) -> Statement:
    """Record what a body said, by the role of its speaker."""
    save(user, case, statement)
    return statement


def add_follow_up(user: User, case: Case, follow_up: FollowUp) -> FollowUp:
    """Record a later fact. What it changes is a reading, for a person to accept."""
    with exclusively():
        name = next_name(FollowUp.prefix, case_file_of(case).references)
        save(user, case, follow_up, name)
    return follow_up


def accept_reading(user: User, case: Case, follow_up: str, effect: Mapping[str, Any]) -> FollowUp:
    """Say what a later fact changes; an empty effect says that it changes nothing here."""
    require_role(user, case, _READING, "accept a reading")
    with exclusively():
        present = get_visible(user, case, FollowUp, follow_up)
        whole = case_file_of(case)
        for name in effect:
            if whole.find(name.partition(".")[0]) is None:
                raise WrongUsage(f"{name!r} is not in the case", remedy="Name a call, promise or allegation")
        accepted = revised(present, effect=dict(effect), reading_accepted_by=person_of(user))
        put_all(user.actor, case, "accountability.reading.accepted", [Written(accepted, follow_up)])
    return accepted


def close_correction(user: User, case: Case, correction: str, how: str) -> Correction:
    """Say how something that left the house was put right."""
    require_role(user, case, {"case_lead", "publication_approver"}, "close a correction")
    with exclusively():
        present = get_visible(user, case, Correction, correction)
        if present.closed:
            raise WrongUsage(f"{correction} is closed already")
        closed = revised(
            present, closed=now(), how=required(how, "A correction needs to say how it was made")
        )
        put_all(user.actor, case, "accountability.correction.closed", [Written(closed)])
    return closed

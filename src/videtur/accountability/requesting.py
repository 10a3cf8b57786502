"""Requests for comment: asked before publication, with time to answer, and what the answer was."""

from datetime import UTC, datetime

from videtur.accountability.steps import action, given_needs, require_step, today
from videtur.cases.access import get_visible
from videtur.cases.case_file import case_file_of
from videtur.cases.entities import Written, put_all
from videtur.cases.models import Case
from videtur.cases.revision import revised
from videtur.cases.saving import save
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.deadlines import comment_due, work_calendar
from videtur.engines.method.entities.accountability import RequestForComment
from videtur.engines.method.entities.publication import Release
from videtur.engines.method.house_rules import house_rules
from videtur.ledger.services import exclusively
from videtur.people.models import User

_ANSWERS = ("answered_full", "answered_part", "answered_off_point", "declined", "late_reply")


def draft_request(user: User, case: Case, request: RequestForComment) -> RequestForComment:
    """Write a request down."""
    save(user, case, request)
    return request


def move_request(
    user: User,
    case: Case,
    request: str,
    status: str,
    because: str,
    date: str | None = None,
    reply_gist: str = "",
    evidence: str | None = None,
) -> RequestForComment:
    """Record a step of a request. Sending one without a deadline gives it that of the house rules."""
    with exclusively():
        whole, present = case_file_of(case), get_visible(user, case, RequestForComment, request)
        moved = revised(present, status=status)
        if status == "sent":
            moved = _sent(whole, moved, date or today())
        if status in _ANSWERS:
            moved = revised(moved, replied=date or today())
            if reply_gist.strip():
                moved = revised(moved, reply_gist=reply_gist.strip())
        if status == "not_sought_with_reason":
            moved = revised(moved, reason=because.strip() or None)
        shown = evidence or next(
            (name for name, release in whole.named(Release).items() if request in release.comment), None
        )
        needs = given_needs(
            because=because.strip(),
            date=date or today(),
            evidence=shown,
            text=_may_be_answered(moved),
            deadline=moved.deadline,
            reply=moved.reply_gist or moved.reply,
            deadline_passed=moved.deadline and datetime.fromisoformat(moved.deadline) < datetime.now(UTC),
        )
        require_step(user, case, "request", request, present.status, status, needs)
        told = action(user, whole, request, status, because.strip(), evidence=evidence, date=date)
        put_all(user.actor, case, "accountability.request.moved", [Written(moved), Written(told)])
    return moved


def _sent(whole: CaseFile, request: RequestForComment, date: str) -> RequestForComment:
    sent = revised(request, sent=date)
    rules = house_rules(whole)
    found = comment_due(whole, sent, rules, work_calendar(rules, sent.time_zone))
    if sent.deadline is not None or found is None:
        return sent
    return revised(sent, deadline=found[0].isoformat(timespec="seconds"))


def _may_be_answered(request: RequestForComment) -> bool:
    """Whether it says enough to answer, and gives away neither a source nor an unmasked picture."""
    return bool(request.text or request.about) and not (request.unredacted_image or request.source_identity)

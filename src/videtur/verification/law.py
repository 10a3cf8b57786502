"""Provisions as candidates and what a legal reviewer makes of them; conflicts and what explains them."""

from videtur.cases.access import get_visible, person_of
from videtur.cases.case_file import case_file_of
from videtur.cases.entities import ForbiddenState, Written, put_all
from videtur.cases.models import Case
from videtur.cases.reasons import required
from videtur.cases.revision import now, revised
from videtur.cases.roles import ANALYSTS
from videtur.cases.rules import require_role
from videtur.engines.method.entities.verification import Conflict, Finding, ProvisionMapping
from videtur.engines.method.rules.rule import Violation
from videtur.errors import WrongUsage
from videtur.ledger.services import exclusively
from videtur.people.models import User
from videtur.verification.separation import refuse_barred

_DECISIONS = ("facts_supported", "legal_review_passed", "rejected")
_SETTLED = ("explained_by_versions", "explained_by_translation", "resolved", "irreducible_reported")


def map_provision(user: User, case: Case, mapping: ProvisionMapping) -> ProvisionMapping:
    """Put a provision beside a finding or an allegation as a candidate, with the facts that it needs."""
    require_role(user, case, ANALYSTS | {"case_lead", "legal_reviewer"}, "map provisions")
    with exclusively():
        present = case_file_of(case).find(mapping.id)
        if present is not None and not isinstance(present, ProvisionMapping):
            raise WrongUsage(f"{mapping.id!r} is the name of something else", remedy="Choose another")
        if present is not None and present.status != "candidate":
            raise WrongUsage(f"{mapping.id} is decided", remedy="Map the provision anew under another name")
        candidate = revised(mapping, status="candidate", by=None, reason=None, at=None)
        put_all(user.actor, case, "verification.mapping.proposed", [Written(candidate)])
    return candidate


def decide_mapping(user: User, case: Case, mapping: str, status: str, reason: str) -> ProvisionMapping:
    """A legal reviewer's reasoned word on a candidate."""
    require_role(user, case, {"legal_reviewer"}, "decide on a mapping")
    if status not in _DECISIONS:
        raise WrongUsage(f"{status!r} is no decision", remedy=f"Use one of: {', '.join(_DECISIONS)}")
    person = person_of(user)
    with exclusively():
        whole, present = case_file_of(case), get_visible(user, case, ProvisionMapping, mapping)
        refuse_barred(whole, person, "legal_reviewer", present.of)
        if status != "rejected":
            _refuse_unmet(whole.get(Finding, present.of), present, status)
        decided = revised(
            present, status=status, by=person, reason=required(reason, "A decision needs a reason"), at=now()
        )
        put_all(user.actor, case, "verification.mapping.decided", [Written(decided)])
    return decided


def settle_conflict(user: User, case: Case, conflict: str, status: str, result: str) -> Conflict:
    """Say what explains a conflict, that it is resolved, or that it cannot be and is reported so."""
    require_role(user, case, ANALYSTS | {"arbiter", "case_lead"}, "settle a conflict")
    if status not in (*_SETTLED, "open"):
        raise WrongUsage(f"{status!r} settles nothing", remedy=f"Use one of: {', '.join(_SETTLED)}")
    with exclusively():
        present = get_visible(user, case, Conflict, conflict)
        settled = revised(
            present,
            status=status,
            result=required(result, "It needs what was found"),
            found_by=present.found_by,
        )
        verb = "reopened" if status == "open" else "settled"
        put_all(user.actor, case, f"verification.conflict.{verb}", [Written(settled)])
    return settled


def _refuse_unmet(finding: Finding | None, mapping: ProvisionMapping, status: str) -> None:
    missing = [
        Violation(
            "F12",
            f"{mapping.id} {mapping.provision}",
            f"The provision needs a fact that is not shown: {each.need}",
            "Name evidence for it, or reject the candidate",
        )
        for each in mapping.needs
        if each.met != "yes"
    ]
    if status == "legal_review_passed" and (finding is None or finding.status != "approved"):
        missing.append(
            Violation(
                "F12",
                f"{mapping.id} {mapping.of}",
                "There is no approved finding under it",
                "Map the provision to a finding, and have that approved first",
            )
        )
    if missing:
        raise ForbiddenState(missing)

"""Findings: drafted, weighed, reviewed, and approved through the gate or not at all."""

from videtur.cases.access import get_visible, person_of
from videtur.cases.case_file import case_file_of
from videtur.cases.consequences import raised
from videtur.cases.entities import ForbiddenState, Written, put_all
from videtur.cases.models import Case
from videtur.cases.reasons import required
from videtur.cases.revision import next_name, now, revised
from videtur.cases.roles import ANALYSTS
from videtur.cases.rules import require_role
from videtur.cases.saving import save
from videtur.engines.method.entities.base import Entity
from videtur.engines.method.entities.verification import Finding, Hypothesis, Weighed
from videtur.engines.method.gates import gate
from videtur.engines.method.rules.rule import Violation
from videtur.errors import WrongUsage
from videtur.ledger.services import exclusively
from videtur.people.models import User
from videtur.verification.separation import refuse_barred, refuse_conflict_of_interest

_WORKING = ANALYSTS | {"case_lead"}
_WEIGHING = _WORKING | {"arbiter", "medical_expert", "weapons_expert", "linguist"}


def draft_finding(user: User, case: Case, finding: Finding) -> Finding:
    """Write down a finding to be reviewed; its status begins at drafted."""
    save(user, case, finding)
    return finding


def weigh(user: User, case: Case, hypothesis: str, evidence: str, why: str, favours: bool) -> Hypothesis:
    """Put a piece of evidence for or against a hypothesis; it moves there if it stood on the other side."""
    require_role(user, case, _WEIGHING, "weigh evidence")
    with exclusively():
        present = get_visible(user, case, Hypothesis, hypothesis)
        weighed = Weighed(evidence=evidence, why=required(why, "Weighing needs a reason"))
        sides = {
            "evidence_for": [each for each in present.evidence_for if each.evidence != evidence],
            "evidence_against": [each for each in present.evidence_against if each.evidence != evidence],
        }
        sides["evidence_for" if favours else "evidence_against"].append(weighed)
        changed = revised(
            present,
            examined=True,
            **{name: [each.as_json() for each in side] for name, side in sides.items()},
        )
        put_all(user.actor, case, "verification.hypothesis.weighed", [Written(changed, hypothesis)])
    return changed


def start_review_of_finding(user: User, case: Case, finding: str) -> Finding:
    """Hand a drafted finding to its reviewers."""
    require_role(user, case, _WORKING, "hand a finding to review")
    return _move(user, case, finding, ("drafted", "rejected"), "under_review", "review_started", because=None)


def sign_as_legal_reviewer(user: User, case: Case, finding: str) -> Finding:
    """Put one's name to a finding as its legal reviewer, who is no analyst on it."""
    require_role(user, case, {"legal_reviewer"}, "sign as legal reviewer")
    person = person_of(user)
    with exclusively():
        whole, present = case_file_of(case), get_visible(user, case, Finding, finding)
        refuse_barred(whole, person, "legal_reviewer", finding)
        refuse_conflict_of_interest(whole, person, finding)
        signed = revised(present, legal_reviewer=person)
        put_all(user.actor, case, "verification.finding.legally_reviewed", [Written(signed, finding)])
    return signed


def approve_finding(user: User, case: Case, finding: str) -> Finding:
    """Approve a finding at its standard. Raises ForbiddenState with each condition that is not met."""
    require_role(user, case, {"publication_approver"}, "approve a finding")
    person = person_of(user)
    with exclusively():
        whole, present = case_file_of(case), get_visible(user, case, Finding, finding)
        if present.status not in ("drafted", "under_review"):
            raise WrongUsage(
                f"{finding} is {present.status.replace('_', ' ')}", remedy="Start its review again"
            )
        refuse_barred(whole, person, "publication_approver", finding)
        refuse_conflict_of_interest(whole, person, finding)
        approved = revised(present, status="approved", approver=person, at=now(), because=None)
        after = whole.with_entity(approved, finding)
        judged = gate(after, finding)
        if not judged.passed:
            raise ForbiddenState(
                [
                    Violation(f"gate {each.id}", finding, each.missing, each.remedy)
                    for each in judged.conditions
                    if not each.met
                ]
            )
        written: list[Entity] = [approved, *raised(after, approved.allegation)]
        put_all(user.actor, case, "verification.finding.approved", map(Written, written))
    return approved


def reject_finding(user: User, case: Case, finding: str, because: str) -> Finding:
    """Decline to make a finding, with the reason."""
    require_role(user, case, {"publication_approver", "arbiter", "case_lead"}, "reject a finding")
    reason = required(because, "A rejection needs a reason")
    return _move(user, case, finding, ("drafted", "under_review"), "rejected", "rejected", because=reason)


def withdraw_finding(user: User, case: Case, finding: str, because: str) -> Finding:
    """Take a finding back. Releases that used it are flagged for correction."""
    require_role(user, case, {"publication_approver", "case_lead"}, "withdraw a finding")
    reason = required(because, "A withdrawal needs a reason")
    before = ("drafted", "under_review", "approved", "rejected")
    return _move(user, case, finding, before, "withdrawn", "withdrawn", because=reason)


def next_finding_name(case: Case) -> str:
    """A free name for a finding."""
    return next_name("FD", case_file_of(case).references)


def _move(
    user: User, case: Case, finding: str, before: tuple[str, ...], after: str, verb: str, because: str | None
) -> Finding:
    with exclusively():
        present = get_visible(user, case, Finding, finding)
        if present.status not in before:
            raise WrongUsage(f"{finding} is {present.status.replace('_', ' ')}, so it cannot be {verb}")
        moved = revised(present, status=after, because=because)
        put_all(user.actor, case, f"verification.finding.{verb}", [Written(moved, finding)])
    return moved

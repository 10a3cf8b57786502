"""Releases: drafted, seen by the protection officer, approved, released. No step passes a rule by."""

from videtur.cases.access import get_visible, person_of
from videtur.cases.case_file import case_file_of
from videtur.cases.entities import Written, put_all
from videtur.cases.models import Case
from videtur.cases.reasons import required
from videtur.cases.revision import next_name, now, revised
from videtur.cases.rules import require_role
from videtur.cases.saving import save
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.accountability import Action, Correction
from videtur.engines.method.entities.base import Entity
from videtur.engines.method.entities.publication import Redaction, Release
from videtur.engines.method.rules.catalogue import violations_of
from videtur.engines.method.rules.rule import Violation
from videtur.errors import WrongUsage
from videtur.ledger.services import exclusively
from videtur.people.models import User
from videtur.verification.separation import refuse_barred


def draft_release(user: User, case: Case, release: Release) -> Release:
    """Write a release down."""
    save(user, case, release)
    return release


def sign_as_protection_officer(user: User, case: Case, release: str) -> Release:
    """Say that nobody is exposed by a release."""
    require_role(user, case, {"protection_officer"}, "sign for the protection of persons")
    with exclusively():
        present = _in_state(get_visible(user, case, Release, release), ("drafted", "flagged"))
        signed = revised(present, protection_officer=person_of(user))
        put_all(user.actor, case, "publication.release.protected", [Written(signed)])
    return signed


def approve_release(user: User, case: Case, release: str) -> Release:
    """Approve a release. Whoever approves it judged nothing in it."""
    require_role(user, case, {"publication_approver"}, "approve a release")
    person = person_of(user)
    with exclusively():
        present = _in_state(get_visible(user, case, Release, release), ("drafted", "flagged"))
        refuse_barred(case_file_of(case), person, "publication_approver", release)
        if present.protection_officer is None:
            raise WrongUsage(
                f"Nobody has looked at {release} for the protection of persons",
                remedy="Let the protection officer sign it first",
            )
        if present.protection_officer == person:
            raise WrongUsage("One person cannot sign twice", remedy="Let somebody else approve it")
        approved = revised(present, status="approved", approver=person)
        put_all(user.actor, case, "publication.release.approved", [Written(approved)])
    return approved


def release(user: User, case: Case, reference: str) -> Release:
    """Record that an approved release left the house."""
    require_role(user, case, {"publication_approver", "case_lead"}, "release")
    with exclusively():
        present = _in_state(get_visible(user, case, Release, reference), ("approved",))
        out = revised(present, status="released", at=now())
        put_all(user.actor, case, "publication.release.released", [Written(out)])
    return out


def withdraw_release(user: User, case: Case, reference: str, because: str) -> Release:
    """Take a release back, and open the task of telling its readers."""
    require_role(user, case, {"publication_approver", "case_lead"}, "withdraw a release")
    with exclusively():
        present = get_visible(user, case, Release, reference)
        if present.status == "withdrawn":
            raise WrongUsage(f"{reference} is withdrawn already")
        reason = required(because, "A withdrawal needs a reason")
        written: list[Entity] = [revised(present, status="withdrawn")]
        if present.status in ("released", "flagged"):
            name = next_name(f"{reference}-correction", case_file_of(case).references)
            written.append(Correction(id=name, release=reference, because=reason, opened=now()))
        put_all(user.actor, case, "publication.release.withdrawn", map(Written, written))
    return revised(present, status="withdrawn")


def hindrances(case: CaseFile, present: Release) -> tuple[Violation, ...]:
    """All that stands against a release's leaving now: what the case would break and does not break yet."""
    before = set(violations_of(case))
    out = revised(present, status="released", at=present.at or now())
    after = violations_of(case.with_entity(out))
    found = [each for each in after if each not in before]
    if present.status == "drafted":
        found = [each for each in found if each.rule != "M12.approval"]
    return tuple(found)


def lift_embargo(user: User, case: Case, release: str, because: str) -> Release:
    """End an embargo before its time, for a reason that stays in the record."""
    require_role(user, case, {"publication_approver", "case_lead"}, "lift an embargo")
    with exclusively():
        present = get_visible(user, case, Release, release)
        if present.embargo_until is None:
            raise WrongUsage(f"{release} has no embargo")
        reason = required(because, "Lifting an embargo needs a reason")
        lifted = revised(present, embargo_until=None)
        told = Action(
            id=next_name("AC", case_file_of(case).references),
            date=now()[:10],
            by=person_of(user),
            on=release,
            becomes="embargo lifted",
            because=reason,
        )
        put_all(user.actor, case, "publication.embargo.lifted", [Written(lifted), Written(told)])
    return lifted


def check_redaction(user: User, case: Case, redaction: str) -> Redaction:
    """Sign for a masked copy: first who checks it, then who approves it; two people."""
    require_role(user, case, {"protection_officer", "publication_approver"}, "check a redaction")
    person = person_of(user)
    with exclusively():
        present = get_visible(user, case, Redaction, redaction)
        if present.checked_by is None:
            signed = revised(present, checked_by=person)
        elif present.approved_by is not None:
            raise WrongUsage(f"{redaction} is approved already")
        elif present.checked_by == person:
            raise WrongUsage("You have checked it", remedy="Let somebody else approve it")
        else:
            signed = revised(present, approved_by=person)
        put_all(user.actor, case, "publication.redaction.checked", [Written(signed)])
    return signed


def _in_state(present: Release, states: tuple[str, ...]) -> Release:
    if present.status not in states:
        raise WrongUsage(f"{present.id} is {present.status}", remedy=f"It must be {' or '.join(states)}")
    return present

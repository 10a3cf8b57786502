"""What frames the work: the house rules of a case, what is alleged, who does what."""

from videtur.cases.access import get_visible, person_of
from videtur.cases.case_file import case_file_of
from videtur.cases.entities import ForbiddenState, Written, put_all
from videtur.cases.models import Case
from videtur.cases.queries import roles_in
from videtur.cases.reasons import required
from videtur.cases.revision import next_name, now, revised
from videtur.cases.roles import EXCLUSIVE_ON_ONE_ITEM
from videtur.cases.rules import is_administrator, require_role
from videtur.cases.saving import save
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.case import Allegation, Assignment, HouseRules
from videtur.engines.method.entities.verification import Review
from videtur.engines.method.rules.rule import Violation
from videtur.errors import WrongUsage
from videtur.ledger.services import exclusively
from videtur.people.models import User


def set_house_rules(user: User, case: Case, rules: HouseRules) -> HouseRules:
    """Set deadlines and thresholds of this case; what is not set takes the defaults of the house."""
    save(user, case, rules)
    return rules


def add_allegation(user: User, case: Case, allegation: Allegation) -> Allegation:
    """Record what is alleged. It begins without a standard of proof; findings give it one."""
    save(user, case, allegation)
    return allegation


def assign(user: User, case: Case, person: User, role: str, on: str) -> Assignment:
    """Give a member a role on one thing of the case. A second analyst is kept blind from here on.

    Refused for who has a role on it that excludes this one, and for who declared a conflict of interest.
    """
    require_role(user, case, {"case_lead"}, "assign")
    if role not in roles_in(person, case) and not is_administrator(person):
        raise WrongUsage(
            f"{person.username} is not {role.replace('_', ' ')} in {case.slug}",
            remedy=f"Give the role first: videtur case grant {case.slug} {person.username} {role}",
        )
    with exclusively():
        whole, name = case_file_of(case), person_of(person)
        if whole.find(on) is None:
            raise WrongUsage(f"There is no {on!r} in {case.slug}")
        _refuse(whole, name, role, on)
        assignment = Assignment(id=next_name("AS", whole.references), person=name, role=role, on=on, at=now())
        put_all(user.actor, case, "cases.assignment.made", [Written(assignment)])
    return assignment


def declare_conflict_of_interest(user: User, case: Case, on: str, what: str) -> Assignment:
    """Say for oneself that one may not judge a thing. It bars every role on it."""
    with exclusively():
        whole, name = case_file_of(case), person_of(user)
        if whole.find(on) is None:
            raise WrongUsage(f"There is no {on!r} in {case.slug}")
        mine = [each for each in whole.all(Assignment) if each.on == on and each.person == name]
        roles = sorted(roles_in(user, case)) or ["auditor"]
        declared = (
            mine[0]
            if mine
            else Assignment(id=next_name("AS", whole.references), person=name, role=roles[0], on=on, at=now())
        )
        reason = required(what, "A conflict of interest needs to be named")
        ended = revised(
            declared, conflict_of_interest=reason, ended_because="A conflict of interest is declared"
        )
        put_all(user.actor, case, "cases.conflict_of_interest.declared", [Written(ended)])
    return ended


def end_assignment(user: User, case: Case, assignment: str, because: str) -> Assignment:
    """Take a role on a thing from a person."""
    require_role(user, case, {"case_lead"}, "end an assignment")
    with exclusively():
        present = get_visible(user, case, Assignment, assignment)
        ended = revised(present, ended_because=required(because, "Ending an assignment needs a reason"))
        put_all(user.actor, case, "cases.assignment.ended", [Written(ended)])
    return ended


def _refuse(whole: CaseFile, person: str, role: str, on: str) -> None:
    held: dict[str, str] = {}
    for name, each in whole.named(Assignment).items():
        if (each.person, each.on) == (person, on):
            if each.conflict_of_interest:
                raise ForbiddenState(
                    [
                        Violation(
                            "conflict_of_interest",
                            f"{on} {name}",
                            "A conflict of interest is declared for this person",
                            "Assign somebody else",
                        )
                    ]
                )
            if not each.ended_because:
                held[each.role] = name
    held |= {
        each.role: name
        for name, each in whole.named(Review).items()
        if (each.by, each.of) == (person, on) and not each.withdrawn_because
    }
    if role in held:
        raise WrongUsage(f"The person is {role.replace('_', ' ')} of {on} already")
    for pair in EXCLUSIVE_ON_ONE_ITEM:
        other = next((one for one in pair if one != role), "") if role in pair else ""
        if other in held:
            raise ForbiddenState(
                [
                    Violation(
                        "F04",
                        f"{on} {held[other]}",
                        f"The same person is {other.replace('_', ' ')} of it",
                        "Assign somebody else",
                    )
                ]
            )

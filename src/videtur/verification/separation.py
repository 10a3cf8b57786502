"""Nobody judges their own work: roles that one person may not have on one thing (domain model, F04).

The store refuses it when the role is taken, before any rule looks at the whole case.
"""

from collections.abc import Iterator

from videtur.cases.entities import ForbiddenState
from videtur.cases.roles import EXCLUSIVE_ON_ONE_ITEM
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.case import Assignment
from videtur.engines.method.entities.publication import Release
from videtur.engines.method.entities.verification import Arbitration, Finding, Review
from videtur.engines.method.rules.rule import Violation

_RULE = "F04"


def roles_on(case: CaseFile, person: str, of: str) -> dict[str, str]:
    """The roles that a person has on a thing and on what it rests on: role -> where."""
    return dict(_roles(case, person, related(case, of)))


def related(case: CaseFile, of: str) -> frozenset[str]:
    """A finding with its footage, a release with its findings and theirs, footage with findings on it."""
    found = {of}
    release = case.get(Release, of)
    for name, finding in case.named(Finding).items():
        if of in (name, *finding.footage) or (release is not None and name in release.findings):
            found |= {name, *finding.footage} if release is not None or name == of else {name}
    return frozenset(found)


def refuse_barred(case: CaseFile, person: str, role: str, of: str) -> None:
    """Raise ForbiddenState where the person has a role on the thing that excludes this one."""
    taken = roles_on(case, person, of)
    for first, second in EXCLUSIVE_ON_ONE_ITEM:
        other = {first: second, second: first}.get(role)
        if other is not None and other in taken:
            raise ForbiddenState(
                [
                    Violation(
                        _RULE,
                        f"{of} {taken[other]}",
                        f"The same person is {_words(other)} here and would be {_words(role)}",
                        f"Let somebody else be {_words(role)}",
                    )
                ]
            )


def refuse_conflict_of_interest(case: CaseFile, person: str, of: str) -> None:
    """Raise ForbiddenState where the person declared a conflict of interest on the thing."""
    for name, each in case.named(Assignment).items():
        if each.on in related(case, of) and each.person == person and each.conflict_of_interest:
            raise ForbiddenState(
                [
                    Violation(
                        "conflict_of_interest",
                        f"{of} {name}",
                        "A conflict of interest is declared for this person",
                        "Let somebody else take the role",
                    )
                ]
            )


def _roles(case: CaseFile, person: str, things: frozenset[str]) -> Iterator[tuple[str, str]]:
    for name, review in case.named(Review).items():
        if review.of in things and review.by == person and not review.withdrawn_because:
            yield review.role, name
    for name, assignment in case.named(Assignment).items():
        if assignment.on in things and assignment.person == person and not assignment.ended_because:
            yield assignment.role, name
    for name, arbitration in case.named(Arbitration).items():
        if arbitration.of in things and arbitration.by == person:
            yield "arbiter", name
    yield from _signatures(case, person, things)


def _signatures(case: CaseFile, person: str, things: frozenset[str]) -> Iterator[tuple[str, str]]:
    for name in things:
        signed: dict[str, str | None] = {}
        match case.find(name):
            case Finding() as finding:
                signed = {
                    "legal_reviewer": finding.legal_reviewer,
                    "arbiter": finding.arbiter,
                    "publication_approver": finding.approver,
                }
            case Release() as release:
                signed = {"publication_approver": release.approver}
            case _:
                pass
        yield from ((role, name) for role, who in signed.items() if who == person)


def _words(role: str) -> str:
    return role.replace("_", " ")

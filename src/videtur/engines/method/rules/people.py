"""Who does what: roles that one person may not join, conflicts of interest, blind reviews (section 8)."""

from collections.abc import Iterable, Iterator, Mapping

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.case import Assignment
from videtur.engines.method.entities.footage import FootageFamily, Observation
from videtur.engines.method.entities.publication import Release
from videtur.engines.method.entities.verification import Arbitration, Finding, ProvisionMapping, Review
from videtur.engines.method.membership import family_of, items_of
from videtur.engines.method.rules.rule import Rule, Violation
from videtur.engines.method.rules.sentences import footage_of, standing_releases

_ANALYSTS = ("analyst_1", "analyst_2")
BARRED: tuple[tuple[str, str], ...] = (
    ("analyst_1", "analyst_2"),
    *(
        (analyst, role)
        for role in ("arbiter", "publication_approver", "legal_reviewer")
        for analyst in _ANALYSTS
    ),
    ("legal_reviewer", "publication_approver"),
)
"""Roles that one person may not have on one thing."""
_ABOVE = ("arbiter", "legal_reviewer", "publication_approver")
"""Roles that judge what analysts did below: on the footage of a finding, on the findings of a release."""

Roles = dict[str, set[str]]


def _f04(case: CaseFile) -> Iterator[Violation]:
    for subject, people, beneath in _subjects(case):
        for person, roles in people.items():
            under = beneath.get(person, set())
            for first, second in BARRED:
                here = first in roles and second in roles
                above = (second in roles and second in _ABOVE and first in under) or (
                    first in roles and first in _ABOVE and second in under
                )
                if here or above:
                    yield Violation(
                        "F04",
                        f"{subject} {person}",
                        f"{person} is {_words(first)} and {_words(second)} on it",
                        f"Give one of the two roles on {subject} to somebody else",
                    )


def _words(role: str) -> str:
    return role.replace("_", " ")


def _subjects(case: CaseFile) -> Iterator[tuple[str, Roles, Roles]]:
    """Everything on which people have roles: with those roles, and with the ones on what lies beneath.

    A recording and its items are one thing: whoever examines an item examines the recording.
    """
    direct = case.once(_roles)
    carried: set[str] = set()
    for name in case.named(FootageFamily):
        items = items_of(case, name)
        carried.update((name, *items))
        yield name, _joined(direct, (name, *items)), {}
    upper = {
        **{name: _with_items(case, finding.footage) for name, finding in case.named(Finding).items()},
        **{name: _beneath(case, release) for name, release in case.named(Release).items()},
    }
    for name, people in direct.items():
        if name not in carried:
            yield name, people, _joined(direct, upper.get(name, ()))


def _joined(direct: Mapping[str, Roles], names: Iterable[str]) -> Roles:
    found: Roles = {}
    for name in names:
        for person, roles in direct.get(name, {}).items():
            found.setdefault(person, set()).update(roles)
    return found


def _beneath(case: CaseFile, release: Release) -> Iterator[str]:
    footage: dict[str, None] = {}
    findings = dict.fromkeys(release.findings)
    for sentence in release.sentences:
        footage.update(dict.fromkeys(footage_of(case, sentence)))
        findings.update(dict.fromkeys(filter(None, (sentence.finding,))))
    for name in release.observations:
        observation = case.get(Observation, name)
        if observation is not None:
            footage[observation.footage] = None
    for media in release.media:
        family = family_of(case, media.item)
        if family is not None:
            footage[family] = None
    for name in findings:
        yield name
        finding = case.get(Finding, name)
        if finding is not None:
            footage.update(dict.fromkeys(finding.footage))
    yield from _with_items(case, footage)


def _with_items(case: CaseFile, footage: Iterable[str]) -> Iterator[str]:
    for name in footage:
        yield name
        yield from items_of(case, name)


def _roles(case: CaseFile) -> Mapping[str, Roles]:
    """The people of each thing with their roles; a withdrawn review was still made by somebody."""
    found: dict[str, Roles] = {}

    def add(subject: str, person: str | None, role: str) -> None:
        if person:
            found.setdefault(subject, {}).setdefault(person, set()).add(role)

    for assignment in case.all(Assignment):
        if not assignment.ended_because:
            add(assignment.on, assignment.person, assignment.role)
    for review in case.all(Review):
        add(review.of, review.by, review.role)
    for arbitration in case.all(Arbitration):
        add(arbitration.of, arbitration.by, "arbiter")
    for name, finding in case.named(Finding).items():
        add(name, finding.legal_reviewer, "legal_reviewer")
        add(name, finding.arbiter, "arbiter")
        add(name, finding.approver, "publication_approver")
    for mapping in case.all(ProvisionMapping):
        if mapping.status in ("legal_review_passed", "rejected"):
            add(mapping.of, mapping.by, "legal_reviewer")
    for release in standing_releases(case):
        add(release.id, release.approver, "publication_approver")
        add(release.id, release.protection_officer, "protection_officer")
    return found


def _conflicts_of_interest(case: CaseFile) -> Iterator[Violation]:
    declared: set[tuple[str, str]] = set()
    for name, assignment in case.named(Assignment).items():
        if not assignment.conflict_of_interest:
            continue
        declared.add((assignment.person, assignment.on))
        if not assignment.ended_because:
            yield Violation(
                "M8.interest",
                name,
                f"{assignment.person} has declared a conflict of interest and is assigned",
                "Assign somebody else, and end this assignment with the reason",
            )
    for name, review in case.named(Review).items():
        if (review.by, review.of) in declared and not review.withdrawn_because:
            yield Violation(
                "M8.interest",
                name,
                f"{review.by} has declared a conflict of interest on {review.of}",
                "Withdraw the review with the reason, and have somebody else review it",
            )


def _blindness(case: CaseFile) -> Iterator[Violation]:
    for name, review in case.named(Review).items():
        if review.blind and review.saw_before:
            seen = ", ".join(review.saw_before).replace("_", " ")
            yield Violation(
                "M8.blind",
                name,
                f"It is called blind, and the reviewer had seen: {seen}",
                "Say that it is not blind; have another review made that is",
            )


_MODEL = "domain model, section 8"
RULES = (
    Rule(
        "F04",
        f"{_MODEL} and 14",
        True,
        "Nobody checks, arbitrates or approves on one thing what they examined themselves",
        _f04,
    ),
)
FURTHER = (
    Rule(
        "M8.interest",
        _MODEL,
        True,
        "Whoever declared a conflict of interest has no part in it",
        _conflicts_of_interest,
    ),
    Rule(
        "M8.blind",
        _MODEL,
        True,
        "A review is blind when its author had seen nothing of it before",
        _blindness,
    ),
)

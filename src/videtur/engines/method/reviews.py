"""What reviews amount to (domain model, section 8): who concurs with whom, and what an arbiter settled."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.verification import Arbitration, Review

ANALYSTS = ("analyst_1", "analyst_2")
EXPERTS = ("medical_expert", "weapons_expert", "linguist")
_STEP = {
    # House rule: what nobody has looked at stands beside "indeterminate", one step from either side.
    "contradicted": 0,
    "not_examined": 1,
    "in_progress": 1,
    "indeterminate": 1,
    "probable": 2,
    "established": 3,
}


@dataclass(frozen=True, slots=True)
class Concurrence:
    """Two reviews by two people that agree, the second blind; `aspects` is what they agree on."""

    reviews: tuple[str, str]
    aspects: Mapping[str, str]
    arbitration: str | None = None


def reviews_of(case: CaseFile, subject: str) -> Mapping[str, Review]:
    """The reviews of a thing that stand: submitted by a person, and not withdrawn."""
    return case.once(_standing).get(subject, {})


def is_standing(review: Review) -> bool:
    """Whether a person submitted the review and nobody withdrew it."""
    return review.submitted is not None and review.withdrawn_because is None and not review.by_machine


def is_blind(review: Review) -> bool:
    """Whether the reviewer had seen nothing of it before submitting."""
    return review.blind and not review.saw_before


def steps_apart(first: str, second: str) -> int:
    """How far two statuses of an aspect are from each other; more than one step needs an arbiter."""
    if first == second:
        return 0
    if "not_applicable" in (first, second):
        return 2
    return abs(_STEP[first] - _STEP[second])


def weaker(first: str, second: str) -> str:
    """The more cautious of two statuses: where reviewers are a step apart, it is the one that counts."""
    if "not_applicable" in (first, second):
        return second if first == "not_applicable" else first
    return min((first, second), key=lambda status: _STEP[status])


def concurrence(case: CaseFile, family: str) -> Concurrence | None:
    """The first two reviews of a footage family that agree, by themselves or by an arbiter's decision."""
    standing = reviews_of(case, family)
    for one, first in standing.items():
        for two, second in standing.items():
            if (first.role, second.role) != ANALYSTS or first.by == second.by or not is_blind(second):
                continue
            decided = _decision(case, one, two, (first.by, second.by))
            aspects = {
                aspect: weaker(first.aspects.get(aspect, _NONE), second.aspects.get(aspect, _NONE))
                for aspect in {*first.aspects, *second.aspects}
            }
            if decided is not None:
                name, arbitration = decided
                aspects.update(arbitration.aspects)
                if not differing(first, second) - set(arbitration.aspects):
                    return Concurrence((one, two), MappingProxyType(aspects), name)
            elif not differing(first, second):
                return Concurrence((one, two), MappingProxyType(aspects))
    return None


def differing(first: Review, second: Review) -> set[str]:
    """The aspects on which two reviews are more than one step apart."""
    return {
        aspect
        for aspect in {*first.aspects, *second.aspects}
        if steps_apart(first.aspects.get(aspect, _NONE), second.aspects.get(aspect, _NONE)) > 1
    }


def concurring_blind(case: CaseFile, finding: str) -> tuple[str, ...]:
    """Blind reviews by two analysts who would both make the finding; empty where there are not two."""
    for one, first in reviews_of(case, finding).items():
        for two, second in reviews_of(case, finding).items():
            if (
                (first.role, second.role) == ANALYSTS
                and first.by != second.by
                and all(each.concurs and is_blind(each) for each in (first, second))
            ):
                return (one, two)
    return ()


def standing_dissent(case: CaseFile, finding: str) -> tuple[str, ...]:
    """Reviews against the finding that no arbiter has overruled."""
    overruled = {
        name
        for arbitration in case.once(_arbitrations).get(finding, {}).values()
        if arbitration.concurs
        for name in arbitration.between
    }
    return tuple(
        name
        for name, review in reviews_of(case, finding).items()
        if review.concurs is False and name not in overruled
    )


def analysts_of(case: CaseFile, subjects: Iterable[str]) -> frozenset[str]:
    """Everybody who reviewed one of these things as an analyst, withdrawn reviews among them."""
    by_subject = case.once(_all_by_subject)
    return frozenset(
        review.by for subject in subjects for review in by_subject.get(subject, ()) if review.role in ANALYSTS
    )


_NONE = "not_examined"


def _decision(
    case: CaseFile, one: str, two: str, reviewers: tuple[str, str]
) -> tuple[str, Arbitration] | None:
    for name, arbitration in case.once(_arbitrations_by_pair).get(frozenset((one, two)), ()):
        if arbitration.by not in reviewers:
            return name, arbitration
    return None


def _standing(case: CaseFile) -> Mapping[str, Mapping[str, Review]]:
    found: dict[str, dict[str, Review]] = {}
    for name, review in case.named(Review).items():
        if is_standing(review):
            found.setdefault(review.of, {})[name] = review
    return found


def _all_by_subject(case: CaseFile) -> Mapping[str, list[Review]]:
    found: dict[str, list[Review]] = {}
    for review in case.all(Review):
        found.setdefault(review.of, []).append(review)
    return found


def _arbitrations(case: CaseFile) -> Mapping[str, Mapping[str, Arbitration]]:
    found: dict[str, dict[str, Arbitration]] = {}
    for name, arbitration in case.named(Arbitration).items():
        found.setdefault(arbitration.of, {})[name] = arbitration
    return found


def _arbitrations_by_pair(case: CaseFile) -> Mapping[frozenset[str], list[tuple[str, Arbitration]]]:
    found: dict[frozenset[str], list[tuple[str, Arbitration]]] = {}
    for name, arbitration in case.named(Arbitration).items():
        found.setdefault(frozenset(arbitration.between), []).append((name, arbitration))
    return found

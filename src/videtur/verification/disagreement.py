"""What two reviews agree on, aspect by aspect, and what an arbiter must decide."""

from collections.abc import Iterator
from dataclasses import dataclass

from videtur.cases.roles import ANALYSTS
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.verification import Arbitration, Review
from videtur.engines.method.vocabulary import words

STEPS = ("contradicted", "indeterminate", "probable", "established")
"""The statuses an aspect can be judged at, in order (house rule). `not_examined` and `in_progress` are no
judgement yet, so nothing disagrees with them; `not_applicable` is off the scale, so everything does."""
_NO_JUDGEMENT = ("not_examined", "in_progress")
_CONCURRENCE = "concurs"


@dataclass(frozen=True, slots=True)
class Dissent:
    """Two reviews that are more than one step apart on an aspect, or on whether to make a finding."""

    of: str
    between: tuple[str, str]
    aspect: str
    """The aspect; `concurs` for a finding."""
    said: tuple[str, str]


def standing_reviews(case: CaseFile, of: str) -> dict[str, Review]:
    """The analysts' submitted reviews of a thing that were not withdrawn, oldest first."""
    return {
        name: review
        for name, review in case.named(Review).items()
        if review.of == of and review.role in ANALYSTS and review.submitted and not review.withdrawn_because
    }


def steps_between(one: str, other: str) -> int:
    """How far two statuses of an aspect are apart; 0 while one of them is no judgement yet."""
    if one == other or one in _NO_JUDGEMENT or other in _NO_JUDGEMENT:
        return 0
    if one not in STEPS or other not in STEPS:
        return len(STEPS)
    return abs(STEPS.index(one) - STEPS.index(other))


def dissents(case: CaseFile, of: str) -> list[Dissent]:
    """Where the standing reviews of a thing need an arbiter, and no arbitration has decided yet."""
    decided = {
        (frozenset(each.between), aspect)
        for each in case.all(Arbitration)
        if each.of == of
        for aspect in (*each.aspects, *([_CONCURRENCE] if each.concurs is not None else []))
    }
    return [
        each
        for each in _dissents(standing_reviews(case, of), of)
        if (frozenset(each.between), each.aspect) not in decided
    ]


def agreed_aspects(case: CaseFile, of: str) -> dict[str, str]:
    """What the reviews and their arbiter come to: of two judgements one step apart the weaker one.

    One review alone settles nothing: its aspects are in progress.
    """
    reviews = standing_reviews(case, of)
    arbitrated: dict[str, str] = {}
    for each in case.all(Arbitration):
        if each.of == of and set(each.between) <= set(reviews):
            arbitrated |= each.aspects
    found: dict[str, str] = {}
    for aspect in words("aspects"):
        judged = [
            review.aspects[aspect]
            for review in reviews.values()
            if review.aspects.get(aspect, "not_examined") not in _NO_JUDGEMENT
        ]
        if aspect in arbitrated:
            found[aspect] = arbitrated[aspect]
        elif len(judged) >= 2 and all(steps_between(judged[0], each) <= 1 for each in judged):  # noqa: PLR2004 - a pair
            found[aspect] = min(judged, key=lambda status: STEPS.index(status) if status in STEPS else 0)
        elif judged or any(review.aspects.get(aspect) == "in_progress" for review in reviews.values()):
            found[aspect] = "in_progress"
    return found


def _dissents(reviews: dict[str, Review], of: str) -> Iterator[Dissent]:
    names = list(reviews)
    for place, first in enumerate(names):
        for second in names[place + 1 :]:
            one, other = reviews[first], reviews[second]
            for aspect in words("aspects"):
                said = (one.aspects.get(aspect, "not_examined"), other.aspects.get(aspect, "not_examined"))
                if steps_between(*said) > 1:
                    yield Dissent(of, (first, second), aspect, said)
            if None not in (one.concurs, other.concurs) and one.concurs != other.concurs:
                yield Dissent(of, (first, second), _CONCURRENCE, (str(one.concurs), str(other.concurs)))

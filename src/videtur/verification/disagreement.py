"""What two reviews come to, aspect by aspect, and what an arbiter must decide.

Whether two reviews differ is said in one place, `engines.method.reviews`; here are the steps that follow.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.verification import Arbitration, Review
from videtur.engines.method.reviews import ANALYSTS, differing, reviews_of, weaker
from videtur.engines.method.vocabulary import words

CONCURS = "concurs"
_NO_JUDGEMENT = ("not_examined", "in_progress")


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
    return {name: review for name, review in reviews_of(case, of).items() if review.role in ANALYSTS}


def dissents(case: CaseFile, of: str) -> list[Dissent]:
    """Where the standing reviews of a thing need an arbiter, and no arbitration has decided yet."""
    decided = {
        (frozenset(each.between), aspect)
        for each in case.all(Arbitration)
        if each.of == of
        for aspect in (*each.aspects, *([CONCURS] if each.concurs is not None else []))
    }
    return [
        each
        for each in _dissents(standing_reviews(case, of), of)
        if (frozenset(each.between), each.aspect) not in decided
    ]


def agreed_aspects(case: CaseFile, of: str) -> dict[str, str]:
    """What the reviews and their arbiter come to: of two judgements one step apart the weaker one.

    One review alone settles nothing: what it judged is in progress. An aspect that waits for the arbiter
    is in progress too.
    """
    reviews = list(standing_reviews(case, of).items())
    names = {name for name, _ in reviews}
    arbitrated: dict[str, str] = {}
    for each in case.all(Arbitration):
        if each.of == of and set(each.between) <= names:
            arbitrated |= each.aspects
    apart = {aspect for _, one in reviews for _, other in reviews for aspect in differing(one, other)}
    found: dict[str, str] = {}
    for aspect in words("aspects"):
        said = [review.aspects.get(aspect, "not_examined") for _, review in reviews]
        if aspect in arbitrated:
            found[aspect] = arbitrated[aspect]
        elif any(status not in _NO_JUDGEMENT for status in said) or "in_progress" in said:
            settled = len(said) > 1 and aspect not in apart
            found[aspect] = _weakest(said) if settled else "in_progress"
    return found


def _weakest(said: list[str]) -> str:
    found = said[0]
    for status in said[1:]:
        found = weaker(found, status)
    return "in_progress" if found in _NO_JUDGEMENT else found


def _dissents(reviews: dict[str, Review], of: str) -> Iterator[Dissent]:
    names = list(reviews)
    for place, first in enumerate(names):
        for second in names[place + 1 :]:
            one, other = reviews[first], reviews[second]
            for aspect in words("aspects"):
                if aspect in differing(one, other):
                    said = (
                        one.aspects.get(aspect, _NO_JUDGEMENT[0]),
                        other.aspects.get(aspect, _NO_JUDGEMENT[0]),
                    )
                    yield Dissent(of, (first, second), aspect, said)
            if None not in (one.concurs, other.concurs) and one.concurs != other.concurs:
                yield Dissent(of, (first, second), CONCURS, (str(one.concurs), str(other.concurs)))

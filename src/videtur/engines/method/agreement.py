"""How far two reviewers agree beyond chance: Cohen's kappa, for each aspect and each party.

J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20(1),
1960, 37-46: kappa is (po - pe) / (1 - pe), with po the share of agreements and pe the share that chance gives
when each reviewer keeps their own frequencies.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from videtur.engines.method import vocabulary
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.case import Allegation
from videtur.engines.method.entities.footage import FootageFamily
from videtur.engines.method.entities.verification import Review
from videtur.engines.method.reviews import is_blind, reviews_of


@dataclass(frozen=True, slots=True)
class Kappa:
    """Agreement over a number of pairs. `kappa` is None where it says nothing, and `why` says why."""

    pairs: int
    agreed: int
    expected: float | None
    kappa: float | None
    why: str = ""

    def as_json(self) -> dict[str, Any]:
        """What a page shows."""
        return {
            "pairs": self.pairs,
            "agreed": self.agreed,
            "expected": self.expected,
            "kappa": self.kappa,
            "why": self.why,
        }


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement in a case: over all, for each aspect, and for each alleged party."""

    overall: Kappa
    by_aspect: Mapping[str, Kappa]
    by_party: Mapping[str, Kappa]

    def as_json(self) -> dict[str, Any]:
        """What a page shows, parties in alphabetical order."""
        return {
            "overall": self.overall.as_json(),
            "by_aspect": {name: each.as_json() for name, each in self.by_aspect.items()},
            "by_party": {name: each.as_json() for name, each in self.by_party.items()},
        }


def kappa(pairs: Sequence[tuple[str, str]]) -> Kappa:
    """Cohen's kappa of pairs of answers, the first reviewer's before the second's.

    Without pairs there is none. Where both gave one and the same answer throughout, chance alone explains all
    of it (pe = 1) and kappa is not defined: it is None, not 1.
    """
    count = len(pairs)
    if count == 0:
        return Kappa(0, 0, None, None, "No pair of reviews")
    first, second = Counter(one for one, _ in pairs), Counter(two for _, two in pairs)
    agreed = sum(one == two for one, two in pairs)
    expected = Fraction(sum(first[word] * second[word] for word in first), count * count)
    if expected == 1:
        return Kappa(count, agreed, 1.0, None, "Both gave one and the same answer throughout")
    found = (Fraction(agreed, count) - expected) / (1 - expected)
    return Kappa(count, agreed, float(expected), float(found))


def pair_of_reviews(case: CaseFile, of: str) -> tuple[Review, Review] | None:
    """The two reviews of a thing by two analysts, the second of them blind; the first analyst's first."""
    standing = reviews_of(case, of).values()
    for first in standing:
        for second in standing:
            roles = (first.role, second.role)
            if roles == ("analyst_1", "analyst_2") and first.by != second.by and is_blind(second):
                return first, second
    return None


def agreement(case: CaseFile) -> Agreement:
    """Agreement over the footage of a case. A footage counts for the party that an allegation on it names."""
    by_aspect: dict[str, list[tuple[str, str]]] = {name: [] for name in vocabulary.words("aspects")}
    by_party: dict[str, list[tuple[str, str]]] = {party.id: [] for party in case.parties if party.in_conflict}
    for name in case.named(FootageFamily):
        pair = pair_of_reviews(case, name)
        if pair is None:
            continue
        against = {each.against for each in case.all(Allegation) if name in each.footage}
        for aspect in by_aspect:
            if aspect in pair[0].aspects and aspect in pair[1].aspects:
                both = (pair[0].aspects[aspect], pair[1].aspects[aspect])
                by_aspect[aspect].append(both)
                for party in against & by_party.keys():
                    by_party[party].append(both)
    every = [both for pairs in by_aspect.values() for both in pairs]
    return Agreement(
        kappa(every),
        {name: kappa(pairs) for name, pairs in by_aspect.items()},
        {name: kappa(pairs) for name, pairs in by_party.items()},
    )

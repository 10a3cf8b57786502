"""All pairs of queries and gallery films of one modality, with their truth: what methods are scored on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from benchmarks.copies.metrics import Curve, Floats, Interval, bootstrapped, curve
from benchmarks.copies.queries import Query
from benchmarks.copies.sources import Source
from benchmarks.copies.truth import COPY, HARD, UNDEFINED, Modality, truth_of

Scores = Mapping[str, Mapping[str, float]]
"""Of a method: by query, then by gallery film. What is missing scores nothing."""


@dataclass(frozen=True)
class Pair:
    """One query, one film of the gallery, and the truth about them."""

    query: Query
    reference: Source
    truth: str


def pairs_of(queries: Sequence[Query], gallery: Sequence[Source], modality: Modality) -> list[Pair]:
    """Every pair whose truth is defined."""
    told = ((query, film, truth_of(query, film, modality)) for query in queries for film in gallery)
    return [Pair(query, film, truth) for query, film, truth in told if truth != UNDEFINED]


@dataclass(frozen=True)
class Scored:
    """Pairs with one method's scores."""

    pairs: Sequence[Pair]
    scores: Floats

    @staticmethod
    def of(pairs: Sequence[Pair], scores: Scores) -> "Scored":
        """Look every pair up."""
        values = [scores.get(pair.query.name, {}).get(pair.reference.name, 0.0) for pair in pairs]
        return Scored(pairs, np.array(values, dtype=np.float64))

    @cached_property
    def positive(self) -> NDArray[np.bool_]:
        """Which pairs are copies."""
        return np.array([pair.truth == COPY for pair in self.pairs], dtype=np.bool_)

    @cached_property
    def curve(self) -> Curve:
        """Precision and recall over all pairs."""
        return curve(self.scores, self.positive)

    def without_hard(self) -> "Scored":
        """The same without the pairs that show one scene."""
        return self.only(lambda pair: pair.truth not in HARD)

    def only(self, wanted: Callable[[Pair], bool]) -> "Scored":
        """A part of the pairs."""
        chosen = [number for number, pair in enumerate(self.pairs) if wanted(pair)]
        return Scored([self.pairs[number] for number in chosen], self.scores[chosen])

    def headline(self) -> dict[str, float]:
        """The figures that are told first."""
        seen = self.curve
        return {
            "pairs": len(self.pairs),
            "copies": int(self.positive.sum()),
            "muAP": seen.average_precision,
            "recall at precision 1": seen.recall_at(1.0),
            "recall at precision 0.99": seen.recall_at(0.99),
            "recall at precision 0.95": seen.recall_at(0.95),
            "threshold of precision 0.95": seen.threshold_at(0.95),
        }

    def intervals(self) -> dict[str, Interval]:
        """95 per cent intervals over groups of sources."""
        return bootstrapped(self.scores, self.positive, [pair.query.group for pair in self.pairs])

    def recall_per_kind(self, threshold: float) -> dict[str, tuple[int, float]]:
        """Copies and the share of them found at one threshold, by kind of attack."""
        found: dict[str, list[bool]] = {}
        for pair, score in zip(self.pairs, self.scores.tolist(), strict=True):
            if pair.truth == COPY:
                found.setdefault(pair.query.kind, []).append(score > 0 and score >= threshold)
        return {kind: (len(hits), sum(hits) / len(hits)) for kind, hits in found.items()}

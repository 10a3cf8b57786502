"""Figures out of pooled pairs, as the Video Similarity Challenge of 2022 pools them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Interval = tuple[float, float]


@dataclass(frozen=True)
class Curve:
    """Precision and recall at every threshold at which some pair is first taken, the highest first."""

    thresholds: Floats
    precision: Floats
    recall: Floats

    @property
    def average_precision(self) -> float:
        """The mean of precision over recall: pairs pooled over all queries, so this is micro-averaged."""
        steps = np.diff(self.recall, prepend=0.0)
        return float((steps * self.precision).sum())

    def recall_at(self, precision: float) -> float:
        """The greatest recall at which precision is at least so high."""
        good = self.precision >= precision - 1e-12
        return float(self.recall[good].max()) if good.any() else 0.0

    def threshold_at(self, precision: float) -> float:
        """The lowest threshold at which precision is still so high; infinite when there is none."""
        good = self.precision >= precision - 1e-12
        return float(self.thresholds[good].min()) if good.any() else float("inf")


def curve(scores: Floats, positive: NDArray[np.bool_], weights: Floats | None = None) -> Curve:
    """Precision and recall of pooled pairs. What scores nothing is not taken; ties are taken at once."""
    weight = np.ones(len(scores)) if weights is None else weights
    total = float((weight * positive).sum())
    taken = scores > 0
    order = np.argsort(-scores[taken], kind="stable")
    ranked, gain = scores[taken][order], (weight * positive)[taken][order]
    cost = weight[taken][order]
    hits, seen = np.cumsum(gain), np.cumsum(cost)
    last = np.append(ranked[1:] != ranked[:-1], True) if len(ranked) else np.zeros(0, bool)
    last &= seen > 0
    precision = hits[last] / seen[last]
    recall = hits[last] / total if total else np.zeros(int(last.sum()))
    return Curve(ranked[last], precision, recall)


def bootstrapped(
    scores: Floats, positive: NDArray[np.bool_], groups: Sequence[str], rounds: int = 400, seed: int = 7
) -> dict[str, Interval]:
    """95 per cent intervals when the groups of sources, not the pairs, are drawn again."""
    names, numbers = np.unique(np.array(groups), return_inverse=True)
    draw = np.random.default_rng(seed)
    found: dict[str, list[float]] = {
        "muAP": [],
        "recall at precision 0.99": [],
        "recall at precision 0.95": [],
    }
    for _ in range(rounds):
        times = np.bincount(draw.integers(0, len(names), len(names)), minlength=len(names))
        drawn = curve(scores, positive, times[numbers].astype(np.float64))
        found["muAP"].append(drawn.average_precision)
        found["recall at precision 0.99"].append(drawn.recall_at(0.99))
        found["recall at precision 0.95"].append(drawn.recall_at(0.95))
    return {
        name: (float(np.percentile(values, 2.5)), float(np.percentile(values, 97.5)))
        for name, values in found.items()
    }


def united(intervals: Sequence[Interval]) -> list[Interval]:
    """Intervals that do not overlap and cover the same seconds."""
    found: list[Interval] = []
    for first, last in sorted(intervals):
        if found and first <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], last)
        else:
            found.append((first, last))
    return found


def _length(intervals: Sequence[Interval]) -> float:
    return sum(last - first for first, last in united(intervals))


def overlap(found: Sequence[Interval], true: Sequence[Interval]) -> float:
    """Intersection over union of the seconds that two lists of intervals cover."""
    shared = [
        (max(a[0], b[0]), min(a[1], b[1]))
        for a in united(found)
        for b in united(true)
        if min(a[1], b[1]) > max(a[0], b[0])
    ]
    together = _length([*found, *true])
    return _length(shared) / together if together > 0 else 0.0


def offset_errors(
    found: Sequence[tuple[Interval, Interval]], true: Sequence[tuple[Interval, Interval]]
) -> list[float]:
    """For each found stretch: by how many seconds its middle lies beside the true place in the reference.

    Pairs are (query, reference). Where the truth has several places for a second, the nearest counts.
    """
    errors: list[float] = []
    for query, reference in found:
        middle, there = sum(query) / 2, sum(reference) / 2
        beside: list[float] = []
        for mine, other in true:
            if mine[0] <= middle <= mine[1]:
                share = (middle - mine[0]) / max(1e-9, mine[1] - mine[0])
                beside.append(abs(there - (other[0] + share * (other[1] - other[0]))))
        if beside:
            errors.append(min(beside))
    return errors

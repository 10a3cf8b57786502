"""Sightings of one shot linked into chains, one for each thing.

In the manner of ByteTrack (arXiv:2110.06864): what was seen clearly is linked first, what was seen dimly
goes to the chains that are left, and what was only carried along fills the rest. Unlike there a dim sighting
may begin a chain, so that a chain reaches back before its first clear sighting as well as on behind its
last: linking forwards then does what linking both ways would. Which chains are believed is judged at the end.
"""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from videtur.engines.redaction.overlap import overlaps, pairs
from videtur.engines.redaction.sightings import FOLLOWED, Rows

CLEAR = 0.2
_LEAST_OVERLAP = 0.2
_NEAR = 0.5
"""Of its size: how far a box may have gone and be taken for the same without overlap."""
_SIZES = 0.5
"""Of two boxes of one thing the smaller is at least so much of the larger, in each direction."""
_MOVES_ON = 0.7
"""Of its speed a thing is expected to keep from one sighting to the next."""
_MOVES_FOR = 0.17
"""Seconds; behind them it is looked for where it would be by then."""
_SHORTEST = 1e-3
_ANY = 1e-6


@dataclass(slots=True, eq=False)
class Chain:
    """One thing's sightings, one for each picture at most, in order."""

    numbers: list[int] = field(default_factory=list[int])
    """Of the pictures."""
    seconds: list[float] = field(default_factory=list[float])
    """When they are shown."""
    rows: list[Rows] = field(default_factory=list[Rows])
    speed: Rows = field(default_factory=lambda: np.zeros(2, np.float32))
    """In pixels a second, across and down."""

    def take(self, number: int, seconds: float, row: Rows) -> None:
        """The next sighting."""
        if self.numbers:
            passed = max(seconds - self.seconds[-1], _SHORTEST)
            now = (_middle(row) - _middle(self.rows[-1])) / passed
            self.speed = (0.6 * self.speed + 0.4 * now).astype(np.float32)
        self.numbers.append(number)
        self.seconds.append(seconds)
        self.rows.append(row)

    def expected(self, seconds: float) -> Rows:
        """Left, top, right, bottom where it should be by now."""
        return self.moved(min(seconds, self.seconds[-1] + _MOVES_FOR), _MOVES_ON)

    def moved(self, seconds: float, kept: float) -> Rows:
        """Where it is if it has kept a share of its speed."""
        shift = self.speed * (seconds - self.seconds[-1]) * kept
        return (self.rows[-1][:4] + np.concatenate([shift, shift])).astype(np.float32)

    @property
    def array(self) -> tuple[NDArray[np.int64], Rows]:
        """Numbers of its pictures and its sightings: [n], [n, 6]."""
        return np.array(self.numbers, np.int64), np.stack(self.rows)


def _middle(row: Rows) -> Rows:
    return ((row[:2] + row[2:4]) / 2).astype(np.float32)


def link(
    numbers: NDArray[np.int64], seconds: NDArray[np.float64], rows: Rows, longest_gap: float
) -> list[Chain]:
    """Link the sightings of one shot, given in order of their pictures, with the seconds those are shown at.

    A chain that is not seen for more than `longest_gap` seconds is over.
    """
    live: list[Chain] = []
    done: list[Chain] = []
    edges = [*np.flatnonzero(np.diff(numbers, prepend=-1)).tolist(), len(numbers)]
    for begin, end in pairwise(edges):
        now = float(seconds[begin])
        over = [chain for chain in live if now - chain.seconds[-1] > longest_gap]
        if over:
            done += over
            live = [chain for chain in live if now - chain.seconds[-1] <= longest_gap]
        _step(live, int(numbers[begin]), now, rows[begin:end])
    return _in_order(done + live)


def _step(live: list[Chain], number: int, seconds: float, rows: Rows) -> None:
    """One picture: each chain takes one sighting at most, each sighting goes to one chain."""
    followed = np.isin(rows[:, 5], FOLLOWED)
    clear = ~followed & (rows[:, 4] >= CLEAR)
    open_chains: list[Chain] = list(live)
    for which in (clear, ~followed & ~clear, followed):
        mine = np.flatnonzero(which)
        if not len(mine):
            continue
        taken: set[int] = set()
        if open_chains:
            expected = np.stack([chain.expected(seconds) for chain in open_chains])
            found = pairs(_likeness(expected, rows[mine]), _ANY)
            for row, column in found:
                open_chains[row].take(number, seconds, rows[mine[column]])
            taken = {column for _, column in found}
            linked = {row for row, _ in found}
            open_chains = [chain for at, chain in enumerate(open_chains) if at not in linked]
        for column, at in enumerate(mine.tolist()):
            if column not in taken and not _held(live, number, rows[at]):
                chain = Chain()
                chain.take(number, seconds, rows[at])
                live.append(chain)


def _held(live: list[Chain], number: int, row: Rows) -> bool:
    """The sighting says once more what a chain took from this picture."""
    taken = [chain.rows[-1] for chain in live if chain.numbers[-1] == number]
    return bool(taken) and bool((overlaps(row[None], np.stack(taken)) > _NEAR).any())


def _likeness(expected: Rows, rows: Rows) -> Rows:
    """0 for what cannot be the same thing, else more the nearer they are."""
    over = overlaps(expected, rows)
    sides = np.maximum(expected[:, None, 2:4] - expected[:, None, :2], 1)
    theirs = np.maximum(rows[None, :, 2:4] - rows[None, :, :2], 1)
    alike = np.minimum(sides / theirs, theirs / sides).min(axis=2)
    apart = (expected[:, None, :2] + expected[:, None, 2:4] - rows[None, :, :2] - rows[None, :, 2:4]) / 2
    distance = np.linalg.norm(apart / np.minimum(sides, theirs), axis=2)
    near = (over >= _LEAST_OVERLAP) | ((distance <= _NEAR) & (alike >= _SIZES))
    likeness = np.where(near & (alike >= _SIZES * 0.7), over + 0.5 * np.clip(1 - distance, 0, 1) + 0.01, 0)
    return likeness.astype(np.float32)


def _in_order(chains: list[Chain]) -> list[Chain]:
    return sorted(chains, key=lambda chain: (chain.numbers[0], chain.numbers[-1], chain.rows[0].tolist()))


def joined(chains: list[Chain], longest_gap: float) -> list[Chain]:
    """Chains that go on where another stopped, taken together, over gaps of up to `longest_gap` seconds."""
    whole: list[Chain] = []
    for chain in _in_order(chains):
        start, row = chain.seconds[0], chain.rows[0][None]
        near = [other for other in whole if 0 < start - other.seconds[-1] <= longest_gap]
        best: Chain | None = None
        if near:
            # Where each might have gone: as it went, more slowly, or nowhere.
            likeness = np.maximum.reduce(
                [
                    _likeness(np.stack([other.moved(start, kept) for other in near]), row)[:, 0]
                    for kept in (1, 0.5, 0)
                ]
            )
            best = near[int(likeness.argmax())] if likeness.max() > 0 else None
        if best is None:
            whole.append(chain)
        else:
            for number, seconds, each in zip(chain.numbers, chain.seconds, chain.rows, strict=True):
                best.take(number, seconds, each)
    return whole

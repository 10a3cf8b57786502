"""Votes for films by points that agree on one change of the picture: how it was moved, scaled and turned.

Every hit says where the middle of the query's picture would lie in the film's picture, how much larger and
how far turned. Chance spreads its hits over all such changes; a copy's hits fall together.
"""

import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.point_signs import CODE_BITS, Floats, Points
from videtur.engines.copies.postings import PLACE_STEP, SIZE_STEP, Hits

_TURN_BINS = 12
_SIZE_BIN = 0.8
_PLACE_BIN = 0.28
"""In parts of the longer side of the query's picture as it lies in the film's."""
_FARTHEST = 9
_SIZES = 6.0
_GRIDS = ((0.0, 0.0, 0.0, 0.0), (0.5, 0.5, 0.5, 0.5), (0.0, 0.5, 0.0, 0.5), (0.5, 0.0, 0.5, 0.0))
Strengths = NDArray[np.float64]


def votes(query: Points, hits: Hits, films: int, weights: Floats) -> Strengths:
    """For each film the weight of the hits that agree best; a point of the query counts once for it."""
    best = np.zeros(films)
    if not len(hits.asking):
        return best
    turned, larger, right, down = _changes(query, hits)
    sane = (np.abs(larger) < _SIZES / 2) & (np.abs(right) < _FARTHEST - 1) & (np.abs(down) < _FARTHEST - 1)
    rows = np.flatnonzero(sane)
    turned, larger, right, down = turned[rows], larger[rows], right[rows], down[rows]
    asking, owners, weight = hits.asking[rows], hits.films[rows], weights[rows]
    for shift in _GRIDS:
        turn = np.floor(turned * _TURN_BINS + shift[0]).astype(np.int64) % _TURN_BINS
        size = np.floor((larger + _SIZES / 2) / _SIZE_BIN + shift[1]).astype(np.int64)
        across = np.floor((right + _FARTHEST) / 1.0 + shift[2]).astype(np.int64)
        along = np.floor((down + _FARTHEST) / 1.0 + shift[3]).astype(np.int64)
        cell = ((((owners * 16 + turn) * 16 + size) * 32 + across) * 32) + along
        _raise(best, cell, asking, weight)
    return best


def _raise(best: Strengths, cell: NDArray[np.int64], asking: NDArray[np.int64], weight: Floats) -> None:
    """Raise each film's strength to the sum of its heaviest cell."""
    order = np.lexsort((-weight, asking, cell))
    cell, asking, weight = cell[order], asking[order], weight[order]
    # Only the best hit of a point in a cell: a pattern that repeats is no better a witness for it.
    once = (np.diff(cell, prepend=-1) != 0) | (np.diff(asking, prepend=-1) != 0)
    cell, weight = cell[once], weight[once]
    edges = np.flatnonzero(np.diff(cell, prepend=-1))
    sums = np.add.reduceat(weight.astype(np.float64), edges)
    np.maximum.at(best, cell[edges] >> 18, sums)


def _changes(query: Points, hits: Hits) -> tuple[Floats, Floats, Floats, Floats]:
    """What each hit says: turns, how much larger (two's logarithm), and the middle's place in bins."""
    met = hits.shapes.astype(np.float32)
    places = (met[:, :2] - 128) * np.float32(PLACE_STEP)
    sizes = met[:, 2] * np.float32(-SIZE_STEP)
    turned = (met[:, 3] / np.float32(256) - query.angles[hits.asking]) % np.float32(1)
    larger = sizes - query.sizes[hits.asking]
    # From the query's point to its middle, carried over into the film's picture.
    back = -query.places[hits.asking] * np.exp2(larger)[:, None]
    radians = turned * np.float32(2 * np.pi)
    cosine, sine = np.cos(radians), np.sin(radians)
    right = places[:, 0] + cosine * back[:, 0] - sine * back[:, 1]
    down = places[:, 1] + sine * back[:, 0] + cosine * back[:, 1]
    unit = np.float32(_PLACE_BIN) * np.exp2(np.maximum(larger, np.float32(-1.5)))
    return turned, larger, right / unit, down / unit


def weights_of(hits: Hits, known: int) -> Floats:
    """How much each hit says: the nearer and the rarer, the more."""
    near = 1 - hits.bits.astype(np.float32) / np.float32(CODE_BITS / 3)
    rare = np.log((known + 8) / (hits.crowd + 4)) / np.log((known + 8) / 4)
    return np.asarray(near * np.clip(rare, 0, 1), dtype=np.float32)

"""Codes of the points of many films, in the order of their first bits: an immutable block to look up in.

A code is looked up by its first bits and by those with the least sure of them turned, so that one table
does the work of many. A block's arrays may lie in memory or be mapped from a file.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.point_signs import Codes, Floats, Points, codes_of

_BITS = (6, 26)
_TYPICAL_LOG = 3
"""A lookup meets two to this power of codes at most, were they spread evenly."""
_PROBES = 16
_NEAR_BITS = 11
_CROWD = 256
"""Lookups that meet more than so many times the typical number say nothing: text, grids, grass."""
_AT_ONCE = 1 << 21
Bytes = NDArray[np.uint8]
PLACE_STEP = 1 / 200
SIZE_STEP = 1 / 16


@dataclass(frozen=True)
class Hits:
    """Points of a query that met a point of a film."""

    asking: NDArray[np.int64]
    """Row of the query's point."""
    films: NDArray[np.int64]
    shapes: Bytes
    """Right, down, size and direction of the point met, (n, 4), as a block stores them."""
    bits: Bytes
    crowd: NDArray[np.int64]
    """How many points were met in the lookup: the rarer, the more a hit says."""


class Postings:
    """An immutable block of points. Films are numbered from 0 within it."""

    def __init__(
        self, table: NDArray[np.uint32], codes: Codes, films: NDArray[np.uint32], shapes: Bytes
    ) -> None:
        self.table = table
        self.codes = codes
        self.films = films
        self.shapes = shapes
        self._bits = (len(table) - 1).bit_length() - 1

    def __len__(self) -> int:
        return len(self.codes)

    @classmethod
    def of(cls, codes: Codes, films: NDArray[np.uint32], shapes: Bytes) -> "Postings":
        """Put codes in order."""
        bits = int(np.clip(np.log2(max(1, len(codes))) - _TYPICAL_LOG, *_BITS))
        keys = codes & np.uint64((1 << bits) - 1)
        order = np.argsort(keys, kind="stable")
        counts = np.bincount(keys.astype(np.int64), minlength=1 << bits)
        table = np.concatenate([[0], np.cumsum(counts)]).astype(np.uint32)
        return cls(table, codes[order], films[order], shapes[order])

    def find(self, values: Floats) -> Hits:
        """Every point within a few bits of one asked for, as far as the lookups reach."""
        codes = codes_of(values)
        keys, rows = self._keys(values, codes)
        first = self.table[keys].astype(np.int64)
        counts = self.table[keys + 1].astype(np.int64) - first
        counts[counts > _CROWD << _TYPICAL_LOG] = 0
        some = np.flatnonzero(counts)
        first, counts, rows = first[some], counts[some], rows[some]
        parts: list[Hits] = []
        ends = np.cumsum(counts)
        begin = 0
        while begin < len(counts):
            before = int(ends[begin - 1]) if begin else 0
            end = max(begin + 1, int(np.searchsorted(ends, before + _AT_ONCE)))
            parts.append(self._near(codes, first[begin:end], counts[begin:end], rows[begin:end]))
            begin = end
        return joined(parts)

    def _keys(self, values: Floats, codes: Codes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Keys to look up, the code's own and with its least sure bits turned, and the row each is for."""
        bits = self._bits
        own = (codes & np.uint64((1 << bits) - 1)).astype(np.int64)
        unsure = np.argsort(np.abs(values[:, :bits]), axis=1)[:, :_TURNED]
        turned = np.int64(1) << unsure.astype(np.int64)
        masks = turned @ _PATTERNS[:, : turned.shape[1]].T
        keys = (own[:, None] ^ masks).reshape(-1)
        return keys, np.repeat(np.arange(len(codes)), masks.shape[1])

    def _near(
        self, codes: Codes, first: NDArray[np.int64], counts: NDArray[np.int64], rows: NDArray[np.int64]
    ) -> Hits:
        total = int(counts.sum())
        asking = np.repeat(rows, counts)
        starts = np.repeat(first - (np.cumsum(counts) - counts), counts)
        places = starts + np.arange(total)
        bits = np.bitwise_count(self.codes[places] ^ codes[asking])
        near = np.flatnonzero(bits <= _NEAR_BITS)
        met = places[near]
        return Hits(
            asking[near],
            self.films[met].astype(np.int64),
            self.shapes[met],
            bits[near],
            np.repeat(counts, counts)[near],
        )


def joined(parts: list[Hits]) -> Hits:
    """Hits of several lookups as one."""
    if not parts:
        none = np.zeros(0, dtype=np.int64)
        return Hits(none, none, np.zeros((0, 4), np.uint8), np.zeros(0, np.uint8), none)
    if len(parts) == 1:
        return parts[0]
    return Hits(
        np.concatenate([part.asking for part in parts]),
        np.concatenate([part.films for part in parts]),
        np.concatenate([part.shapes for part in parts]),
        np.concatenate([part.bits for part in parts]),
        np.concatenate([part.crowd for part in parts]),
    )


def shapes_of(points: Points) -> Bytes:
    """Places, sizes and directions in a byte each."""
    stored = np.empty((len(points), 4), dtype=np.uint8)
    stored[:, :2] = np.clip(np.rint(points.places / PLACE_STEP) + 128, 0, 255)
    stored[:, 2] = np.clip(np.rint(-points.sizes / SIZE_STEP), 0, 255)
    stored[:, 3] = np.rint(points.angles * 256).astype(np.int64) & 255
    return stored


def _patterns() -> NDArray[np.int64]:
    """Which of the least sure bits to turn: none, and sets of up to three, the likeliest first."""
    sets = [chosen for count in range(4) for chosen in combinations(range(_TURNED), count)]
    # The more sure a bit is the less likely it is wrong; places in the order stand for it well enough.
    sets.sort(key=lambda chosen: (sum(place + 1.5 for place in chosen), chosen))
    table = np.zeros((_PROBES, _TURNED), dtype=np.int64)
    for row, chosen in enumerate(sets[:_PROBES]):
        table[row, list(chosen)] = 1
    return table


_TURNED = 10
_PATTERNS = _patterns()

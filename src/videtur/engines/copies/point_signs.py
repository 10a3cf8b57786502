"""Points of a film's stills as short codes with their geometry: what the point index keeps, and asks with.

A point is described by RootSIFT. Signs of its projections onto a fixed draw of directions make a code of 64
bits: codes of one spot in two copies differ in few bits, however the picture was scaled or turned. Mirrored
and negative pictures need no second look at the pixels: both only permute the parts of a description.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.film import Film
from videtur.engines.copies.fingerprint import PictureFingerprint
from videtur.engines.copies.spread import spread
from videtur.engines.copies.still_points import AT_A_GLANCE, StillPoints, points_in

CODE_BITS = 64
_CELLS, _TURNS = 4, 8
_MOST_STILLS = 4000
_KEPT_A_STILL = 140
_FINEST_SHARE = 0.5
"""At most so many of a still's points are of the finest scale: small insets show only the coarse ones."""
_FINEST = 2.6
_PARTS = 6
"""Parts of the longer side whose strongest points are chosen in turn."""
_ALIKE_BITS = 10
_ALIKE_PLACE = 0.015
_LOOK_BACK = 420
_LEAST_SHOWN = 3
_LOOKED_UP = 3
_LASTS = 2
"""A point that is there again in so many of the other stills that are looked up stays where it is ..."""
_COMES_AND_GOES = 0.35
"""... which in a film that moves on at most so many points are in any of them."""
_LASTING_BITS = 16
Floats = NDArray[np.float32]
Codes = NDArray[np.uint64]

# The mean description in thousandths, of one quarter: the others follow, since the mean over all pictures
# knows neither left from right nor light from dark. It says what pictures are like, and no case enters it.
_QUARTER = (
    ((75, 58, 46, 51, 63, 42, 34, 46), (138, 83, 47, 46, 57, 42, 39, 72)),
    ((92, 62, 48, 58, 76, 52, 38, 53), (173, 92, 49, 56, 72, 50, 42, 88)),
)


class Variant(IntEnum):
    """How a query's points are seen: both kinds of change only permute the parts of a description."""

    PLAIN = 0
    MIRROR = 1
    NEGATIVE = 2
    NEGATIVE_MIRROR = 3


@dataclass(frozen=True)
class Points:
    """Points of one film, still after still."""

    places: Floats
    """Right and down of the still's middle, in parts of its longer side, (n, 2)."""
    sizes: Floats
    """Two's logarithm of each point's size in parts of the longer side."""
    angles: Floats
    """Direction in turns, 0 to 1."""
    stills: NDArray[np.int32]
    descriptions: Floats
    """RootSIFT, (n, 128)."""

    def __len__(self) -> int:
        return len(self.sizes)

    def only(self, rows: NDArray[np.intp]) -> "Points":
        """Some of the points."""
        return Points(
            self.places[rows],
            self.sizes[rows],
            self.angles[rows],
            self.stills[rows],
            self.descriptions[rows],
        )

    def seen(self, variant: Variant) -> "Points":
        """The points as the mirrored or negative picture would show them."""
        grid = self.descriptions.reshape(-1, _CELLS, _CELLS, _TURNS)
        places, angles = self.places, self.angles
        if variant in (Variant.MIRROR, Variant.NEGATIVE_MIRROR):
            grid = grid[:, ::-1, :, (-np.arange(_TURNS)) % _TURNS]
            places = places * np.array([-1, 1], dtype=np.float32)
            angles = (np.float32(0.5) - angles) % np.float32(1)
        if variant in (Variant.NEGATIVE, Variant.NEGATIVE_MIRROR):
            grid = grid[:, ::-1, ::-1]
            angles = (angles + np.float32(0.5)) % np.float32(1)
        return Points(places, self.sizes, angles, self.stills, np.ascontiguousarray(grid).reshape(-1, 128))

    @property
    def values(self) -> Floats:
        """Projections whose signs make the code, (n, 64)."""
        return np.asarray((self.descriptions - MEAN) @ DIRECTIONS.T, dtype=np.float32)


def codes_of(values: Floats) -> Codes:
    """The signs of projections as one number for each point; bit 0 is the first."""
    packed = np.packbits(values > 0, axis=1, bitorder="little")
    return np.ascontiguousarray(packed).view("<u8").reshape(-1).astype(np.uint64)


def query_points(film: Film, stills: int, each: int) -> Points:
    """Points to ask with: fine ones too, spread over each of at most so many stills."""
    chosen = spread(len(film.fingerprint.stills), stills)
    found = _joined([_of_still(film.found_in(number), number, each) for number in chosen])
    return found.only(_not_laid_over(found))


def reference_points(fingerprint: PictureFingerprint) -> Points:
    """Points to keep: fewer, and one that stays where it is over the following stills only once."""
    seen = [
        _of_still(points_in(fingerprint.stills[number].jpeg, AT_A_GLANCE), number, _KEPT_A_STILL)
        for number in spread(len(fingerprint.stills), _MOST_STILLS)
    ]
    found = _joined(seen)
    found = found.only(_not_laid_over(found))
    return found.only(_first_seen(found))


def _joined(parts: Sequence[Points]) -> Points:
    none = np.zeros(0, dtype=np.float32)
    nothing = Points(
        np.zeros((0, 2), np.float32), none, none, np.zeros(0, np.int32), np.zeros((0, 128), np.float32)
    )
    kept = [nothing, *parts]
    return Points(
        np.concatenate([part.places for part in kept]),
        np.concatenate([part.sizes for part in kept]),
        np.concatenate([part.angles for part in kept]),
        np.concatenate([part.stills for part in kept]),
        np.concatenate([part.descriptions for part in kept]),
    )


def _of_still(found: StillPoints, number: int, each: int) -> Points:
    longer = np.float32(max(found.height, found.width))
    middle = np.array([found.width / 2, found.height / 2], dtype=np.float32)
    points = Points(
        (found.places - middle) / longer,
        np.log2(found.sizes / longer).astype(np.float32),
        (found.angles / 360 % 1).astype(np.float32),
        np.full(len(found), number, dtype=np.int32),
        found.descriptions,
    )
    return points.only(_chosen(points.places, found.sizes, found.strengths, each))


def _chosen(places: Floats, sizes: Floats, strengths: Floats, each: int) -> NDArray[np.intp]:
    """The strongest points of every part of the picture in turn, with room for the coarse ones."""
    if len(sizes) <= each:
        return np.arange(len(sizes), dtype=np.intp)
    parts = np.floor((places + np.float32(0.5)) * _PARTS).astype(np.int64)
    cell = parts[:, 0] * (_PARTS + 2) + parts[:, 1]
    order = np.lexsort((-strengths, cell))
    begins = np.diff(cell[order], prepend=-99) != 0
    edges = np.flatnonzero(begins)
    turn = np.empty(len(order), dtype=np.int64)
    turn[order] = np.arange(len(order)) - edges[np.cumsum(begins) - 1]
    # In turns, so that a sharp host leaves room for a soft inset; the first few of a part before any more.
    by_turn = np.lexsort((-strengths, turn))
    fine = sizes[by_turn] < _FINEST
    allowed = np.where(fine, np.cumsum(fine) <= each * _FINEST_SHARE, True)
    return np.concatenate([by_turn[allowed], by_turn[~allowed]])[:each].astype(np.intp)


def _not_laid_over(points: Points) -> NDArray[np.intp]:
    """Rows without those that stay while nearly all else comes and goes: a channel's logo, a title.

    Films that show one logo are not for that one film. A fixed camera shows all things in one place, so there
    nothing is left out.
    """
    stills = np.unique(points.stills)
    if len(stills) < _LEAST_SHOWN:
        return np.arange(len(points), dtype=np.intp)
    codes = codes_of(points.values)
    rows_of = {int(still): np.flatnonzero(points.stills == still) for still in stills}
    seen = np.zeros(len(points))
    for step in range(1, _LOOKED_UP + 1):
        for place, still in enumerate(stills.tolist()):
            rows = rows_of[still]
            other = rows_of[int(stills[(place + step * len(stills) // (_LOOKED_UP + 1)) % len(stills)])]
            seen[rows] += _shown_again(points, codes, rows, other, _LASTING_BITS)
        if float((seen > 0).mean()) > _COMES_AND_GOES:
            return np.arange(len(points), dtype=np.intp)
    return np.flatnonzero(seen < _LASTS).astype(np.intp)


def _shown_again(
    points: Points, codes: Codes, rows: NDArray[np.intp], others: NDArray[np.intp], within: int
) -> NDArray[np.bool_]:
    """Which of some points are in the same place, and look the same, among the others."""
    bits = np.bitwise_count(codes[rows, None] ^ codes[None, others])
    alike = bits <= within
    for axis in (0, 1):
        mine, theirs = points.places[rows, axis], points.places[others, axis]
        alike &= np.abs(mine[:, None] - theirs[None]) < _ALIKE_PLACE
    return np.asarray(alike.any(axis=1), dtype=np.bool_)


def _first_seen(points: Points) -> NDArray[np.intp]:
    """Rows without those that repeat a point of the stills before: a fixed camera shows a wall once."""
    codes = codes_of(points.values)
    kept = np.zeros(0, dtype=np.intp)
    for still in np.unique(points.stills):
        rows = np.flatnonzero(points.stills == still)
        before = kept[-_LOOK_BACK:]
        if len(before):
            rows = rows[~_shown_again(points, codes, rows, before, _ALIKE_BITS)]
        kept = np.concatenate([kept, rows])
    return kept


def _mean() -> Floats:
    quarter = np.array(_QUARTER, dtype=np.float32) / 1000
    left = np.concatenate([quarter, quarter[::-1][:, :, (-np.arange(_TURNS)) % _TURNS]])
    whole = np.concatenate([left, left[::-1, ::-1]], axis=1)
    return np.asarray(whole, dtype=np.float32).reshape(-1)


def _directions() -> Floats:
    """A fixed draw of directions at right angles to one another."""
    draw = np.random.default_rng(20)
    square, _ = np.linalg.qr(draw.normal(size=(128, 128)))
    return np.asarray(square[:CODE_BITS], dtype=np.float32)


MEAN = _mean()
DIRECTIONS = _directions()

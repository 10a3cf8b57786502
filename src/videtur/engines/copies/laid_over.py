"""What lies over one of two aligned films and not over the other: a text, a logo, a sticker, a bar.

Where nearly all of the common picture agrees, the few places that never do, though there is something to see
in them, are covered in one of the films. The cover stays while the film beneath it moves; and where nothing
moves, it is what has the sharper edges.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.film import Floats
from videtur.engines.copies.motion import overlay
from videtur.engines.copies.refinement import normalised, summed_in_cells
from videtur.engines.copies.registration import Matrix

_PIXELS = 9000
_CELL = 8
_LEAST_CELLS = 20
_LEAST_TEXTURE = 0.05
_AGREEING = 0.75
_FOREIGN = 0.3
_LEAST_FOREIGN = 2
_MOST_FOREIGN = 0.35
_CLEARLY_STILLER = 0.25
_CLEARLY_SHARPER = 0.5
_CLEAR_CONTRAST = 9.0
"""Grey levels: fainter is what coding took away, not what somebody laid over."""


@dataclass(frozen=True)
class Covered:
    """Which part of the common picture is covered in either film only (0..1)."""

    source: float
    target: float

    def turned(self) -> "Covered":
        """The same, told from the other film."""
        return Covered(self.target, self.source)


def covered(moments: Sequence[tuple[Floats, Floats]], matrix: Matrix) -> Covered:
    """Compare aligned pictures (n, height, width) of some moments by cells; nothing is said of bad copies."""
    source, target = (np.concatenate([moment[side] for moment in moments]) for side in (0, 1))
    laid = overlay((source.shape[1], source.shape[2]), (target.shape[1], target.shape[2]), matrix, _PIXELS)
    if laid is None or min(laid.width, laid.height) < 3 * _CELL:
        return Covered(0.0, 0.0)
    mask = laid.mask()
    seen, there = laid.source(source), laid.target(target)
    mine, other = normalised(seen, mask) * mask, normalised(there, mask) * mask
    whole = _summed(mask[None].astype(np.float32)) >= 0.9 * _CELL**2
    one, two = _summed(mine**2), _summed(other**2)
    floor = _LEAST_TEXTURE * len(mine) * _CELL**2
    likeness = _summed(mine * other) / np.sqrt(np.maximum(one * two, floor**2))
    textured = whole & (np.maximum(one, two) > floor)
    if textured.sum() < _LEAST_CELLS or float(np.median(likeness[textured])) < _AGREEING:
        return Covered(0.0, 0.0)
    foreign = textured & (likeness < _FOREIGN) & (_contrast(seen, there, mask) > _CLEAR_CONTRAST)
    share = float(foreign.sum()) / float(whole.sum())
    if foreign.sum() < _LEAST_FOREIGN or share > _MOST_FOREIGN:
        return Covered(0.0, 0.0)
    stiller = _stillness(mine, foreign) - _stillness(other, foreign)
    sharper = float(np.log(_edges(seen, foreign) / _edges(there, foreign)))
    # A sticker may move, and then says the wrong thing by not being still.
    cover = float(np.clip(stiller / _CLEARLY_STILLER, -1.5, 1.5)) + sharper / _CLEARLY_SHARPER
    return Covered(share, 0.0) if cover > 0 else Covered(0.0, share)


def _contrast(mine: Floats, other: Floats, mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """How far the films differ in each cell, in grey levels of the paler one, light and gain made equal."""
    a, b = (part - part[:, mask].mean() for part in (mine, other))
    spreads = float(a[:, mask].std()) + 1e-3, float(b[:, mask].std()) + 1e-3
    level = min(spreads)
    return _summed(np.abs(a * level / spreads[0] - b * level / spreads[1])) / (len(mine) * _CELL**2)


def _stillness(pictures: Floats, cells: NDArray[np.bool_]) -> float:
    """How far what is in some cells stays as it is from the first to the last of the pictures (-1..1)."""
    first, last = pictures[:1], pictures[-1:]
    product, one, two = (_summed(part)[cells].sum() for part in (first * last, first**2, last**2))
    return float(product / np.sqrt(max(1e-6, float(one * two))))


def _edges(pictures: Floats, cells: NDArray[np.bool_]) -> float:
    down, right = np.gradient(pictures, axis=(1, 2))
    return float(_summed(np.hypot(down, right).astype(np.float32))[cells].sum()) + 1.0


def _summed(pictures: Floats) -> NDArray[np.float64]:
    """The sum of each cell over all pictures (n, height, width)."""
    return summed_in_cells(np.asarray(pictures.sum(axis=0), dtype=np.float32), _CELL)

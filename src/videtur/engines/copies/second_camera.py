"""Whether two films that move alike can have been taken by two cameras side by side: parallax.

Two cameras at one event see the same movements at the same instants. What tells them apart is depth: under
the one map that fits a copy, near and far things of a second camera lie beside it by different amounts.
What is laid over a copy (a bar, text) fits at no displacement, and so does not count as depth.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.film import Floats
from videtur.engines.copies.motion import overlay
from videtur.engines.copies.refinement import normalised
from videtur.engines.copies.registration import Matrix

_PIXELS = 7000
_CELL = 12
_REACH = 4
_LEAST_TEXTURE = 0.05
_FITS = 0.6
_BETTER = 0.06
_LEAST_CELLS = 6


@dataclass(frozen=True)
class Depth:
    """How the picture's textured cells fit under one map."""

    cells: int
    """Cells with enough texture that fit somewhere."""
    displaced: float
    """Part of them that fit clearly better beside their place, 0..1."""

    @property
    def judged(self) -> bool:
        """Whether there is enough to go by."""
        return self.cells >= _LEAST_CELLS


def depth(source: Floats, target: Floats, matrix: Matrix) -> Depth:
    """Compare aligned pictures of two films (n, height, width) cell by cell, at every small displacement."""
    laid = overlay((source.shape[1], source.shape[2]), (target.shape[1], target.shape[2]), matrix, _PIXELS)
    if laid is None:
        return Depth(0, 0.0)
    mask = laid.mask()
    rows, columns = (side // _CELL for side in mask.shape)
    if rows < 2 or columns < 2:
        return Depth(0, 0.0)
    mine = normalised(laid.source(source), mask) * mask
    other = normalised(laid.target(target), mask) * mask
    inside = _summed(mask[None].astype(np.float32), rows, columns) >= 0.9 * _CELL**2
    best = np.full((rows, columns), -1.0)
    near = np.full((rows, columns), -1.0)
    energy = _summed(other**2, rows, columns)
    for down in range(-_REACH, _REACH + 1):
        for right in range(-_REACH, _REACH + 1):
            moved = np.roll(mine, (down, right), axis=(1, 2))
            power = _summed(moved**2, rows, columns)
            likeness = _summed(moved * other, rows, columns) / np.sqrt(np.maximum(power * energy, 1e-6))
            best = np.maximum(best, likeness)
            if max(abs(down), abs(right)) <= 1:
                near = np.maximum(near, likeness)
    textured = inside & (energy > _LEAST_TEXTURE * len(source) * _CELL**2)
    fits = textured & (best >= _FITS)
    displaced = fits & (best > near + _BETTER)
    count = int(fits.sum())
    return Depth(count, float(displaced.sum()) / max(1, count))


def _summed(pictures: Floats, rows: int, columns: int) -> NDArray[np.float64]:
    trimmed = pictures[:, : rows * _CELL, : columns * _CELL]
    cells = trimmed.reshape(len(pictures), rows, _CELL, columns, _CELL)
    return cells.sum(axis=(0, 2, 4), dtype=np.float64)

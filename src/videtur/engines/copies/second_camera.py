"""Whether two films that move alike can have been taken by two cameras side by side: parallax.

Two cameras at one event see the same movements at the same instants. What tells them apart is depth: no one
map brings near and far things of a second camera to their places. So each small cell of the picture is sought
beside its place, to a part of a pixel; what one smooth field explains of these shifts is an inexact map, and
what it leaves is depth. What is laid over a copy (a bar, text) fits nowhere and so does not count.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.film import Floats
from videtur.engines.copies.motion import overlay
from videtur.engines.copies.refinement import normalised
from videtur.engines.copies.registration import Matrix

_PIXELS = 9000
_CELL = 10
_REACH = 3
_CLEAR = 0.1
_LEAST_TEXTURE = 0.05
_FITS = 0.6
_SHARPNESS = 0.02
_LEAST_CELLS = 24
_FITTING_ROUNDS = 8
_UPPER = 75


@dataclass(frozen=True)
class Depth:
    """What is left of the cells' shifts when one map has explained what it can."""

    cells: int
    """Cells with enough detail to be placed."""
    displaced: float
    """A quarter of them lie further off than this, in pixels of a picture of some 128 by 72."""

    @property
    def judged(self) -> bool:
        """Whether there is enough to go by."""
        return self.cells >= _LEAST_CELLS


def depth(source: Floats, target: Floats, matrix: Matrix) -> Depth:
    """Seek each cell of aligned pictures (n, height, width) beside its place under the map."""
    laid = overlay((source.shape[1], source.shape[2]), (target.shape[1], target.shape[2]), matrix, _PIXELS)
    if laid is None:
        return Depth(0, 0.0)
    mask = laid.mask()
    if min(mask.shape) < 2 * _CELL:
        return Depth(0, 0.0)
    mine, other = normalised(laid.source(source), mask) * mask, normalised(laid.target(target), mask) * mask
    likeness, placed = _sought(_together(mine, other), other, mask)
    shifts, sharp = _peaks(likeness)
    good = placed & sharp
    count = int(good.sum())
    if count < _LEAST_CELLS:
        return Depth(count, 0.0)
    rows, columns = np.nonzero(good)
    return Depth(count, float(np.percentile(_left_over(shifts[good], rows, columns), _UPPER)))


def _together(mine: Floats, other: Floats) -> Floats:
    """Each picture moved as a whole to where it fits its partner: they were taken at nearly one moment."""
    moved = mine.copy()
    window = cv2.createHanningWindow((mine.shape[2], mine.shape[1]), cv2.CV_32F)
    for index in range(len(mine)):
        shift, clear = cv2.phaseCorrelate(other[index], mine[index], window)
        if clear > _CLEAR and max(abs(shift[0]), abs(shift[1])) <= _REACH:
            back = np.array([[1, 0, -shift[0]], [0, 1, -shift[1]]], dtype=np.float32)
            moved[index] = cv2.warpAffine(mine[index], back, (mine.shape[2], mine.shape[1]))
    return moved


def _sought(
    mine: Floats, other: Floats, mask: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Likeness of each cell at each shift, (down, right, rows, columns); and which cells have detail."""
    energy = _summed(other**2)
    inside = _summed(mask[None].astype(np.float32)) >= 0.9 * _CELL**2
    side = 2 * _REACH + 1
    found = np.zeros((side, side, *energy.shape))
    for down in range(side):
        for right in range(side):
            moved = np.roll(mine, (down - _REACH, right - _REACH), axis=(1, 2))
            power = _summed(moved**2) * energy
            found[down, right] = _summed(moved * other) / np.sqrt(np.maximum(power, 1e-6))
    textured = energy > _LEAST_TEXTURE * len(mine) * _CELL**2
    return found, inside & textured & (found.max(axis=(0, 1)) >= _FITS)


def _summed(pictures: Floats) -> NDArray[np.float64]:
    rows, columns = pictures.shape[1] // _CELL, pictures.shape[2] // _CELL
    trimmed = pictures[:, : rows * _CELL, : columns * _CELL]
    cells = trimmed.reshape(len(pictures), rows, _CELL, columns, _CELL)
    return np.asarray(cells.sum(axis=(0, 2, 4), dtype=np.float64))


def _peaks(likeness: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The best shift of each cell, (rows, columns, 2), to a part of a pixel; and whether it is clear."""
    side, _, rows, columns = likeness.shape
    best = likeness.reshape(side * side, rows, columns).argmax(axis=0)
    down, right = best // side, best % side
    within = (down > 0) & (down < side - 1) & (right > 0) & (right < side - 1)
    down, right = np.clip(down, 1, side - 2), np.clip(right, 1, side - 2)
    row, column = np.indices((rows, columns))
    top = likeness[down, right, row, column]
    shifts = np.zeros((rows, columns, 2))
    sharp = within
    for axis, (step_down, step_right) in enumerate(((0, 1), (1, 0))):
        before = likeness[down - step_down, right - step_right, row, column]
        after = likeness[down + step_down, right + step_right, row, column]
        bend = 2 * top - before - after
        whole = (right, down)[axis] - _REACH
        shifts[..., axis] = whole + np.clip((after - before) / np.maximum(2 * bend, 1e-9), -0.5, 0.5)
        sharp = sharp & (bend > _SHARPNESS)
    return shifts, sharp


def _left_over(
    shifts: NDArray[np.float64], rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> NDArray[np.float64]:
    """How far each cell lies from where a smooth field puts it; the field is fitted to most, not to all."""
    down = rows / max(1, int(rows.max())) - 0.5
    right = columns / max(1, int(columns.max())) - 0.5
    places = np.stack([np.ones(len(rows)), down, right, down * down, down * right, right * right], axis=1)
    weight = np.ones((len(rows), 1))
    rest = np.hypot(shifts[:, 0], shifts[:, 1])
    for _ in range(_FITTING_ROUNDS):
        fitted = np.linalg.lstsq(places * weight, shifts * weight, rcond=None)[0]
        off = shifts - places @ fitted
        rest = np.hypot(off[:, 0], off[:, 1])
        weight = (1 / np.sqrt(np.maximum(rest, 0.1)))[:, None]
    return rest

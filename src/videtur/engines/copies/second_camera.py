"""Whether two films that move alike can have been taken by two cameras side by side: parallax.

Two cameras at one event see the same movements at the same instants. What tells them apart is depth: no one
map brings near and far things of a second camera to their places. So each small cell of the picture is sought
beside its place, to a part of a pixel; what one smooth field explains of these shifts is an inexact map, and
what it leaves is depth. Depth lasts from moment to moment and lies along one line, that which joins the two
cameras; what blur, noise and coding leave does neither. What is laid over a copy (a bar, text) fits nowhere
and so does not count.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.film import Floats
from videtur.engines.copies.motion import overlay
from videtur.engines.copies.refinement import normalised, summed_in_cells
from videtur.engines.copies.registration import Matrix

_PIXELS = 9000
_CELL = 10
_REACH = 3
_CLEAR = 0.1
_LEAST_TEXTURE = 0.05
_FITS = 0.6
_SHARPNESS = 0.02
_LEAST_CELLS = 16
_FITTING_ROUNDS = 8
_UPPER = 75
_TAME = 1.5


@dataclass(frozen=True)
class Depth:
    """What is left of the cells' shifts when one map has explained what it can."""

    cells: int
    """Cells with enough detail to be placed."""
    displaced: float
    """A quarter of them lie further off than this along one line, in pixels of some 128 by 72."""

    @property
    def judged(self) -> bool:
        """Whether there is enough to go by."""
        return self.cells >= _LEAST_CELLS


def depth(moments: Sequence[tuple[Floats, Floats]], matrix: Matrix) -> Depth:
    """Seek each cell of aligned pictures beside its place under the map, and keep what lasts.

    A moment is some pictures of the source and of the target, each (n, height, width), of the same instants.
    """
    seen = [_left_in(source, target, matrix) for source, target in moments]
    most = max((_known(rest) for rest in seen), default=0)
    kept = [rest for rest in seen if _known(rest) >= _LEAST_CELLS]
    if not kept:
        return Depth(most, 0.0)
    rests = np.stack(kept)
    often = (~np.isnan(rests[..., 0])).sum(axis=0) >= 2
    lasting = int(often.sum()) >= _LEAST_CELLS
    left = np.nanmean(rests[:, often], axis=0) if lasting else rests[~np.isnan(rests[..., 0])]
    return Depth(len(left) if lasting else most, float(np.percentile(_along_one_line(left), _UPPER)))


def _known(rest: NDArray[np.float64]) -> int:
    return int((~np.isnan(rest[..., 0])).sum())


def _left_in(source: Floats, target: Floats, matrix: Matrix) -> NDArray[np.float64]:
    """What each cell is off by in a moment, right and down, (rows, columns, 2); no number where unknown."""
    none = np.full((0, 0, 2), np.nan)
    laid = overlay((source.shape[1], source.shape[2]), (target.shape[1], target.shape[2]), matrix, _PIXELS)
    if laid is None:
        return none
    mask = laid.mask()
    if min(mask.shape) < 2 * _CELL:
        return none
    mine, other = normalised(laid.source(source), mask) * mask, normalised(laid.target(target), mask) * mask
    likeness, placed = _sought(_together(mine, other), other, mask)
    shifts, sharp = _peaks(likeness)
    good = placed & sharp
    rest = np.full((*good.shape, 2), np.nan)
    if good.sum() >= _LEAST_CELLS:
        rest[good] = _left_over(shifts[good], *np.nonzero(good))
    return rest


def _along_one_line(left: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far each shift goes along the line on which most of them lie; a few wild ones do not turn it."""
    size = np.hypot(left[:, 0], left[:, 1])
    tame = left * np.minimum(1.0, _TAME / np.maximum(size, 1e-9))[:, None]
    _, axes = np.linalg.eigh(tame.T @ tame)
    return np.abs(left @ axes[:, 1])


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
    energy, own = _summed((other**2).sum(axis=0)), (mine**2).sum(axis=0)
    inside = _summed(mask.astype(np.float32)) >= 0.9 * _CELL**2
    side = 2 * _REACH + 1
    found = np.zeros((side, side, *energy.shape))
    for down in range(side):
        for right in range(side):
            shift = down - _REACH, right - _REACH
            power = _summed(np.roll(own, shift, axis=(0, 1))) * energy
            products = np.einsum("nhw,nhw->hw", np.roll(mine, shift, axis=(1, 2)), other)
            found[down, right] = _summed(products) / np.sqrt(np.maximum(power, 1e-6))
    textured = energy > _LEAST_TEXTURE * len(mine) * _CELL**2
    return found, inside & textured & (found.max(axis=(0, 1)) >= _FITS)


def _summed(picture: Floats) -> NDArray[np.float64]:
    return summed_in_cells(picture, _CELL)


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
    """How each cell lies off from where a smooth field puts it; the field is fitted to most, not to all."""
    down = rows / max(1, int(rows.max())) - 0.5
    right = columns / max(1, int(columns.max())) - 0.5
    places = np.stack([np.ones(len(rows)), down, right, down * down, down * right, right * right], axis=1)
    weight = np.ones((len(rows), 1))
    off = shifts
    for _ in range(_FITTING_ROUNDS):
        fitted = np.linalg.lstsq(places * weight, shifts * weight, rcond=None)[0]
        off = shifts - places @ fitted
        weight = (1 / np.sqrt(np.maximum(np.hypot(off[:, 0], off[:, 1]), 0.1)))[:, None]
    return off

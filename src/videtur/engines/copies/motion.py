"""Agreement of motion: whether two films, laid over one another in place and time, move alike."""

from dataclasses import dataclass

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from videtur.engines.copies.film import RATE, Floats, smaller_shape
from videtur.engines.copies.registration import Matrix

HIGH_PASS_FRAMES = 9
"""Centred mean of this many pictures on either side is taken off: 0.6 s, as slow light is not motion."""
WINDOW_FRAMES = 8
"""Half a second."""
QUARTER_LEVEL = 0.25
"""Change of a quarter of a grey level is none."""
_DIFFERENCE_FRAMES = 2
_MOVING_VARIANCE = 3.0
_WINDOW_ENERGY = 0.02
_LEAST_PIXELS = 12
_LEAST_CELLS = 8
_CONTRARY_CELL = 0.45
_FAR_MORE = 2.5
_STILL_CELL = 100.0
_AGREEING_CELLS = 0.85
_MOST_CONTRARY = 0.25
_SWAY = 0.03
_MOST_SHIFT = 1.0
_CELL = 5
"""Side of a cell in pixels of the grid."""


@dataclass(frozen=True)
class Overlay:
    """A common grid for two films: its size, and the maps from each film's pictures onto it."""

    width: int
    height: int
    source_map: Matrix
    target_map: Matrix
    source_shape: tuple[int, int]
    target_shape: tuple[int, int]

    def source(self, pictures: Floats) -> Floats:
        """Pictures of the source laid onto the grid; they may have been made smaller before."""
        return _laid(pictures, self.source_map, self.source_shape, (self.width, self.height))

    def target(self, pictures: Floats) -> Floats:
        """Pictures of the target laid onto the grid; they may have been made smaller before."""
        return _laid(pictures, self.target_map, self.target_shape, (self.width, self.height))

    def smaller(self, pictures: Floats) -> Floats:
        """Pictures of the source, made about as coarse as the grid: for laying them again and again."""
        height, width = smaller_shape(self.source_shape, self.source_reduction)
        if pictures.shape[1:] == (height, width):
            return pictures
        shrunk = np.empty((len(pictures), height, width), dtype=np.float32)
        for index in range(len(pictures)):
            picture: MatLike = pictures[index]
            cv2.resize(picture, (width, height), shrunk[index], interpolation=cv2.INTER_AREA)
        return shrunk

    @property
    def source_reduction(self) -> float:
        """How many times coarser the grid is than the pictures of the source, by length."""
        return 1 / max(_zoom(self.source_map, self.source_shape), 1e-3)

    @property
    def target_reduction(self) -> float:
        """How many times coarser the grid is than the pictures of the target, by length."""
        return 1 / max(_zoom(self.target_map, self.target_shape), 1e-3)

    def mask(self) -> NDArray[np.bool_]:
        """Where on the grid both films have picture."""
        ones = np.ones((1, *self.source_shape), np.float32)
        others = np.ones((1, *self.target_shape), np.float32)
        return (self.source(ones)[0] > 0.95) & (self.target(others)[0] > 0.95)


def overlay(
    source_shape: tuple[int, int], target_shape: tuple[int, int], matrix: Matrix, pixels: int
) -> Overlay | None:
    """Lay both pictures onto the coarser of their two grids, so that neither is blown up.

    The grid holds only what both have (an inset, not the film around it), in about so many pixels at most.
    None when they have next to nothing in common.
    """
    across = np.asarray(_pixels(target_shape) @ matrix @ np.linalg.inv(_pixels(source_shape)), np.float64)
    if _zoom(across, source_shape) <= 1.0:
        maps, corners, bounds = (across, np.eye(3)), _corners(source_shape, across), target_shape
    else:
        back = np.asarray(np.linalg.inv(across), np.float64)
        maps, corners, bounds = (np.eye(3), back), _corners(target_shape, back), source_shape
    low = np.maximum(corners.min(axis=0), 0)
    high = np.minimum(corners.max(axis=0), (bounds[1], bounds[0]))
    width, height = (float(value) for value in high - low)
    if not (width > 3 and height > 3):
        return None
    scale = min(1.0, float(np.sqrt(pixels / (width * height))))
    size = max(4, round(width * scale)), max(4, round(height * scale))
    grid = np.diag([size[0] / width, size[1] / height, 1.0])
    grid[:2, 2] = -low * np.diag(grid)[:2]
    return Overlay(size[0], size[1], grid @ maps[0], grid @ maps[1], source_shape, target_shape)


def _pixels(shape: tuple[int, int]) -> Matrix:
    return np.diag([float(shape[1]), float(shape[0]), 1.0])


def _corners(shape: tuple[int, int], matrix: Matrix) -> NDArray[np.float64]:
    height, width = shape
    square = np.array([[[0.0, 0], [width, 0], [width, height], [0, height]]])
    return np.asarray(cv2.perspectiveTransform(square, matrix)[0], dtype=np.float64)


def _zoom(matrix: Matrix, shape: tuple[int, int]) -> float:
    """How much a map enlarges at the centre of the picture, by length."""
    height, width = shape
    centre = np.array([[[width / 2, height / 2], [width / 2 + 1, height / 2], [width / 2, height / 2 + 1]]])
    moved = cv2.perspectiveTransform(centre, matrix)[0]
    one, two = moved[1] - moved[0], moved[2] - moved[0]
    return float(np.sqrt(abs(one[0] * two[1] - one[1] * two[0])))


def _laid(pictures: Floats, matrix: Matrix, shape: tuple[int, int], size: tuple[int, int]) -> Floats:
    """Pictures of a film of this shape, laid by the map of its pixels onto a grid of a width and height."""
    laid = np.empty((len(pictures), size[1], size[0]), np.float32)
    if not len(pictures):
        return laid
    height, width = pictures.shape[1:]
    left = 1 / max(_zoom(matrix, shape), 1e-3) * height / shape[0]
    height, width = smaller_shape((height, width), left)
    # Pixel centres, not corners, are what the map is about.
    half, back = np.eye(3), np.eye(3)
    half[:2, 2], back[:2, 2] = 0.5, -0.5
    centred = back @ matrix @ np.diag([shape[1] / width, shape[0] / height, 1.0]) @ half
    for index in range(len(pictures)):
        picture: MatLike = pictures[index]
        if picture.shape != (height, width):
            picture = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
        cv2.warpPerspective(
            picture, centred, size, laid[index], flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT
        )
    return laid


def differences(pictures: Floats) -> Floats:
    """Change over four pictures, without the part common to the whole picture; (n, pixels)."""
    change = np.zeros_like(pictures)
    reach = _DIFFERENCE_FRAMES
    if len(pictures) > 2 * reach:
        change[reach:-reach] = pictures[2 * reach :] - pictures[: -2 * reach]
    flat = change.reshape(len(pictures), -1)
    return flat - flat.mean(axis=1, keepdims=True)


def lag_likeness(chunk: Floats, film: Floats, floor: float = QUARTER_LEVEL) -> Floats:
    """Normalised correlation of a chunk (n, pixels) with a film (m, pixels) at each of m - n + 1 lags.

    The floor, of so much a value, keeps near-still stretches from winning by chance.
    """
    count, length = len(chunk), len(film)
    if length < count or not count:
        return np.zeros(0, np.float32)
    products = film @ chunk.T
    steps = products.strides
    diagonals = np.lib.stride_tricks.as_strided(
        products, (length - count + 1, count), (steps[0], steps[0] + steps[1]), writeable=False
    )
    energy = np.concatenate([[0.0], np.cumsum((film.astype(np.float64) ** 2).sum(axis=1))])
    there = energy[count:] - energy[:-count]
    here = float((chunk.astype(np.float64) ** 2).sum())
    least = floor**2 * chunk.size
    return (diagonals.sum(axis=1) / np.sqrt((here + least) * (there + least))).astype(np.float32)


def high_passed(pictures: Floats) -> Floats:
    """Pictures less their centred mean over time, cut at the ends; and less what the whole picture does."""
    count = len(pictures)
    totals = np.concatenate(
        [np.zeros((1, *pictures.shape[1:])), np.cumsum(pictures, axis=0, dtype=np.float64)]
    )
    first = np.maximum(np.arange(count) - HIGH_PASS_FRAMES, 0)
    last = np.minimum(np.arange(count) + HIGH_PASS_FRAMES + 1, count)
    means = (totals[last] - totals[first]) / (last - first)[:, None, None]
    return (pictures - means).astype(np.float32)


@dataclass(frozen=True)
class Agreement:
    """What each half-second window of an overlay says."""

    likeness: NDArray[np.float64]
    """Normalised correlation of motion; meaningless where nothing moves."""
    moving: NDArray[np.bool_]
    """Whether enough moves in both films to judge by."""
    still_likeness: NDArray[np.float64]
    """Correlation of the pictures themselves."""
    cells: NDArray[np.float64]
    """Correlation over time and place within each small cell that moves in both films."""
    shared_motion: float
    """Part of what moves in either film that moves in both."""
    both: NDArray[np.bool_]
    """The pixels inside the mask that move in both films."""


def agreement(source: Floats, target: Floats, mask: NDArray[np.bool_]) -> Agreement | None:
    """Compare two films already on one grid and one clock, (n, height, width), inside the mask."""
    count = len(source) // WINDOW_FRAMES
    if count < 1 or mask.sum() < _LEAST_PIXELS:
        return None
    length = count * WINDOW_FRAMES
    mine, other = _motion(source, mask)[:length], _motion(target, mask)[:length]
    shape = (count, WINDOW_FRAMES, -1)
    power_mine = (mine.reshape(shape) ** 2).mean(axis=1)
    power_other = (other.reshape(shape) ** 2).mean(axis=1)
    moves_mine = (power_mine > _MOVING_VARIANCE).any(axis=0)
    moves_other = (power_other > _MOVING_VARIANCE).any(axis=0)
    # What lies over one of the films (a bar, a logo, a frozen corner) hides motion; it does not contradict.
    both = moves_mine & moves_other
    either = int((moves_mine | moves_other).sum())
    cells, cell_of, energies = _cells(mine, other, mask, both)
    judged = both & ~_laid_over(cells, cell_of)
    tamed_mine, tamed_other = _tamed(*energies)
    mine, other = mine * tamed_mine[cell_of], other * tamed_other[cell_of]
    # Gain may differ (washed colours, negative film): motion counts by what moves in either one.
    lively = ((power_mine > _MOVING_VARIANCE) | (power_other > _MOVING_VARIANCE)) & judged
    weight = lively[:, None, :]
    a, b = mine.reshape(shape), other.reshape(shape)
    products = (a * b * weight).sum(axis=(1, 2), dtype=np.float64)
    strengths = np.sqrt(
        (a**2 * weight).sum(axis=(1, 2), dtype=np.float64)
        * (b**2 * weight).sum(axis=(1, 2), dtype=np.float64)
    )
    enough = lively.sum(axis=1) >= _LEAST_PIXELS / 2
    moving = enough & (strengths > _WINDOW_ENERGY * float(np.percentile(strengths, 90)))
    pictures = _correlations(
        source[:length][:, mask].reshape(shape).mean(axis=1, dtype=np.float64),
        target[:length][:, mask].reshape(shape).mean(axis=1, dtype=np.float64),
    )
    return Agreement(
        likeness=products / np.maximum(strengths, 1e-6),
        moving=moving,
        still_likeness=pictures,
        cells=cells[~np.isnan(cells)],
        shared_motion=float(both.sum()) / max(1, either),
        both=both,
    )


def _laid_over(cells: NDArray[np.float64], cell_of: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Pixels of the few cells that contradict where nearly all agree: running text, a moving logo."""
    known = cells[~np.isnan(cells)]
    contrary = cells < _CONTRARY_CELL
    nothing = np.zeros(len(cell_of), dtype=bool)
    if len(known) < _LEAST_CELLS or float(np.median(known)) < _AGREEING_CELLS:
        return nothing
    return contrary[cell_of] if float(contrary.sum()) <= _MOST_CONTRARY * len(known) else nothing


def _tamed(mine: NDArray[np.float64], other: NDArray[np.float64]) -> tuple[Floats, Floats]:
    """Factors for each cell's motion: none moves far more in one film than in the other, beside the rest.

    A bright thing laid over one film would else count for more than everything beneath it.
    """
    ratio = (mine + _STILL_CELL) / (other + _STILL_CELL)
    known = (mine > 0) & (other > 0)
    usual = float(np.median(ratio[known])) if known.any() else 1.0
    excess = np.sqrt(ratio / usual) / _FAR_MORE
    return (
        np.where(excess > 1, 1 / np.maximum(excess, 1), 1.0).astype(np.float32),
        np.where(excess * _FAR_MORE**2 < 1, excess * _FAR_MORE**2, 1.0).astype(np.float32),
    )


def _motion(pictures: Floats, mask: NDArray[np.bool_]) -> Floats:
    high = high_passed(pictures)[:, mask]
    high -= np.median(high, axis=1, keepdims=True)
    return high


def _cells(
    mine: Floats, other: Floats, mask: NDArray[np.bool_], both: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.int64], tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Correlation of each cell's motion (no number where too little moves), cell of each pixel, energies."""
    rows, columns = np.nonzero(mask)
    cell_of = np.asarray((rows // _CELL) * (mask.shape[1] // _CELL + 1) + columns // _CELL, dtype=np.int64)
    size = int(cell_of.max()) + 1

    def summed(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(cell_of, weights=values * both, minlength=size).astype(np.float64)

    products = summed((mine * other).sum(axis=0, dtype=np.float64))
    one, two = (summed((part**2).sum(axis=0, dtype=np.float64)) for part in (mine, other))
    full = summed(np.ones(len(cell_of))) >= _CELL**2 / 2
    cells = np.where(full, products / np.sqrt(np.maximum(one * two, 1e-12)), np.nan)
    return cells, cell_of, (one, two)


def steadied(source: Floats, target: Floats, mask: NDArray[np.bool_]) -> Floats:
    """The source without small shifts of the whole picture against the target, picture by picture.

    A hand that films a screen sways; a shift below a pixel is undone along the slopes of the picture.
    """
    slopes = np.gradient(source, axis=(1, 2))
    down, right = np.asarray(slopes[0], dtype=np.float32), np.asarray(slopes[1], dtype=np.float32)
    mine, other, across, along = (
        np.asarray(part[:, mask], dtype=np.float64) for part in (source, target, right, down)
    )
    spread = mine.std(axis=1, keepdims=True) + 1e-3
    gain = spread / (other.std(axis=1, keepdims=True) + 1e-3)
    rest = (other - other.mean(axis=1, keepdims=True)) * gain - (mine - mine.mean(axis=1, keepdims=True))
    # What differs by much is no shift of the picture; it must not pull.
    weight = np.minimum(1.0, 0.5 * spread / np.maximum(np.abs(rest), 1e-6))
    xx, yy, xy = (across**2 * weight).sum(1), (along**2 * weight).sum(1), (across * along * weight).sum(1)
    xr, yr = (across * rest * weight).sum(1), (along * rest * weight).sum(1)
    area = np.maximum(xx * yy - xy**2, 1e-6 * (xx + yy) ** 2 + 1e-6)
    shifts = np.stack([(yy * xr - xy * yr) / area, (xx * yr - xy * xr) / area])
    if float(shifts.std(axis=1).max()) < _SWAY:
        return source
    dx, dy = np.clip(shifts, -_MOST_SHIFT, _MOST_SHIFT)[:, :, None, None]
    return (source + dx * right + dy * down).astype(np.float32)


def _correlations(left: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
    a = left - left.mean(axis=1, keepdims=True)
    b = right - right.mean(axis=1, keepdims=True)
    return (a * b).sum(axis=1) / np.maximum(np.sqrt((a**2).sum(axis=1) * (b**2).sum(axis=1)), 1e-6)


__all__ = [
    "RATE",
    "WINDOW_FRAMES",
    "Agreement",
    "Overlay",
    "agreement",
    "differences",
    "high_passed",
    "lag_likeness",
    "overlay",
]

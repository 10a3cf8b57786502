"""Agreement of motion: whether two films, laid over one another in place and time, move alike."""

from dataclasses import dataclass

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from videtur.engines.copies.film import RATE, Film, Floats
from videtur.engines.copies.registration import Matrix

HIGH_PASS_FRAMES = 9
"""Centred mean of this many pictures on either side is taken off: 0.6 s, as slow light is not motion."""
WINDOW_FRAMES = 8
"""Half a second."""
_DIFFERENCE_FRAMES = 2
_MOVING_VARIANCE = 3.0
_WINDOW_ENERGY = 0.10
_LEAST_PIXELS = 12


@dataclass(frozen=True)
class Overlay:
    """A common grid for two films: its size, and the maps from each film's proxy onto it."""

    width: int
    height: int
    source_map: Matrix
    target_map: Matrix
    source_shape: tuple[int, int]
    target_shape: tuple[int, int]

    def source(self, pictures: Floats) -> Floats:
        """Pictures of the source laid onto the grid."""
        return _laid(pictures, self.source_map, self.width, self.height)

    def target(self, pictures: Floats) -> Floats:
        """Pictures of the target laid onto the grid."""
        return _laid(pictures, self.target_map, self.width, self.height)

    def mask(self) -> NDArray[np.bool_]:
        """Where on the grid both films have picture."""
        ones = np.ones((1, *self.source_shape), np.float32)
        others = np.ones((1, *self.target_shape), np.float32)
        return (self.source(ones)[0] > 0.95) & (self.target(others)[0] > 0.95)


def overlay(source: Film, target: Film, matrix: Matrix, scale: float) -> Overlay:
    """Lay both films onto the coarser of their two grids, shrunk by `scale`, so that neither is blown up."""
    source_pixels = _pixels(source.shape)
    target_pixels = _pixels(target.shape)
    across = target_pixels @ matrix @ np.linalg.inv(source_pixels)
    shrink = np.diag([scale, scale, 1.0])
    if _zoom(across, source.shape) <= 1.0:
        height, width = target.shape
        maps = (shrink @ across, shrink)
    else:
        height, width = source.shape
        maps = (shrink, np.asarray(shrink @ np.linalg.inv(across), dtype=np.float64))
    size = max(4, round(width * scale)), max(4, round(height * scale))
    return Overlay(size[0], size[1], maps[0], maps[1], source.shape, target.shape)


def _pixels(shape: tuple[int, int]) -> Matrix:
    return np.diag([float(shape[1]), float(shape[0]), 1.0])


def _zoom(matrix: Matrix, shape: tuple[int, int]) -> float:
    """How much a map enlarges at the centre of the picture, by length."""
    height, width = shape
    centre = np.array([[[width / 2, height / 2], [width / 2 + 1, height / 2], [width / 2, height / 2 + 1]]])
    moved = cv2.perspectiveTransform(centre, matrix)[0]
    one, two = moved[1] - moved[0], moved[2] - moved[0]
    return float(np.sqrt(abs(one[0] * two[1] - one[1] * two[0])))


def _laid(pictures: Floats, matrix: Matrix, width: int, height: int) -> Floats:
    # Pixel centres, not corners, are what the map is about.
    half, back = np.eye(3), np.eye(3)
    half[:2, 2], back[:2, 2] = 0.5, -0.5
    centred = back @ matrix @ half
    if not len(pictures):
        return np.zeros((0, height, width), np.float32)
    factor: float = 1 / max(_zoom(matrix, (pictures.shape[1], pictures.shape[2])), 1e-3)
    laid = np.empty((len(pictures), height, width), np.float32)
    for index in range(len(pictures)):
        picture: MatLike = pictures[index]
        smooth: MatLike = cv2.GaussianBlur(picture, (0, 0), 0.35 * factor) if factor > 1.2 else picture
        laid[index] = cv2.warpPerspective(
            smooth, centred, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT
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


def lag_likeness(chunk: Floats, film: Floats) -> Floats:
    """Normalised correlation of a chunk (n, pixels) with a film (m, pixels) at each of m - n + 1 lags."""
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
    # A floor keeps near-still stretches from winning by chance: a quarter of a grey level per value.
    floor = 0.0625 * chunk.size
    return (diagonals.sum(axis=1) / np.sqrt((here + floor) * (there + floor))).astype(np.float32)


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
    """Whether enough moves in either film to judge by."""
    still_likeness: NDArray[np.float64]
    """Correlation of the pictures themselves."""
    moving_share: float
    """Part of the common picture that moves in both."""


def agreement(source: Floats, target: Floats, mask: NDArray[np.bool_]) -> Agreement | None:
    """Compare two films already on one grid and one clock, (n, height, width), inside the mask."""
    count = len(source) // WINDOW_FRAMES
    if count < 1 or mask.sum() < _LEAST_PIXELS:
        return None
    mine, other = source[:, mask], target[:, mask]
    mine_high = high_passed(source)[:, mask]
    other_high = high_passed(target)[:, mask]
    mine_high -= np.median(mine_high, axis=1, keepdims=True)
    other_high -= np.median(other_high, axis=1, keepdims=True)
    length = count * WINDOW_FRAMES

    def windows(values: Floats) -> Floats:
        return values[:length].reshape(count, WINDOW_FRAMES, -1)

    a, b = windows(mine_high), windows(other_high)
    power_a, power_b = (a**2).mean(axis=1), (b**2).mean(axis=1)
    # Gain may differ (washed colours, negative film): motion counts by what moves in either one.
    lively = (power_a > _MOVING_VARIANCE) | (power_b > _MOVING_VARIANCE)
    weight = lively[:, None, :]
    products = (a * b * weight).sum(axis=(1, 2), dtype=np.float64)
    energies = np.sqrt(
        (a**2 * weight).sum(axis=(1, 2), dtype=np.float64)
        * (b**2 * weight).sum(axis=(1, 2), dtype=np.float64)
    )
    enough = lively.sum(axis=1) >= _LEAST_PIXELS / 2
    peak = np.percentile(energies, 90) if count else 0.0
    moving = enough & (energies > _WINDOW_ENERGY * peak)
    pictures = _correlations(
        windows(mine).mean(axis=1, dtype=np.float64), windows(other).mean(axis=1, dtype=np.float64)
    )
    both = (power_a > _MOVING_VARIANCE) & (power_b > _MOVING_VARIANCE)
    return Agreement(products / np.maximum(energies, 1e-6), moving, pictures, float(both.any(axis=0).mean()))


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

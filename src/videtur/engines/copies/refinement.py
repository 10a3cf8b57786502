"""Refines where one picture lies in another, on several aligned pairs of pictures at once.

Gauss-Newton on locally normalised pictures (inverse compositional form: Baker and Matthews, "Lucas-Kanade
20 Years On", IJCV 2004), with Huber weights, so that what is laid over one of the films does not pull.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.film import Floats
from videtur.engines.copies.motion import Overlay, overlay
from videtur.engines.copies.registration import Matrix

_LEVELS = ((900, 8), (5000, 10))
"""Pixels of the grid, and steps taken on it: coarse first."""
_HUBER = 0.6
_LEAST_PIXELS = 60
_SMALLEST_STEP = 5e-4
_AFFINE = 6
_PERSPECTIVE = 8


def refined(
    source: Floats, target: Floats, matrix: Matrix, *, perspective: bool, quick: bool = False
) -> Matrix | None:
    """Improve a map (parts of the picture to parts) on pairs of pictures (n, height, width) of both films.

    `quick` stays on the coarse grid. None when the pictures have too little in common or the map runs away.
    """
    start = matrix
    for pixels, steps in _LEVELS[:1] if quick else _LEVELS:
        laid = overlay(_shape(source), _shape(target), matrix, pixels)
        if laid is None:
            return None
        found = _descend(source, target, laid, steps, _PERSPECTIVE if perspective else _AFFINE)
        if found is None:
            return None
        matrix = found
    change = np.linalg.inv(start) @ matrix
    moved = cv2.perspectiveTransform(np.array([[[0.0, 0], [1, 0], [1, 1], [0, 1]]]), change)[0]
    square = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]])
    return matrix if float(np.abs(moved - square).max()) < 0.25 else None


def _descend(source: Floats, target: Floats, laid: Overlay, steps: int, unknowns: int) -> Matrix | None:
    mask = laid.mask()
    if mask.sum() < _LEAST_PIXELS:
        return None
    fixed = normalised(laid.target(target), mask)
    slopes = _slopes(fixed, unknowns)
    inside = mask.ravel()
    slopes = slopes[:, inside].reshape(-1, unknowns)
    known = fixed.reshape(len(fixed), -1)[:, inside]
    grid_map = laid.source_map
    source = laid.smaller(source)
    for _ in range(steps):
        moving = Overlay(
            laid.width, laid.height, grid_map, laid.target_map, laid.source_shape, laid.target_shape
        )
        there = normalised(moving.source(source), mask).reshape(len(fixed), -1)[:, inside]
        rest = there - known
        weight = np.minimum(1.0, _HUBER / np.maximum(np.abs(rest), 1e-6))
        weighted = slopes * weight.reshape(-1, 1)
        hessian = (weighted.T @ slopes).astype(np.float64)
        gradient = (weighted.T @ rest.ravel()).astype(np.float64)
        hessian += np.eye(unknowns) * (1e-6 * np.trace(hessian) + 1e-9)
        step = np.asarray(np.linalg.solve(hessian, gradient), dtype=np.float64)
        grid_map = _composed(grid_map, step, (laid.width, laid.height))
        if float(np.abs(step).max()) < _SMALLEST_STEP:
            break
    if not np.isfinite(grid_map).all() or abs(np.linalg.det(grid_map)) < 1e-9:
        return None
    pixels = np.linalg.inv(laid.target_map) @ grid_map
    whole = np.diag([1.0 / laid.target_shape[1], 1.0 / laid.target_shape[0], 1.0])
    parts = np.diag([float(laid.source_shape[1]), float(laid.source_shape[0]), 1.0])
    return np.asarray(whole @ pixels @ parts, dtype=np.float64)


def normalised(pictures: Floats, mask: NDArray[np.bool_]) -> Floats:
    """Each picture (n, height, width) less its surroundings, over their spread: light does not matter."""
    side = max(3, round(pictures.shape[2] / 4.2) | 1)
    inside = mask.astype(np.float32)
    share = np.maximum(_softened(inside, side), 1e-3)
    found = np.empty_like(pictures)
    for index, picture in enumerate(pictures):
        off = (picture - _softened(picture * inside, side) / share) * inside
        spread = _softened(off * off, side) / share
        found[index] = off / np.sqrt(spread + 16.0)
    return found


def summed_in_cells(picture: Floats, side: int) -> NDArray[np.float64]:
    """The sum of each whole square cell of one picture (height, width), from the top left."""
    rows, columns = picture.shape[0] // side, picture.shape[1] // side
    trimmed = np.ascontiguousarray(picture[: rows * side, : columns * side], dtype=np.float32)
    means = cv2.resize(trimmed, (columns, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(means, dtype=np.float64) * side**2


def _softened(picture: Floats, side: int) -> Floats:
    """Two means over squares, one after the other: close to a Gaussian of 0.41 sides, and far cheaper."""
    once = cv2.blur(picture, (side, side))
    return np.asarray(cv2.blur(once, (side, side)), dtype=np.float32)


def _slopes(fixed: Floats, unknowns: int) -> Floats:
    """How each pixel changes with each unknown of the map at the identity: (n, pixels, unknowns)."""
    count, height, width = fixed.shape
    down, right = np.gradient(fixed, axis=(1, 2))
    x = np.tile(_centred(width), height)
    y = np.repeat(_centred(height), width)
    # Steps are in parts of the grid, so that every unknown is of one size.
    right, down = right.reshape(count, -1) * width, down.reshape(count, -1) * height
    parts = [right * x, right * y, right, down * x, down * y, down]
    if unknowns == _PERSPECTIVE:
        radial = right * x + down * y
        parts += [-radial * x, -radial * y]
    return np.stack(parts, axis=2).astype(np.float32)


def _centred(count: int) -> NDArray[np.float32]:
    """Places of pixels, from -0.5 to 0.5."""
    return np.asarray((np.arange(count, dtype=np.float32) + 0.5) / count - 0.5, dtype=np.float32)


def _composed(grid_map: Matrix, step: NDArray[np.float64], size: tuple[int, int]) -> Matrix:
    delta = np.eye(3)
    delta[0] += step[0:3]
    delta[1] += step[3:6]
    if len(step) == _PERSPECTIVE:
        delta[2, :2] += step[6:8]
    centred = np.array([[1.0 / size[0], 0, -0.5], [0, 1.0 / size[1], -0.5], [0, 0, 1]])
    return np.asarray(np.linalg.inv(centred) @ delta @ centred @ grid_map, dtype=np.float64)


def _shape(pictures: Floats) -> tuple[int, int]:
    return pictures.shape[1], pictures.shape[2]

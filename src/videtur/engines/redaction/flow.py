"""Boxes carried along with the picture: where a face was seen and is no longer found, it still is.

Each box is followed from one picture to the next by what moves in it (Lucas and Kanade's optical flow on a
grid of points, followed there and back so that lost points are known), and where too little can be followed
by how the whole picture moves. No points are kept between pictures: a box is all there is to remember, so
that a run which was ended can go on from its boxes alone.
"""

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from videtur.engines.redaction.detectors import Boxes, Picture

Grey: TypeAlias = NDArray[np.uint8]
Points: TypeAlias = NDArray[np.float32]

_SIDE = 320
_ACROSS = 5
_WHOLE = (8, 5)
_THERE_AND_BACK = 1.0
"""Pixels that a point may miss its start by, in the small picture."""
_ENOUGH = 0.4
_PATCH = (12, 12)
_BRIGHTER, _FLAT, _CORRELATED = 30, 9, 0.6
_LARGEST_STEP = 0.12
"""By how much a box may grow or shrink from one picture to the next."""
_WINDOW = (13, 13)
_LEVELS = 3
_ENOUGH_STEPS = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 8, 0.03)


@dataclass(frozen=True, slots=True)
class SmallGrey:
    """A picture as flow sees it: grey, its longest side at most 320 pixels."""

    grey: Grey
    scale: float
    """Of its pixels to the picture's."""


def small_grey(picture: Picture) -> SmallGrey:
    """Make one."""
    height, width = picture.shape[:2]
    scale = min(1.0, _SIDE / max(height, width))
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    if scale < 1:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    return SmallGrey(np.asarray(grey, np.uint8), scale)


def follow(before: SmallGrey, after: SmallGrey, boxes: Boxes) -> tuple[Boxes, NDArray[np.bool_]]:
    """Where boxes of one picture are in the next, and which of them were followed by what is in them."""
    if not len(boxes):
        return boxes, np.zeros(0, np.bool_)
    height, width = before.grey.shape
    corners = boxes[:, :4] * before.scale
    grids = [_grid(corner, _ACROSS, _ACROSS, 0.1) for corner in corners]
    whole = _grid(np.array([0, 0, width, height], np.float32), *_WHOLE, 0.05)
    points = np.concatenate([whole, *grids])
    there, good = _there_and_back(before.grey, after.grey, points)
    moved, found = there - points, good & _inside(points, width, height)
    everywhere = _medians(moved[None, : len(whole)], found[None, : len(whole)])[0]
    count = _ACROSS * _ACROSS
    start, end = (each[len(whole) :].reshape(-1, count, 2) for each in (points, there))
    kept = found[len(whole) :].reshape(-1, count)
    sure = kept.sum(axis=1) >= _ENOUGH * count
    shift = np.where(sure[:, None], _medians(end - start, kept), everywhere) / before.scale
    growth = np.where(sure, _growths(start, end, kept), 1)[:, None]
    middle = (boxes[:, :2] + boxes[:, 2:4]) / 2 + shift
    half = (boxes[:, 2:4] - boxes[:, :2]) / 2 * growth
    carried = boxes.copy()
    carried[:, :4] = np.concatenate([middle - half, middle + half], axis=1)
    for at in np.flatnonzero(sure).tolist():
        sure[at] = _alike(_patch(before, boxes[at]), _patch(after, carried[at]))
    # What looks otherwise than before was not it that was followed.
    carried[~sure, :4] = boxes[~sure, :4] + np.tile(everywhere / before.scale, 2)
    return carried, sure


def _grid(corner: Points, across: int, down: int, border: float) -> Points:
    left, top, right, bottom = (float(side) for side in corner)
    columns = left + (right - left) * np.linspace(border, 1 - border, across)
    rows = top + (bottom - top) * np.linspace(border, 1 - border, down)
    return np.column_stack([np.tile(columns, down), np.repeat(rows, across)]).astype(np.float32)


def _patch(picture: SmallGrey, box: Boxes) -> Grey | None:
    height, width = picture.grey.shape
    left, top, right, bottom = (round(float(side) * picture.scale) for side in box[:4])
    inside = picture.grey[max(0, top) : min(height, bottom), max(0, left) : min(width, right)]
    if min(inside.shape) < 2:
        return None
    return np.asarray(cv2.resize(inside, _PATCH, interpolation=cv2.INTER_AREA), np.uint8)


def _alike(one: Grey | None, two: Grey | None) -> bool:
    """Two patches show the same: correlated, or alike in brightness where there is nothing to correlate."""
    if one is None or two is None:
        return False
    first, second = one.astype(np.float32), two.astype(np.float32)
    if abs(float(first.mean() - second.mean())) > _BRIGHTER:
        return False
    first, second = first - first.mean(), second - second.mean()
    spread = float(first.std() * second.std())
    return spread < _FLAT or float((first * second).mean()) >= _CORRELATED * spread


def _there_and_back(before: Grey, after: Grey, points: Points) -> tuple[Points, NDArray[np.bool_]]:
    there, known = _stepped(before, after, points)
    back, known_back = _stepped(after, before, there)
    return there, known & known_back & (np.abs(back - points).max(axis=1) < _THERE_AND_BACK)


def _stepped(before: Grey, after: Grey, points: Points) -> tuple[Points, NDArray[np.bool_]]:
    there, known, _ = cv2.calcOpticalFlowPyrLK(
        before, after, points, points.copy(), winSize=_WINDOW, maxLevel=_LEVELS, criteria=_ENOUGH_STEPS
    )
    return np.asarray(there, np.float32), np.asarray(known).ravel() > 0


def _inside(points: Points, width: int, height: int) -> NDArray[np.bool_]:
    return np.all((points >= 0) & (points < (width, height)), axis=1)


def _medians(values: Points, kept: NDArray[np.bool_]) -> Points:
    """Of those kept in each row, [rows, points, ...] to [rows, ...]; 0 where none is."""
    ordered = np.sort(np.where(kept if values.ndim == 2 else kept[..., None], values, np.inf), axis=1)
    count = kept.sum(axis=1)
    low, high = (np.maximum(count - 1, 0) // 2), count // 2
    at = np.arange(len(values))
    # As many as there are points may be kept: the upper of the two middles is then still inside.
    middle = (ordered[at, low] + ordered[at, np.minimum(high, values.shape[1] - 1)]) / 2
    empty = count == 0
    return np.where(empty if values.ndim == 2 else empty[:, None], 0, middle).astype(np.float32)


def _growths(before: Points, after: Points, kept: NDArray[np.bool_]) -> NDArray[np.float32]:
    """By how much the points of each row have spread, from the median of their distances to their middle."""
    one, two = (
        np.linalg.norm(points - _medians(points, kept)[:, None], axis=2) for points in (before, after)
    )
    told = kept & (one > 1)
    growth = _medians((two / np.maximum(one, 1e-6)).astype(np.float32), told)
    growth = np.where(told.any(axis=1), growth, 1)
    return np.clip(growth, 1 - _LARGEST_STEP, 1 + _LARGEST_STEP).astype(np.float32)

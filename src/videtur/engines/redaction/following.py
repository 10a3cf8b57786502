"""Follows a box that a person drew, both ways through its shot, by optical flow.

Median flow: Z. Kalal, K. Mikolajczyk, J. Matas, "Forward-Backward Error: Automatic Detection of Tracking
Failures", ICPR 2010. It stops where it is lost rather than wander off: a person sees where, and draws again.
"""

from collections import deque
from dataclasses import dataclass
from typing import BinaryIO, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from videtur.engines.media.events import AnalysisFrame, PictureStream
from videtur.engines.media.frames import every_frame
from videtur.engines.media.limits import Limits
from videtur.engines.media.sandbox import DecodingSandbox
from videtur.engines.redaction.plan import Box, KeyFrame
from videtur.errors import Refused

_SIDE = 480
_MOST_PICTURES = 450
"""Each way; some 15 seconds. Those behind are held in memory, at most some 60 MB."""
_GRID = 9
_LEAST_POINTS = 8
_BACK_AND_FORTH = 1.5
"""Pixels by which a point may miss its origin when it is followed there and back."""
_LARGEST_STEP = 0.6
"""Of the box's size, from one picture to the next."""
_SCALES = (0.8, 1.25)
_STILL_ALIKE = 0.45
"""Correlation with what was drawn, and with the picture before, below which it is lost."""
_PATCH = 24
_MARGIN = 0.08
"""A drawn box gets this much more on each side where it was followed: flow is never exact."""
Grey = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Followed:
    """Where a drawn box went."""

    key_frames: tuple[KeyFrame, ...]
    lost_before: bool
    """Whether it was lost on the way back, before the shot or the picture's edge was reached."""
    lost_after: bool


def follow(
    source: BinaryIO,
    sandbox: DecodingSandbox,
    drawn: KeyFrame,
    shot: tuple[int, int],
    limits: Limits | None = None,
) -> Followed:
    """Follow a box from the picture at `drawn.pts`, inside a shot: its first time, and the first behind it.

    Raises Refused when the film has no picture there.
    """
    start, end = shot
    scale = 1.0
    behind: deque[tuple[int, Grey]] = deque(maxlen=_MOST_PICTURES)
    forward: _Follower | None = None
    before: tuple[list[KeyFrame], bool] = ([], False)
    after: list[KeyFrame] = []
    anchor = drawn
    for event in every_frame(source, sandbox, _SIDE, limits):
        if isinstance(event, PictureStream):
            scale = min(1.0, _SIDE / max(event.width, event.height))
        if not isinstance(event, AnalysisFrame) or event.time.pts < start:
            continue
        pts = event.time.pts
        if pts >= end or len(after) >= _MOST_PICTURES:
            break
        grey = cast("Grey", cv2.cvtColor(event.image, cv2.COLOR_RGB2GRAY))
        if pts < drawn.pts:
            behind.append((pts, grey))
        elif forward is None:
            anchor = KeyFrame(pts, drawn.box)
            before = _backwards(_Follower(grey, drawn.box, scale), behind)
            forward = _Follower(grey, drawn.box, scale)
        else:
            box = forward.step(grey)
            if box is None:
                break
            after.append(KeyFrame(pts, box))
    if forward is None:
        raise Refused("There is no picture at that time", remedy="Draw the box on a picture of the film")
    found, lost_before = before
    return Followed((*reversed(found), anchor, *after), lost_before, forward.lost)


def _backwards(follower: "_Follower", behind: deque[tuple[int, Grey]]) -> tuple[list[KeyFrame], bool]:
    found: list[KeyFrame] = []
    for pts, grey in reversed(behind):
        box = follower.step(grey)
        if box is None:
            break
        found.append(KeyFrame(pts, box))
    return found, follower.lost


class _Follower:
    """One box, picture after picture; boxes go in and out in pixels of the whole picture."""

    def __init__(self, grey: Grey, box: Box, scale: float) -> None:
        self._last = grey
        self._scale = scale
        self._box = Box(*(scale * each for each in box.corners))
        self._first = _patch(grey, self._box)
        self.lost = False

    def step(self, grey: Grey) -> Box | None:
        """Where it is in the next picture; None when it left the picture, or is lost."""
        moved = _moved(self._last, grey, self._box)
        if moved is None:
            self.lost = True
            return None
        height, width = grey.shape
        if moved.right <= 1 or moved.bottom <= 1 or moved.left >= width - 1 or moved.top >= height - 1:
            return None
        now, then = _patch(grey, moved), _patch(self._last, self._box)
        if _alike(now, then) < _STILL_ALIKE or _alike(now, self._first) < _STILL_ALIKE / 2:
            self.lost = True
            return None
        self._last, self._box = grey, moved
        return Box(*(each / self._scale for each in moved.corners)).grown(_MARGIN)


def _moved(before: Grey, after: Grey, box: Box) -> Box | None:
    height, width = before.shape
    inside = box.grown(-0.1)
    left, right = max(0.0, inside.left), min(width - 1.0, inside.right)
    top, bottom = max(0.0, inside.top), min(height - 1.0, inside.bottom)
    if right - left < 2 or bottom - top < 2:
        return None
    row, column = np.divmod(np.arange(_GRID * _GRID), _GRID)
    points = np.empty((_GRID * _GRID, 1, 2), dtype=np.float32)
    points[:, 0, 0] = left + (right - left) * column / (_GRID - 1)
    points[:, 0, 1] = top + (bottom - top) * row / (_GRID - 1)
    there, good, _ = cv2.calcOpticalFlowPyrLK(before, after, points, points.copy())
    back, good_back, _ = cv2.calcOpticalFlowPyrLK(after, before, there, there.copy())
    missed = np.linalg.norm((back - points).reshape(-1, 2), axis=1)
    kept = (good.ravel() == 1) & (good_back.ravel() == 1) & (missed < _BACK_AND_FORTH)
    if int(kept.sum()) < _LEAST_POINTS:
        return None
    one, two = points.reshape(-1, 2)[kept], np.asarray(there, np.float32).reshape(-1, 2)[kept]
    side, lift = np.median(two - one, axis=0)
    if abs(side) > _LARGEST_STEP * box.width + 2 or abs(lift) > _LARGEST_STEP * box.height + 2:
        return None
    grown = float(np.clip(_growth(one, two), *_SCALES))
    middle = (box.left + box.right) / 2 + side, (box.top + box.bottom) / 2 + lift
    half = box.width / 2 * grown, box.height / 2 * grown
    return Box(middle[0] - half[0], middle[1] - half[1], middle[0] + half[0], middle[1] + half[1])


def _growth(one: NDArray[np.float32], two: NDArray[np.float32]) -> float:
    """How much larger things became: the median over pairs of points of how their distance changed."""
    first, second = np.triu_indices(len(one), 1)
    then = np.linalg.norm(one[first] - one[second], axis=1)
    now = np.linalg.norm(two[first] - two[second], axis=1)
    far = then > 1
    return float(np.median(now[far] / then[far])) if far.any() else 1.0


def _patch(grey: Grey, box: Box) -> NDArray[np.float32]:
    size = max(1, round(box.width)), max(1, round(box.height))
    middle = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    cut = cv2.getRectSubPix(grey, size, middle)
    small = cv2.resize(cut, (_PATCH, _PATCH), interpolation=cv2.INTER_AREA).astype(np.float32)
    small -= small.mean()
    return cast("NDArray[np.float32]", small)


def _alike(one: NDArray[np.float32], two: NDArray[np.float32]) -> float:
    power = float(np.sqrt((one * one).sum() * (two * two).sum()))
    # Two flat patches look alike.
    return float((one * two).sum()) / power if power > 1e-3 else 1.0

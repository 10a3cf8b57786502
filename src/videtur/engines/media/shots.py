"""Where one shot ends and the next begins."""

import math
from array import array
from collections import deque
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from videtur.engines.media.events import ProxyFrame
from videtur.engines.media.timecode import MediaTime

ENGINE_VERSION = "1"
_REACH = 3
_AROUND = 8
_SHORTEST = 4
_CHUNK = 4096
_LEAST = 0.15
_TIMES_USUAL = 2.5
_OVER_USUAL = 0.06
_PERSISTS = 0.6
_BLANK_CONTRAST = 2.5
_FADE = 8


@dataclass(frozen=True, slots=True)
class Shot:
    """From `start_pts` up to but not including `end_pts`."""

    start_pts: int
    end_pts: int


@dataclass(frozen=True, slots=True)
class Shots:
    """All shots of one picture stream, without gaps."""

    time_base: Fraction
    shots: tuple[Shot, ...]

    def as_json(self) -> dict[str, object]:
        """The form kept in shots.json."""
        return {
            "time_base": [self.time_base.numerator, self.time_base.denominator],
            "shots": [{"start_pts": shot.start_pts, "end_pts": shot.end_pts} for shot in self.shots],
        }


class ShotFinder:
    """Finds cuts, one proxy frame at a time.

    Two frames differ by how far their coarse pictures and their brightness histograms lie apart, together:
    a moving camera changes the picture but hardly the histogram, a change of light the reverse. A cut is a
    place where every frame just before differs from every frame just after (so a flash is none), and far
    more than frames around it differ from their neighbours (so a fast pan is none). A film that fades
    through black is cut where the picture returns. Slow dissolves are not found.
    """

    def __init__(self) -> None:
        self._time_base: Fraction | None = None
        self._pts = array("q")
        self._changes = tuple(array("f") for _ in range(_REACH))
        self._blank = array("b")
        self._recent: deque[Look] = deque(maxlen=_REACH)

    def add(self, frame: ProxyFrame) -> None:
        """Take the next frame, in presentation order."""
        if self._time_base is None:
            self._time_base = frame.time.time_base
        look = look_at(frame.image)
        for distance, changes in enumerate(self._changes, start=1):
            known = distance <= len(self._recent)
            changes.append(change(self._recent[-distance], look) if known else 0.0)
        self._pts.append(frame.time.pts)
        self._blank.append(look.contrast < _BLANK_CONTRAST)
        self._recent.append(look)

    def finish(self, end: MediaTime | None = None) -> Shots | None:
        """Return all shots; None when there was no frame. `end` closes the last shot when known."""
        if self._time_base is None:
            return None
        pts = np.frombuffer(self._pts, np.int64)
        starts = [0, *self._cuts()]
        last = int(pts[-1]) + 1
        if end is not None:
            last = max(last, end.rescaled(self._time_base).pts)
        edges = [*(int(pts[at]) for at in starts), last]
        return Shots(self._time_base, tuple(Shot(a, b) for a, b in pairwise(edges)))

    def _cuts(self) -> list[int]:
        one, two, three = (np.frombuffer(changes, np.float32) for changes in self._changes)
        count = len(one)
        usual = _usual(one)
        candidates = np.flatnonzero((one > _LEAST) & (one > _TIMES_USUAL * usual + _OVER_USUAL))
        found: list[int] = []
        for at in candidates.tolist():
            across = [float(one[at]), *(float(row[at]) for row, back in ((two, 2), (three, 3)) if at >= back)]
            across += [
                float(row[at + ahead])
                for row, ahead, back in ((two, 1, 1), (three, 1, 2), (three, 2, 1))
                if at + ahead < count and at >= back
            ]
            if min(across) > _PERSISTS * float(one[at]):
                found.append(at)
        for begin, end in self._black():
            # Fading out and in again changes much from frame to frame; the one cut is where it returns.
            found = [at for at in found if not begin - _FADE <= at <= end + _FADE]
            found += [end] if begin > 0 else []
        return _spaced(sorted(set(found)), one)

    def _black(self) -> list[tuple[int, int]]:
        """Runs of frames with nothing to see, long enough to be no flash: (first, first behind)."""
        steps = np.flatnonzero(np.diff(np.frombuffer(self._blank, np.int8), prepend=0)).tolist()
        runs = zip(steps[::2], steps[1::2], strict=False)  # a run up to the end has no picture behind it
        return [(begin, end) for begin, end in runs if end - begin >= _SHORTEST]


class Look:
    """What is remembered of a frame."""

    __slots__ = ("coarse", "contrast", "histogram")

    def __init__(self, coarse: NDArray[np.float32], histogram: NDArray[np.float32], contrast: float) -> None:
        self.coarse = coarse
        self.histogram = histogram
        self.contrast = contrast


def look_at(image: NDArray[np.uint8]) -> Look:
    """What is remembered of a grey picture."""
    coarse = np.asarray(cv2.resize(image, (32, 18), interpolation=cv2.INTER_AREA), np.float32)
    counts = np.bincount((image >> 4).ravel(), minlength=16)
    return Look(coarse, (counts / image.size).astype(np.float32), float(coarse.std()))


def change(before: Look, after: Look) -> float:
    """0 for the same picture, about 1 for two that have nothing in common."""
    apart = float(np.abs(before.coarse - after.coarse).mean())
    picture = min(1.0, apart / (0.5 * (before.contrast + after.contrast) + 8.0))
    light = 0.5 * float(np.abs(before.histogram - after.histogram).sum())
    return math.sqrt(picture * light)


def _usual(changes: NDArray[np.float32]) -> NDArray[np.float32]:
    """For each frame, the median change around it, itself and its neighbours left out."""
    padded = np.pad(changes, _AROUND, mode="reflect" if len(changes) > _AROUND else "edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * _AROUND + 1)
    others = [at for at in range(2 * _AROUND + 1) if abs(at - _AROUND) > 1]
    parts = [np.median(windows[at : at + _CHUNK][:, others], axis=1) for at in range(0, len(changes), _CHUNK)]
    return np.concatenate(parts).astype(np.float32)


def _spaced(cuts: list[int], changes: NDArray[np.float32]) -> list[int]:
    """Of cuts closer than the shortest shot, the sharpest alone."""
    kept: list[int] = []
    for at in cuts:
        if kept and at - kept[-1] < _SHORTEST:
            if changes[at] > changes[kept[-1]]:
                kept[-1] = at
        else:
            kept.append(at)
    return kept

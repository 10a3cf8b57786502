"""Verification: along one line of time, refine place and time, and judge every half second."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.alignment import Line, between
from videtur.engines.copies.decision import Verdict, judge, stretches
from videtur.engines.copies.film import RATE, Film, Floats
from videtur.engines.copies.motion import (
    WINDOW_FRAMES,
    agreement,
    differences,
    lag_likeness,
    overlay,
)
from videtur.engines.copies.registration import MIRROR, Matrix, Registration

_LONGEST_SECONDS = 600.0
_REFINE_SECONDS = 6.0
_TRACK_REACH = 4
_MOST_TRACKED = 24
_MARGIN_CHUNK = 3.0
_MARGIN_REACH = 3.0
_MARGIN_NEAR_FRAMES = 6
Times = NDArray[np.float64]


@dataclass(frozen=True)
class Found:
    """A verdict on one line under one registration."""

    verdict: Verdict
    line: Line
    registration: Registration
    source_from: float

    @property
    def source_span(self) -> tuple[float, float]:
        """The stretch in seconds of the source."""
        step = WINDOW_FRAMES / RATE
        return self.source_from + self.verdict.first * step, self.source_from + self.verdict.last * step


def along(source: Film, target: Film, registration: Registration, line: Line) -> list[Found]:
    """Refine a line and its map, look at every window along it, and judge the stretches that agree."""
    for _ in range(2):
        span = _span(source, target, line)
        if span is None:
            return []
        line = _refine_time(source, target, registration.matrix, line, span)
        registration = _refine_place(source, target, registration, line, span)
    span = _span(source, target, line)
    if span is None:
        return []
    times = span[0] + np.arange(int((span[1] - span[0]) * RATE + 1e-6)) / RATE
    mine, other, mask = _views(source, target, registration.matrix, line, times)
    seen = agreement(mine, other, mask)
    if seen is None:
        return []
    found: list[Found] = []
    for first, last in stretches(seen):
        stretch = (span[0] + first * WINDOW_FRAMES / RATE, span[0] + last * WINDOW_FRAMES / RATE)
        margin = _margin(source, target, registration.matrix, line, stretch)
        found.append(Found(judge(seen, first, last, margin), line, registration, span[0]))
    return found


def _span(source: Film, target: Film, line: Line) -> tuple[float, float] | None:
    """The seconds of the source for which the line stays inside both films."""
    first = max(source.start, (target.start - line.offset) / line.speed)
    last = min(source.start + source.seconds, (target.start + target.seconds - line.offset) / line.speed)
    if last - first > _LONGEST_SECONDS:
        first = max(first, min(line.best - _LONGEST_SECONDS / 2, last - _LONGEST_SECONDS))
        last = first + _LONGEST_SECONDS
    return (first, last) if last - first >= WINDOW_FRAMES / RATE else None


def _views(
    source: Film, target: Film, matrix: Matrix, line: Line, times: Times, scale: float = 1.0
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Both films on one grid and one clock, and where both have picture."""
    laid = overlay(source, target, matrix, scale)
    mine = laid.source(source.at(times))
    other = laid.target(target.at(line.speed * times + line.offset))
    return mine, other, laid.mask()


def _refine_time(source: Film, target: Film, matrix: Matrix, line: Line, span: tuple[float, float]) -> Line:
    """Track the line second by second and bend it to what is seen: speed and offset below a frame."""
    length = 1.0 if span[1] - span[0] >= 2.0 else max(0.6, (span[1] - span[0]) / 2)
    count = max(1, min(_MOST_TRACKED, int((span[1] - span[0]) / length)))
    reach = _TRACK_REACH / RATE
    laid = overlay(source, target, matrix, 0.5)
    mask = laid.mask()
    frames = int(length * RATE)
    middles: list[float] = []
    shifts: list[float] = []
    weights: list[float] = []
    for start in np.linspace(span[0], span[1] - length, count):
        times = float(start) + np.arange(frames) / RATE
        wide = float(start) - reach / line.speed + np.arange(frames + 2 * _TRACK_REACH) / RATE
        mine = differences(laid.source(source.at(times))[:, mask])
        other = differences(laid.target(target.at(line.speed * wide + line.offset))[:, mask])
        likeness = lag_likeness(mine, other)
        best = int(likeness.argmax())
        if likeness[best] < 0.5 or not 0 < best < len(likeness) - 1:
            continue
        middles.append(float(start) + length / 2)
        # The wide film starts `reach` of the target's seconds early, whatever the speed.
        shifts.append(((best + between(likeness, best)) / RATE - reach / line.speed) * line.speed)
        weights.append(float(likeness[best]))
    return _bent(line, np.array(middles), np.array(shifts), np.array(weights))


def _bent(line: Line, middles: Times, shifts: Times, weights: Times) -> Line:
    if not len(middles):
        return line
    if len(middles) >= 4 and np.ptp(middles) > 3:
        near = np.abs(shifts - np.median(shifts)) < 0.2
        if near.sum() >= 4:
            slope, rest = np.polyfit(middles[near], shifts[near], 1, w=weights[near])
            return replace(line, speed=line.speed + float(slope), offset=line.offset + float(rest))
    return replace(line, offset=line.offset + float(np.median(shifts)))


def _refine_place(
    source: Film, target: Film, registration: Registration, line: Line, span: tuple[float, float]
) -> Registration:
    """Nudge the map on a few aligned pictures; kept only when motion then agrees better."""
    first = min(max(span[0], line.best - _REFINE_SECONDS / 2), max(span[0], span[1] - _REFINE_SECONDS))
    last = min(span[1], first + _REFINE_SECONDS)
    times = first + np.arange(int((last - first) * RATE + 1e-6)) / RATE
    best = _likeness(source, target, registration.matrix, line, times)
    for part in (0.5, 0.15, 0.85):
        moved = _nudged(source, target, registration.matrix, line, first + part * (last - first))
        if moved is None:
            continue
        value = _likeness(source, target, moved, line, times)
        if value > best + 0.005:
            best, registration = value, replace(registration, matrix=moved)
    return registration


def _likeness(source: Film, target: Film, matrix: Matrix, line: Line, times: Times) -> float:
    mine, other, mask = _views(source, target, matrix, line, times)
    seen = agreement(mine, other, mask)
    if seen is None or not seen.moving.any():
        return -1.0
    return float(np.mean(seen.likeness[seen.moving]))


def _nudged(source: Film, target: Film, matrix: Matrix, line: Line, at: float) -> Matrix | None:
    """An affine correction that brings one aligned pair of pictures to their best correlation."""
    laid = overlay(source, target, matrix, 1.0)
    mine = laid.source(source.at(np.array([at])))[0]
    other = laid.target(target.at(np.array([line.speed * at + line.offset])))[0]
    mask = laid.mask()
    if mask.sum() < 60:
        return None
    warp = np.eye(2, 3, dtype=np.float32)
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 40, 1e-4)
    try:
        _, warp = cv2.findTransformECC(
            other, mine, warp, cv2.MOTION_AFFINE, criteria, mask.astype(np.uint8), 3
        )
    except cv2.error:  # it says "not converged" this way
        return None
    correction = np.eye(3)
    correction[:2] = warp
    half, back = np.eye(3), np.eye(3)
    half[:2, 2], back[:2, 2] = 0.5, -0.5
    correction = half @ correction @ back
    if abs(np.linalg.det(correction) - 1) > 0.5:
        return None
    pixels = np.linalg.inv(laid.target_map) @ np.linalg.inv(correction) @ laid.source_map
    whole = np.diag([float(target.shape[1]), float(target.shape[0]), 1.0])
    parts = np.diag([float(source.shape[1]), float(source.shape[0]), 1.0])
    return np.linalg.inv(whole) @ pixels @ parts


def _margin(source: Film, target: Film, matrix: Matrix, line: Line, stretch: tuple[float, float]) -> float:
    """How much better the films agree here than at other offsets nearby: loops and marching agree at many."""
    length = min(_MARGIN_CHUNK, 0.6 * (stretch[1] - stretch[0]))
    frames = int(length * RATE)
    if frames < WINDOW_FRAMES // 2:
        return 0.0
    laid = overlay(source, target, matrix, 0.5)
    mask = laid.mask()
    middle = (stretch[0] + stretch[1]) / 2
    start = middle - length / 2
    times = start + np.arange(frames) / RATE
    reach = int(_MARGIN_REACH * RATE)
    wide = start + np.arange(-reach, frames + reach) / RATE
    there = line.speed * wide + line.offset
    inside = (there >= target.start - 1e-6) & (there <= target.start + target.seconds)
    mine = differences(laid.source(source.at(times))[:, mask])
    other = differences(laid.target(target.at(there[inside]))[:, mask])
    likeness = lag_likeness(mine, other)
    here = reach - int(np.flatnonzero(inside)[0]) if inside.any() else -1
    if not 0 <= here < len(likeness):
        return 0.0
    near = slice(max(0, here - 1), here + 2)
    elsewhere = np.abs(np.arange(len(likeness)) - here) > _MARGIN_NEAR_FRAMES
    other_best = float(likeness[elsewhere].max()) if elsewhere.any() else 0.0
    return float(likeness[near].max()) - max(0.0, other_best)


def transforms(entry: Found, source: Film, target: Film, *, swapped: bool) -> tuple[str, ...]:
    """What was done to the query's picture and pace to make it of the reference's, in plain words."""
    matrix = entry.registration.matrix
    mirror = entry.registration.mirror
    plain = matrix @ MIRROR if mirror else matrix
    if swapped:
        plain = np.linalg.inv(plain)
    corners = cv2.perspectiveTransform(np.array([[[0.0, 0], [1, 0], [1, 1], [0, 1]]]), plain)[0]
    low, high = corners.min(axis=0), corners.max(axis=0)
    inside = np.clip(np.minimum(high, 1) - np.maximum(low, 0), 0, 1)
    names: list[str] = []
    if mirror:
        names.append("mirror")
    if inside.min() < 0.92:
        names.append("crop")
    if max(float(-low.min()), float(high.max() - 1)) > 0.06:
        names.append("padding")
    if _keystone(corners) > 0.06:
        names.append("perspective")
    across = corners[1] - corners[0]
    if abs(np.degrees(np.arctan2(across[1], across[0]))) > 12:
        names.append("rotation")
    if abs(entry.line.speed - 1) > 0.012:
        names.append("speed")
    return tuple(names)


def _keystone(corners: NDArray[np.float64]) -> float:
    """How far four corners are from a parallelogram, in parts of the picture."""
    miss = corners[0] + corners[2] - corners[1] - corners[3]
    return float(np.hypot(miss[0], miss[1]))

"""Verification: along one line of time, refine place and time, and judge every half second."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.alignment import SEARCH_PIXELS, Line, between
from videtur.engines.copies.decision import Verdict, against, judge, stretches
from videtur.engines.copies.film import RATE, Film, Floats
from videtur.engines.copies.motion import (
    WINDOW_FRAMES,
    Agreement,
    agreement,
    differences,
    lag_likeness,
    overlay,
    steadied,
)
from videtur.engines.copies.refinement import refined
from videtur.engines.copies.registration import MIRROR, Matrix, Registration

_LONGEST_SECONDS = 600.0
_REFINE_SECONDS = 4.0
_REFINE_PICTURES = 6
_TRACK_REACH = 4
_MOST_TRACKED = 24
_MARGIN_CHUNK = 3.0
_MARGIN_REACH = 3.0
_MARGIN_NEAR_FRAMES = 9
_PIXELS = 1600
_REFINE_PIXELS = 500
_HOPELESS = 0.35
_PROMISING = 0.5
_SETTLED = 0.93
_DOUBTFUL = 0.85
_SURE = 0.95
_IN_PLACE = 0.97
_OTHER_PACES = ((0.0, 1.1), (0.0, 1 / 1.1))
_NEARBY = ((-0.15, 1.0), (0.15, 1.0), (-0.3, 1.0), (0.3, 1.0), *_OTHER_PACES)
"""Offsets in seconds and factors of pace, tried together with a new map where motion does not agree well."""
_MOST_OF_IT = 0.6
_LONG_ENOUGH_TO_TRACK = 5.0
_HAIR = 0.025
_PACE_STEPS: tuple[float, ...] = (0.045, 0.015)
_FALL = 0.2
_EDGE_FRAMES = 12
Times = NDArray[np.float64]


@dataclass(frozen=True)
class Found:
    """A verdict on one line under one registration."""

    verdict: Verdict
    line: Line
    registration: Registration
    source_from: float
    seen: Agreement
    source_span: tuple[float, float]
    """The stretch in seconds of the source, its ends found to the picture."""

    @property
    def target_span(self) -> tuple[float, float]:
        """The stretch in seconds of the target."""
        first, last = (self.line.speed * second + self.line.offset for second in self.source_span)
        return first, last


def along(source: Film, target: Film, registration: Registration, line: Line) -> list[Found]:
    """Refine a line and its map, look at every window along it, and judge the stretches that agree."""
    reached = -1.0
    for _ in range(2):
        span = _span(source, target, line)
        if span is None:
            return []
        line = _refine_time(source, target, registration.matrix, line, span)
        registration, before = _refine_place(source, target, registration, line, span)
        line, now = _refine_pace(source, target, registration.matrix, line, span, before)
        if now < _HOPELESS:
            return []
        if _PROMISING <= now < _SURE:
            pans = now < _DOUBTFUL and _pans(source, target, registration.matrix, line, span)
            nearby = _NEARBY if pans else _OTHER_PACES
            registration, line, now = _refine_both(source, target, registration, line, nearby, now)
        if now > _SETTLED or now < reached + 0.01:
            break
        reached = now
    line = _plain_pace(source, target, registration.matrix, line)
    span = _span(source, target, line)
    if span is None:
        return []
    times = span[0] + np.arange(int((span[1] - span[0]) * RATE + 1e-6)) / RATE
    views = _views(source, target, registration.matrix, line, times)
    seen = agreement(*views) if views else None
    if seen is None or views is None:
        return []
    alike = _alike(*views)
    found: list[Found] = []
    for first, last in stretches(seen):
        ends = edges(alike, first * WINDOW_FRAMES, last * WINDOW_FRAMES)
        stretch = (span[0] + ends[0] / RATE, min(span[1], span[0] + ends[1] / RATE))
        inside = seen
        if last - first < len(seen.moving):
            cut = slice(first * WINDOW_FRAMES, last * WINDOW_FRAMES)
            inside = agreement(views[0][cut], views[1][cut], views[2]) or seen
        margin = _margin(source, target, registration.matrix, line, stretch, inside.both)
        verdict = judge(inside, first, last, margin, line.speed, against(seen, first, last))
        found.append(Found(verdict, line, registration, span[0], inside, stretch))
    return found


def _alike(mine: Floats, other: Floats, mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Correlation of each picture with the one it is laid over."""
    a, b = mine[:, mask].astype(np.float64), other[:, mask].astype(np.float64)
    a -= a.mean(axis=1, keepdims=True)
    b -= b.mean(axis=1, keepdims=True)
    return np.abs((a * b).sum(axis=1)) / np.sqrt(np.maximum((a**2).sum(axis=1) * (b**2).sum(axis=1), 1e-6))


def edges(alike: NDArray[np.float64], first: int, last: int) -> tuple[int, int]:
    """Where a stretch of pictures really begins and ends: while they stay about as alike as inside it."""
    level = float(np.median(alike[first:last])) - _FALL
    start, end = min(first + WINDOW_FRAMES // 2, last - 1), max(last - WINDOW_FRAMES // 2, first + 1)
    low, high = max(0, first - _EDGE_FRAMES), min(len(alike), last + _EDGE_FRAMES)
    while start > low and alike[start - 1] >= level:
        start -= 1
    while end < high and alike[end] >= level:
        end += 1
    return start, end


def _span(source: Film, target: Film, line: Line) -> tuple[float, float] | None:
    """The seconds of the source for which the line stays inside both films."""
    first = max(source.start, (target.start - line.offset) / line.speed)
    last = min(source.start + source.seconds, (target.start + target.seconds - line.offset) / line.speed)
    if last - first > _LONGEST_SECONDS:
        first = max(first, min(line.best - _LONGEST_SECONDS / 2, last - _LONGEST_SECONDS))
        last = first + _LONGEST_SECONDS
    return (first, last) if last - first >= WINDOW_FRAMES / RATE else None


def _views(
    source: Film, target: Film, matrix: Matrix, line: Line, times: Times, pixels: int = _PIXELS
) -> tuple[Floats, Floats, NDArray[np.bool_]] | None:
    """Both films on one grid and one clock, and where both have picture."""
    laid = overlay(source.shape, target.shape, matrix, pixels)
    if laid is None:
        return None
    mask = laid.mask()
    if not mask.any():
        return None
    mine = laid.source(source.at(times, laid.source_reduction))
    other = laid.target(target.at(line.speed * times + line.offset, laid.target_reduction))
    return steadied(mine, other, mask), other, mask


def _refine_time(source: Film, target: Film, matrix: Matrix, line: Line, span: tuple[float, float]) -> Line:
    """Track the line second by second and bend it to what is seen: speed and offset below a frame."""
    length = 1.0 if span[1] - span[0] >= 2.0 else max(0.6, (span[1] - span[0]) / 2)
    count = max(1, min(_MOST_TRACKED, int((span[1] - span[0]) / length)))
    reach = _TRACK_REACH / RATE
    laid = overlay(source.shape, target.shape, matrix, SEARCH_PIXELS)
    if laid is None:
        return line
    mask = laid.mask()
    frames = int(length * RATE)
    middles: list[float] = []
    shifts: list[float] = []
    weights: list[float] = []
    for start in np.linspace(span[0], span[1] - length, count):
        times = float(start) + np.arange(frames) / RATE
        wide = float(start) - reach / line.speed + np.arange(frames + 2 * _TRACK_REACH) / RATE
        there = line.speed * wide + line.offset
        mine = differences(laid.source(source.at(times, laid.source_reduction))[:, mask])
        other = differences(laid.target(target.at(there, laid.target_reduction))[:, mask])
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
    source: Film,
    target: Film,
    registration: Registration,
    line: Line,
    span: tuple[float, float],
    *,
    quick: bool = False,
) -> tuple[Registration, float]:
    """Fit the map to a few aligned pictures, kept when motion then agrees better; and how far it does."""
    first, last = _sample(line, span)
    times = first + np.arange(int((last - first) * RATE + 1e-6)) / RATE
    before = -1.0 if quick else _likeness(source, target, registration.matrix, line, times)
    if before > _IN_PLACE:
        return registration, before
    shown = first + (np.arange(_REFINE_PICTURES) + 0.5) / _REFINE_PICTURES * (last - first)
    mine, other = source.at(shown), target.at(line.speed * shown + line.offset)
    matrix = refined(mine, other, registration.matrix, perspective=registration.by == "points", quick=quick)
    if matrix is None:
        return registration, before
    after = _likeness(source, target, matrix, line, times)
    if after > before + 0.003:
        return replace(registration, matrix=matrix), after
    return registration, before


def _refine_pace(
    source: Film, target: Film, matrix: Matrix, line: Line, span: tuple[float, float], before: float
) -> tuple[Line, float]:
    """Try paces beside the line's own, about its middle: a short stretch agrees nearly at a wrong one."""
    if span[1] - span[0] > _LONG_ENOUGH_TO_TRACK:
        return line, before
    first, last = _sample(line, span)
    times = np.asarray(first + np.arange(int((last - first) * RATE + 1e-6)) / RATE, dtype=np.float64)
    middle = (first + last) / 2
    best: Line = line
    for step in (sign * size for size in _PACE_STEPS for sign in (-1.0, 1.0)):
        speed: float = best.speed * (1 + step)
        other = replace(best, speed=speed, offset=best.offset + (best.speed - speed) * middle)
        value = _likeness(source, target, matrix, other, times)
        if value > before + 0.01:
            best, before = other, value
    return best, before


def _plain_pace(source: Film, target: Film, matrix: Matrix, line: Line) -> Line:
    """A pace within a hair of 1 is 1, unless motion says otherwise: a fit through noise is never quite 1."""
    span = _span(source, target, line)
    if line.speed == 1.0 or abs(line.speed - 1.0) > _HAIR or span is None:
        return line
    middle = (span[0] + span[1]) / 2
    plain = replace(line, speed=1.0, offset=line.offset + (line.speed - 1.0) * middle)
    ends = _ends(span)
    now = min(_likeness(source, target, matrix, line, times) for times in ends)
    return plain if min(_likeness(source, target, matrix, plain, times) for times in ends) >= now else line


def _ends(span: tuple[float, float]) -> list[Times]:
    """A second and a half at either end: there a wrong pace shows most."""
    count = int(min(1.5, span[1] - span[0]) * RATE)
    moments = np.arange(count, dtype=np.float64) / RATE
    return [span[0] + moments, span[1] - count / RATE + moments]


def _refine_both(
    source: Film,
    target: Film,
    registration: Registration,
    line: Line,
    nearby: Sequence[tuple[float, float]],
    before: float,
) -> tuple[Registration, Line, float]:
    """Try other offsets and paces, each with its map: while a camera pans, a wrong time looks like one."""
    for shift, pace in nearby:
        offset = line.offset + shift + line.speed * (1 - pace) * line.best
        moved = replace(line, speed=line.speed * pace, offset=offset)
        there = _span(source, target, moved)
        if there is None:
            continue
        placed, value = _refine_place(source, target, registration, moved, there, quick=True)
        if value > before + 0.02:
            return placed, _refine_time(source, target, placed.matrix, moved, there), value
    return registration, line, before


def _sample(line: Line, span: tuple[float, float]) -> tuple[float, float]:
    first = min(max(span[0], line.best - _REFINE_SECONDS / 2), max(span[0], span[1] - _REFINE_SECONDS))
    return first, min(span[1], first + _REFINE_SECONDS)


def _likeness(source: Film, target: Film, matrix: Matrix, line: Line, times: Times) -> float:
    views = _views(source, target, matrix, line, times, _REFINE_PIXELS)
    seen = agreement(*views) if views else None
    if seen is None or not seen.moving.any():
        return -1.0
    return float(np.mean(seen.likeness[seen.moving]))


def _pans(source: Film, target: Film, matrix: Matrix, line: Line, span: tuple[float, float]) -> bool:
    """Whether most of the picture moves: then a wrong time can look like a wrong place."""
    first, last = _sample(line, span)
    times = first + np.arange(int((last - first) * RATE + 1e-6)) / RATE
    views = _views(source, target, matrix, line, times, _REFINE_PIXELS)
    seen = agreement(*views) if views else None
    return seen is not None and views is not None and float(seen.both.mean()) > _MOST_OF_IT


def _margin(
    source: Film,
    target: Film,
    matrix: Matrix,
    line: Line,
    stretch: tuple[float, float],
    moving: NDArray[np.bool_],
) -> float:
    """How much better the films agree here than at other offsets nearby: loops and marching agree at many.

    Asked only of what moves in both films.
    """
    length = min(_MARGIN_CHUNK, 0.6 * (stretch[1] - stretch[0]))
    frames = int(length * RATE)
    laid = overlay(source.shape, target.shape, matrix, _PIXELS)
    if frames < WINDOW_FRAMES // 2 or laid is None or moving.sum() < 4:
        return 0.0
    mask = laid.mask()
    middle = (stretch[0] + stretch[1]) / 2
    start = middle - length / 2
    times = start + np.arange(frames) / RATE
    reach = int(_MARGIN_REACH * RATE)
    wide = start + np.arange(-reach, frames + reach) / RATE
    there = line.speed * wide + line.offset
    inside = (there >= target.start - 1e-6) & (there <= target.start + target.seconds)
    mine = differences(laid.source(source.at(times, laid.source_reduction))[:, mask])[:, moving]
    other = differences(laid.target(target.at(there[inside], laid.target_reduction))[:, mask])[:, moving]
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
    if entry.registration.negative:
        names.append("negative")
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

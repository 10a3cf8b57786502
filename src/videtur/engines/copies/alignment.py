"""Alignment in time: chunks of one film sought in the other by their motion, and the lines they lie on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.film import RATE, Film, Floats
from videtur.engines.copies.motion import QUARTER_LEVEL, Overlay, differences, lag_likeness, overlay
from videtur.engines.copies.registration import Registration

SPEEDS = (1.0, 1 / 1.1, 1.1, 0.8, 1.25, 0.96, 25 / 24, 1 / 1.15, 1.15, 0.93, 1.07)
"""Seconds of the target for one second of the source; between them, tracking finds the rest."""
FAR_SPEEDS = (0.5, 2.0, 0.667, 1.5, 0.75, 0.55, 0.6, 1.38, 1.65, 1.82)
"""Slow and fast motion beyond what tracking reaches from the others."""
CHUNK_SECONDS = 3.0
_LEAST_SECONDS = 1.0
_MOST_CHUNKS = 24
_WHOLE_SECONDS = 150.0
_RANGE_SECONDS = 2.5
_MOST_RANGES = 4
SEARCH_PIXELS = 400
"""Size of the grid on which offsets in time are sought."""
_WORTH_KEEPING = 0.35
_WEAK_CHANGE = 3.0
"""Grey levels: change well above counts as one, below in proportion."""
_NO_CHANGE = QUARTER_LEVEL / _WEAK_CHANGE


@dataclass(frozen=True)
class Hit:
    """A chunk of the source found in the target: middle of both in seconds, speed, likeness, margin."""

    source: float
    target: float
    speed: float
    likeness: float


@dataclass(frozen=True)
class Line:
    """target = speed * source + offset, by the hits on it; `best` is the source second of the best hit."""

    speed: float
    offset: float
    likeness: float
    hits: int
    best: float


@dataclass(frozen=True)
class Support:
    """Where the target is worth searching for a moment of the source: pairs of seconds, best first."""

    source_seconds: NDArray[np.float64]
    target_seconds: NDArray[np.float64]


class Meeting:
    """Two films on one small grid under one registration, ready to be searched at any pace."""

    def __init__(self, source: Film, target: Film, laid: Overlay) -> None:
        self.source, self.target = source, target
        self._laid = laid
        self._mask = laid.mask()
        self.worth = bool(self._mask.sum() >= 10 and len(source.coarse) and len(target.coarse))
        self._whole: Floats | None = None
        self._mine: Floats | None = None
        if self.worth and target.seconds <= _WHOLE_SECONDS:
            self._whole = _evened(self._target_on_grid(0, len(target.coarse)))
        if self.worth and source.seconds <= _WHOLE_SECONDS:
            pictures = source.coarse_smaller(laid.source_reduction)
            self._mine = laid.source(pictures)[:, self._mask]

    def _target_on_grid(self, first: int, last: int) -> Floats:
        pictures = self.target.coarse_smaller(self._laid.target_reduction)[first:last]
        return self._laid.target(pictures)[:, self._mask]

    def chunk(self, times: NDArray[np.float64]) -> Floats:
        """Change in the source at these seconds of its own, (n, pixels)."""
        if self._mine is None:
            return _evened(self._laid.source(self.source.coarse_at(times))[:, self._mask])
        # A picture between two pictures is laid as the two are: so each is laid only once.
        position = np.clip((times - self.source.start) * RATE, 0, len(self._mine) - 1)
        lower = np.floor(position).astype(np.intp)
        part = (position - lower).astype(np.float32)[:, None]
        upper = np.minimum(lower + 1, len(self._mine) - 1)
        mixed = self._mine[lower] * (1 - part) + self._mine[upper] * part
        return _evened(mixed.astype(np.float32))

    def stretch(self, first: int, last: int) -> Floats:
        """Change in the target from one picture of the small film to another."""
        if self._whole is not None:
            return self._whole[first:last]
        return _evened(self._target_on_grid(first, last))

    @property
    def ranged(self) -> bool:
        """Whether the target is too long to be searched as a whole."""
        return self._whole is None


def _evened(pictures: Floats) -> Floats:
    """Change from -1 to 1, the strong brought near to the weak: a sticker must not outshout a dark scene."""
    change = differences(pictures)
    return (change / (np.abs(change) + _WEAK_CHANGE)).astype(np.float32)


def meeting(source: Film, target: Film, registration: Registration) -> Meeting | None:
    """Lay the small films over one another; None when they have nothing in common."""
    laid = overlay(source.coarse_shape, target.coarse_shape, registration.matrix, SEARCH_PIXELS)
    met = Meeting(source, target, laid) if laid else None
    return met if met and met.worth else None


def search(
    met: Meeting, speeds: Sequence[float], support: Support, most_chunks: int = _MOST_CHUNKS
) -> list[Hit]:
    """Seek chunks of the source in the target at the given speeds."""
    source, target = met.source, met.target
    hits: list[Hit] = []
    for start, length in _chunks(source, support, most_chunks):
        ranges = [(0, len(target.coarse))]
        if met.ranged:
            ranges = _ranges(source.start + start + length / 2, length, target, support)
        for speed in speeds:
            count = int(length * speed * RATE)
            chunk = met.chunk(source.start + start + np.arange(count) / RATE / speed)
            for first, last in ranges:
                likeness = lag_likeness(chunk, met.stretch(first, last), _NO_CHANGE)
                hits.extend(_peaks(likeness, source.start + start, target.start + first / RATE, speed, count))
    return hits


def _chunks(source: Film, support: Support, most: int) -> list[tuple[float, float]]:
    """Start (from the film's own) and length of the chunks to seek; the liveliest when there are many."""
    length = min(CHUNK_SECONDS, source.seconds)
    if length < _LEAST_SECONDS:
        return []
    count = max(1, int((source.seconds - length) / (length / 2)) + 1)
    starts = [float(value) for value in np.linspace(0, source.seconds - length, count)]
    if count <= most:
        return [(start, length) for start in starts]
    near = np.sort(support.source_seconds - source.start)
    supported = [
        start for start in starts if np.searchsorted(near, start + length) > np.searchsorted(near, start)
    ]
    chosen = supported or starts
    energy = [_energy(source, start, length) for start in chosen]
    # Half by liveliness, half spread out: a short stretch in common may be a quiet one.
    liveliest = np.argsort(energy)[::-1][: most // 2]
    spread = np.linspace(0, len(chosen) - 1, most // 2).astype(int)
    return [(chosen[index], length) for index in sorted({*liveliest.tolist(), *spread.tolist()})]


def _energy(film: Film, start: float, length: float) -> float:
    first, last = int(start * RATE), int((start + length) * RATE)
    part = film.coarse[first:last:3, ::3, ::3].astype(np.float32)
    return float(np.abs(np.diff(part, axis=0)).mean()) if len(part) > 1 else 0.0


def _ranges(middle: float, length: float, target: Film, support: Support) -> list[tuple[int, int]]:
    """Stretches of a long target around the moments that support this chunk."""
    reach = length / 2 + _RANGE_SECONDS
    near = np.abs(support.source_seconds - middle) <= length / 2 + 0.5
    chosen: list[float] = []
    for seconds in support.target_seconds[near]:
        if all(abs(seconds - other) > _RANGE_SECONDS for other in chosen):
            chosen.append(float(seconds))
        if len(chosen) >= _MOST_RANGES:
            break
    ranges: list[tuple[int, int]] = []
    for seconds in chosen:
        place = seconds - target.start
        first = max(0, int((place - reach) * RATE))
        last = min(len(target.coarse), int((place + reach) * RATE))
        if last - first > RATE:
            ranges.append((first, last))
    return ranges


def _peaks(likeness: Floats, source_from: float, target_from: float, speed: float, count: int) -> list[Hit]:
    found: list[Hit] = []
    left = likeness.copy()
    for _ in range(3):
        if not len(left):
            break
        best = int(left.argmax())
        value = float(left[best])
        if value < _WORTH_KEEPING:
            break
        half = (count - 1) / 2 / RATE
        shift = between(likeness, best)
        found.append(
            Hit(source_from + half / speed, target_from + (best + shift) / RATE + half, speed, value)
        )
        left[max(0, best - 8) : best + 9] = -1
    return found


def between(values: Floats, best: int) -> float:
    """The top of the parabola through a peak and its neighbours, within half a step."""
    if not 0 < best < len(values) - 1:
        return 0.0
    left, middle, right = (float(value) for value in values[best - 1 : best + 2])
    bend = left - 2 * middle + right
    return float(np.clip((left - right) / (2 * bend), -0.5, 0.5)) if bend < -1e-6 else 0.0


def lines(hits: Sequence[Hit], most: int = 4) -> list[Line]:
    """Group hits into lines of constant speed and offset, the best supported first."""
    left = sorted(hits, key=lambda hit: -hit.likeness)
    found: list[Line] = []
    while left and len(found) < most:
        options = [_gather(seed, left) for seed in left[:6]]
        together = max(options, key=lambda group: sum(hit.likeness**2 for hit in group))
        found.append(_line_through(together))
        taken = set(map(id, together))
        line = found[-1]
        left = [
            hit
            for hit in left
            if id(hit) not in taken and abs(hit.target - line.speed * hit.source - line.offset) > 0.15
        ]
    return sorted(found, key=lambda line: -(line.likeness * np.sqrt(line.hits)))


def _gather(seed: Hit, hits: Sequence[Hit]) -> list[Hit]:
    """One hit a chunk, all within reach of the seed's line; further away a little drift is allowed."""
    best: dict[float, Hit] = {}
    for hit in hits:
        if abs(hit.speed - seed.speed) > 0.045:
            continue
        away = abs(hit.source - seed.source)
        miss = abs((hit.target - seed.target) - seed.speed * (hit.source - seed.source))
        if miss <= 0.15 + 0.03 * min(away, 12.0) and (
            hit.source not in best or best[hit.source].likeness < hit.likeness
        ):
            best[hit.source] = hit
    return list(best.values())


def _line_through(hits: Sequence[Hit]) -> Line:
    source = np.array([hit.source for hit in hits])
    target = np.array([hit.target for hit in hits])
    weight = np.array([hit.likeness for hit in hits])
    strongest = hits[int(weight.argmax())]
    speed = strongest.speed
    if len(hits) >= 3 and np.ptp(source) > 3:
        fitted = float(np.polyfit(source, target, 1, w=weight)[0])
        speed = fitted if abs(fitted - speed) < 0.05 else speed
    offset = float(np.average(target - speed * source, weights=weight))
    if len(hits) < 3:
        offset = strongest.target - speed * strongest.source
    return Line(speed, offset, float(np.average(weight, weights=weight)), len(hits), strongest.source)

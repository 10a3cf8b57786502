"""The decision on a stretch of two films laid over one another: the same recording, or not shown to be."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.fingerprint import Fingerprints
from videtur.engines.copies.motion import WINDOW_FRAMES, Agreement
from videtur.engines.media.timecode import MediaInterval, MediaTime

Outcome = Literal["same_footage", "same_sound", "same_scene", "unrelated"]
"""`same_scene`: the pictures can be laid over one another, but are not shown to be the same footage.
`unrelated`: what there is, if anything, is a hint below every threshold."""
ACCEPTED: tuple[Outcome, ...] = ("same_footage", "same_sound")

MATCH_THRESHOLD = Decimal("0.5")
"""Every score is made so that what the engine accepts stands at or above one half."""

_MEDIAN = (0.50, 0.80, 1.0)
_LOW = (0.0, 0.45, 0.9)
_CELLS = (0.10, 0.60, 1.0)
_MARGIN = (-0.05, 0.08, 0.5)
_WINDOWS = (0.0, 2.0, 12.0)
_UNOPPOSED = (0.4, 0.78, 0.95)
_SPEAKS_FOR_ITSELF = 6
_MOVES_OTHERWISE = 0.65
_SAME_SCENE = 0.7
_IDENTICAL = 0.95
_LOOPED = 0.15
"""A film that was looped agrees with itself at many offsets; what agrees so well needs no other proof."""
_BEYOND_CHANCE = ((0.95, 0.90, 3), (0.98, 0.97, 2))
"""Median, four fifths of the places, and windows: no other take agrees like that, whatever lies around it."""
_GOOD_MEDIAN = (0.86, 0.93)
_LONG = (3, 6)
_MOST_SPARED = 0.3
_SHORT = 0.10
_UNUSUAL_PACES = ((0.14, 0.27), (0.04, 0.07))
"""By how much more must agree at paces as far from 1 as this (their logarithm): more paces, more chances."""


@dataclass(frozen=True)
class SharedSegment:
    """One stretch that both files carry, in the times of each."""

    query: MediaInterval
    reference: MediaInterval
    score: Decimal

    def as_json(self) -> dict[str, object]:
        """The form of a stored relation: this, other, score."""
        return {"this": self.query.as_json(), "other": self.reference.as_json(), "score": str(self.score)}


@dataclass(frozen=True)
class Window:
    """Half a second laid over half a second: when in either file, and how far their motion agrees (-1..1)."""

    query: MediaTime
    reference: MediaTime
    likeness: Decimal
    moving: bool
    """Whether enough moves there to judge by; if not, `likeness` means nothing."""


@dataclass(frozen=True)
class Evidence:
    """What a person can look at to believe a relation of pictures, or to doubt it."""

    matrix: tuple[Decimal, ...]
    """Nine numbers, row by row: the map from places in the query's picture to places in the reference's,
    both in parts of width and height (0..1)."""
    windows: tuple[Window, ...]
    """The alignment curve, and the agreement of what is left of motion, over time."""
    frames: tuple[tuple[MediaTime, MediaTime], ...]
    """Moments of both files worth seeing side by side."""
    points: tuple[tuple[Decimal, Decimal, Decimal, Decimal], ...] = ()
    """Matched points of the first pair of moments: x, y in the query, x, y in the reference (0..1)."""

    def as_json(self) -> dict[str, object]:
        """The form of a stored relation: this, other; numbers as text."""
        return {
            "matrix": [str(value) for value in self.matrix],
            "windows": [
                {
                    "this": window.query.as_json(),
                    "other": window.reference.as_json(),
                    "likeness": str(window.likeness),
                    "moving": window.moving,
                }
                for window in self.windows
            ],
            "frames": [[here.as_json(), there.as_json()] for here, there in self.frames],
            "points": [[str(value) for value in point] for point in self.points],
        }


@dataclass(frozen=True)
class SharedFootage:
    """What two files were found to share, by picture or by sound, and why a person may believe it."""

    outcome: Outcome
    modality: Literal["picture", "sound"]
    segments: tuple[SharedSegment, ...]
    transform: tuple[str, ...]
    speed: Fraction
    score: Decimal
    reasons: tuple[str, ...]
    evidence: Evidence | None = None

    @property
    def accepted(self) -> bool:
        """Whether the engine says yes at its own threshold."""
        return self.outcome in ACCEPTED

    def as_json(self) -> dict[str, object]:
        """The form of a stored relation, without the name of the other file."""
        return {
            "modality": self.modality,
            "outcome": self.outcome,
            "segments": [segment.as_json() for segment in self.segments],
            "transform": list(self.transform),
            "speed": str(self.speed),
            "score": str(self.score),
            "reasons": list(self.reasons),
            "evidence": self.evidence.as_json() if self.evidence else None,
        }


@dataclass(frozen=True)
class Verdict:
    """A stretch of windows, its score, and the figures the score comes from."""

    first: int
    last: int
    score: float
    median: float
    low: float
    cells: float
    margin: float
    windows: int
    against: float
    """Part of the moving windows in and around the stretch that show the same scene moving otherwise."""
    strictness: float
    """By how much more must agree because the stretch is short or its pace unusual."""

    def reasons(self) -> tuple[str, ...]:
        """One line for each condition, met or not."""
        seconds, least = self.windows * WINDOW_FRAMES / 15, _WINDOWS[1] * WINDOW_FRAMES / 15
        median, cells = _MEDIAN[1] + self.strictness, _CELLS[1] + self.strictness
        return (
            f"motion agrees window by window: median {self.median:.2f} ({median:.2f} needed)",
            f"the least agreeing tenth of the windows: {self.low:.2f} ({_LOW[1]:.2f} needed)",
            f"four fifths of what moves agrees place by place: {self.cells:.2f} ({cells:.2f} needed)",
            f"at other offsets in time it agrees less, by {self.margin:.2f} ({_MARGIN[1]:.2f} needed)",
            f"around it the same scene moves otherwise: {self.against:.0%} ({1 - _UNOPPOSED[1]:.0%} allowed)",
            f"judged on {seconds:.1f} s with motion ({least:.1f} s needed)",
        )


def part_score(value: float, scale: tuple[float, float, float]) -> float:
    """A figure on a scale of nothing, threshold and full, as 0, one half and 1."""
    none, threshold, full = scale
    if value <= threshold:
        return float(max(0.0, (value - none) / (threshold - none) * 0.5))
    return float(min(1.0, 0.5 + (value - threshold) / (full - threshold) * 0.5))


def stretches(seen: Agreement) -> list[tuple[int, int]]:
    """Runs of windows that speak for one recording: the best one, then the best of what is left."""
    values = _window_values(seen)
    found: list[tuple[int, int]] = []
    pending = [(0, len(values))]
    while pending:
        first, last = pending.pop()
        best = _best_run(values[first:last])
        if best is None or (seen.moving[first + best[0] : first + best[1]]).sum() < 1:
            continue
        start, end = first + best[0], first + best[1]
        found.append((start, end))
        pending += [(first, start), (end, last)]
    return sorted(found)


def against(seen: Agreement, first: int, last: int) -> float:
    """How much around a stretch speaks against it: the same scene, moving otherwise.

    A true copy goes on agreeing until a file ends or the picture changes; another take agrees by chance for a
    second. Long stretches need no such support: a film may be cut within one scene.
    """
    windows = int(seen.moving[first:last].sum())
    if windows >= _SPEAKS_FOR_ITSELF:
        return 0.0
    around = np.r_[max(0, first - windows - 1) : first, last : min(len(seen.moving), last + windows + 1)]
    other = seen.moving & (seen.likeness < _MOVES_OTHERWISE) & (np.abs(seen.still_likeness) > _SAME_SCENE)
    contrary = int(other[around].sum()) if len(around) else 0
    return contrary / max(1, windows + contrary)


def judge(
    seen: Agreement, first: int, last: int, margin: float, speed: float, contrary: float = 0.0
) -> Verdict:
    """Score one stretch (`seen` holds its windows, alone or among others): the weakest condition counts."""
    own = slice(0, last - first) if len(seen.moving) == last - first else slice(first, last)
    moving = seen.moving[own]
    likeness = seen.likeness[own][moving]
    windows = len(likeness)
    if not windows or not len(seen.cells):
        return Verdict(first, last, 0.0, 0.0, 0.0, 0.0, margin, 0, contrary, 0.0)
    median = float(np.median(likeness))
    low = float(np.percentile(likeness, 10))
    cells = float(np.percentile(seen.cells, 20))
    # Among many offsets and paces a short stretch finds something that agrees by chance.
    strictness = _SHORT / windows + _unusual(speed)
    beyond_chance = any(
        median >= good and cells >= all_over and windows >= long for good, all_over, long in _BEYOND_CHANCE
    )
    score = min(
        part_score(median - strictness, _MEDIAN),
        part_score(low, _LOW),
        part_score(cells - strictness + _spared(median, windows), _CELLS),
        part_score(margin + (_LOOPED if median >= _IDENTICAL and windows >= _LONG[0] else 0.0), _MARGIN),
        part_score(float(windows), _WINDOWS),
        1.0 if beyond_chance else part_score(1 - contrary, _UNOPPOSED),
    )
    return Verdict(first, last, score, median, low, cells, margin, windows, contrary, strictness)


def _unusual(speed: float) -> float:
    (near, far), (more, most) = _UNUSUAL_PACES
    away = abs(float(np.log(speed)))
    return most if away > far else more if away > near else 0.0


def _spared(median: float, windows: int) -> float:
    """What long and very good agreement spares single places: something may lie over a part of one film."""
    good = np.clip((median - _GOOD_MEDIAN[0]) / (_GOOD_MEDIAN[1] - _GOOD_MEDIAN[0]), 0, 1)
    long = np.clip((windows - _LONG[0]) / (_LONG[1] - _LONG[0]), 0, 1)
    return float(_MOST_SPARED * good * long)


def _window_values(seen: Agreement) -> NDArray[np.float64]:
    """For a moving window how far it agrees; for a still one, only whether the picture contradicts."""
    moving = np.clip((seen.likeness - 0.6) / 0.25, -2.0, 1.0)
    still = np.where(seen.still_likeness >= 0.75, 0.05, -1.0)
    return np.where(seen.moving, moving, still)


def _best_run(values: NDArray[np.float64]) -> tuple[int, int] | None:
    """The stretch of greatest sum, or None when nothing is positive."""
    best, best_range = 0.0, None
    total, start = 0.0, 0
    for index, value in enumerate(values):
        if total <= 0:
            total, start = 0.0, index
        total += float(value)
        if total > best:
            best, best_range = total, (start, index + 1)
    return best_range


def thousandths(value: float) -> Decimal:
    """A figure as records hold it: three decimals, no float."""
    return Decimal(round(value * 1000)).scaleb(-3)


def whole_file(fingerprints: Fingerprints) -> tuple[SharedFootage, ...]:
    """What a file shares with one of the same bytes: everything, whatever its motion or sound."""
    reasons = ("the files are the same, byte for byte",)
    one = Decimal(1)
    found: list[SharedFootage] = []
    if fingerprints.picture is not None and len(fingerprints.picture.proxy.pts):
        proxy = fingerprints.picture.proxy
        ends = (MediaTime(int(proxy.pts[0]), proxy.time_base), MediaTime(int(proxy.pts[-1]), proxy.time_base))
        span = MediaInterval(*ends)
        segments = (SharedSegment(span, span, one),)
        found.append(SharedFootage("same_footage", "picture", segments, (), Fraction(1), one, reasons))
    if fingerprints.sound is not None and fingerprints.sound.length:
        sound = fingerprints.sound
        last = sound.start.instant + Fraction(sound.length * sound.hop, sound.rate)
        base = sound.start.time_base
        span = MediaInterval(sound.start, MediaTime(round(last / base), base))
        segments = (SharedSegment(span, span, one),)
        found.append(SharedFootage("same_sound", "sound", segments, (), Fraction(1), one, reasons))
    return tuple(found)

"""Compares two sound fingerprints: the same sound agrees in its texture on one line of time, nowhere else.

A sound in common is evidence of its own. Sounds are re-used, so it never makes two films one recording.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.decision import SharedFootage, SharedSegment, part_score
from videtur.engines.copies.sound_fingerprint import SoundFingerprint
from videtur.engines.copies.sound_landmarks import Landmarks, Pairs
from videtur.engines.copies.sound_reasons import BEYOND_CHANCE, HEARD, LEAD, sound_reasons
from videtur.engines.copies.sound_texture import (
    PACES,
    Hit,
    Laid,
    Line,
    Signs,
    elsewhere,
    finer,
    laid,
    refined,
    repaced,
    repitched,
    search,
)
from videtur.engines.media.timecode import MediaInterval, MediaTime

_GAP_SECONDS = 2.5
_LEAST_SECONDS = 1.0
_SPREAD_OF_CHANCE = 1.8
"""Correlations by chance spread so much wider than those of independent signs would."""
_LONG_SECONDS = 5.0
_NEAR_SECONDS = 0.4
_ONE_PITCH = 0.01
_CONVINCING = 0.6
_MOST_LINES = 4
_MOST_SEEDS = 4
_MOST_CELLS = 12_000_000
"""Rows of one sound by rows of the other up to which chunks are laid everywhere; beyond, landmarks point."""
_JUDGED_ROWS = 600


class Sound:
    """One sound fingerprint made ready for comparing many times."""

    def __init__(self, fingerprint: SoundFingerprint) -> None:
        self.fingerprint = fingerprint
        self.signs = fingerprint.signs()
        self._landmarks: Landmarks | None = None

    @property
    def pairs(self) -> Pairs:
        """The pairs of its peaks."""
        return Pairs.of(self.fingerprint)

    @property
    def landmarks(self) -> Landmarks:
        """Its own pairs, to look up those of others in."""
        if self._landmarks is None:
            self._landmarks = Landmarks()
            self._landmarks.add(0, self.pairs)
        return self._landmarks


@dataclass(frozen=True)
class _Found:
    """Stretches along one line, and the figures the decision rests on."""

    line: Line
    runs: tuple[tuple[int, int], ...]
    score: float
    agreement: float
    beyond: float
    lead: float
    seconds: float


def compare_sounds(query: Sound, reference: Sound) -> SharedFootage | None:
    """What two files share by sound; None when there is nothing to say."""
    mine, theirs = query.signs, reference.signs
    if min(len(mine), len(theirs)) < _LEAST_SECONDS * query.fingerprint.moments_per_second:
        return None
    found: list[_Found] = []
    for paces in (PACES[:1], PACES):
        found = _lines(query, reference, paces)
        if found and found[0].score >= _CONVINCING:
            break
    return _answer(found, query.fingerprint, reference.fingerprint) if found else None


def _lines(query: Sound, reference: Sound, paces: Sequence[float]) -> list[_Found]:
    """Lines of time on which the sounds agree, best first; each explains another part of the query."""
    mine, theirs = query.signs.copy(), reference.signs
    if len(mine) * len(theirs) <= _MOST_CELLS:
        hits = search(mine, theirs, paces)
    else:
        hits = reference.landmarks.hits(query.pairs, paces)
    found: list[_Found] = []
    for _ in range(_MOST_LINES):
        best = _best_of(mine, theirs, _seeds(hits), query)
        if best is None or (found and best.score < 0.5):
            break
        found.append(best)
        for first, last in best.runs:
            mine[first:last] = 0
        hits = [hit for hit in hits if not any(first <= hit.centre < last for first, last in best.runs)]
        if best.score < 0.5:
            break
    return sorted(found, key=lambda entry: -entry.score)


def _best_of(mine: Signs, theirs: Signs, seeds: Sequence[Hit], query: Sound) -> _Found | None:
    """What the first good seed leads to, or the best of all."""
    best: _Found | None = None
    for hit in seeds:
        line = refined(mine, theirs, hit)
        judged = _judge(mine, theirs, line, query) if line is not None else None
        if judged is not None and (best is None or judged.score > best.score):
            best = judged
        if best is not None and best.score >= _CONVINCING:
            break
    return best


def _seeds(hits: Sequence[Hit]) -> list[Hit]:
    """Hits worth following: those that most others lie in line with; one of each line."""
    if not hits:
        return []
    centre = np.array([hit.centre for hit in hits])
    there = np.array([hit.line.pace * hit.centre + hit.line.offset for hit in hits])
    weight = np.array([hit.z for hit in hits]) ** 2
    chosen: list[Hit] = []
    taken = np.zeros(len(hits), dtype=bool)
    in_line = [
        np.abs(there - there[index] - hit.line.pace * (centre - centre[index]))
        <= 4 + 0.02 * np.abs(centre - centre[index])
        for index, hit in enumerate(hits)
    ]
    support = [_support(weight, centre, line) for line in in_line]
    for index in np.argsort(-np.array(support), kind="stable"):
        if not taken[index] and len(chosen) < _MOST_SEEDS:
            chosen.append(hits[int(index)])
            taken |= in_line[int(index)]
    return chosen


def _support(weight: NDArray[np.float64], centre: NDArray[np.float64], line: NDArray[np.bool_]) -> float:
    """The strongest hit at each time of the query that lies in line, together."""
    best: dict[int, float] = {}
    for time, value in zip(centre[line], weight[line], strict=True):
        key = int(time // 20)
        best[key] = max(best.get(key, 0.0), float(value))
    return sum(best.values())


def _judge(mine: Signs, theirs: Signs, line: Line, query: Sound) -> _Found | None:
    per_second = query.fingerprint.moments_per_second
    overlay = laid(mine, theirs, line)
    runs = _runs(overlay, per_second)
    if not runs:
        return None
    rows = np.concatenate([np.arange(first, last) for first, last in runs])
    lively = (overlay.mine[rows] > 0) & (overlay.theirs[rows] > 0)
    line = _pitched(mine, theirs, line, rows)
    for _ in range(2):
        line = finer(mine, theirs, line, int(rows[0]), int(rows[-1]) + 1)
    overlay = laid(mine, theirs, line)
    own, other = float(overlay.mine[rows].sum()), float(overlay.theirs[rows].sum())
    agreement = float(overlay.agreement[rows].sum()) / max(1.0, np.sqrt(own * other))
    least_spread = float(_SPREAD_OF_CHANCE / np.sqrt(max(1.0, min(own, other))))
    if agreement / least_spread < BEYOND_CHANCE[0]:
        return None
    rival, spread = _chance(mine, theirs, line, rows, per_second)
    seconds = float(lively.sum()) / per_second
    # A short stretch is the best of many: chance reaches further.
    spread = max(spread, least_spread) * max(1.0, _LONG_SECONDS / max(seconds, 0.1)) ** 0.25
    beyond = agreement / spread
    lead = agreement / max(rival, 2 * spread, 1e-6)
    score = min(part_score(beyond, BEYOND_CHANCE), part_score(lead, LEAD), part_score(seconds, HEARD))
    return _Found(line, tuple(runs), score, agreement, beyond, lead, seconds)


def _pitched(mine: Signs, theirs: Signs, line: Line, rows: NDArray[np.int64]) -> Line:
    """The line with its pitch changed or kept, whichever agrees better."""
    if abs(line.pace - 1) <= _ONE_PITCH:
        return replace(line, pitch_kept=True)
    either = [replace(line, pitch_kept=pitch_kept) for pitch_kept in (line.pitch_kept, not line.pitch_kept)]
    return max(either, key=lambda one: float(laid(mine, theirs, one).agreement[rows].sum()))


def _chance(
    mine: Signs, theirs: Signs, line: Line, rows: NDArray[np.int64], per_second: float
) -> tuple[float, float]:
    """How well the stretch agrees at the best other offset, and the spread over all other offsets.

    A sound that repeats itself agrees with itself elsewhere too, so each is also laid over itself.
    """
    near = int(_NEAR_SECONDS * per_second)
    first = max(int(rows[0]), int(rows[len(rows) // 2]) - _JUDGED_ROWS // 2)
    last = min(int(rows[-1]) + 1, first + _JUDGED_ROWS)
    turned = repaced(repitched(mine[first:last], line.pace, pitch_kept=line.pitch_kept), line.pace)
    there = elsewhere(turned, theirs)
    place = round(line.pace * first + line.offset) + len(turned) - 1
    away = np.abs(np.arange(len(there)) - place) > near
    rival = float(there[away].max(initial=0.0))
    spread = float(there[away].std()) if away.sum() > 100 else 0.0
    at_home = float(there[max(0, place - 2) : place + 3].max(initial=0.0))
    start = max(0, place - len(turned) + 1)
    for stretch in (turned, theirs[start : start + len(turned)]):
        if len(stretch) > 2 * near:
            itself = elsewhere(stretch, stretch)
            lags = np.abs(np.arange(len(itself)) - len(stretch) + 1)
            kept = itself[(lags > near) & (lags < len(stretch) * 0.7)]
            rival = max(rival, at_home * float(kept.max(initial=0.0)))
    return rival, spread


def _runs(overlay: Laid, per_second: float) -> list[tuple[int, int]]:
    """Stretches of the query that agree, with no hole longer than the gap."""
    scale = np.sqrt(
        max(1.0, overlay.mine.mean())
        * max(1.0, overlay.theirs[overlay.theirs > 0].mean() if (overlay.theirs > 0).any() else 1.0)
    )
    value = overlay.agreement / scale
    window = int(per_second)
    smooth = np.convolve(value, np.ones(window) / window, mode="same")
    level = max(0.12, 0.4 * float(np.percentile(smooth[smooth > 0.1], 80)) if (smooth > 0.1).any() else 0.12)
    above = np.flatnonzero(smooth > level)
    if not len(above):
        return []
    edges = np.flatnonzero(np.diff(above) > _GAP_SECONDS * per_second)
    starts = np.concatenate([[0], edges + 1])
    ends = np.concatenate([edges, [len(above) - 1]])
    runs: list[tuple[int, int]] = []
    for a, b in zip(above[starts], above[ends], strict=True):
        first, last = max(0, int(a) - window), min(len(value), int(b) + 1 + window)
        kept = _best_run(value[first:last] - level)
        if kept[1] - kept[0] >= _LEAST_SECONDS * per_second:
            runs.append((first + kept[0], first + kept[1]))
    return runs


def _best_run(values: NDArray[np.float64]) -> tuple[int, int]:
    """The stretch of greatest sum."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    lowest = np.minimum.accumulate(total)
    last = int((total - lowest).argmax())
    first = int(total[: last + 1].argmin())
    return first, last


def _answer(
    found: Sequence[_Found], query: SoundFingerprint, reference: SoundFingerprint
) -> SharedFootage | None:
    best = found[0]
    segments = sorted(
        (
            _segment(entry, run, query, reference)
            for entry in found
            if entry is best or entry.score >= 0.5
            for run in entry.runs
        ),
        key=lambda segment: segment.query.start,
    )
    speed = _speed(best)
    names = () if speed == 1 else ("speed", "pitch kept") if best.line.pitch_kept else ("speed",)
    return SharedFootage(
        outcome="same_sound" if best.score >= 0.5 else "unrelated",
        modality="sound",
        segments=tuple(segments),
        transform=names,
        speed=speed,
        score=_decimal(best.score),
        reasons=sound_reasons(best.beyond, best.lead, best.seconds),
    )


def _speed(found: _Found) -> Fraction:
    """The pace: as the roundest number that moves no end of what was heard by more than a row or so."""
    rows = found.runs[-1][1] - found.runs[0][0]
    pace = found.line.pace
    if abs(pace - 1) * rows <= 1.5 or abs(pace - 1) < 0.002:
        return Fraction(1)
    hundredth = Fraction(round(pace * 100), 100)
    return hundredth if abs(float(hundredth) - pace) * rows <= 0.6 else Fraction(round(pace * 1000), 1000)


def _segment(
    found: _Found, run: tuple[int, int], query: SoundFingerprint, reference: SoundFingerprint
) -> SharedSegment:
    line = found.line
    there = [line.pace * row + line.offset for row in run]
    return SharedSegment(
        MediaInterval(_time(query, run[0]), _time(query, run[1])),
        MediaInterval(_time(reference, there[0]), _time(reference, there[1])),
        _decimal(found.score),
    )


def _decimal(score: float) -> Decimal:
    return Decimal(round(score * 1000)).scaleb(-3)


def _time(fingerprint: SoundFingerprint, row: float) -> MediaTime:
    """When a row of the texture is heard, within the sound."""
    base = fingerprint.start.time_base
    length = fingerprint.length * fingerprint.hop / fingerprint.rate
    seconds = min(max(0.0, row / fingerprint.moments_per_second), length)
    return MediaTime(fingerprint.start.pts + round(Fraction(seconds) / base), base)

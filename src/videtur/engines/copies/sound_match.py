"""Compares two sound fingerprints: pairs of peaks that recur at one offset and one pace.

A sound in common is evidence of its own. Sounds are re-used, so it never makes two films one recording.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.decision import SharedFootage, SharedSegment, part_score
from videtur.engines.copies.fingerprint import SoundFingerprint
from videtur.engines.media.timecode import MediaInterval, MediaTime

PACES = (1.0, 0.91, 1.1, 0.95, 1.05, 0.8, 1.25, 0.87, 1.15)
"""Seconds of the reference for one second of the query."""
_AHEAD = (2, 64)
_APART_BINS = 64
_PAIRS_A_PEAK = 8
_OFFSET_FRAMES = 3
_GAP_SECONDS = 2.5
_LEAST_SECONDS = 1.0
_COUNT = (2.0, 10.0, 40.0)
_SHARE = (0.02, 0.12, 0.5)
_LEAD = (1.0, 2.5, 6.0)

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class _Pairs:
    """Pairs of peaks: a key made of both pitches and their distance, and the time of the first."""

    keys: Ints
    frames: NDArray[np.float64]


@dataclass(frozen=True)
class _Match:
    score: float
    pace: float
    pitch_kept: bool
    offset: float
    matched: NDArray[np.float64]
    share: float
    lead: float


class Sound:
    """One sound fingerprint with its pairs, sorted once for looking up."""

    def __init__(self, fingerprint: SoundFingerprint) -> None:
        self.fingerprint = fingerprint
        pairs = _pairs(
            fingerprint.frames.astype(np.float64), fingerprint.bins.astype(np.float64), spread=False
        )
        order = np.argsort(pairs.keys, kind="stable")
        self.keys = pairs.keys[order]
        self.frames = pairs.frames[order]

    def altered(self, pace: float, *, pitch_kept: bool) -> _Pairs:
        """Pairs as they would be after a change of pace, each also one step off, as rounding may fall."""
        bins = self.fingerprint.bins / (1.0 if pitch_kept else pace)
        return _pairs(self.fingerprint.frames.astype(np.float64) * pace, bins.astype(np.float64), spread=True)


def compare_sounds(query: Sound, reference: Sound) -> SharedFootage | None:
    """What two files share by sound; None when there is nothing to say."""
    if len(query.keys) < _COUNT[1] or len(reference.keys) < _COUNT[1]:
        return None
    best: _Match | None = None
    for pace in PACES:
        for pitch_kept in (False, True) if pace != 1.0 else (True,):
            match = _match(query, reference, pace, pitch_kept=pitch_kept)
            if match is not None and (best is None or match.score > best.score):
                best = match
        if best is not None and best.score >= 0.6:
            break
    return None if best is None else _answer(best, query.fingerprint, reference.fingerprint)


def _pairs(frames: NDArray[np.float64], bins: NDArray[np.float64], *, spread: bool) -> _Pairs:
    """Every peak with the next few peaks near it in time and pitch."""
    keys: list[Ints] = []
    times: list[NDArray[np.float64]] = []
    for step in range(1, _PAIRS_A_PEAK * 2 + 1):
        if len(frames) <= step:
            break
        ahead = frames[step:] - frames[:-step]
        apart = bins[step:] - bins[:-step]
        good = (ahead >= _AHEAD[0]) & (ahead <= _AHEAD[1]) & (np.abs(apart) <= _APART_BINS)
        low, far, first = ahead[good] / 2, apart[good] / 2 + 64, bins[:-step][good] / 2
        for shift in (-0.5, 0.0, 0.5) if spread else (0.0,):
            for tilt in (-0.5, 0.0, 0.5) if spread else (0.0,):
                key = (np.rint(first + tilt) * 256 + np.rint(far)) * 256 + np.rint(low + shift)
                keys.append(key.astype(np.int64))
                times.append(frames[:-step][good])
    if not keys:
        return _Pairs(np.zeros(0, np.int64), np.zeros(0))
    all_keys, all_times = np.concatenate(keys), np.concatenate(times)
    if spread:
        both = np.unique(np.stack([all_keys.astype(np.float64), all_times]), axis=1)
        return _Pairs(both[0].astype(np.int64), both[1])
    return _Pairs(all_keys, all_times)


def _match(query: Sound, reference: Sound, pace: float, *, pitch_kept: bool) -> _Match | None:
    mine = query.altered(pace, pitch_kept=pitch_kept)
    first = np.searchsorted(reference.keys, mine.keys, side="left")
    counts = np.searchsorted(reference.keys, mine.keys, side="right") - first
    # A key that is everywhere (a hum) says nothing about where.
    counts[counts > 30] = 0
    total = int(counts.sum())
    if total < _COUNT[1]:
        return None
    rows = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
    there = reference.frames[first[rows] + within]
    here = mine.frames[rows]
    offsets = there - here
    bins = np.rint(offsets / _OFFSET_FRAMES).astype(np.int64)
    places, votes = np.unique(bins, return_counts=True)
    sums = _with_neighbours(places, votes)
    top = int(sums.argmax())
    rivals = sums[np.abs(places - places[top]) > 3]
    lead = float(sums[top]) / max(4.0, float(rivals.max()) if len(rivals) else 0.0)
    on_line = np.abs(bins - places[top]) <= 1
    moments = np.unique(here[on_line])
    offset = float(np.median(offsets[on_line]))
    anchors = _anchors_between(query, pace, moments)
    share = len(moments) / max(1, anchors)
    score = min(part_score(len(moments), _COUNT), part_score(share, _SHARE), part_score(lead, _LEAD))
    return _Match(score, pace, pitch_kept, offset, moments, share, lead)


def _with_neighbours(places: Ints, votes: Ints) -> Ints:
    """Votes of each place and of the places next to it."""
    sums = votes.copy()
    follows = np.flatnonzero(np.diff(places) == 1)
    sums[follows] += votes[follows + 1]
    sums[follows + 1] += votes[follows]
    return sums


def _anchors_between(query: Sound, pace: float, moments: NDArray[np.float64]) -> int:
    """Moments with a pair in the stretch that matched: what could have matched."""
    frames = np.unique(query.frames) * pace
    return int(((frames >= moments.min() - 0.5) & (frames <= moments.max() + 0.5)).sum())


def _answer(match: _Match, query: SoundFingerprint, reference: SoundFingerprint) -> SharedFootage | None:
    runs = _runs(match.matched * query.hop / query.rate)
    segments: list[SharedSegment] = []
    score = Decimal(round(match.score * 1000)).scaleb(-3)
    for first, last in runs:
        here = MediaInterval(_time(query, first / match.pace), _time(query, last / match.pace))
        shift = match.offset * query.hop / query.rate
        there = MediaInterval(_time(reference, first + shift), _time(reference, last + shift))
        segments.append(SharedSegment(here, there, score))
    if not segments:
        return None
    accepted = match.score >= 0.5
    names = () if match.pace == 1.0 else ("speed",) if not match.pitch_kept else ("speed", "pitch kept")
    return SharedFootage(
        outcome="same_sound" if accepted else "unrelated",
        modality="sound",
        segments=tuple(segments),
        transform=names,
        speed=Fraction(round(match.pace * 1000), 1000),
        score=score,
        reasons=(
            f"{len(match.matched)} moments of the sound recur at one offset (10 needed)",
            f"they are {match.share:.0%} of the moments in that stretch (12% needed)",
            f"the next best offset has {match.lead:.1f} times fewer (2.5 needed)",
            "a sound in common does not show that the picture is of one recording",
        ),
    )


def _runs(seconds: NDArray[np.float64]) -> Sequence[tuple[float, float]]:
    """Stretches of matched moments with no hole longer than the gap."""
    edges = np.flatnonzero(np.diff(seconds) > _GAP_SECONDS)
    starts = np.concatenate([[0], edges + 1])
    ends = np.concatenate([edges, [len(seconds) - 1]])
    runs = [(float(seconds[a]), float(seconds[b])) for a, b in zip(starts, ends, strict=True)]
    return [run for run in runs if run[1] - run[0] >= _LEAST_SECONDS]


def _time(fingerprint: SoundFingerprint, seconds: float) -> MediaTime:
    base = fingerprint.start.time_base
    return MediaTime(fingerprint.start.pts + max(0, round(Fraction(seconds) / base)), base)

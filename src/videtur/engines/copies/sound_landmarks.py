"""Landmarks: pairs of peaks of the spectrum, looked up among those of thousands of sounds at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.sound_fingerprint import TEXTURE_STEPS, SoundFingerprint
from videtur.engines.copies.sound_texture import Hit, Line, ways

_AHEAD = (2, 66)
_APART_BINS = 63
_KEPT_PAIRS = 3
_ASKED_PAIRS = 8
_KEY_BITS = 21
_OFFSET_FRAMES = 4
_MOST_ASKED = 800
_MOST_MET = 60_000
"""Pairs met at one pace; of more, those asked for first that fewest sounds have."""
_LEAST_VOTES = 5
_AT_ONE_PITCH = (1.0, 0.97, 1.03, 0.94, 1.06, 0.88, 1.12, 0.82, 1.18, 1.25)
"""Paces asked for at an unchanged pitch: where only steps between peaks change, these reach far enough."""
_MOST_HITS = 24

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Pairs:
    """Peaks and the next peaks near them: pitch of the first, pitches and steps between them, and when."""

    frames: NDArray[np.float64]
    first: NDArray[np.float64]
    apart: NDArray[np.float64]
    ahead: NDArray[np.float64]
    rank: Ints
    """How many nearer partners the first peak has."""

    @classmethod
    def of(cls, fingerprint: SoundFingerprint) -> "Pairs":
        """All pairs that may be asked for."""
        frames = fingerprint.frames.astype(np.float64)
        bins = fingerprint.bins.astype(np.float64)
        rank = np.zeros(len(frames), dtype=np.int64)
        parts: list[NDArray[np.float64]] = []
        for step in range(1, _ASKED_PAIRS * 3):
            if len(frames) <= step:
                break
            ahead = frames[step:] - frames[:-step]
            apart = bins[step:] - bins[:-step]
            near = (ahead >= _AHEAD[0]) & (ahead <= _AHEAD[1] - 2) & (np.abs(apart) <= _APART_BINS - 8)
            good = np.flatnonzero(near & (rank[:-step] < _ASKED_PAIRS))
            parts.append(
                np.stack([frames[good], bins[good], apart[good], ahead[good], rank[good].astype(np.float64)])
            )
            rank[good] += 1
        if not parts:
            none = np.zeros(0)
            return cls(none, none, none, none, np.zeros(0, dtype=np.int64))
        joined = np.concatenate(parts, axis=1)
        return cls(joined[0], joined[1], joined[2], joined[3], joined[4].astype(np.int64))


class _Shelf:
    """Places of pairs on the common line of time, in the order of their keys."""

    def __init__(self, keys: NDArray[np.uint32], places: NDArray[np.uint32]) -> None:
        order = np.argsort(keys, kind="stable")
        self.keys, self.places = keys[order], places[order]
        counts = np.bincount(self.keys, minlength=1 << _KEY_BITS)
        self.table = np.concatenate([[0], np.cumsum(counts)]).astype(np.uint32)

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True)
class _Votes:
    """Pairs that recur at one offset, for every sound and pace that had enough."""

    owner: Ints
    votes: Ints
    offset: NDArray[np.float64]
    centre: NDArray[np.float64]


class Landmarks:
    """Pairs of many sounds on one line of time, looked up by key."""

    def __init__(self) -> None:
        self._numbers: list[int] = []
        self._starts: list[int] = []
        self._end = 0
        self._new: list[tuple[NDArray[np.uint32], NDArray[np.uint32]]] = []
        self._shelves: list[_Shelf] = []

    def add(self, number: int, pairs: Pairs) -> None:
        """Put a sound's pairs on the line of time."""
        kept = pairs.rank < _KEPT_PAIRS
        if not kept.any():
            return
        self._numbers.append(number)
        self._starts.append(self._end)
        places = (pairs.frames[kept] + self._end).astype(np.uint32)
        keys = _keys(pairs.first[kept], pairs.apart[kept], pairs.ahead[kept]).astype(np.uint32)
        self._new.append((keys, places))
        self._end = int(places.max()) + 1

    def find(self, pairs: Pairs, count: int, paces: Sequence[float]) -> NDArray[np.float64]:
        """The greatest number of pairs at one offset and pace for each sound, by its number."""
        best = np.zeros(count)
        for pace, pitch_kept in _ways(paces):
            voted = self._vote(pairs, pace, pitch_kept=pitch_kept)
            numbers = np.array(self._numbers, dtype=np.int64)[voted.owner]
            np.maximum.at(best, numbers, voted.votes.astype(np.float64))
        return best

    def hits(self, pairs: Pairs, paces: Sequence[float]) -> list[Hit]:
        """The offsets and paces most pairs speak for, in rows of the texture."""
        found: list[Hit] = []
        for pace, pitch_kept in _ways(paces):
            voted = self._vote(pairs, pace, pitch_kept=pitch_kept)
            for index in np.argsort(-voted.votes, kind="stable")[:_MOST_HITS]:
                line = Line(pace, float(voted.offset[index]) / TEXTURE_STEPS, pitch_kept)
                centre = float(voted.centre[index]) / TEXTURE_STEPS
                found.append(Hit(line, centre, float(voted.votes[index])))
        return sorted(found, key=lambda hit: -hit.z)[: 2 * _MOST_HITS]

    def _vote(self, pairs: Pairs, pace: float, *, pitch_kept: bool) -> _Votes:
        self._gather()
        pitch = 1.0 if pitch_kept else pace
        keys, asking = _asked(pairs, pace, pitch)
        places, rows = self._met(keys, asking)
        starts = np.array(self._starts, dtype=np.int64)
        owner = np.searchsorted(starts, places, side="right") - 1
        here = pairs.frames[rows]
        offset = places - starts[owner] - here * pace if len(places) else np.zeros(0)
        cell = np.floor(offset / _OFFSET_FRAMES).astype(np.int64)
        # Only one vote of a moment for an offset, however many of its pairs recur there.
        together = (owner << 40) + ((cell + (1 << 19)) << 20) + (here.astype(np.int64) & 0xFFFFF)
        single, at = np.unique(together, return_index=True)
        where, first, votes = np.unique(single >> 20, return_index=True, return_counts=True)
        joined = votes.copy()
        follows = np.flatnonzero(np.diff(where) == 1)
        joined[follows] += votes[follows + 1]
        enough = np.flatnonzero(joined >= _LEAST_VOTES)
        owners = where[enough] >> 20
        offsets = ((where[enough] & 0xFFFFF) - (1 << 19) + 1.0) * _OFFSET_FRAMES
        middle = here[at[first[enough] + votes[enough] // 2]]
        return _Votes(owners, joined[enough], np.asarray(offsets, dtype=np.float64), middle)

    def _met(self, keys: Ints, asking: Ints) -> tuple[Ints, Ints]:
        """Every place that has one of the keys, and which of the query's pairs asked."""
        found: list[Ints] = [np.zeros(0, dtype=np.int64)]
        askers: list[Ints] = [np.zeros(0, dtype=np.int64)]
        for shelf in self._shelves:
            first = shelf.table[keys].astype(np.int64)
            counts = shelf.table[keys + 1].astype(np.int64) - first
            if counts.sum() > _MOST_MET:
                order = np.argsort(counts, kind="stable")
                counts[order[np.cumsum(counts[order]) > _MOST_MET]] = 0
            rows = np.repeat(np.arange(len(counts)), counts)
            within = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
            found.append(shelf.places[first[rows] + within].astype(np.int64))
            askers.append(asking[rows])
        return np.concatenate(found), np.concatenate(askers)

    def _gather(self) -> None:
        """Make a shelf of what is new; join shelves so that each is at least twice the next."""
        if not self._new:
            return
        keys, places = (np.concatenate(part) for part in zip(*self._new, strict=True))
        self._new = []
        while self._shelves and len(self._shelves[-1]) < 2 * len(keys):
            last = self._shelves.pop()
            keys, places = np.concatenate([last.keys, keys]), np.concatenate([last.places, places])
        self._shelves.append(_Shelf(keys, places))


def _ways(paces: Sequence[float]) -> Iterator[tuple[float, bool]]:
    return ((pace, kept) for pace, kept in ways(paces) if not kept or pace in _AT_ONE_PITCH)


def _asked(pairs: Pairs, pace: float, pitch: float) -> tuple[Ints, Ints]:
    """The keys to look up, each also a step off in time and pitch as rounding may fall, and whose."""
    chosen = np.arange(len(pairs.frames))
    if len(chosen) > _MOST_ASKED:
        # The nearest partners first, spread over the whole sound.
        order = np.lexsort((chosen * 2654435761 % 4294967296, pairs.rank))
        chosen = np.sort(order[:_MOST_ASKED])
    first, apart, ahead = pairs.first[chosen] / pitch, pairs.apart[chosen] / pitch, pairs.ahead[chosen] * pace
    keys = [
        _keys(first + shift, apart + tilt, ahead + wait)
        for shift, tilt, wait in product((-1, 0, 1), repeat=3)
    ]
    return np.concatenate(keys), np.tile(chosen, 27)


def _keys(first: NDArray[np.float64], apart: NDArray[np.float64], ahead: NDArray[np.float64]) -> Ints:
    """Pitch of the first peak, pitches to the second and steps to the second as one number."""
    low = np.clip(np.rint(first), 0, 255).astype(np.int64)
    far = np.clip(np.rint(apart) + _APART_BINS, 0, 127).astype(np.int64)
    wait = np.clip(np.rint(ahead) - _AHEAD[0], 0, 63).astype(np.int64)
    return (low << 13) | (far << 6) | wait

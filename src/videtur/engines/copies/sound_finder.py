"""Retrieval by sound: which of thousands of sounds are worth comparing in full."""

import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.sound_match import PACES, Sound

_LEAST_SOUND_VOTES = 6
Ints = NDArray[np.int64]


class SoundFinder:
    """Pairs of peaks that recur at one offset."""

    def __init__(self) -> None:
        self._owners: list[Ints] = []
        self._keys: list[Ints] = []
        self._frames: list[NDArray[np.float64]] = []
        self._sorted = False

    def add(self, film: int, sound: Sound) -> None:
        """Keep the pairs of a sound."""
        self._owners.append(np.full(len(sound.keys), film, dtype=np.int64))
        self._keys.append(sound.keys)
        self._frames.append(sound.frames)
        self._sorted = False

    def find(self, sound: Sound, films: int) -> NDArray[np.float64]:
        """The greatest number of pairs at one offset and pace, for each film."""
        best = np.zeros(films)
        owners = self._sort()
        if not len(owners) or not len(sound.keys):
            return best
        keys, frames = self._keys[0], self._frames[0]
        for pace in PACES:
            for pitch_kept in (False, True) if pace != 1.0 else (True,):
                mine = sound.altered(pace, pitch_kept=pitch_kept)
                first = np.searchsorted(keys, mine.keys, side="left")
                counts = np.searchsorted(keys, mine.keys, side="right") - first
                counts[counts > 20 * max(4, films)] = 0
                total = int(counts.sum())
                if not total:
                    continue
                rows = np.repeat(np.arange(len(counts)), counts)
                within = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
                places = first[rows] + within
                offsets = np.rint((frames[places] - mine.frames[rows]) / 4).astype(np.int64)
                together = owners[places] * (1 << 32) + (offsets + (1 << 31))
                seen, votes = np.unique(together, return_counts=True)
                np.maximum.at(best, seen >> 32, votes.astype(np.float64))
        return np.where(best >= _LEAST_SOUND_VOTES, best, 0.0)

    def _sort(self) -> Ints:
        if not self._sorted and self._keys:
            owners, keys = np.concatenate(self._owners), np.concatenate(self._keys)
            order = np.argsort(keys, kind="stable")
            self._owners = [owners[order]]
            self._keys = [keys[order]]
            self._frames = [np.concatenate(self._frames)[order]]
        self._sorted = True
        return self._owners[0] if self._owners else np.zeros(0, dtype=np.int64)

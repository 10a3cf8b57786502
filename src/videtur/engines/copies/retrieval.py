"""Retrieval: which of thousands of films are worth comparing in full, by quick signs of the picture.

Each finder keeps a little of every film and returns candidates with a strength; none of them decides.
"""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.fingerprint import PictureFingerprint
from videtur.engines.copies.hashing import distances, mirrored

_THINNED_BITS = 12
_LEAST_DETAIL = 12
_NEAR_BITS = 88
_MOST_QUERY_HASHES = 400
_CELLS = 4_000_000
_KEYPOINTS = 160
_MOST_STILLS = 24
_TABLES = 6
_TABLE_BITS = 18
_LEAST_VOTES = 4.0
Ints = NDArray[np.int64]


@dataclass
class Shelf:
    """Values of many films in one array, with the number of the film each belongs to."""

    parts: list[NDArray[np.generic]] = field(default_factory=list[NDArray[np.generic]])
    owners: list[Ints] = field(default_factory=list[Ints])

    def add(self, film: int, values: NDArray[np.generic]) -> None:
        """Put a film's values on the shelf."""
        self.parts.append(values)
        self.owners.append(np.full(len(values), film, dtype=np.int64))

    def gather(self) -> Ints:
        """Join what was added since the last look; return the owners."""
        if len(self.parts) > 1:
            self.parts[:] = [np.concatenate(self.parts)]
            self.owners[:] = [np.concatenate(self.owners)]
        return self.owners[0] if self.owners else np.zeros(0, dtype=np.int64)


class HashFinder:
    """Nearest hash of each film, plain or mirrored, whole or without borders."""

    def __init__(self) -> None:
        self._shelf = Shelf()

    def add(self, film: int, fingerprint: PictureFingerprint) -> None:
        """Keep the film's hashes, without those that hardly differ from the one before."""
        self._shelf.add(film, _thinned(fingerprint))

    def find(self, fingerprint: PictureFingerprint, films: int) -> NDArray[np.float64]:
        """Strength for each film: 0 where nothing is near, 1 where a hash is the same."""
        owners = self._shelf.gather()
        nearest = np.full(films, 256, dtype=np.int64)
        query = _thinned(fingerprint)
        if len(query) > _MOST_QUERY_HASHES:
            query = query[np.linspace(0, len(query) - 1, _MOST_QUERY_HASHES).astype(int)]
        if not len(query) or not len(owners):
            return np.zeros(films)
        views = np.concatenate([query, mirrored(query)])
        known = np.asarray(self._shelf.parts[0], dtype=np.uint8)
        step = max(1, _CELLS // len(views))
        for first in range(0, len(known), step):
            best = distances(views, known[first : first + step]).min(axis=0)
            np.minimum.at(nearest, owners[first : first + step], best.astype(np.int64))
        return np.where(nearest <= _NEAR_BITS, 1 - nearest / 128, 0.0)


def _thinned(fingerprint: PictureFingerprint) -> NDArray[np.uint8]:
    views = [fingerprint.hashes] + ([fingerprint.trimmed_hashes] if fingerprint.trimmed else [])
    kept: list[NDArray[np.uint8]] = []
    for hashes in views:
        last: NDArray[np.uint8] | None = None
        for bits in hashes[fingerprint.detail >= _LEAST_DETAIL]:
            if last is None or int(np.bitwise_count(bits ^ last).sum()) > _THINNED_BITS:
                kept.append(bits)
                last = bits
    return np.stack(kept) if kept else np.zeros((0, 32), dtype=np.uint8)


class PointFinder:
    """Points of the stills as short binary words: finds crops, pictures in pictures, filmed screens."""

    def __init__(self) -> None:
        self._shelves = [Shelf() for _ in range(_TABLES)]
        self._orb = cv2.ORB.create(_KEYPOINTS, 1.25, 7, fastThreshold=10)
        # Which bits make up the key of each table; a fixed draw, so that every index is the same.
        draw = np.random.default_rng(20)
        self._bits = [draw.permutation(256)[:_TABLE_BITS] for _ in range(_TABLES)]
        self._sorted = False

    def add(self, film: int, fingerprint: PictureFingerprint) -> None:
        """Keep the words of the film's stills."""
        for shelf, keys in zip(self._shelves, self._keys(fingerprint, flip=False), strict=True):
            shelf.add(film, np.unique(keys))
        self._sorted = False

    def find(self, fingerprint: PictureFingerprint, films: int) -> NDArray[np.float64]:
        """Votes for each film, rare words counting more; the better of plain and mirrored."""
        best = np.zeros(films)
        self._sort()
        for flip in (False, True):
            votes = np.zeros(films)
            for shelf, keys in zip(self._shelves, self._keys(fingerprint, flip=flip), strict=True):
                if shelf.parts:
                    votes += _votes(np.asarray(shelf.parts[0], dtype=np.int64), shelf.owners[0], keys, films)
            best = np.maximum(best, votes)
        return np.where(best >= _LEAST_VOTES, best, 0.0)

    def _sort(self) -> None:
        if self._sorted:
            return
        for shelf in self._shelves:
            owners = shelf.gather()
            if shelf.parts:
                order = np.argsort(shelf.parts[0], kind="stable")
                shelf.parts[0], shelf.owners[0] = shelf.parts[0][order], owners[order]
        self._sorted = True

    def _keys(self, fingerprint: PictureFingerprint, *, flip: bool) -> list[Ints]:
        stills = fingerprint.stills
        if len(stills) > _MOST_STILLS:
            stills = tuple(stills[int(i)] for i in np.linspace(0, len(stills) - 1, _MOST_STILLS))
        found: list[NDArray[np.uint8]] = []
        for still in stills:
            grey = cv2.imdecode(np.frombuffer(still.jpeg, dtype=np.uint8), cv2.IMREAD_GRAYSCALE)
            if grey is None:
                continue
            picture = cv2.flip(grey, 1) if flip else grey
            points, words = self._orb.detectAndCompute(picture, None)
            if len(points):
                found.append(np.asarray(words, dtype=np.uint8))
        if not found:
            return [np.zeros(0, dtype=np.int64)] * _TABLES
        bits = np.unpackbits(np.concatenate(found), axis=1)
        powers = 1 << np.arange(_TABLE_BITS, dtype=np.int64)
        return [bits[:, chosen].astype(np.int64) @ powers for chosen in self._bits]


def _votes(known: Ints, owners: Ints, keys: Ints, films: int) -> NDArray[np.float64]:
    wanted = np.unique(keys)
    first = np.searchsorted(known, wanted, side="left")
    counts = np.searchsorted(known, wanted, side="right") - first
    total = int(counts.sum())
    if not total:
        return np.zeros(films)
    within = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
    places = np.repeat(first, counts) + within
    # A word that every film has says nothing: its weight falls with the share of films that have it.
    weight = np.log((films + 1) / np.repeat(counts, counts)).clip(0.0) / np.log(films + 1)
    return np.bincount(owners[places], weights=weight, minlength=films).astype(np.float64)

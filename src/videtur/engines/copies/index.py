"""Searches one file's copies among thousands: quick signs first, full comparison only where they point."""

from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.comparison import Prepared, compare_pictures
from videtur.engines.copies.decision import SharedFootage
from videtur.engines.copies.descriptor_match import DescriptorFinder, with_model
from videtur.engines.copies.fingerprint import Fingerprints
from videtur.engines.copies.retrieval import HashFinder, PointFinder
from videtur.engines.copies.sound_finder import SoundFinder
from videtur.engines.copies.sound_match import compare_sounds

_KEPT_READY = 48


@dataclass(frozen=True)
class Shared:
    """What the file searched for shares with one file of the index."""

    name: str
    relations: tuple[SharedFootage, ...]

    @property
    def accepted(self) -> tuple[SharedFootage, ...]:
        """The relations that reach the engine's own threshold."""
        return tuple(relation for relation in self.relations if relation.accepted)


class CopyIndex:
    """Fingerprints of many files under their names.

    With `load`, only what the quick signs need stays in memory, and a fingerprint is loaded again when a
    file becomes a candidate.
    """

    def __init__(
        self,
        load: Callable[[str], Fingerprints] | None = None,
        *,
        descriptors: DescriptorFinder | None = None,
    ) -> None:
        self._load = load
        self._described = descriptors
        self._names: list[str] = []
        self._known: set[str] = set()
        self._held: dict[str, Fingerprints] = {}
        self._ready: OrderedDict[str, Prepared] = OrderedDict()
        self._hashes = HashFinder()
        self._points = PointFinder()
        self._sounds = SoundFinder()

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._known

    def add(self, name: str, fingerprints: Fingerprints) -> None:
        """Put a file into the index. A name already there is passed over."""
        if name in self._known:
            return
        number = len(self._names)
        self._names.append(name)
        self._known.add(name)
        if self._load is None:
            self._held[name] = fingerprints
        if fingerprints.picture is not None:
            self._hashes.add(number, fingerprints.picture)
            self._points.add(number, fingerprints.picture)
        if self._described is not None and fingerprints.descriptors is not None:
            self._described.add(number, fingerprints.descriptors)
        ready = Prepared(fingerprints)
        if ready.sound is not None:
            self._sounds.add(number, ready.sound)

    def search(
        self,
        fingerprints: Fingerprints,
        *,
        leave_out: Collection[str] = (),
        picture: bool = True,
        sound: bool = True,
        most: int = 40,
    ) -> tuple[Shared, ...]:
        """What the file shares with each file of the index, best first; hints below the threshold too.

        At most `most` candidates of each kind of sign are compared in full.
        """
        query = Prepared(fingerprints)
        count = len(self._names)
        by_picture: list[int] = []
        alike = self._alike(fingerprints, count) if picture else np.zeros(count)
        if picture and fingerprints.picture is not None:
            by_hash = self._hashes.find(fingerprints.picture, count)
            by_points = self._points.find(fingerprints.picture, count)
            by_picture = sorted({*_best(by_hash, most), *_best(by_points, most), *_best(alike, most)})
        by_sound: list[int] = []
        if sound and query.sound is not None:
            by_sound = _best(self._sounds.find(query.sound, count), most)
        found: list[Shared] = []
        for number in sorted({*by_picture, *by_sound}):
            name = self._names[number]
            if name in leave_out:
                continue
            other = self._prepared(name)
            relations: list[SharedFootage | None] = []
            if number in by_picture and query.film and other.film:
                relations.append(with_model(compare_pictures(query.film, other.film), float(alike[number])))
            if number in by_sound and query.sound and other.sound:
                relations.append(compare_sounds(query.sound, other.sound))
            kept = tuple(relation for relation in relations if relation is not None)
            if kept:
                found.append(Shared(name, kept))
        return tuple(sorted(found, key=lambda shared: (-max(r.score for r in shared.relations), shared.name)))

    def _alike(self, fingerprints: Fingerprints, count: int) -> NDArray[np.float64]:
        """How strongly a model's descriptors point to each film; nothing without a model."""
        if self._described is None or fingerprints.descriptors is None:
            return np.zeros(count)
        return self._described.find(fingerprints.descriptors, count)

    def _prepared(self, name: str) -> Prepared:
        if name in self._ready:
            self._ready.move_to_end(name)
            return self._ready[name]
        fingerprints = self._load(name) if self._load is not None else self._held[name]
        self._ready[name] = Prepared(fingerprints)
        if len(self._ready) > _KEPT_READY:
            self._ready.popitem(last=False)
        return self._ready[name]


def _best(strengths: NDArray[np.float64], most: int) -> list[int]:
    order = np.argsort(-strengths, kind="stable")[:most]
    return [int(number) for number in order if strengths[number] > 0]

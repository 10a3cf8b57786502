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
from videtur.engines.copies.retrieval import Gallery, interleaved
from videtur.engines.copies.segment import signs_of
from videtur.engines.copies.sound_landmarks import Landmarks
from videtur.engines.copies.sound_match import Sound, compare_sounds
from videtur.engines.copies.sound_texture import PACES

_KEPT_READY = 128
"""Films that were compared lately; at rest, some two megabytes each for a minute of film."""
_CLEAR_POINTS = 18.0
_CLEAR_HASHES = 0.3
"""Strengths that strangers hardly reach (benchmarks/copies): what is below is compared only if it is best."""
_LEAST_HASHES = 0.1
_ALWAYS = 3
_BESIDE_CLEAR = 1


@dataclass(frozen=True)
class Shared:
    """What the file searched for shares with one file of the index."""

    name: str
    relations: tuple[SharedFootage, ...]

    @property
    def accepted(self) -> tuple[SharedFootage, ...]:
        """The relations that reach the engine's own threshold."""
        return tuple(relation for relation in self.relations if relation.accepted)


@dataclass(frozen=True)
class Candidates:
    """Which films are worth comparing in full, by name, the likeliest first."""

    by_picture: tuple[str, ...]
    by_sound: tuple[str, ...]


class CopyIndex:
    """Quick signs of many files under their names, and what is needed to compare those they point to.

    With `load`, only the quick signs are held, and a file's fingerprints are loaded when it becomes a
    candidate. A `gallery` that was stored saves making the signs again.
    """

    def __init__(
        self,
        load: Callable[[str], Fingerprints] | None = None,
        *,
        descriptors: DescriptorFinder | None = None,
        gallery: Gallery | None = None,
    ) -> None:
        self._load = load
        self._described = descriptors
        self._held: dict[str, Fingerprints] = {}
        self._ready: OrderedDict[str, Prepared] = OrderedDict()
        self._sounds = Landmarks()
        self._met = 0
        self.gallery = gallery or Gallery()

    def __len__(self) -> int:
        return len(self.gallery)

    def __contains__(self, name: object) -> bool:
        return name in self.gallery

    def add(self, name: str, fingerprints: Fingerprints) -> None:
        """Put a file into the index. A name already there is passed over."""
        if name in self.gallery:
            return
        sound = Sound(fingerprints.sound) if fingerprints.sound is not None else None
        self.gallery.add(name, signs_of(fingerprints, sound.pairs if sound is not None else None))
        if self._load is None:
            self._held[name] = fingerprints

    def remove(self, name: str) -> None:
        """Take a file out. A name that is not there is passed over."""
        number = self.gallery.remove(name)
        if number is not None and self._described is not None:
            self._described.remove(number)
        self._held.pop(name, None)
        self._ready.pop(name, None)

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

        At most `most` candidates by picture and `most` by sound are compared in full.
        """
        query = Prepared(fingerprints)
        candidates = self.candidates(
            fingerprints, leave_out=leave_out, picture=picture, sound=sound, most=most, prepared=query
        )
        alike = self._alike(fingerprints) if picture else {}
        found: list[Shared] = []
        for name in sorted({*candidates.by_picture, *candidates.by_sound}):
            other = self._prepared(name)
            relations: list[SharedFootage | None] = []
            if name in candidates.by_picture and query.film and other.film:
                pair = compare_pictures(query.film, other.film)
                relations.append(with_model(pair, alike.get(name, 0.0)))
            if name in candidates.by_sound and query.sound and other.sound:
                relations.append(compare_sounds(query.sound, other.sound))
            if other.film is not None:
                other.film.rest()
            kept = tuple(relation for relation in relations if relation is not None)
            if kept:
                found.append(Shared(name, kept))
        return tuple(sorted(found, key=lambda shared: (-max(r.score for r in shared.relations), shared.name)))

    def candidates(
        self,
        fingerprints: Fingerprints,
        *,
        leave_out: Collection[str] = (),
        picture: bool = True,
        sound: bool = True,
        most: int = 40,
        prepared: Prepared | None = None,
    ) -> Candidates:
        """The files that quick signs point to: the best by each kind of sign in turn."""
        self._meet()
        count = self.gallery.count
        out = np.array(
            [self.gallery.number(name) for name in leave_out if name in self.gallery], dtype=np.int64
        )
        rankings: list[NDArray[np.float64]] = []
        query = prepared or Prepared(fingerprints)
        if picture and query.film is not None:
            rankings += [
                worth_comparing(self.gallery.by_points(query.film), _CLEAR_POINTS),
                worth_comparing(self.gallery.by_hashes(query.film.fingerprint), _CLEAR_HASHES, _LEAST_HASHES),
            ]
        if picture and self._described is not None and fingerprints.descriptors is not None:
            rankings.append(self._described.find(fingerprints.descriptors, count))
        heard: list[NDArray[np.float64]] = []
        if sound and query.sound is not None and count:
            heard.append(self.gallery.living(self._sounds.find(query.sound.pairs, count, PACES)))
        for ranking in (*rankings, *heard):
            ranking[out] = 0.0
        return Candidates(
            tuple(self.gallery.name(number) for number in interleaved(rankings, most)),
            tuple(self.gallery.name(number) for number in interleaved(heard, most)),
        )

    def _meet(self) -> None:
        """Give the finders by sound and by model what the gallery has that they have not met."""
        for number, segment, place in self.gallery.films(self._met):
            pairs = segment.pairs(place)
            if pairs is not None:
                self._sounds.add(number, pairs)
            described = segment.descriptors(place) if self._described is not None else None
            if self._described is not None and described is not None:
                self._described.add(number, described)
        self._met = self.gallery.count

    def _alike(self, fingerprints: Fingerprints) -> dict[str, float]:
        """How strongly a model's descriptors point to each film; nothing without a model."""
        if self._described is None or fingerprints.descriptors is None:
            return {}
        strengths = self._described.find(fingerprints.descriptors, self.gallery.count)
        return {self.gallery.name(int(n)): float(strengths[n]) for n in np.flatnonzero(strengths)}

    def _prepared(self, name: str) -> Prepared:
        if name in self._ready:
            self._ready.move_to_end(name)
            return self._ready[name]
        fingerprints = self._load(name) if self._load is not None else self._held[name]
        self._ready[name] = Prepared(fingerprints)
        if len(self._ready) > _KEPT_READY:
            self._ready.popitem(last=False)
        return self._ready[name]


def worth_comparing(strengths: NDArray[np.float64], clear: float, least: float = 0.0) -> NDArray[np.float64]:
    """Strengths of films without those below `clear`, but for the few best: a full comparison costs much.

    Where something is clear, one that is not is kept beside it; else some, but none below `least`.
    """
    kept = np.where(strengths >= clear, strengths, 0.0)
    weak = np.where((strengths < clear) & (strengths >= least), strengths, 0.0)
    best = np.argsort(-weak, kind="stable")[: _BESIDE_CLEAR if kept.any() else _ALWAYS]
    kept[best] = np.maximum(kept[best], weak[best])
    return kept

"""Retrieval: which of thousands of films are worth comparing in full, by quick signs.

A gallery keeps a little of every film, in segments: new films make a small one, small ones are joined, as
in a log-structured store. A film taken out is passed over at once and gone when its segment is joined.
Signs propose; none of them decides.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.film import Film
from videtur.engines.copies.fingerprint import PictureFingerprint
from videtur.engines.copies.hash_views import asked
from videtur.engines.copies.point_signs import Variant, query_points
from videtur.engines.copies.point_votes import votes, weights_of
from videtur.engines.copies.postings import Hits, joined
from videtur.engines.copies.segment import FilmSigns, Segment

_NEAR_BITS = 88
_MOMENTS = 3
"""A film's strength by hashes is the mean of its best moments, so that one fade makes no candidate."""
_QUERY_STILLS = 6
_QUERY_POINTS = 240
_NEGATIVE_STILLS = 2
"""Negative pictures are rare: so many stills are asked in that way too."""
_LEAST_VOTES = 2.4
"""Among hundreds of films that have nothing to do with the query the best reaches about two, copies mostly
eight and more; what is let in here costs a comparison, what is not is lost."""
_MOST_FRESH = 256
_MOST_DEAD = 0.3
Strengths = NDArray[np.float64]


@dataclass(eq=False)
class _Held:
    """A segment, the gallery's number of each of its films, and the name of its file if it has one."""

    segment: Segment
    numbers: NDArray[np.int64]
    file: str


class Gallery:
    """Many films under their names. Numbers count from 0 as films are added, and are never used again."""

    def __init__(self) -> None:
        self._held: list[_Held] = []
        self._fresh: list[tuple[int, FilmSigns]] = []
        self._names: list[str] = []
        self._numbers: dict[str, int] = {}
        self._gone: set[str] = set()

    def __len__(self) -> int:
        return len(self._numbers)

    def __contains__(self, name: object) -> bool:
        return name in self._numbers

    @property
    def names(self) -> Collection[str]:
        """The names of the films in it."""
        return self._numbers.keys()

    @property
    def count(self) -> int:
        """One more than the highest number given."""
        return len(self._names)

    def name(self, number: int) -> str:
        """The name of a film by its number."""
        return self._names[number]

    def number(self, name: str) -> int:
        """The number of a film that is there."""
        return self._numbers[name]

    def add(self, name: str, signs: FilmSigns) -> int:
        """Put a film in that is not there yet; returns its number."""
        number = self._next(name)
        self._fresh.append((number, signs))
        if len(self._fresh) >= _MOST_FRESH:
            self._gather()
        return number

    def remove(self, name: str) -> int | None:
        """Take a film out; returns the number it had, None when it was not there."""
        number = self._numbers.pop(name, None)
        if number is not None:
            self._gone.add(name)
        return number

    def settled(self) -> None:
        """What was taken out is stored as such: a file that has it again has it anew."""
        self._gone.clear()

    def hold(self, segment: Segment, file: str, without: Collection[int] = ()) -> None:
        """Take in a segment out of a file, less the films at some places and those there already."""
        self._gather()
        numbers: list[int] = []
        for place, name in enumerate(segment.names):
            numbers.append(len(self._names))
            self._names.append(name)
            if place not in without and name not in self._gone:
                self._numbers.setdefault(name, numbers[-1])
        self._held.append(_Held(segment, np.array(numbers, dtype=np.int64), file))

    def segments(self) -> list[tuple[Segment, str, list[int]]]:
        """Every segment, its file ("" when it has none), and the places of films that were taken out."""
        self._gather()
        return [(held.segment, held.file, self._dead_places(held)) for held in self._held]

    def stored(self, segment: Segment, again: Segment, file: str) -> None:
        """A segment now lies in a file: from now on it is read from there."""
        for held in self._held:
            if held.segment is segment:
                held.segment, held.file = again, file

    def let_go(self, file: str, places: Collection[int] | None = None) -> None:
        """Take out films at some places of a file's segment; without places, forget the whole segment."""
        for held in tuple(self._held):
            if held.file != file:
                continue
            numbers: list[int] = held.numbers.tolist()
            for place in range(len(numbers)) if places is None else places:
                if self._alive(numbers[place]):
                    del self._numbers[self._names[numbers[place]]]
            if places is None:
                self._held.remove(held)

    def revive(self, file: str, without: Collection[int]) -> None:
        """Count the films of a file's segment again, less those at some places and those there already."""
        for held in self._held:
            for place, name in enumerate(held.segment.names if held.file == file else ()):
                if place not in without and name not in self._numbers and name not in self._gone:
                    # A number of its own: who asked for what is new has passed over the old one.
                    held.numbers[place] = self._next(name)

    def films(self, first: int = 0) -> Iterator[tuple[int, Segment, int]]:
        """Number, segment, and place in it of every film numbered from `first`."""
        self._gather()
        for held in self._held:
            if held.numbers.max() < first:
                continue
            for place, number in enumerate(held.numbers.tolist()):
                if number >= first and self._alive(number):
                    yield number, held.segment, place

    def by_hashes(self, picture: PictureFingerprint) -> Strengths:
        """Strength of each film by number: 0 where no hash is near, 1 where some are the same."""
        self._gather()
        query = asked(picture)
        moments = int(query.moments.max()) + 1 if len(query.moments) else 0
        keys: list[NDArray[np.int64]] = []
        near: list[NDArray[np.int64]] = []
        for held in self._held:
            asking, films, bits = held.segment.nearest(query.hashes)
            close = bits <= _NEAR_BITS
            keys.append(held.numbers[films[close]] * moments + query.moments[asking[close]])
            near.append(bits[close])
        strengths = np.zeros(self.count)
        if not keys or not moments:
            return strengths
        key, bits = np.concatenate(keys), np.concatenate(near)
        order = np.lexsort((bits, key))
        key, bits = key[order], bits[order]
        first = np.diff(key, prepend=-1) != 0
        films, alike = key[first] // moments, 1 - bits[first] / (_NEAR_BITS + 8)
        order = np.lexsort((-alike, films))
        films, alike = films[order], alike[order]
        begins = np.diff(films, prepend=-1) != 0
        place = np.arange(len(films)) - np.flatnonzero(begins)[np.cumsum(begins) - 1]
        share = min(_MOMENTS, len(np.unique(query.moments)))
        np.add.at(strengths, films[place < _MOMENTS], alike[place < _MOMENTS] / share)
        return self.living(strengths)

    def by_points(self, film: Film) -> Strengths:
        """Strength of each film by number: the weight of points that agree on one change of the picture."""
        self._gather()
        best = np.zeros(self.count)
        known = sum(len(held.segment.postings) for held in self._held)
        points = query_points(film, _QUERY_STILLS, _QUERY_POINTS)
        stills = np.unique(points.stills)
        few = stills[
            np.unique(np.linspace(0, max(0, len(stills) - 1), _NEGATIVE_STILLS).astype(int))[: len(stills)]
        ]
        rare = points.only(np.flatnonzero(np.isin(points.stills, few)))
        for variant in Variant:
            some = points if variant in (Variant.PLAIN, Variant.MIRROR) else rare
            if not len(some):
                continue
            seen = some.seen(variant)
            values = seen.values
            hits = joined(
                [_numbered(held.segment.postings.find(values), held.numbers) for held in self._held]
            )
            best = np.maximum(best, votes(seen, hits, self.count, weights_of(hits, known)))
        return self.living(np.where(best >= _LEAST_VOTES, best, 0.0))

    def living(self, strengths: Strengths) -> Strengths:
        """Strengths without those of films that were taken out."""
        kept = np.zeros(self.count, dtype=bool)
        kept[list(self._numbers.values())] = True
        return np.where(kept, strengths, 0.0)

    def _dead_places(self, held: _Held) -> list[int]:
        return [place for place, number in enumerate(held.numbers.tolist()) if not self._alive(number)]

    def _alive(self, number: int) -> bool:
        return self._numbers.get(self._names[number]) == number

    def _next(self, name: str) -> int:
        number = len(self._names)
        self._names.append(name)
        self._numbers[name] = number
        self._gone.discard(name)
        return number

    def _gather(self) -> None:
        """Make a segment of what is new; join segments until each is over twice as heavy as the next."""
        fresh = [(number, signs) for number, signs in self._fresh if self._alive(number)]
        self._fresh = []
        joining: list[_Held] = []
        if fresh:
            made = Segment.of([(self._names[number], signs) for number, signs in fresh])
            joining = [_Held(made, np.array([number for number, _ in fresh], dtype=np.int64), "")]
            while self._held and self._held[-1].segment.weight < 2 * sum(j.segment.weight for j in joining):
                joining.insert(0, self._held.pop())
        if len(joining) > 1:
            joining = self._joined(joining)
        self._held += joining
        for held in tuple(self._held):
            if len(self._dead_places(held)) > _MOST_DEAD * len(held.numbers):
                place = self._held.index(held)
                self._held[place : place + 1] = self._joined([held])

    def _joined(self, parts: Sequence[_Held]) -> list[_Held]:
        kept = [np.array([self._alive(n) for n in held.numbers.tolist()], dtype=bool) for held in parts]
        segment = Segment.joined([held.segment for held in parts], kept)
        if segment is None:
            return []
        numbers = np.concatenate([held.numbers[keep] for held, keep in zip(parts, kept, strict=True)])
        return [_Held(segment, numbers, "")]


def _numbered(hits: Hits, numbers: NDArray[np.int64]) -> Hits:
    return Hits(hits.asking, numbers[hits.films], hits.shapes, hits.bits, hits.crowd)


def interleaved(rankings: Sequence[Strengths], most: int) -> list[int]:
    """The best of every ranking, then the second of every one, and so on, until there are so many."""
    chosen: dict[int, None] = {}
    orders = [[int(n) for n in np.argsort(-each, kind="stable")[:most] if each[n] > 0] for each in rankings]
    for place in range(max((len(order) for order in orders), default=0)):
        for order in orders:
            if place < len(order) and len(chosen) < most:
                chosen.setdefault(order[place])
    return list(chosen)

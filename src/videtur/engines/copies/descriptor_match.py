"""Which films a model's descriptors point to, how strongly, and at which moments.

A likeness is measured against a background of pictures that belong to no case: it counts from what the
two pictures would reach with anything at all. Never against the case itself, whose true copies would
depress one another. What comes out only proposes and ranks.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.decision import MATCH_THRESHOLD, SharedFootage
from videtur.engines.copies.descriptor import CROPS, PLAIN, Descriptors, View
from videtur.engines.copies.descriptor_reasons import likeness_reason

_NEAREST = 3
"""How many of the background's nearest stand for what a picture reaches with anything."""
_MOMENTS = 3
"""A film's strength is the mean of its best moments, so that one fade does not make a copy."""
_MOST_QUERY_ROWS = 400
_ROWS_AT_ONCE = 1 << 15
_LEAST_STRENGTH = 0.15
"""Below this nearly every film points to every other."""
_MOST_PAIRS = 120
_PAIR_SHARE = 0.7
_LIFT = (0.20, 0.45)
"""Strengths that begin to lift a pair's rank, and that lift it most. Strangers stay about below the first,
attacked copies above the second; still higher are copies and other takes of one room alike, so there the
order is left to motion (docs/research/copies.md)."""
_LIFTED_SHARE = 0.8
"""How much of the way to the top a lift goes: what remains keeps the order that motion gave."""
_SHY = 0.001
"""How far below the threshold a pair stays that only looks alike."""
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class MomentPair:
    """A moment of the query that looks like one of the reference, and the views in which it does."""

    query_seconds: float
    reference_seconds: float
    strength: float
    query_view: View
    reference_view: View


@dataclass(frozen=True)
class _Rows:
    """Descriptors ready for products: float16 as stored, and the floor of each."""

    vectors: NDArray[np.float16]
    floors: Floats
    seconds: NDArray[np.float64]
    views: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.seconds)

    def only(self, rows: NDArray[np.intp]) -> "_Rows":
        return _Rows(self.vectors[rows], self.floors[rows], self.seconds[rows], self.views[rows])


@dataclass(frozen=True)
class _Film:
    """One film of the index: what may be met by any view of a query, and what only by its plain ones."""

    plain: _Rows
    parts: _Rows


class DescriptorFinder:
    """Films by number, with what a model made of them; exact, in memory.

    Holds descriptors of one model. Others are passed over: they have nothing in common with these.
    """

    def __init__(self, model: str, background: Floats) -> None:
        self.model = model
        self._background = background
        self._films: dict[int, _Film] = {}
        self._plain = _Shelf()
        self._parts = _Shelf()

    def __len__(self) -> int:
        return len(self._films)

    def add(self, film: int, descriptors: Descriptors) -> None:
        """Put a film into the index, in place of what is there under its number."""
        self.remove(film)
        if descriptors.model != self.model or not len(descriptors.pts):
            return
        entry = self._split(descriptors)
        self._films[film] = entry
        self._plain.put(film, entry.plain)
        self._parts.put(film, entry.parts)

    def remove(self, film: int) -> None:
        """Take a film out; one that is not there is passed over."""
        if self._films.pop(film, None) is not None:
            self._plain.drop(film)
            self._parts.drop(film)

    def find(self, descriptors: Descriptors, films: int) -> NDArray[np.float64]:
        """Strength for each film numbered below `films`: 0 where nothing is alike, 1 for the same."""
        strengths = np.zeros(films)
        if descriptors.model != self.model or not len(descriptors.pts):
            return strengths
        query = self._rows(descriptors, np.arange(len(descriptors.pts), dtype=np.intp))
        query = query.only(_thinned(query))
        moments, places = np.unique(query.seconds, return_inverse=True)
        best = np.zeros((films, len(moments)), dtype=np.float32)
        plain = np.flatnonzero(np.isin(query.views, PLAIN))
        self._plain.meet(query, places, best)
        self._parts.meet(query.only(plain), places[plain], best)
        count = min(_MOMENTS, len(moments))
        top = np.partition(best, len(moments) - count, axis=1)[:, len(moments) - count :]
        strengths[:] = top.mean(axis=1)
        return np.where(strengths >= _LEAST_STRENGTH, strengths, 0.0)

    def moments(self, descriptors: Descriptors, film: int) -> tuple[MomentPair, ...]:
        """Pairs of moments worth aligning at, the most alike first; thrice at most for a view."""
        entry = self._films.get(film)
        if entry is None or descriptors.model != self.model or not len(descriptors.pts):
            return ()
        query = self._rows(descriptors, np.arange(len(descriptors.pts), dtype=np.intp))
        found = _pairs(query, entry.plain)
        found += _pairs(query.only(np.flatnonzero(np.isin(query.views, PLAIN))), entry.parts)
        found.sort(key=lambda pair: (-pair.strength, pair.query_seconds, pair.reference_seconds))
        if not found:
            return ()
        least = max(_LEAST_STRENGTH, _PAIR_SHARE * found[0].strength)
        return tuple(pair for pair in found if pair.strength >= least)[:_MOST_PAIRS]

    def _split(self, descriptors: Descriptors) -> _Film:
        return _Film(
            self._rows(descriptors, descriptors.rows_of(PLAIN)),
            self._rows(descriptors, descriptors.rows_of(CROPS)),
        )

    def _rows(self, descriptors: Descriptors, rows: NDArray[np.intp]) -> _Rows:
        vectors = descriptors.vectors[rows]
        count = min(_NEAREST, len(self._background))
        near = np.partition(vectors.astype(np.float32) @ self._background.T, -count, axis=1)[:, -count:]
        return _Rows(
            vectors,
            near.mean(axis=1).astype(np.float32),
            descriptors.seconds[rows],
            descriptors.views[rows],
        )


@dataclass(frozen=True)
class _Block:
    """Rows of some films one after another, few enough for one product."""

    films: NDArray[np.int64]
    edges: NDArray[np.int64]
    vectors: NDArray[np.float16]
    floors: Floats


class _Shelf:
    """Rows of many films one after another, joined when they are looked at."""

    def __init__(self) -> None:
        self._films: dict[int, _Rows] = {}
        self._joined: list[_Block] | None = None

    def put(self, film: int, rows: _Rows) -> None:
        if len(rows):
            self._films[film] = rows
            self._joined = None

    def drop(self, film: int) -> None:
        if self._films.pop(film, None) is not None:
            self._joined = None

    def meet(self, query: _Rows, places: NDArray[np.intp], best: Floats) -> None:
        """Raise `best` (film, moment of the query) to what the rows here reach."""
        if not len(query):
            return
        mine, my_floors = query.vectors.astype(np.float32), query.floors[:, None]
        order = np.argsort(places, kind="stable")
        starts = np.flatnonzero(np.diff(places[order], prepend=-1))
        moments = places[order][starts]
        for block in self._blocks():
            known = block.films < len(best)
            products = mine @ block.vectors.astype(np.float32).T
            alike = above_floor(products, my_floors, block.floors[None])
            by_film = np.maximum.reduceat(alike, block.edges, axis=1)
            by_moment = np.maximum.reduceat(by_film[order], starts, axis=0)
            cells = np.ix_(block.films[known], moments)
            best[cells] = np.maximum(best[cells], by_moment.T[known])

    def _blocks(self) -> list[_Block]:
        if self._joined is None:
            self._joined = []
            films: list[int] = []
            held = 0
            for film, rows in self._films.items():
                films.append(film)
                held += len(rows)
                if held >= _ROWS_AT_ONCE:
                    self._joined.append(self._block(films))
                    films, held = [], 0
            if films:
                self._joined.append(self._block(films))
        return self._joined

    def _block(self, films: Sequence[int]) -> _Block:
        parts = [self._films[film] for film in films]
        return _Block(
            np.array(films, dtype=np.int64),
            np.cumsum([0, *(len(part) for part in parts[:-1])]).astype(np.int64),
            np.concatenate([part.vectors for part in parts]),
            np.concatenate([part.floors for part in parts]),
        )


def above_floor(products: Floats, query_floors: Floats, reference_floors: Floats) -> Floats:
    """How far products lie above what either picture reaches with anything: 1 is the same picture."""
    floor = np.minimum(np.maximum(query_floors, reference_floors), 0.95)
    return np.asarray((products - floor) / (1 - floor), dtype=np.float32)


def fused(score: Decimal, strength: float) -> Decimal:
    """A pair's score where a model's `strength` (0 to 1) is known too.

    The order among pairs profits; the threshold stays motion's alone. What motion did not show to be the
    same footage stays below it, however alike the pictures are: all takes of one room look alike.
    """
    low, high = _LIFT
    lift = min(1.0, max(0.0, (strength - low) / (high - low)))
    threshold = float(MATCH_THRESHOLD)
    plain = float(score)
    top = 1.0 if plain >= threshold else threshold - _SHY
    raised = plain + max(0.0, top - plain) * _LIFTED_SHARE * lift
    return Decimal(round(raised * 1000)).scaleb(-3)


def with_model(found: SharedFootage | None, strength: float) -> SharedFootage | None:
    """A relation of pictures as it stands when a model's strength is known too.

    A pair of which nothing but the model speaks gets a relation, so that a person can look at it.
    """
    if strength <= 0:
        return found
    reason = likeness_reason(strength)
    if found is None:
        score = fused(Decimal(0), strength)
        return SharedFootage("unrelated", "picture", (), (), Fraction(1), score, (reason,))
    return replace(found, score=fused(found.score, strength), reasons=(*found.reasons, reason))


def _thinned(query: _Rows) -> NDArray[np.intp]:
    """All rows, or those of evenly drawn moments when there are too many."""
    if len(query) <= _MOST_QUERY_ROWS:
        return np.arange(len(query), dtype=np.intp)
    moments, places = np.unique(query.seconds, return_inverse=True)
    count = max(1, len(moments) * _MOST_QUERY_ROWS // len(query))
    chosen = np.linspace(0, len(moments) - 1, count).astype(int)
    return np.flatnonzero(np.isin(places, chosen))


def _pairs(query: _Rows, reference: _Rows) -> list[MomentPair]:
    if not len(query) or not len(reference):
        return []
    products = query.vectors.astype(np.float32) @ reference.vectors.astype(np.float32).T
    alike = above_floor(products, query.floors[:, None], reference.floors[None])
    return [
        MomentPair(
            float(query.seconds[row]),
            float(reference.seconds[column]),
            float(min(1.0, alike[row, column])),
            View(int(query.views[row])),
            View(int(reference.views[column])),
        )
        for row in range(len(query))
        for column in np.argsort(-alike[row], kind="stable")[:3]
        if alike[row, column] >= _LEAST_STRENGTH
    ]

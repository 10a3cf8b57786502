"""A segment: the quick signs of some films as a few long columns, in memory or mapped from files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.descriptor import Descriptors
from videtur.engines.copies.fingerprint import Fingerprints
from videtur.engines.copies.hash_rows import EXACT_ROWS, ListedRows, nearest_exact
from videtur.engines.copies.hash_views import Hashes, thinned
from videtur.engines.copies.hashing import HASH_BYTES
from videtur.engines.copies.point_signs import codes_of, reference_points
from videtur.engines.copies.postings import Postings, shapes_of
from videtur.engines.copies.sound_landmarks import Pairs

Ints = NDArray[np.int64]
SIGNS_VERSION = "2"
"""Any change of what signs are kept, or how, raises it: stored ones of another version are made anew."""

SOUND = np.dtype([("frame", "<u4"), ("first", "<u2"), ("apart", "<i2"), ("ahead", "<u2"), ("rank", "u1")])
_SOUND_RANKS = 3
"""What the finder by sound keeps of the pairs that may be asked for."""


@dataclass(frozen=True)
class FilmSigns:
    """The quick signs of one film, as an index keeps them."""

    hashes: Hashes
    codes: NDArray[np.uint64]
    shapes: NDArray[np.uint8]
    sound: NDArray[np.void]
    described: bytes


def signs_of(fingerprints: Fingerprints, pairs: Pairs | None) -> FilmSigns:
    """Everything an index keeps of a film; `pairs` are those of its sound."""
    picture = fingerprints.picture
    hashes = np.zeros((0, HASH_BYTES), dtype=np.uint8)
    codes, shapes = np.zeros(0, dtype=np.uint64), np.zeros((0, 4), dtype=np.uint8)
    if picture is not None:
        points = reference_points(picture)
        hashes, codes, shapes = thinned(picture), codes_of(points.values), shapes_of(points)
    described = fingerprints.descriptors.to_bytes() if fingerprints.descriptors is not None else b""
    return FilmSigns(hashes, codes, shapes, _packed(pairs), described)


@dataclass(frozen=True)
class Ragged:
    """Rows of one film after another, and where each film's begin and end."""

    rows: NDArray[np.generic]
    edges: Ints

    @classmethod
    def of(cls, parts: Sequence[NDArray[np.generic]]) -> "Ragged":
        """Lay parts, at least one, end to end."""
        return cls(np.concatenate(parts), np.cumsum([0, *(len(part) for part in parts)]).astype(np.int64))

    def film(self, number: int) -> NDArray[np.generic]:
        """The rows of one film."""
        return self.rows[self.edges[number] : self.edges[number + 1]]

    def owner(self, rows: Ints) -> Ints:
        """The film that each row belongs to."""
        return np.asarray(np.searchsorted(self.edges, rows, side="right") - 1, dtype=np.int64)


class Segment:
    """Films numbered from 0, with their names and signs."""

    def __init__(
        self,
        names: Sequence[str],
        hashes: Ragged,
        postings: Postings,
        sounds: Ragged,
        described: Ragged,
        listed: ListedRows | None = None,
    ) -> None:
        self.names = tuple(names)
        self.hashes = hashes
        self.postings = postings
        self._sounds = sounds
        self._described = described
        self.listed = listed

    def __len__(self) -> int:
        return len(self.names)

    @property
    def weight(self) -> int:
        """How much there is to copy when it is joined with another."""
        return len(self.hashes.rows) + len(self.postings)

    @classmethod
    def of(cls, films: Sequence[tuple[str, FilmSigns]]) -> "Segment":
        """A segment of new films, at least one."""
        signs = [each for _, each in films]
        owners = np.repeat(np.arange(len(signs), dtype=np.uint32), [len(each.codes) for each in signs])
        codes, shapes = (
            np.concatenate(parts) for parts in zip(*((s.codes, s.shapes) for s in signs), strict=True)
        )
        return cls._made(
            [name for name, _ in films],
            Ragged.of([each.hashes for each in signs]),
            Postings.of(codes, owners, shapes),
            Ragged.of([each.sound for each in signs]),
            Ragged.of([np.frombuffer(each.described, dtype=np.uint8) for each in signs]),
        )

    @classmethod
    def joined(cls, segments: Sequence["Segment"], kept: Sequence[NDArray[np.bool_]]) -> "Segment | None":
        """The films of several segments that are to be kept as one; None when there is none."""
        pairs = list(zip(segments, kept, strict=True))
        names = [
            name for segment, keep in pairs for name, stays in zip(segment.names, keep, strict=True) if stays
        ]
        if not names:
            return None
        chosen = [(segment, int(film)) for segment, keep in pairs for film in np.flatnonzero(keep)]
        codes: list[NDArray[np.uint64]] = []
        owners: list[NDArray[np.uint32]] = []
        shapes: list[NDArray[np.uint8]] = []
        first = 0
        for segment, keep in pairs:
            films = np.asarray(segment.postings.films, dtype=np.int64)
            rows = np.flatnonzero(keep[films])
            numbers = first + np.cumsum(keep) - 1
            codes.append(segment.postings.codes[rows])
            owners.append(numbers[films[rows]].astype(np.uint32))
            shapes.append(segment.postings.shapes[rows])
            first += int(keep.sum())
        return cls._made(
            names,
            Ragged.of([segment.hashes.film(film) for segment, film in chosen]),
            Postings.of(np.concatenate(codes), np.concatenate(owners), np.concatenate(shapes)),
            Ragged.of([segment._sounds.film(film) for segment, film in chosen]),
            Ragged.of([segment._described.film(film) for segment, film in chosen]),
        )

    @classmethod
    def _made(
        cls, names: Sequence[str], hashes: Ragged, postings: Postings, sounds: Ragged, described: Ragged
    ) -> "Segment":
        many = len(hashes.rows) >= EXACT_ROWS
        listed = ListedRows.build(np.asarray(hashes.rows, dtype=np.uint8)) if many else None
        return cls(names, hashes, postings, sounds, described, listed)

    def nearest(self, asked: Hashes) -> tuple[Ints, Ints, Ints]:
        """For the nearest hashes: which of those asked each answers, the film, and the bits that differ."""
        if not len(self.hashes.rows) or not len(asked):
            none = np.zeros(0, dtype=np.int64)
            return none, none, none
        if self.listed is not None:
            bits, rows = self.listed.nearest(asked)
        else:
            bits, rows = nearest_exact(asked, np.asarray(self.hashes.rows, dtype=np.uint8))
        there = rows >= 0
        asking = np.broadcast_to(np.arange(len(asked))[:, None], rows.shape)
        return asking[there].astype(np.int64), self.hashes.owner(rows[there]), bits[there]

    def pairs(self, film: int) -> Pairs | None:
        """The pairs of a film's sound, as a finder keeps them."""
        rows: NDArray[np.void] = np.asarray(self._sounds.film(film), dtype=SOUND)
        if not len(rows):
            return None
        frame, first, apart, ahead = (
            rows[name].astype(np.float64) for name in ("frame", "first", "apart", "ahead")
        )
        return Pairs(frame, first, apart, ahead, rows["rank"].astype(np.int64))

    def descriptors(self, film: int) -> Descriptors | None:
        """What a model made of a film."""
        stored = np.asarray(self._described.film(film), dtype=np.uint8).tobytes()
        return Descriptors.from_bytes(stored) if stored else None

    def columns(self) -> dict[str, NDArray[np.generic]]:
        """Everything but the names and the lists, by name of column."""
        found: dict[str, NDArray[np.generic]] = {
            "codes": self.postings.codes,
            "films": self.postings.films,
            "shapes": self.postings.shapes,
            "table": self.postings.table,
        }
        for name, ragged in self._ragged().items():
            found[name], found[f"{name}_edges"] = ragged.rows, ragged.edges
        return found

    @classmethod
    def from_columns(
        cls, names: Sequence[str], columns: Mapping[str, NDArray[np.generic]], listed: ListedRows | None
    ) -> "Segment":
        """The reverse of `columns`. Raises KeyError when one is missing."""
        postings = Postings(
            np.asarray(columns["table"], dtype=np.uint32),
            np.asarray(columns["codes"], dtype=np.uint64),
            np.asarray(columns["films"], dtype=np.uint32),
            np.asarray(columns["shapes"], dtype=np.uint8),
        )
        hashes, sounds, described = (
            Ragged(columns[name], np.asarray(columns[f"{name}_edges"], dtype=np.int64)) for name in _RAGGED
        )
        return cls(names, hashes, postings, sounds, described, listed)

    def _ragged(self) -> dict[str, Ragged]:
        return dict(zip(_RAGGED, (self.hashes, self._sounds, self._described), strict=True))


_RAGGED = ("hashes", "sounds", "described")


def _packed(pairs: Pairs | None) -> NDArray[np.void]:
    if pairs is None:
        return np.zeros(0, dtype=SOUND)
    kept = pairs.rank < _SOUND_RANKS
    packed = np.zeros(int(kept.sum()), dtype=SOUND)
    for name, values in (
        ("frame", pairs.frames),
        ("first", pairs.first),
        ("apart", pairs.apart),
        ("ahead", pairs.ahead),
        ("rank", pairs.rank),
    ):
        packed[name] = values[kept]
    return packed

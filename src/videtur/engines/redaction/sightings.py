"""What was seen in each picture: the form it is kept in while a film is looked through, and after."""

import struct
from array import array
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Rows: TypeAlias = NDArray[np.float32]

SEEN = 6
"""Columns of a sighting: left, top, right, bottom in pixels, score 0 to 1, source."""
CARRIED = 8
"""Columns of a box carried on: left, top, right, bottom, the thing's score, seconds since it was seen,
seconds since anything in it could be followed, source."""
EARLIER = 7
"""Columns of a sighting in an earlier picture: how many pictures ago, then a sighting."""


class Source(IntEnum):
    """Who saw it."""

    FACE = 0
    SECOND = 1
    TEXT = 2
    FOLLOWED = 3
    """No detector: a face carried along with the picture."""
    FOLLOWED_TEXT = 4


TEXTS = (Source.TEXT, Source.FOLLOWED_TEXT)
FOLLOWED = (Source.FOLLOWED, Source.FOLLOWED_TEXT)

_HEAD = struct.Struct("<qqBHHH")


def no_rows(columns: int) -> Rows:
    """None at all."""
    return np.zeros((0, columns), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """What came of one picture. As a record it is all that is needed to go on behind it."""

    number: int
    pts: int
    how: int
    """0: only followed; else the looks taken, see `looking`."""
    seen: Rows = field(default_factory=lambda: no_rows(SEEN))
    carried: Rows = field(default_factory=lambda: no_rows(CARRIED))
    earlier: Rows = field(default_factory=lambda: no_rows(EARLIER))

    def as_record(self) -> bytes:
        """For a checkpoint."""
        blocks = (self.seen, self.carried, self.earlier)
        head = _HEAD.pack(self.number, self.pts, self.how, *(len(each) for each in blocks))
        return head + b"".join(each.astype("<f4").tobytes() for each in blocks)

    @classmethod
    def from_record(cls, record: bytes) -> "Looked":
        """Read what `as_record` writes. Raises ValueError when it is none."""
        try:
            number, pts, how, *counts = _HEAD.unpack_from(record)
        except struct.error as problem:
            raise ValueError("a record is cut off") from problem
        values = np.frombuffer(record, "<f4", offset=_HEAD.size).astype(np.float32)
        sizes = [count * columns for count, columns in zip(counts, (SEEN, CARRIED, EARLIER), strict=True)]
        if len(values) != sum(sizes):
            raise ValueError("a record is cut off")
        seen, carried, earlier = np.split(values, np.cumsum(sizes)[:2])
        return cls(
            number,
            pts,
            how,
            seen.reshape(-1, SEEN),
            carried.reshape(-1, CARRIED),
            earlier.reshape(-1, EARLIER),
        )


class Sightings:
    """All sightings of a film, a few bytes each."""

    def __init__(self) -> None:
        self.times = array("q")
        self.how = array("B")
        self.detections = 0
        self._numbers = array("q")
        self._rows = array("f")
        self._sorted: tuple[NDArray[np.int64], Rows] | None = None

    def add(self, looked: Looked) -> None:
        """Take the next picture's."""
        self.times.append(looked.pts)
        self.how.append(looked.how)
        self._keep(np.full(len(looked.seen), looked.number, np.int64), looked.seen)
        if len(looked.earlier):
            self._keep(looked.number - looked.earlier[:, 0].astype(np.int64), looked.earlier[:, 1:])
        self.detections += int((~np.isin(looked.seen[:, 5], FOLLOWED)).sum())
        self._sorted = None

    def _keep(self, numbers: NDArray[np.int64], rows: Rows) -> None:
        self._numbers.frombytes(numbers.tobytes())
        self._rows.frombytes(np.ascontiguousarray(rows, np.float32).tobytes())

    def between(self, first: int, behind: int) -> tuple[NDArray[np.int64], Rows]:
        """The sightings of pictures `first` up to but not including `behind`: numbers of pictures, rows."""
        if self._sorted is None:
            numbers = np.frombuffer(self._numbers, np.int64).copy()
            rows = np.frombuffer(self._rows, np.float32).copy().reshape(-1, SEEN)
            order = np.argsort(numbers, kind="stable")
            self._sorted = (numbers[order], rows[order])
        numbers, rows = self._sorted
        begin, end = np.searchsorted(numbers, (first, behind))
        return numbers[begin:end], rows[begin:end]

"""What a model makes of a film's pictures: a descriptor a moment, in several views, and its stored form.

The model comes as a callable, so nothing here knows what runs it. Descriptors only propose: whether two
stretches are one recording is decided by motion, with a model as without.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.fingerprint import base_from, base_json, pack, unpack, unreadable
from videtur.engines.copies.hashing import content_box, grey_of, picture_hash
from videtur.engines.copies.picture import TimedPicture
from videtur.engines.media.timecode import MediaTime

ENGINE_VERSION = "1"
"""Part of every derivation's key: any change of what is described, or when, raises it."""

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]
Describe = Callable[[Sequence[Picture]], Floats]
"""RGB pictures of any sizes in, one row of length 1 for each out."""

_MAGIC = b"videtur-described\x01"
_LEAST_DETAIL = 12
"""Flatter pictures (fades, a hand before the lens) look like anything."""
_UNCHANGED_BITS = 4
"""A picture whose hash differs by so little is not given to the model again."""
_ALIKE = 0.95
"""A moment so like the last one kept adds nothing."""
_LONGEST_UNSAID = Fraction(10)
_DENSE_SECONDS = Fraction(10)
_STEP = Fraction(9, 10)
"""After the dense beginning one picture a second; a little less, as frames never come to the tick."""
_VIEW_STEPS = ((120, 20), (60, 8), (20, 4), (8, 2), (0, 0))
"""With so many moments seen in all views, the next waits so many seconds: views cost most of the time."""


class View(IntEnum):
    """How a picture was cut or turned before it was described. The numbers stand in stored bytes."""

    WHOLE = 0
    TRIMMED = 1
    MIRROR = 2
    QUARTER_TURN = 3
    HALF_TURN = 4
    THREE_QUARTER_TURN = 5
    CENTRE = 6
    TOP_LEFT = 7
    TOP_RIGHT = 8
    BOTTOM_LEFT = 9
    BOTTOM_RIGHT = 10


PLAIN = (View.WHOLE, View.TRIMMED)
PARTS: Mapping[View, tuple[float, float]] = MappingProxyType(
    {
        View.CENTRE: (0.25, 0.25),
        View.TOP_LEFT: (0.0, 0.0),
        View.TOP_RIGHT: (0.5, 0.0),
        View.BOTTOM_LEFT: (0.0, 0.5),
        View.BOTTOM_RIGHT: (0.5, 0.5),
    }
)
"""Left and top of the views that are half as wide and half as high, in parts of the picture."""
CROPS = tuple(PARTS)


@dataclass(frozen=True)
class Descriptors:
    """Everything described of one film: row by row the time, the view and the descriptor."""

    model: str
    """SHA-256 of the model: descriptors of different models have nothing in common."""
    time_base: Fraction
    pts: NDArray[np.int64]
    views: NDArray[np.uint8]
    vectors: NDArray[np.float16]

    @property
    def seconds(self) -> NDArray[np.float64]:
        """Time of each row."""
        return np.asarray(self.pts * float(self.time_base), dtype=np.float64)

    def rows_of(self, views: Sequence[View]) -> NDArray[np.intp]:
        """The rows that show one of these views."""
        return np.flatnonzero(np.isin(self.views, [int(view) for view in views]))

    def to_bytes(self) -> bytes:
        """The stored form; the same descriptors always give the same bytes."""
        header = {
            "dimension": int(self.vectors.shape[1]),
            "model": self.model,
            "time_base": base_json(self.time_base),
        }
        blobs = [
            self.pts.astype("<i8").tobytes(),
            self.views.astype(np.uint8).tobytes(),
            self.vectors.astype("<f2").tobytes(),
        ]
        return pack(_MAGIC, header, blobs)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Descriptors":
        """Read the stored form. Raises FingerprintUnreadable on anything else."""
        header, blobs = unpack(_MAGIC, data, 3)
        try:
            pts = np.frombuffer(blobs[0], dtype="<i8").astype(np.int64)
            views = np.frombuffer(blobs[1], dtype=np.uint8)
            dimension = int(header["dimension"])
            vectors = np.frombuffer(blobs[2], dtype="<f2").astype(np.float16).reshape(len(pts), dimension)
            if len(views) != len(pts) or (len(views) and int(views.max()) not in set(View)):
                raise ValueError("views and times do not fit together")
            return cls(str(header["model"]), base_from(header["time_base"]), pts, views, vectors)
        except (KeyError, ValueError, TypeError) as problem:
            raise unreadable("its parts do not fit together") from problem


class PictureDescriber:
    """Fed with the frames of one pass, in order. Grey ones are passed over: they are the motion proxy's."""

    def __init__(self, describe: Describe, model: str) -> None:
        self._describe = describe
        self._model = model
        self._times: list[MediaTime] = []
        self._views: list[View] = []
        self._vectors: list[Floats] = []
        self._first: MediaTime | None = None
        self._seen: MediaTime | None = None
        self._bits: Picture | None = None
        self._viewed: MediaTime | None = None
        self._viewed_count = 0

    def add(self, frame: TimedPicture) -> None:
        """Take the next frame; describe it when it is due and says something new."""
        if frame.image.ndim == 2 or not self._due(frame.time):
            return
        grey = grey_of(frame.image)
        bits, detail = picture_hash(grey)
        if detail < _LEAST_DETAIL:
            return
        self._seen = frame.time
        gone = self._since_kept(frame.time)
        if self._bits is not None and gone < _LONGEST_UNSAID:
            changed = int(np.bitwise_count(bits ^ self._bits).sum())
            if changed <= _UNCHANGED_BITS:
                return
        self._bits = bits
        whole = self._describe([frame.image])
        if self._vectors and gone < _LONGEST_UNSAID and float(whole[0] @ self._vectors[-1]) > _ALIKE:
            return
        self._keep_views(frame, grey)
        self._keep(frame.time, View.WHOLE, whole[0])

    def finish(self) -> Descriptors:
        """Return everything described."""
        base = self._times[0].time_base if self._times else Fraction(1, 1000)
        vectors = np.stack(self._vectors) if self._vectors else np.zeros((0, 0), np.float32)
        return Descriptors(
            self._model,
            base,
            np.array([time.rescaled(base).pts for time in self._times], dtype=np.int64),
            np.array([int(view) for view in self._views], dtype=np.uint8),
            vectors.astype(np.float16),
        )

    def _due(self, time: MediaTime) -> bool:
        if self._first is None or self._seen is None:
            self._first = self._first or time
            return True
        if time.instant - self._first.instant <= _DENSE_SECONDS:
            return time > self._seen
        return time.instant - self._seen.instant >= _STEP

    def _since_kept(self, time: MediaTime) -> Fraction:
        return time.instant - self._times[-1].instant if self._times else _LONGEST_UNSAID

    def _keep(self, time: MediaTime, view: View, vector: Floats) -> None:
        self._times.append(time)
        self._views.append(view)
        self._vectors.append(vector)

    def _keep_views(self, frame: TimedPicture, grey: Picture) -> None:
        trimmed = trimmed_of(frame.image, grey)
        views = [] if trimmed is None else [(View.TRIMMED, trimmed)]
        wait = next(seconds for count, seconds in _VIEW_STEPS if self._viewed_count >= count)
        if self._viewed is None or frame.time.instant - self._viewed.instant >= wait:
            views += further_views(frame.image if trimmed is None else trimmed, frame.image)
            self._viewed = frame.time
            self._viewed_count += 1
        if not views:
            return
        for (view, _), vector in zip(views, self._describe([shown for _, shown in views]), strict=True):
            self._keep(frame.time, view, vector)


def trimmed_of(image: Picture, grey: Picture) -> Picture | None:
    """The picture without flat borders, when it has any worth the name and something inside."""
    height, width = grey.shape
    left, top, right, bottom = content_box(grey)
    narrow, low = right - left, bottom - top
    if narrow > 0.94 * width and low > 0.94 * height:
        return None
    if narrow < 0.2 * width or low < 0.2 * height:
        return None
    return np.ascontiguousarray(image[top:bottom, left:right])


def further_views(inner: Picture, whole: Picture) -> list[tuple[View, Picture]]:
    """The picture mirrored and turned, and parts of the whole: for what shows another film within itself.

    A part too plain to say anything is left out.
    """
    height, width = whole.shape[:2]
    telling: list[tuple[View, Picture]] = []
    for view, (left, top) in PARTS.items():
        x, y = int(left * width), int(top * height)
        part = np.ascontiguousarray(whole[y : y + height // 2, x : x + width // 2])
        if part.size and _tells_something(part):
            telling.append((view, part))
    return [
        (View.MIRROR, _turned(inner, None)),
        (View.QUARTER_TURN, _turned(inner, cv2.ROTATE_90_CLOCKWISE)),
        (View.HALF_TURN, _turned(inner, cv2.ROTATE_180)),
        (View.THREE_QUARTER_TURN, _turned(inner, cv2.ROTATE_90_COUNTERCLOCKWISE)),
        *telling,
    ]


def _turned(picture: Picture, how: int | None) -> Picture:
    """Turned, or mirrored left to right when there is no turn."""
    changed = cv2.flip(picture, 1) if how is None else cv2.rotate(picture, how)
    return np.asarray(changed, dtype=np.uint8)


def _tells_something(part: Picture) -> bool:
    return picture_hash(grey_of(part))[1] >= _LEAST_DETAIL

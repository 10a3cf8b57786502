"""A fingerprint made ready for comparing: the proxy on an even clock, and points found in its stills."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.fingerprint import PictureFingerprint
from videtur.engines.media.timecode import MediaTime

RATE = 15.0
_POINTS = 260
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Points:
    """Points of one still: places as parts of the picture's width and height, and their descriptions."""

    seconds: float
    places: Floats
    words: Floats


class Film:
    """One picture fingerprint, with everything derived from it computed at most once."""

    def __init__(self, fingerprint: PictureFingerprint) -> None:
        self.fingerprint = fingerprint

    @cached_property
    def hash_seconds(self) -> NDArray[np.float64]:
        """Times of the hashes in seconds."""
        return np.asarray(self.fingerprint.pts * float(self.fingerprint.time_base), dtype=np.float64)

    @cached_property
    def _even(self) -> tuple[float, NDArray[np.uint8]]:
        proxy = self.fingerprint.proxy.decode()
        times = proxy.seconds
        if not len(times):
            return 0.0, np.zeros((0, 4, 4), dtype=np.uint8)
        count = int((times[-1] - times[0]) * RATE + 1e-6) + 1
        wanted = times[0] + np.arange(count) / RATE
        after = np.asarray(np.searchsorted(times, wanted), dtype=np.int64)
        after = np.minimum(np.maximum(after, 1), max(1, len(times) - 1))
        if len(times) == 1:
            return float(times[0]), proxy.pictures
        before = after - 1
        # Between two pictures: a mix of both, so that films of different rates meet on one clock.
        part = np.clip((wanted - times[before]) / (times[after] - times[before]), 0, 1).astype(np.float32)
        mixed = np.empty((count, *proxy.pictures.shape[1:]), dtype=np.uint8)
        for first in range(0, count, 2048):
            cut = slice(first, first + 2048)
            weight = part[cut, None, None]
            blend = proxy.pictures[before[cut]] * (1 - weight) + proxy.pictures[after[cut]] * weight
            mixed[cut] = np.rint(blend).astype(np.uint8)
        return float(times[0]), mixed

    @property
    def start(self) -> float:
        """Seconds of the first picture of the even film."""
        return self._even[0]

    @property
    def pictures(self) -> NDArray[np.uint8]:
        """The proxy at an even fifteen pictures a second, (n, height, width)."""
        return self._even[1]

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.pictures) / RATE

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of the proxy."""
        return self.fingerprint.proxy.shape

    def at(self, seconds: NDArray[np.float64]) -> Floats:
        """Pictures at any times inside the film, mixed from the two nearest."""
        position = np.clip((seconds - self.start) * RATE, 0, len(self.pictures) - 1)
        lower = np.floor(position).astype(np.intp)
        upper = np.minimum(lower + 1, len(self.pictures) - 1)
        part = (position - lower).astype(np.float32)[:, None, None]
        return (self.pictures[lower] * (1 - part) + self.pictures[upper] * part).astype(np.float32)

    def time_of(self, seconds: float) -> MediaTime:
        """The nearest tick of the film's own time base: records hold ticks, not seconds."""
        base = self.fingerprint.proxy.time_base
        first, last = int(self.fingerprint.proxy.pts[0]), int(self.fingerprint.proxy.pts[-1])
        ticks = round(Fraction(seconds) / base)
        return MediaTime(min(max(ticks, first), last + max(1, round(Fraction(1, 15) / base))), base)

    @cached_property
    def points(self) -> tuple[Points, ...]:
        """Points of every still."""
        return tuple(self._points_of(index, flip=False) for index in range(len(self.fingerprint.stills)))

    @cached_property
    def mirrored_points(self) -> tuple[Points, ...]:
        """Points of every still, mirrored left to right; places are those of the mirrored picture."""
        return tuple(self._points_of(index, flip=True) for index in range(len(self.fingerprint.stills)))

    def _points_of(self, index: int, *, flip: bool) -> Points:
        still = self.fingerprint.stills[index]
        grey = cv2.imdecode(np.frombuffer(still.jpeg, dtype=np.uint8), cv2.IMREAD_GRAYSCALE)
        seconds = float(self.hash_seconds[still.hash_index])
        none = Points(seconds, np.zeros((0, 2), np.float32), np.zeros((0, 128), np.float32))
        if grey is None:
            return none
        picture = cv2.flip(grey, 1) if flip else grey
        found, words = cv2.SIFT.create(_POINTS).detectAndCompute(picture, None)
        if len(found) < 4:
            return none
        places = np.array([point.pt for point in found], dtype=np.float32)
        places /= np.array([picture.shape[1], picture.shape[0]], dtype=np.float32)
        # The square root of each part makes the product of two descriptions a fair likeness (RootSIFT).
        rooted = np.sqrt(words / np.maximum(words.sum(axis=1, keepdims=True), 1e-9))
        return Points(seconds, places, rooted.astype(np.float32))

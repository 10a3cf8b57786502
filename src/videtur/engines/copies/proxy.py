"""The motion proxy: a tiny grey film, about fifteen pictures a second, kept inside the fingerprint.

One picture a second can find a copy; only motion can tell the same take from another take of the same
scene. The film is coded by differences in steps of three grey levels against its own decoded form, so
that the error never grows and noise costs next to nothing.
"""

import zlib
from array import array
from dataclasses import dataclass
from fractions import Fraction

import cv2
import numpy as np
from numpy.typing import NDArray

from videtur.engines.media.timecode import MediaTime

PROXY_SIDE = 48
_STEP = 3


@dataclass(frozen=True)
class MotionProxy:
    """Presentation times and pictures (n, height, width) of the tiny film."""

    time_base: Fraction
    pts: NDArray[np.int64]
    pictures: NDArray[np.uint8]

    @property
    def seconds(self) -> NDArray[np.float64]:
        """Times in seconds, for computing; records keep the ticks."""
        return np.asarray(self.pts * float(self.time_base), dtype=np.float64)


class ProxyRecorder:
    """Takes grey pictures one by one and keeps them compressed; memory grows by bytes, not by pictures."""

    def __init__(self) -> None:
        self._pts = array("q")
        self._base = Fraction(1, 1000)
        self._decoded: NDArray[np.int16] | None = None
        self._coder = zlib.compressobj(1, zlib.DEFLATED, 15, 9, zlib.Z_DEFAULT_STRATEGY)
        self._parts: list[bytes] = []
        self._shape = (0, 0)

    def add(self, time: MediaTime, grey: NDArray[np.uint8]) -> None:
        """Take the next picture. Times must rise; one that does not is passed over."""
        if self._decoded is None:
            self._base = time.time_base
            self._shape = _proxy_shape(grey.shape[0], grey.shape[1])
            self._decoded = np.zeros(self._shape, dtype=np.int16)
        ticks = time.pts if time.time_base == self._base else time.rescaled(self._base).pts
        if self._pts and ticks <= self._pts[-1]:
            return
        height, width = self._shape
        small = cv2.resize(grey, (width, height), interpolation=cv2.INTER_AREA).astype(np.int16)
        steps = np.rint((small - self._decoded) / _STEP).astype(np.int8)
        self._decoded += steps * np.int16(_STEP)
        self._parts.append(self._coder.compress(steps.tobytes()))
        self._pts.append(ticks)

    def finish(self) -> "CodedProxy":
        """Close the film and return it in its stored form."""
        self._parts.append(self._coder.flush())
        pts = np.array(self._pts, dtype=np.int64)
        return CodedProxy(self._base, pts, self._shape, b"".join(self._parts))


@dataclass(frozen=True)
class CodedProxy:
    """The film as stored: times, picture height and width, coded differences."""

    time_base: Fraction
    pts: NDArray[np.int64]
    shape: tuple[int, int]
    coded: bytes

    def decode(self) -> MotionProxy:
        """Decode all pictures. Raises ValueError when the coded form is not what it says."""
        size = len(self.pts) * self.shape[0] * self.shape[1]
        opener = zlib.decompressobj()
        try:
            raw = opener.decompress(self.coded, size + 1)
        except zlib.error as problem:
            raise ValueError("the motion proxy is damaged") from problem
        if len(raw) != size:
            raise ValueError("the motion proxy has another length than it states")
        steps = np.frombuffer(raw, dtype=np.int8).reshape(len(self.pts), *self.shape)
        pictures = np.cumsum(steps, axis=0, dtype=np.int16) * np.int16(_STEP)
        return MotionProxy(self.time_base, self.pts, np.clip(pictures, 0, 255).astype(np.uint8))


def _proxy_shape(height: int, width: int) -> tuple[int, int]:
    scale = PROXY_SIDE / max(height, width)
    return max(4, round(height * scale)), max(4, round(width * scale))

"""Builds a picture fingerprint out of the frames of one decode pass."""

from fractions import Fraction
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.fingerprint import PictureFingerprint, Still
from videtur.engines.copies.hashing import HASH_BYTES, content_box, grey_of, picture_hash
from videtur.engines.copies.proxy import ProxyRecorder
from videtur.engines.media.timecode import MediaTime

_BUFFERED = 20
"""Frames seen (ten seconds) before the borders are decided on."""
_STILL_CHANGED_BITS = 28
_STILL_LEAST_SECONDS = ((300, 8), (120, 4), (40, 2), (0, 1))
"""With so many stills kept, the next one waits so many seconds: a long film must not fill the memory."""
_STILL_MOST_SECONDS = Fraction(8)
_STILL_DETAIL = 16
_STILL_QUALITY = 60
_WORTH_TRIMMING = 0.03


class TimedPicture(Protocol):
    """A frame of the decode pass: RGB (analysis, about two a second) or grey (proxy, up to fifteen)."""

    @property
    def time(self) -> MediaTime:
        """Its presentation time."""
        ...

    @property
    def image(self) -> NDArray[np.uint8]:
        """Its pixels, (height, width, 3) or (height, width)."""
        ...


class PictureFingerprinter:
    """Fed with the frames of one pass, in order; RGB frames are hashed, grey ones feed the motion proxy."""

    def __init__(self) -> None:
        self._proxy = ProxyRecorder()
        self._times: list[MediaTime] = []
        self._hashes: list[NDArray[np.uint8]] = []
        self._trimmed: list[NDArray[np.uint8]] = []
        self._detail: list[int] = []
        self._stills: list[Still] = []
        self._waiting: list[NDArray[np.uint8]] = []
        self._box: tuple[int, int, int, int] | None = None
        self._size = (0, 0)

    def add(self, frame: TimedPicture) -> None:
        """Take the next frame. One that goes back in time is passed over."""
        if frame.image.ndim == 2:
            self._proxy.add(frame.time, frame.image)
            return
        if self._times and frame.time <= self._times[-1]:
            return
        grey = grey_of(frame.image)
        self._size = (grey.shape[1], grey.shape[0])
        bits, detail = picture_hash(grey)
        self._times.append(frame.time)
        self._hashes.append(bits)
        self._detail.append(detail)
        self._widen_box(grey)
        self._waiting.append(grey)
        if len(self._times) >= _BUFFERED:
            self._hash_trimmed()
        self._keep_still(grey, bits, detail)

    def finish(self) -> PictureFingerprint:
        """Return the fingerprint of everything taken in."""
        self._hash_trimmed()
        base = self._times[0].time_base if self._times else Fraction(1, 1000)
        empty = np.zeros((0, HASH_BYTES), dtype=np.uint8)
        return PictureFingerprint(
            time_base=base,
            pts=np.array([time.rescaled(base).pts for time in self._times], dtype=np.int64),
            hashes=np.stack(self._hashes) if self._hashes else empty,
            trimmed_hashes=np.stack(self._trimmed) if self._trimmed else empty,
            detail=np.array(self._detail, dtype=np.uint8),
            size=self._size,
            content=self._content(),
            proxy=self._proxy.finish(),
            stills=tuple(self._stills),
        )

    def _widen_box(self, grey: NDArray[np.uint8]) -> None:
        """Borders are what is flat in every frame so far; a dark frame must not shrink the picture."""
        box = content_box(grey)
        if self._detail[-1] < _STILL_DETAIL and box == (0, 0, *self._size):
            return
        if self._box is None:
            self._box = box
            return
        left, top, right, bottom = self._box
        self._box = (min(left, box[0]), min(top, box[1]), max(right, box[2]), max(bottom, box[3]))

    def _content(self) -> tuple[int, int, int, int]:
        width, height = self._size
        left, top, right, bottom = self._box or (0, 0, width, height)
        small_x, small_y = width * _WORTH_TRIMMING, height * _WORTH_TRIMMING
        left, right = (left if left > small_x else 0), (right if width - right > small_x else width)
        top, bottom = (top if top > small_y else 0), (bottom if height - bottom > small_y else height)
        return left, top, right, bottom

    def _hash_trimmed(self) -> None:
        left, top, right, bottom = self._content()
        whole = (left, top, right, bottom) == (0, 0, *self._size)
        for grey in self._waiting:
            plain = self._hashes[len(self._trimmed)]
            self._trimmed.append(plain if whole else picture_hash(grey[top:bottom, left:right])[0])
        self._waiting.clear()

    def _keep_still(self, grey: NDArray[np.uint8], bits: NDArray[np.uint8], detail: int) -> None:
        """Keep a picture when it differs from the last one kept; a fixed camera needs few."""
        if detail < _STILL_DETAIL:
            return
        if self._stills:
            last = self._stills[-1].hash_index
            gone = self._times[-1].instant - self._times[last].instant
            changed = int(np.bitwise_count(bits ^ self._hashes[last]).sum())
            least = next(seconds for kept, seconds in _STILL_LEAST_SECONDS if len(self._stills) >= kept)
            fresh = changed >= _STILL_CHANGED_BITS and gone >= least
            if not fresh and gone < _STILL_MOST_SECONDS:
                return
        ok, coded = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, _STILL_QUALITY])
        if ok:
            self._stills.append(Still(len(self._times) - 1, coded.tobytes()))

"""The motion proxy: a small grey film, about fifteen pictures a second, kept inside the fingerprint.

One picture a second can find a copy; only motion can tell the same take from another take of the same
scene. The film is coded as H.264 in pieces of ten seconds that can be read apart, so that comparing a
few seconds of a long film never decodes the whole.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import Any, cast

import av
import av.error
import cv2
import numpy as np
from numpy.typing import NDArray

from videtur.engines.media.timecode import MediaTime

PROXY_SIDE = 128
PIECE_PICTURES = 150
_QUALITY = "25"
_CODEC_SIDE = 16
"""The encoder's smallest side in pixels: narrower pictures are padded."""


@dataclass(frozen=True)
class CodedProxy:
    """The film as stored: times, picture height and width, and pieces of `PIECE_PICTURES` pictures each."""

    time_base: Fraction
    pts: NDArray[np.int64]
    shape: tuple[int, int]
    pieces: tuple[bytes, ...]

    @property
    def seconds(self) -> NDArray[np.float64]:
        """Times in seconds, for computing; records keep the ticks."""
        return np.asarray(self.pts * float(self.time_base), dtype=np.float64)

    def piece(self, number: int) -> NDArray[np.uint8]:
        """Decode one piece: (n, height, width). Raises ValueError when it is not what the film says."""
        expected = min(PIECE_PICTURES, len(self.pts) - number * PIECE_PICTURES)
        height, width = self.shape
        pictures = np.empty((max(0, expected), height, width), dtype=np.uint8)
        count = 0
        try:
            for frame in _decoded(self.pieces[number]):
                plane = frame.planes[0]
                if count == expected or plane.height < height or plane.width < width:
                    raise ValueError("the motion proxy has other pictures than it states")
                rows = np.frombuffer(bytes(plane), dtype=np.uint8).reshape(-1, plane.line_size)
                pictures[count] = rows[:height, :width]
                count += 1
        except av.error.FFmpegError as problem:
            raise ValueError("the motion proxy is damaged") from problem
        if count != expected:
            raise ValueError("the motion proxy has another length than it states")
        return pictures

    @staticmethod
    def cut(data: bytes, lengths: Sequence[int]) -> tuple[bytes, ...]:
        """The pieces of their joined bytes."""
        return tuple(data[a:b] for a, b in pairwise(accumulate(lengths, initial=0)))


class ProxyRecorder:
    """Takes grey pictures one by one and keeps them coded; memory grows by coded bytes, not by pictures."""

    def __init__(self) -> None:
        self._pts = array("q")
        self._base = Fraction(1, 1000)
        self._shape = (0, 0)
        self._coder: av.VideoCodecContext | None = None
        self._packets: list[bytes] = []
        self._pieces: list[bytes] = []

    def add(self, time: MediaTime, grey: NDArray[np.uint8]) -> None:
        """Take the next picture. Times must rise; one that does not is passed over."""
        if not self._pts:
            self._base = time.time_base
            self._shape = _proxy_shape(grey.shape[0], grey.shape[1])
        ticks = time.pts if time.time_base == self._base else time.rescaled(self._base).pts
        if self._pts and ticks <= self._pts[-1]:
            return
        if self._coder is None:
            self._coder = _encoder(self._shape)
        frame = av.VideoFrame.from_ndarray(self._padded(grey), format="gray")
        frame.pts = len(self._pts) % PIECE_PICTURES
        self._encode(frame)
        self._pts.append(ticks)
        if len(self._pts) % PIECE_PICTURES == 0:
            self._close_piece()

    def finish(self) -> CodedProxy:
        """Close the film and return it in its stored form."""
        self._close_piece()
        return CodedProxy(self._base, np.array(self._pts, dtype=np.int64), self._shape, tuple(self._pieces))

    def _close_piece(self) -> None:
        if self._coder is not None:
            self._encode(None)
            self._pieces.append(b"".join(self._packets))
            self._packets.clear()
            self._coder = None

    def _encode(self, frame: av.VideoFrame | None) -> None:
        if self._coder is not None:
            packets = cast("Sequence[Any]", self._coder.encode(frame))
            self._packets += [bytes(packet) for packet in packets]

    def _padded(self, grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
        height, width = self._shape
        small = cv2.resize(grey, (width, height), interpolation=cv2.INTER_AREA)
        down, right = _codec_side(height) - height, _codec_side(width) - width
        if down or right:
            small = cv2.copyMakeBorder(small, 0, down, 0, right, cv2.BORDER_REPLICATE)
        return np.ascontiguousarray(small, dtype=np.uint8)


def _encoder(shape: tuple[int, int]) -> av.VideoCodecContext:
    coder = av.CodecContext.create("libx264", "w")
    coder.height, coder.width = _codec_side(shape[0]), _codec_side(shape[1])
    coder.pix_fmt = "gray"
    coder.time_base = Fraction(1, 15)
    coder.thread_count = 1
    # One key picture a piece, no picture out of order: what is decoded does not depend on what is around it.
    parameters = "keyint=infinite:scenecut=0:bframes=0:threads=1"
    coder.options = {"crf": _QUALITY, "preset": "superfast", "x264-params": parameters}
    return coder


def _decoded(piece: bytes) -> Iterator[av.VideoFrame]:
    coder = av.CodecContext.create("h264", "r")
    coder.thread_count = 1
    packets = cast("Sequence[Any]", (*coder.parse(piece), *coder.parse(b""), None))
    for packet in packets:
        yield from coder.decode(packet)


def _codec_side(length: int) -> int:
    return max(_CODEC_SIDE, length + length % 2)


def _proxy_shape(height: int, width: int) -> tuple[int, int]:
    scale = PROXY_SIDE / max(height, width)
    return max(4, round(height * scale)), max(4, round(width * scale))

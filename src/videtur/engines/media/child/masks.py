"""What covers a picture, in the child: the schedule of masks, and how one is painted. No pixel of what lies
below a solid mask is read."""

import os
import random
import struct
from dataclasses import dataclass
from math import ceil, floor

from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter

SOLID, MOSAIC, BLUR = 0, 1, 2
RECORD = struct.Struct("<qqqIB8d")
"""First and last presentation time of a stretch; the ticks over which the mask moves from its first box to
its second; the number of its track; its fill; both boxes (left, top, right, bottom, in pixels)."""
BLACK = (16, 128, 128)
"""Of the solid fill: luma and both chromas, limited range."""
_AT_ONCE = 1024
_CELLS = 4
_NOISE = 12.0
_STEP = 32
_SOFT = 8

Rectangle = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Stretch:
    """One mask from its first to its last presentation time, moving in a straight line."""

    first: int
    last: int
    span: int
    track: int
    fill: int
    one: tuple[float, ...]
    two: tuple[float, ...]

    def rectangle(self, pts: int, width: int, height: int) -> Rectangle | None:
        """All pixels that the mask touches, grown to whole chroma samples; None outside the picture."""
        share = (pts - self.first) / self.span
        across, along, beyond, below = (
            one + (two - one) * share for one, two in zip(self.one, self.two, strict=True)
        )
        left, right = floor(min(max(across, 0), width)), ceil(max(min(beyond, width), 0))
        top, bottom = floor(min(max(along, 0), height)), ceil(max(min(below, height), 0))
        if left >= right or top >= bottom:
            return None
        return left & ~1, top & ~1, right + 1 & ~1, bottom + 1 & ~1


class Schedule:
    """Masks in order of time, read as they are needed from a file that the parent wrote."""

    def __init__(self, descriptor: int, records: int) -> None:
        self._descriptor = descriptor
        self._left = records
        self._at = 0
        self._read: list[Stretch] = []
        self._active: list[Stretch] = []

    def at(self, pts: int) -> list[Stretch]:
        """Those in force at a presentation time; times asked for only grow."""
        while (following := self._next()) is not None and following.first <= pts:
            self._active.append(self._read.pop())
        self._active = [each for each in self._active if each.last >= pts]
        return self._active

    def _next(self) -> Stretch | None:
        if not self._read and self._left:
            count = min(self._left, _AT_ONCE)
            data = os.pread(self._descriptor, count * RECORD.size, self._at)
            if len(data) != count * RECORD.size:
                raise ValueError("the schedule of masks is cut off")
            self._at += len(data)
            self._left -= count
            self._read = [
                Stretch(first, last, span, track, fill, tuple(boxes[:4]), tuple(boxes[4:]))
                for first, last, span, track, fill, *boxes in RECORD.iter_unpack(data)
            ][::-1]
        return self._read[-1] if self._read else None


class Painter:
    """Covers rectangles of pictures in yuv420p whose sides are even.

    `seed` is for the noise of the mosaic. It is one for each track and cell, not new in each picture:
    the mean over many pictures must not take it away.
    """

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._scaler = VideoReformatter()
        self._noise: dict[int, list[list[float]]] = {}

    def paint(self, frame: VideoFrame, place: Rectangle, stretch: Stretch) -> None:
        """Cover one rectangle."""
        if stretch.fill == SOLID:
            _fill(frame, place)
        elif stretch.fill == MOSAIC:
            self._mosaic(frame, place, stretch.track)
        else:
            self._blur(frame, place)

    def _mosaic(self, frame: VideoFrame, place: Rectangle, track: int) -> None:
        left, top, right, bottom = place
        region = _cut(frame, place)
        small = self._scaler.reformat(
            region, _CELLS, _CELLS, "yuv420p", interpolation=Interpolation.AREA, threads=1
        )
        for number, (plane, noises) in enumerate(zip(frame.planes, self._noises(track), strict=True)):
            shift = 0 if number == 0 else 1
            cells = _CELLS >> shift
            means = memoryview(small.planes[number])
            row_of_means = small.planes[number].line_size
            columns = _edges(left >> shift, right >> shift, cells)
            rows = _edges(top >> shift, bottom >> shift, cells)
            target = memoryview(plane)
            for down in range(cells):
                values = (
                    _quantised(means[down * row_of_means + over] + noises[down * cells + over])
                    for over in range(cells)
                )
                line = b"".join(
                    bytes([value]) * (columns[over + 1] - columns[over]) for over, value in enumerate(values)
                )
                for row in range(rows[down], rows[down + 1]):
                    start = row * plane.line_size + columns[0]
                    target[start : start + len(line)] = line

    def _noises(self, track: int) -> list[list[float]]:
        if track not in self._noise:
            source = random.Random(f"{self._seed}/{track}")  # noqa: S311 -- the seed is the secret
            self._noise[track] = [
                [source.gauss(0, _NOISE) for _ in range(count)] for count in (_CELLS**2, _CELLS, _CELLS)
            ]
        return self._noise[track]

    def _blur(self, frame: VideoFrame, place: Rectangle) -> None:
        left, top, right, bottom = place
        region = _cut(frame, place)
        width, height = right - left, bottom - top
        small = (max(2, width // _SOFT // 2 * 2), max(2, height // _SOFT // 2 * 2))
        soft = self._scaler.reformat(region, *small, "yuv420p", interpolation=Interpolation.AREA, threads=1)
        soft = self._scaler.reformat(
            soft, width, height, "yuv420p", interpolation=Interpolation.BICUBIC, threads=1
        )
        for number, (plane, source) in enumerate(zip(frame.planes, soft.planes, strict=True)):
            shift = 0 if number == 0 else 1
            length = width >> shift
            target, pixels = memoryview(plane), memoryview(source)
            for row in range(height >> shift):
                start = (row + (top >> shift)) * plane.line_size + (left >> shift)
                target[start : start + length] = pixels[row * source.line_size :][:length]


def _quantised(value: float) -> int:
    return min(max(int(value) // _STEP * _STEP + _STEP // 2, 16), 235)


def _edges(start: int, end: int, cells: int) -> list[int]:
    return [start + (end - start) * number // cells for number in range(cells + 1)]


def _fill(frame: VideoFrame, place: Rectangle) -> None:
    left, top, right, bottom = place
    for number, (plane, value) in enumerate(zip(frame.planes, BLACK, strict=True)):
        shift = 0 if number == 0 else 1
        line = bytes([value]) * ((right - left) >> shift)
        target = memoryview(plane)
        for row in range(top >> shift, bottom >> shift):
            start = row * plane.line_size + (left >> shift)
            target[start : start + len(line)] = line


def _cut(frame: VideoFrame, place: Rectangle) -> VideoFrame:
    left, top, right, bottom = place
    region = VideoFrame(right - left, bottom - top, "yuv420p")
    for number, (plane, copy) in enumerate(zip(frame.planes, region.planes, strict=True)):
        shift = 0 if number == 0 else 1
        length = (right - left) >> shift
        source, target = memoryview(plane), memoryview(copy)
        for row in range((bottom - top) >> shift):
            start = (row + (top >> shift)) * plane.line_size + (left >> shift)
            target[row * copy.line_size :][:length] = source[start : start + length]
    return region


def even_copy(frame: VideoFrame) -> VideoFrame:
    """A picture of our own with even sides: never the decoder's, which later pictures are built from.

    A column or row that is added is black.
    """
    width, height = frame.width + 1 & ~1, frame.height + 1 & ~1
    copy = VideoFrame(width, height, "yuv420p")
    for number, (plane, target_plane) in enumerate(zip(frame.planes, copy.planes, strict=True)):
        source, target = memoryview(plane), memoryview(target_plane)
        shift = 0 if number == 0 else 1
        length, rows = frame.width + shift >> shift, frame.height + shift >> shift
        if plane.line_size == target_plane.line_size and frame.width == width:
            target[: plane.line_size * rows] = source[: plane.line_size * rows]
        else:
            for row in range(rows):
                line = bytes(source[row * plane.line_size :][:length])
                line = line.ljust(width >> shift, bytes([BLACK[number]]))
                target[row * target_plane.line_size :][: len(line)] = line
        if rows < height >> shift:
            start = rows * target_plane.line_size
            target[start : start + (width >> shift)] = bytes([BLACK[number]]) * (width >> shift)
    return copy

"""A drawn box stays on what it was drawn on, both ways, and never leaves its shot."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from av.video.stream import VideoStream
from numpy.typing import NDArray

from videtur.engines.media.sandbox import DecodingSandbox
from videtur.engines.redaction.following import Followed, follow
from videtur.engines.redaction.plan import Box, KeyFrame
from videtur.errors import Refused

Picture = NDArray[np.uint8]
WIDTH, HEIGHT, SIZE = 640, 360, 60
TIMES = np.cumsum([1000, *([33, 50, 17, 40] * 15)]).tolist()
"""Thousandths of a second: a late start, and no even rate."""


def _texture(seed: int, width: int, height: int, low: int, high: int) -> Picture:
    noise = np.random.default_rng(seed).integers(low, high, (height // 8, width // 8, 3)).astype(np.uint8)
    return np.asarray(cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


PLACE, OTHER_PLACE = _texture(1, WIDTH, HEIGHT, 40, 140), _texture(2, WIDTH, HEIGHT, 90, 220)
THING = _texture(3, SIZE, SIZE, 0, 255)


def _place(number: int) -> tuple[int, int]:
    return 100 + 6 * number, 120 + int(40 * np.sin(number / 9))


def _picture(number: int) -> Picture:
    seen = PLACE.copy()
    left, top = _place(number)
    seen[top : top + SIZE, left : left + SIZE] = THING[:, : max(0, WIDTH - left)]
    return seen


def _write(path: Path, picture: Callable[[int], Picture]) -> Path:
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", 25, options={"crf": "20", "bf": "0"})
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.time_base = stream.time_base = Fraction(1, 1000)
        for number, time in enumerate(TIMES):
            frame = av.VideoFrame.from_ndarray(picture(number), format="rgb24")
            frame.pts, frame.time_base = time, Fraction(1, 1000)
            output.mux(stream.encode(frame))
        output.mux(stream.encode())
    return path


@pytest.fixture(scope="module")
def sandbox() -> Iterator[DecodingSandbox]:
    with DecodingSandbox() as sandbox:
        yield sandbox


def _box(number: int) -> Box:
    left, top = _place(number)
    return Box(left, top, left + SIZE, top + SIZE)


def _followed(
    path: Path, sandbox: DecodingSandbox, number: int, shot: tuple[int, int], ticks: int
) -> Followed:
    with path.open("rb") as source:
        return follow(source, sandbox, KeyFrame(TIMES[number] * ticks // 1000, _box(number)), shot)


def _ticks(path: Path) -> int:
    with av.open(str(path)) as film:
        base = film.streams.video[0].time_base
    assert base is not None
    return base.denominator


def test_it_stays_on_what_it_was_drawn_on_at_each_picture(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    path = _write(tmp_path / "film.mp4", _picture)
    ticks = _ticks(path)
    found = _followed(path, sandbox, 30, (0, 10**9), ticks)
    assert len(found.key_frames) == len(TIMES)
    assert not found.lost_before
    assert not found.lost_after
    for number, each in enumerate(found.key_frames):
        assert each.pts == TIMES[number] * ticks // 1000
        thing = _box(number)
        across = min(each.box.right, thing.right) - max(each.box.left, thing.left)
        along = min(each.box.bottom, thing.bottom) - max(each.box.top, thing.top)
        assert across * along > 0.93 * thing.area, number
        assert each.box.area < 2 * thing.area, number


def test_it_never_leaves_its_shot(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    path = _write(tmp_path / "film.mp4", _picture)
    ticks = _ticks(path)
    first, behind = TIMES[20] * ticks // 1000, TIMES[40] * ticks // 1000
    found = _followed(path, sandbox, 30, (first, behind), ticks)
    assert found.key_frames[0].pts == first
    assert found.key_frames[-1].pts == TIMES[39] * ticks // 1000


def test_it_stops_where_the_thing_is_gone_and_says_so(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    path = _write(tmp_path / "film.mp4", lambda number: _picture(number) if number < 40 else OTHER_PLACE)
    ticks = _ticks(path)
    found = _followed(path, sandbox, 30, (0, 10**9), ticks)
    assert found.key_frames[-1].pts <= TIMES[40] * ticks // 1000
    assert found.lost_after
    assert not found.lost_before


def test_where_there_is_no_picture_nothing_is_followed(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    path = _write(tmp_path / "film.mp4", _picture)
    with path.open("rb") as source, pytest.raises(Refused, match="no picture"):
        follow(source, sandbox, KeyFrame(10**9, _box(0)), (0, 10**10))

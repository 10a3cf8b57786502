"""The still for the record is exactly the frame of that time."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.engines.media.films import Film, number_in, packet_times, write
from videtur.engines.media.first_pass import PictureStream, PresentationTimes, ProxyFrame, decode
from videtur.engines.media.sandbox import DecodingSandbox
from videtur.engines.media.still import still
from videtur.engines.media.timecode import MediaTime
from videtur.errors import Refused

PTS = [9, 10, 11, 14, 15, 16, 20, 22, 25, 30, 31, 32, 33, 40, 41, 47, 48, 50, 59, 60, 61, 62]


def picture(data: bytes) -> NDArray[np.uint8]:
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    return np.asarray(image, np.uint8)


@pytest.mark.parametrize("name", ["film.mp4", "film.mkv", "film.ts", "film.avi"])
def test_every_frame_of_a_film(tmp_path: Path, sandbox: DecodingSandbox, name: str) -> None:
    film = Film(pts=PTS, options={"preset": "ultrafast", "bf": "2", "g": "6"})
    if name == "film.avi":
        film = replace(film, codec="mpeg4", options={"bf": "2", "g": "6"}, pts=list(range(len(PTS))))
    path = write(tmp_path / name, film)
    with path.open("rb") as source:
        times: list[MediaTime] = []
        base = None
        for event in decode(source, sandbox):
            if isinstance(event, PictureStream):
                base = event.time_base
            if isinstance(event, PresentationTimes):
                assert base is not None
                times += [MediaTime(pts, base) for pts in event.pts.tolist()]
        assert len(times) == len(PTS)
        for number, time in enumerate(times):
            assert number_in(picture(still(source, time, sandbox))) == number


def test_joined_recordings_are_timed_as_in_the_first_pass(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    data = write(tmp_path / "film.ts", Film(pts=list(range(60)))).read_bytes()
    joined = tmp_path / "joined.ts"
    joined.write_bytes(data + data)
    with joined.open("rb") as source:
        proxies = [event for event in decode(source, sandbox) if isinstance(event, ProxyFrame)]
        for proxy in proxies[:: len(proxies) // 9]:
            assert number_in(picture(still(source, proxy.time, sandbox))) == number_in(proxy.image)


def test_between_before_and_behind(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    path = write(tmp_path / "film.mp4", Film(pts=PTS))
    times = packet_times(path)
    with path.open("rb") as source:

        def at(pts: int) -> int:
            return number_in(picture(still(source, MediaTime(pts, Fraction(1, 15360)), sandbox)))

        assert at(times[3] + 1) == 3
        assert at(times[4] - 1) == 3
        assert at(times[0] - 1000) == 0
        assert at(times[-1] + 100_000) == len(PTS) - 1


def test_upright_and_full_size(tmp_path: Path, sandbox: DecodingSandbox) -> None:

    path = write(tmp_path / "film.mp4", Film(pts=[0, 1], turned=-90, width=640, height=320))
    with path.open("rb") as source:
        assert picture(still(source, MediaTime(0, Fraction(1)), sandbox)).shape == (640, 320, 3)


def test_no_picture_no_still(tmp_path: Path, sandbox: DecodingSandbox) -> None:

    path = write(tmp_path / "sound.wav", Film(codec=None, sound_codec="pcm_s16le"))
    with path.open("rb") as source, pytest.raises(Refused, match="no picture"):
        still(source, MediaTime(0, Fraction(1)), sandbox)

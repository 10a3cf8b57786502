"""Every displayed picture: whole, in order, and timed as the first pass times it."""

from fractions import Fraction
from pathlib import Path

import pytest

from tests.engines.media.films import Film, number_in, write
from videtur.engines.media.events import AnalysisFrame, PassEnd, PictureStream, PresentationTimes
from videtur.engines.media.first_pass import decode
from videtur.engines.media.frames import every_frame
from videtur.engines.media.sandbox import DecodingSandbox
from videtur.errors import Refused

UNEVEN = (0, 40, 73, 120, 133, 200, 240, 280, 413, 433, 466, 500)
LATE = tuple(850 + 33 * number for number in range(12))
B_FRAMES = {"preset": "ultrafast", "bf": "2", "g": "10"}
THOUSANDTHS = Fraction(1, 1000)


@pytest.mark.parametrize(
    ("name", "film"),
    [
        ("uneven.mp4", Film(pts=UNEVEN, time_base=THOUSANDTHS)),
        ("uneven.mkv", Film(pts=UNEVEN, time_base=THOUSANDTHS, options=B_FRAMES)),
        ("late.mp4", Film(pts=LATE, time_base=THOUSANDTHS, sound_codec="aac")),
        ("untimed.avi", Film(codec="mpeg4", options={})),
        ("turned.mp4", Film(turned=90)),
    ],
)
def test_every_picture_comes_once_at_the_time_of_the_first_pass(
    tmp_path: Path, sandbox: DecodingSandbox, name: str, film: Film
) -> None:
    path = write(tmp_path / name, film)
    with path.open("rb") as source:
        events = list(every_frame(source, sandbox))
    with path.open("rb") as source:
        first = [
            int(pts)
            for event in decode(source, sandbox)
            if isinstance(event, PresentationTimes)
            for pts in event.pts
        ]
    pictures = [event for event in events if isinstance(event, AnalysisFrame)]
    assert [picture.time.pts for picture in pictures] == first
    assert len(first) == len(film.pts)
    if not film.turned:
        assert [number_in(picture.image) for picture in pictures] == list(range(len(film.pts)))


def test_pictures_are_whole_and_upright(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    path = write(tmp_path / "turned.mp4", Film(turned=90))
    with path.open("rb") as source:
        events = list(every_frame(source, sandbox))
    (stream,) = [event for event in events if isinstance(event, PictureStream)]
    assert (stream.width, stream.height) == (48, 128)
    shapes = {event.image.shape for event in events if isinstance(event, AnalysisFrame)}
    assert shapes == {(128, 48, 3)}


def test_pictures_are_scaled_down_on_request_and_never_up(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    path = write(tmp_path / "film.mp4", Film())
    for side, shape in ((64, (24, 64, 3)), (4096, (48, 128, 3))):
        with path.open("rb") as source:
            events = every_frame(source, sandbox, side)
            assert next(event for event in events if isinstance(event, AnalysisFrame)).image.shape == shape
            events.close()  # type: ignore[attr-defined]


def test_a_film_that_is_cut_off_gives_what_is_left_and_tells_of_the_damage(
    tmp_path: Path, sandbox: DecodingSandbox
) -> None:
    path = write(tmp_path / "film.mkv", Film(pts=tuple(range(60))))
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    with path.open("rb") as source:
        events = list(every_frame(source, sandbox))
    count = sum(isinstance(event, AnalysisFrame) for event in events)
    assert 10 < count < 60
    end = events[-1]
    assert isinstance(end, PassEnd)
    assert end.picture_frames == count


def test_what_is_no_film_is_refused(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    path = tmp_path / "no.mp4"
    path.write_bytes(b"no film at all" * 100)
    with path.open("rb") as source, pytest.raises(Refused):
        list(every_frame(source, sandbox))

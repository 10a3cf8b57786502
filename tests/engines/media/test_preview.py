"""A preview shows each frame when the original does."""

import io
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.engines.media.films import Film, number_in, write
from videtur.engines.media.preview import PreviewFacts, render_preview
from videtur.engines.media.sandbox import DecodingSandbox
from videtur.errors import Refused

PTS = [10, 11, 12, 15, 16, 30, 31, 45, 46, 47, 60]


def grey(frame: av.VideoFrame) -> NDArray[np.uint8]:
    return np.asarray(frame.to_ndarray(format="gray"), np.uint8)


def render(path: Path, sandbox: DecodingSandbox) -> tuple[PreviewFacts, Path]:
    kept = io.BytesIO()
    with path.open("rb") as source:
        facts = render_preview(source, kept, sandbox)
    preview = path.with_name("preview-of-it.mp4")
    preview.write_bytes(kept.getvalue())
    return facts, preview


@pytest.mark.parametrize("name", ["film.mp4", "film.mkv", "film.ts"])
def test_times_are_kept(tmp_path: Path, sandbox: DecodingSandbox, name: str) -> None:
    film = Film(
        pts=PTS, sound_codec="aac", sound_start=Fraction(1), options={"preset": "ultrafast", "bf": "2"}
    )
    path = write(tmp_path / name, film)
    with av.open(str(path)) as container:
        original = sorted(
            frame.pts for frame in container.decode(container.streams.video[0]) if frame.pts is not None
        )
    facts, preview = render(path, sandbox)
    assert (facts.width, facts.height) == (128, 48)
    assert facts.has_sound
    with av.open(str(preview)) as container:
        frames = list(container.decode(container.streams.video[0]))
        shown = [frame.pts * frame.time_base for frame in frames if frame.pts is not None and frame.time_base]
        assert shown == [(pts - facts.offset_pts) * facts.time_base for pts in original]
        assert [number_in(grey(frame)) for frame in frames] == list(range(len(PTS)))
        assert container.streams.audio[0].codec_context.name == "aac"
    head = preview.read_bytes()[:4096]
    assert head.index(b"moov") < 64, "the index stands in front, so that playing starts at once"


def test_sound_that_begins_first_is_time_zero(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    film = Film(pts=[30, 31, 32], sound_codec="pcm_s16le", sound_start=Fraction(1, 2))
    facts, preview = render(write(tmp_path / "film.mkv", film), sandbox)
    assert facts.offset_pts * facts.time_base == Fraction(1, 2)
    with av.open(str(preview)) as container:
        first = next(container.decode(container.streams.video[0]))
        assert first.time == pytest.approx(0.5, abs=0.002)


def test_turned_large_and_odd(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    film = Film(pts=[0, 1], turned=-90, width=1282, height=722)
    facts, preview = render(write(tmp_path / "film.mp4", film), sandbox)
    assert (facts.width, facts.height) == (270, 480)
    with av.open(str(preview)) as container:
        assert container.streams.video[0].width == 270
        upright = grey(next(container.decode(video=0)))
        assert number_in(np.rot90(upright)) == 0


def test_sound_alone(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    film = Film(codec=None, sound_codec="pcm_s16le", sound_layout="mono")
    facts, preview = render(write(tmp_path / "sound.wav", film), sandbox)
    assert not facts.has_picture
    assert facts.has_sound
    with av.open(str(preview)) as container:
        assert not container.streams.video
        assert len(container.streams.audio) == 1


def test_nothing_reaches_the_destination_of_what_is_refused(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    path = tmp_path / "text.mp4"
    path.write_text("no film")
    kept = io.BytesIO()
    with path.open("rb") as source, pytest.raises(Refused):
        render_preview(source, kept, sandbox)
    assert not kept.getvalue()


def test_other_time_bases(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    film = replace(
        Film(codec="mpeg4", options={}), time_base=Fraction(1001, 30000), rate=Fraction(30000, 1001)
    )
    facts, preview = render(write(tmp_path / "film.avi", film), sandbox)
    with av.open(str(preview)) as container:
        times = [frame.pts * frame.time_base for frame in container.decode(video=0) if frame.pts is not None]  # type: ignore[operator]
    assert times == [number * Fraction(1001, 30000) for number in range(30)]
    assert facts.offset_pts == 0

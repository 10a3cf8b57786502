"""What a file declares, and what its makers left in it."""

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.stream import Disposition

from tests.engines.media.films import Film, numbered, write
from videtur.engines.media.metadata import read_metadata
from videtur.engines.media.probe import probe
from videtur.engines.media.sandbox import DecodingSandbox
from videtur.engines.media.timecode import MediaTime


def test_picture_and_sound(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    film = Film(sound_codec="aac", turned=-90, width=128, height=64)
    with write(tmp_path / "film.mp4", film).open("rb") as source:
        facts = probe(source, sandbox)
    assert facts.has_picture
    assert facts.has_sound
    assert (facts.picture_codec, facts.sound_codec) == ("h264", "aac")
    assert (facts.width, facts.height, facts.rotation) == (64, 128, 90)
    assert facts.pixel_format == "yuv420p"
    assert facts.average_rate == Fraction(30)
    assert facts.duration is not None
    assert abs(float(facts.duration.instant) - 1.0) < 0.1
    assert facts.sandbox_level == sandbox.level
    kept = json.loads(json.dumps(facts.as_json()))
    assert kept["streams"][0]["time_base"] == [facts.streams[0].time_base.numerator, 15360]  # type: ignore[union-attr]
    assert MediaTime.from_json(kept["duration"]) == facts.duration


def test_sound_alone_and_cover_pictures(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    film = Film(codec=None, sound_codec="pcm_s16le")
    with write(tmp_path / "sound.wav", film).open("rb") as source:
        facts = probe(source, sandbox)
    assert facts.has_sound
    assert not facts.has_picture
    assert facts.width is None


def test_a_cover_beside_sound_is_no_film(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    path = tmp_path / "song.mp3"
    with av.open(str(path), "w") as output:
        sound = output.add_stream("libmp3lame", 44_100, layout="mono")
        cover = output.add_stream("png", 1)
        cover.width, cover.height, cover.pix_fmt = 128, 48, "rgb24"
        cover.disposition = Disposition.attached_pic
        frame = av.VideoFrame.from_ndarray(numbered(1), format="rgb24")
        output.mux(cover.encode(frame))
        output.mux(cover.encode(None))
        quiet = np.zeros((1, 44_100), np.int16)
        block = av.AudioFrame.from_ndarray(quiet, format="s16", layout="mono")
        block.sample_rate = 44_100
        output.mux(sound.encode(block))
        output.mux(sound.encode(None))
    with path.open("rb") as source:
        facts = probe(source, sandbox)
    assert len(facts.streams) == 2
    assert facts.has_sound
    assert not facts.has_picture


def test_a_still(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    film = Film(pts=[0], codec="png", pixel_format="rgb24", options={})
    with write(tmp_path / "still.png", film, "image2").open("rb") as source:
        facts = probe(source, sandbox)
    assert facts.is_still
    assert (facts.width, facts.height) == (128, 48)


def test_traces_dates_and_boxes(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    hostile = "<script>alert(1)</script>\u202e"
    film = Film(
        tags={"title": hostile, "creation_time": "2023-05-06T07:08:09.000000Z"},
        container={"movflags": "faststart"},
    )
    with write(tmp_path / "film.mp4", film).open("rb") as source:
        metadata = read_metadata(source, sandbox)
    assert dict(metadata.probe.tags)["title"] == hostile, "kept as it stands; whoever shows it escapes it"
    assert ("container: creation_time", "2023-05-06T07:08:09.000000Z") in {
        (date.where, date.text) for date in metadata.dates
    }
    assert any("Lavf" in trace.text for trace in metadata.encoder_traces)
    assert any(trace.text.startswith("x264 ") for trace in metadata.encoder_traces)
    names = [name for name, _ in metadata.probe.boxes]
    assert names[0] == "ftyp"
    assert names.index("moov") < names.index("mdat")
    assert metadata.brands[0] == "isom"
    assert metadata.tag_count >= 4
    json.dumps(metadata.as_json())


@pytest.mark.parametrize("name", ["film.mkv", "film.avi", "film.ts"])
def test_other_containers(tmp_path: Path, sandbox: DecodingSandbox, name: str) -> None:
    film = Film(sound_codec="libmp3lame", container={})
    film = replace(film, codec="mpeg4", options={}) if name == "film.avi" else film
    with write(tmp_path / name, film).open("rb") as source:
        facts = probe(source, sandbox)
    assert facts.has_picture
    assert facts.has_sound
    assert facts.boxes == ()


def test_every_real_clip(clips: Path, sandbox: DecodingSandbox) -> None:
    for path in sorted(clips.iterdir()):
        if path.suffix in (".md", ".csv"):
            continue
        with path.open("rb") as source:
            facts = probe(source, sandbox)
        assert facts.has_picture, path
        assert facts.width, path

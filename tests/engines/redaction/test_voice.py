"""A disguise is as long as what was said, keeps its words' rhythm, changes its sound, and never blows up."""

import os
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from videtur.engines.redaction.plan import Voice
from videtur.engines.redaction.voice import DISGUISE_RATE, Stretch, mcadams, shifted, treated

SEED = b"0123456789abcdef"


def spoken(seconds: float = 12) -> NDArray[np.int16]:
    """Something like speech: a voice of pulses through three resonances that move, in syllables."""
    count = int(seconds * DISGUISE_RATE)
    time = np.arange(count) / DISGUISE_RATE
    pitch = 120 + 20 * np.sin(2 * np.pi * 0.4 * time)
    phase = np.cumsum(pitch) / DISGUISE_RATE
    pulses = np.diff(np.floor(phase), prepend=0)
    sound = np.zeros(count)
    for number, centre in enumerate((600, 1400, 2600)):
        ring = np.exp(-np.arange(600) / 70) * np.sin(2 * np.pi * centre * np.arange(600) / DISGUISE_RATE)
        sound += np.convolve(pulses, ring)[:count] / (1 + number)
    syllables = np.clip(np.sin(2 * np.pi * 2.3 * time), 0, 1)
    return (9000 * sound / np.abs(sound).max() * syllables).astype(np.int16)


def loudness(sound: NDArray[np.int16]) -> NDArray[np.float64]:
    """In steps of 25 ms."""
    return np.sqrt((sound[: len(sound) // 400 * 400].astype(float).reshape(-1, 400) ** 2).mean(axis=1))


def whole(blocks: list[tuple[int, NDArray[np.int16]]]) -> NDArray[np.int16]:
    for (at, one), (following, _) in pairwise(blocks):
        assert at + len(one) == following
    return np.concatenate([samples for _, samples in blocks])


def disguised(sound: NDArray[np.int16], seed: bytes = SEED) -> NDArray[np.int16]:
    return whole(list(treated([(0, sound)], (), "disguise", seed)))


def test_as_long_as_loud_and_other() -> None:
    sound = spoken()
    other = disguised(sound)
    assert len(other) == len(sound)
    assert np.corrcoef(loudness(sound), loudness(other))[0, 1] > 0.85, "the rhythm of the words is kept"
    assert 0.7 < other.astype(float).std() / sound.astype(float).std() < 1.3
    spectra = [np.abs(np.fft.rfft(each.astype(float)))[: len(sound) // 4] for each in (sound, other)]
    assert np.corrcoef(spectra[0], spectra[1])[0, 1] < 0.5, "the resonances lie elsewhere"
    assert not np.array_equal(other, disguised(sound, b"another seed, 16"))
    assert np.array_equal(other, disguised(sound))


def test_real_speech_stays_speech() -> None:
    folder = Path(os.environ.get("VIDETUR_TEST_DATA", Path(__file__).parents[4] / "shared" / "data"))
    paths = sorted((folder / "speech").rglob("*.wav"))[:6]
    if not paths:
        pytest.skip("the speech of shared/data is not there")
    for path in paths:
        with av.open(str(path)) as container:
            resampler = av.AudioResampler("s16", "mono", DISGUISE_RATE)
            parts = [
                part.to_ndarray()[0]
                for frame in container.decode(audio=0)
                for part in resampler.resample(frame)
            ]
        sound = np.concatenate(parts).astype(np.int16)
        other = disguised(sound)
        assert np.corrcoef(loudness(sound), loudness(other))[0, 1] > 0.8, path.name
        assert float((np.abs(other.astype(int)) > 32000).mean()) < 0.01, path.name


@pytest.mark.parametrize("coefficient", [0.5, 0.62, 1.0, 1.35, 1.5])
@pytest.mark.parametrize("kind", ["noise", "silence", "clipped", "tone"])
def test_nothing_builds_up(coefficient: float, kind: str) -> None:
    count = 3 * DISGUISE_RATE
    sound = {
        "noise": np.random.default_rng(0).normal(0, 8000, count),
        "silence": np.zeros(count),
        "clipped": np.sign(np.sin(np.arange(count) * 0.3)) * 32767.0,
        "tone": 20000 * np.sin(np.arange(count) * 0.05),
    }[kind]
    moved = mcadams(shifted(sound, 1.2), coefficient)
    assert len(moved) == count
    assert np.isfinite(moved).all()
    assert float(np.sqrt((moved**2).mean())) <= 1.5 * float(np.sqrt((sound**2).mean())) + 1


def test_one_leaves_the_voice_as_it_was() -> None:
    sound = spoken(3).astype(float)
    assert np.corrcoef(sound, mcadams(sound, 1.0))[0, 1] > 0.9
    assert np.corrcoef(loudness(spoken(3)), loudness(shifted(sound, 1.0).astype(np.int16)))[0, 1] > 0.98


@pytest.mark.parametrize("outside", ["mute", "keep", "disguise"])
def test_stretches_and_gaps(outside: Voice) -> None:
    sound = spoken(9)
    blocks = [(1000, sound[:50_000]), (51_000, sound[50_000:60_000]), (70_000, sound[60_000:])]
    stretches = (
        Stretch(5_000, 9_000, "keep"),
        Stretch(8_000, 20_000, "mute"),
        Stretch(40_000, 62_000, "disguise"),
    )
    out = list(treated(blocks, stretches, outside, SEED))
    times = [at for at, _ in out]
    assert times == sorted(times)
    covered = np.zeros(200_000, bool)
    given = np.zeros(200_000, np.int16)
    made = np.zeros(200_000, np.int16)
    for at, samples in blocks:
        given[at : at + len(samples)] = samples
    for at, samples in out:
        assert not covered[at : at + len(samples)].any()
        covered[at : at + len(samples)] = True
        made[at : at + len(samples)] = samples
    assert covered.sum() == len(sound)
    assert np.array_equal(made[5_000:8_000], given[5_000:8_000])
    assert not made[8_000:20_000].any(), "the later word counts"
    assert made[42_000:50_000].any()
    assert not np.array_equal(made[42_000:50_000], given[42_000:50_000])
    rest = made[25_000:39_000]
    if outside == "mute":
        assert not rest.any()
    else:
        assert np.array_equal(rest, given[25_000:39_000]) is (outside == "keep")

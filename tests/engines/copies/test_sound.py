"""The sound of a film: what is kept of it, and that the same sound is told however it was treated."""

import io
from collections.abc import Callable
from fractions import Fraction

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.engines.copies.films import melody, sound_fingerprint
from videtur.engines.copies import sound_match
from videtur.engines.copies.decision import SharedFootage
from videtur.engines.copies.sound import RATE
from videtur.engines.copies.sound_fingerprint import SoundFingerprint
from videtur.engines.copies.sound_landmarks import Landmarks
from videtur.engines.copies.sound_match import Sound, compare_sounds
from videtur.engines.copies.sound_texture import PACES
from videtur.engines.copies.stored_form import FingerprintUnreadable

Samples = NDArray[np.int16]
WHOLE = melody(40, 30)


def heard(samples: Samples, start: int = 0) -> Sound:
    return Sound(sound_fingerprint(samples, start=start))


def shared(query: Samples, reference: Samples) -> SharedFootage | None:
    return compare_sounds(heard(query), heard(reference))


def cut(first: float, last: float, samples: Samples = WHOLE) -> Samples:
    return samples[int(first * RATE) : int(last * RATE)]


def clipped(wave: NDArray[np.floating]) -> Samples:
    return np.clip(np.rint(wave), -32768, 32767).astype(np.int16)


# ---- what is kept ----


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 9), seconds=st.floats(0.0, 6.0), start=st.integers(-5, 9_000_000))
def test_a_sound_fingerprint_survives_storing(seed: int, seconds: float, start: int) -> None:
    made = sound_fingerprint(melody(seed, seconds), start=start)
    back = SoundFingerprint.from_bytes(made.to_bytes())
    assert back.to_bytes() == made.to_bytes()
    assert (back.start, back.length) == (made.start, made.length)
    assert np.array_equal(back.signs(), made.signs())
    assert len(made.texture) == made.length // 2


@pytest.mark.parametrize("spoil", [b"\x01", b"\x03"])
def test_another_version_is_refused(spoil: bytes) -> None:
    good = sound_fingerprint(melody(1, 1)).to_bytes()
    with pytest.raises(FingerprintUnreadable):
        SoundFingerprint.from_bytes(good[:15] + spoil + good[16:])


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(noise: bytes) -> None:
    with pytest.raises(FingerprintUnreadable):
        SoundFingerprint.from_bytes(b"videtur-sound\x00\x00\x02" + noise)


def test_silence_dither_and_a_steady_hum_leave_no_texture() -> None:
    draw = np.random.default_rng(3)
    clock = np.arange(RATE * 6) / RATE
    dither = np.rint(draw.normal(0, 0.7, len(clock))).astype(np.int16)
    # Harmonics the window holds whole periods of; of others, what beats is gated when sounds are compared.
    hum = clipped(sum((900 / n * np.sin(2 * np.pi * 62.5 * n * clock) for n in range(1, 9)), np.zeros(1)))
    for quiet in (np.zeros(len(clock), np.int16), dither, hum):
        assert np.abs(sound_fingerprint(quiet).signs()[10:-10]).mean() < 0.01
    assert np.abs(sound_fingerprint(melody(1, 6)).signs()).mean() > 0.3


# ---- the same sound ----


def noisy(samples: Samples) -> Samples:
    draw = np.random.default_rng(8)
    return clipped(samples + draw.normal(0, samples.std() / 2, len(samples)))


def talked_over(samples: Samples) -> Samples:
    return clipped(samples + 0.9 * melody(91, 15)[: len(samples)])


def by_phone(samples: Samples) -> Samples:
    spectrum = np.fft.rfft(samples)
    pitch = np.arange(len(spectrum)) * RATE / len(samples)
    spectrum[(pitch < 300) | (pitch > 3400)] = 0
    return clipped(np.rint(np.fft.irfft(spectrum, len(samples)) / 200) * 200)


def echoing(samples: Samples) -> Samples:
    late = np.concatenate([np.zeros(3000, np.int16), samples])[: len(samples)]
    return clipped(samples * 0.7 + late * 0.5)


def quieter(samples: Samples) -> Samples:
    return clipped(samples / 40.0)


def as_mp3(samples: Samples) -> Samples:
    store = io.BytesIO()
    with av.open(store, "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=RATE)
        assert isinstance(stream, av.AudioStream)
        stream.bit_rate, stream.layout = 24_000, "mono"
        frame = av.AudioFrame.from_ndarray(samples[None], "s16", "mono")
        frame.sample_rate, frame.pts = RATE, 0
        resampler = av.AudioResampler(stream.format.name, "mono", RATE)
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    store.seek(0)
    with av.open(store, "r") as container:
        resampler = av.AudioResampler("s16", "mono", RATE)
        parts = [part for frame in container.decode(audio=0) for part in resampler.resample(frame)]
    return np.concatenate([part.to_ndarray()[0] for part in parts])


@pytest.mark.parametrize("attack", [noisy, talked_over, by_phone, echoing, quieter, as_mp3])
def test_the_same_sound_is_told_however_it_was_treated(attack: Callable[[Samples], Samples]) -> None:
    found = shared(attack(cut(11.3, 20.3)), WHOLE)
    assert found is not None
    assert found.outcome == "same_sound"
    assert found.score >= 0.5
    assert found.speed == 1
    first = found.segments[0]
    assert float(first.reference.start.instant - first.query.start.instant) == pytest.approx(11.3, abs=0.1)
    assert float(first.query.end.instant - first.query.start.instant) > 7


@pytest.mark.parametrize("pace", [0.9, 0.95, 1.05, 1.1])
def test_a_changed_speed_is_found_and_named(pace: float) -> None:
    part = cut(5, 17)
    quick = clipped(np.interp(np.arange(0, len(part), pace), np.arange(len(part)), part.astype(float)))
    found = shared(quick, WHOLE)
    assert found is not None
    assert found.accepted
    assert found.transform == ("speed",)
    assert float(found.speed) == pytest.approx(pace, abs=0.003)
    (segment,) = found.segments
    middle = float(segment.query.start.instant + segment.query.end.instant) / 2
    there = float(segment.reference.start.instant + segment.reference.end.instant) / 2
    assert there == pytest.approx(5 + pace * middle, abs=0.1)


def test_a_changed_speed_at_the_same_pitch_is_found_and_named() -> None:
    # The same notes, each shorter: what a change of tempo is.
    def played(length: float) -> Samples:
        draw = np.random.default_rng(17)
        notes = draw.uniform(250, 2500, (48, 3))
        clock = np.arange(int(length * 48 * RATE)) / RATE
        which = np.minimum(47, (clock / length).astype(int))
        return clipped(3000 * np.sin(2 * np.pi * notes[which] * clock[:, None]).sum(axis=1))

    found = shared(played(0.25), played(0.27))
    assert found is not None
    assert found.transform == ("speed", "pitch kept")
    assert float(found.speed) == pytest.approx(1.08, abs=0.004)


def test_a_few_seconds_inside_something_else_are_found_alone() -> None:
    query = np.concatenate([melody(50, 5), cut(20, 25), melody(51, 6)])
    found = shared(query, WHOLE)
    assert found is not None
    assert found.accepted
    (segment,) = found.segments
    assert float(segment.query.start.instant) == pytest.approx(5, abs=0.4)
    assert float(segment.query.end.instant) == pytest.approx(10, abs=0.4)
    assert float(segment.reference.start.instant - segment.query.start.instant) == pytest.approx(15, abs=0.05)


def test_two_cuts_put_together_are_two_segments() -> None:
    found = shared(np.concatenate([cut(18, 24), cut(3, 10)]), WHOLE)
    assert found is not None
    offsets = [float(each.reference.start.instant - each.query.start.instant) for each in found.segments]
    assert offsets == pytest.approx([18, -3], abs=0.05)


def test_the_times_are_those_of_the_file() -> None:
    found = compare_sounds(heard(cut(10, 20), start=RATE * 100), heard(WHOLE, start=-RATE // 2))
    assert found is not None
    segment = found.segments[0]
    assert float(segment.query.start.instant) == pytest.approx(100, abs=0.12)
    difference = segment.reference.start.instant - segment.query.start.instant
    assert float(difference) == pytest.approx(9.5 - 100, abs=0.03)
    assert segment.query.start.time_base == Fraction(1, RATE)


# ---- not the same sound ----


@pytest.mark.parametrize("seed", range(5))
def test_other_sounds_of_the_same_making_are_not_the_same(seed: int) -> None:
    found = shared(melody(60 + seed, 12), WHOLE)
    assert found is None or (not found.accepted and found.score < 0.45)


def test_one_part_of_a_repeating_sound_is_not_another() -> None:
    loop = np.tile(melody(7, 3), 10)
    found = shared(cut(1.5, 12, loop), cut(13.5, 29, loop))
    assert found is not None
    assert not found.accepted
    # The same notes once are found: it is the repetition that forbids.
    once = shared(cut(0, 3, loop), np.concatenate([melody(8, 6), melody(7, 3), melody(9, 6)]))
    assert once is not None
    assert once.accepted


@pytest.mark.parametrize("pitch", [50.0, 60.0, 400.0])
def test_hum_and_silence_match_nothing(pitch: float) -> None:
    def humming(seed: int, seconds: int) -> Samples:
        draw = np.random.default_rng(seed)
        clock = np.arange(RATE * seconds) / RATE
        wave = sum(draw.uniform(0.2, 1) * np.sin(2 * np.pi * pitch * n * clock) for n in range(1, 8))
        return clipped(600 * wave + draw.normal(0, 3, len(clock)))

    silent = np.rint(np.random.default_rng(1).normal(0, 1, RATE * 12)).astype(np.int16)
    sounds = [humming(1, 12), humming(2, 15), silent, silent[: RATE * 9]]
    for query in sounds:
        for reference in sounds:
            if query is not reference:
                found = shared(query, reference)
                assert found is None or not found.accepted


@pytest.mark.parametrize("seconds", [0.0, 0.06, 0.5, 1.2, 2.5])
def test_sounds_of_any_length_can_be_compared(seconds: float) -> None:
    short = cut(4, 4 + seconds)
    for pair in ((short, WHOLE), (WHOLE, short), (short, short)):
        found = shared(*pair)
        assert found is None or found.modality == "sound"


# ---- among many ----


def test_long_sounds_are_compared_by_their_landmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound_match, "_MOST_CELLS", 0)
    found = shared(noisy(cut(8, 17)), WHOLE)
    assert found is not None
    assert found.accepted
    segment = found.segments[0]
    assert float(segment.reference.start.instant - segment.query.start.instant) == pytest.approx(8, abs=0.05)
    other = shared(melody(61, 9), WHOLE)
    assert other is None or not other.accepted


def test_landmarks_point_at_the_right_sound_also_when_it_is_added_later() -> None:
    landmarks = Landmarks()
    assert landmarks.find(heard(WHOLE).pairs, 0, PACES).tolist() == []
    for number in range(6):
        landmarks.add(number, heard(melody(70 + number, 15)).pairs)
    assert landmarks.find(heard(melody(73, 15)[: RATE * 6]).pairs, 6, PACES).argmax() == 3
    landmarks.add(6, heard(WHOLE).pairs)
    part = cut(9, 19)
    quick = clipped(np.interp(np.arange(0, len(part), 1.08), np.arange(len(part)), part.astype(float)))
    for query in (noisy(part), quick):
        strength = landmarks.find(heard(query).pairs, 7, PACES)
        assert strength.argmax() == 6
        assert strength[6] > 2 * np.delete(strength, 6).max()
    assert not landmarks.find(heard(np.zeros(RATE * 5, np.int16)).pairs, 7, PACES).any()

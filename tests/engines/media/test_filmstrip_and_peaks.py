"""The strip and the waveform: bounded, in place, at the right times."""

import itertools
from fractions import Fraction

import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.engines.media.films import number_in, numbered
from videtur.engines.media.events import AnalysisFrame, SoundBlock
from videtur.engines.media.filmstrip import Filmstrip
from videtur.engines.media.peaks import Peaks
from videtur.engines.media.timecode import MediaTime

BASE = Fraction(1, 90_000)
RATE = Fraction(1, 16_000)


def decoded(data: bytes) -> NDArray[np.uint8]:
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    return np.asarray(image, np.uint8)


@given(count=st.integers(1, 700))
@settings(max_examples=12, deadline=None)
def test_tiles_stand_where_the_layout_says(count: int) -> None:
    strip = Filmstrip(most_tiles=50, tile_side=64)
    for number in range(count):
        strip.add(AnalysisFrame(MediaTime(45_000 * number, BASE), numbered(number % 256)))
    made = strip.finish()
    assert made is not None
    layout, sprite = made.layout, decoded(made.sprite)
    assert len(layout.pts) == min(count, 50) or 25 <= len(layout.pts) <= 50
    assert list(layout.pts) == sorted(set(layout.pts))
    assert layout.pts[0] == 0
    assert (layout.tile_width, layout.tile_height) == (64, 24)
    for place, pts in enumerate(layout.pts):
        top = place // layout.columns * layout.tile_height
        left = place % layout.columns * layout.tile_width
        tile = sprite[top : top + layout.tile_height, left : left + layout.tile_width]
        assert number_in(tile) == pts // 45_000 % 256
    assert max(layout.pts) >= 45_000 * (count - 1) * 3 // 4, "the strip reaches to the end"


def test_the_poster_is_not_black() -> None:
    strip = Filmstrip()
    for number in range(10):
        black = np.zeros((48, 128, 3), np.uint8)
        strip.add(AnalysisFrame(MediaTime(number, BASE), black if number < 3 else numbered(number)))
    made = strip.finish()
    assert made is not None
    assert number_in(decoded(made.poster)) == 3
    assert Filmstrip().finish() is None


def heard(peaks: Peaks, sound: NDArray[np.int16], start: int, cuts: list[int]) -> None:
    edges = sorted({0, len(sound), *(cut % len(sound) for cut in cuts)})
    for a, b in itertools.pairwise(edges):
        peaks.add(SoundBlock(MediaTime(start + a, RATE), sound[a:b]))


@given(
    seed=st.integers(0, 99),
    length=st.integers(100, 50_000),
    start=st.integers(-500, 10**6),
    cuts=st.lists(st.integers(0, 10**6), max_size=6),
)
@settings(max_examples=40, deadline=None)
def test_peaks_do_not_depend_on_how_the_sound_comes(
    seed: int, length: int, start: int, cuts: list[int]
) -> None:
    sound = np.random.default_rng(seed).integers(-32768, 32767, length).astype(np.int16)
    peaks = Peaks()
    heard(peaks, sound, start, cuts)
    made = peaks.finish()
    assert made is not None
    stretch = 16_000 // made.per_second
    padded = np.concatenate((sound, np.zeros(-length % stretch, np.int16))).reshape(-1, stretch)
    assert list(made.peaks) == [(int(row.min()) >> 8, int(row.max()) >> 8) for row in padded]
    assert made.start == MediaTime(start, RATE)
    assert all(-128 <= low <= high <= 127 for low, high in made.peaks)


def test_peaks_stay_bounded_and_gaps_are_silent() -> None:
    peaks = Peaks(most=1000)
    loud = np.full(16_000, 20_000, np.int16)
    for second in (*range(30), *range(60, 90)):
        peaks.add(SoundBlock(MediaTime(second * 16_000, RATE), loud))
    made = peaks.finish()
    assert made is not None
    assert len(made.peaks) <= 1000
    assert made.per_second == 5
    assert made.peaks[0] == (78, 78)
    assert made.peaks[45 * 5] == (0, 0)
    assert made.peaks[75 * 5] == (78, 78)
    assert Peaks().finish() is None

"""Cuts are found where they are; flashes, pans and noise are none."""

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from videtur.engines.media.events import ProxyFrame
from videtur.engines.media.shots import ShotFinder, Shots
from videtur.engines.media.timecode import MediaTime

BASE = Fraction(1, 15)


def scene(seed: int) -> NDArray[np.float32]:
    """A wide view of random blocks, wide enough to pan over; darker or brighter by its seed."""
    dice = np.random.default_rng(seed)
    blocks = (
        dice.integers(0, 160, (9, 60)).astype(np.float32) * (0.4 + 0.6 * dice.random()) + 90 * dice.random()
    )
    return np.kron(blocks, np.ones((10, 10), np.float32))


def frames_of(seed: int, count: int, pan: int = 0) -> list[NDArray[np.uint8]]:
    view = scene(seed)
    dice = np.random.default_rng(seed + 1000)
    shown: list[NDArray[np.uint8]] = []
    for at in range(count):
        left = at * pan % (view.shape[1] - 160)
        noisy = view[:, left : left + 160] + dice.normal(0, 4, (90, 160))
        shown.append(noisy.clip(0, 255).astype(np.uint8))
    return shown


def find(images: list[NDArray[np.uint8]], first: int = 0) -> Shots:
    finder = ShotFinder()
    for number, image in enumerate(images):
        finder.add(ProxyFrame(MediaTime(first + number, BASE), image))
    shots = finder.finish()
    assert shots is not None
    return shots


def starts(shots: Shots) -> list[int]:
    return [shot.start_pts for shot in shots.shots]


@given(lengths=st.lists(st.integers(8, 40), min_size=1, max_size=6), first=st.integers(-50, 500))
@settings(max_examples=20, deadline=None)
def test_hard_cuts(lengths: list[int], first: int) -> None:
    images = [image for seed, length in enumerate(lengths) for image in frames_of(7 * seed, length)]
    shots = find(images, first)
    assert starts(shots) == [first + sum(lengths[:at]) for at in range(len(lengths))]
    assert shots.shots[-1].end_pts == first + len(images)
    assert all(a.end_pts == b.start_pts for a, b in zip(shots.shots, shots.shots[1:], strict=False))


def test_a_flash_is_no_cut() -> None:
    for length in (1, 2):
        images = frames_of(1, 40)
        for at in range(20, 20 + length):
            images[at] = np.full((90, 160), 250, np.uint8)
        assert starts(find(images)) == [0]


def test_a_pan_is_no_cut() -> None:
    assert starts(find(frames_of(2, 60, pan=6))) == [0]


def test_back_from_black_is_a_cut() -> None:
    dark = [np.zeros((90, 160), np.uint8)] * 8
    fading = [(image * (1 - at / 8)).astype(np.uint8) for at, image in enumerate(frames_of(3, 8))]
    rising = [(image * (at / 8)).astype(np.uint8) for at, image in enumerate(frames_of(4, 8))]
    images = [*frames_of(3, 20), *fading, *dark, *rising, *frames_of(4, 20)]
    found = starts(find(images))
    assert len(found) == 2
    assert 28 <= found[1] <= 40


def test_little_or_nothing() -> None:
    assert ShotFinder().finish() is None
    one = find(frames_of(5, 1), first=100)
    assert [(shot.start_pts, shot.end_pts) for shot in one.shots] == [(100, 101)]
    finder = ShotFinder()
    finder.add(ProxyFrame(MediaTime(0, BASE), frames_of(5, 1)[0]))
    closed = finder.finish(MediaTime(2, Fraction(1)))
    assert closed is not None
    assert closed.as_json() == {"time_base": [1, 15], "shots": [{"start_pts": 0, "end_pts": 30}]}

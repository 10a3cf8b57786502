"""Linking and masking of sightings: what a film of moving things must come to."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from videtur.engines.redaction.detectors import Boxes, Detectors, Picture
from videtur.engines.redaction.linking import link
from videtur.engines.redaction.looking import LOOKED
from videtur.engines.redaction.plan import PictureFacts, Shot, Track
from videtur.engines.redaction.sightings import SEEN, Looked, Rows, Sightings, Source
from videtur.engines.redaction.tracks import tracks_of

WIDTH, HEIGHT, SIZE, STEP = 640, 360, 40, 40
"""Pixels, and milliseconds from picture to picture."""


class _Eyes:
    name, version, sha256 = "eyes", "1", "0" * 64

    def __call__(self, picture: Picture) -> Boxes:
        raise AssertionError("nothing is looked at here")


def _box(x: float, y: float, score: float = 0.9, size: float = SIZE) -> Rows:
    return np.array(
        [[x - size / 2, y - size / 2, x + size / 2, y + size / 2, score, Source.FACE]], np.float32
    )


def _film(pictures: list[list[Rows]], times: list[int] | None = None) -> Sightings:
    sightings = Sightings()
    for number, rows in enumerate(pictures):
        seen = np.concatenate([np.zeros((0, SEEN), np.float32), *rows])
        pts = number * STEP if times is None else times[number]
        sightings.add(Looked(number, pts, LOOKED, seen))
    return sightings


def _tracks(sightings: Sightings, cuts: tuple[int, ...] = ()) -> tuple[Track, ...]:
    times = list(sightings.times)
    edges = [times[0], *(times[cut] for cut in cuts), times[-1] + STEP]
    shots = [Shot(one, two) for one, two in pairwise(edges)]
    facts = PictureFacts(WIDTH, HEIGHT, Fraction(1, 1000), len(times), "0" * 64)
    return tracks_of(sightings, shots, facts, "heads", Detectors(_Eyes()))[0]


def _covers(track: Track, pts: int, x: float, y: float, size: float = SIZE) -> bool:
    box = track.box_at(pts)
    return box is not None and (
        box.left <= x - size / 2
        and box.right >= x + size / 2
        and box.top <= y - size / 2
        and box.bottom >= y + size / 2
    )


@given(
    speed=st.tuples(st.floats(-6, 6), st.floats(-3, 3)),
    missed=st.sets(st.integers(1, 38), max_size=12),
    dim=st.sets(st.integers(0, 39), max_size=10),
)
def test_a_thing_that_moves_is_one_track_and_is_covered_where_it_was_not_seen(
    speed: tuple[float, float], missed: set[int], dim: set[int]
) -> None:
    def place(number: int) -> tuple[float, float]:
        return 320 + speed[0] * (number - 20), 180 + speed[1] * (number - 20)

    pictures = [
        [] if number in missed else [_box(*place(number), 0.07 if number in dim else 0.9)]
        for number in range(40)
    ]
    (track,) = _tracks(_film(pictures))
    for number in range(40):
        assert _covers(track, number * STEP, *place(number)), number


@given(cut=st.integers(3, 27), gap=st.integers(0, 3))
def test_no_track_goes_over_a_cut(cut: int, gap: int) -> None:
    """Somebody stands on both sides of a cut in the very same place."""
    pictures = [[] if abs(number - cut) < gap else [_box(320, 180)] for number in range(31)]
    tracks = _tracks(_film(pictures), (cut,))
    assert tracks
    for track in tracks:
        assert track.end < cut * STEP or track.start >= cut * STEP
    for number in range(31):
        assert any(_covers(track, number * STEP, 320, 180) for track in tracks) or abs(number - cut) < gap


def test_a_gap_is_bridged_in_a_straight_line_by_time_and_not_by_number() -> None:
    """Pictures are unevenly spaced in the gap: the middle of the time is not the middle of the pictures."""
    times = [*range(0, 400, STEP), 410, 420, 430, 600, *range(640, 1000, STEP)]
    pictures = [[] if 400 <= pts < 640 else [_box(100 + pts / 5, 180)] for pts in times]
    (track,) = _tracks(_film(pictures, times))
    for pts in times:
        box = track.box_at(pts)
        assert box is not None
        assert (box.left + box.right) / 2 == pytest.approx(100 + pts / 5, abs=12)


def test_both_ends_are_lengthened_and_grow() -> None:
    pictures = [[_box(320, 180)] if 20 <= number < 40 else [] for number in range(60)]
    (track,) = _tracks(_film(pictures))
    assert track.start <= (20 - 8) * STEP
    assert track.end >= (39 + 8) * STEP
    seen, before, after = (track.box_at(number * STEP) for number in (30, 13, 46))
    assert seen is not None
    assert before is not None
    assert after is not None
    assert before.width > 1.15 * seen.width
    assert after.width > 1.15 * seen.width
    assert {"starts_suddenly", "ends_suddenly"} <= set(track.unsure)


def test_one_who_comes_in_at_the_edge_does_not_start_suddenly() -> None:
    pictures = [[] if number < 20 else [_box(20 + (number - 20) * 5, 180)] for number in range(60)]
    (track,) = _tracks(_film(pictures))
    assert "starts_suddenly" not in track.unsure


def test_the_mask_is_the_head_and_not_the_face_alone() -> None:
    (track,) = _tracks(_film([[_box(320, 180)]] * 20))
    box = track.box_at(10 * STEP)
    assert box is not None
    assert box.width >= 1.6 * SIZE
    assert box.height >= 1.6 * SIZE


def test_a_fast_one_gets_a_wider_mask() -> None:
    (slow,) = _tracks(_film([[_box(320, 180)]] * 20))
    (fast,) = _tracks(_film([[_box(100 + 20 * number, 180)] for number in range(20)]))
    one, two = slow.box_at(10 * STEP), fast.box_at(10 * STEP)
    assert one is not None
    assert two is not None
    assert two.width > one.width + SIZE / 2


@given(order=st.permutations(range(3)))
def test_three_people_are_three_tracks_whatever_the_order_of_boxes(order: list[int]) -> None:
    places = [(100, 100), (320, 180), (500, 250)]
    tracks = _tracks(_film([[_box(*places[at]) for at in order]] * 15))
    assert len(tracks) == 3
    assert [track.id for track in tracks] == ["head-1", "head-2", "head-3"]


def test_two_who_pass_one_another_are_both_covered_throughout() -> None:
    pictures = [[_box(100 + 10 * n, 150), _box(500 - 10 * n, 190)] for n in range(40)]
    tracks = _tracks(_film(pictures))
    for n in range(40):
        for x, y in ((100 + 10 * n, 150), (500 - 10 * n, 190)):
            assert any(_covers(track, n * STEP, x, y) for track in tracks), n


def test_what_is_dim_is_masked_where_it_is_seen_nearly_always_and_flagged_weak() -> None:
    (track,) = _tracks(_film([[_box(320, 180, 0.17)]] * 20))
    assert "weak" in track.unsure


def test_what_is_dim_and_seldom_is_not_masked_but_told() -> None:
    pictures = [[_box(320, 180, 0.08)] if number % 3 == 0 else [] for number in range(30)]
    sightings = _film(pictures)
    facts = PictureFacts(WIDTH, HEIGHT, Fraction(1, 1000), 30, "0" * 64)
    tracks, faint = tracks_of(sightings, [Shot(0, 1200)], facts, "heads", Detectors(_Eyes()))
    assert tracks == ()
    assert faint == [(0, 27 * STEP)]


def test_key_frames_are_few_where_nothing_happens_and_lose_nothing_where_something_does() -> None:
    (still,) = _tracks(_film([[_box(320, 180)]] * 200))
    assert len(still.key_frames) <= 4
    pictures = [[_box(320 + 90 * np.sin(number / 6), 180)] for number in range(100)]
    (waving,) = _tracks(_film(pictures))
    for number in range(100):
        assert _covers(waving, number * STEP, 320 + 90 * np.sin(number / 6), 180)


@given(
    st.lists(
        st.lists(st.tuples(st.floats(0, 600), st.floats(0, 300), st.floats(0.05, 1)), max_size=6), max_size=12
    )
)
def test_each_sighting_is_in_one_chain_at_most_and_no_chain_has_two_of_one_picture(
    film: list[list[tuple[float, float, float]]],
) -> None:
    sightings = _film([[_box(*each) for each in rows] for rows in [*film, []]])
    numbers, rows = sightings.between(0, len(film))
    chains = link(numbers, numbers.astype(np.float64) * 0.04, rows, 0.5)
    for chain in chains:
        assert all(one < two for one, two in pairwise(chain.numbers))
    assert sum(len(chain.numbers) for chain in chains) <= len(rows)
    clear = {float(row[4]) for row in rows if row[4] >= 0.2}
    kept = {float(row[4]) for chain in chains for row in chain.rows}
    lost = clear - kept
    assert len(lost) <= len(rows) - sum(len(chain.numbers) for chain in chains)

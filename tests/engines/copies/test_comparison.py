"""The comparison on drawn films, where the truth is known to the frame."""

from fractions import Fraction

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engines.copies.films import drawn, fingerprint, melody, sound_fingerprint
from tests.engines.copies.galleries import scene
from videtur.engines.copies.alignment import Hit, lines
from videtur.engines.copies.comparison import compare
from videtur.engines.copies.decision import MATCH_THRESHOLD, SharedFootage
from videtur.engines.copies.fingerprint import Fingerprints
from videtur.engines.copies.index import CopyIndex
from videtur.engines.copies.motion import lag_likeness

Film = list[tuple[float, np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]]


def by_picture(query: Film, reference: Film) -> SharedFootage | None:
    found = compare(Fingerprints(fingerprint(query)), Fingerprints(fingerprint(reference)))
    return found[0] if found else None


def seconds(shared: SharedFootage) -> list[tuple[float, float, float, float]]:
    return [
        (
            float(segment.query.start.instant),
            float(segment.query.end.instant),
            float(segment.reference.start.instant),
            float(segment.reference.end.instant),
        )
        for segment in shared.segments
    ]


@pytest.mark.parametrize(("start", "length"), [(0.0, 4.0), (3.7, 5.0), (7.2, 2.8)])
def test_a_clip_is_found_in_the_longer_film_at_its_place(start: float, length: float) -> None:
    whole = drawn(7, 12)
    clip = [(time - start, picture) for time, picture in whole if start <= time < start + length]
    shared = by_picture(clip, whole)
    assert shared is not None
    assert shared.accepted
    assert shared.score >= MATCH_THRESHOLD
    (found,) = seconds(shared)
    assert found[0] == pytest.approx(0, abs=0.6)
    assert found[1] == pytest.approx(length, abs=0.6)
    assert found[2] - found[0] == pytest.approx(start, abs=0.05)
    assert found[3] - found[1] == pytest.approx(start, abs=0.05)
    assert all(type(segment.query.start.pts) is int for segment in shared.segments)
    assert shared.reasons


def test_another_take_of_the_same_scene_is_not_the_same_footage() -> None:
    for take in range(4):
        shared = by_picture(drawn(take, 5), drawn(take + 50, 5))
        assert shared is None or not shared.accepted


def test_another_part_of_the_same_recording_is_not_the_same_footage() -> None:
    whole = drawn(9, 20)
    shared = by_picture(
        [entry for entry in whole if entry[0] < 8], [entry for entry in whole if entry[0] >= 9]
    )
    assert shared is None or not shared.accepted


def test_a_still_scene_is_never_shown_to_be_the_same_footage() -> None:
    still = [(index / 15, drawn(1, 0.1)[0][1]) for index in range(90)]
    shared = by_picture(still, still)
    assert shared is not None
    assert not shared.accepted
    assert shared.score < MATCH_THRESHOLD


def test_mirror_and_bars_and_crop_are_seen_and_named() -> None:
    whole = drawn(11, 6)
    turned = [(time, np.ascontiguousarray(picture[:, ::-1])) for time, picture in whole]
    shared = by_picture(turned, whole)
    assert shared is not None
    assert shared.accepted
    assert "mirror" in shared.transform
    barred = [(time, np.pad(picture, ((40, 40), (0, 0)))) for time, picture in whole]
    shared = by_picture(barred, whole)
    assert shared is not None
    assert shared.accepted
    assert "padding" in shared.transform
    back = by_picture(whole, barred)
    assert back is not None
    assert "crop" in back.transform


def test_a_change_of_speed_is_measured() -> None:
    whole = drawn(12, 9)
    quick = [(time / 1.1, picture) for time, picture in whole]
    shared = by_picture(quick, whole)
    assert shared is not None
    assert shared.accepted
    assert float(shared.speed) == pytest.approx(1.1, abs=0.015)
    assert "speed" in shared.transform


@pytest.mark.parametrize("rate", [0.5, 1.75])
def test_slow_and_fast_motion_are_found_where_the_scene_is_the_same(rate: float) -> None:
    whole = drawn(12, 9, scene=7)
    ground = scene(5)
    textured = [(time, np.minimum(picture, ground)) for time, picture in whole]
    played = [(time / rate, picture) for time, picture in textured]
    shared = by_picture(played, textured)
    assert shared is not None
    assert shared.accepted, shared.reasons
    assert float(shared.speed) == pytest.approx(rate, rel=0.03)
    other = [(time / rate, np.minimum(picture, ground)) for time, picture in drawn(13, 9, scene=7)]
    apart = by_picture(other, textured)
    assert apart is not None
    assert not apart.accepted


def test_a_bright_sticker_that_moves_hides_no_dark_scene() -> None:
    whole = [(time, (picture // 6).astype(np.uint8)) for time, picture in drawn(14, 6)]
    stuck: Film = []
    for time, picture in whole:
        laid = picture.copy()
        for way in (0, 1):
            centre = int(24 + 272 * way), int(90 + 60 * np.cos(4 * time + way))
            cv2.circle(laid, centre, 20, 250, -1)
        stuck.append((time, laid))
    shared = by_picture(stuck, whole)
    assert shared is not None
    assert shared.accepted, shared.reasons
    assert "overlay" in shared.transform
    back = by_picture(whole, stuck)
    assert back is not None
    assert "uncovered" in back.transform


@settings(max_examples=4, deadline=None)
@given(take=st.integers(0, 1000), start=st.floats(0, 4))
def test_the_answer_is_the_same_both_ways_round(take: int, start: float) -> None:
    whole = drawn(take, 9)
    clip = [(time - start, picture) for time, picture in whole if start <= time < start + 4]
    there, back = by_picture(clip, whole), by_picture(whole, clip)
    assert there is not None
    assert back is not None
    assert there.outcome == back.outcome
    assert there.score == back.score
    assert [(s.query, s.reference) for s in there.segments] == [(s.reference, s.query) for s in back.segments]


@settings(max_examples=30, deadline=None)
@given(
    offset=st.floats(-50, 50),
    speed=st.sampled_from([1.0, 1.1, 0.9]),
    noise=st.integers(0, 12),
    seed=st.integers(0, 10_000),
)
def test_hits_on_a_line_are_gathered_among_strays(offset: float, speed: float, noise: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    hits = [Hit(t, speed * t + offset + draw.normal(0, 0.01), speed, 0.9) for t in np.arange(0, 12, 1.5)]
    hits += [Hit(float(draw.uniform(0, 12)), float(draw.uniform(-60, 60)), speed, 0.5) for _ in range(noise)]
    draw.shuffle(hits)
    line = lines(hits)[0]
    assert line.speed == pytest.approx(speed, abs=0.02)
    assert line.speed * 6 + line.offset == pytest.approx(speed * 6 + offset, abs=0.1)


@settings(max_examples=20, deadline=None)
@given(place=st.integers(0, 60), seed=st.integers(0, 1000))
def test_a_chunk_is_most_like_itself_where_it_lies(place: int, seed: int) -> None:
    film = np.random.default_rng(seed).normal(0, 5, (100, 30)).astype(np.float32)
    likeness = lag_likeness(film[place : place + 40], film)
    assert len(likeness) == 61
    assert int(likeness.argmax()) == place
    assert likeness[place] == pytest.approx(1, abs=0.01)


def test_sound_is_found_by_itself_and_says_no_more_than_that() -> None:
    whole = melody(3, 20)
    part = whole[16000 * 6 : 16000 * 12]
    (shared,) = compare(
        Fingerprints(sound=sound_fingerprint(part)), Fingerprints(sound=sound_fingerprint(whole))
    )
    assert shared.outcome == "same_sound"
    (found,) = seconds(shared)
    assert found[2] - found[0] == pytest.approx(6, abs=0.06)
    assert found[1] - found[0] > 4.5
    other = compare(
        Fingerprints(sound=sound_fingerprint(melody(4, 12))), Fingerprints(sound=sound_fingerprint(whole))
    )
    assert not any(each.accepted for each in other)


def test_sound_played_faster_is_found() -> None:
    whole = melody(6, 16)
    wanted = np.arange(int(len(whole) / 1.1)) * 1.1
    quick = np.interp(wanted, np.arange(len(whole)), whole.astype(float)).astype(np.int16)
    (shared,) = compare(
        Fingerprints(sound=sound_fingerprint(quick)), Fingerprints(sound=sound_fingerprint(whole))
    )
    assert shared.accepted
    assert shared.speed == Fraction(11, 10)


def test_an_index_finds_what_a_comparison_of_all_would() -> None:
    films = {f"film {take}": drawn(take, 6, scene=take) for take in range(8)}
    index = CopyIndex()
    for name, film in films.items():
        index.add(name, Fingerprints(fingerprint(film)))
    index.add("film 1", Fingerprints(fingerprint(films["film 2"])))  # a name already there is passed over
    assert len(index) == 8
    cropped = [(time, np.ascontiguousarray(picture[20:160, 40:290])) for time, picture in films["film 5"]]
    resized = [(time, cv2.resize(picture, (320, 180)).astype(np.uint8)) for time, picture in cropped]
    found = index.search(Fingerprints(fingerprint(resized)))
    assert [shared.name for shared in found if shared.accepted] == ["film 5"]
    assert not any(
        shared.name == "film 5"
        for shared in index.search(Fingerprints(fingerprint(resized)), leave_out={"film 5"})
    )
    assert CopyIndex().search(Fingerprints(fingerprint(resized))) == ()

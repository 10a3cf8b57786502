"""A plan survives its JSON, and says at each presentation time what is covered."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videtur.engines.redaction.plan import (
    Box,
    KeyFrame,
    PictureFacts,
    RedactionPlan,
    Shot,
    SoundSegment,
    Track,
    digest_of_times,
)
from videtur.engines.redaction.plan_form import plan_as_json, plan_from_json
from videtur.errors import Refused

_place = st.floats(-2000, 4000, allow_nan=False)
boxes = st.tuples(_place, _place, _place, _place).map(
    lambda c: Box(min(c[0], c[2]), min(c[1], c[3]), max(c[0], c[2]), max(c[1], c[3]))
)
key_frames = st.builds(
    KeyFrame, st.integers(0, 10**9), boxes, st.none() | st.floats(0, 1, allow_nan=False), st.booleans()
)
tracks = st.builds(
    Track,
    id=st.text(min_size=1, max_size=8),
    kind=st.sampled_from(["face", "head", "person", "text"]),
    key_frames=st.lists(key_frames, min_size=1, unique_by=lambda each: each.pts).map(
        lambda all_: tuple(sorted(all_, key=lambda each: each.pts))
    ),
    origin=st.just("centerface@abc"),
    unsure=st.sampled_from([(), ("weak",), ("gap", "alone")]),
    decision=st.sampled_from(["mask", "show"]),
    reason=st.text(max_size=8),
    decided_by=st.lists(st.text(max_size=4), max_size=2).map(tuple),
)
plans = st.builds(
    RedactionPlan,
    input_sha256=st.just("0" * 64),
    picture=st.builds(
        PictureFacts,
        st.integers(1, 8000),
        st.integers(1, 8000),
        st.fractions(min_value=Fraction(1, 90000), max_value=1),
        st.integers(1, 10**6),
        st.lists(st.integers(0, 10**12)).map(digest_of_times),
    ),
    tracks=st.lists(tracks, max_size=3).map(tuple),
    shots=st.lists(st.builds(Shot, st.integers(), st.integers(), st.none() | st.text()), max_size=2).map(
        tuple
    ),
    fill=st.sampled_from(["solid", "mosaic", "blur"]),
    voice=st.sampled_from(["mute", "disguise", "keep"]),
    sound=st.lists(
        st.builds(SoundSegment, st.integers(), st.integers(), st.just("mute"), st.text()), max_size=2
    ).map(tuple),
    detectors=st.lists(st.text(), max_size=2).map(tuple),
)


@given(plans)
def test_a_plan_survives_its_json(plan: RedactionPlan) -> None:
    assert plan_from_json(json.loads(json.dumps(plan_as_json(plan)))) == plan


def _track(*times: int, outside: int | None = None) -> Track:
    return Track(
        "a", "face", tuple(KeyFrame(t, Box(t, 0, t + 10, 10), outside=t == outside) for t in times), "x"
    )


def test_a_mask_moves_in_a_straight_line_and_covers_both_ends() -> None:
    track = _track(0, 100)
    assert track.box_at(0) == Box(0, 0, 10, 10)
    assert track.box_at(25) == Box(25, 0, 35, 10)
    assert track.box_at(100) == Box(100, 0, 110, 10)
    assert track.box_at(-1) is None
    assert track.box_at(101) is None


def test_before_it_leaves_the_picture_a_mask_stays_where_it_was() -> None:
    track = _track(0, 100, 200, outside=100)
    assert track.box_at(99) == Box(0, 0, 10, 10)
    assert track.box_at(100) is None
    assert track.box_at(150) is None
    assert track.box_at(200) == Box(200, 0, 210, 10)


def test_what_is_shown_by_decision_is_not_masked(example: RedactionPlan) -> None:
    assert example.masked_at(50) == (Box(50, 0, 60, 10),)


def test_what_one_person_would_show_stays_masked(example: RedactionPlan) -> None:
    alone = replace(example.tracks[1], decided_by=("one", "one"))
    assert len(replace(example, tracks=(alone,)).masked_at(0)) == 1
    without = replace(example.tracks[1], reason=" ")
    assert len(replace(example, tracks=(without,)).masked_at(0)) == 1
    assert len(replace(example, tracks=(example.tracks[1],)).masked_at(0)) == 0


@pytest.fixture
def example() -> RedactionPlan:
    shown = Track("b", "face", (KeyFrame(0, Box(0, 0, 1, 1)),), "x", (), "show", "a statue", ("one", "two"))
    facts = PictureFacts(100, 100, Fraction(1, 1000), 2, digest_of_times([0, 100]))
    return RedactionPlan("0" * 64, facts, (_track(0, 100), shown), (Shot(0, 101),))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"version": 2}, "version"),
        ({"input_sha256": "x"}, "input_sha256"),
        ({"tracks": [{"id": "a"}]}, "tracks.0"),
        ({"surprise": 1}, "surprise"),
        ({"fill": "none"}, "fill"),
    ],
)
def test_a_plan_with_a_fault_is_refused_with_its_place(
    example: RedactionPlan, change: dict[str, object], told: str
) -> None:
    with pytest.raises(Refused, match="cannot be used") as refused:
        plan_from_json({**plan_as_json(example), **change})
    assert told in refused.value.why


def test_times_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="order of time"):
        _track(5, 5)


def test_one_picture_moved_gives_another_digest() -> None:
    assert digest_of_times([0, 40, 80]) != digest_of_times([0, 41, 80])

"""What reviewers do with a plan: nothing gets shown by accident, and everything can be undone."""

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
    Track,
    digest_of_times,
)
from videtur.engines.redaction.review import (
    AcceptDamage,
    Add,
    Confirm,
    Deed,
    Done,
    Mask,
    Merge,
    NotPossible,
    Place,
    Show,
    SignShot,
    Sound,
    Split,
    Style,
    TakeBackSignature,
    carry_out,
    decided_on_sound,
    reviewed,
    unresolved,
)
from videtur.engines.redaction.review_form import deed_as_json, deed_from_json
from videtur.errors import Refused


def _frames(*times: int) -> tuple[KeyFrame, ...]:
    return tuple(KeyFrame(each, Box(each, 0, each + 10, 10)) for each in times)


def _plan(*tracks: Track) -> RedactionPlan:
    facts = PictureFacts(100, 100, Fraction(1, 1000), 3, digest_of_times([0, 100, 200]))
    return RedactionPlan("0" * 64, facts, tracks, (Shot(0, 100), Shot(100, 300)))


FACE = Track("a", "face", _frames(0, 50), "x", unsure=("weak",))
LATER = Track("b", "face", _frames(120, 200), "x")


def test_an_unsure_track_waits_until_somebody_confirms_it() -> None:
    plan = _plan(FACE, LATER)
    assert [each.id for each in unresolved(plan)] == ["a"]
    assert unresolved(carry_out(plan, Confirm("a"), "ann")) == ()


def test_to_show_takes_a_reason_and_two_people() -> None:
    plan = _plan(LATER)
    with pytest.raises(NotPossible, match="reason"):
        carry_out(plan, Show("b", " "), "ann")
    once = carry_out(plan, Show("b", "a statue"), "ann")
    assert once.masked_at(120)
    assert [each.id for each in unresolved(once)] == ["b"]
    with pytest.raises(NotPossible, match="second person"):
        carry_out(once, Show("b", "a statue indeed"), "ann")
    twice = carry_out(once, Show("b", "I see it too"), "ben")
    assert twice.masked_at(120) == ()
    assert twice.tracks[0].reason == "a statue"
    assert unresolved(twice) == ()
    assert carry_out(twice, Mask("b"), "eve").masked_at(120)


def test_a_first_word_for_showing_is_gone_when_somebody_masks() -> None:
    plan = carry_out(carry_out(_plan(LATER), Show("b", "a statue"), "ann"), Confirm("b"), "ben")
    assert not carry_out(plan, Show("b", "a statue"), "ann").tracks[0].shown


def test_a_shot_is_signed_when_all_in_it_is_decided() -> None:
    plan = _plan(FACE, LATER)
    with pytest.raises(NotPossible, match="a"):
        carry_out(plan, SignShot(0), "ann")
    assert carry_out(plan, SignShot(100), "ann").shots[1].signed_by == "ann"
    signed = carry_out(carry_out(plan, Confirm("a"), "ann"), SignShot(0), "ann")
    assert signed.shots[0].signed_by == "ann"
    assert carry_out(signed, TakeBackSignature(0), "ben").shots[0].signed_by is None
    with pytest.raises(NotPossible, match="begins"):
        carry_out(plan, SignShot(7), "ann")


@pytest.mark.parametrize(
    "deeds", [[Place("b", KeyFrame(150, Box(0, 0, 1, 1)))], [Show("b", "r"), Show("b", "r")]]
)
def test_what_may_expose_somebody_takes_back_the_signature_of_that_shot_alone(deeds: list[Deed]) -> None:
    plan = _plan(LATER)
    for start in (0, 100):
        plan = carry_out(plan, SignShot(start), "ann")
    for deed, who in zip(deeds, ("ben", "eve"), strict=False):
        plan = carry_out(plan, deed, who)
    assert [shot.signed_by for shot in plan.shots] == ["ann", None]


def test_a_drawn_mask_bears_the_name_of_who_drew_it() -> None:
    plan = carry_out(_plan(), Add("n", "face", _frames(10, 20)), "ann")
    assert plan.masked_at(15) == (Box(15, 0, 25, 10),)
    assert plan.tracks[0].origin == "person:ann"
    with pytest.raises(NotPossible, match="already"):
        carry_out(plan, Add("n", "face", _frames(10)), "ann")


def test_a_key_frame_beyond_the_end_lengthens_the_mask() -> None:
    plan = carry_out(_plan(FACE), Place("a", KeyFrame(90, Box(0, 0, 5, 5))), "ann")
    assert plan.tracks[0].end == 90
    assert carry_out(plan, Place("a", KeyFrame(90, Box(1, 1, 5, 5))), "ann").tracks[0].box_at(90) == Box(
        1, 1, 5, 5
    )


def test_merged_tracks_are_masked_in_between() -> None:
    plan = carry_out(_plan(LATER, FACE), Merge("b", "a"), "ann")
    (both,) = plan.tracks
    assert (both.id, both.start, both.end) == ("b", 0, 200)
    assert both.box_at(85) is not None
    assert both.decided_by == ("ann",)
    with pytest.raises(NotPossible, match="same time"):
        carry_out(_plan(FACE, replace(FACE, id="c")), Merge("a", "c"), "ann")
    with pytest.raises(NotPossible, match="itself"):
        carry_out(_plan(FACE), Merge("a", "a"), "ann")


@given(st.integers(1, 50))
def test_a_split_leaves_every_moment_masked_as_it_was(at: int) -> None:
    before = _plan(replace(FACE, key_frames=_frames(0, 20, 50)))
    after = carry_out(before, Split("a", at), "ann")
    assert [each.id for each in after.tracks] == ["a", f"a/{at}"]
    for pts in range(51):
        (one,), (two,) = before.masked_at(pts), after.masked_at(pts)
        assert one.corners == pytest.approx(two.corners)


def test_a_track_is_not_split_at_its_ends() -> None:
    for at in (0, 51, -3):
        with pytest.raises(NotPossible):
            carry_out(_plan(FACE), Split("a", at), "ann")


def test_a_voice_is_kept_for_a_reason() -> None:
    with pytest.raises(NotPossible, match="reason"):
        carry_out(_plan(), Sound(0, 10, "keep", ""), "ann")
    with pytest.raises(NotPossible, match="ends before"):
        carry_out(_plan(), Sound(10, 10, "mute", ""), "ann")
    assert carry_out(_plan(), Sound(0, 10, "disguise", ""), "ann").sound[0].voice == "disguise"
    assert carry_out(_plan(), Style("mosaic", "disguise"), "ann").fill == "mosaic"


def test_two_people_stand_by_a_voice_when_the_second_repeats_what_the_first_decided() -> None:
    keep = Style("solid", "disguise")
    deeds = [Done(1, "ann", keep), Done(2, "ben", keep)]
    assert decided_on_sound(_plan(), deeds) == ("ann", "ben")
    changed = [*deeds, Done(3, "eve", Sound(0, 10, "keep", "a public speech"))]
    assert decided_on_sound(_plan(), changed) == ("eve",)
    assert decided_on_sound(_plan(), changed, undone={3: 4}) == ("ann", "ben")
    assert decided_on_sound(_plan(), [Done(1, "ann", keep), Done(2, "ann", keep)]) == ("ann",)


def test_what_is_undone_has_not_been_and_what_stood_on_it_is_passed_over() -> None:
    deeds = [
        Done(1, "ann", Add("n", "face", _frames(10, 20))),
        Done(2, "ann", Place("n", KeyFrame(30, Box(0, 0, 1, 1)))),
        Done(3, "ann", SignShot(0)),
    ]
    assert reviewed(_plan(), deeds).tracks[0].end == 30
    without = reviewed(_plan(), deeds, undone={1: 4})
    assert without.tracks == ()
    assert without.shots[0].signed_by is None


def test_undoing_a_mask_takes_back_the_signature_that_was_given_for_it() -> None:
    deeds = [
        Done(1, "ann", Add("n", "face", _frames(10, 20))),
        Done(2, "ann", SignShot(0)),
        Done(3, "ann", SignShot(100)),
    ]
    assert [shot.signed_by for shot in reviewed(_plan(), deeds).shots] == ["ann", "ann"]
    without = reviewed(_plan(), deeds, undone={1: 4})
    assert [shot.signed_by for shot in without.shots] == [None, "ann"]
    again = [*deeds, Done(5, "ben", SignShot(0))]
    assert [shot.signed_by for shot in reviewed(_plan(), again, undone={1: 4}).shots] == ["ben", "ann"]
    assert [shot.signed_by for shot in reviewed(_plan(), again, undone={1: 6}).shots] == [None, "ann"]


def test_undoing_what_masked_again_takes_back_the_signature() -> None:
    deeds = [
        Done(1, "ann", Show("b", "a statue")),
        Done(2, "ben", Show("b", "a statue")),
        Done(3, "eve", Mask("b")),
        Done(4, "eve", SignShot(100)),
    ]
    assert reviewed(_plan(LATER), deeds).shots[1].signed_by == "eve"
    back = reviewed(_plan(LATER), deeds, undone={3: 5})
    assert back.tracks[0].shown
    assert back.shots[1].signed_by is None


_name = st.text("abc/1", min_size=1, max_size=4)
_times = st.integers(-(10**6), 10**9)


def _key_frame(pts: int, left: int) -> KeyFrame:
    return KeyFrame(pts, Box(left, 0, left + 1, 1))


_key = st.builds(_key_frame, _times, st.integers(0, 99))
deeds_of_all_kinds = st.one_of(
    st.builds(Confirm, _name),
    st.builds(Mask, _name),
    st.just(AcceptDamage()),
    st.builds(Show, _name, st.text(max_size=9)),
    st.builds(Place, _name, _key),
    st.builds(Merge, _name, _name),
    st.builds(Split, _name, _times),
    st.builds(SignShot, _times),
    st.builds(TakeBackSignature, _times),
    st.builds(Sound, _times, _times, st.sampled_from(["mute", "disguise", "keep"]), st.text(max_size=9)),
    st.builds(Style, st.sampled_from(["solid", "mosaic", "blur"]), st.sampled_from(["mute", "keep"])),
    st.builds(
        Add,
        _name,
        st.sampled_from(["face", "text"]),
        st.lists(_key, min_size=1, max_size=4, unique_by=lambda each: each.pts).map(
            lambda found: tuple(sorted(found, key=lambda each: each.pts))
        ),
    ),
)


@given(deeds_of_all_kinds)
def test_a_deed_survives_its_json(deed: Deed) -> None:
    assert deed_from_json(json.loads(json.dumps(deed_as_json(deed)))) == deed


@given(st.lists(st.tuples(deeds_of_all_kinds, st.sampled_from(["ann", "ben"])), max_size=12))
def test_one_person_alone_never_uncovers_anything(deeds: list[tuple[Deed, str]]) -> None:
    """Whatever one reviewer does, what the machine found stays covered, but where the mask was moved."""
    plan = _plan(FACE, LATER)
    done = [
        Done(number, "ann", deed) for number, (deed, _) in enumerate(deeds) if not isinstance(deed, Place)
    ]
    after = reviewed(plan, done)
    for pts in (0, 25, 50, 120, 160, 200):
        for box in plan.masked_at(pts):
            assert any(box.corners == pytest.approx(other.corners) for other in after.masked_at(pts))


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"deed": "erase", "track": "a"},
        {"deed": "show", "track": "a"},
        {"deed": "confirm", "track": ""},
        {"deed": "add", "track": "a", "kind": "face", "key_frames": []},
        {"deed": "place", "track": "a", "key_frame": {"pts": 0, "box": [9, 0, 1, 1]}},
        {"deed": "place", "track": "a", "key_frame": {"pts": 0, "box": [0, 0, float("nan"), 1]}},
        [],
        None,
    ],
)
def test_a_deed_that_is_none_is_refused(value: object) -> None:
    with pytest.raises(Refused):
        deed_from_json(value)

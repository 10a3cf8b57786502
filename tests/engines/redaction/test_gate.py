"""Whatever is unsure, unreviewed or broken stands in the way of release; and a plan in order passes."""

from dataclasses import replace
from fractions import Fraction

import pytest

from videtur.engines.redaction.checking import Checked
from videtur.engines.redaction.faults import Fault
from videtur.engines.redaction.gate import CHECKS_NEEDED, ReleaseContext, blocks
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

FACTS = PictureFacts(640, 360, Fraction(1, 1000), 3, digest_of_times([0, 40, 80]))
FRAMES = (KeyFrame(0, Box(0, 0, 9, 9), 0.9), KeyFrame(80, Box(0, 0, 9, 9), 0.9))
TRACK = Track("a", "head", FRAMES, "test@0", unsure=("gap",), decided_by=("one",))
SHOWN = replace(TRACK, id="b", decision="show", reason="a statue", decided_by=("one", "two"))
PLAN = RedactionPlan(
    "a" * 64, FACTS, (TRACK, SHOWN), (Shot(0, 40, "one"), Shot(40, 120, "one")), detectors=("test 1 00",)
)
CHECKED = Checked((), tuple(sorted(CHECKS_NEEDED)), 3, 3, 0, 0.1, ("test 1 00",))
CONTEXT = ReleaseContext("a" * 64, FACTS, rendered=True, checked=CHECKED)


def codes(plan: RedactionPlan = PLAN, context: ReleaseContext = CONTEXT) -> set[str]:
    return {each.code for each in blocks(plan, context)}


def test_a_plan_in_order_passes() -> None:
    assert blocks(PLAN, CONTEXT) == ()
    assert blocks(PLAN, replace(CONTEXT, unsigned_shots="show")) == ()


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (replace(PLAN, input_sha256="b" * 64), "other_file"),
        (replace(PLAN, picture=replace(FACTS, frames=4)), "other_times"),
        (replace(PLAN, detectors=()), "no_detector"),
        (replace(PLAN, tracks=(replace(TRACK, decided_by=()),)), "unresolved"),
        (replace(PLAN, tracks=(replace(SHOWN, reason=" "),)), "no_reason"),
        (replace(PLAN, tracks=(replace(SHOWN, decided_by=("one", "one")),)), "one_person"),
        (replace(PLAN, shots=(Shot(0, 40), Shot(40, 120))), "unsigned_shot"),
        (replace(PLAN, shots=()), "shots_missing"),
        (replace(PLAN, fill="mosaic"), "weak_fill"),
        (replace(PLAN, fill="blur"), "weak_fill"),
        (replace(PLAN, voice="keep"), "voice"),
        (replace(PLAN, voice="disguise"), "voice"),
        (replace(PLAN, sound=(SoundSegment(0, 9, "keep", "a song"),)), "voice"),
        (replace(PLAN, sound=(SoundSegment(0, 9, "keep"),)), "voice_reason"),
    ],
)
def test_what_stands_in_the_way(plan: RedactionPlan, code: str) -> None:
    assert code in codes(plan)


def test_unsigned_shots_are_covered_or_stand_in_the_way() -> None:
    half = replace(PLAN, shots=(Shot(0, 40, "one"), Shot(40, 120)))
    assert codes(half) == set()
    assert codes(half, replace(CONTEXT, unsigned_shots="show")) == {"unsigned_shot"}


@pytest.mark.parametrize(
    ("context", "code"),
    [
        (replace(CONTEXT, checked=None), "unchecked"),
        (replace(CONTEXT, checked=replace(CHECKED, faults=(Fault("mask", "track a", 40),))), "check_failed"),
        (replace(CONTEXT, checked=replace(CHECKED, done=("mask",))), "check_incomplete"),
        (replace(CONTEXT, checked=replace(CHECKED, detectors=())), "check_incomplete"),
        (replace(CONTEXT, checked=replace(CHECKED, unverified=1)), "check_incomplete"),
        (replace(CONTEXT, damage=("a packet could not be decoded",)), "damage"),
    ],
)
def test_the_copy_and_the_file(context: ReleaseContext, code: str) -> None:
    assert codes(context=context) == {code}


def test_decisions_open_the_gate() -> None:
    kept = replace(PLAN, voice="keep")
    assert codes(kept, replace(CONTEXT, voice_decided_by=("one", "two"))) == set()
    assert codes(kept, replace(CONTEXT, voice_decided_by=("one",))) == {"voice"}
    looked = replace(CONTEXT, damage=("x",), damage_accepted_by="one")
    assert codes(context=looked) == set()

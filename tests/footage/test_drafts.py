"""The grammar of observations: what is sound passes, what is not is named, all of it at once."""

from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videtur.engines.media.timecode import MediaTime
from videtur.footage import vocabulary
from videtur.footage.drafts import Count, Injury, ObservationDraft, ObservationRefused

BASE = Fraction(1, 25)
DRAFT = ObservationDraft(
    start=MediaTime(10, BASE),
    end=MediaTime(60, BASE),
    modality="visual",
    role="apparent_captive",
    text="What appear to be two persons lying on the ground",
    states=("lying",),
)


def fields(draft: ObservationDraft) -> set[str]:
    return {problem.field for problem in draft.problems()}


def test_a_sound_draft_has_no_problems() -> None:
    full = replace(
        DRAFT,
        act="firing_at_person",
        target="apparent_captive",
        injury=Injury("knee", "", "seen_to_occur"),
        count=Count(2, None, "simultaneously_visible"),
        hedge="H0_alleged",
        language="uk",
    )
    assert fields(DRAFT) == set()
    assert fields(full) == set()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"end": MediaTime(10, BASE)}, "end"),
        ({"end": MediaTime(9, BASE)}, "end"),
        ({"end": MediaTime(600, Fraction(1, 50))}, "end"),
        ({"start": MediaTime(-(2**63), BASE)}, "start"),
        ({"modality": ""}, "modality"),
        ({"modality": "seen"}, "modality"),
        ({"role": "prisoner"}, "role"),
        ({"states": ("dead",)}, "states"),
        ({"states": ("lying", "lying")}, "states"),
        ({"act": "execution"}, "act"),
        ({"target": "apparent_captive"}, "act"),
        ({"act": "discharge_heard_off_camera", "modality": "audible", "target": "unclear"}, "target"),
        ({"act": "discharge_heard_off_camera"}, "modality"),
        ({"injury": Injury("knee", "wound_visible", "")}, "injury.timing"),
        ({"injury": Injury("", "", "unknown")}, "injury"),
        ({"injury": Injury("shin", "wound_visible", "unknown")}, "injury.region"),
        ({"injury": Injury("knee", "gunshot", "unknown")}, "injury.sign"),
        ({"injury": Injury("knee", "", "unknown"), "modality": "audible"}, "injury"),
        ({"count": Count(3, 2, "estimated")}, "count.max"),
        ({"count": Count(-1, 2, "estimated")}, "count.min"),
        ({"count": Count(None, None, "estimated")}, "count.min"),
        ({"count": Count(1, 2, "")}, "count.basis"),
        ({"hedge": "H2_consistent"}, "hedge"),
        ({"hedge": "H9"}, "hedge"),
        ({"language": "English"}, "language"),
        ({"text": "   "}, "text"),
        ({"text": "x" * 5000}, "text"),
        ({"text": "nul \x00"}, "text"),
        ({"text": "This proves an execution"}, "text"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, Any], field: str) -> None:
    assert fields(replace(DRAFT, **change)) == {field}


def test_all_problems_are_told_at_once() -> None:
    broken = replace(DRAFT, modality="", role="", text="", count=Count(2, 1, ""))
    assert fields(broken) == {"modality", "role", "text", "count.max", "count.basis"}
    with pytest.raises(ObservationRefused) as refused:
        raise ObservationRefused(broken.problems())
    assert len(refused.value.problems) == 5
    assert "count.max" in refused.value.explain()


def as_json(draft: ObservationDraft) -> dict[str, object]:
    injury, count = draft.injury, draft.count
    return {
        "start": draft.start.as_json(),
        "end": draft.end.as_json(),
        "modality": draft.modality,
        "role": draft.role,
        "text": draft.text,
        "states": list(draft.states),
        "act": draft.act,
        "target": draft.target,
        "injury": injury and {"region": injury.region, "sign": injury.sign, "timing": injury.timing},
        "count": count and {"min": count.minimum, "max": count.maximum, "basis": count.basis},
        "hedge": draft.hedge,
        "language": draft.language,
    }


def words(allowed: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.sampled_from(("", *allowed))


DRAFTS = st.builds(
    ObservationDraft,
    start=st.builds(MediaTime, st.integers(), st.just(BASE)),
    end=st.builds(MediaTime, st.integers(), st.just(BASE)),
    modality=words(vocabulary.MODALITIES),
    role=words(vocabulary.ROLES_APPARENT),
    text=st.text().map(str.strip),
    states=st.lists(st.sampled_from(vocabulary.PERSON_STATES)).map(tuple),
    act=words(vocabulary.ACTS),
    target=words(vocabulary.ROLES_APPARENT),
    injury=st.none()
    | st.builds(
        Injury,
        words(vocabulary.INJURY_REGIONS),
        words(vocabulary.INJURY_SIGNS),
        words(vocabulary.INJURY_TIMINGS),
    ),
    count=st.none()
    | st.builds(Count, st.none() | st.integers(), st.none() | st.integers(), words(vocabulary.COUNT_BASES)),
    hedge=st.sampled_from(vocabulary.HEDGES),
    language=st.sampled_from(("en", "uk", "ru")),
)


@given(DRAFTS)
def test_what_is_sent_is_what_is_read(draft: ObservationDraft) -> None:
    assert ObservationDraft.from_json(as_json(draft)) == draft


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted(as_json(DRAFT))), JSON))
def test_any_json_is_read_or_refused_by_name(value: dict[str, object]) -> None:
    with suppress(ObservationRefused):
        assert ObservationDraft.from_json(value).problems() is not None

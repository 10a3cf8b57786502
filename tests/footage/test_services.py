"""Observations and decisions on copies: recorded with an entry, or refused with what is missing."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest
from django.conf import settings

from videtur.cases.models import Case
from videtur.cases.services import create_case
from videtur.engines.media.timecode import MediaTime
from videtur.errors import Refused, WrongUsage
from videtur.evidence.models import Item
from videtur.footage.drafts import Count, Injury, ObservationDraft, ObservationRefused
from videtur.footage.models import CopyDecision, Observation
from videtur.footage.services import (
    add_observation,
    decide_copy,
    merge_families,
    split_family,
    withdraw_observation,
)
from videtur.ledger.models import Entry
from videtur.ledger.services import entry_content, size
from videtur.storage.local_disk import LocalDisk

ACTOR = "system:test"
BASE = Fraction(1, 25)
DRAFT = ObservationDraft(
    start=MediaTime(0, BASE),
    end=MediaTime(250, BASE),
    modality="visual",
    role="unclear",
    text="What appears to be a person walks past",
)
MakeItem = Callable[..., Item]


def refused_fields(case: Case, item: Item, draft: ObservationDraft) -> set[str]:
    before = size()
    with pytest.raises(ObservationRefused) as refused:
        add_observation(ACTOR, case, item, draft)
    assert size() == before
    return {problem.field for problem in refused.value.problems}


def test_an_observation_is_recorded_with_its_entry(case: Case, make_item: MakeItem) -> None:
    item = make_item(case)
    draft = replace(
        DRAFT, injury=Injury("knee", "blood_visible", "unknown"), count=Count(1, None, "estimated")
    )
    made = add_observation(ACTOR, case, item, draft)
    row = Observation.objects.get()
    assert row == made
    assert (row.start_pts, row.end_pts, row.time_base_denominator) == (0, 250, 25)
    assert (row.injury_region, row.injury_timing, row.count_minimum) == ("knee", "unknown", 1)
    content = entry_content(Entry.objects.get(index=row.entry_index))
    assert (content["verb"], content["actor"], content["case"]) == (
        "footage.observation.added",
        ACTOR,
        "river-crossing",
    )


def test_times_outside_the_item_are_refused(case: Case, make_item: MakeItem) -> None:
    item = make_item(case)
    assert refused_fields(case, item, replace(DRAFT, start=MediaTime(-1, BASE))) == {"start"}
    assert refused_fields(case, item, replace(DRAFT, end=MediaTime(251, BASE))) == {"end"}


def test_an_item_that_was_not_decoded_has_no_times_to_name(case: Case, make_item: MakeItem) -> None:
    item = make_item(case, decoded=False)
    assert refused_fields(case, item, DRAFT) == {"start"}


def test_an_item_of_another_case_is_refused(case: Case, make_item: MakeItem) -> None:
    item = make_item(create_case(ACTOR, "Another"))
    assert refused_fields(case, item, DRAFT) == {"item"}


def test_bytes_that_are_gone_are_not_observed(case: Case, make_item: MakeItem) -> None:
    item = make_item(case, content=b"to be lost")
    LocalDisk(settings.WORKSPACE.object_root).path(item.object_key).unlink()
    assert refused_fields(case, item, DRAFT) == {"item"}


def test_a_withdrawal_is_a_version_with_a_reason(case: Case, make_item: MakeItem) -> None:
    item = make_item(case)
    made = add_observation(ACTOR, case, item, DRAFT)
    with pytest.raises(Refused, match="needs a reason"):
        withdraw_observation(ACTOR, case, item, made.thing, "  ")
    withdrawn = withdraw_observation(ACTOR, case, item, str(made.thing), "Seen twice")
    assert (withdrawn.thing, withdrawn.version, withdrawn.text) == (made.thing, 2, made.text)
    assert Observation.objects.filter(thing=made.thing).count() == 2
    assert Observation.present().get().withdrawn_because == "Seen twice"
    with pytest.raises(WrongUsage, match="already"):
        withdraw_observation(ACTOR, case, item, made.thing, "Again")


@pytest.mark.parametrize("thing", ["not-a-uuid", "019345c2-1111-7000-8000-000000000000"])
def test_what_is_not_there_is_not_withdrawn(case: Case, make_item: MakeItem, thing: str) -> None:
    item = make_item(case)
    with pytest.raises(WrongUsage):
        withdraw_observation(ACTOR, case, item, thing, "No such thing")


def test_a_decision_names_the_pair_in_one_order(case: Case, make_item: MakeItem) -> None:
    one, other = make_item(case, b"one"), make_item(case, b"other")
    decide_copy(ACTOR, case, other, one, "same_footage", "The same person walks past the same car")
    decide_copy(ACTOR, case, one, other, "not_the_same_footage", "Another car after all")
    rows = list(CopyDecision.objects.order_by("entry_index"))
    assert [(row.item_a.id, row.item_b.id) for row in rows] == [tuple(sorted((one.id, other.id)))] * 2
    assert rows[-1].decision == "not_the_same_footage"


def test_a_decision_without_ground_is_refused(case: Case, make_item: MakeItem) -> None:
    one, other = make_item(case, b"one"), make_item(case, b"other")
    stranger = make_item(create_case(ACTOR, "Another"), b"stranger")
    with pytest.raises(Refused):
        decide_copy(ACTOR, case, one, other, "same_footage", "")
    for first, second, decision in (
        (one, one, "same_footage"),
        (one, other, "perhaps"),
        (one, stranger, "same_footage"),
    ):
        with pytest.raises(WrongUsage):
            decide_copy(ACTOR, case, first, second, decision, "Because")
    assert not CopyDecision.objects.exists()


def test_a_split_decides_every_pair_across_the_cut_in_one_entry(case: Case, make_item: MakeItem) -> None:
    one, two, three = (make_item(case, name) for name in (b"1", b"2", b"3"))
    before = size()
    rows = split_family(ACTOR, case, [one], [two, three], "Another camera")
    assert size() == before + 1
    assert {row.decision for row in rows} == {"not_the_same_footage"}
    assert {frozenset({row.item_a.sha256, row.item_b.sha256}) for row in rows} == {
        frozenset({one.sha256, two.sha256}),
        frozenset({one.sha256, three.sha256}),
    }
    with pytest.raises(WrongUsage):
        split_family(ACTOR, case, [one, two], [], "Nothing is left")
    with pytest.raises(Refused):
        split_family(ACTOR, case, [one], [two], "  ")
    with pytest.raises(WrongUsage):
        split_family(ACTOR, case, [one, two], [two, three], "Both sides have it")
    assert size() == before + 1


def test_a_merger_takes_back_what_set_the_two_apart(case: Case, make_item: MakeItem) -> None:
    one, two, three = (make_item(case, name) for name in (b"1", b"2", b"3"))
    split_family(ACTOR, case, [one], [two, three], "Another camera")
    rows = merge_families(ACTOR, case, [one], [two, three], "The same camera after all")
    assert {row.decision for row in rows} == {"same_footage"}
    assert len(rows) == 2

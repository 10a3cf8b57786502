"""Items and observations of the player are those of the method: quickly, and sealed where they must be."""

import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from videtur.cases.access import case_file_for
from videtur.cases.case_file import case_file_of
from videtur.cases.models import Case
from videtur.cases.services import add_member, add_party
from videtur.engines.media.timecode import MediaTime
from videtur.engines.method.entities import case as entities
from videtur.engines.method.entities import evidence, footage
from videtur.engines.method.footage_status import footage_status
from videtur.errors import WrongUsage
from videtur.evidence.contributions import item_name
from videtur.evidence.item_steps import record_fixity
from videtur.evidence.models import Capture, Item, Publication
from videtur.footage.contributions import observation_name
from videtur.footage.drafts import Count, Injury, ObservationDraft
from videtur.footage.family_steps import attach_items, close_review, open_family, set_aspect, set_status
from videtur.footage.services import add_observation, withdraw_observation
from videtur.ledger.services import record
from videtur.people.models import User
from videtur.people.services import create_user

ACTOR = "system:test"
MakeItem = Callable[..., Item]
BASE = Fraction(1, 25)
DRAFT = ObservationDraft(
    start=MediaTime(25, BASE),
    end=MediaTime(50, BASE),
    modality="visual",
    role="apparent_captive",
    text="A man lies",
)


def member(case: Case, *roles: str) -> User:
    user = create_user(ACTOR, "-".join(roles), "horse-battery-47-staple")
    for role in roles:
        add_member(ACTOR, case, user, role)
    return user


def test_an_item_that_came_in_is_preserved_footage_once_it_is_in_a_family(
    case: Case, make_item: MakeItem
) -> None:
    item = make_item(case, posted_at="2022-03-27")
    name = item_name(item.sha256)
    told = case_file_of(case)
    described = told.get(evidence.Item, name)
    assert described is not None
    assert (described.sha256, described.size) == (item.sha256, item.size)
    assert [check.sha256 for check in described.fixity] == [item.sha256]
    assert [each.posted_at for each in told.all(evidence.Publication)] == ["2022-03-27"]
    assert [each.item for each in told.all(evidence.Capture)] == [name]

    lead = member(case, "case_lead")
    family = open_family(lead, case, [name])
    assert footage_status(case_file_of(case), family.id) == "preserved"
    set_aspect(lead, case, family.id, "date", "established", "The shadow and the weather agree")
    assert footage_status(case_file_of(case), family.id) == "partly_verified"
    with pytest.raises(WrongUsage, match="already"):
        open_family(lead, case, [name])
    other = item_name(make_item(case, b"another film").sha256)
    assert attach_items(lead, case, family.id, [other]).items == (name, other)
    close_review(lead, case, family.id, "Nothing more can be found")
    set_status(lead, case, family.id, "triaged_out", "It shows a parade")
    assert footage_status(case_file_of(case), family.id) == "triaged_out"


def test_bytes_that_changed_are_no_preserved_footage(case: Case, make_item: MakeItem) -> None:
    name = item_name(make_item(case).sha256)
    family = open_family(member(case, "case_lead"), case, [name])
    record_fixity(ACTOR, case, name, "0" * 64)
    assert footage_status(case_file_of(case), family.id) == "received"


def test_an_observation_is_of_the_family_of_its_item(case: Case, make_item: MakeItem) -> None:
    item = make_item(case)
    draft = replace(
        DRAFT, injury=Injury("knee", "blood_visible", "unknown"), count=Count(1, None, "estimated")
    )
    row = add_observation(ACTOR, case, item, draft)
    assert not case_file_of(case).all(footage.Observation), "an item in no family shows no footage yet"
    family = open_family(member(case, "case_lead"), case, [item_name(item.sha256)])
    seen = case_file_of(case).get(footage.Observation, observation_name(row))
    assert seen is not None
    assert seen.footage == family.id
    assert seen.t is not None
    assert (seen.t.item, seen.t.start.pts, seen.t.end.pts, seen.t.end.time_base) == (
        item_name(item.sha256),
        25,
        50,
        (1, 25),
    )
    assert seen.injury is not None
    assert seen.count is not None
    withdraw_observation(ACTOR, case, item, row.thing, "It was a shadow")
    withdrawn = case_file_of(case).get(footage.Observation, observation_name(row))
    assert withdrawn is not None
    assert withdrawn.withdrawn_because == "It was a shadow"


def test_an_indication_of_sexual_violence_seals_item_capture_and_observation(
    case: Case, make_item: MakeItem
) -> None:
    item = make_item(case, posted_at="2022-03-27")
    lead, auditor = member(case, "case_lead"), member(case, "auditor")
    open_family(lead, case, [item_name(item.sha256)])
    add_observation(ACTOR, case, item, replace(DRAFT, act="sexual_violence_indicator"))
    told = case_file_of(case).get(evidence.Item, item_name(item.sha256))
    assert told is not None
    assert (told.access, told.sexual_violence_indicator) == ("sealed", True)
    assert case_file_for(lead, case).all(footage.Observation)
    hidden = case_file_for(auditor, case)
    for kind in (evidence.Item, evidence.Capture, evidence.Publication, footage.Observation):
        assert not hidden.all(kind)


def test_a_party_named_by_hand_is_a_party_of_the_method(case: Case) -> None:
    add_party(ACTOR, case, "AA", "Alpha", "armed_group")
    assert case_file_of(case).all(entities.Party) == (
        entities.Party(id="AA", name="Alpha", kind="armed_group"),
    )


def test_a_case_of_thousands_is_read_in_few_queries(case: Case) -> None:
    items = [
        Item(sha256=sha256(b"%d" % number).hexdigest(), sha512="0" * 128, size=1, object_key=f"k{number}")
        for number in range(3000)
    ]
    captures = [
        Capture(
            item=item, item_sha256=item.sha256, case=case.thing, how="file", file_name="f",
            file_name_bytes=b"f", place=item.sha256, captured_by=ACTOR,
        )
        for item in items
    ]  # fmt: skip
    seen = [
        Publication(capture=capture, url="https://example.org/", posted_at_edtf="2022")
        for capture in captures
    ]
    record("evidence.item.received", ACTOR, [*items, *captures, *seen], case=case.slug)
    began = time.process_time()
    with CaptureQueriesContext(connection) as queries:
        told = case_file_of(case)
    assert len(told.placed) == 9000
    assert len(queries) < 80
    assert time.process_time() - began < 5  # about one second where this was written

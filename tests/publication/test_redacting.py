"""The masked copy of an item: asked for, reviewed deed by deed in the record, seen only by who may."""

import hashlib
import json
from dataclasses import replace
from fractions import Fraction

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.method_case import Crew, bridge
from tests.publication.conftest import examine, receive
from videtur.cases.services import add_member, create_case
from videtur.engines.redaction.plan import (
    Box,
    KeyFrame,
    PictureFacts,
    RedactionPlan,
    Shot,
    Track,
    digest_of_times,
)
from videtur.engines.redaction.plan_form import plan_as_json
from videtur.errors import NotPermitted, Refused, WrongUsage
from videtur.evidence.models import Item
from videtur.ledger.models import Entry
from videtur.ledger.services import entry_content
from videtur.people.models import User
from videtur.pipeline.derivations import DONE
from videtur.pipeline.model_choice import chosen_models
from videtur.pipeline.models import OutputRecord, StepRequest
from videtur.pipeline.queries import State, progress_of
from videtur.pipeline.services import Result, record_results
from videtur.pipeline.steps import BY_NAME, Group
from videtur.publication import redacting
from videtur.publication.models import RedactionDeed
from videtur.publication.redaction_standing import standing_of
from videtur.publication.release_steps import check_redaction
from videtur.storage.derivatives import put_derivative
from videtur.storage.object_store import open_object_store

pytestmark = pytest.mark.django_db
ASKED: dict[str, object] = {"persons": "heads", "text": True}


def _frames(*times: int) -> tuple[KeyFrame, ...]:
    return tuple(KeyFrame(each, Box(each, 10, each + 40, 60), 0.5) for each in times)


def _plan(item: Item) -> RedactionPlan:
    return RedactionPlan(
        item.sha256,
        PictureFacts(640, 360, Fraction(1, 25), 250, digest_of_times(range(250))),
        (
            Track("t1", "head", _frames(0, 20, 40), "centerface@0", ("weak",)),
            Track("t2", "head", _frames(100, 200), "centerface@0"),
        ),
        (Shot(0, 100), Shot(100, 250)),
        detectors=("centerface 1.5.0 " + "0" * 64,),
    )


def _kept(plan: RedactionPlan) -> OutputRecord:
    return _stored(json.dumps(plan_as_json(plan)).encode())


def _stored(content: bytes) -> OutputRecord:
    store = open_object_store(settings.WORKSPACE.objects, settings.WORKSPACE.root)
    key, digest, size = put_derivative(store, content)
    return {"key": key, "sha256": digest, "size": size, "media_type": "application/json"}


def made(item: Item) -> None:
    """What the machine found, recorded as the pipeline records it."""
    model = chosen_models(settings.WORKSPACE).get("redaction_find")
    work = BY_NAME["redaction_find"].work(item.sha256, model, **ASKED)
    unsure = _stored(json.dumps([[5, 9, "faint"], [0, 40, "weak"]]).encode())
    outputs = {"plan.json": _kept(_plan(item)), "unsure.json": unsure}
    record_results([Result(work, DONE, outputs=outputs)], {})


@pytest.fixture
def crew() -> Crew:
    return bridge()


@pytest.fixture
def item(crew: Crew) -> Item:
    item = receive(crew.case, b"a film with faces", b"film.mp4")
    examine(item)
    return item


def test_nothing_is_looked_for_until_somebody_asks(crew: Crew, item: Item) -> None:
    assert "redaction_find" not in [step.step for step in progress_of(item.sha256).steps]
    analyst = crew.member("ann", "analyst_1")
    redacting.ask_for_plan(analyst, crew.case, item, persons="heads", text=True)
    (row,) = StepRequest.objects.all()
    assert (row.step, row.parameters, row.requested_by) == ("redaction_find", ASKED, analyst.actor)
    now = progress_of(item.sha256)
    assert [step.state for step in now.steps if step.step == "redaction_find"] == [State.PENDING]
    assert Group.REDACTION in now.pending_groups()
    made(item)
    assert [step.state for step in progress_of(item.sha256).steps if step.step == "redaction_find"] == [
        "done"
    ]


def test_two_cases_may_ask_different_things_of_one_film(crew: Crew, item: Item) -> None:
    lead = crew.member("lea", "case_lead")
    redacting.ask_for_plan(lead, crew.case, item, persons="heads", text=True)
    made(item)
    redacting.do(lead, crew.case, item, {"deed": "confirm", "track": "t1"})
    other = create_case("system:test", "Another case")
    add_member("system:test", other, lead, "case_lead")
    assert standing_of(other, item).finding is None
    redacting.ask_for_plan(lead, other, item, persons="bodies", text=False)
    (theirs,) = (step for step in progress_of(item.sha256).steps if step.step == "redaction_find")
    assert theirs.state is State.PENDING
    there = standing_of(other, item)
    assert there.finding is not None
    assert (there.finding.state, there.plan) == (State.PENDING, None)
    ours = standing_of(crew.case, item)
    assert ours.plan is not None
    assert ours.plan.tracks[0].decided_by == (lead.actor,)
    redacting.ask_for_plan(lead, other, item, persons="heads", text=True)
    same = standing_of(other, item)
    assert same.plan is not None
    assert same.plan.tracks[0].decided_by == (), "what one case decided is not the other's"


def test_a_newer_engine_takes_nobodys_work_away(crew: Crew, item: Item) -> None:
    _reviewing(crew, item)
    ann = crew.member("ann", "analyst_1")
    redacting.do(ann, crew.case, item, {"deed": "confirm", "track": "t1"})
    newer = replace(_plan(item), tracks=())
    work = replace(BY_NAME["redaction_find"].work(item.sha256, None, **ASKED), engine_version="999")
    record_results([Result(work, DONE, outputs={"plan.json": _kept(newer)})], {})
    now = standing_of(crew.case, item)
    assert now.plan is not None
    assert now.plan.tracks[0].decided_by == (ann.actor,)


def test_another_question_is_another_piece_of_work(crew: Crew, item: Item) -> None:
    analyst = crew.member("ann", "analyst_1")
    redacting.ask_for_plan(analyst, crew.case, item, persons="heads", text=True)
    made(item)
    redacting.ask_for_plan(analyst, crew.case, item, persons="bodies", text=True)
    assert [step.state for step in progress_of(item.sha256).steps if step.step == "redaction_find"] == [
        State.PENDING
    ]


def test_who_only_watches_over_the_watchers_asks_for_nothing(crew: Crew, item: Item) -> None:
    with pytest.raises(NotPermitted):
        redacting.ask_for_plan(
            crew.member("wen", "welfare_officer"), crew.case, item, persons="heads", text=False
        )
    with pytest.raises(WrongUsage, match="no plan"):
        redacting.do(crew.member("ann", "analyst_1"), crew.case, item, {"deed": "confirm", "track": "t1"})


def _reviewing(crew: Crew, item: Item) -> None:
    redacting.ask_for_plan(crew.member("lea", "case_lead"), crew.case, item, persons="heads", text=True)
    made(item)


def test_each_deed_is_a_row_and_an_entry_and_can_be_undone(crew: Crew, item: Item) -> None:
    _reviewing(crew, item)
    ann, ben = crew.member("ann", "analyst_1"), crew.member("ben", "protection_officer")
    after = redacting.do(ann, crew.case, item, {"deed": "confirm", "track": "t1"})
    assert after.plan is not None
    assert after.plan.tracks[0].decided_by == (ann.actor,)
    redacting.do(ann, crew.case, item, {"deed": "show", "track": "t2", "reason": "a poster"})
    after = redacting.do(ben, crew.case, item, {"deed": "show", "track": "t2", "reason": "a poster"})
    assert after.plan is not None
    assert after.plan.tracks[1].shown
    entry = entry_content(Entry.objects.latest("index"))
    assert (entry["verb"], entry["actor"]) == ("publication.redaction.reviewed", ben.actor)
    back = redacting.undo(ann, crew.case, item, 3)
    assert back.plan is not None
    assert not back.plan.tracks[1].shown
    assert [row.number for row in RedactionDeed.objects.order_by("number")] == [1, 2, 3, 4]
    with pytest.raises(WrongUsage, match="no deed 3"):
        redacting.undo(ann, crew.case, item, 3)
    with pytest.raises(WrongUsage, match="no deed 9"):
        redacting.undo(ann, crew.case, item, 9)


def test_a_deed_that_cannot_be_leaves_no_row(crew: Crew, item: Item) -> None:
    _reviewing(crew, item)
    ann = crew.member("ann", "analyst_1")
    with pytest.raises(WrongUsage, match="Decide first on t1"):
        redacting.do(ann, crew.case, item, {"deed": "sign_shot", "start": 0})
    with pytest.raises(Refused):
        redacting.do(ann, crew.case, item, {"deed": "erase"})
    assert not RedactionDeed.objects.exists()


def test_a_placed_box_is_rounded_outwards(crew: Crew, item: Item) -> None:
    _reviewing(crew, item)
    frame = {"pts": 110, "box": [1.2, 2.9, 30.1, 40.0]}
    after = redacting.do(
        crew.member("ann", "analyst_1"),
        crew.case,
        item,
        {"deed": "place", "track": "t2", "key_frame": frame},
    )
    assert after.plan is not None
    assert after.plan.tracks[1].box_at(110) == Box(1, 2, 31, 40)


def test_deeds_on_one_plan_do_not_count_for_another(crew: Crew, item: Item) -> None:
    _reviewing(crew, item)
    redacting.do(crew.member("ann", "analyst_1"), crew.case, item, {"deed": "confirm", "track": "t1"})
    plan_digest = hashlib.sha256(json.dumps(plan_as_json(_plan(item))).encode()).hexdigest()
    assert standing_of(crew.case, item).plan_sha256 == plan_digest
    RedactionDeed.objects.get(plan_sha256=plan_digest)


def _ready(crew: Crew, item: Item) -> User:
    _reviewing(crew, item)
    ann = crew.member("ann", "analyst_1")
    redacting.do(ann, crew.case, item, {"deed": "confirm", "track": "t1"})
    return ann


def test_a_copy_is_asked_for_when_nothing_stands_against_it(crew: Crew, item: Item) -> None:
    ann = _ready(crew, item)
    with pytest.raises(WrongUsage, match="no masked copy yet") as refused:
        redacting.ask_for_copy(ann, crew.case, item)
    assert "signed" in refused.value.why
    assert StepRequest.objects.filter(step="redaction_render").count() == 0
    redacting.do(ann, crew.case, item, {"deed": "sign_shot", "start": 0})
    redacting.ask_for_copy(ann, crew.case, item)
    row = StepRequest.objects.get(step="redaction_render")
    assert row.parameters["plan_sha256"] == row.inputs["plan.json"]["sha256"]
    assert standing_of(crew.case, item).rendering is not None
    redacting.do(ann, crew.case, item, {"deed": "sign_shot", "start": 100})
    assert standing_of(crew.case, item).rendering is None, "the copy would be of an older plan"


def test_a_voice_leaves_when_two_people_said_so(crew: Crew, item: Item) -> None:
    ann = _ready(crew, item)
    redacting.do(ann, crew.case, item, {"deed": "sign_shot", "start": 0})
    keep = {"deed": "sound", "start": 0, "end": 50, "voice": "keep", "reason": "a public speech"}
    redacting.do(ann, crew.case, item, keep)
    with pytest.raises(WrongUsage, match="no masked copy yet"):
        redacting.ask_for_copy(ann, crew.case, item)
    same = {"deed": "style", "fill": "solid", "voice": "mute"}
    redacting.do(crew.member("ben", "protection_officer"), crew.case, item, same)
    redacting.ask_for_copy(ann, crew.case, item)


def test_a_copy_that_is_there_is_entered_once_and_signed_by_two(crew: Crew, item: Item) -> None:
    ann = _ready(crew, item)
    redacting.do(ann, crew.case, item, {"deed": "sign_shot", "start": 0})
    with pytest.raises(WrongUsage, match="no masked copy of the plan"):
        redacting.enter_copy(ann, crew.case, item)
    redacting.ask_for_copy(ann, crew.case, item)
    asked = StepRequest.objects.get(step="redaction_render").parameters
    store = open_object_store(settings.WORKSPACE.objects, settings.WORKSPACE.root)
    key, digest, size = put_derivative(store, b"a masked film")
    output: OutputRecord = {"key": key, "sha256": digest, "size": size, "media_type": "video/mp4"}
    work = BY_NAME["redaction_render"].work(item.sha256, None, **asked)
    record_results([Result(work, DONE, outputs={"redacted.mp4": output})], {})
    entered = redacting.enter_copy(ann, crew.case, item)
    assert (entered.sha256, entered.method, entered.masks) == (digest, "solid", ("face", "metadata", "voice"))
    with pytest.raises(WrongUsage, match="already"):
        redacting.enter_copy(ann, crew.case, item)
    guard, approver = crew.member("gus", "protection_officer"), crew.member("pia", "publication_approver")
    assert check_redaction(guard, crew.case, entered.id).checked_by == guard.actor
    assert check_redaction(approver, crew.case, entered.id).approved_by == approver.actor


def test_the_page_and_its_document(crew: Crew, item: Item, client: Client) -> None:
    _reviewing(crew, item)
    client.force_login(crew.member("ann", "analyst_1"))
    address = [crew.case.slug, item.sha256]
    page = client.get(reverse("redaction", args=address))
    assert page.status_code == 200
    assert "videtur-redaction" in page.content.decode()
    told = client.get(reverse("redaction_plan", args=address)).json()
    assert [(each["id"], each["waits"]) for each in told["plan"]["tracks"]] == [("t1", True), ("t2", False)]
    assert told["plan"]["tracks"][0]["key_frames"] == [
        [0, 0, 10, 40, 60, False],
        [40, 40, 10, 80, 60, False],
    ], "what lies on a line is left out"
    assert told["plan"]["tracks"][0]["strip"] == [0, 40]
    assert told["faint"] == [[5, 9]], "what is unsure of a track stands at the track"
    answer = client.post(
        reverse("redaction_deed", args=address),
        json.dumps({"deed": "confirm", "track": "t1"}),
        content_type="application/json",
    )
    assert [each["waits"] for each in answer.json()["plan"]["tracks"]] == [False, False]
    assert answer.json()["deeds"][0]["by"] == "ann"
    undone = client.post(
        reverse("redaction_deed", args=address), json.dumps({"undo": 1}), content_type="application/json"
    )
    assert undone.json()["deeds"][0]["undone"]


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{", '{"undo": true}', '{"deed": "draw"}', '{"deed": "draw", "kind": "face", "box": [1]}'],
)
def test_a_request_without_sense_gets_one_line(crew: Crew, item: Item, client: Client, body: str) -> None:
    _reviewing(crew, item)
    client.force_login(crew.member("ann", "analyst_1"))
    answer = client.post(
        reverse("redaction_deed", args=[crew.case.slug, item.sha256]), body, content_type="application/json"
    )
    assert answer.status_code == 422
    assert answer.json()["detail"]
    assert not RedactionDeed.objects.exists()


def test_whom_the_item_is_closed_to_finds_no_page(crew: Crew, item: Item, client: Client) -> None:
    _reviewing(crew, item)
    client.force_login(crew.member("wen", "welfare_officer"))
    for name in ("redaction", "redaction_plan"):
        assert client.get(reverse(name, args=[crew.case.slug, item.sha256])).status_code == 404
    closed = client.post(
        reverse("redaction_deed", args=[crew.case.slug, item.sha256]), "{}", content_type="application/json"
    )
    assert closed.status_code == 404

"""A workspace with two cases, made through the real services; one of them is exported, once for a module."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from pytest_django import DjangoDbBlocker

from videtur.cases.models import Case
from videtur.cases.services import add_party, create_case
from videtur.engines.media.timecode import MediaTime
from videtur.evidence.models import Item
from videtur.evidence.services import Arrival, CaptureFacts, Received, refuse, take_in
from videtur.evidence.sources import UnfitFile
from videtur.footage.drafts import Count, ObservationDraft
from videtur.footage.services import add_observation, decide_copy, withdraw_observation
from videtur.ledger.keys import create_ledger_key
from videtur.pipeline.derivations import DONE, FAILED
from videtur.pipeline.models import OutputRecord
from videtur.pipeline.services import Result, record_results
from videtur.pipeline.steps import BY_NAME
from videtur.publication.services import Exported, House, export_package
from videtur.storage.derivatives import put_derivative
from videtur.storage.object_store import Digests, open_object_store
from videtur.workspace import write_workspace

ACTOR = "system:test"
HOSTILE_NAME = "=cmd|calc!A0 <script>alert(1)</script>\u202e\n\x1b[31m.mp4".encode()
CANARIES = ("canary-title", "canary-source", "canary-name", "canary-note", "canary.example", "canary-party")
BASE = Fraction(1, 25)
SEEN = ObservationDraft(
    start=MediaTime(25, BASE),
    end=MediaTime(50, BASE),
    modality="visual",
    role="apparent_captive",
    states=("lying",),
    count=Count(2, None, "simultaneously_visible"),
    text="What appear to be persons lie on the ground\n<b>not bold</b>",
)


def digests_of(content: bytes) -> Digests:
    return Digests(hashlib.sha256(content).hexdigest(), hashlib.sha512(content).hexdigest(), len(content))


def receive(
    case: Case, content: bytes, name: bytes, facts: CaptureFacts | None = None, ending: str = ".mp4"
) -> Item:
    store = open_object_store(settings.WORKSPACE.objects, settings.WORKSPACE.root)
    digests = digests_of(content)
    key = f"originals/tests/{digests.sha256}/original{ending}"
    store.put(key, content)
    arrival = Arrival(
        how="file", name=name, place=hashlib.sha256(name).hexdigest(), facts=facts or CaptureFacts()
    )
    (taken,) = take_in(ACTOR, case, [Received(digests, key, arrival)])
    return taken.item


def examine(item: Item, *copies: Item) -> None:
    """Results as the pipeline records them; each group of steps is one entry."""
    sha256 = item.sha256
    probe: dict[str, object] = {
        "container": "mp4", "duration_seconds": "10", "width": 640, "height": 360, "has_picture": True,
        "has_sound": True,
    }  # fmt: skip
    decode: dict[str, object] = {
        "time_base": [1, 25], "frame_count": 250, "first_pts": 0, "last_pts": 249, "damage_count": 2,
        "duration": {"pts": 250, "time_base": [1, 25], "seconds": "10"}, "sound_first": None,
        "sound_seconds": "0",
    }  # fmt: skip
    record_results([Result(BY_NAME["probe"].work(sha256), DONE, summary=probe)], {})
    first_look = [
        Result(BY_NAME["decode"].work(sha256), DONE, summary=decode),
        Result(BY_NAME["shots"].work(sha256), DONE, summary={"shot_count": 3}),
        Result(BY_NAME["peaks"].work(sha256), FAILED, "the sound stream is broken"),
    ]
    record_results(first_look, {})
    work = BY_NAME["copy_search"].work(sha256, own={}, among="canary-name")
    stretch = [MediaTime(0, BASE).as_json(), MediaTime(100, BASE).as_json()]
    relations = [
        {
            "other": copy.sha256, "modality": "picture", "outcome": "same_footage", "transform": ["mirror"],
            "speed": "1", "score": "0.93", "reasons": [],
            "segments": [{"this": stretch, "other": stretch, "score": "0.93"}],
        }
        for copy in copies
    ]  # fmt: skip
    store = open_object_store(settings.WORKSPACE.objects, settings.WORKSPACE.root)
    key, digest, size = put_derivative(store, json.dumps(relations).encode())
    output: OutputRecord = {"key": key, "sha256": digest, "size": size, "media_type": "application/json"}
    found = Result(work, DONE, summary={"relation_count": 77}, outputs={"relations.json": output})
    record_results([found], {})


@dataclass(frozen=True)
class Made:
    """Two cases and the export of the first."""

    case: Case
    other_case: Case
    items: tuple[Item, ...]
    shared: Item
    foreign: Item
    package: Path
    exported: Exported
    house: House


@pytest.fixture(scope="module")
def made(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Made]:
    folder = tmp_path_factory.mktemp("publication")
    workspace = write_workspace(folder / "workspace")
    create_ledger_key(workspace)
    store = open_object_store(settings.WORKSPACE.objects, settings.WORKSPACE.root)
    house = House(workspace, store)
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_cases(folder, house)
        transaction.set_rollback(True)


def make_cases(folder: Path, house: House) -> Made:
    other = create_case(ACTOR, "canary-title of another case")
    add_party(ACTOR, other, "CC", "canary-party", "other")
    shared = receive(
        other,
        b"shared film" * 999,
        b"canary-name.mp4",
        CaptureFacts(source="canary-source", note="canary-note"),
    )
    foreign = receive(
        other, b"canary film", b"canary-name-2.mp4", CaptureFacts(url="https://canary.example/")
    )
    examine(foreign)
    case = create_case(ACTOR, "River crossing")
    add_party(ACTOR, case, "ZZ", "Zeta side", "state")
    add_party(ACTOR, case, "AA", "Alpha side", "armed_group")
    facts = CaptureFacts(
        url="https://example.org/v?x=<1>&y", posted_at="27.03.2022", source="a private person"
    )
    items = (
        receive(case, b"first film" * 5000, HOSTILE_NAME, facts),
        receive(case, b"second film" * 10, b"+second.mkv", ending=".mkv"),
        receive(case, b"shared film" * 999, b"third.mp4"),
    )
    refuse(ACTOR, case, [UnfitFile(Path("notes.txt"), b"notes.txt", "0" * 64, "not_media", "is text", "")])
    examine(items[0], items[2], foreign)
    examine(items[1])
    examine(items[2])
    add_observation(ACTOR, case, items[0], SEEN)
    heard = replace(
        SEEN, modality="audible", role="off_camera_voice", states=(), count=None, text="=1+1 is heard"
    )
    withdrawn = add_observation(ACTOR, case, items[1], heard)
    withdraw_observation(ACTOR, case, items[1], withdrawn.thing, "it was in another film")
    decide_copy(ACTOR, case, items[0], items[1], "same_footage", "the same wall and light")
    package = folder / "package"
    exported = export_package(ACTOR, case, package, house)
    return Made(case, other, items, shared, foreign, package, exported, house)


@pytest.fixture
def package(made: Made, tmp_path: Path) -> Path:
    """A copy of the package, to be spoilt."""
    copy = tmp_path / "package"
    shutil.copytree(made.package, copy)
    return copy

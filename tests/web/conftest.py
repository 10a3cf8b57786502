"""A case with a member and a stranger, and items whose examination is recorded without decoding anything."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from videtur.cases.models import Case
from videtur.cases.services import add_member, create_case
from videtur.evidence.models import Item
from videtur.evidence.services import Arrival, CaptureFacts, Received, take_in
from videtur.footage.derived import open_store
from videtur.people.models import User
from videtur.people.services import create_user
from videtur.pipeline.derivations import DONE
from videtur.pipeline.model_choice import chosen_models
from videtur.pipeline.models import OutputRecord
from videtur.pipeline.services import Result, record_results
from videtur.pipeline.steps import BY_NAME
from videtur.storage.derivatives import put_derivative
from videtur.storage.ocfl import write_original

PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """The real hasher is slow on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def make_user(name: str) -> User:
    return create_user("system:test", name, PASSWORD, display_name=name.title())


@dataclass(frozen=True)
class House:
    """Somebody who leads a case, somebody with each lesser right, and somebody with none."""

    case: Case
    lead: User
    auditor: User
    stranger: User

    @staticmethod
    def browser(user: User, *, csrf: bool = False) -> Client:
        """A browser in which that person has signed in."""
        client = Client(enforce_csrf_checks=csrf)
        client.force_login(user)
        return client

    def take(self, data: bytes, name: bytes = b"clip.mp4", facts: CaptureFacts | None = None) -> Item:
        """Bytes taken in as by `videtur intake`."""
        store = open_store()
        with store.stage() as staged:
            staged.write(data)
            digests = staged.finish()
            key = write_original(store, staged, digests, "clip.mp4", datetime.now(UTC))
        arrival = Arrival("file", name, sha256(name + data).hexdigest(), facts=facts or CaptureFacts())
        return take_in(self.lead.actor, self.case, [Received(digests, key, arrival)])[0].item

    def derive(
        self, item: Item, step: str, summary: Mapping[str, object], files: Mapping[str, bytes | object]
    ) -> None:
        """The record of a step, with its files in the store."""
        outputs: dict[str, OutputRecord] = {}
        for name, content in files.items():
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            stored = put_derivative(open_store(), data)
            outputs[name] = OutputRecord(
                key=stored.key, sha256=stored.sha256, size=stored.size, media_type="application/octet-stream"
            )
        work = BY_NAME[step].work(item.sha256, chosen_models(settings.WORKSPACE).get(step))
        record_results([Result(work, DONE, summary=summary, outputs=outputs)], {"sandbox": "none"})

    def examine(self, item: Item) -> None:
        """Ten seconds of picture at 25 frames a second."""
        base = [1, 12800]
        probe = {
            "container": "mov,mp4",
            "duration_seconds": "10",
            "width": 320,
            "height": 180,
            "picture_codec": "h264",
            "has_picture": True,
        }
        decode = {
            "time_base": base,
            "frame_count": 250,
            "first_pts": 0,
            "last_pts": 127488,
            "damage_count": 0,
            "sound_seconds": "0",
        }
        self.derive(item, "probe", probe, {"probe.json": probe})
        times = b"".join((512 * frame).to_bytes(8, "little", signed=True) for frame in range(250))
        damage: dict[str, object] = {"count": 0, "damage": []}
        self.derive(item, "decode", decode, {"presentation_times.bin": times, "damage.json": damage})
        shots = {"time_base": base, "shots": [{"start_pts": 0, "end_pts": 128000}]}
        self.derive(item, "shots", {"shot_count": 1}, {"shots.json": shots})
        strip = {"time_base": base, "tile": [160, 90], "columns": 1, "tiles": [{"pts": 0}]}
        self.derive(
            item,
            "filmstrip",
            {"tile_count": 1},
            {"filmstrip.jpg": b"\xff\xd8film", "filmstrip.json": strip, "poster.jpg": b"\xff\xd8poster"},
        )
        preview = {"offset_pts": 0, "time_base": base, "width": 320, "height": 180, "has_sound": False}
        self.derive(
            item, "preview", preview, {"preview.mp4": b"\x00\x00\x00\x18ftypmp42" + item.sha256.encode() * 99}
        )


@pytest.fixture
def house(db: None) -> House:
    """See House."""
    assert settings.WORKSPACE
    lead, auditor, stranger = make_user("lead"), make_user("auditor"), make_user("stranger")
    case = create_case("system:test", "The first case", "What it is about", lead=lead)
    add_member("system:test", case, auditor, "auditor")
    other = create_case("system:test", "Another case", lead=stranger)
    assert other.slug == "another-case"
    return House(case, lead, auditor, stranger)


@pytest.fixture
def item(house: House) -> Item:
    """An examined item."""
    item = house.take(b"\x00\x00\x00\x18ftypmp42" + b"first film" * 500)
    house.examine(item)
    return item


@pytest.fixture
def client(house: House) -> Client:
    """The browser of the person who leads the case."""
    return house.browser(house.lead)

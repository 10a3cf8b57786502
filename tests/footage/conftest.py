"""A case with one decoded item, made through the real services and the real object store."""

import hashlib
from collections.abc import Callable

import pytest
from django.conf import settings

from videtur.cases.models import Case
from videtur.cases.services import create_case
from videtur.evidence.models import Item
from videtur.evidence.services import Arrival, Received, take_in
from videtur.pipeline.derivations import DONE
from videtur.pipeline.services import Result, record_results
from videtur.pipeline.steps import BY_NAME
from videtur.storage.object_store import Digests, open_object_store

ACTOR = "system:test"
MakeItem = Callable[..., Item]


@pytest.fixture
def case(db: None) -> Case:
    return create_case(ACTOR, "River crossing")


@pytest.fixture
def make_item(db: None) -> MakeItem:
    """Makes an item of some bytes in a case; decoded, unless told otherwise: ten seconds, 25 a second."""

    def make(case: Case, content: bytes = b"film", decoded: bool = True) -> Item:
        store = open_object_store(settings.WORKSPACE.objects, settings.WORKSPACE.root)
        digests = Digests(
            hashlib.sha256(content).hexdigest(), hashlib.sha512(content).hexdigest(), len(content)
        )
        key = f"originals/{digests.sha256}"
        store.put(key, content)
        arrival = Arrival(how="file", name=b"film.mp4", place=digests.sha256)
        (taken,) = take_in(ACTOR, case, [Received(digests, key, arrival)])
        if decoded:
            record_decode(taken.item.sha256)
        return taken.item

    return make


def record_decode(sha256: str) -> None:
    summary: dict[str, object] = {
        "time_base": [1, 25],
        "frame_count": 250,
        "first_pts": 0,
        "last_pts": 249,
        "duration": {"pts": 250, "time_base": [1, 25], "seconds": "10"},
        "sound_first": None,
        "sound_seconds": "0",
    }
    record_results([Result(BY_NAME["decode"].work(sha256), DONE, summary=summary)], {})

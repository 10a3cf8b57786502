"""A case with one decoded item, made through the real services and the real object store."""

import hashlib
import json
from collections.abc import Callable

import pytest
from django.conf import settings

from videtur.cases.models import Case
from videtur.cases.services import create_case
from videtur.evidence.models import Item
from videtur.evidence.services import Arrival, CaptureFacts, Received, take_in
from videtur.pipeline.derivations import DONE
from videtur.pipeline.models import OutputRecord
from videtur.pipeline.services import Result, record_results
from videtur.pipeline.steps import BY_NAME
from videtur.storage.derivatives import put_derivative
from videtur.storage.object_store import Digests, open_object_store

ACTOR = "system:test"
MakeItem = Callable[..., Item]


@pytest.fixture
def case(db: None) -> Case:
    return create_case(ACTOR, "River crossing")


@pytest.fixture
def make_item(db: None) -> MakeItem:
    """Makes an item of some bytes in a case; decoded, unless told otherwise: ten seconds, 25 a second."""

    def make(case: Case, content: bytes = b"film", decoded: bool = True, posted_at: str = "") -> Item:
        store = open_object_store(settings.WORKSPACE.objects, settings.WORKSPACE.root)
        digests = Digests(
            hashlib.sha256(content).hexdigest(), hashlib.sha512(content).hexdigest(), len(content)
        )
        key = f"originals/{digests.sha256}"
        store.put(key, content)
        facts = CaptureFacts(posted_at=posted_at)
        arrival = Arrival(how="file", name=b"film.mp4", place=digests.sha256, facts=facts)
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


@pytest.fixture
def record_search(db: None) -> Callable[..., None]:
    """Records what a copy search from one item found: (other item, modality, outcome, score) each."""

    def record(this: Item, *found: tuple[Item, str, str, str], span: tuple[int, int] = (0, 250)) -> None:
        store = open_object_store(settings.WORKSPACE.objects, settings.WORKSPACE.root)
        stretch = [{"pts": pts, "time_base": [1, 25]} for pts in span]
        relations = [
            {
                "other": other.sha256,
                "modality": modality,
                "outcome": outcome,
                "segments": [{"this": stretch, "other": stretch, "score": score}],
                "transform": ["crop"],
                "speed": "1",
                "score": score,
                "reasons": ["drawn for a test"],
            }
            for other, modality, outcome, score in found
        ]
        key, sha256, length = put_derivative(store, json.dumps(relations).encode())
        kept = OutputRecord(key=key, sha256=sha256, size=length, media_type="application/json")
        search = BY_NAME["copy_search"].work(this.sha256, searched=sha256)
        fingerprint = BY_NAME["picture_fingerprint"].work(this.sha256)
        result = Result(search, DONE, summary={"hint_count": len(found)}, outputs={"relations.json": kept})
        record_results([result, Result(fingerprint, DONE, outputs={"fingerprint.bin": kept})], {})

    return record

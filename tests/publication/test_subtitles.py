"""Draft subtitles stand on the clock of the copy, say that nobody checked them, and are never handed out."""

import json

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.method_case import Crew, bridge
from tests.publication.conftest import examine, receive
from videtur.evidence.models import Item
from videtur.pipeline.derivations import DONE, Model
from videtur.pipeline.models import Derivation, OutputRecord
from videtur.pipeline.services import Result, record_results
from videtur.pipeline.steps import BY_NAME
from videtur.publication.redaction_standing import derivation_of_copy
from videtur.publication.subtitles import draft_of
from videtur.storage.derivatives import put_derivative
from videtur.storage.object_store import open_object_store

pytestmark = pytest.mark.django_db


def _kept(content: bytes) -> OutputRecord:
    store = open_object_store(settings.WORKSPACE.objects, settings.WORKSPACE.root)
    key, digest, size = put_derivative(store, content)
    return {"key": key, "sha256": digest, "size": size, "media_type": "application/json"}


def _said(start: int, end: int, text: str) -> dict[str, object]:
    times = {name: {"pts": pts, "time_base": [1, 1000]} for name, pts in (("start", start), ("end", end))}
    return {**times, "text": text, "language": "ru", "confidence": "0.5", "flags": []}


@pytest.fixture
def crew() -> Crew:
    return bridge()


@pytest.fixture
def item(crew: Crew) -> Item:
    item = receive(crew.case, b"a film that speaks", b"film.mp4")
    examine(item)
    return item


def _copied(item: Item) -> Derivation:
    sealed = json.dumps({"offset": {"pts": 844, "time_base": [1, 1000]}}).encode()
    outputs = {"redacted.mp4": _kept(b"masked"), "redaction.json": _kept(b"{}"), "sealed.json": _kept(sealed)}
    work = BY_NAME["redaction_render"].work(item.sha256, None, plan_sha256="0" * 64)
    record_results([Result(work, DONE, outputs=outputs)], {})
    made = derivation_of_copy(outputs["redacted.mp4"]["sha256"])
    assert made is not None
    return made


def _transcribed(item: Item, *segments: dict[str, object]) -> None:
    told = json.dumps({"language": "ru", "segments": list(segments)}).encode()
    work = BY_NAME["speech"].work(item.sha256, Model("a model", "1" * 64))
    record_results([Result(work, DONE, outputs={"transcript.json": _kept(told)})], {})


def test_the_clock_is_the_copys_and_the_first_lines_say_that_nobody_checked_it(item: Item) -> None:
    _transcribed(
        item,
        _said(0, 500, "before it"),
        _said(1844, 2844, "моя нога --> <b>"),
        _said(3_700_844, 3_700_844, "x"),
    )
    draft = draft_of(_copied(item))
    assert draft is not None
    assert draft.startswith("WEBVTT\n\nNOTE\nDraft of a machine, not checked by anybody.")
    assert "before it" not in draft, "what lies before the first picture is not in the copy"
    assert "\n00:00:01.000 --> 00:00:02.000\nмоя нога → &lt;b&gt;\n" in draft
    assert "\n01:01:40.000 --> 01:01:40.500\nx\n" in draft


def test_without_a_transcript_there_is_no_draft(crew: Crew, item: Item, client: Client) -> None:
    made = _copied(item)
    assert draft_of(made) is None
    client.force_login(crew.member("ann", "analyst_1"))
    copy = made.outputs["redacted.mp4"]["sha256"]
    address = reverse("draft_subtitles", args=[crew.case.slug, item.sha256, copy])
    assert client.get(address).status_code == 404
    _transcribed(item, _said(1844, 2844, "слова"))
    answer = client.get(address)
    assert answer["Content-Disposition"].startswith("attachment")
    assert "слова" in answer.content.decode()
    client.force_login(crew.member("wen", "welfare_officer"))
    assert client.get(address).status_code == 404

"""tus 1.0 as a client speaks it, from the first request to the item in the case."""

import io
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha1, sha256
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings as workbench
from django.http import HttpResponse
from django.test import Client

from videtur.evidence.models import Capture, Item, Refusal
from videtur.footage.derived import open_store
from videtur.ledger.services import size
from videtur.pipeline.jobs import Job
from videtur.web import uploads_tus

if TYPE_CHECKING:
    from tests.web.conftest import House

FILM = b"\x00\x00\x00\x18ftypmp42" + b"a film" * 1000
PLACE = "/cases/the-first-case/uploads/"
TUS = {"Tus-Resumable": "1.0.0"}
PIECE = "application/offset+octet-stream"


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was queued for examination; the queue itself has its own tests."""
    items: list[str] = []

    def note(found: list[Job]) -> None:
        items.extend(job.input_sha256 for job in found)

    monkeypatch.setattr("videtur.web.taking_in.ask_for_examination", note)
    return items


def begin(client: Client, length: int, name: bytes = b"clip.mp4") -> str:
    metadata = f"filename {b64encode(name).decode()},filetype {b64encode(b'video/mp4').decode()}"
    answer = client.post(PLACE, headers=TUS | {"Upload-Length": str(length), "Upload-Metadata": metadata})
    assert answer.status_code == 201, answer.content
    assert answer["Tus-Resumable"] == "1.0.0"
    assert answer["Upload-Expires"].endswith(" GMT")
    return answer["Location"]


def send(client: Client, place: str, offset: int, data: bytes, **headers: str) -> HttpResponse:
    return client.patch(
        place, data, content_type=PIECE, headers=TUS | {"Upload-Offset": str(offset)} | headers
    )


def test_options_say_what_is_understood(client: Client) -> None:
    answer = client.options(PLACE)
    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert set(answer["Tus-Extension"].split(",")) == {"creation", "checksum", "expiration", "termination"}
    assert int(answer["Tus-Max-Size"]) == workbench.UPLOAD_SIZE_LIMIT
    assert "sha1" in answer["Tus-Checksum-Algorithm"].split(",")


def test_pieces_become_an_item(house: "House", client: Client, asked: list[str]) -> None:
    place = begin(client, len(FILM), "Зліва направо.mp4".encode())
    half = len(FILM) // 2
    first = send(client, place, 0, FILM[:half])
    assert (first.status_code, first["Upload-Offset"]) == (204, str(half))
    head = client.head(place, headers=TUS)
    assert (head["Upload-Offset"], head["Upload-Length"]) == (str(half), str(len(FILM)))
    assert head["Cache-Control"] == "no-store"
    last = send(client, place, half, FILM[half:])
    assert last.status_code == 204
    assert last["Videtur-Item"] == sha256(FILM).hexdigest()
    capture = Capture.objects.get()
    assert (capture.how, capture.file_name, capture.captured_by) == (
        "upload",
        "Зліва направо.mp4",
        house.lead.actor,
    )
    assert capture.case == house.case.thing
    with open_store().open(capture.item.object_key) as stored:
        assert stored.read() == FILM
    assert asked == [capture.item.sha256]


def test_the_last_answer_lost_loses_and_doubles_nothing(house: "House", client: Client) -> None:
    place = begin(client, len(FILM))
    send(client, place, 0, FILM)
    before = size()
    head = client.head(place, headers=TUS)
    assert head["Upload-Offset"] == str(len(FILM))
    assert head["Videtur-Item"] == sha256(FILM).hexdigest()
    assert size() == before
    assert Capture.objects.count() == 1


def test_a_kill_before_the_take_in_is_made_good_by_the_next_look(house: "House", client: Client) -> None:
    place = begin(client, len(FILM))
    shelf = uploads_tus.shelf()
    upload = shelf.find(place.rpartition("/")[2])
    assert upload
    with shelf.alone(upload.id):
        upload = shelf.append(upload, io.BytesIO(FILM), len(FILM))
    assert upload.complete
    assert not Item.objects.exists()
    assert client.head(place, headers=TUS)["Videtur-Item"] == sha256(FILM).hexdigest()
    assert Item.objects.count() == Capture.objects.count() == 1


def test_a_kill_between_take_in_and_its_note_doubles_nothing(house: "House", client: Client) -> None:
    place = begin(client, len(FILM))
    shelf = uploads_tus.shelf()
    upload = shelf.find(place.rpartition("/")[2])
    assert upload
    send(client, place, 0, FILM)
    before = size()
    # As it was before the note: complete, not settled, the bytes still there.
    shelf.data(upload).write_bytes(FILM)
    shelf.write(replace(upload, offset=len(FILM)))
    assert client.head(place, headers=TUS)["Videtur-Item"] == sha256(FILM).hexdigest()
    assert size() == before


def test_the_wrong_offset_is_refused_with_the_right_one(client: Client) -> None:
    place = begin(client, len(FILM))
    send(client, place, 0, FILM[:10])
    answer = send(client, place, 0, FILM[:10])
    assert (answer.status_code, answer["Upload-Offset"]) == (409, "10")


@pytest.mark.parametrize("offset", ["", "-1", "1e3", "٣", "0x0", "9" * 30])
def test_a_malformed_offset_is_refused(client: Client, offset: str) -> None:
    place = begin(client, len(FILM))
    answer = client.patch(place, FILM, content_type=PIECE, headers=TUS | {"Upload-Offset": offset})
    assert answer.status_code == 409


def test_another_version_or_type_is_refused(client: Client) -> None:
    place = begin(client, len(FILM))
    other = client.head(place, headers={"Tus-Resumable": "0.2.2"})
    assert (other.status_code, other["Tus-Version"]) == (412, "1.0.0")
    assert client.patch(place, FILM, content_type="text/plain", headers=TUS).status_code == 415


def test_a_checksum_that_differs_keeps_nothing_of_the_piece(client: Client) -> None:
    place = begin(client, len(FILM))
    wrong = "sha1 " + b64encode(sha1(b"x", usedforsecurity=False).digest()).decode()
    assert send(client, place, 0, FILM[:100], **{"Upload-Checksum": wrong}).status_code == 460
    assert client.head(place, headers=TUS)["Upload-Offset"] == "0"
    right = "sha256 " + b64encode(sha256(FILM[:100]).digest()).decode()
    assert send(client, place, 0, FILM[:100], **{"Upload-Checksum": right})["Upload-Offset"] == "100"


@pytest.mark.parametrize("checksum", ["md5 abcd", "sha256 !!!", "sha256", ""])
def test_a_malformed_checksum_is_refused(client: Client, checksum: str) -> None:
    place = begin(client, len(FILM))
    assert send(client, place, 0, FILM[:10], **{"Upload-Checksum": checksum}).status_code in (400, 460)
    assert client.head(place, headers=TUS)["Upload-Offset"] == "0"


def test_too_much_is_refused(client: Client, settings: Any) -> None:
    place = begin(client, 10)
    assert send(client, place, 0, b"x" * 11).status_code == 413
    settings.UPLOAD_SIZE_LIMIT = 100
    answer = client.post(PLACE, headers=TUS | {"Upload-Length": "101"})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Upload-Length": "-5"},
        {"Upload-Length": "many"},
        {"Upload-Length": "5", "Upload-Metadata": "filename ???"},
        {"Upload-Length": "5", "Upload-Metadata": "filename " + "QUFB" * 2000},
    ],
)
def test_malformed_creations_are_refused(client: Client, headers: dict[str, str]) -> None:
    assert client.post(PLACE, headers=TUS | headers).status_code == 400


def test_giving_up_leaves_nothing(client: Client) -> None:
    place = begin(client, len(FILM))
    send(client, place, 0, FILM[:100])
    assert client.delete(place, headers=TUS).status_code == 204
    assert client.head(place, headers=TUS).status_code == 404
    assert not (workbench.WORKSPACE.uploads / place.rpartition("/")[2]).exists()


def test_what_waited_too_long_is_gone(client: Client) -> None:
    place = begin(client, len(FILM))
    shelf = uploads_tus.shelf()
    upload = shelf.find(place.rpartition("/")[2])
    assert upload
    shelf.write(replace(upload, expires=(datetime.now(UTC) - timedelta(hours=1)).isoformat()))
    assert client.head(place, headers=TUS).status_code == 410
    assert client.head(place, headers=TUS).status_code == 404


@pytest.mark.parametrize(
    ("data", "reason"), [(b"", "empty"), (b"%PDF-1.7 no film" * 20, "not_media")], ids=["empty", "document"]
)
def test_what_is_no_film_is_refused_and_recorded(
    client: Client, asked: list[str], data: bytes, reason: str
) -> None:
    if data:
        answer = send(client, begin(client, len(data)), 0, data)
    else:
        answer = client.post(PLACE, headers=TUS | {"Upload-Length": "0"})
    assert answer.status_code == 422
    assert answer.content
    assert Refusal.objects.get().reason == reason
    assert not Item.objects.exists()
    assert not asked


def test_a_hostile_name_is_only_a_name(house: "House", client: Client) -> None:
    name = b"../../etc/<script>alert(1)</script>\xe2\x80\xaegpj.exe\n\xff"
    place = begin(client, len(FILM), name)
    assert send(client, place, 0, FILM).status_code == 204
    capture = Capture.objects.get()
    assert bytes(capture.file_name_bytes) == name
    assert "\u202e" not in capture.file_name
    assert "\n" not in capture.file_name
    page = client.get("/cases/the-first-case/").content.decode()
    assert "<script>alert" not in page
    assert "\u202e" not in page

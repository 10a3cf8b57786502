"""Releases on their pages and on their way out: text and masked copies alone, and nothing against them."""

import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.method_case import Crew, Workers, bridge, workers
from tests.publication.conftest import examine, receive
from videtur.cases.case_file import case_file_of
from videtur.cases.entities import ForbiddenState
from videtur.cases.saving import save
from videtur.engines.method.entities.publication import Redaction, Release
from videtur.errors import NotPermitted, WrongUsage
from videtur.evidence.contributions import item_name
from videtur.people.models import User
from videtur.pipeline.derivations import DONE
from videtur.pipeline.models import OutputRecord
from videtur.pipeline.services import Result, record_results
from videtur.pipeline.steps import BY_NAME
from videtur.publication.hand_out import hand_out
from videtur.publication.release_steps import (
    approve_release,
    check_redaction,
    draft_release,
    hindrances,
    lift_embargo,
    release,
    sign_as_protection_officer,
)
from videtur.storage.derivatives import put_derivative
from videtur.storage.object_store import open_object_store

pytestmark = pytest.mark.django_db
FILM = b"a masked film"


def _kept(content: bytes, media_type: str) -> OutputRecord:
    store = open_object_store(settings.WORKSPACE.objects, settings.WORKSPACE.root)
    key, digest, size = put_derivative(store, content)
    return {"key": key, "sha256": digest, "size": size, "media_type": media_type}


def _with_copy(crew: Crew, people: Workers, guard: User, **more: object) -> None:
    """A release with one picture, whose masked copy was made here and signed by two."""
    item = receive(crew.case, b"a film with faces", b"film.mp4")
    examine(item)
    outputs = {
        "redacted.mp4": _kept(FILM, "video/mp4"),
        "redaction.json": _kept(b'{"format":"x"}', "application/json"),
    }
    work = BY_NAME["redaction_render"].work(item.sha256, None, plan_sha256="0" * 64)
    record_results([Result(work, DONE, outputs=outputs)], {})
    copy = {
        "id": "RD1", "item": item_name(item.sha256), "sha256": sha256(FILM).hexdigest(),
        "masks": ["face", "metadata", "voice"], "method": "solid",
    }  # fmt: skip
    save(people.first, crew.case, Redaction.model_validate(copy))
    check_redaction(guard, crew.case, "RD1")
    check_redaction(people.approver, crew.case, "RD1")
    name = item_name(item.sha256)
    media = [{"item": name, "redaction": "RD1"}]
    given = {
        "id": "RL1", "title": "A report", "media": media,
        "sentences": [{"id": "S1", "text": "A film is looked at.", "evidence": [name]}], **more,
    }  # fmt: skip
    draft_release(people.lead, crew.case, Release.model_validate(given))


@pytest.fixture
def crew() -> Crew:
    return bridge()


@pytest.fixture
def people(crew: Crew) -> Workers:
    return workers(crew)


@pytest.fixture
def guard(crew: Crew) -> User:
    return crew.member("guard", "protection_officer")


def _signed(crew: Crew, people: Workers, guard: User) -> None:
    sign_as_protection_officer(guard, crew.case, "RL1")
    approve_release(people.approver, crew.case, "RL1")


def test_only_text_and_masked_copies_leave(crew: Crew, people: Workers, guard: User, tmp_path: Path) -> None:
    _with_copy(crew, people, guard)
    out = tmp_path / "out"
    with pytest.raises(WrongUsage, match="RL1 is drafted"):
        hand_out(people.lead, crew.case, "RL1", out)
    _signed(crew, people, guard)
    done = hand_out(people.lead, crew.case, "RL1", out)
    digest = sha256(FILM).hexdigest()
    assert done.release.status == "released"
    assert {path.name for path in out.iterdir()} == {
        f"{digest}.mp4",
        f"{digest}.redaction.json",
        "release.txt",
        "SHA256SUMS",
    }
    assert (out / f"{digest}.mp4").read_bytes() == FILM
    assert "A film is looked at." in (out / "release.txt").read_text()
    for line in (out / "SHA256SUMS").read_text().splitlines():
        told, name = line.split("  ")
        assert sha256((out / name).read_bytes()).hexdigest() == told
    with pytest.raises(WrongUsage, match="there already"):
        hand_out(people.lead, crew.case, "RL1", out)
    with pytest.raises(NotPermitted):
        hand_out(people.first, crew.case, "RL1", tmp_path / "again")
    hand_out(people.lead, crew.case, "RL1", tmp_path / "again")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again", "out"]


def test_a_copy_that_was_made_elsewhere_does_not_leave(
    crew: Crew, people: Workers, guard: User, tmp_path: Path
) -> None:
    _with_copy(crew, people, guard)
    present = case_file_of(crew.case).get(Redaction, "RD1")
    assert present is not None
    save(people.first, crew.case, present.model_copy(update={"sha256": "1" * 64}))
    _signed(crew, people, guard)
    with pytest.raises(WrongUsage, match="made and checked here"):
        hand_out(people.lead, crew.case, "RL1", tmp_path / "out")
    assert list(tmp_path.iterdir()) == []
    released = case_file_of(crew.case).get(Release, "RL1")
    assert released is not None
    assert released.status == "approved"


def test_an_embargo_holds_until_it_ends_or_is_lifted_with_a_reason(
    crew: Crew, people: Workers, guard: User, tmp_path: Path
) -> None:
    later = (datetime.now(UTC) + timedelta(days=3)).isoformat(timespec="seconds")
    _with_copy(crew, people, guard, embargo_until=later)
    _signed(crew, people, guard)
    with pytest.raises(WrongUsage) as refused:
        hand_out(people.lead, crew.case, "RL1", tmp_path / "out")
    assert "M12.embargo" in refused.value.why
    with pytest.raises(ForbiddenState, match="not saved"):
        release(people.lead, crew.case, "RL1")
    with pytest.raises(WrongUsage, match="reason"):
        lift_embargo(people.lead, crew.case, "RL1", " ")
    lift_embargo(people.lead, crew.case, "RL1", "The families were told")
    assert hand_out(people.lead, crew.case, "RL1", tmp_path / "out").release.status == "released"


def test_a_risk_asks_for_coarser_place_and_time(crew: Crew, people: Workers, guard: User) -> None:
    _with_copy(crew, people, guard, risk="high", place_shown="settlement", time_shown="year")
    whole = case_file_of(crew.case)
    present = whole.get(Release, "RL1")
    assert present is not None
    assert [each.why for each in hindrances(whole, present) if each.rule == "M12.coarse"] == [
        "It shows a place more exactly than the risk allows"
    ]


def test_a_release_goes_its_way_on_its_page(crew: Crew, people: Workers, guard: User, client: Client) -> None:
    _with_copy(crew, people, guard)
    address = reverse("release", args=[crew.case.slug, "RL1"])
    client.force_login(people.lead)
    page = client.get(address).content.decode()
    assert "Who could be told from it" in page
    sign_page = client.get(reverse("masked_copy", args=[crew.case.slug, "RD1"])).content.decode()
    film = re.search(r'href="([^"]+/film)"', sign_page)
    assert film is not None
    assert b"".join(client.get(film.group(1)).streaming_content) == FILM  # type: ignore[attr-defined]
    assert client.get(reverse("releases", args=[crew.case.slug])).status_code == 200
    assert client.post(address, {"do": "protect"}).status_code == 404, "not this person's to do"
    for who, deed in ((guard, "protect"), (people.approver, "approve"), (people.lead, "release")):
        client.force_login(who)
        assert client.post(address, {"do": deed}).status_code == 302, deed
    after = case_file_of(crew.case).get(Release, "RL1")
    assert after is not None
    assert after.status == "released"
    assert client.post(address, {"do": "withdraw", "withdraw.because": ""}).status_code == 422
    assert client.post(address, {"do": "withdraw", "withdraw.because": "A face was seen"}).status_code == 302


def test_a_masked_copy_is_signed_by_two_on_its_page(
    crew: Crew, people: Workers, guard: User, client: Client
) -> None:
    item = receive(crew.case, b"another film", b"film.mp4")
    copy = {"id": "RD1", "item": item_name(item.sha256), "sha256": "0" * 64, "method": "solid"}
    save(people.first, crew.case, Redaction.model_validate(copy))
    address = reverse("masked_copy", args=[crew.case.slug, "RD1"])
    client.force_login(guard)
    assert client.post(address, {"do": "sign"}).status_code == 302
    assert client.post(address, {"do": "sign"}).status_code == 422, "one person cannot sign twice"
    client.force_login(people.approver)
    assert client.post(address, {"do": "sign"}).status_code == 302
    signed = case_file_of(crew.case).get(Redaction, "RD1")
    assert signed is not None
    assert "not made and checked here" in client.get(address).content.decode()
    assert (signed.checked_by, signed.approved_by) == (guard.actor, people.approver.actor)

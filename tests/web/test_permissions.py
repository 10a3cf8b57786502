"""Who gets to see what, by name: strangers get 404 everywhere, the anonymous are sent to sign in."""

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from tests.web.conftest import make_user
from videtur.cases.services import add_member
from videtur.evidence.contributions import item_name
from videtur.evidence.item_steps import describe_item
from videtur.evidence.models import Item
from videtur.footage.models import CopyDecision, Observation
from videtur.ledger.services import size
from videtur.people.models import User

if TYPE_CHECKING:
    from tests.web.conftest import House

CASE = "/cases/the-first-case/"
ITEM = CASE + "items/{sha256}/"
PAGES = [CASE, CASE + "upload/", ITEM]
MEDIA = [
    ITEM + "media/original",
    ITEM + "media/preview",
    ITEM + "outputs/filmstrip/poster.jpg",
    ITEM + "outputs/decode/presentation_times.bin",
]
STILL = ITEM + "still/512"
API_CASE = "/api/cases/the-first-case/"
API = [
    API_CASE + "progress",
    API_CASE + "items/{sha256}/timeline",
    API_CASE + "items/{sha256}/observations",
]
TUS = {"Tus-Resumable": "1.0.0"}


@pytest.mark.parametrize("path", [*PAGES, *MEDIA, *API])
def test_a_member_gets_an_answer(client: Client, item: Item, path: str) -> None:
    answer = client.get(path.format(sha256=item.sha256))
    answer.close()
    assert answer.status_code == 200


@pytest.mark.parametrize("path", [*PAGES, *MEDIA, STILL, *API])
def test_a_stranger_finds_nothing(house: "House", item: Item, path: str) -> None:
    assert house.browser(house.stranger).get(path.format(sha256=item.sha256)).status_code == 404


@pytest.mark.parametrize("path", ["/", *PAGES, *MEDIA, STILL])
def test_the_anonymous_are_sent_to_sign_in(item: Item, path: str) -> None:
    answer = Client().get(path.format(sha256=item.sha256))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=/")


@pytest.mark.parametrize("path", [*API, "/api/openapi.json"])
def test_an_anonymous_program_is_told_401(item: Item, path: str) -> None:
    assert Client().get(path.format(sha256=item.sha256)).status_code == 401


def test_a_disabled_account_is_out_at_once(house: "House", item: Item) -> None:
    browser = house.browser(house.lead)
    assert browser.get(ITEM.format(sha256=item.sha256)).status_code == 200
    house.lead.is_active = False
    house.lead.save()
    assert browser.get(ITEM.format(sha256=item.sha256)).status_code == 302


@pytest.mark.parametrize("path", [ITEM, *MEDIA, STILL, *API[1:]])
def test_an_item_of_my_case_is_not_found_under_another(house: "House", item: Item, path: str) -> None:
    stranger = house.browser(house.stranger)
    mine = path.replace("the-first-case", "another-case").format(sha256=item.sha256)
    assert stranger.get(mine).status_code == 404


@pytest.mark.parametrize("method", ["options", "post"])
def test_a_stranger_cannot_upload(house: "House", method: str) -> None:
    stranger = house.browser(house.stranger)
    answer = getattr(stranger, method)(CASE + "uploads/", headers=TUS | {"Upload-Length": "5"})
    assert answer.status_code == 404


def test_somebody_who_may_only_read_cannot_upload(house: "House") -> None:
    auditor = house.browser(house.auditor)
    assert auditor.get(CASE).status_code == 200
    assert auditor.get(CASE + "upload/").status_code == 404
    assert auditor.post(CASE + "uploads/", headers=TUS | {"Upload-Length": "5"}).status_code == 404


def test_the_anonymous_cannot_upload(house: "House") -> None:
    assert Client().post(CASE + "uploads/", headers=TUS | {"Upload-Length": "5"}).status_code == 401


def test_an_upload_is_its_owners_alone(house: "House", client: Client) -> None:
    made = client.post(CASE + "uploads/", headers=TUS | {"Upload-Length": "5"})
    assert made.status_code == 201
    twin = house.browser(house.stranger)
    assert twin.head(made["Location"], headers=TUS).status_code == 404
    from videtur.cases.services import add_member

    add_member("system:test", house.case, house.stranger, "intake_officer")
    assert twin.get(CASE).status_code == 200
    assert twin.head(made["Location"], headers=TUS).status_code == 404
    assert twin.delete(made["Location"], headers=TUS).status_code == 404
    assert client.head(made["Location"], headers=TUS).status_code == 200


def test_somebody_who_may_only_read_writes_nothing(house: "House", item: Item) -> None:
    twin = house.take(b"\x00\x00\x00\x18ftypmp42another")
    auditor = house.browser(house.auditor)
    before = size()
    base = ITEM.format(sha256=item.sha256)
    observed = auditor.post(API[2].format(sha256=item.sha256), {}, content_type="application/json")
    decided = auditor.post(
        f"{base}copies/{twin.sha256}/", {"decision": "same_footage", "reason": "It looks so"}
    )
    withdrawn = auditor.post(f"{base}observations/{house.case.thing}/withdraw/", {"reason": "Wrong"})
    assert [answer.status_code for answer in (observed, decided, withdrawn)] == [403, 403, 403]
    assert size() == before
    assert not Observation.objects.exists()
    assert not CopyDecision.objects.exists()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        CASE + "uploads/",
        API[2],
        ITEM + "copies/{sha256}/",
        ITEM + "observations/018f0000-0000-7000-8000-000000000000/withdraw/",
        "/accounts/logout/",
        "/language/",
    ],
)
def test_nothing_is_written_without_the_forms_token(house: "House", item: Item, path: str) -> None:
    browser = house.browser(house.lead, csrf=True)
    before = size()
    answer = browser.post(path.format(sha256=item.sha256), headers=TUS | {"Upload-Length": "5"})
    assert answer.status_code == 403
    assert size() == before


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_no_piece_of_an_upload_without_the_token(house: "House", client: Client, method: str) -> None:
    made = client.post(CASE + "uploads/", headers=TUS | {"Upload-Length": "5"})
    browser = house.browser(house.lead, csrf=True)
    answer = getattr(browser, method)(made["Location"], headers=TUS | {"Upload-Offset": "0"})
    assert answer.status_code == 403


def test_nobody_signs_up(db: None) -> None:
    page = Client().post("/accounts/signup/", {"username": "intruder", "password1": "correct horse battery"})
    assert page.status_code == 200
    assert "Accounts are not made here" in page.content.decode()
    from videtur.people.models import User

    assert not User.objects.filter(username="intruder").exists()


def test_no_media_lies_under_a_public_path(item: Item) -> None:
    for path in (f"/static/{item.object_key}", f"/static/../{item.object_key}", f"/{item.object_key}"):
        assert Client().get(path).status_code in (302, 404)


def test_what_is_sealed_is_closed_to_all_but_its_keepers(house: "House", item: Item) -> None:
    analyst, welfare = make_user("analyst"), make_user("welfare")
    add_member("system:test", house.case, analyst, "analyst_1")
    add_member("system:test", house.case, welfare, "welfare_officer")
    every = [path.format(sha256=item.sha256) for path in (ITEM, *MEDIA, *API[1:])]

    def opened(user: User) -> set[int]:
        answers = [house.browser(user).get(path) for path in every]
        for answer in answers:
            if answer.streaming:  # read to its end it closes alone; closed by us, so would the database be
                b"".join(answer)
        return {answer.status_code for answer in answers}

    assert opened(analyst) == {200}
    assert opened(welfare) == {404}
    assert item.sha256 not in house.browser(welfare).get(CASE).content.decode()
    describe_item(house.lead, house.case, item_name(item.sha256), sexual_violence=True)
    assert opened(house.lead) == {200}
    assert opened(analyst) == {404}
    assert item.sha256 not in house.browser(analyst).get(CASE).content.decode()
    assert item.sha256 in house.browser(house.lead).get(CASE).content.decode()

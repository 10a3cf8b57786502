"""What the pages show, and what they write down."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from django.test import Client

from videtur.cases.models import Case, Membership
from videtur.cases.queries import find_case
from videtur.evidence.models import Item
from videtur.evidence.services import CaptureFacts
from videtur.footage.grid import Sieve
from videtur.footage.models import CopyDecision, Observation
from videtur.ledger.services import size

if TYPE_CHECKING:
    from tests.web.conftest import House

CASE = "/cases/the-first-case/"


def names_on(client: Client, query: str) -> list[str]:
    html = client.get(CASE + query).content.decode()
    return re.findall(r"<h2><a [^>]*><bdi>([^<]*)</bdi>", html)


def test_signing_in_and_out(house: "House") -> None:
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(CASE, follow=True)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())
    assert token
    wrong = browser.post(
        "/accounts/login/", {"login": "lead", "password": "wrong", "csrfmiddlewaretoken": token[1]}
    )
    assert wrong.status_code == 200
    assert 'role="alert"' in wrong.content.decode()
    signed = browser.post(
        "/accounts/login/",
        {
            "login": "lead",
            "password": "correct horse battery staple",
            "next": CASE,
            "csrfmiddlewaretoken": token[1],
        },
    )
    assert signed.status_code == 302
    assert urlsplit(signed["Location"]).path == CASE
    cookie = signed.cookies["videtur_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert browser.get(CASE).status_code == 200
    fresh = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.get(CASE).content.decode())
    assert fresh
    browser.post("/accounts/logout/", {"csrfmiddlewaretoken": fresh[1]})
    assert browser.get(CASE).status_code == 302


def test_nobody_is_sent_to_another_site_after_signing_in(house: "House") -> None:
    answer = Client().post(
        "/accounts/login/",
        {"login": "lead", "password": "correct horse battery staple", "next": "https://elsewhere.example/"},
    )
    assert answer.status_code == 302
    assert answer["Location"] == "/"


def test_a_case_is_opened_and_led(house: "House", client: Client) -> None:
    answer = client.post("/", {"title": "Подвір'я", "summary": "Something"})
    assert answer.status_code == 302
    case = Case.objects.get(title="Подвір'я")
    assert answer["Location"] == f"/cases/{case.slug}/"
    assert Membership.objects.get(case=case.thing).user_id == house.lead.id
    again = client.post("/", {"title": "Подвір'я"})
    assert again.status_code == 422
    assert 'role="alert"' in again.content.decode()


def test_only_ones_own_cases_are_listed(house: "House") -> None:
    html = house.browser(house.stranger).get("/").content.decode()
    assert "Another case" in html
    assert "The first case" not in html


def test_the_grid_sifts_and_sorts(house: "House", client: Client, item: Item) -> None:
    house.take(b"\x00\x00\x00\x18ftypmp42b", b"b.mp4", CaptureFacts(source="Party B"))
    house.take(b"\x00\x00\x00\x18ftypmp42a", b"a.mp4", CaptureFacts(source="Party A"))
    assert names_on(client, "") == ["clip.mp4", "b.mp4", "a.mp4"]
    assert names_on(client, "?sort=name") == ["a.mp4", "b.mp4", "clip.mp4"]
    assert names_on(client, "?sort=newest") == ["a.mp4", "b.mp4", "clip.mp4"]
    assert names_on(client, "?sort=length")[0] == "clip.mp4"
    assert names_on(client, "?source=Party+A") == ["a.mp4"]
    assert names_on(client, "?length=under-30s") == ["clip.mp4"]
    assert names_on(client, "?length=over-15min") == []
    assert names_on(client, "?text=B.MP") == ["b.mp4"]
    assert names_on(client, f"?text={item.sha256[:12]}") == ["clip.mp4"]
    assert names_on(client, "?state=failed") == []
    assert names_on(client, "?state=nonsense&sort=nonsense&page=nonsense") == ["clip.mp4", "b.mp4", "a.mp4"]


def test_the_grid_is_paged(house: "House", client: Client) -> None:
    for number in range(61):
        house.take(b"\x00\x00\x00\x18ftypmp42" + str(number).encode(), f"{number:02}.mp4".encode())
    assert len(names_on(client, "")) == 60
    assert names_on(client, "?page=2&sort=name") == ["60.mp4"]
    assert '<a rel="next" href="?sort=name&amp;page=2">' in client.get(CASE + "?sort=name").content.decode()


def test_pictures_are_covered_until_asked_for(client: Client, item: Item) -> None:
    html = client.get(CASE).content.decode()
    assert 'class="poster"' in html
    assert 'id="reveal" autocomplete="off">' in html, "the box is not ticked"


def test_a_query_survives_a_round_trip() -> None:
    query = {"state": "failed", "length": "3-15min", "source": "x", "text": "y", "sort": "name"}
    assert Sieve.from_query(query).as_query() == query


def test_the_item_page_tells_what_is_known(client: Client, item: Item) -> None:
    html = client.get(f"{CASE}items/{item.sha256}/").content.decode()
    for known in (item.sha256, item.sha512, "320 × 180", "h264", "Received, hashed and stored", "#"):
        assert known in html
    assert f'timeline-url="/api/cases/the-first-case/items/{item.sha256}/timeline"' in html
    assert 'still-url="/cases/the-first-case/items/' in html


def observe(client: Client, item: Item, **changes: object) -> "dict[str, object]":
    draft: dict[str, object] = {
        "start": {"pts": 12800, "time_base": [1, 12800]},
        "end": {"pts": 25600, "time_base": [1, 12800]},
        "modality": "visual",
        "role": "apparent_captive",
        "states": ["kneeling"],
        "count": {"min": 2, "max": None, "basis": "simultaneously_visible"},
        "text": "What appear to be two persons kneel.",
    }
    answer = client.post(
        f"/api{CASE}items/{item.sha256}/observations", draft | changes, content_type="application/json"
    )
    return {"status": answer.status_code, **answer.json()}


def test_an_observation_is_recorded_and_shown(house: "House", client: Client, item: Item) -> None:
    before = size()
    made = observe(client, item)
    assert made["status"] == 201
    assert made["ledger_index"] == before
    assert Observation.objects.get().observed_by == house.lead.actor
    html = client.get(f"{CASE}items/{item.sha256}/").content.decode()
    assert "What appear to be two persons kneel." in html
    assert "at least 2" in html
    assert "Observation added" in html
    timeline = client.get(f"/api{CASE}items/{item.sha256}/timeline").json()
    assert [each["id"] for each in timeline["observations"]] == [made["id"]]
    assert timeline["preview"]["url"].endswith("/media/preview")
    assert timeline["shots"] == [{"start_pts": 0, "end_pts": 128000}]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": "He was executed"}, "text"),
        ({"modality": "smell"}, "modality"),
        ({"end": {"pts": 0, "time_base": [1, 12800]}}, "end"),
        ({"end": {"pts": 10**9, "time_base": [1, 12800]}}, "end"),
        ({"hedge": "H5_finding"}, "hedge"),
        ({"start": "now"}, "start"),
    ],
)
def test_a_bad_observation_is_answered_with_its_problems(
    client: Client, item: Item, changes: dict[str, object], field: str
) -> None:
    before = size()
    answer = observe(client, item, **changes)
    assert answer["status"] == 422
    assert f"'field': '{field}'" in str(answer["problems"])
    assert size() == before


@pytest.mark.parametrize("body", ["", "[]", "{", "null", '"x"'])
def test_a_body_that_is_no_object_is_answered_too(client: Client, item: Item, body: str) -> None:
    path = f"/api{CASE}items/{item.sha256}/observations"
    answer = client.post(path, body, content_type="application/json")
    assert answer.status_code == 422


def test_a_withdrawal_needs_a_reason_and_stays_readable(client: Client, item: Item) -> None:
    made = observe(client, item)
    place = f"{CASE}items/{item.sha256}/observations/{made['id']}/withdraw/"
    assert "needs a reason" in client.post(place, {"reason": "  "}, follow=True).content.decode()
    html = client.post(place, {"reason": "It was a shadow"}, follow=True).content.decode()
    assert "It was a shadow" in html
    assert "What appear to be two persons kneel." in html
    assert Observation.objects.count() == 2


def test_a_copy_is_decided_with_a_reason(house: "House", client: Client, item: Item) -> None:
    twin = house.take(b"\x00\x00\x00\x18ftypmp42twin", b"twin.mp4")
    place = f"{CASE}items/{item.sha256}/copies/{twin.sha256}/"
    assert client.post(place, {"decision": "maybe", "reason": "x"}).status_code == 404
    client.post(place, {"decision": "same_footage", "reason": ""})
    assert not CopyDecision.objects.exists()
    client.post(place, {"decision": "same_footage", "reason": "The same frames"})
    assert CopyDecision.objects.get().reason == "The same frames"


def test_progress_counts_items(house: "House", client: Client, item: Item) -> None:
    house.take(b"\x00\x00\x00\x18ftypmp42c", b"c.mp4")
    answer = client.get(f"/api{CASE}progress").json()
    assert answer["items"] == 2
    assert sum(answer["states"].values()) == 2
    assert answer["settled"] is False


def test_health_is_for_anybody(db: None) -> None:
    assert Client().get("/healthz").json()["ok"] is True


def test_no_page_of_the_interface_loads_from_elsewhere(client: Client) -> None:
    assert client.get("/api/docs").status_code == 404
    assert client.get("/api/openapi.json").json()["info"]["title"] == "Videtur"


def test_media_come_in_ranges_and_only_to_be_looked_at(client: Client, item: Item) -> None:
    answer = client.get(f"{CASE}items/{item.sha256}/media/preview", headers={"Range": "bytes=4-7"})
    assert answer.status_code == 206
    assert answer.getvalue() == b"ftyp"
    answer.close()
    assert answer["Content-Type"] == "video/mp4"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")


@pytest.mark.parametrize("name", ["nothing.jpg", "..%2f..%2fvidetur.db", "poster.jpg%00"])
def test_only_recorded_outputs_are_there(client: Client, item: Item, name: str) -> None:
    assert client.get(f"{CASE}items/{item.sha256}/outputs/filmstrip/{name}").status_code == 404


def related(house: "House", this: Item, other: Item) -> None:
    """As a copy search records it: the first five seconds of one are the last five of the other."""

    def part(start: int, end: int) -> list[dict[str, object]]:
        return [{"pts": second * 12800, "time_base": [1, 12800]} for second in (start, end)]

    segment = {"this": part(0, 5), "other": part(5, 10), "score": "0.97"}
    relation = {
        "other": other.sha256,
        "modality": "picture",
        "outcome": "same_footage",
        "segments": [segment],
        "transform": ["mirror"],
        "speed": "1",
        "score": "0.97",
        "reasons": [f"motion agrees with {other.sha256}"],
    }
    summary = {"relation_count": 1, "hint_count": 0}
    house.derive(this, "copy_search", summary, {"relations.json": [relation]})


def test_a_family_says_which_part_and_waits_for_a_person(house: "House", client: Client, item: Item) -> None:
    twin = house.take(b"\x00\x00\x00\x18ftypmp42twin", b"twin.mp4")
    house.examine(twin)
    related(house, item, twin)
    place = f"{CASE}items/{item.sha256}/"
    html = client.get(place).content.decode()
    assert "0–5 s here, 5–10 s there" in html
    assert f'action="{place}copies/{twin.sha256}/"' in html
    family = client.get(f"/api{place}timeline").json()["family"]
    others = [member for member in family["items"] if not member["is_this"]]
    assert [(member["item"], member["label"]) for member in others] == [(twin.sha256, "twin.mp4")]
    assert others[0]["segments"][0]["this"][1]["seconds"] == "5"
    assert client.get(CASE).content.decode().count('class="tag family"') == 2
    assert names_on(client, f"?family={family['id']}") == ["clip.mp4", "twin.mp4"]

    client.post(f"{place}copies/{twin.sha256}/", {"decision": "not_the_same_footage", "reason": "Other day"})
    assert client.get(f"/api{place}timeline").json()["family"] is None
    html = client.get(place).content.decode()
    assert "Other day" in html
    assert "Decided on a copy" in html


def test_another_case_does_not_show_through(house: "House", client: Client, item: Item) -> None:
    """Neither its items, nor its names for ours, nor what its people decided and why."""
    other = find_case("another-case")
    assert other
    elsewhere = replace(house, case=other, lead=house.stranger)
    hidden = elsewhere.take(b"\x00\x00\x00\x18ftypmp42hidden", b"hidden-name.mp4")
    elsewhere.take(b"\x00\x00\x00\x18ftypmp42" + b"first film" * 500, b"their-name-for-it.mp4")
    elsewhere.examine(hidden)
    related(house, item, hidden)
    mine = house.take(b"\x00\x00\x00\x18ftypmp42mine")
    elsewhere.take(b"\x00\x00\x00\x18ftypmp42mine")
    theirs = house.browser(house.stranger)
    decided = f"/cases/another-case/items/{item.sha256}/copies/{mine.sha256}/"
    theirs.post(decided, {"decision": "not_the_same_footage", "reason": "their secret reason"})
    place = f"{CASE}items/{item.sha256}/"
    seen = client.get(place).content.decode() + client.get(f"/api{place}timeline").content.decode()
    assert "hidden-name" not in seen
    assert "their-name-for-it" not in seen
    assert hidden.sha256 not in seen
    assert "Stranger" not in seen
    assert "their secret reason" not in seen
    assert "their secret reason" in theirs.get(decided.partition("copies/")[0]).content.decode()

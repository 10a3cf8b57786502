"""The pages of the method: who sees what, and what a page says where it refuses."""

import re

import pytest
from django.test import Client

from tests.web.conftest import House, make_user
from tests.web.office import Office, deed, open_office, page
from videtur.cases.services import add_member
from videtur.engines.method.case_file.model import KINDS
from videtur.evidence.contributions import item_name
from videtur.evidence.models import Item
from videtur.evidence.services import CaptureFacts
from videtur.footage.family_steps import open_family


@pytest.fixture
def office(db: None) -> Office:
    return open_office()


@pytest.fixture
def lead(office: Office) -> Client:
    return office.browser(office.lead)


PAGES = [
    "footage/",
    "footage/FF1/",
    "footage/FG2/",
    "sources/",
    "claims/",
    "conflicts/X1/",
    "reviews/",
    "reviews/FF1/",
    "hypotheses/",
    "law/",
    "law/of/FF1/",
    "law/of/AL1/",
    "findings/",
    "records/",
    *(f"records/{kind.section}/" for kind in KINDS),
    "records/observations/add/",
    "records/releases/add/",
    "records/observations/of/O2/",
    "records/observations/change/O2/",
    "records/place_claims/of/PC1/",
    "records/place_claims/change/PC1/",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_a_member_and_nobody_else(office: Office, lead: Client, path: str) -> None:
    page(lead, office.method + path)
    assert office.browser(office.stranger).get(office.method + path).status_code == 404
    assert Client().get(office.method + path).status_code == 302


def test_an_entity_is_added_by_its_form_and_keeps_its_history(office: Office, lead: Client) -> None:
    form = page(lead, office.method + "records/observations/add/")
    assert re.search(r'name="id" value="O6"', form)
    answer = lead.post(
        office.method + "records/observations/add/",
        {"id": "O6", "footage": "FF1", "modality": "visual", "text": "A yard is seen", "hedge": "H1_appears"},
    )
    assert answer.status_code == 302, answer.content.decode()
    shown = page(lead, office.method + "records/observations/of/O6/")
    assert "A yard is seen" in shown
    lead.post(
        office.method + "records/observations/change/O6/",
        {
            "footage": "FF1",
            "modality": "visual",
            "text": "A yard with two sheds is seen",
            "hedge": "H1_appears",
        },
    )
    shown = page(lead, office.method + "records/observations/of/O6/")
    assert "<del><bdi>A yard is seen</bdi></del>" in shown
    assert "version 2" in shown


def test_errors_stand_beside_their_fields_and_nothing_typed_is_lost(office: Office, lead: Client) -> None:
    answer = lead.post(
        office.method + "records/observations/add/",
        {
            "id": "O6",
            "footage": "FF1",
            "modality": "visual",
            "text": "A knee",
            "injury.region": "knee",
            "count.min": "x",
        },
    )
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="f-injury-timing-error"' in html
    assert "A knee" in html
    assert 'name="count.min" value="x"' in html
    assert 'id="f-count-basis-error"' in html


def test_the_second_reviewer_is_blind_until_the_review_is_in(office: Office) -> None:
    first, second = office.browser(office.first), office.browser(office.second)
    address = office.method + "reviews/FF1/"
    assert deed(first, address, "begin-analyst_1")[0] == 302
    told = {
        "aspects.integrity": "probable",
        "aspects.location": "established",
        "reason": "Roofs fit the imagery",
    }
    assert deed(first, address, "submit", **told)[0] == 302
    assert deed(second, address, "begin-analyst_2")[0] == 302
    blind = page(second, address)
    assert "this is kept from you" in blind
    open_to_the_lead = ("reviews/FF1/", "footage/FF1/", "records/allegations/")
    everything = [
        page(second, office.method + path) for path in ("footage/FF1/", "records/allegations/", "law/")
    ]
    for kept in ("Roofs fit the imagery", "Kharkiv region", "soldiers of UA"):
        assert any(
            kept in page(office.browser(office.lead), office.method + path) for path in open_to_the_lead
        )
        assert not any(kept in html for html in (blind, *everything))
    assert second.get(office.method + "records/reviews/of/RV1/").status_code == 404
    mine = {
        "aspects.integrity": "probable",
        "aspects.location": "contradicted",
        "reason": "The hill is missing",
    }
    status, html = deed(second, address, "submit", **mine)
    assert status == 302
    assert "Roofs fit the imagery" in html
    assert "The hill is missing" in html
    assert "for the arbiter" in html


def test_an_auditor_reads_and_is_offered_no_form(office: Office) -> None:
    auditor = office.browser(office.auditor)
    for path in ("footage/FF1/", "conflicts/X1/", "records/observations/", "sources/"):
        html = page(auditor, office.method + path)
        assert 'name="do"' not in html
        assert "/add/" not in html
    answer = auditor.post(
        office.method + "records/observations/add/", {"id": "O6", "footage": "FF1", "modality": "visual"}
    )
    assert answer.status_code == 403
    assert 'class="refusal"' in answer.content.decode()


def test_what_is_sealed_is_not_there_for_those_without_the_level(office: Office, lead: Client) -> None:
    given = {"id": "SX9", "kind": "interview", "description": "A witness", "access": "sealed"}
    assert lead.post(office.method + "records/sources/add/", given).status_code == 302
    assert "SX9" in page(lead, office.method + "sources/")
    analyst = office.browser(office.first)
    assert "SX9" not in page(analyst, office.method + "sources/")
    for path in ("sources/SX9/", "records/sources/of/SX9/", "records/sources/change/SX9/"):
        assert analyst.get(office.method + path).status_code == 404


def test_a_blind_reviewer_reads_no_caption_on_the_pages_of_the_files(house: House, item: Item) -> None:
    told = "soldiers of one side, says the uploader"
    facts = CaptureFacts(source="A channel of one side", note=told)
    named = house.take(b"\x00\x00\x00\x18ftypmp42" + b"second film" * 500, b"what-they-did.mp4", facts)
    house.examine(named)
    open_family(house.lead, house.case, [item_name(named.sha256), item_name(item.sha256)], "FF1")
    second = make_user("second")
    add_member("system:test", house.case, second, "analyst_2")
    pages = [f"/cases/{house.case.slug}/", f"/cases/{house.case.slug}/items/{named.sha256}/"]
    kept = (told, "A channel of one side", "what-they-did.mp4")
    for address in pages:
        seen_by_lead, seen_blind = (
            page(house.browser(house.lead), address),
            page(house.browser(second), address),
        )
        assert "what-they-did.mp4" in seen_by_lead
        assert not [words for words in kept if words in seen_blind]
    timeline = f"/api/cases/{house.case.slug}/items/{named.sha256}/timeline"
    original = pages[1] + "media/original"
    for address in (timeline, original):
        answer = house.browser(second).get(address)
        said = f"{answer.headers} {b''.join(answer) if answer.streaming else answer.content!r}"
        assert answer.status_code == 200
        assert not [words for words in kept if words in said]
    html = page(house.browser(second), pages[1])
    assert "/method/footage/FF1/" in html
    assert "are kept from you" in html


def test_a_name_that_only_looks_like_an_account_is_shown_as_it_stands(office: Office, lead: Client) -> None:
    given = {"id": "TC1", "footage": "FF1", "kind": "event", "edtf": "2022-03-26", "by": "user:nobody-there"}
    assert lead.post(office.method + "records/time_claims/add/", given).status_code == 302
    assert "user:nobody-there" in page(lead, office.method + "records/time_claims/of/TC1/")


def test_hostile_words_are_shown_and_do_nothing(office: Office, lead: Client) -> None:
    told = "<script>alert(1)</script>\u202egnp.exe"
    given = {"id": "K99", "date": "2022-03-28", "by": told, "kind": "allegation", "gist": told}
    assert lead.post(office.method + "records/claims/add/", given).status_code == 302
    for path in ("claims/", "records/claims/", "records/claims/of/K99/", "records/hypotheses/add/"):
        html = page(lead, office.method + path)
        assert "<script>alert" not in html
        assert "\u202e" not in html
    assert "⟨U+202E⟩" in page(lead, office.method + "records/claims/of/K99/")

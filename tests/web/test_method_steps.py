"""The steps of verification on their pages: done, or refused in place with what would satisfy it."""

import re

import pytest
from django.test import Client

from tests.web.conftest import House, make_user
from tests.web.office import Office, deed, open_office, page
from videtur.cases.services import add_member
from videtur.evidence.contributions import item_name
from videtur.evidence.models import Item
from videtur.people.models import User


@pytest.fixture
def office(db: None) -> Office:
    return open_office()


@pytest.fixture
def lead(office: Office) -> Client:
    return office.browser(office.lead)


def test_an_aspect_is_judged_with_a_reason_and_the_page_says_what_is_missing(
    office: Office, lead: Client
) -> None:
    address = office.method + "footage/FF1/"
    status, html = deed(lead, address, "judge", aspect="location", status="probable", because="")
    assert status == 422
    assert 'id="f-judge-because-error"' in html
    assert '<option value="probable" selected' in html
    status, html = deed(lead, address, "judge", aspect="location", status="probable", because="The yard fits")
    assert status == 302
    assert "aspect-probable" in html
    assert "known from the words of others" in html


def test_a_sources_letter_and_digit_are_judged_apart(office: Office, lead: Client) -> None:
    for name in ("SX1", "SX2"):
        given = {"id": name, "kind": "media_report", "description": f"Report {name}"}
        assert lead.post(office.method + "records/sources/add/", given).status_code == 302
    address = office.method + "sources/SX1/"
    assert "it stands at F6" in page(lead, address)
    fields = {"source_reliability": "B", "reason": "A named desk"}
    status, html = deed(lead, address, "grade", information_credibility="1", **fields)
    assert status == 422
    assert "F09" in html
    assert "What would satisfy it" in html
    assert "A named desk" in html
    status, html = deed(lead, address, "grade", information_credibility="3", **fields)
    assert status == 302
    assert "B: usually reliable" in html
    listing = page(lead, office.method + "sources/")
    assert "unknown" in listing
    assert "dependent" in listing


def test_a_conflict_is_settled_with_what_explains_it(office: Office, lead: Client) -> None:
    address = office.method + "conflicts/X1/"
    status, html = deed(lead, address, "settle", status="resolved", result="")
    assert status == 422
    status, html = deed(lead, address, "settle", status="irreducible_reported", result="Both are reported")
    assert status == 302
    assert "Both are reported" in html


def test_the_arbiter_decides_what_is_far_apart_and_both_reviews_stay(office: Office) -> None:
    address = office.method + "reviews/FF1/"
    for user, role, location in (
        (office.first, "analyst_1", "established"),
        (office.second, "analyst_2", "contradicted"),
    ):
        browser = office.browser(user)
        assert deed(browser, address, f"begin-{role}")[0] == 302
        told = {"aspects.location": location, "reason": f"{role} says so"}
        assert deed(browser, address, "submit", **told)[0] == 302
    arbiter = office.browser(office.arbiter)
    assert "waits for the arbiter" in page(arbiter, office.method + "reviews/")
    told = {"reason": "The wall is the same"}
    status, html = deed(arbiter, address, "arbitrate-RV1-RV2", **told)
    assert status == 422
    status, html = deed(arbiter, address, "arbitrate-RV1-RV2", **{"aspects.location": "probable"}, **told)
    assert status == 302
    assert "analyst_1 says so" in html
    assert "analyst_2 says so" in html
    assert "<strong>probable</strong>" in html


def draft(lead: Client, office: Office) -> str:
    given = {
        "id": "FD1",
        "allegation": "AL1",
        "scope": "incident_facts",
        "text": "Persons under guard were wounded",
        "standard": "reasonable_grounds_to_believe",
        "footage": "FF1",
    }
    answer = lead.post(office.method + "records/findings/add/", given)
    assert answer.status_code == 302, answer.content.decode()
    return office.method + "findings/FD1/"


def test_a_finding_shows_its_gate_and_is_refused_with_what_is_missing(office: Office, lead: Client) -> None:
    address = draft(lead, office)
    html = page(lead, address)
    assert "house rule" in html
    assert "What would satisfy it" in html
    add_member("system:test", office.case, make_user("approver"), "publication_approver")
    approver = office.browser(User.objects.get(username="approver"))
    status, html = deed(approver, address, "approve")
    assert status == 422
    assert 'class="refusal"' in html
    assert "What would satisfy it" in html
    status, html = deed(lead, address, "approve")
    assert status == 403
    status, html = deed(approver, address, "reject", because="Too little is known")
    assert status == 302
    assert "Too little is known" in html


def test_hypotheses_are_weighed_in_a_matrix(office: Office, lead: Client) -> None:
    draft(lead, office)
    address = office.method + "hypotheses/FD1/"
    assert "What is missing" in page(lead, address)
    for kind in ("as_alleged", "staged_or_false_context", "party_mix_up"):
        assert deed(lead, address, "add", kind=kind, text=f"It is {kind}")[0] == 302
    names = re.findall(r'records/hypotheses/of/([^/"]+)/', page(lead, address))
    assert len(names) == 3
    status, html = deed(
        lead, address, "weigh", evidence="O2", hypothesis=names[0], bears="for", why="Blood is seen"
    )
    assert status == 302
    assert "Blood is seen" in html
    assert 'class="bears-for"' in html


def test_law_offers_candidates_and_concludes_nothing(office: Office, lead: Client) -> None:
    address = office.method + "law/of/AL1/"
    html = page(lead, address)
    assert "Candidates, never conclusions." in html
    assert "text not checked" in html
    assert "unknown" in html
    provision = re.search(r'<option value="(GC3-[0-9]+)"', html)
    assert provision
    status, html = deed(lead, address, "propose", provision=provision[1], party="UA", date="2022-03-27")
    assert status == 302
    name = re.search(r"/law/mappings/([^/]+)/", html)
    assert name
    mapping = office.method + f"law/mappings/{name[1]}/"
    lawyer = office.browser(office.lawyer)
    status, html = deed(lawyer, mapping, "decide", status="legal_review_passed", reason="It fits")
    assert status == 422
    assert "F12" in html
    assert "It fits" in html
    status, html = deed(lawyer, mapping, "decide", status="rejected", reason="Too little is shown")
    assert status == 302
    assert "Too little is shown" in html


def test_a_lead_is_nothing_until_a_person_accepts_it_at_a_segment(office: Office, lead: Client) -> None:
    given = {"id": "LD1", "origin": "machine", "about": "FF1", "kind": "speech", "value": "my leg"}
    assert lead.post(office.method + "records/leads/add/", given).status_code == 302
    address = office.method + "records/leads/of/LD1/"
    status, html = deed(lead, address, "accept", accepted_as="O4")
    assert status == 422
    assert "O4" in html
    assert "segment" in html


def test_an_indication_of_sexual_violence_seals_the_file_at_once(house: House, item: Item) -> None:
    name, analyst = item_name(item.sha256), make_user("first")
    add_member("system:test", house.case, analyst, "analyst_1")
    address = f"/cases/{house.case.slug}/method/records/items/of/{name}/"
    assert page(house.browser(analyst), address)
    fields = {"distress": "extreme", "sexual_violence_indicator": "yes"}
    status, html = deed(house.browser(house.lead), address, "describe", **fields)
    assert status == 302
    assert "sealed" in html
    assert house.browser(analyst).get(address).status_code == 404


def test_an_expert_reviews_an_observation(office: Office) -> None:
    surgeon = make_user("surgeon")
    add_member("system:test", office.case, surgeon, "medical_expert")
    browser, address = office.browser(surgeon), office.method + "reviews/O2/"
    assert "reviews/O2/" in page(browser, office.method + "records/observations/of/O2/")
    assert deed(browser, address, "begin-medical_expert")[0] == 302
    fields = {"consistency": "consistent_with", "reason": "The stain lies below the knee"}
    status, html = deed(browser, address, "submit", **fields)
    assert status == 302
    assert "The stain lies below the knee" in html

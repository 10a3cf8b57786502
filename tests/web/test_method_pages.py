"""The pages of the method: who sees what, and what a page says where it refuses."""

import re
from dataclasses import dataclass

import pytest
from django.test import Client

from tests.conftest import REPOSITORY
from tests.web.conftest import House, make_user
from videtur.cases.loading import load_case
from videtur.cases.models import Case
from videtur.cases.services import add_member
from videtur.engines.method.case_file.model import KINDS
from videtur.engines.method.case_file.reading import read_case
from videtur.evidence.contributions import item_name
from videtur.evidence.models import Item
from videtur.evidence.services import CaptureFacts
from videtur.footage.family_steps import open_family
from videtur.people.models import User

GOLD = REPOSITORY / "scripts" / "sample_case" / "gold_case.yaml"


@dataclass(frozen=True)
class Office:
    """The gold case, with those who work on it."""

    case: Case
    lead: User
    first: User
    second: User
    arbiter: User
    lawyer: User
    auditor: User
    stranger: User

    @property
    def method(self) -> str:
        return f"/cases/{self.case.slug}/method/"

    def browser(self, user: User) -> Client:
        return House.browser(user)


@pytest.fixture
def office(db: None) -> Office:
    people = {name: make_user(name) for name in ("lead", "first", "second", "arbiter", "lawyer", "auditor")}
    case = load_case(people["lead"].actor, people["lead"], read_case(GOLD.read_text(encoding="utf-8"))).case
    roles = {"first": "analyst_1", "second": "analyst_2", "arbiter": "arbiter"}
    for name, role in {**roles, "lawyer": "legal_reviewer", "auditor": "auditor"}.items():
        add_member("system:test", case, people[name], role)
    return Office(case, **people, stranger=make_user("stranger"))


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


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


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


def deed(client: Client, address: str, key: str, **fields: str | list[str]) -> tuple[int, str]:
    """Send one form of a page; the status and the page."""
    data = {"do": key, **{f"{key}.{name}": value for name, value in fields.items()}}
    answer = client.post(address, data)
    if answer.status_code == 302:
        return 302, client.get(address).content.decode()
    return answer.status_code, answer.content.decode()


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
        answer.close()
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

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

"""The gold case with those who work on it, and how a test reads its pages and sends their forms."""

import re
from dataclasses import dataclass

from django.test import Client

from tests.conftest import REPOSITORY
from tests.web.conftest import House, make_user
from videtur.cases.loading import load_case
from videtur.cases.models import Case
from videtur.cases.services import add_member
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


def open_office() -> Office:
    """The case, loaded."""
    people = {name: make_user(name) for name in ("lead", "first", "second", "arbiter", "lawyer", "auditor")}
    case = load_case(people["lead"].actor, people["lead"], read_case(GOLD.read_text(encoding="utf-8"))).case
    roles = {"first": "analyst_1", "second": "analyst_2", "arbiter": "arbiter"}
    for name, role in {**roles, "lawyer": "legal_reviewer", "auditor": "auditor"}.items():
        add_member("system:test", case, people[name], role)
    return Office(case, **people, stranger=make_user("stranger"))


# Django's form tokens and the policy's nonces are random letters: any short name may stand in one by chance.
_CHANCE = re.compile(r"""(?<=csrfmiddlewaretoken" value=")\w+|(?<="X-CSRFToken": ")\w+|(?<=nonce=")[^"]+""")


def page(client: Client, address: str) -> str:
    """What the page says, without what is random in it."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return _CHANCE.sub("", answer.content.decode())


def deed(client: Client, address: str, key: str, **fields: str | list[str]) -> tuple[int, str]:
    """Send one form of a page; the status and the page."""
    data = {"do": key, **{f"{key}.{name}": value for name, value in fields.items()}}
    answer = client.post(address, data)
    if answer.status_code == 302:
        return 302, client.get(address).content.decode()
    return answer.status_code, answer.content.decode()

"""Cases: found by slug or title, never mixed up; parties and members as versions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videtur.cases import queries, rules, services
from videtur.cases.models import Case, Membership, Party
from videtur.cases.roles import EXCLUSIVE_ON_ONE_ITEM, ROLES
from videtur.cases.slugs import LONGEST_SLUG, slug_of
from videtur.errors import WrongUsage
from videtur.ledger.services import size
from videtur.people.models import User
from videtur.people.services import create_user, disable

ACTOR = "system:test"


def person(name: str, *, administrator: bool = False) -> User:
    return create_user(ACTOR, name, "horse-battery-47-staple", administrator=administrator)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Bucha 2022", "bucha-2022"),
        ("Дело о клипах", "delo-o-klipakh"),
        ("Справа № 7: Їжак і щука", "sprava-no-7-yizhak-i-shchuka"),
        ("  --  a  --  ", "a"),
        ("Straße", "strasse"),
    ],
)
def test_slugs_can_be_read(title: str, slug: str) -> None:
    assert slug_of(title) == slug


@given(st.text(min_size=1, max_size=400))
def test_any_title_gives_a_slug(title: str) -> None:
    slug = slug_of(title)
    assert 0 < len(slug) <= LONGEST_SLUG
    assert slug.isascii()
    assert slug.replace("-", "").isalnum()
    assert slug_of(slug) == slug


@pytest.mark.django_db
def test_a_case_is_found_by_slug_and_by_title() -> None:
    case = services.create_case(ACTOR, "Дело  о клипах")
    for name in ("delo-o-klipakh", "Дело о клипах", "дело о  КЛИПАХ"):
        assert services.find_or_create_case(ACTOR, name).thing == case.thing
    assert Case.objects.count() == 1


@pytest.mark.django_db
def test_two_names_for_one_slug_are_not_mixed_up() -> None:
    services.create_case(ACTOR, "Bucha 2022")
    with pytest.raises(WrongUsage, match="bucha-2022"):
        services.find_or_create_case(ACTOR, "Bucha, 2022")
    assert Case.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("title", ["", "   ", "x" * 301, "a\u202eb", "a\0b"])
def test_titles_that_cannot_be(title: str) -> None:
    with pytest.raises(WrongUsage):
        services.create_case(ACTOR, title)


@pytest.mark.django_db
def test_revisions_are_versions() -> None:
    case = services.create_case(ACTOR, "One")
    services.revise_case(ACTOR, case, "One, renamed", "what it is about")
    assert queries.case_named("one").title == "One, renamed"
    assert Case.objects.count() == 2
    assert queries.cases().count() == 1


@pytest.mark.django_db
def test_parties_come_in_alphabetical_order_and_are_named_once() -> None:
    case = services.create_case(ACTOR, "One")
    services.add_party(ACTOR, case, "ZZ", "Zed", "state")
    services.add_party(ACTOR, case, "AA", "Ay", "state")
    before = size()
    services.add_party(ACTOR, case, "ZZ", "Zed", "state")
    assert size() == before
    services.add_party(ACTOR, case, "ZZ", "Zed Land", "state")
    assert [(party.code, party.name) for party in queries.parties_of(case)] == [
        ("AA", "Ay"),
        ("ZZ", "Zed Land"),
    ]
    assert Party.objects.count() == 3
    with pytest.raises(WrongUsage):
        services.add_party(ACTOR, case, "BB", "Bee", "enemy")


@pytest.mark.django_db
def test_roles_come_and_go_as_versions() -> None:
    case, user = services.create_case(ACTOR, "One"), person("olena")
    services.add_member(ACTOR, case, user, "linguist")
    services.add_member(ACTOR, case, user, "linguist")
    assert queries.roles_in(user, case) == {"linguist"}
    services.remove_member(ACTOR, case, user, "linguist")
    assert queries.roles_in(user, case) == set()
    services.add_member(ACTOR, case, user, "linguist")
    assert [row.version for row in Membership.objects.order_by("version")] == [1, 2, 3]
    with pytest.raises(WrongUsage, match="no role"):
        services.add_member(ACTOR, case, user, "hero")


def test_exclusive_roles_are_roles() -> None:
    assert {role for pair in EXCLUSIVE_ON_ONE_ITEM for role in pair} <= set(ROLES)


@pytest.mark.django_db
def test_who_may_do_what() -> None:
    mine, other = services.create_case(ACTOR, "Mine"), services.create_case(ACTOR, "Other")
    keeper, lead, analyst, auditor, stranger = (
        person("keeper", administrator=True),
        person("lead"),
        person("analyst"),
        person("auditor"),
        person("stranger"),
    )
    for user, role in ((lead, "case_lead"), (analyst, "analyst_1"), (auditor, "auditor")):
        services.add_member(ACTOR, mine, user, role)
    allowed = {
        user.username: [
            name
            for name in ("see", "take_in", "observe", "decide_copies", "export", "manage")
            if getattr(rules, f"may_{name}")(user, mine)
        ]
        for user in (keeper, lead, analyst, auditor, stranger)
    }
    everything = ["see", "take_in", "observe", "decide_copies", "export", "manage"]
    assert allowed == {
        "keeper": everything,
        "lead": everything,
        "analyst": ["see", "take_in", "observe", "decide_copies"],
        "auditor": ["see"],
        "stranger": [],
    }
    assert not rules.may_see(lead, other)
    assert [case.slug for case in queries.cases_visible_to(lead)] == ["mine"]
    assert [case.slug for case in queries.cases_visible_to(keeper)] == ["mine", "other"]
    assert not queries.cases_visible_to(stranger).exists()


@pytest.mark.django_db
def test_a_disabled_account_sees_nothing() -> None:
    case = services.create_case(ACTOR, "One")
    person("keeper", administrator=True)
    gone = person("gone", administrator=True)
    services.add_member(ACTOR, case, gone, "case_lead")
    disable(ACTOR, gone)
    gone.refresh_from_db()
    assert not rules.may_see(gone, case)
    assert not queries.cases_visible_to(gone).exists()


@pytest.mark.django_db
def test_the_lead_of_a_new_case() -> None:
    user = person("olena")
    case = services.create_case(user.actor, "One", lead=user)
    assert queries.roles_in(user, case) == {"case_lead"}

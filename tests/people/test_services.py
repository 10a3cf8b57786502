"""Accounts: each change is one ledger entry, and no password reaches the ledger."""

import pytest

from videtur.errors import WrongUsage
from videtur.ledger.models import Entry
from videtur.ledger.services import size
from videtur.people import services
from videtur.people.models import AccountEvent, User
from videtur.people.queries import names_of, user_named

PASSWORD = "horse-battery-47-staple"
pytestmark = pytest.mark.django_db


def add(name: str, *, administrator: bool = False) -> User:
    return services.create_user("system:test", name, PASSWORD, administrator=administrator)


def kinds_of(user: User) -> list[str]:
    return list(AccountEvent.objects.filter(user_id=user.id).order_by("id").values_list("kind", flat=True))


def test_a_new_account_is_recorded_without_its_password() -> None:
    user = add("olena", administrator=True)
    assert user.check_password(PASSWORD)
    assert kinds_of(user) == ["created", "administrator_granted"]
    body = bytes(Entry.objects.get().body)
    assert PASSWORD.encode() not in body
    assert user.password.encode() not in body


def test_names_are_taken_in_any_case_of_letters() -> None:
    add("Olena")
    with pytest.raises(WrongUsage, match="already"):
        add("oLENA")
    assert user_named("OLENA").username == "Olena"
    assert size() == 1


@pytest.mark.parametrize("name", ["", "two words", "a\nb", "x" * 151, "a/b", "\u202eabc"])
def test_names_that_cannot_be(name: str) -> None:
    with pytest.raises(WrongUsage, match="user name"):
        add(name)


@pytest.mark.parametrize("password", ["", "short", "password1234", "111111111111", "olena-olena"])
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(WrongUsage, match="password"):
        services.create_user("system:test", "olena", password)
    assert not User.objects.exists()


def test_the_last_administrator_stays() -> None:
    first = add("first", administrator=True)
    with pytest.raises(WrongUsage, match="last administrator"):
        services.disable("system:test", first)
    second = add("second")
    services.grant_administrator(first.actor, second)
    services.disable(second.actor, first)
    first.refresh_from_db()
    assert not first.is_active
    services.enable(second.actor, first)
    assert kinds_of(first) == ["created", "administrator_granted", "disabled", "enabled"]


def test_doing_it_again_records_nothing() -> None:
    add("keeper", administrator=True)
    user = add("olena")
    services.disable("system:test", user)
    before = size()
    services.disable("system:test", user)
    assert size() == before


def test_a_reset_password_replaces_the_old_one() -> None:
    user = add("olena")
    services.reset_password("system:test", user, "another-Long-8-word")
    user.refresh_from_db()
    assert user.check_password("another-Long-8-word")
    assert kinds_of(user) == ["created", "password_reset"]


def test_actors_have_names_for_people() -> None:
    user = add("olena")
    assert names_of([user.actor, "system:pipeline"]) == {
        user.actor: "olena",
        "system:pipeline": "system:pipeline",
    }

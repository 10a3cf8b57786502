"""The only writer of accounts. Each change is one ledger entry; a password never is."""

import re
import unicodedata

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from videtur.errors import WrongUsage
from videtur.ledger.services import exclusively, record
from videtur.people.models import AccountEvent, User

_USERNAME = re.compile(r"[\w.@+-]{1,150}")


def create_user(
    actor: str,
    username: str,
    password: str,
    *,
    administrator: bool = False,
    display_name: str = "",
    language: str = "en",
) -> User:
    """Add an account. Raises WrongUsage for a name that is taken or malformed, or a weak password."""
    name = unicodedata.normalize("NFKC", username)
    if not _USERNAME.fullmatch(name):
        raise WrongUsage(
            f"{username!r} cannot be a user name", remedy="Use letters, digits and . @ + - _ (150 at most)"
        )
    user = User(
        username=name,
        display_name=display_name,
        language=language,
        is_superuser=administrator,
        is_staff=administrator,
    )
    _set_password(user, password)
    with exclusively():
        if User.objects.filter(username__iexact=name).exists():
            raise WrongUsage(f"There already is a user {name}", remedy="Choose another name")
        user.save(force_insert=True)
        kinds = ["created", *(["administrator_granted"] if administrator else [])]
        record("people.account.created", actor, [_event(user, kind) for kind in kinds])
    return user


def disable(actor: str, user: User) -> None:
    """Shut an account out. What the person did stays; the last administrator cannot be shut out."""
    with exclusively():
        user.refresh_from_db()
        if not user.is_active:
            return
        others = User.objects.filter(is_superuser=True, is_active=True).exclude(id=user.id)
        if user.is_superuser and not others.exists():
            raise WrongUsage(
                f"{user.username} is the last administrator", remedy="Make another one an administrator first"
            )
        user.is_active = False
        user.save(update_fields=["is_active"])
        record("people.account.disabled", actor, [_event(user, "disabled")])


def enable(actor: str, user: User) -> None:
    """Let a disabled account in again."""
    with exclusively():
        user.refresh_from_db()
        if user.is_active:
            return
        user.is_active = True
        user.save(update_fields=["is_active"])
        record("people.account.enabled", actor, [_event(user, "enabled")])


def reset_password(actor: str, user: User, password: str) -> None:
    """Give an account a new password; open sessions of the account end with it."""
    _set_password(user, password)
    with exclusively():
        user.save(update_fields=["password"])
        record("people.password.reset", actor, [_event(user, "password_reset")])


def grant_administrator(actor: str, user: User) -> None:
    """Let a person see every case and manage accounts."""
    with exclusively():
        user.refresh_from_db()
        if user.is_superuser:
            return
        user.is_superuser = user.is_staff = True
        user.save(update_fields=["is_superuser", "is_staff"])
        record("people.administrator.granted", actor, [_event(user, "administrator_granted")])


def _event(user: User, kind: str) -> AccountEvent:
    return AccountEvent(user_id=user.id, username=user.username, kind=kind)


def _set_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as problem:
        raise WrongUsage("This password will not do", " ".join(problem.messages)) from None
    user.set_password(password)

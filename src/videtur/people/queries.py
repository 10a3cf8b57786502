"""Reading accounts."""

import uuid
from collections.abc import Iterable

from videtur.errors import WrongUsage
from videtur.people.models import User


def user_named(username: str) -> User:
    """The account of that name, in any case of letters. Raises WrongUsage when there is none."""
    user = User.objects.filter(username__iexact=username).first()
    if user is None:
        raise WrongUsage(f"There is no user {username}", remedy="List them: videtur user list")
    return user


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """How to show each actor of the ledger to a person: the user's name, or the part of the system."""
    found = set(actors)
    ids = {actor: known for actor in found if (known := _account_of(actor)) is not None}
    users = User.objects.in_bulk(ids.values())
    names = {actor: actor for actor in found}
    for actor, user_id in ids.items():
        if user := users.get(user_id):
            names[actor] = user.display_name or user.username
    return names


def _account_of(actor: str) -> uuid.UUID | None:
    """The account that an actor names; a case file may hold anything that looks like one."""
    if not actor.startswith("user:"):
        return None
    try:
        return uuid.UUID(actor.removeprefix("user:"))
    except ValueError:
        return None

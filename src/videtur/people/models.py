"""Accounts. What a person may do is said by the memberships of a case (`videtur.cases`)."""

import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models

from videtur.ledger.models import RecordedRow, new_id


class User(AbstractUser):
    """Somebody who signs in. Sign-in state changes in place; what counts is an `AccountEvent`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    display_name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=8, default="en")

    @property
    def actor(self) -> str:
        """The name of this person in ledger entries."""
        return f"user:{self.id}"


class AccountEvent(RecordedRow):
    """What happened to an account: created, disabled, password reset, made custodian."""

    KINDS: ClassVar = ["created", "disabled", "enabled", "password_reset", "administrator_granted"]

    user_id = models.UUIDField()
    username = models.CharField(max_length=150)
    kind = models.CharField(max_length=40)


def system_actor(name: str) -> str:
    """The name of a part of the system in ledger entries."""
    return f"system:{name}"


def is_actor_of(actor: str, user_id: uuid.UUID) -> bool:
    """Whether an entry's actor is that person."""
    return actor == f"user:{user_id}"

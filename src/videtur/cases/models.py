"""Cases, the parties named in them, and who takes part."""

from typing import ClassVar

from django.db import models

from videtur.ledger.models import VersionedRow


class Case(VersionedRow):
    """A body of work on one set of allegations. `thing` is its identity, `slug` its name for people."""

    slug = models.SlugField(max_length=80, db_index=True)
    title = models.CharField(max_length=300)
    summary = models.TextField(blank=True)


class Party(VersionedRow):
    """A party to the conflict or a body, as named in one case. Shown in alphabetical order of `code`."""

    KINDS: ClassVar = ["state", "armed_group", "monitoring_body", "newsroom", "other"]

    case = models.UUIDField(db_index=True)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)


class Membership(VersionedRow):
    """One person's one role in one case (roles: `videtur.cases.roles.ROLES`)."""

    case = models.UUIDField(db_index=True)
    user_id = models.UUIDField(db_index=True)
    role = models.CharField(max_length=40)
    active = models.BooleanField(default=True)

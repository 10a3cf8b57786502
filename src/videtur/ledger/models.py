"""Ledger entries, the tree over them, checkpoints; and the base of every row that a service writes."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.db import models
from uuid6 import uuid7


def new_id() -> uuid.UUID:
    """A new identifier that sorts by time of creation (UUIDv7)."""
    return uuid.UUID(bytes=uuid7().bytes)


class Entry(models.Model):
    """One canonical record (RFC 8785 bytes) at its place in the tree."""

    index = models.BigIntegerField(primary_key=True)
    body = models.BinaryField()
    leaf = models.BinaryField(max_length=32)

    class Meta:
        """Order is the order of the ledger, never of a clock."""

        ordering: ClassVar = ["index"]


class Node(models.Model):
    """Hash of a complete subtree above the leaves: `level` >= 1, leaves [position << level, ...)."""

    level = models.PositiveSmallIntegerField()
    position = models.BigIntegerField()
    digest = models.BinaryField(max_length=32)

    class Meta:
        """A complete subtree has one hash for ever."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["level", "position"], name="one_hash_a_subtree")
        ]


class Checkpoint(models.Model):
    """A signed statement of the tree's size and root (C2SP tlog-checkpoint, a signed note)."""

    size = models.BigIntegerField(unique=True)
    root = models.BinaryField(max_length=32)
    note = models.TextField()

    class Meta:
        """Oldest first."""

        ordering: ClassVar = ["size"]


@dataclass(frozen=True, slots=True)
class ObjectReference:
    """Bytes that a row names: their key in the object store, SHA-256 (hex) and size in bytes."""

    key: str
    sha256: str
    size: int


class RecordedRow(models.Model):
    """A row that exists because a ledger entry says so. Written once, by `ledger.services.record` alone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    recorded_at = models.DateTimeField()
    entry_index = models.BigIntegerField(db_index=True)

    class Meta:
        """Each app's table is its own."""

        abstract = True

    def as_record(self) -> dict[str, object]:
        """Every field but `entry_index`, in JSON's types; datetimes in UTC with microseconds."""
        return {
            field.column: record_value(getattr(self, field.attname))
            for field in self._meta.concrete_fields
            if field.name != "entry_index"
        }

    def object_references(self) -> list[ObjectReference]:
        """The stored bytes this row vouches for."""
        return []


class VersionedRow(RecordedRow):
    """One version of a thing. `thing` stays, `version` counts up from 1; the greatest is the present one."""

    thing = models.UUIDField(default=new_id, db_index=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Two people cannot both write the next version."""

        abstract = True
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["thing", "version"], name="%(app_label)s_%(class)s_version")
        ]

    @classmethod
    def present(cls) -> "models.QuerySet[Any]":
        """The newest version of each thing."""
        newest = (
            cls._default_manager.filter(thing=models.OuterRef("thing"))
            .order_by("-version")
            .values("version")[:1]
        )
        return cls._default_manager.filter(version=models.Subquery(newest))


def record_value(value: object) -> object:
    """A field's value as a ledger entry writes it. Raises TypeError for a type that has no agreed form."""
    match value:
        case None | bool() | int() | str():
            return value
        case uuid.UUID():
            return str(value)
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        case bytes():
            return value.hex()
        case memoryview():
            return value.tobytes().hex()
        case dict() | list():
            return value  # pyright: ignore[reportUnknownVariableType]
        case _:
            raise TypeError(f"no agreed form in a record for {type(value).__name__}")

"""The next version of an entity, and the moment at which it is written."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TypeVar

from videtur.engines.method.entities.base import Entity

_E = TypeVar("_E", bound=Entity)


def revised(entity: _E, **fields: object) -> _E:
    """The entity with those fields, checked like a new one; None takes a field away."""
    kept = {name: value for name, value in entity.as_json().items() if name not in fields}
    return type(entity).model_validate(
        kept | {name: value for name, value in fields.items() if value is not None}
    )


def now() -> str:
    """This moment as entities write it: UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def next_name(prefix: str, taken: Iterable[str]) -> str:
    """The first of prefix1, prefix2, ... that is free."""
    used = set(taken)
    number = 1
    while f"{prefix}{number}" in used:
        number += 1
    return f"{prefix}{number}"

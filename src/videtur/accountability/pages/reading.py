"""From what a person entered to an entity: what the entity's own checks refuse is said in words."""

from collections.abc import Mapping
from typing import TypeVar

from django.utils.translation import gettext as _
from pydantic import ValidationError

from videtur.cases.labels import label
from videtur.engines.method.entities.base import Value
from videtur.errors import WrongUsage

V = TypeVar("V", bound=Value)


def entity_from(kind: type[V], fields: Mapping[str, object]) -> V:
    """The entity of these fields. Raises WrongUsage with every field that cannot be read, and why."""
    try:
        return kind.model_validate(dict(fields))
    except ValidationError as problem:
        said = "; ".join(
            f"{label(str(error['loc'][0])) if error['loc'] else ''}: {_plain(error['msg'])}"
            for error in problem.errors()
        )
        raise WrongUsage(_("This cannot be recorded as it stands"), said) from problem


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ")

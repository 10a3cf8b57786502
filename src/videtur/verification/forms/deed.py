"""Something to do on a page: its form, what it brings about, and why it was refused, in one place."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from pydantic import ValidationError

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.base import Entity
from videtur.errors import NotPermitted, Refused, VideturError, WrongUsage
from videtur.verification.forms.reading import read_parts
from videtur.verification.forms.shapes import Part, parts_of
from videtur.verification.forms.shown import Box, boxes_for, errors_of

PROBLEMS = (Refused, WrongUsage, NotPermitted)
"""What is said in the form, instead of on a page of its own."""


@dataclass
class Deed:
    """One form of a page."""

    key: str
    summary: str
    button: str
    told: str
    perform: Callable[[dict[str, Any]], object]
    """Takes the fields as they were given; raises what refuses them."""
    parts: tuple[Part, ...] = ()
    start: Mapping[str, Any] = field(default_factory=dict[str, Any])
    model: type[Entity] | None = None
    """The entity that start and fields together must be."""
    explained: str = ""
    danger: bool = False
    boxes: list[Box] = field(default_factory=list[Box])
    whole_errors: list[str] = field(default_factory=list[str])
    refused: VideturError | None = None
    is_sent: bool = False

    @property
    def status(self) -> int:
        """How the page answers on which it was sent and not done."""
        return 403 if isinstance(self.refused, NotPermitted) else 422


def pick(kind: type[Entity], *names: str) -> tuple[Part, ...]:
    """Fields of a kind, in the order of the names."""
    parts = {part.name: part for part in parts_of(kind)}
    return tuple(parts[name] for name in names)


def settle(deeds: Iterable[Deed], case: CaseFile, posted: QueryDict) -> Deed | None:
    """Draw the forms; do the one that was sent. Gives it back when it is done."""
    done: Deed | None = None
    for deed in deeds:
        given, errors = dict(deed.start), {}
        if posted.get("do") == deed.key:
            deed.is_sent = True
            typed = read_parts(deed.parts, posted, f"{deed.key}.", deed.start)
            names = {part.name for part in deed.parts}
            given = {name: value for name, value in deed.start.items() if name not in names} | typed
            if not posted.get("more"):
                errors = _errors(deed, given)
                if not errors and _is_done(deed, given):
                    done = deed
        deed.whole_errors = errors.pop("", [])
        named = {f"{deed.key}.{name}": told for name, told in errors.items()}
        more = str(posted.get("more", ""))
        deed.boxes = boxes_for(deed.parts, case, given, named, above=f"{deed.key}.", more=more)
    return done


def _errors(deed: Deed, given: dict[str, Any]) -> dict[str, list[str]]:
    missing = {
        part.name: [_("This is needed")] for part in deed.parts if part.required and part.name not in given
    }
    if deed.model is None or missing:
        return missing
    try:
        deed.model.model_validate(given)
    except ValidationError as problem:
        shown = {part.name for part in deed.parts}
        found = errors_of(problem, given)
        outside = [
            f"{name}: {told[0]}" for name, told in found.items() if name.split(".")[0] not in shown and name
        ]
        return {**found, "": [*found.get("", []), *outside]} if outside else found
    return {}


def _is_done(deed: Deed, given: dict[str, Any]) -> bool:
    try:
        deed.perform(given)
    except PROBLEMS as problem:
        deed.refused = problem
        return False
    return True

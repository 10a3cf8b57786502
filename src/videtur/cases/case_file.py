"""A case of the workspace as the one value that rules, gates and pages read (`engines.method`)."""

import uuid
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.apps import apps

from videtur.cases.models import Case, CaseDate, CaseEntity
from videtur.cases.slugs import slug_of
from videtur.engines.method.case_file.model import CaseFile, Placed
from videtur.engines.method.entities import evidence, footage
from videtur.engines.method.entities.base import Entity
from videtur.ledger.models import Entry

LEVELS = ("public", "internal", "restricted", "sealed")
"""Levels of access, from the most open to the most closed."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """An entity as rows of an app give it: its place in the case's history, its name, who may see it."""

    place: tuple[int, int]
    """Index of the ledger entry, and the place in it."""
    placed: Placed
    access: str


Contributor = Callable[[Case], Iterable[Contribution]]
_CONTRIBUTORS: list[Contributor] = []


def contributes(contributor: Contributor) -> Contributor:
    """Register a function by which an app gives entities out of tables that are not `CaseEntity`'s."""
    if contributor not in _CONTRIBUTORS:
        _CONTRIBUTORS.append(contributor)
    return contributor


def entity_models() -> list[type[CaseEntity]]:
    """The table of each kind of entity."""
    return [model for model in apps.get_models() if issubclass(model, CaseEntity)]


def model_of(kind: type[Entity]) -> type[CaseEntity]:
    """The table of a kind. Raises KeyError when it has none."""
    return {model.kind: model for model in entity_models()}[kind]


def file_id_of(case: Case) -> str:
    """By which name a file calls the case: the one it was loaded under, as long as that leads to it."""
    return case.title if slug_of(case.title) == case.slug else case.slug


def case_file_of(case: Case, levels: Collection[str] | None = None) -> CaseFile:
    """The present state of a case; with `levels`, only what those levels of access open.

    An entity that the case's own tables do not hold (an item, an observation) comes from its app's
    contributor; one that both give is taken from its own table.
    """
    newest = Entry.objects.order_by("-index").values_list("leaf", flat=True).first()
    opened = tuple(level for level in LEVELS if levels is None or level in levels)
    return CaseFile(file_id_of(case), *_state(case.thing, bytes(newest or b""), opened))


@lru_cache(maxsize=16)
def _state(
    thing: uuid.UUID, newest_leaf: bytes, levels: tuple[str, ...]
) -> tuple[str | None, tuple[Placed, ...]]:
    """`as_of` and the entities. Rows never change, so the last entry of the ledger names a state for ever:
    its leaf holds a random salt, and no two entries have the same."""
    del newest_leaf
    case = Case(thing=thing)
    given = {each.placed.reference: each for each in _contributed(case)}  # the last one knows the most
    found = {name: each for name, each in given.items() if each.access in levels}
    closed: set[str] = set()
    for each in _stored(case, levels, closed):
        found[each.placed.reference] = each
    closed.update(name for name, each in given.items() if each.access not in levels and name not in found)
    shown = (each for name, each in found.items() if name not in closed and _item_of(each) not in closed)
    ordered = sorted(shown, key=lambda each: each.place)
    row = CaseDate.present().filter(case=thing).first()
    return None if row is None else str(row.content["as_of"]), tuple(each.placed for each in ordered)


def _item_of(each: Contribution) -> str | None:
    """The item that something tells of: how it came, where it was seen, what is seen in it."""
    entity = each.placed.entity
    match entity:
        case evidence.Capture() | evidence.Publication():
            return entity.item
        case footage.Observation():
            return entity.t.item if entity.t is not None else None
        case _:
            return None


def _contributed(case: Case) -> Iterator[Contribution]:
    for contributor in _CONTRIBUTORS:
        yield from contributor(case)


def _stored(case: Case, levels: tuple[str, ...], closed: set[str]) -> Iterator[Contribution]:
    """What the tables of the case hold at these levels; `closed` is told what they hold above them.

    An item that came in as restricted and was sealed since may not show through its capture's own row.
    """
    for model in entity_models():
        if model is CaseDate:
            continue
        firsts = dict(
            model._default_manager.filter(case=case.thing, version=1).values_list("reference", "entry_index")
        )
        if not firsts:
            continue
        present = model.present().filter(case=case.thing)
        closed.update(present.exclude(access__in=levels).values_list("reference", flat=True))
        for row in present.filter(access__in=levels):
            place = (firsts.get(row.reference, row.entry_index), row.position)
            yield Contribution(place, Placed(row.reference, row.entity), row.access)

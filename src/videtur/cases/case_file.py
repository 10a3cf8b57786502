"""A case of the workspace as the one value that rules, gates and pages read (`engines.method`)."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from django.apps import apps

from videtur.cases.models import Case, CaseDate, CaseEntity
from videtur.engines.method.case_file.model import CaseFile, Placed
from videtur.engines.method.entities.base import Entity


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


def case_file_of(case: Case, levels: Collection[str] | None = None) -> CaseFile:
    """The present state of a case; with `levels`, only what those levels of access open.

    An entity that the case's own tables do not hold (an item, an observation) comes from its app's
    contributor; one that both give is taken from its own table.
    """
    found: dict[str, Contribution] = {}
    as_of: str | None = None
    for each in (*_contributed(case), *_stored(case)):
        if levels is not None and each.access not in levels:
            continue
        found[each.placed.reference] = each
    ordered = sorted(found.values(), key=lambda each: each.place)
    if (row := CaseDate.present().filter(case=case.thing).first()) is not None:
        as_of = str(row.content["as_of"])
    return CaseFile(case.slug, as_of, tuple(each.placed for each in ordered))


def _contributed(case: Case) -> Iterator[Contribution]:
    for contributor in _CONTRIBUTORS:
        yield from contributor(case)


def _stored(case: Case) -> Iterator[Contribution]:
    for model in entity_models():
        if model is CaseDate:
            continue
        firsts = dict(
            model._default_manager.filter(case=case.thing, version=1).values_list("reference", "entry_index")
        )
        for row in model.present().filter(case=case.thing):
            place = (firsts.get(row.reference, row.entry_index), row.position)
            yield Contribution(place, Placed(row.reference, row.entity), row.access)

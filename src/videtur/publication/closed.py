"""What stays in the house whatever is exported: what is sealed, and how long people watched.

An entry of the ledger goes out whole or not at all, so an entry that tells of anything closed stays too, with
every row of it. Loading a case and sealing a thing therefore write what is sealed as an entry of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from videtur.cases.case_file import case_file_of, entity_models
from videtur.cases.models import Case, CaseEntity
from videtur.engines.method.entities.evidence import Item as DescribedItem
from videtur.evidence.models import Item
from videtur.footage.contributions import observation_name
from videtur.footage.models import Observation
from videtur.publication.models import ExposureLog

OPEN_LEVELS = ("public", "internal", "restricted")
"""What an evidence package, and a report, may hold. Who may export is asked before (`cases.rules`)."""


@dataclass(frozen=True)
class Closed:
    """What of a case is closed now; what was open once and is sealed since is closed in every version."""

    things: frozenset[str]
    items: frozenset[str]
    """SHA-256 of sealed items."""
    item_ids: frozenset[str]
    tables: Mapping[str, type[CaseEntity]]

    def tells(self, content: Mapping[str, Any]) -> bool:
        """Whether an entry tells of anything closed."""
        rows = cast("list[dict[str, Any]]", content["rows"])
        return any(self._holds(str(part["table"]), cast("dict[str, Any]", part["row"])) for part in rows)

    def _holds(self, table: str, row: Mapping[str, Any]) -> bool:
        if table == ExposureLog._meta.db_table or row.get("thing") in self.things:
            return True
        if table in self.tables and row.get("access") not in OPEN_LEVELS:
            return True
        digests = (row.get("item_sha256"), row.get("input_sha256"), row.get("sha256"))
        pointers = (row.get("item_id"), row.get("item_a_id"), row.get("item_b_id"))
        return not self.items.isdisjoint(filter(None, digests)) or not self.item_ids.isdisjoint(
            filter(None, pointers)
        )


def closed_of(case: Case) -> Closed:
    """What of a case stays in the house."""
    models = entity_models()
    things = {
        str(thing)
        for model in models
        for thing in model.present()
        .filter(case=case.thing)
        .exclude(access__in=OPEN_LEVELS)
        .values_list("thing", flat=True)
    }
    whole = case_file_of(case)
    opened = {placed.reference for placed in case_file_of(case, OPEN_LEVELS).placed}
    items = {
        item.sha256
        for name, item in whole.named(DescribedItem).items()
        if name not in opened and item.sha256 is not None
    }
    sealed = {placed.reference for placed in whole.placed if placed.reference not in opened}
    things |= {
        str(row.thing)
        for row in Observation.present().filter(case=case.thing)
        if observation_name(row) in sealed
    }
    ids = Item.objects.filter(sha256__in=items).values_list("id", flat=True)
    tables = {model._meta.db_table: model for model in models}
    return Closed(frozenset(things), frozenset(items), frozenset(map(str, ids)), tables)

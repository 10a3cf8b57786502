"""Parties in both of their tables: the short one that reports read, and the entity of the method."""

from collections.abc import Iterable

from videtur.cases.case_file import Contribution
from videtur.cases.models import Case, Party
from videtur.cases.queries import parties_of
from videtur.engines.method.case_file.model import Placed
from videtur.engines.method.entities import case as entities
from videtur.ledger.models import RecordedRow

LONGEST_CODE = 20
LONGEST_NAME = 200


def party_rows(case: Case, parties: Iterable[entities.Party]) -> list[RecordedRow]:
    """The rows by which reports know these parties; none for one that is known so already."""
    present = {row.code: row for row in parties_of(case)}
    rows: list[RecordedRow] = []
    for party in parties:
        known = present.get(party.id)
        if known is not None and (known.name, known.kind) == (party.name, party.kind):
            continue
        row = Party(case=case.thing, code=party.id, name=party.name, kind=party.kind)
        if known is not None:
            row.thing, row.version = known.thing, known.version + 1
        rows.append(row)
    return rows


def parties_named(case: Case) -> Iterable[Contribution]:
    """Parties that were named before the method knew them; an entity of the same name comes after."""
    for place, row in enumerate(parties_of(case)):
        party = entities.Party.model_validate({"id": row.code, "name": row.name, "kind": row.kind})
        yield Contribution((row.entry_index, place), Placed(row.code, party), "internal")

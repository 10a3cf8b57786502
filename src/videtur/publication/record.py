"""Everything that one case holds, as it stood at a size of the ledger."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from django.apps import apps

from videtur.cases.case_file import case_file_of, entity_models
from videtur.cases.models import Case, CaseEntity, Party
from videtur.engines.method.case_file.model import CaseFile
from videtur.evidence.models import Capture, Item, Publication, Refusal
from videtur.footage.models import CopyDecision, Observation
from videtur.ledger.models import Checkpoint, Entry, RecordedRow, VersionedRow
from videtur.ledger.services import entry_content
from videtur.pipeline.derivations import DONE, of_inputs
from videtur.pipeline.models import Derivation
from videtur.publication.closed import OPEN_LEVELS, Closed, closed_of

LOOKS_AT_OTHER_CASES = frozenset({"copy_search"})
"""Steps whose results tell what else the workspace holds. They stay in the house."""

_ROWS_A_QUERY = 500  # SQLite binds a limited number of values in one statement
_Row = TypeVar("_Row", bound=RecordedRow)
_Version = TypeVar("_Version", bound=VersionedRow)
_Key = TypeVar("_Key", bound=Hashable)


@dataclass(frozen=True)
class CaseRecord:
    """One case, its rows written before the checkpoint, and nothing of any other case."""

    case: Case
    checkpoint: Checkpoint
    parties: tuple[Party, ...]
    """In alphabetical order of their codes."""
    items: tuple[Item, ...]
    """In the order in which they first came in for this case."""
    captures: tuple[Capture, ...]
    publications: tuple[Publication, ...]
    refusals: tuple[Refusal, ...]
    derivations: tuple[Derivation, ...]
    copy_decisions: tuple[CopyDecision, ...]
    observations: tuple[Observation, ...]
    """The present version of each, by item and time; a withdrawn one says why."""
    entities: tuple[CaseEntity, ...]
    """The present version of each entity of the method that is not sealed, in the order of the case."""
    method: CaseFile
    """The same, with what other tables tell of the method, as one value."""
    closed: Closed
    """What stays in the house."""

    @cached_property
    def number_of(self) -> dict[str, int]:
        """The number by which the report calls an item, by its SHA-256."""
        return {item.sha256: number for number, item in enumerate(self.items, start=1)}

    def sha256_of_observed(self, row: Observation) -> str:
        """The digest of the item that an observation is about."""
        return self._sha256_by_id[_item_id(row)]

    @cached_property
    def _sha256_by_id(self) -> dict[object, str]:
        return {item.id: item.sha256 for item in self.items}

    def captures_of(self, item: Item) -> list[Capture]:
        """The arrivals of an item in this case, in order."""
        return self._captures_by_item[item.sha256]

    def publications_of(self, capture: Capture) -> list[Publication]:
        """Where it was seen, as told at that arrival."""
        return self._publications_by_capture.get(str(capture.id), [])

    def observations_of(self, item: Item) -> list[Observation]:
        """What was observed in an item, by time."""
        return self._observations_by_item.get(item.id, [])

    def derivations_of(self, item: Item) -> list[Derivation]:
        """Every attempt at every step on an item, oldest first."""
        return self._derivations_by_item.get(item.sha256, [])

    def latest(self, item: Item, step: str, outcome: str = DONE) -> Derivation | None:
        """The newest result of a step on an item."""
        rows = [row for row in self.derivations_of(item) if (row.step, row.outcome) == (step, outcome)]
        return rows[-1] if rows else None

    def is_ours(self, row: RecordedRow) -> bool:
        """Whether the row stands in an entry of this case (an item may have come in first for another)."""
        return not isinstance(row, Item) or row.entry_index in self._capturing_entries

    @cached_property
    def _captures_by_item(self) -> dict[str, list[Capture]]:
        return _grouped(self.captures, lambda row: row.item_sha256)

    @cached_property
    def _publications_by_capture(self) -> dict[object, list[Publication]]:
        return _grouped(self.publications, lambda row: row.as_record()["capture_id"])

    @cached_property
    def _observations_by_item(self) -> dict[object, list[Observation]]:
        return _grouped(self.observations, _item_id)

    @cached_property
    def _derivations_by_item(self) -> dict[str, list[Derivation]]:
        return _grouped(self.derivations, lambda row: row.input_sha256)

    @cached_property
    def _capturing_entries(self) -> frozenset[int]:
        return frozenset(capture.entry_index for capture in self.captures)


def read_case(case: Case, checkpoint: Checkpoint) -> CaseRecord:
    """Read a case as it stood when the checkpoint was signed. Rows are never changed, so this is exact."""
    size, closed = checkpoint.size, closed_of(case)
    captures = [row for row in _rows(Capture, size, case=case.thing) if row.item_sha256 not in closed.items]
    items = _items(captures)
    arrived = {capture.id for capture in captures}
    ids = {item.id for item in items}
    observations = [
        row
        for row in _present(Observation, size, case=case.thing)
        if _item_id(row) in ids and str(row.thing) not in closed.things
    ]
    order: dict[object, int] = {item.id: place for place, item in enumerate(items)}
    observations.sort(key=lambda row: (order[_item_id(row)], _start(row), row.entry_index))
    versions = _present(Case, size, thing=case.thing)
    return CaseRecord(
        case=versions[0] if versions else case,
        checkpoint=checkpoint,
        parties=tuple(sorted(_present(Party, size, case=case.thing), key=lambda party: party.code)),
        items=tuple(items),
        captures=tuple(captures),
        publications=tuple(
            row for row in _rows(Publication, size, capture__case=case.thing) if _capture_id(row) in arrived
        ),
        refusals=tuple(_rows(Refusal, size, case=case.thing)),
        derivations=tuple(
            row
            for row in of_inputs([item.sha256 for item in items])
            if row.entry_index < size and row.step not in LOOKS_AT_OTHER_CASES
        ),
        copy_decisions=tuple(_decisions(items, size)),
        observations=tuple(observations),
        entities=tuple(_entities(case, size, closed)),
        method=case_file_of(case, OPEN_LEVELS),
        closed=closed,
    )


def entries_of(record: CaseRecord) -> Iterator[Entry]:
    """The ledger entries of the case, in order: those made in it, and those on how its items were examined.

    An entry that also tells of anything else is left out, whatever it would prove.
    """
    inputs = {item.sha256 for item in record.items}
    indices = sorted(_indices_of_case(record) | {row.entry_index for row in record.derivations})
    for start in range(0, len(indices), _ROWS_A_QUERY):
        for entry in Entry.objects.filter(index__in=indices[start : start + _ROWS_A_QUERY]):
            content = entry_content(entry)
            ours = content["case"] == record.case.slug
            told = ours or (content["case"] is None and _only_examines(content, inputs))
            if told and not record.closed.tells(content):
                yield entry


def _only_examines(content: dict[str, Any], inputs: set[str]) -> bool:
    table = Derivation._meta.db_table
    return all(
        part["table"] == table
        and part["row"]["input_sha256"] in inputs
        and part["row"]["step"] not in LOOKS_AT_OTHER_CASES
        for part in content["rows"]
    )


def _indices_of_case(record: CaseRecord) -> set[int]:
    """Where rows of this case were recorded: every table that says which case a row belongs to."""
    case, size = record.case.thing, record.checkpoint.size
    indices: set[int] = set(
        Case.objects.filter(thing=case, entry_index__lt=size).values_list("entry_index", flat=True)
    )
    for model in apps.get_models():
        if issubclass(model, RecordedRow) and any(field.name == "case" for field in model._meta.fields):
            rows = model._default_manager.filter(case=case, entry_index__lt=size)
            indices.update(rows.values_list("entry_index", flat=True))
    for rows in (record.publications, record.copy_decisions):
        indices.update(row.entry_index for row in rows)
    return indices


def _items(captures: Sequence[Capture]) -> list[Item]:
    digests = list(dict.fromkeys(capture.item_sha256 for capture in captures))
    found: dict[str, Item] = {}
    for start in range(0, len(digests), _ROWS_A_QUERY):
        rows = Item.objects.filter(sha256__in=digests[start : start + _ROWS_A_QUERY])
        found.update((item.sha256, item) for item in rows)
    return [found[digest] for digest in digests]


def _decisions(items: Sequence[Item], size: int) -> list[CopyDecision]:
    """Decisions on two items of the case. One on an item of another case is that case's."""
    ids = {item.id for item in items}
    rows = CopyDecision.objects.filter(entry_index__lt=size).order_by("entry_index")
    return [row for row in rows if row.item_a_id in ids and row.item_b_id in ids]  # pyright: ignore[reportAttributeAccessIssue] - Django makes *_id


def _entities(case: Case, size: int, closed: Closed) -> list[CaseEntity]:
    """Rows of the method whose entries go out; a row whose entry tells of something closed stays with it."""
    rows = [
        row
        for model in entity_models()
        for row in _present(model, size, case=case.thing)
        if row.access in OPEN_LEVELS and str(row.thing) not in closed.things
    ]
    indices = sorted({row.entry_index for row in rows})
    kept: set[int] = set()
    for start in range(0, len(indices), _ROWS_A_QUERY):
        for entry in Entry.objects.filter(index__in=indices[start : start + _ROWS_A_QUERY]):
            if not closed.tells(entry_content(entry)):
                kept.add(entry.index)
    found = [row for row in rows if row.entry_index in kept]
    return sorted(found, key=lambda row: (row._meta.db_table, row.entry_index, row.position))


def _capture_id(row: Publication) -> object:
    return row.capture_id  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType] - Django makes it


def _grouped(rows: Iterable[_Row], key: Callable[[_Row], _Key]) -> dict[_Key, list[_Row]]:
    groups: dict[_Key, list[_Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def _item_id(row: Observation) -> object:
    return row.item_id  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType] - Django makes it


def _start(row: Observation) -> float:
    return row.start_pts * row.time_base_numerator / row.time_base_denominator  # only to sort by


def _rows(model: type[_Row], size: int, **conditions: object) -> list[_Row]:
    rows = model._default_manager.filter(entry_index__lt=size, **conditions)
    return list(rows.order_by("entry_index", "id"))


def _present(model: type[_Version], size: int, **conditions: object) -> list[_Version]:
    """The newest version of each thing among those written before `size`."""
    newest: dict[object, _Version] = {}
    for row in _rows(model, size, **conditions):
        if row.thing not in newest or newest[row.thing].version < row.version:
            newest[row.thing] = row
    return list(newest.values())

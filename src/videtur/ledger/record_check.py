"""Rows, entries, tree and checkpoints against one another."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, connection, models

from videtur.engines.custody import merkle, notes
from videtur.engines.custody.canonical import canonical_json
from videtur.engines.custody.signing import Verifier
from videtur.engines.custody.verdict import Kind, Problem
from videtur.errors import VideturError
from videtur.ledger.append_only import missing_triggers, recorded_models
from videtur.ledger.checkpoints import checkpoint_file, checkpoint_files
from videtur.ledger.keys import load_ledger_verifier
from videtur.ledger.models import Checkpoint, Entry, Node, ObjectReference, RecordedRow
from videtur.workspace import Workspace

_CHUNK = 1024
_MOST_PROBLEMS_A_TABLE = 200


@dataclass(slots=True)
class RecordCheck:
    """What was found in the database."""

    database: str
    """The database as a problem names it: its file, or that it is on a server."""
    problems: list[Problem] = field(default_factory=list[Problem])
    references: dict[str, tuple[ObjectReference, str]] = field(
        default_factory=dict[str, tuple[ObjectReference, str]]
    )
    """Object key -> what the rows say of it, and which row."""
    sha512: dict[str, str] = field(default_factory=dict[str, str])
    """Object key -> SHA-512, where a row has it."""
    entries: int = 0
    rows: int = 0
    checkpoints: int = 0

    def add(self, what: str, kind: Kind = Kind.RECORD) -> None:
        """Name something wrong in the database."""
        self.problems.append(Problem(self.database, what, kind))


Recorded = dict[tuple[str, str], bytes]
"""(table, id) -> the canonical row of an entry."""


def check_records(workspace: Workspace) -> RecordCheck:
    """Compare everything the database holds with what its entries and its checkpoints say."""
    path = workspace.sqlite_path
    check = RecordCheck("database server" if path is None else path.name)
    steps = (_check_soundness, _check_triggers, _check_entries_and_rows, _check_checkpoints)
    for step in steps:
        try:
            step(workspace, check)
        except DatabaseError as problem:
            check.add(f"the database cannot be read: {problem}", Kind.MISSING)
        except Exception as problem:  # noqa: BLE001 - damaged bytes make Django's converters raise anything
            check.add(f"the database holds what no program wrote: {type(problem).__name__}: {problem}")
    return check


def _check_soundness(workspace: Workspace, check: RecordCheck) -> None:
    del workspace
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check(20)")
        for (line,) in cursor.fetchall():
            if line != "ok":
                check.add(f"the database file is damaged: {line}", Kind.CONTENT)


def _check_triggers(workspace: Workspace, check: RecordCheck) -> None:
    del workspace
    for table in missing_triggers():
        what = f"{table}: the trigger that keeps rows from being changed or deleted is missing"
        check.add(what, Kind.STRUCTURE)


def _check_entries_and_rows(workspace: Workspace, check: RecordCheck) -> None:
    tree = _Tree()
    tables = {model._meta.db_table: model for model in recorded_models()}
    signed = dict(Checkpoint.objects.values_list("size", "note"))
    verifier = _verifier(workspace, check)
    start = 0
    while chunk := list(Entry.objects.filter(index__gte=start).order_by("index")[:_CHUNK]):
        recorded: Recorded = {}
        first = start
        for entry in chunk:
            if entry.index != start:
                check.add(f"entries {start} to {entry.index - 1} are missing")
                start = entry.index
            _check_entry(entry, tables, recorded, check)
            tree.append(bytes(entry.leaf))
            start += 1
            if start in signed:
                _check_note(workspace, verifier, start, signed.pop(start), tree.root(), check)
        _check_nodes(tree, check)
        for table, model in tables.items():
            _check_rows(table, model, first, start, recorded, check)
        for table, identifier in sorted(recorded):
            check.add(f"{table} row {identifier}: recorded in the ledger, but not there")
    check.entries = start
    _check_nothing_else(tree, tables, start, check)
    for size in sorted(signed):
        check.add(f"a checkpoint was signed at {size} entries; the ledger has {start}")


def _check_entry(
    entry: Entry, tables: Mapping[str, type[RecordedRow]], recorded: Recorded, check: RecordCheck
) -> None:
    body = bytes(entry.body)
    if merkle.leaf_hash(body) != bytes(entry.leaf):
        check.add(f"ledger_entry row {entry.index}: the entry and its leaf hash differ")
    try:
        content = json.loads(body)
        canonical = canonical_json(content)
        rows: list[tuple[str, dict[str, Any]]] = [(row["table"], row["row"]) for row in content["rows"]]
        described = {(table, str(row["id"])): canonical_json(row) for table, row in rows}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        check.add(f"ledger_entry row {entry.index}: not a readable entry: {problem}")
        return
    if canonical != body:
        check.add(f"ledger_entry row {entry.index}: the entry is not in canonical form")
    for (table, identifier), row in described.items():
        if table not in tables:
            check.add(f"ledger_entry row {entry.index}: names the table {table}, which is unknown here")
        elif (table, identifier) in recorded:
            check.add(f"{table} row {identifier}: recorded twice")
        else:
            recorded[table, identifier] = row


def _check_rows(
    table: str, model: type[RecordedRow], first: int, end: int, recorded: Recorded, check: RecordCheck
) -> None:
    """Compare a table's rows of the entries [first, end); take those found out of `recorded`."""
    for row in _readable_rows(table, model, first, end, recorded, check):
        check.rows += 1
        described = recorded.pop((table, str(row.pk)), None)
        if described is None:
            check.add(f"{table} row {row.pk}: no entry of the ledger records it")
            continue
        differing = _differing_fields(row, json.loads(described))
        if differing:
            check.add(f"{table} row {row.pk}: differs from its entry {row.entry_index} in {differing}")
        if json.loads(described).get("recorded_at") is None:
            check.add(f"{table} row {row.pk}: its entry does not say when")
        for reference in row.object_references():
            check.references.setdefault(reference.key, (reference, f"{table} row {row.pk}"))
            sha512 = getattr(row, "sha512", None)
            if isinstance(sha512, str):
                check.sha512[reference.key] = sha512


def _readable_rows(
    table: str, model: type[RecordedRow], first: int, end: int, recorded: Recorded, check: RecordCheck
) -> Iterator[RecordedRow]:
    """The rows at once; one by one where a damaged one among them cannot be read."""
    some: models.QuerySet[RecordedRow] = model._default_manager.filter(
        entry_index__gte=first, entry_index__lt=end
    )
    try:
        rows = list(some.order_by("entry_index", "pk"))
    except Exception:  # noqa: BLE001 - damaged bytes make Django's converters raise anything
        rows: list[RecordedRow] = []
        for owner, identifier in sorted(recorded):
            if owner == table:
                rows += _readable_row(model, identifier, recorded, check)
    yield from rows


def _readable_row(
    model: type[RecordedRow], identifier: str, recorded: Recorded, check: RecordCheck
) -> list[RecordedRow]:
    table = model._meta.db_table
    try:
        return list(model._default_manager.filter(pk=identifier))
    except Exception as problem:  # noqa: BLE001 - as above
        check.add(f"{table} row {identifier}: cannot be read: {type(problem).__name__}: {problem}")
        del recorded[table, identifier]
        return []


def _differing_fields(row: RecordedRow, described: dict[str, object]) -> str:
    """The names of fields that differ. A field that the entry is too old to know must have its default."""
    try:
        present = row.as_record()
        differing = {
            name
            for name in present.keys() | described.keys()
            if name in described and (name not in present or _form(present[name]) != _form(described[name]))
        }
        for column in row._meta.concrete_fields:
            if column.column not in described and column.name != "entry_index":
                default: object = column.get_default()
                if getattr(row, column.attname) != default:
                    differing.add(column.column)
    except (ValueError, TypeError) as problem:
        return f"a value that cannot be written down ({problem})"
    return ", ".join(sorted(differing))


def _form(value: object) -> bytes:
    return canonical_json({"": value})


@dataclass(slots=True)
class _Tree:
    """The tree grown anew from the leaves. Keeps the nodes still needed, and those to be compared next."""

    size: int = 0
    peaks: dict[tuple[int, int], bytes] = field(default_factory=dict[tuple[int, int], bytes])
    fresh: dict[tuple[int, int], bytes] = field(default_factory=dict[tuple[int, int], bytes])
    nodes: int = 0

    def append(self, leaf: bytes) -> None:
        for level, position, digest in merkle.nodes_completed_by(self.size, leaf, self.read):
            self.peaks[level, position] = digest
            if level:
                self.fresh[level, position] = digest
                self.peaks.pop((level - 1, 2 * position), None)
                self.peaks.pop((level - 1, 2 * position + 1), None)
        self.size += 1

    def read(self, level: int, position: int) -> bytes:
        return self.peaks[level, position]

    def root(self) -> bytes:
        return merkle.root_hash(self.size, self.read)


def _check_nodes(tree: _Tree, check: RecordCheck) -> None:
    """Compare the stored hashes of the subtrees completed since the last call."""
    by_level: dict[int, list[int]] = {}
    for level, position in tree.fresh:
        by_level.setdefault(level, []).append(position)
    for level, positions in by_level.items():
        stored = dict(
            Node.objects.filter(
                level=level, position__gte=min(positions), position__lte=max(positions)
            ).values_list("position", "digest")
        )
        for position in positions:
            digest = stored.get(position)
            if digest is None or bytes(digest) != tree.fresh[level, position]:
                check.add(f"ledger_node level {level} position {position}: the hash is missing or wrong")
    tree.nodes += len(tree.fresh)
    tree.fresh.clear()


def _check_nothing_else(
    tree: _Tree, tables: Mapping[str, type[RecordedRow]], end: int, check: RecordCheck
) -> None:
    if (stored := Node.objects.count()) != tree.nodes:
        check.add(f"ledger_node: {stored} rows where the tree has {tree.nodes}")
    if Entry.objects.filter(index__lt=0).exists():
        check.add("ledger_entry: an entry has a negative index")
    for table, model in tables.items():
        outside = model._default_manager.exclude(entry_index__gte=0, entry_index__lt=end)
        for identifier in outside.values_list("pk", flat=True)[:_MOST_PROBLEMS_A_TABLE]:
            check.add(f"{table} row {identifier}: no entry of the ledger records it")


def _verifier(workspace: Workspace, check: RecordCheck) -> Verifier | None:
    try:
        return load_ledger_verifier(workspace)
    except VideturError as problem:
        check.problems.append(Problem("keys/ledger.pub.pem", problem.explain(), Kind.MISSING))
        return None


def _check_note(
    workspace: Workspace, verifier: Verifier | None, size: int, note: str, root: bytes, check: RecordCheck
) -> None:
    """A signed checkpoint against the tree grown anew."""
    del workspace
    if verifier is None:
        return
    try:
        head = notes.open_checkpoint(note, [verifier])
    except notes.NoteRefused as problem:
        check.add(f"ledger_checkpoint of {size} entries: {problem}")
        return
    if (head.origin, head.size, head.root) != (verifier.name, size, root):
        check.add(f"ledger_checkpoint of {size} entries: the ledger's tree is not the one that was signed")


def _check_checkpoints(workspace: Workspace, check: RecordCheck) -> None:
    """The table's own columns, and the files, against the signed text."""
    files = checkpoint_files(workspace)
    for checkpoint in Checkpoint.objects.all():
        check.checkpoints += 1
        files.discard(str(checkpoint.size))
        try:
            head = notes.TreeHead.from_text(checkpoint.note.rpartition("\n\n")[0] + "\n")
        except notes.NoteRefused as problem:
            check.add(f"ledger_checkpoint of {checkpoint.size} entries: {problem}")
            continue
        if (head.size, head.root) != (checkpoint.size, bytes(checkpoint.root)):
            check.add(f"ledger_checkpoint of {checkpoint.size} entries: the row differs from the signed text")
        path = checkpoint_file(workspace, checkpoint.size)
        try:
            same = path.read_bytes() == checkpoint.note.encode()
        except FileNotFoundError:
            continue  # the seal says whether it was there
        except OSError as problem:
            what = f"the checkpoint cannot be read: {problem.strerror}"
            check.problems.append(Problem(f"checkpoints/{path.name}", what, Kind.MISSING))
            continue
        if not same:
            what = "the checkpoint differs from the one in the database"
            check.problems.append(Problem(f"checkpoints/{path.name}", what, Kind.RECORD))
    for name in sorted(files):
        check.add(f"ledger_checkpoint of {name} entries: there is a file of it, but no row")

"""The only way into the ledger: rows and the entry that records them, in one transaction."""

import json
import secrets
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from django.db import OperationalError, connection, transaction

from videtur import __version__
from videtur.engines.custody.canonical import canonical_json
from videtur.engines.custody.merkle import leaf_hash, nodes_completed_by
from videtur.errors import StorageFailed
from videtur.ledger.models import Entry, Node, RecordedRow, record_value

ENTRY_VERSION = 1
_LOCK_NUMBER = 0x7669646574757200  # "videtur\0": PostgreSQL's advisory lock of the one ledger


def record(verb: str, actor: str, rows: Sequence[RecordedRow], case: str | None = None) -> Entry:
    """Write `rows` and the one entry that records them; both or neither.

    `verb` is `app.thing.past-participle` ("evidence.item.received"); `actor` is "user:UUID" or
    "system:NAME"; `case` is the case's slug when the entry belongs to one. Sets `entry_index` and
    `recorded_at` on the rows. The entry holds a random salt, so that its leaf hash tells nothing to
    somebody who guesses at its content. Raises StorageFailed when the database cannot write.
    """
    with database_errors(), transaction.atomic():
        _take_the_ledger()
        index = size()
        now = datetime.now(UTC)
        for row in rows:
            row.entry_index = index
            row.recorded_at = now
        body = canonical_json(
            {
                "v": ENTRY_VERSION,
                "verb": verb,
                "actor": actor,
                "case": case,
                "at": record_value(now),
                "rows": [{"table": row._meta.db_table, "row": row.as_record()} for row in rows],
                "salt": secrets.token_hex(16),
                "software": f"videtur {__version__}",
            }
        )
        for row in rows:
            row.save(force_insert=True)
        return _append(index, body)


@contextmanager
def exclusively() -> Generator[None]:
    """One transaction that nobody else writes during: look first, then `record` what follows from it.

    Several `record` calls inside become durable together, at the end of the block.
    """
    with database_errors(), transaction.atomic():
        _take_the_ledger()
        yield


@contextmanager
def database_errors() -> Generator[None]:
    """Turn what the database itself could not do (a full disk, a lost server) into one clear line."""
    try:
        yield
    except OperationalError as problem:
        raise StorageFailed(
            "The records could not be written",
            f"The database says: {' '.join(str(problem).split())}",
            "Make sure that it runs and has room on its disk, then run the same command again",
        ) from problem


def size() -> int:
    """Number of entries."""
    newest = Entry.objects.order_by("-index").values_list("index", flat=True).first()
    return 0 if newest is None else newest + 1


def read_node(level: int, position: int) -> bytes:
    """Hash of a complete subtree, as `videtur.engines.custody.merkle` asks for it."""
    if level == 0:
        return bytes(Entry.objects.values_list("leaf", flat=True).get(index=position))
    return bytes(Node.objects.values_list("digest", flat=True).get(level=level, position=position))


def entry_content(entry: Entry) -> dict[str, object]:
    """The entry's record as a mapping."""
    content: dict[str, object] = json.loads(bytes(entry.body))
    return content


def _append(index: int, body: bytes) -> Entry:
    leaf = leaf_hash(body)
    entry = Entry.objects.create(index=index, body=body, leaf=leaf)
    nodes = nodes_completed_by(index, leaf, read_node)
    Node.objects.bulk_create(
        Node(level=level, position=position, digest=digest) for level, position, digest in nodes if level
    )
    return entry


def _take_the_ledger() -> None:
    """One writer at a time. SQLite begins immediately (settings); PostgreSQL locks until the commit."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK_NUMBER])

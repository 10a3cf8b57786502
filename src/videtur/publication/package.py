"""An evidence package written: originals, the record of one case, and the proofs that go with it."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import PurePosixPath

from videtur import __version__
from videtur.engines.custody import package as parts
from videtur.engines.custody.signing import Signer
from videtur.engines.method.case_file.writing import write_case
from videtur.errors import StorageFailed
from videtur.evidence.models import Item
from videtur.ledger.models import RecordedRow
from videtur.ledger.proofs import entry_proof
from videtur.publication.custody_table import custody_table
from videtur.publication.families import FamilyRecord
from videtur.publication.record import CaseRecord, entries_of
from videtur.publication.report import make_report
from videtur.publication.report_forms import as_html, as_json
from videtur.storage.bag_writer import BagWriter
from videtur.storage.object_store import ObjectStore

_BLOCK = 1 << 20
Progress = Callable[[int], None]
"""Told how many more bytes of the originals are copied."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What a package is made from."""

    record: CaseRecord
    families: Sequence[FamilyRecord]
    store: ObjectStore
    signer: Signer


def fill_package(bag: BagWriter, sources: Sources, progress: Progress) -> bytes:
    """Write everything into the bag, sign it and make it durable; return the bytes of the tag manifest."""
    record = sources.record
    _add_originals(bag, sources, progress)
    report = make_report(record, sources.families, sources.signer.verifier.fingerprint)
    bag.add(parts.CASE_RECORD, [case_record(record, sources.families)])
    bag.add(parts.CASE_FILE, [write_case(record.method).encode()])
    bag.add(parts.CUSTODY_TABLE, custody_table(entries_of(record)))
    bag.add(parts.REPORT, [as_html(report)])
    bag.add(parts.REPORT_AS_JSON, [as_json(report)])
    bag.add(parts.KEY, [sources.signer.verifier.as_pem()])
    bag.add(parts.CHECKPOINT, [record.checkpoint.note.encode()])
    for entry in entries_of(record):
        bag.add(f"{parts.ENTRIES}{entry.index}.entry", [bytes(entry.body)])
        proof = entry_proof(entry.index, record.checkpoint).text()
        bag.add(f"{parts.ENTRIES}{entry.index}.tlog-proof", [proof.encode()])
    bag.add(parts.EXPLANATION, [_resource(parts.EXPLANATION)])
    bag.add(parts.CHECKER, [_resource(parts.CHECKER)], program=True)
    tag_manifest = bag.close(_information(record))
    bag.add_unlisted(parts.SIGNATURE, sources.signer.sign(tag_manifest))
    bag.make_durable()
    return tag_manifest


def original_name(item: Item) -> str:
    """Where a package keeps an original: its digest, and the plain extension under which it is stored."""
    suffix = PurePosixPath(item.object_key).suffix or ".bin"
    return f"{parts.ORIGINALS}{item.sha256}{suffix}"


def case_record(record: CaseRecord, families: Sequence[FamilyRecord]) -> bytes:
    """`case.json`: every row as the ledger has it with the index of its entry, and the families."""
    value: dict[str, object] = {
        "format": parts.RECORD_FORMAT,
        "slug": record.case.slug,
        "title": record.case.title,
        "software": f"videtur {__version__}",
        "checkpoint": {"size": record.checkpoint.size, "root": bytes(record.checkpoint.root).hex()},
        "originals": {item.sha256: original_name(item) for item in record.items},
        "case": _rows(record, [record.case]),
        "parties": _rows(record, record.parties),
        "items": _rows(record, record.items),
        "captures": _rows(record, record.captures),
        "publications": _rows(record, record.publications),
        "refusals": _rows(record, record.refusals),
        "derivations": _rows(record, record.derivations),
        "copy_decisions": _rows(record, record.copy_decisions),
        "observations": _rows(record, record.observations),
        "entities": [
            {"ledger_index": row.entry_index, "table": row._meta.db_table, "row": row.as_record()}
            for row in record.entities
        ],
        "families": [family.as_json() for family in families],
    }
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _rows(record: CaseRecord, rows: Sequence[RecordedRow]) -> list[dict[str, object]]:
    return [
        {"ledger_index": row.entry_index, "row": row.as_record()}
        if record.is_ours(row)
        else {"ledger_index": None, "row": _bytes_alone(row)}
        for row in rows
    ]


def _bytes_alone(row: RecordedRow) -> dict[str, object]:
    """An item that came in for another case first: what its bytes are, and nothing of that case."""
    kept = ("id", "sha256", "sha512", "size")
    return {name: value for name, value in row.as_record().items() if name in kept}


def _add_originals(bag: BagWriter, sources: Sources, progress: Progress) -> None:
    def read(item: Item) -> Iterator[bytes]:
        with sources.store.open(item.object_key) as file:
            while data := file.read(_BLOCK):
                progress(len(data))
                yield data

    for item in sources.record.items:
        found = bag.add(original_name(item), read(item))
        if (found.sha256, found.sha512, found.size) != (item.sha256, item.sha512, item.size):
            raise StorageFailed(
                f"{item.object_key} no longer holds the bytes that were taken in",
                "Nothing was exported",
                "Run: videtur verify --deep",
            )


def _information(record: CaseRecord) -> dict[str, str]:
    """`bag-info.txt`. The folder's name and the keeper's are nobody's business but the reader's."""
    return {
        "Bag-Software-Agent": f"videtur {__version__}",
        "Bagging-Date": datetime.now(UTC).date().isoformat(),
        "External-Identifier": record.case.slug,
        "External-Description": "Evidence package of one case; VERIFY.txt says how to check it",
        "Videtur-Ledger-Size": str(record.checkpoint.size),
    }


def _resource(name: str) -> bytes:
    return files("videtur.publication").joinpath("resources", name).read_bytes()

"""The custody table: one line for each thing that was recorded, for a spreadsheet and without its dangers."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

from videtur.ledger.models import Entry
from videtur.ledger.services import entry_content

COLUMNS = (
    "ledger_index",
    "recorded_at",
    "verb",
    "actor",
    "table",
    "row_id",
    "item_sha256",
    "file_name",
    "url",
    "posted_at_original",
    "posted_at_edtf",
    "step",
    "outcome",
    "text",
    "software",
)
_FORMULA = frozenset("=+-@\t\r\n'＝＋－＠")
"""What a spreadsheet may take for the beginning of a formula; and the mark itself, so that it comes off."""


def neutral(cell: str) -> str:
    """The cell with a mark before it if a spreadsheet could execute it."""
    return f"'{cell}" if cell[:1] in _FORMULA else cell


def original(cell: str) -> str:
    """What `neutral` was given."""
    return cell.removeprefix("'")


def custody_table(entries: Iterable[Entry]) -> Iterator[bytes]:
    """CSV (RFC 4180, UTF-8), a line at a time; every cell is quoted."""
    yield table_line(COLUMNS)
    for entry in entries:
        content = entry_content(entry)
        rows = content["rows"]
        assert isinstance(rows, list)  # noqa: S101 - every entry is written by ledger.services.record
        for part in rows:  # pyright: ignore[reportUnknownVariableType]
            yield table_line(_cells(entry.index, content, part))  # pyright: ignore[reportUnknownArgumentType]


def _cells(index: int, content: Mapping[str, object], part: Mapping[str, Mapping[str, object]]) -> list[str]:
    row = part["row"]
    sha256 = (
        row.get("item_sha256") or row.get("input_sha256") or (row.get("sha256") if "sha512" in row else "")
    )
    told = {
        "ledger_index": index,
        "recorded_at": content["at"],
        "verb": content["verb"],
        "actor": content["actor"],
        "table": part["table"],
        "row_id": row.get("id"),
        "item_sha256": sha256,
        "text": row.get("text") or row.get("note") or row.get("explanation") or row.get("reason"),
        "software": content["software"],
    }
    values = (told.get(column, row.get(column)) for column in COLUMNS)
    return ["" if value is None else neutral(str(value)) for value in values]


def table_line(cells: Iterable[str]) -> bytes:
    """One line of the table."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(cells)
    return text.getvalue().encode()

"""Script: change a workspace in many ways, verify each time, put it back. Usage: tampering.py DIR WHAT.

Prints one JSON line for each change: what was changed, and the problems that verification named.
"""

import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

ROOT = Path(sys.argv[1])
DATABASE = ROOT / "videtur.db"


def verify(files_only: bool = False) -> list[dict[str, str]]:
    from django.db import connections

    from videtur.ledger.seal_check import check_seal
    from videtur.ledger.verification import verify_contents
    from videtur.workspace import read_workspace

    seal = check_seal(ROOT)
    problems = list(seal.problems)
    if not files_only:
        verdict = verify_contents(read_workspace(ROOT), seal)
        problems = list(verdict.problems)
        connections.close_all()
    return [{"path": problem.path, "what": problem.what} for problem in problems]


def say(**line: object) -> None:
    sys.stdout.write(json.dumps(line) + "\n")


def flips(size: int, every: int) -> Iterator[tuple[int, int]]:
    """Offsets and bits: the first, the last, and some between; another bit each time."""
    offsets = sorted({0, size - 1, *range(0, size, every)})
    for number, offset in enumerate(offsets):
        yield offset, number % 8


def flip_files() -> None:
    """Several bytes of every file, the database excepted."""
    for path in sorted(path for path in ROOT.rglob("*") if path.is_file() and path != DATABASE):
        data = path.read_bytes()
        path.chmod(0o600)
        for offset, bit in flips(len(data), max(1, len(data) // 5)) if data else ():
            changed = bytearray(data)
            changed[offset] ^= 1 << bit
            path.write_bytes(changed)
            settings = path.name in ("videtur.toml", "web.secret")
            say(file=str(path.relative_to(ROOT)), offset=offset, problems=verify(files_only=settings))
            path.write_bytes(data)


def flip_database() -> None:
    """Every 97th byte of the database; some of them with all the rest of the verification."""
    data = DATABASE.read_bytes()
    for number, (offset, bit) in enumerate(flips(len(data), 97)):
        with DATABASE.open("r+b") as file:
            file.seek(offset)
            file.write(bytes([data[offset] ^ 1 << bit]))
        say(file=DATABASE.name, offset=offset, problems=verify(files_only=number % 97 != 0))
        if number % 97 == 0:
            DATABASE.write_bytes(data)
        else:
            with DATABASE.open("r+b") as file:
                file.seek(offset)
                file.write(data[offset : offset + 1])


def remove_files() -> None:
    """Each file missing, and each replaced by nothing."""
    for path in sorted(path for path in ROOT.rglob("*") if path.is_file() and path.name != "lock"):
        kept = path.with_name("kept-aside")
        path.rename(kept)
        settings = path.name == "videtur.toml"
        say(file=str(path.relative_to(ROOT)), offset=-1, problems=verify(files_only=settings))
        kept.rename(path)


def rows_to_edit() -> Iterator[tuple[str, str, str]]:
    """Every column of every recorded table that holds rows."""
    from videtur.ledger.append_only import append_only_tables

    with closing(sqlite3.connect(DATABASE)) as handle:
        for table in append_only_tables():
            if handle.execute(f"SELECT count(*) FROM {table}").fetchone()[0]:  # noqa: S608 - our own tables
                for column in handle.execute(f"PRAGMA table_info({table})").fetchall():
                    yield table, str(column[1]), str(column[2])


def edit(statement: str, *values: object) -> None:
    """Change the database as a stranger would: without triggers, keys or scruples."""
    with closing(sqlite3.connect(DATABASE)) as handle:
        triggers = handle.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            handle.execute(f"DROP TRIGGER {name}")
        handle.execute("PRAGMA foreign_keys = OFF")
        handle.execute(statement, values)
        for _, sql in triggers:
            handle.execute(sql)
        handle.commit()
        handle.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def edit_rows() -> None:
    data = DATABASE.read_bytes()
    for table, column, kind in list(rows_to_edit()):
        with closing(sqlite3.connect(DATABASE)) as handle:
            query = f'SELECT rowid, "{column}" FROM {table} ORDER BY rowid LIMIT 1 OFFSET 1'  # noqa: S608
            rowid, value = handle.execute(query).fetchone()
        if isinstance(value, int):
            other: object = value + 100_000
        elif isinstance(value, bytes):
            other = bytes([value[0] ^ 1]) + value[1:] if value else b"x"
        else:
            other = another_text(str(value or ""), column, kind)
        edit(f'UPDATE {table} SET "{column}" = ? WHERE rowid = ?', other, rowid)  # noqa: S608 - as above
        say(table=table, column=column, problems=verify())
        DATABASE.write_bytes(data)


def another_text(value: str, column: str, kind: str) -> str:
    """Another value that still reads as one of that kind, where there is such."""
    if kind == "datetime":
        return value.replace("20", "19", 1) if value else "2001-01-01 00:00:00"
    if kind == "char(32)":
        return ("0" if value[:1] != "0" else "1") + value[1:]
    if value.startswith("{"):
        return '{"other": "value"}'
    return value + "x" if column != "states" else '["x"]'


def remove_rows() -> None:
    data = DATABASE.read_bytes()
    for table in sorted({table for table, _, _ in rows_to_edit()}):
        some = f"(SELECT rowid FROM {table} ORDER BY rowid LIMIT 1 OFFSET 1)"  # noqa: S608 - our own tables
        edit(f"DELETE FROM {table} WHERE rowid = {some}")  # noqa: S608 - as above
        say(table=table, column="*", problems=verify())
        DATABASE.write_bytes(data)


def main() -> None:
    os.environ["VIDETUR_WORKSPACE"] = str(ROOT)
    os.environ["DJANGO_SETTINGS_MODULE"] = "videtur.web.settings"
    import django

    django.setup()
    kinds = {
        "files": flip_files,
        "database": flip_database,
        "missing": remove_files,
        "rows": edit_rows,
        "removed rows": remove_rows,
    }
    assert verify() == []
    shutil.copy2(DATABASE, ROOT.parent / "before.db")
    kinds[sys.argv[2]]()
    assert (ROOT.parent / "before.db").read_bytes() == DATABASE.read_bytes()
    assert verify() == []


if __name__ == "__main__":
    main()

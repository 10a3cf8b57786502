"""Triggers by which the database itself refuses to change or delete what was recorded.

They are installed after every `migrate`, for every table of recorded rows and for the ledger's own, so no
app needs to remember it; `videtur verify` looks whether they are there. They stop mistakes. Against
somebody who drops them first stands the comparison of every row with its entry.
"""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection, models

from videtur.ledger.models import Checkpoint, Entry, Node, RecordedRow

_MESSAGE = "what is recorded is neither changed nor deleted"
_FUNCTION = "videtur_append_only"


def recorded_models() -> list[type[RecordedRow]]:
    """Every model whose rows are written by `ledger.services.record` alone."""
    found = [model for model in apps.get_models() if issubclass(model, RecordedRow)]
    return sorted(found, key=lambda model: model._meta.db_table)


def append_only_tables() -> list[str]:
    """The tables that only grow."""
    own: list[type[models.Model]] = [Entry, Node, Checkpoint]
    return sorted(model._meta.db_table for model in (*own, *recorded_models()))


def install_triggers(**_: object) -> None:
    """Make the database refuse UPDATE and DELETE on the tables that exist. Run again at no cost."""
    present = set(connection.introspection.table_names())
    missing = set(missing_triggers())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION_DEFINITION)
        for table in append_only_tables():
            if table in present and table in missing:
                for statement in _statements(table):
                    cursor.execute(statement)


def missing_triggers() -> list[str]:
    """The append-only tables on which a trigger is absent, altered or switched off."""
    installed = dict(_installed())
    return [table for table in append_only_tables() if installed.get(table) != _expected(table)]


def _statements(table: str) -> list[str]:
    quoted = connection.ops.quote_name(table)
    if connection.vendor == "postgresql":
        run = f"EXECUTE FUNCTION {_FUNCTION}()"
        create = "CREATE OR REPLACE TRIGGER"
        return [
            f"{create} append_only BEFORE UPDATE OR DELETE ON {quoted} FOR EACH ROW {run}",
            f"{create} append_only_whole BEFORE TRUNCATE ON {quoted} FOR EACH STATEMENT {run}",
            f"ALTER TABLE {quoted} ENABLE TRIGGER append_only",
            f"ALTER TABLE {quoted} ENABLE TRIGGER append_only_whole",
        ]
    statements: list[str] = []
    for name, definition in _sqlite_triggers(table).items():
        statements += [f"DROP TRIGGER IF EXISTS {name}", definition]
    return statements


def _sqlite_triggers(table: str) -> dict[str, str]:
    triggers: dict[str, str] = {}
    for verb in ("UPDATE", "DELETE"):
        name = f"append_only_{table}_{verb.lower()}"
        triggers[name] = (
            f"CREATE TRIGGER {name} BEFORE {verb} ON \"{table}\" BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
        )
    return triggers


def _expected(table: str) -> set[str]:
    if connection.vendor == "postgresql":
        return {"append_only", "append_only_whole"}
    return set(_sqlite_triggers(table).values())


def _installed() -> Iterator[tuple[str, set[str]]]:
    query = _POSTGRESQL_QUERY if connection.vendor == "postgresql" else _SQLITE_QUERY
    found: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(query)
        for table, trigger in cursor.fetchall():
            found.setdefault(table, set()).add(trigger)
    yield from found.items()


_SQLITE_QUERY = "SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
_POSTGRESQL_QUERY = f"""
    SELECT tables.relname, triggers.tgname
    FROM pg_trigger AS triggers
    JOIN pg_class AS tables ON tables.oid = triggers.tgrelid
    JOIN pg_proc AS functions ON functions.oid = triggers.tgfoid
    WHERE NOT triggers.tgisinternal AND triggers.tgenabled = 'O' AND functions.proname = '{_FUNCTION}'
    AND tables.relnamespace = current_schema()::regnamespace
"""  # noqa: S608 - a constant of this module
_FUNCTION_DEFINITION = f"""
    CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{_MESSAGE}' USING ERRCODE = 'restrict_violation';
    END
    $$
"""

"""The database refuses to change or delete what was recorded, on either engine."""

import pytest
from django.db import DatabaseError, connection, transaction

from videtur.ledger.append_only import (
    append_only_tables,
    install_triggers,
    missing_triggers,
    recorded_models,
)
from videtur.ledger.models import Entry, Node, new_id
from videtur.ledger.services import record
from videtur.people.models import AccountEvent


@pytest.fixture
def row(db: None) -> AccountEvent:
    del db
    row = AccountEvent(user_id=new_id(), username="somebody", kind="created")
    record("people.account.created", "system:test", [row])
    record("people.account.created", "system:test", [AccountEvent(user_id=new_id(), username="b", kind="x")])
    return row


@pytest.mark.django_db
def test_every_recorded_table_has_its_triggers() -> None:
    tables = append_only_tables()
    assert {"ledger_entry", "ledger_node", "ledger_checkpoint", "evidence_item"} <= set(tables)
    assert {model._meta.db_table for model in recorded_models()} < set(tables)
    assert set(tables) <= set(connection.introspection.table_names())
    assert missing_triggers() == []


def test_nothing_is_changed_or_deleted(row: AccountEvent) -> None:
    row.username = "somebody else"
    with pytest.raises(DatabaseError, match="neither changed nor deleted"), transaction.atomic():
        row.save()
    with pytest.raises(DatabaseError, match="neither changed nor deleted"), transaction.atomic():
        AccountEvent.objects.all().delete()
    for model in (Entry, Node):
        with pytest.raises(DatabaseError, match="neither changed nor deleted"), transaction.atomic():
            model.objects.all().delete()
    with pytest.raises(DatabaseError, match="neither changed nor deleted"), transaction.atomic():
        Entry.objects.update(body=b"{}")


@pytest.mark.django_db
def test_a_dropped_trigger_is_missed_and_installed_again() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE evidence_item DISABLE TRIGGER append_only")
            cursor.execute("DROP TRIGGER append_only_whole ON cases_case")
        else:
            cursor.execute("DROP TRIGGER append_only_evidence_item_delete")
            cursor.execute("DROP TRIGGER append_only_cases_case_update")
    assert missing_triggers() == ["cases_case", "evidence_item"]
    install_triggers()
    assert missing_triggers() == []

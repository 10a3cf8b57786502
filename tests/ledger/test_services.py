"""The ledger's tree against the definition of RFC 6962, section 2.1, and the atomic write."""

from hashlib import sha256

import pytest
from django.db import IntegrityError

from videtur.engines.custody.merkle import root_hash
from videtur.ledger.models import Entry, new_id
from videtur.ledger.services import read_node, record, size
from videtur.people.models import AccountEvent


def tree_by_definition(entries: list[bytes]) -> bytes:
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    split = 1 << ((len(entries) - 1).bit_length() - 1)
    return sha256(
        b"\x01" + tree_by_definition(entries[:split]) + tree_by_definition(entries[split:])
    ).digest()


def account_event() -> AccountEvent:
    return AccountEvent(user_id=new_id(), username="somebody", kind="created")


@pytest.mark.django_db
def test_every_size_has_the_root_of_the_definition() -> None:
    for count in range(1, 20):
        record("people.account.created", "system:test", [account_event()])
        bodies = [bytes(body) for body in Entry.objects.values_list("body", flat=True)]
        assert size() == count
        assert root_hash(count, read_node) == tree_by_definition(bodies)


@pytest.mark.django_db
def test_a_failed_row_leaves_no_entry() -> None:
    row = account_event()
    record("people.account.created", "system:test", [row])
    twin = AccountEvent(id=row.id, user_id=new_id(), username="twin", kind="created")
    with pytest.raises(IntegrityError):
        record("people.account.created", "system:test", [account_event(), twin])
    assert size() == 1
    assert AccountEvent.objects.count() == 1

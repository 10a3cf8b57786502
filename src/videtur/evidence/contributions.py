"""Items, captures and publications as the method knows them. A case of thousands takes a few queries."""

import uuid
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from videtur.cases.case_file import Contribution
from videtur.cases.models import Case
from videtur.engines.method.case_file.model import Placed
from videtur.engines.method.dates import days_of
from videtur.engines.method.entities import evidence as entities
from videtur.evidence.models import Capture, Publication
from videtur.evidence.queries import Arrived, ItemInCase, items_of
from videtur.ledger.models import Entry

ACCESS = "restricted"
"""Originals, and what leads to them, are restricted from their arrival (domain model, section 12)."""
_SHORT = 12


def item_name(sha256: str) -> str:
    """The name of an item inside every case."""
    return f"item-{sha256[:_SHORT]}"


def moment(at: datetime) -> str:
    """A moment of the record as entities write it."""
    return at.isoformat(timespec="seconds")


def items_arrived(case: Case) -> tuple[Contribution, ...]:
    """The case's items in the order of their arrival, each with how it came and where it was seen.

    They change with an arrival alone, so what is read is kept until the next one.
    """
    last = Capture.objects.filter(case=case.thing).order_by("-entry_index").first()
    if last is None:
        return ()
    return _arrived(
        case.thing, bytes(Entry.objects.values_list("leaf", flat=True).get(index=last.entry_index))
    )


@lru_cache(maxsize=8)
def _arrived(thing: uuid.UUID, leaf_of_last: bytes) -> tuple[Contribution, ...]:
    """The leaf holds a random salt, so no other state of any case has the same."""
    del leaf_of_last
    return tuple(
        contribution
        for place, found in enumerate(items_of(Case(thing=thing)))
        for contribution in _of_item(place, found)
    )


def _of_item(place: int, found: ItemInCase) -> Iterator[Contribution]:
    yield _contribution(found.arrivals[0].capture.entry_index, place, _item(found))
    for arrived in found.arrivals:
        index = arrived.capture.entry_index
        yield _contribution(index, place, _capture(found.item.sha256, arrived))
        for seen in arrived.publications:
            yield _contribution(index, place, _publication(found.item.sha256, seen))


def _contribution(
    index: int, place: int, entity: entities.Item | entities.Capture | entities.Publication
) -> Contribution:
    return Contribution((index, place), Placed(entity.id, entity), ACCESS)


def _item(found: ItemInCase) -> entities.Item:
    """Intake hashed the bytes while it wrote them: that is the first check of their fixity."""
    item, first = found.item, found.arrivals[0].capture
    received = moment(first.recorded_at)
    return entities.Item.model_validate(
        {
            "id": item_name(item.sha256),
            "access": ACCESS,
            "sha256": item.sha256,
            "size": item.size,
            "received": received,
            "ledger_index": first.entry_index,
            "fixity": [{"checked_at": received, "sha256": item.sha256}],
        }
    )


def _capture(sha256: str, arrived: Arrived) -> entities.Capture:
    row = arrived.capture
    url = next((seen.url for seen in arrived.publications if seen.url), None)
    return entities.Capture.model_validate(
        {
            "id": f"cap-{row.id.hex[-_SHORT:]}",
            "access": ACCESS,
            "item": item_name(sha256),
            **({"url": url} if url else {}),
            "at": moment(row.recorded_at),
            "by": row.captured_by,
        }
    )


def _publication(sha256: str, seen: Publication) -> entities.Publication:
    given = {"url": seen.url, "posted_at_original": seen.posted_at_original}
    if _is_date(seen.posted_at_edtf):
        given["posted_at"] = seen.posted_at_edtf
    return entities.Publication.model_validate(
        {
            "id": f"pub-{seen.id.hex[-_SHORT:]}",
            "access": ACCESS,
            "item": item_name(sha256),
            **{name: value for name, value in given.items() if value},
        }
    )


def _is_date(edtf: str) -> bool:
    try:
        days_of(edtf)
    except ValueError:
        return False
    return True

"""Items, captures and publications as the method knows them. A case of thousands takes three queries."""

from collections.abc import Iterator
from datetime import datetime

from videtur.cases.case_file import Contribution
from videtur.cases.models import Case
from videtur.engines.method.case_file.model import Placed
from videtur.engines.method.dates import days_of
from videtur.engines.method.entities import evidence as entities
from videtur.evidence.queries import Arrived, ItemInCase, items_of

ACCESS = "restricted"
"""Originals, and what leads to them, are restricted from their arrival (domain model, section 12)."""
_SHORT = 12


def item_name(sha256: str) -> str:
    """The name of an item inside every case."""
    return f"item-{sha256[:_SHORT]}"


def moment(at: datetime) -> str:
    """A moment of the record as entities write it."""
    return at.isoformat(timespec="seconds")


def items_arrived(case: Case) -> Iterator[Contribution]:
    """The case's items in the order of their arrival, each with how it came and where it was seen."""
    for place, found in enumerate(items_of(case)):
        first = found.arrivals[0].capture.entry_index
        yield _contribution(first, place, _item(found))
        for arrived in found.arrivals:
            index = arrived.capture.entry_index
            yield _contribution(index, place, _capture(found.item.sha256, arrived))
            for seen in arrived.publications:
                yield _contribution(
                    index,
                    place,
                    entities.Publication.model_validate(
                        {
                            "id": f"pub-{seen.id.hex[-_SHORT:]}",
                            "access": ACCESS,
                            "item": item_name(found.item.sha256),
                            **({"url": seen.url} if seen.url else {}),
                            **(
                                {"posted_at_original": seen.posted_at_original}
                                if seen.posted_at_original
                                else {}
                            ),
                            **({"posted_at": seen.posted_at_edtf} if _is_date(seen.posted_at_edtf) else {}),
                        }
                    ),
                )


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


def _is_date(edtf: str) -> bool:
    try:
        days_of(edtf)
    except ValueError:
        return False
    return True

"""Reading evidence: the items of a case, how each came, and where its examination stands."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from videtur.cases.models import Case
from videtur.evidence.models import Capture, Item, Publication
from videtur.ledger.models import record_value


@dataclass(frozen=True, slots=True)
class Arrived:
    """One capture, with the places where the item was seen."""

    capture: Capture
    publications: tuple[Publication, ...]

    def as_json(self) -> dict[str, object]:
        """For scripts."""
        capture = self.capture
        return {
            "how": capture.how,
            "file_name": capture.file_name,
            "file_modified_at": record_value(capture.file_modified_at),
            "captured_at": record_value(capture.recorded_at),
            "captured_by": capture.captured_by,
            "source": capture.source_name,
            "note": capture.note,
            "ledger_index": capture.entry_index,
            "publications": [
                {"url": seen.url, "posted_at": seen.posted_at_original, "posted_at_edtf": seen.posted_at_edtf}
                for seen in self.publications
            ],
        }


@dataclass(frozen=True, slots=True)
class ItemInCase:
    """An item with its arrivals in one case, oldest first."""

    item: Item
    arrivals: tuple[Arrived, ...]

    def as_json(self) -> dict[str, object]:
        """For scripts."""
        return {
            "item": self.item.sha256,
            "sha256": self.item.sha256,
            "sha512": self.item.sha512,
            "size": self.item.size,
            "captures": [arrived.as_json() for arrived in self.arrivals],
        }


def items_in(case: Case) -> "QuerySet[Item]":
    """The items that arrived in a case, in order of their first arrival anywhere."""
    arrived = Capture.objects.filter(case=case.thing).values("item")
    return Item.objects.filter(id__in=arrived).order_by("entry_index", "id")


def item_count(case: Case) -> int:
    """How many different items a case has."""
    return items_in(case).count()


def items_of(case: Case) -> list[ItemInCase]:
    """The items of a case with their arrivals, in order of the first arrival in the case."""
    captures = list(Capture.objects.filter(case=case.thing).select_related("item").order_by("entry_index"))
    seen: dict[object, list[Publication]] = defaultdict(list)
    for publication in Publication.objects.filter(capture__case=case.thing).order_by("entry_index"):
        seen[publication.capture_id].append(publication)  # pyright: ignore[reportAttributeAccessIssue] - by Django
    arrivals: dict[str, list[Arrived]] = defaultdict(list)
    items: dict[str, Item] = {}
    for capture in captures:
        items[capture.item_sha256] = capture.item
        arrivals[capture.item_sha256].append(Arrived(capture, tuple(seen[capture.id])))
    return [ItemInCase(item, tuple(arrivals[sha256])) for sha256, item in items.items()]


def item_among(cases: Iterable[Case], sha256: str) -> Item | None:
    """The item of that digest, if it arrived in one of these cases; for others there is no such item."""
    wanted = [case.thing for case in cases]
    if not Capture.objects.filter(case__in=wanted, item_sha256=sha256).exists():
        return None
    return Item.objects.filter(sha256=sha256).first()

"""Which items are one recording: what searches found, what people decided, and the families of both."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from django.db.models import QuerySet

from videtur.cases.models import Case
from videtur.cases.queries import cases_visible_to
from videtur.engines.copies.families import Family, FamilyItem, FamilyRelation, families
from videtur.engines.copies.views import WHOLE, Box
from videtur.engines.media.timecode import MediaInterval, MediaTime
from videtur.evidence.models import Capture, Item
from videtur.footage.extent import extents_of
from videtur.footage.models import CopyDecision
from videtur.footage.posting import Known, known_of
from videtur.footage.relations import CopyRelation, Pair, pair_of, relations_among
from videtur.people.models import User
from videtur.pipeline.derivations import DONE, of_inputs

_NO_TIME = MediaTime(0, Fraction(1))
_SHORT = 12


@dataclass(frozen=True, slots=True)
class ItemFamily:
    """A family as people see it: items of which each carries some of one recording."""

    family: Family
    known: dict[str, Known]
    extents: dict[str, MediaInterval]

    @property
    def name(self) -> str:
        """A name that lasts as long as the family keeps its first item."""
        return f"family-{self.family.name[:_SHORT]}"

    @property
    def items(self) -> tuple[str, ...]:
        """SHA-256 of its items, in order."""
        return tuple(member.name for member in self.family.members)

    def posted_at(self, item: str) -> str | None:
        """When the item is said to have been posted first."""
        posting = self.known[item].posting
        return posting.words if posting else None

    def duration(self, item: str) -> str | None:
        """Its length in seconds, for reading; None when it could not be decoded."""
        extent = self.extents.get(item)
        return None if extent is None else _length(extent).seconds


def items_visible_to(user: User) -> "QuerySet[Item]":
    """The items of the cases that a person may see, in order of their first arrival."""
    cases = cases_visible_to(user).values("thing")
    arrived = Capture.objects.filter(case__in=cases).values("item")
    return Item.objects.filter(id__in=arrived).order_by("entry_index", "id")


def items_of_case(case: Case) -> list[str]:
    """SHA-256 of the items of a case."""
    arrived = Capture.objects.filter(case=case.thing).values_list("item_sha256", flat=True)
    return sorted(set(arrived))


def names_of_items() -> dict[str, str]:
    """The name under which each item first came in, by SHA-256."""
    return dict(Capture.objects.order_by("-entry_index").values_list("item_sha256", "file_name"))


def families_of_case(case: Case) -> list[ItemFamily]:
    """The families among a case's items: every item in exactly one. Other cases do not show through."""
    return families_among(items_of_case(case), case)


def families_among(items: Collection[str], case: Case | None = None) -> list[ItemFamily]:
    """The families among these items (SHA-256), each item in exactly one; the largest first.

    With `case`, only what was told there of their posting is used.
    """
    names = sorted(set(items))
    extents, known, pictures = extents_of(names), known_of(names, case), _pictures_of(names)
    decided = decisions_among(names)
    found = families(
        [_family_item(each, extents.get(each), known[each], pictures.get(each)) for each in names],
        [_link(relation) for relation in relations_among(set(names))],
        confirmed=[pair for pair, row in decided.items() if row.decision == "same_footage"],
        rejected=[pair for pair, row in decided.items() if row.decision == "not_the_same_footage"],
    )
    ordered = sorted(found, key=lambda family: (-len(family.members), family.name))
    return [ItemFamily(family, known, extents) for family in ordered]


def decisions_among(items: Collection[str]) -> dict[Pair, CopyDecision]:
    """The latest decision on each pair of these items."""
    rows = CopyDecision.objects.select_related("item_a", "item_b").order_by("entry_index")
    wanted = set(items)
    return {
        pair_of(row.item_a.sha256, row.item_b.sha256): row
        for row in rows
        if row.item_a.sha256 in wanted and row.item_b.sha256 in wanted
    }


@dataclass(frozen=True, slots=True)
class _Picture:
    """The size of an item's picture as shown, and the part of it that is no constant border."""

    size: tuple[int, int]
    content: Box


def _pictures_of(items: Sequence[str]) -> dict[str, _Picture]:
    pictures: dict[str, _Picture] = {}
    for row in of_inputs(items, "probe"):  # the oldest first: the newest stays
        match row.summary:
            case {"width": int(width), "height": int(height)} if row.outcome == DONE and width and height:
                pictures[row.input_sha256] = _Picture((width, height), WHOLE)
            case _:
                pass
    for row in of_inputs(items, "picture_fingerprint"):
        match row.summary:
            case {
                "size": [int(width), int(height)],
                "content": [int(left), int(top), int(right), int(bottom)],
            } if row.outcome == DONE and width and height and row.input_sha256 in pictures:
                content = (left / width, top / height, right / width, bottom / height)
                pictures[row.input_sha256] = replace(pictures[row.input_sha256], content=content)
            case _:
                pass
    return pictures


def _family_item(
    sha256: str, extent: MediaInterval | None, known: Known, picture: _Picture | None
) -> FamilyItem:
    return FamilyItem(
        sha256,
        extent.start if extent else _NO_TIME,
        _length(extent) if extent else _NO_TIME,
        known.records,
        picture.size if picture else None,
        picture.content if picture else WHOLE,
    )


def _length(extent: MediaInterval) -> MediaTime:
    length = extent.end.instant - extent.start.instant
    return MediaTime(length.numerator, Fraction(1, length.denominator))


def _link(relation: CopyRelation) -> FamilyRelation:
    return FamilyRelation(
        relation.this,
        relation.other,
        tuple((each.this, each.other) for each in relation.stretches),
        relation.speed,
        relation.score,
        relation.transform,
        relation.outcome,
        relation.modality,
        relation.matrix,
    )

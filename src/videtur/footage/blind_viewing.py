"""What a blind reviewer does not see of the files themselves: captions, sources, where they were published.

The rules are those of `videtur.cases.blindness`; here they reach the pages that show items.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from videtur.cases.access import reader_of
from videtur.cases.blindness import unclaimed_footage
from videtur.cases.case_file import case_file_of
from videtur.cases.models import Case
from videtur.cases.queries import roles_in
from videtur.cases.roles import ANALYSTS
from videtur.engines.method.entities.footage import FootageFamily
from videtur.engines.method.membership import items_of
from videtur.evidence.contributions import item_name
from videtur.evidence.models import Item
from videtur.footage.families_shown import family_document, proposals_of
from videtur.footage.grid import Card
from videtur.footage.item_access import OpenItems
from videtur.people.models import User

_SHORT = 12


@dataclass(frozen=True, slots=True)
class FamilyOfItem:
    """The footage family of an item, and whether what is said beside the item is kept from the viewer."""

    reference: str = ""
    captions_kept: bool = False


class Viewing:
    """One person's view of a case's items."""

    def __init__(self, user: User, case: Case) -> None:
        whole = case_file_of(case)
        kept = unclaimed_footage(whole, reader_of(user, case))
        self._families: dict[str, FamilyOfItem] = {}
        for reference in whole.named(FootageFamily):
            for item in items_of(whole, reference):
                self._families[item] = FamilyOfItem(reference, reference in kept)

    def of(self, sha256: str) -> FamilyOfItem:
        """The family of the item with that digest; nothing where it is in none."""
        return self._families.get(item_name(sha256), FamilyOfItem())


class Shown:
    """What a person may know of a case's files: which are open to them, and what is kept from a reviewer."""

    def __init__(self, user: User, case: Case) -> None:
        self._opened = OpenItems(user, case)
        self._viewing = Viewing(user, case) if roles_in(user, case) & ANALYSTS else None

    def opens(self, sha256: str) -> bool:
        """Whether the item is there for the person at all."""
        return self._opened.has(sha256)

    def of(self, sha256: str) -> FamilyOfItem:
        """The footage family of the item, and whether what is said beside the item is kept."""
        return self._viewing.of(sha256) if self._viewing else FamilyOfItem()

    def names(self, sha256: str) -> bool:
        """Whether the name under which the item came in may be told to the person."""
        return self.opens(sha256) and not self.of(sha256).captions_kept


def cards_for(user: User, case: Case, cards: Sequence[Card]) -> list[Card]:
    """The cards of the items that are open to the person, without what is kept from a blind reviewer.

    A family of copies bears the name of one of its files: it is told where all its names may be.
    """
    shown = Shown(user, case)
    nameless = {card.family.id for card in cards if card.family and not shown.names(card.sha256)}
    opened = [card for card in cards if shown.opens(card.sha256)]
    sizes = Counter(card.family.id for card in opened if card.family)
    return [_as_shown(card, shown.of(card.sha256), nameless, sizes) for card in opened]


def _as_shown(card: Card, viewed: FamilyOfItem, nameless: Collection[str], sizes: Mapping[str, int]) -> Card:
    if card.family and card.family.id in nameless:
        name = viewed.reference if viewed.captions_kept else card.family.id
        card = replace(card, family=replace(card.family, name=name, size=sizes[card.family.id]))
    if viewed.captions_kept:
        name = f"{viewed.reference} {card.sha256[:_SHORT]}"
        return replace(card, file_name=name, source_name="", posted_at="")
    return card


def family_shown_to(user: User, case: Case, item: Item) -> dict[str, object] | None:
    """The family of an item as pages and the API show it, without copies and captions that are kept."""
    document = family_document(case, item)
    if document is None:
        return None
    shown = Shown(user, case)
    members = cast("list[dict[str, object]]", document["items"])
    told = [each for each in members if shown.opens(str(each["item"]))]
    if all(shown.names(str(each["item"])) for each in members):
        return document
    plain = [each if shown.names(str(each["item"])) else _without_words(each) for each in told]
    kept = shown.of(item.sha256)
    return {
        **document,
        "name": kept.reference if kept.captions_kept else document["id"],
        "why": "",
        "reasons": [],
        **{
            edge: document[edge] if shown.opens(str(document[edge])) else None
            for edge in ("earliest", "most_complete")
        },
        "items": plain,
    }


def _without_words(member: Mapping[str, object]) -> dict[str, object]:
    return {**member, "label": str(member["item"])[:_SHORT], "posted_at": ""}


def proposals_shown_to(user: User, case: Case, item: Item) -> list[dict[str, object]]:
    """What searches found and people decided, without copies, names and reasons that are kept."""
    shown = Shown(user, case)
    told = [each for each in proposals_of(case, item) if shown.opens(str(each["other"]))]
    return [
        each
        if shown.names(item.sha256) and shown.names(str(each["other"]))
        else {**each, "label": str(each["other"])[:_SHORT], "reasons": [], "reason": ""}
        for each in told
    ]

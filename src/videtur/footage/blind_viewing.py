"""What a blind reviewer does not see of the files themselves: captions, sources, where they were published.

The rules are those of `videtur.cases.blindness`; here they reach the pages that show items.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from videtur.cases.access import reader_of
from videtur.cases.blindness import blindness
from videtur.cases.case_file import case_file_of
from videtur.cases.models import Case
from videtur.cases.queries import roles_in
from videtur.cases.roles import ANALYSTS
from videtur.engines.method.entities.footage import FootageFamily
from videtur.engines.method.membership import items_of
from videtur.evidence.contributions import item_name
from videtur.evidence.models import Item
from videtur.footage.families_shown import family_document
from videtur.footage.grid import Card
from videtur.footage.item_access import OpenItems
from videtur.people.models import User


@dataclass(frozen=True, slots=True)
class FamilyOfItem:
    """The footage family of an item, and whether what is said beside the item is kept from the viewer."""

    reference: str = ""
    captions_kept: bool = False


class Viewing:
    """One person's view of a case's items."""

    def __init__(self, user: User, case: Case) -> None:
        whole = case_file_of(case)
        reader = reader_of(user, case)
        self._families: dict[str, FamilyOfItem] = {}
        for reference in whole.named(FootageFamily):
            kept = blindness(whole, reader, reference) == "second"
            for item in items_of(whole, reference):
                self._families[item] = FamilyOfItem(reference, kept)

    def of(self, sha256: str) -> FamilyOfItem:
        """The family of the item with that digest; nothing where it is in none."""
        return self._families.get(item_name(sha256), FamilyOfItem())


def cards_for(user: User, case: Case, cards: Sequence[Card]) -> list[Card]:
    """The cards of the items that are open to the person, without what is kept from a blind reviewer."""
    opened = OpenItems(user, case)
    cards = [card for card in cards if opened.has(card.sha256)]
    if not roles_in(user, case) & ANALYSTS:
        return cards
    viewing = Viewing(user, case)
    return [_without_captions(card, viewing.of(card.sha256)) for card in cards]


def _without_captions(card: Card, viewed: FamilyOfItem) -> Card:
    if not viewed.captions_kept:
        return card
    name = f"{viewed.reference} {card.sha256[:12]}"
    family = replace(card.family, name=viewed.reference) if card.family else None
    return replace(card, file_name=name, source_name="", posted_at="", family=family)


def family_shown_to(user: User, case: Case, item: Item) -> dict[str, object] | None:
    """The family of an item as pages and the API show it, without copies and captions that are kept."""
    document = family_document(case, item)
    if document is None:
        return None
    opened, kept = OpenItems(user, case), Viewing(user, case).of(item.sha256)
    members = cast("list[dict[str, object]]", document["items"])
    shown = [each for each in members if opened.has(str(each["item"]))]
    if not kept.captions_kept:
        return {**document, "items": shown}
    plain = [{**each, "label": str(each["item"])[:12], "posted_at": ""} for each in shown]
    return {**document, "name": kept.reference, "why": "", "reasons": [], "items": plain}

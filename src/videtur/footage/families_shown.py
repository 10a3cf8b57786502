"""Families and copy relations as pages and the API show them."""

from dataclasses import dataclass

from videtur.cases.models import Case
from videtur.evidence.models import Item


@dataclass(frozen=True, slots=True)
class FamilyLabel:
    """What a card says about its family."""

    id: str
    name: str
    size: int


def labels_of(case: object) -> dict[str, FamilyLabel]:
    """The family of each item that belongs to one of at least two items, by SHA-256."""
    return {}


def family_document(case: Case, item: Item) -> dict[str, object] | None:
    """The item's family in the API's form; None when it stands alone."""
    return None


def proposals_of(case: Case, item: Item) -> list[dict[str, object]]:
    """Copy relations of the item in the case, with what people decided about them."""
    return []

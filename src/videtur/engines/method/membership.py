"""Which files carry which recording, as the family or the file says."""

from collections.abc import Mapping

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.evidence import Item
from videtur.engines.method.entities.footage import FootageFamily


def items_of(case: CaseFile, family: str) -> tuple[str, ...]:
    """The items that carry a recording, as the family or the item says."""
    return case.once(_items_by_family).get(family, ())


def family_of(case: CaseFile, item: str) -> str | None:
    """The recording that an item carries, as the family or the item says; None where neither does."""
    return case.once(_family_by_item).get(item)


def _family_by_item(case: CaseFile) -> Mapping[str, str]:
    """What the file itself says counts before what a family says; the first family before the next."""
    found = {name: item.footage for name, item in case.named(Item).items() if item.footage}
    for family, items in case.once(_items_by_family).items():
        for item in items:
            found.setdefault(item, family)
    return found


def _items_by_family(case: CaseFile) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for reference, family in case.named(FootageFamily).items():
        found.setdefault(reference, {}).update(dict.fromkeys(family.items))
    for reference, item in case.named(Item).items():
        if item.footage:
            found.setdefault(item.footage, {})[reference] = None
    return {family: tuple(items) for family, items in found.items()}

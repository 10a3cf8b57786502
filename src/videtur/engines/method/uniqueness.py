"""How many items share what a release tells of one: by a rare one, its source may be told."""

from collections.abc import Iterator
from dataclasses import dataclass

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.dates import days_of
from videtur.engines.method.entities.evidence import Item, Publication, Source
from videtur.engines.method.entities.footage import FootageFamily, PlaceClaim, TimeClaim
from videtur.engines.method.entities.publication import Release

FEW = 3
"""Fewer items than this that share place, day and kind of source are worth a warning (house rule)."""


@dataclass(frozen=True, slots=True)
class Alike:
    """An item of a release, and how many items of the case share with it what is told."""

    item: str
    place: str
    """As claimed; empty where nothing is known."""
    day: str
    """ISO; empty where no single day is known."""
    kind: str
    """Of its source; empty where nothing is known."""
    count: int
    """Itself included."""

    @property
    def rare(self) -> bool:
        """Whether somebody could tell it apart."""
        return self.count < FEW


def alike(case: CaseFile, release: Release) -> tuple[Alike, ...]:
    """For each item that the release shows: how many share place, day and kind of source with it."""
    known = {name: _signs(case, name) for name in case.named(Item)}
    return tuple(
        Alike(name, *known[name], count=sum(signs == known[name] for signs in known.values()))
        for name in dict.fromkeys(media.item for media in release.media)
        if name in known
    )


def _signs(case: CaseFile, item: str) -> tuple[str, str, str]:
    families = {name for name, family in case.named(FootageFamily).items() if item in family.items}
    stated = case.get(Item, item)
    if stated is not None and stated.footage:
        families.add(stated.footage)
    places = sorted({claim.name_original for claim in case.all(PlaceClaim) if claim.footage in families})
    kinds = sorted({source.kind for source in case.all(Source) if source.footage in families})
    days = sorted(set(_days(case, item, families)))
    return "; ".join(places), days[0] if days else "", "; ".join(kinds)


def _days(case: CaseFile, item: str, families: set[str]) -> Iterator[str]:
    dates = [claim.edtf for claim in case.all(TimeClaim) if claim.footage in families]
    dates += [each.posted_at for each in case.all(Publication) if each.item == item and each.posted_at]
    for date in dates:
        days = days_of(date)
        if days.earliest is not None and days.earliest == days.latest:
            yield days.earliest.isoformat()

"""Families of footage as packages and reports tell them: which items appear to hold one recording."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from videtur.engines.media.timecode import MediaInterval
from videtur.footage.queries import ItemFamily, families_among
from videtur.ledger.models import RecordedRow
from videtur.publication.record import CaseRecord

SAME = "same_footage"
FINGERPRINTS = ("picture_fingerprint", "sound_fingerprint")
Basis = Literal["people", "people and machine", "machine"]


@dataclass(frozen=True, slots=True)
class FamilyMember:
    """One item of a family, and which part of the family's footage it holds."""

    sha256: str
    covers: tuple[MediaInterval, ...]
    """On the family's own time line, which begins with its first known picture or sound."""
    transform: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FamilyRecord:
    """Items of one case that hold the same footage."""

    name: str
    members: tuple[FamilyMember, ...]
    earliest: str | None
    """SHA-256 of the item that was posted first, by what the record tells."""
    most_complete: str | None
    why: tuple[str, ...]
    basis: Basis
    """Who says so: whether people's decisions join all of it, some of it, or none."""
    decided_at: tuple[int, ...]
    """Ledger indices of the decisions of people that join its items."""
    shown_by: tuple[int, ...]
    """Ledger indices of what the proposal rests on: the fingerprints of the items."""

    def as_json(self) -> dict[str, object]:
        """The form of the case record."""
        return {
            "family": self.name,
            "items": [
                {
                    "item": member.sha256,
                    "covers": [interval.as_json() for interval in member.covers],
                    "transform": list(member.transform),
                }
                for member in self.members
            ],
            "earliest": self.earliest,
            "most_complete": self.most_complete,
            "why": list(self.why),
            "basis": self.basis,
            "decided_by_people_in_entries": list(self.decided_at),
            "fingerprints_in_entries": list(self.shown_by),
        }


def family_of(families: Sequence[FamilyRecord], sha256: str) -> FamilyRecord | None:
    """The family that an item belongs to."""
    return next((family for family in families if any(one.sha256 == sha256 for one in family.members)), None)


def families_of(record: CaseRecord) -> tuple[FamilyRecord, ...]:
    """The families of at least two items among the items of a case; other cases do not show through."""
    found = families_among([item.sha256 for item in record.items], record.case)
    return tuple(_told(record, family) for family in found if len(family.items) > 1)


def _told(record: CaseRecord, found: ItemFamily) -> FamilyRecord:
    family = found.family
    pairs = {
        pair: index
        for pair, (decision, index) in decided_pairs(record).items()
        if decision == SAME and set(pair) <= set(found.items)
    }
    ordered = sorted(family.members, key=lambda member: record.number_of[member.name])
    return FamilyRecord(
        name=found.name,
        members=tuple(FamilyMember(member.name, member.covers, member.transform) for member in ordered),
        earliest=family.earliest,
        most_complete=family.most_complete,
        why=family.why,
        basis=_basis(found.items, pairs),
        decided_at=tuple(sorted(pairs.values())),
        shown_by=_evidence(record, found.items),
    )


def decided_pairs(record: CaseRecord) -> dict[tuple[str, str], tuple[str, int]]:
    """The latest decision on each pair of items, and its entry."""
    latest: dict[tuple[str, str], tuple[str, int]] = {}
    for row in record.copy_decisions:
        a, b = sorted((row.item_a.sha256, row.item_b.sha256))
        latest[a, b] = (row.decision, row.entry_index)
    return latest


def _basis(members: Sequence[str], pairs: Iterable[tuple[str, str]]) -> Basis:
    """Whether the decisions of people alone join all members, or some, or none."""
    groups = {name: {name} for name in members}
    for a, b in pairs:
        joined = groups[a] | groups[b]
        groups.update(dict.fromkeys(joined, joined))
    if len(groups[members[0]]) == len(members):
        return "people"
    return "people and machine" if any(len(group) > 1 for group in groups.values()) else "machine"


def _evidence(record: CaseRecord, members: Sequence[str]) -> tuple[int, ...]:
    """The entries of the fingerprints that were compared; of the arrivals, where there are none."""
    items = [item for item in record.items if item.sha256 in members]
    rows: list[RecordedRow | None] = [record.latest(item, step) for item in items for step in FINGERPRINTS]
    arrivals: list[RecordedRow] = [capture for item in items for capture in record.captures_of(item)]
    return tuple(sorted({row.entry_index for row in rows if row} or {row.entry_index for row in arrivals}))

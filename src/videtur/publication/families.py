"""Families of footage as packages and reports tell them: which items appear to hold one recording."""

from collections.abc import Sequence
from dataclasses import dataclass

from videtur.engines.media.timecode import MediaInterval


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
    decided_at: tuple[int, ...]
    """Ledger indices of the decisions that people took on it; none while the machine alone proposes it."""
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
            "decided_by_people_in_entries": list(self.decided_at),
            "fingerprints_in_entries": list(self.shown_by),
        }


def family_of(families: Sequence[FamilyRecord], sha256: str) -> FamilyRecord | None:
    """The family that an item belongs to."""
    return next((family for family in families if any(one.sha256 == sha256 for one in family.members)), None)


def families_of(record: object) -> tuple[FamilyRecord, ...]:
    """TEMPORARY."""
    del record
    return ()

"""When records place an item: between which moments, and whether one of two was certainly there first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

EAST, WEST = timedelta(hours=14), timedelta(hours=12)
"""How far clocks of the world run before and behind universal time."""
Order = Literal["before", "before_in_one_zone", "open"]
Kind = Literal["posted", "received"]


@dataclass(frozen=True, slots=True)
class Dated:
    """What a record says of when an item was there. A bound that is None is open."""

    first: datetime | None
    """Aware. Where the record names no time zone: the record's own clock, written as if it were UTC."""
    last: datetime | None
    zoned: bool
    words: str
    """As the record has it, for the reader."""
    kind: Kind = "posted"

    @property
    def not_before(self) -> datetime | None:
        """The first moment that it can mean, whatever the time zone."""
        return _moved(self.first, timedelta(0) if self.zoned else -EAST)

    @property
    def not_after(self) -> datetime | None:
        """The last moment that it can mean, whatever the time zone."""
        return _moved(self.last, timedelta(0) if self.zoned else WEST)


def surest(records: Iterable[Dated]) -> Dated | None:
    """The record that shows an item at the earliest: the one whose last possible moment comes first."""
    ended = [
        (record.not_after, record.kind, record.words, record)
        for record in records
        if record.not_after is not None
    ]
    return min(ended, key=lambda each: each[:3])[3] if ended else None


def first_posted(records: Iterable[Dated]) -> Dated | None:
    """The earliest posting that is known. An arrival says by when a thing was there, never since when."""
    posted = [record for record in records if record.kind == "posted"]
    return min(posted, key=_start) if posted else None


def order(there: Dated | None, posted: Dated | None) -> Order:
    """Whether what one record shows was there before another record's posting began."""
    if there is None or posted is None or posted.kind != "posted":
        return "open"
    if _precedes(there.not_after, posted.not_before):
        return "before"
    if not there.zoned and not posted.zoned and _precedes(there.last, posted.first):
        return "before_in_one_zone"
    return "open"


def _start(record: Dated) -> tuple[bool, float]:
    start = record.not_before
    return start is not None, start.timestamp() if start else 0.0


def _precedes(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and one <= other


def _moved(moment: datetime | None, by: timedelta) -> datetime | None:
    if moment is None:
        return None
    try:
        return moment + by
    except OverflowError:  # the first and the last days there are
        return moment

"""The order in which pages show things: by date, and parties by the alphabet."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

from videtur.engines.method.dates import days_of

T = TypeVar("T")


def day_of(edtf: str | None) -> date:
    """The day by which an uncertain date is sorted: its earliest, else its latest."""
    if not edtf:
        return date.max
    days = days_of(edtf)
    return days.earliest or days.latest or date.max


def by_date(named: Mapping[str, T], date_of: Callable[[T], str | None]) -> list[tuple[str, T]]:
    """Named entities in the order of their dates; those without one last, in the order of the file."""
    return sorted(named.items(), key=lambda pair: day_of(date_of(pair[1])))

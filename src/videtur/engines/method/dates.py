"""Uncertain dates: EDTF level 1 (ISO 8601-2:2019, Extended Date/Time Format), and the days it allows."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime

_YEAR = r"(?:[0-9]{4}|[0-9]{3}X|[0-9]{2}XX)"
_DATE = re.compile(rf"({_YEAR})(?:-(0[1-9]|1[0-2]|2[1-4]|XX)(?:-(0[1-9]|[12][0-9]|3[01]|XX))?)?([?~%])?")
_SEASONS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (12, 2)}
_NO_DAYS_OF_ITS_OWN = ("XX", *map(str, _SEASONS))
"""A season, or a month that nobody knows: level 1 has no day in it."""
_UNKNOWN = ("", "..")
_NO_DATE = "{!r} is no EDTF date; write 2022-03-27, 2022-03 or 2022-03-25/2022-03-26"
_NO_DAY = "{!r} is on no calendar; look at its day, month and year"


@dataclass(frozen=True, slots=True)
class Days:
    """The earliest and the latest day that a date allows; None is open on that side."""

    earliest: date | None
    latest: date | None

    def is_disjoint_from(self, other: "Days") -> bool:
        """Whether no day is allowed by both."""
        return _after(self.earliest, other.latest) or _after(other.earliest, self.latest)


def days_of(edtf: str) -> Days:
    """The days of an EDTF date or interval; a date-time counts as its day.

    `~` and `?` widen nothing: how far "about" reaches is no machine's guess. Raises ValueError.
    """
    if "/" in edtf:
        first, _, last = edtf.partition("/")
        if first in _UNKNOWN and last in _UNKNOWN:
            raise ValueError(f"{edtf!r} is open on both sides, so it says nothing")
        start = None if first in _UNKNOWN else _single(first).earliest
        end = None if last in _UNKNOWN else _single(last).latest
        if _after(start, end):
            raise ValueError(f"{edtf!r} ends before it begins")
        return Days(start, end)
    return _single(edtf)


def first_moment(edtf: str) -> datetime | None:
    """The very moment with which a date begins, where it is a point in time with its zone."""
    return _moment(edtf.partition("/")[0])


def last_moment(edtf: str) -> datetime | None:
    """The very moment with which a date ends, where it is a point in time with its zone."""
    return _moment(edtf.rpartition("/")[2])


def _moment(text: str) -> datetime | None:
    if "T" not in text and " " not in text:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo is not None else None


def _after(first: date | None, second: date | None) -> bool:
    return first is not None and second is not None and first > second


def _single(text: str) -> Days:
    if "T" in text or " " in text:
        try:
            day = datetime.fromisoformat(text).date()
        except ValueError as problem:
            raise ValueError(_NO_DATE.format(text)) from problem
        return Days(day, day)
    found = _DATE.fullmatch(text)
    if found is None:
        raise ValueError(_NO_DATE.format(text))
    year, month, day, _ = found.groups()
    if day is not None and month in _NO_DAYS_OF_ITS_OWN and (month, day) != ("XX", "XX"):
        raise ValueError(_NO_DATE.format(text))
    try:
        return _days(year, month, day)
    except ValueError as problem:
        raise ValueError(_NO_DAY.format(text)) from problem


def _days(year: str, month: str | None, day: str | None) -> Days:
    years = int(year.replace("X", "0")), int(year.replace("X", "9"))
    if month is None or month == "XX":
        return Days(date(max(years[0], 1), 1, 1), date(years[1], 12, 31))
    if int(month) in _SEASONS:
        first, last = _SEASONS[int(month)]
        year_of_last = years[1] + (last < first)
        return Days(date(years[0], first, 1), date(year_of_last, last, _length(year_of_last, last)))
    if day is None or day == "XX":
        return Days(date(years[0], int(month), 1), date(years[1], int(month), _length(years[1], int(month))))
    return Days(date(years[0], int(month), int(day)), date(years[1], int(month), int(day)))


def _length(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]

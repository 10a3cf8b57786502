"""Counting hours and days: working days, holidays, time zones, safe across changes of the clock.

Hours are hours that pass. Days are days of the calendar: the same time of day in the zone of the house, so
that a day in which the clock changes is still one day. An hour that the clock skips moves on past the gap; an
hour that comes twice is taken the second time, which gives the longer time to answer. What would end on a
day that is no working day, or on a holiday, ends at that time of the next day that is one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from videtur.engines.method.dates import days_of
from videtur.engines.method.house_rules import EffectiveHouseRules
from videtur.errors import WrongUsage

MOST_DAYS = 3650
"""A rule or holidays that leave no working day for ten years are a slip."""


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """On which days a deadline may end, and in which time zone days are counted."""

    zone: ZoneInfo
    working_days: frozenset[int]
    holidays: frozenset[date]

    def may_end_on(self, day: date) -> bool:
        """Whether a deadline may end on that day."""
        return day.weekday() in self.working_days and day not in self.holidays


def work_calendar(rules: EffectiveHouseRules, zone: str | None = None) -> WorkCalendar:
    """The calendar that a case's house rules give. Raises WrongUsage for a zone or days that cannot be."""
    name = zone or rules.time_zone
    try:
        found = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
        raise WrongUsage(f"{name!r} is no time zone", "", "Write one such as Europe/Kyiv or UTC") from problem
    if not rules.working_days:
        raise WrongUsage(
            "No day is a working day", "", "Set working_days in the house rules, or leave it out"
        )
    holidays = frozenset(day for edtf in rules.holidays for day in _each_day(edtf))
    return WorkCalendar(found, frozenset(rules.working_days), holidays)


def _each_day(edtf: str) -> Iterator[date]:
    days = days_of(edtf)
    if days.earliest is None or days.latest is None:
        raise WrongUsage(f"The holiday {edtf!r} has no end", "", "Write the first and the last day")
    length = (days.latest - days.earliest).days + 1
    if length > MOST_DAYS:
        raise WrongUsage(f"The holiday {edtf!r} lasts {length} days", "", "Look at its first and last day")
    for number in range(length):
        yield days.earliest + timedelta(days=number)


def due(start: datetime, calendar: WorkCalendar, *, hours: int = 0, days: int = 0) -> datetime:
    """The moment so many days and then so many hours after `start`, in the calendar's zone."""
    if start.tzinfo is None:
        raise WrongUsage(f"{start} has no time zone", "", "Give the moment with its time zone")
    if hours < 0 or days < 0:
        raise WrongUsage("A deadline cannot lie before its start")
    moment = start
    if days:
        local = start.astimezone(calendar.zone)
        moment = clock_on(local.date() + timedelta(days=days), local.time(), calendar.zone)
    moment = (moment.astimezone(UTC) + timedelta(hours=hours)).astimezone(calendar.zone)
    if calendar.may_end_on(moment.date()):
        return _fixed(moment)
    day = moment.date()
    for _ in range(MOST_DAYS):
        day += timedelta(days=1)
        if calendar.may_end_on(day):
            return clock_on(day, moment.time(), calendar.zone)
    raise WrongUsage("No working day is left for the deadline", "", "Look at the working days and holidays")


def clock_on(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """That time of day, the second time where it comes twice; past the gap where the clock skips it."""
    moment = datetime.combine(day, clock, tzinfo=zone)
    later = max(moment.replace(fold=0), moment.replace(fold=1), key=lambda each: each.astimezone(UTC))
    return _fixed(later.astimezone(UTC).astimezone(zone))


def _fixed(moment: datetime) -> datetime:
    """The same moment with its offset alone, so that moments of an hour that comes twice compare rightly."""
    return moment.replace(tzinfo=timezone(moment.utcoffset() or timedelta()), fold=0)


def due_day(start: date, calendar: WorkCalendar, days: int) -> date:
    """The day so many days later, or the next on which a deadline may end."""
    noon = datetime.combine(start, time(12), tzinfo=calendar.zone)
    return due(noon, calendar, days=days).date()

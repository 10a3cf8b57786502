"""Weekday words beside the dates they were resolved to: arithmetic, for every such pair in a case."""

from collections.abc import Iterator
from dataclasses import dataclass

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.dates import days_of
from videtur.engines.method.entities.case import CalendarCheck
from videtur.engines.method.entities.footage import FootageFamily, TimeClaim

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class WrongWeekday:
    """A weekday and a date that do not belong together."""

    where: str
    weekday: str
    edtf: str
    is_really: str

    @property
    def why(self) -> str:
        """What is wrong, in words."""
        return f"{self.edtf} is a {self.is_really.title()}, not a {self.weekday.title()}"


def wrong_weekdays(case: CaseFile) -> Iterator[WrongWeekday]:
    """Every weekday that its date does not fall on. A span of days says nothing against a weekday in it."""
    check = case.one(CalendarCheck)
    if check is not None:
        for weekday in WEEKDAYS:
            yield from _wrong("calendar_check", weekday, getattr(check, weekday))
    for name, family in case.named(FootageFamily).items():
        for dated in (family.first_known_upload, family.recording):
            if dated is not None and dated.weekday_original is not None:
                yield from _wrong(name, dated.weekday_original, dated.edtf)
    for name, claim in case.named(TimeClaim).items():
        if claim.original is not None:
            yield from _wrong(name, claim.original, claim.edtf)


def _wrong(where: str, words: str, edtf: str | None) -> Iterator[WrongWeekday]:
    named = [weekday for weekday in WEEKDAYS if weekday in words.casefold()]
    if edtf is None or len(named) != 1:
        return
    days = days_of(edtf)
    if days.earliest is None or days.earliest != days.latest:
        return
    really = WEEKDAYS[days.earliest.weekday()]
    if really != named[0]:
        yield WrongWeekday(where, named[0], edtf, really)

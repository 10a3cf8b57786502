"""Everything dated in a case, drawn in lanes of parties and told in a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from videtur.accountability.pages.desk import desk_for
from videtur.engines.method.accountability.timeline import Event, timeline
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.dates import days_of
from videtur.engines.method.entities.verification import Conflict

LEFT, STEP, ROW, TOP = 150, 62, 18, 44
"""Of the drawing: width of the lanes' names and of a day, height of a row of marks and of the labels."""
DRAWN_APART = ("call", "commitment", "follow_up")
"""Kinds of event that have a colour of their own; the table tells all kinds in words."""


@dataclass(frozen=True, slots=True)
class Mark:
    """An event in the drawing."""

    x: int
    y: int
    kind: str
    event: Event
    uncertain: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """The row of a party; `name` is in words where the event is nobody's among the parties."""

    name: str
    y: int
    label_y: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole, with the place of each day. Days stand in their order and not to scale."""

    width: int
    height: int
    days: tuple[tuple[int, str, str], ...]
    lanes: tuple[Lane, ...]


@require_safe
def timeline_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The events by date."""
    desk = desk_for(request, slug)
    events = timeline(desk.file)
    context = {
        "drawing": drawing_of(desk.file, events) if events else None,
        "rows": [(event, conflicts_with(desk.file, event.reference)) for event in events],
    }
    return desk.show("timeline", "timeline", context)


def conflicts_with(file: CaseFile, reference: str) -> list[tuple[str, str]]:
    """The conflicts in which a thing stands against another, with their statuses."""
    return [
        (name, conflict.status)
        for name, conflict in file.named(Conflict).items()
        if reference in conflict.between
    ]


def drawing_of(file: CaseFile, events: Sequence[Event]) -> Drawing:
    """Lanes of the parties in alphabetical order, then one for everybody else."""
    days = sorted({_day(event) for event in events})
    at = {day: LEFT + number * STEP for number, day in enumerate(days)}
    names = [(party.id, party.id) for party in file.parties if party.in_conflict]
    lanes: list[Lane] = []
    y = TOP
    for code, name in [*names, ("", _("other bodies"))]:
        mine = [event for event in events if _lane(event, [each for each, _name in names]) == code]
        marks, rows = _marks(mine, at, y)
        lanes.append(Lane(name, y, y + ROW, marks))
        y += rows * ROW + ROW // 2
    labels = tuple((at[day], day[:4], day[5:]) for day in days)
    return Drawing(LEFT + len(days) * STEP, y + ROW // 2, labels, tuple(lanes))


def _marks(events: Sequence[Event], at: dict[str, int], top: int) -> tuple[tuple[Mark, ...], int]:
    """Marks of a lane, those of one day one below the other; and how many rows that takes."""
    stacked: dict[str, int] = {}
    found: list[Mark] = []
    for event in events:
        day = _day(event)
        row = stacked.get(day, 0)
        stacked[day] = row + 1
        kind = event.kind if event.kind in DRAWN_APART else ""
        found.append(Mark(at[day], top + row * ROW + ROW, kind, event, _is_uncertain(event)))
    return tuple(found), max(stacked.values(), default=1)


def _lane(event: Event, parties: Sequence[str]) -> str:
    return event.party if event.party is not None and event.party in parties else ""


def _day(event: Event) -> str:
    return (event.latest or date.max).isoformat()


def _is_uncertain(event: Event) -> bool:
    days = days_of(event.date)
    return days.earliest != days.latest

"""What is due in a case, what is overdue, and what was done: on the clock of the house and in UTC."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext_lazy

from videtur.accountability.pages.desk import Desk
from videtur.engines.method.deadlines import Due, deadlines_of
from videtur.engines.method.house_rules import house_rules

CLOSED_BY: Mapping[str, object] = {
    "comment": gettext_lazy(
        "Recording what came of the request closes it: an answer, a refusal, or silence."
    ),
    "first_look": gettext_lazy("The first observation of the item closes it."),
    "follow_up": gettext_lazy("A step recorded on or after the day closes it."),
    "fixity": gettext_lazy("A check of the stored bytes closes it, and sets the next."),
    "dissent": gettext_lazy("The arbiter's decision closes it."),
}
"""What closes a deadline that a rule gives: never the passing of time."""


@dataclass(frozen=True, slots=True)
class DueLine:
    """One thing due, with its moment on both clocks."""

    thing: Due
    local: datetime
    utc: datetime
    closed_by: str

    @property
    def clock(self) -> tuple[datetime, datetime]:
        """The moment in the zone of the house, and in UTC."""
        return self.local, self.utc


@dataclass(frozen=True, slots=True)
class DueThings:
    """Overdue, the oldest first; coming, the soonest first; done."""

    overdue: tuple[DueLine, ...]
    coming: tuple[DueLine, ...]
    done: tuple[DueLine, ...]


def due_things(desk: Desk) -> DueThings:
    """Everything due in the case as it stands now."""
    zone = ZoneInfo(house_rules(desk.file).time_zone)
    lines = [
        DueLine(each, each.due.astimezone(zone), each.due.astimezone(UTC), str(CLOSED_BY[each.kind]))
        for each in deadlines_of(desk.file, timezone.now())
    ]
    return DueThings(
        tuple(line for line in lines if line.thing.overdue),
        tuple(line for line in lines if not line.thing.overdue and line.thing.done is None),
        tuple(line for line in lines if line.thing.done is not None),
    )

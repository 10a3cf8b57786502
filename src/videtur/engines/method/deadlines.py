"""What is due in a case, when, and by which house rule; the counting of days is in `work_calendar`.

All of these are house rules (domain model, section 10). What is overdue stays so until somebody acts.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from videtur.engines.method.agreement import pair_of_reviews
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.comment import party_named
from videtur.engines.method.dates import days_of
from videtur.engines.method.entities.accountability import (
    Action,
    Call,
    Commitment,
    Deadline,
    RequestForComment,
)
from videtur.engines.method.entities.case import Party
from videtur.engines.method.entities.evidence import Item
from videtur.engines.method.entities.footage import FootageFamily, Observation
from videtur.engines.method.entities.verification import Arbitration
from videtur.engines.method.house_rules import EffectiveHouseRules, house_rules
from videtur.engines.method.membership import family_of
from videtur.engines.method.reviews import differing
from videtur.engines.method.work_calendar import WorkCalendar, clock_on, due, due_day, work_calendar

Kind = Literal["comment", "first_look", "follow_up", "fixity", "dissent"]
COMES_AGAIN = ("follow_up", "fixity", "dissent")
"""A deadline of these kinds that was closed says nothing of the next one."""
FIRST_YEAR, LAST_YEAR = 1900, 2900


@dataclass(frozen=True, slots=True)
class Due:
    """Something due, by which rule, and whether it is done."""

    about: str
    kind: Kind
    due: datetime
    rule: str
    """The house rule that gave it, in words; or that it was recorded."""
    done: str | None
    """Why it is done; None while it is open."""
    recorded: str | None
    """Reference of the recorded deadline, if one is."""
    overdue: bool

    def as_json(self) -> dict[str, str | bool | None]:
        """What a page shows."""
        return {
            "about": self.about,
            "kind": self.kind,
            "due": self.due.isoformat(),
            "rule": self.rule,
            "done": self.done,
            "recorded": self.recorded,
            "overdue": self.overdue,
        }


def follow_up_schedule(start: date, rules: EffectiveHouseRules) -> tuple[date, ...]:
    """The days on which a call or commitment of that day is followed up."""
    calendar = work_calendar(rules)
    return tuple(due_day(start, calendar, days) for days in rules.follow_up_days)


def overdue(dues: Iterable[Due]) -> tuple[Due, ...]:
    """Those that are past and open."""
    return tuple(each for each in dues if each.overdue)


@dataclass(frozen=True, slots=True)
class _Found:
    about: str
    kind: Kind
    due: datetime
    rule: str
    done: str | None


def deadlines_of(case: CaseFile, now: datetime) -> tuple[Due, ...]:
    """Everything due in a case, by date. A recorded deadline stands before the one that a rule would give."""
    rules = house_rules(case)
    calendar = work_calendar(rules)
    recorded = case.named(Deadline)
    out: list[Due] = []
    for name, each in recorded.items():
        moment = datetime.fromisoformat(each.due)
        done = (each.done_because or f"Done {each.done}") if each.done else None
        open_and_past = done is None and now > moment
        out.append(Due(each.about, each.kind, moment, "As recorded in the case", done, name, open_and_past))
    once = {(each.about, each.kind) for each in recorded.values() if each.kind not in COMES_AGAIN}
    days = {
        (each.about, each.kind, moment.astimezone(calendar.zone).date())
        for each in recorded.values()
        if (moment := _from(each.due)) is not None
    }
    for found in _by_rules(case, rules, calendar):
        day = found.due.astimezone(calendar.zone).date()
        if (found.about, found.kind) in once or (found.about, found.kind, day) in days:
            continue
        open_and_past = found.done is None and now > found.due
        out.append(Due(found.about, found.kind, found.due, found.rule, found.done, None, open_and_past))
    return tuple(sorted(out, key=lambda each: (each.due, each.about, each.kind)))


def _by_rules(case: CaseFile, rules: EffectiveHouseRules, calendar: WorkCalendar) -> Iterator[_Found]:
    yield from _comments(case, rules, calendar)
    yield from _follow_ups(case, rules, calendar)
    yield from _first_looks(case, rules, calendar)
    yield from _fixity(case, rules, calendar)
    yield from _dissent(case, rules, calendar)


def end_of(edtf: str, zone: ZoneInfo) -> datetime | None:
    """The moment a date means for a period that begins with it: itself, or the end of its last day.

    None for a date that is open, or so far off that no deadline comes from it.
    """
    if "T" in edtf:
        moment = datetime.fromisoformat(edtf)
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)) if _sane(moment) else None
    latest = days_of(edtf).latest
    return (
        clock_on(latest + timedelta(days=1), time(0), zone) if latest is not None and _sane(latest) else None
    )


def _from(text: str | None) -> datetime | None:
    """The moment of a text, when days can be counted from it."""
    moment = datetime.fromisoformat(text) if text else None
    return moment if moment is not None and _sane(moment) else None


def _sane(day: date) -> bool:
    """Whether days can be counted from it: a year 9999 in a file must not end the calendar."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def comment_due(
    case: CaseFile, request: RequestForComment, rules: EffectiveHouseRules, calendar: WorkCalendar
) -> tuple[datetime, str] | None:
    """When a reply to a request is due, and by which rule; None while it is not sent.

    A request that gives only its day begins with the end of that day, so that nobody has less time.
    """
    if request.deadline is not None:
        return datetime.fromisoformat(request.deadline), "The deadline that the request gives"
    start = end_of(request.sent, calendar.zone) if request.sent else None
    if start is None:
        return None
    own = work_calendar(rules, request.time_zone) if request.time_zone else calendar
    if _asks_for_a_newsroom(case, request):
        hours = rules.comment_newsroom_hours
        return due(start, own, hours=hours), f"House rule: {hours} hours for a newsroom's request"
    days = rules.comment_mission_days
    return due(start, own, days=days), f"House rule: {days} days for a mission's request"


UNANSWERED = ("sent", "delivery_failed", "acknowledged")


def _comments(case: CaseFile, rules: EffectiveHouseRules, calendar: WorkCalendar) -> Iterator[_Found]:
    for name, request in case.named(RequestForComment).items():
        if request.status in ("drafted", "approved", "not_sought_with_reason"):
            continue
        found = comment_due(case, request, rules, calendar)
        if found is not None:
            done = None if request.status in UNANSWERED else f"The request is {request.status}"
            yield _Found(name, "comment", found[0], found[1], done)


def hours_lacking(case: CaseFile, request: RequestForComment, rules: EffectiveHouseRules) -> int | None:
    """How many hours a request had to give at least, where it gives less; None where it gives enough.

    A newsroom that says why may give less than its usual time. Nobody gives less than the shortest: who
    cannot wait so long does not ask, and says why.
    """
    if request.deadline is None or request.sent is None:
        return None
    shortest = rules.comment_shortest_hours
    if _ends_within(request, shortest, rules):
        return shortest
    usual = rules.comment_newsroom_hours
    if request.short_deadline_because or not _asks_for_a_newsroom(case, request):
        return None
    return usual if _ends_within(request, usual, rules) else None


def _asks_for_a_newsroom(case: CaseFile, request: RequestForComment) -> bool:
    asking = case.get(Party, party_named(case, request.by))
    return asking is not None and asking.kind == "newsroom"


def _ends_within(request: RequestForComment, hours: int, rules: EffectiveHouseRules) -> bool:
    """Whether the deadline comes before so many hours have passed; a day alone begins with its first hour."""
    if request.deadline is None or request.sent is None:
        return False
    deadline = datetime.fromisoformat(request.deadline)
    zone = ZoneInfo(request.time_zone) if request.time_zone else ZoneInfo(rules.time_zone)
    if "T" in request.sent:
        start = end_of(request.sent, zone)
    else:
        earliest = days_of(request.sent).earliest
        start = clock_on(earliest, time(0), zone) if earliest and _sane(earliest) else None
    return start is not None and deadline < start + timedelta(hours=hours)


def _follow_ups(case: CaseFile, rules: EffectiveHouseRules, calendar: WorkCalendar) -> Iterator[_Found]:
    plans: list[tuple[str, str, tuple[date, ...], str]] = []
    by_rule = f"House rule: follow-up {', '.join(map(str, rules.follow_up_days))} days after"
    for name, commitment in case.named(Commitment).items():
        latest = days_of(commitment.announced).latest
        own = [days_of(each).latest for each in commitment.follow_up_due]
        if own:
            told = "The commitment's own list of follow-ups"
            plans.append(
                (name, commitment.status, tuple(day for day in own if day is not None and _sane(day)), told)
            )
        elif latest is not None and _sane(latest):
            plans.append((name, commitment.status, follow_up_schedule(latest, rules), by_rule))
    for name, call in case.named(Call).items():
        latest = days_of(call.date).latest if call.date else None
        if latest is not None and _sane(latest):
            status = "superseded" if set(call.status.values()) == {"superseded"} else ""
            plans.append((name, status, follow_up_schedule(latest, rules), by_rule))
    for name, status, days, told in plans:
        acted = [days_of(each.date).latest for each in case.all(Action) if each.on == name]
        for day in days:
            seen = next((each for each in acted if each is not None and each >= day), None)
            done = f"Acted on {seen}" if seen else None
            if status in ("withdrawn", "superseded", "outcome_reported"):
                done = f"It is {status}"
            moment = clock_on(day + timedelta(days=1), time(0), calendar.zone)
            yield _Found(name, "follow_up", moment - timedelta(seconds=1), told, done)


def first_look_at(case: CaseFile, item: str) -> datetime | None:
    """When a person first logged an observation of an item, or of its footage without naming an item."""
    family = family_of(case, item)
    moments = [
        datetime.fromisoformat(each.at)
        for each in case.all(Observation)
        if each.at is not None
        and each.withdrawn_because is None
        and (each.t.item == item if each.t is not None else each.footage == family)
    ]
    return min(moments, default=None)


def _first_looks(case: CaseFile, rules: EffectiveHouseRules, calendar: WorkCalendar) -> Iterator[_Found]:
    for name, item in case.named(Item).items():
        received = _from(item.received)
        if received is None:
            continue
        family = case.get(FootageFamily, family_of(case, name))
        grades = (item.distress, family.distress if family else None)
        severe = any(grade in ("severe", "extreme") for grade in grades)
        hours = rules.first_look_severe_hours if severe else rules.first_look_hours
        kind = "severe or extreme" if severe else "other"
        seen = first_look_at(case, name)
        moment = due(received, calendar, hours=hours)
        told = f"House rule: {hours} hours to a first look at {kind} material"
        yield _Found(name, "first_look", moment, told, f"Seen {seen.isoformat()}" if seen else None)


def _fixity(case: CaseFile, rules: EffectiveHouseRules, calendar: WorkCalendar) -> Iterator[_Found]:
    """A check closes the one before it by coming in its place; the next is always open."""
    for name, item in case.named(Item).items():
        last = max(
            (each.checked_at for each in item.fixity), key=datetime.fromisoformat, default=item.received
        )
        checked = _from(last)
        if checked is not None:
            moment = due(checked, calendar, days=rules.fixity_days)
            yield _Found(name, "fixity", moment, f"House rule: checked every {rules.fixity_days} days", None)


def _dissent(case: CaseFile, rules: EffectiveHouseRules, calendar: WorkCalendar) -> Iterator[_Found]:
    for name in case.named(FootageFamily):
        pair = pair_of_reviews(case, name)
        if pair is None or not differing(*pair):
            continue
        submitted = [_from(each.submitted) for each in pair]
        last = max(filter(None, submitted), default=None)
        if last is None:
            continue
        decided = next((each for each in case.all(Arbitration) if each.of == name), None)
        moment = due(last, calendar, days=rules.dissent_to_arbiter_days)
        told = f"House rule: {rules.dissent_to_arbiter_days} days to an arbiter"
        yield _Found(name, "dissent", moment, told, f"Decided in {decided.id}" if decided else None)

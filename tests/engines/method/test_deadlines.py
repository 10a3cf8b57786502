"""Deadlines: hours and days, working days, time zones, and that nothing overdue closes itself."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engines.method.cases import SIDES, gold, sides
from videtur.engines.method.case_file.reading import read_case
from videtur.engines.method.deadlines import (
    WorkCalendar,
    comment_due,
    deadlines_of,
    due,
    due_day,
    follow_up_schedule,
    hours_lacking,
    overdue,
    work_calendar,
)
from videtur.engines.method.entities.accountability import Commitment, RequestForComment
from videtur.engines.method.house_rules import MARK, EffectiveHouseRules, house_rules
from videtur.errors import WrongUsage

RULES = EffectiveHouseRules()
KYIV = work_calendar(replace(RULES, time_zone="Europe/Kyiv"))
ZONES = ["UTC", "Europe/Kyiv", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]
calendars = st.builds(
    WorkCalendar,
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    working_days=st.frozensets(st.integers(0, 6), min_size=1),
    holidays=st.frozensets(st.dates(date(2022, 1, 1), date(2022, 12, 31)), max_size=20),
)
moments = st.datetimes(datetime(2022, 1, 1), datetime(2023, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
everyday = calendars.map(lambda each: replace(each, working_days=frozenset(range(7)), holidays=frozenset()))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "hours", "days", "ends"),
    [
        # The clock goes forward at 03:00 on 27 March 2022 in Kyiv, and back at 04:00 on 30 October.
        ("2022-03-26T12:00:00+02:00", 48, 0, "2022-03-28T13:00:00+03:00"),
        ("2022-03-26T12:00:00+02:00", 0, 2, "2022-03-28T12:00:00+03:00"),
        ("2022-03-26T03:30:00+02:00", 0, 1, "2022-03-27T04:30:00+03:00"),
        ("2022-10-29T03:30:00+03:00", 0, 1, "2022-10-30T03:30:00+02:00"),
        ("2022-10-29T12:00:00+03:00", 24, 0, "2022-10-30T11:00:00+02:00"),
        ("2022-03-20T12:00:00+00:00", 0, 14, "2022-04-03T14:00:00+03:00"),
    ],
)
def test_days_keep_the_time_of_day_and_hours_keep_passing(
    start: str, hours: int, days: int, ends: str
) -> None:
    found = due(at(start), KYIV, hours=hours, days=days)
    assert found == at(ends)
    assert found.isoformat() == ends


def test_a_deadline_ends_on_a_working_day_that_is_no_holiday() -> None:
    weekdays = replace(RULES, working_days=(0, 1, 2, 3, 4), holidays=("2022-04-11",))
    calendar = work_calendar(weekdays)
    assert due(at("2022-04-07T10:00:00+00:00"), calendar, hours=48) == at("2022-04-12T10:00:00+00:00")
    assert due_day(date(2022, 3, 27), calendar, 14) == date(2022, 4, 12)
    assert due_day(date(2022, 3, 24), calendar, 14) == date(2022, 4, 7)


def test_a_span_of_holidays_is_gone_over() -> None:
    calendar = work_calendar(replace(RULES, holidays=("2022-12-24/2023-01-02",)))
    assert due_day(date(2022, 12, 20), calendar, 5) == date(2023, 1, 3)


def test_the_gold_promise_is_followed_up_on_the_days_it_lists() -> None:
    commitment = gold().get(Commitment, "CM1")
    assert commitment is not None
    schedule = follow_up_schedule(date.fromisoformat(commitment.announced), RULES)
    assert [day.isoformat() for day in schedule[:3]] == list(commitment.follow_up_due)
    assert len(schedule) == 5


@given(moments, calendars, st.integers(0, 400), st.integers(0, 400))
def test_a_deadline_never_lies_before_its_start(
    start: datetime, calendar: WorkCalendar, hours: int, days: int
) -> None:
    found = due(start, calendar, hours=hours, days=days)
    assert found >= start + timedelta(hours=hours)
    assert calendar.may_end_on(found.date())


@given(moments, calendars, st.integers(0, 60), st.integers(0, 60), st.integers(0, 5))
def test_more_time_never_ends_earlier(
    start: datetime, calendar: WorkCalendar, hours: int, days: int, more: int
) -> None:
    found = due(start, calendar, hours=hours, days=days)
    assert due(start, calendar, hours=hours + more, days=days).date() >= found.date()
    assert due(start, calendar, hours=hours, days=days + more) >= found - timedelta(hours=1)


@given(moments, everyday, st.integers(0, 60), st.integers(0, 60), st.integers(0, 5))
def test_where_every_day_counts_more_time_never_ends_a_moment_earlier(
    start: datetime, calendar: WorkCalendar, hours: int, days: int, more: int
) -> None:
    found = due(start, calendar, hours=hours, days=days)
    assert due(start, calendar, hours=hours + more, days=days) >= found
    assert due(start, calendar, hours=hours, days=days + more) >= found


@given(moments, everyday, st.integers(0, 5000))
def test_hours_are_hours_that_pass(start: datetime, calendar: WorkCalendar, hours: int) -> None:
    assert due(start, calendar, hours=hours) - start == timedelta(hours=hours)


@given(moments, everyday, st.integers(1, 400))
def test_days_are_days_of_the_calendar(start: datetime, calendar: WorkCalendar, days: int) -> None:
    local = start.astimezone(calendar.zone)
    found = due(start, calendar, days=days)
    assert found.date() == local.date() + timedelta(days=days)
    assert abs((found - start) - timedelta(days=days)) <= timedelta(hours=2)


@pytest.mark.parametrize(
    "rules",
    [
        replace(RULES, time_zone="Mars/Olympus"),
        replace(RULES, time_zone="../../etc/passwd"),
        replace(RULES, working_days=()),
        replace(RULES, holidays=("2022-01-01/..",)),
    ],
)
def test_house_rules_that_cannot_be_are_refused(rules: EffectiveHouseRules) -> None:
    with pytest.raises(WrongUsage):
        work_calendar(rules)


def test_holidays_without_end_are_refused() -> None:
    with pytest.raises(WrongUsage, match="lasts"):
        work_calendar(replace(RULES, holidays=("2020/2045",)))
    calendar = work_calendar(replace(RULES, holidays=("2021/2026", "2027/2035")))
    with pytest.raises(WrongUsage, match="No working day"):
        due(at("2022-01-01T00:00:00+00:00"), calendar, days=1)


def test_a_moment_needs_a_time_zone_and_time_runs_forward() -> None:
    with pytest.raises(WrongUsage, match="no time zone"):
        due(datetime(2022, 1, 1), KYIV, hours=1)  # noqa: DTZ001
    with pytest.raises(WrongUsage, match="before its start"):
        due(at("2022-01-01T00:00:00+00:00"), KYIV, hours=-1)


def test_house_rules_are_shown_as_ours() -> None:
    case = sides("house_rules: {comment_newsroom_hours: 24, working_days: [0, 1], holidays: [2022-01-01]}\n")
    shown = {rule.name: rule for rule in house_rules(case).shown()}
    assert "not from a standard" in MARK
    assert shown["comment_newsroom_hours"].set_here
    assert shown["comment_newsroom_hours"].sentence.startswith("A newsroom gives 24 hours")
    assert shown["working_days"].sentence.endswith("Monday, Tuesday.")
    assert not shown["fixity_days"].set_here
    assert "14, 30, 90, 180, 365" in shown["follow_up_days"].sentence
    defaults = {rule.name: rule.value for rule in house_rules(gold()).shown()}
    assert (defaults["comment_newsroom_hours"], defaults["comment_mission_days"]) == (48, 14)
    assert (defaults["first_look_severe_hours"], defaults["first_look_hours"]) == (24, 72)
    assert (defaults["stale_after_days"], defaults["fixity_days"]) == (90, 30)
    assert defaults["dissent_to_arbiter_days"] == 5


REQUEST = "requests_for_comment:\n- {id: R1, by: %s, to: AA, sent: %s, status: %s}\n"


@pytest.mark.parametrize(
    ("by", "sent", "ends"),
    [
        ("NN", "2024-01-10T10:00:00+00:00", "2024-01-12T10:00:00+00:00"),
        ("MM", "2024-01-10T10:00:00+00:00", "2024-01-24T10:00:00+00:00"),
        ("NN (the desk)", "2024-01-10T10:00:00+00:00", "2024-01-12T10:00:00+00:00"),
        ("NN", "2024-01-10", "2024-01-13T00:00:00+00:00"),
        ("NN", "2024-01-09/2024-01-10", "2024-01-13T00:00:00+00:00"),
    ],
)
def test_when_a_reply_is_due(by: str, sent: str, ends: str) -> None:
    found = deadlines_of(sides(REQUEST % (by, sent, "sent")), at("2024-01-10T12:00:00+00:00"))
    assert [(each.about, each.kind, each.due.isoformat()) for each in found] == [("R1", "comment", ends)]
    assert "House rule" in found[0].rule


def test_nothing_overdue_closes_itself() -> None:
    case = sides(REQUEST % ("NN", "2024-01-10", "sent"))
    assert overdue(deadlines_of(case, at("2024-01-13T00:00:00+00:00"))) == ()
    for now in ("2024-01-13T00:00:01+00:00", "2034-01-13T00:00:00+00:00"):
        assert [each.about for each in overdue(deadlines_of(case, at(now)))] == ["R1"]
    answered = sides(REQUEST % ("NN", "2024-01-10", "answered_part"))
    assert overdue(deadlines_of(answered, at("2034-01-13T00:00:00+00:00"))) == ()


def test_a_recorded_deadline_stands_for_the_rule_s() -> None:
    more = REQUEST % ("NN", "2024-01-10", "sent")
    more += "deadlines:\n- {id: D1, about: R1, kind: comment, due: 2024-02-01T00:00:00+00:00}\n"
    found = deadlines_of(sides(more), at("2024-02-02T00:00:00+00:00"))
    assert [(each.recorded, each.overdue) for each in found] == [("D1", True)]
    done = more.replace("+00:00}", "+00:00, done: 2024-02-03T00:00:00+00:00, done_because: told by phone}")
    assert [each.done for each in deadlines_of(sides(done), at("2025-01-01T00:00:00+00:00"))] == [
        "told by phone"
    ]


def test_follow_ups_close_only_by_an_act_on_or_after_their_day() -> None:
    more = "commitments:\n- {id: CM1, by: AA, what: an inquiry, announced: 2024-01-01}\n"
    act = "actions:\n- {id: A1, date: %s, by: lead, on: CM1, because: asked again}\n"
    now = at("2024-03-01T00:00:00+00:00")
    assert len(overdue(deadlines_of(sides(more), now))) == 2
    assert len(overdue(deadlines_of(sides(more + act % "2024-01-14"), now))) == 2
    assert len(overdue(deadlines_of(sides(more + act % "2024-01-15"), now))) == 1
    assert len(overdue(deadlines_of(sides(more + act % "2024-02-20"), now))) == 0


DIGEST = "0123456789abcdef" * 4
ITEM = "items:\n- {id: I1, footage: FF1, received: 2024-01-01T00:00:00+00:00%s}\n"


def test_first_looks_come_sooner_for_severe_material() -> None:
    now = at("2024-01-02T12:00:00+00:00")
    for grade, ends in (
        (", distress: extreme", 24),
        (", distress: severe", 24),
        (", distress: mild", 72),
        ("", 72),
    ):
        found = [each for each in deadlines_of(sides(ITEM % grade), now) if each.kind == "first_look"]
        assert found[0].due == at("2024-01-01T00:00:00+00:00") + timedelta(hours=ends)
        assert found[0].overdue is (ends == 24)


def test_a_first_look_is_an_observation_and_fixity_comes_round_again() -> None:
    more = ITEM % (", sha256: " + DIGEST) + (
        "observations:\n- {id: O1, footage: FF1, modality: visual, at: 2024-01-01T09:00:00+00:00}\n"
    )
    found = {each.kind: each for each in deadlines_of(sides(more), at("2024-06-01T00:00:00+00:00"))}
    assert found["first_look"].done is not None
    assert found["fixity"].due == at("2024-01-31T00:00:00+00:00")
    assert found["fixity"].overdue
    checked = f"fixity: [{{checked_at: 2024-05-20T00:00:00+00:00, sha256: {DIGEST}}}]"
    again = sides(more.replace("sha256: " + DIGEST + "}", "sha256: " + DIGEST + ", " + checked + "}", 1))
    found = {each.kind: each for each in deadlines_of(again, at("2024-06-01T00:00:00+00:00"))}
    assert not found["fixity"].overdue


def test_closing_one_check_does_not_close_the_next() -> None:
    checked = ITEM % (", sha256: " + DIGEST) + (
        "deadlines:\n- {id: D1, about: I1, kind: fixity, due: %s, done: %s, done_because: checked}\n"
    )
    last, earlier = "2024-01-31T00:00:00+00:00", "2023-12-31T00:00:00+00:00"
    now = at("2024-06-01T00:00:00+00:00")
    for due_then, left in ((last, 0), (earlier, 1)):
        found = deadlines_of(sides(checked % (due_then, due_then)), now)
        assert sum(each.kind == "fixity" and each.overdue for each in found) == left


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ("house_rules: {time_zone: Mars/Olympus}\n", "no time zone"),
        ("house_rules: {time_zone: ../../etc/passwd}\n", "no time zone"),
        ("house_rules: {working_days: []}\n", "at least 1"),
        (REQUEST % ("NN", "2024-01-10", "sent, time_zone: Mars"), "no time zone"),
    ],
)
def test_zones_and_days_that_cannot_be_are_named_when_a_file_is_read(more: str, says: str) -> None:
    problems = [problem.explain() for problem in read_case(SIDES + more).problems]
    assert len(problems) == 1
    assert says in problems[0]


def test_dissent_goes_to_an_arbiter_in_time() -> None:
    review = "- {id: V%d, of: FF1, role: analyst_%d, by: p%d, "
    review += "submitted: 2024-01-0%dT00:00:00+00:00, aspects: {date: %s}}\n"
    more = "reviews:\n" + review % (1, 1, 1, 1, "established")
    agreeing = more + review % (2, 2, 2, 3, "probable")
    differing = more + review % (2, 2, 2, 3, "contradicted")
    now = at("2024-02-01T00:00:00+00:00")
    assert deadlines_of(sides(agreeing), now) == ()
    found = deadlines_of(sides(differing), now)
    assert [(each.kind, each.due, each.overdue) for each in found] == [
        ("dissent", at("2024-01-08T00:00:00+00:00"), True)
    ]
    decided = differing + (
        "arbitrations:\n- {id: ARB1, of: FF1, between: [V1, V2], by: p3, reason: looked again}\n"
    )
    assert not overdue(deadlines_of(sides(decided), now))


@pytest.mark.parametrize(
    ("by", "deadline", "because", "lacking"),
    [
        ("NN", "2024-01-10T13:59:00+00:00", None, 4),
        ("NN", "2024-01-10T13:59:00+00:00", "life in danger", 4),
        ("NN", "2024-01-10T14:00:00+00:00", "life in danger", None),
        ("NN", "2024-01-10T14:00:00+00:00", None, 48),
        ("NN", "2024-01-12T09:59:00+00:00", None, 48),
        ("NN", "2024-01-12T10:00:00+00:00", None, None),
        ("NN", "2024-01-12T11:00:00+02:00", None, 48),
        ("NN", None, None, None),
        ("MM", "2024-01-10T13:59:00+00:00", "life in danger", 4),
        ("MM", "2024-01-10T14:00:00+00:00", None, None),
    ],
)
def test_a_newsroom_says_why_it_gives_less_than_its_time_and_nobody_gives_less_than_four_hours(
    by: str, deadline: str | None, because: str | None, lacking: int | None
) -> None:
    request = RequestForComment(
        id="R1",
        by=by,
        to="AA",
        status="sent",
        sent="2024-01-10T10:00:00+00:00",
        deadline=deadline,
        short_deadline_because=because,
    )
    assert hours_lacking(sides(), request, RULES) == lacking


def test_a_request_not_sent_has_no_deadline() -> None:
    request = RequestForComment(id="R1", by="NN", to="AA", status="approved")
    assert comment_due(sides(), request, RULES, KYIV) is None


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_no_year_in_a_file_ends_the_calendar(year: str) -> None:
    more = f"""\
commitments:
- {{id: CM1, by: AA, what: an inquiry, announced: {year}-12-31, follow_up_due: [{year}-12-31]}}
- {{id: CM2, by: AA, what: an inquiry, announced: {year}-01-01}}
calls:
- {{id: C1, from: MM, to: [AA, BB], date: {year}-12-31}}
requests_for_comment:
- {{id: R1, by: NN, to: AA, sent: {year}-12-31, status: sent}}
- {{id: R2, by: NN, to: AA, sent: {year}-12-31T23:59:59+00:00, status: sent}}
items:
- {{id: I1, footage: FF1, received: {year}-01-01T00:00:00+05:00}}
- {{id: I2, footage: FF1, received: {year}-12-31T23:00:00-05:00}}
deadlines:
- {{id: D1, about: CM1, kind: follow_up, due: {year}-12-31T23:00:00-05:00}}
"""
    found = deadlines_of(sides(more), at("2024-01-01T00:00:00+00:00"))
    assert [each.recorded for each in found] == ["D1"]

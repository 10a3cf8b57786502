"""The board of calls and commitments: replayed to a day, with what each status rests on."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engines.method.cases import GOLD, case_of, gold, sides
from videtur.engines.method.accountability.board import agrees, board, board_as_of
from videtur.engines.method.accountability.readings import readings_of
from videtur.engines.method.accountability.sides import side_of, side_of_words
from videtur.engines.method.accountability.timeline import timeline
from videtur.engines.method.entities.accountability import FollowUp
from videtur.engines.method.entities.case import ExpectedBoard

YEAR_LATER = date(2023, 3, 24)
COMMITMENT = "commitments:\n- {id: CM1, by: AA, what: an inquiry, about: AL1, announced: 2024-01-10%s}\n"
CALL = "calls:\n- {id: C1, from: MM, to: [AA, BB], date: 2024-01-10%s}\n"


def status(more: str, on: str, name: str = "CM1") -> str:
    return board(sides(more), date.fromisoformat(on)).as_json()[name]["status"]


def test_the_gold_case_gives_its_expected_board() -> None:
    case = gold()
    expected = case.all(ExpectedBoard)[0]
    found = board(case, date.fromisoformat(expected.date)).as_json()
    assert agrees(expected.board, found) == ()
    assert (found["C1"]["UA"], found["C1"]["RU"], found["C1"]["satisfied"]) == (
        "acknowledged",
        "acknowledged",
        False,
    )
    assert found["CM1"]["flags"] == ["contradicted_by_same_side"]
    assert found["CM1"]["contradicted_by"] == ["K1"]


def test_the_case_s_own_moment_has_the_statuses_that_the_file_states() -> None:
    case = gold()
    own = board_as_of(case)
    assert own is not None
    assert {each.party: each.status for each in own.calls[0].addressees} == {"RU": "issued", "UA": "issued"}
    assert (own.commitments[0].status, own.commitments[0].contradicted_by) == ("announced", ("K1",))
    whole_day = board(case, own.on)
    assert {each.status for each in whole_day.calls[0].addressees} == {"acknowledged"}
    assert board_as_of(sides("")) is not None


def test_a_board_that_says_otherwise_is_told_apart() -> None:
    found = board(gold(), YEAR_LATER).as_json()
    assert agrees({"C1": {"UA": "accepted"}, "CM9": {}}, found) == (
        "C1.UA is written as 'accepted', and the facts give 'acknowledged'",
        "CM9 is not on the board of that day",
    )


@pytest.mark.parametrize(
    ("on", "promise", "flags"),
    [
        ("2022-03-27", "announced", ["contradicted_by_same_side"]),
        ("2022-03-31", "announced", ["contradicted_by_same_side"]),
        ("2022-04-01", "repeated", ["contradicted_by_same_side"]),
        ("2022-06-30", "repeated", ["contradicted_by_same_side"]),
        ("2022-07-01", "repeated", ["contradicted_by_same_side", "stale"]),
        ("2023-03-23", "repeated", ["contradicted_by_same_side", "stale"]),
        ("2023-03-24", "in_progress_evidenced", ["contradicted_by_same_side"]),
    ],
)
def test_the_gold_promise_day_by_day(on: str, promise: str, flags: list[str]) -> None:
    found = board(gold(), date.fromisoformat(on)).as_json()["CM1"]
    assert (found["status"], found["flags"], found["outcome"]) == (promise, flags, "unknown")


def test_nothing_is_on_the_board_before_it_happened() -> None:
    assert set(board(gold(), date(2022, 3, 26)).as_json()) == {"stated_by_others"}
    assert "C1" not in board(gold(), date(2022, 3, 27)).as_json()


def test_a_reading_by_rule_moves_the_board_and_says_that_nobody_accepted_it() -> None:
    case = gold()
    assert [(each.follow_up, each.on, each.becomes) for each in readings_of(case)] == [
        ("FU7", "CM1", "in_progress_evidenced"),
        ("FU8", "CM1", "in_progress_evidenced"),
    ]
    assert readings_of(case)[0].words == "under UA investigation"
    assert board(case, YEAR_LATER).commitments[0].confirmed is False
    follow_up = case.get(FollowUp, "FU7")
    assert follow_up is not None
    accepted = case.with_entity(follow_up.model_copy(update={"reading_accepted_by": "lead"}), "FU7")
    assert board(accepted, YEAR_LATER).commitments[0].confirmed is True


def test_an_action_that_rests_on_the_follow_up_accepts_its_reading() -> None:
    text = GOLD + (
        "actions:\n  - {id: A1, date: 2023-03-25, by: lead, on: CM1, becomes: in_progress_evidenced, "
        "because: read, evidence: FU7}\n"
    )
    case = case_of(text)
    assert readings_of(case)[0].accepted_by == "lead"
    assert board(case, date(2023, 3, 25)).commitments[0].confirmed is True


def test_the_standard_of_another_body_is_shown_as_theirs_and_never_set() -> None:
    case = gold()
    stated = {each.what: each.value for each in board(case, YEAR_LATER).stated_by_others}
    assert stated["AL1.standard"] == "reasonable_grounds_to_believe"
    assert stated["symmetry"] == "confirmed"
    assert getattr(case.find("AL1"), "standard", None) == "none"


@pytest.mark.parametrize(
    ("words", "side"),
    [
        ("RU presidential spokesman", "RU"),
        ("UA Prosecutor General (Sky News, via NBC)", "UA"),
        ("commander in chief of UA forces", "UA"),
        ("the ombudsman of Ukraine", "UA"),
        ("Ukraine's defence ministry", "UA"),
        ("UA (defence ministry)", "UA"),
        ("journalist (UA) video seen by HRW", None),
        ("journalist (formerly of UA forces)", None),
        ("RUSI analyst", None),
        ("RU-appointed head of a region", None),
        ("historian of UA painting", None),
        ("spokesman of RU forces and of UA forces", None),
        ("HRMMU head", None),
        ("", None),
    ],
)
def test_for_whom_a_speaker_speaks(words: str, side: str | None) -> None:
    assert side_of_words(gold(), words) == side


def test_a_side_that_is_written_out_leads() -> None:
    case = gold()
    claim = case.claims[0].model_copy(update={"side": "RU"})
    assert side_of(case, claim) == "RU"


def test_a_promise_said_again_is_no_step() -> None:
    more = COMMITMENT % "" + (
        "claims:\n- {id: K1, date: 2024-02-01, by: AA minister, kind: commitment, gist: soon, about: AL1}\n"
    )
    assert status(more, "2024-02-01") == "repeated"
    assert status(more, "2024-01-31") == "announced"


def test_a_legal_step_needs_a_number_or_a_notice() -> None:
    assert (
        status(COMMITMENT % ", legal_step: {authority: Office, date: 2024-01-20}", "2024-02-01")
        == "announced"
    )
    with_number = COMMITMENT % ", legal_step: {authority: Office, number: 7/24, date: 2024-01-20}"
    assert status(with_number, "2024-02-01") == "legal_step_evidenced"
    assert status(with_number, "2024-01-19") == "announced"


def test_a_promise_goes_stale_and_wakes_again() -> None:
    more = COMMITMENT % "" + "followups:\n- {date: 2024-06-01, fact: again, effect: {CM1: repeated}}\n"
    case = sides(more)
    day = date(2024, 1, 10)
    assert board(case, day + timedelta(days=90)).commitments[0].flags == ()
    assert board(case, day + timedelta(days=91)).commitments[0].flags == ("stale",)
    assert board(case, date(2024, 6, 1)).commitments[0].flags == ()
    shorter = sides(more + "house_rules: {stale_after_days: 30}\n")
    assert board(shorter, day + timedelta(days=31)).commitments[0].flags == ("stale",)


@pytest.mark.parametrize(
    ("said", "flagged"),
    [
        ("by: AA minister, kind: staged_claim, gist: staged", True),
        ("by: BB minister, kind: staged_claim, gist: staged", False),
        ("by: journalist (AA), kind: staged_claim, gist: staged", False),
        ("by: AA minister, kind: denial, gist: untrue", False),
        ("by: AA minister, kind: staged_claim, gist: staged, about: AL1", True),
        ("by: AA minister, kind: staged_claim, gist: staged, about: FF1", True),
        ("by: AA minister, kind: staged_claim, gist: staged, about: AL2", False),
        ("by: somebody, side: AA, kind: staged_claim, gist: staged", True),
    ],
)
def test_only_the_same_side_on_the_same_matter_contradicts(said: str, flagged: bool) -> None:
    case = sides(COMMITMENT % "" + f"claims:\n- {{id: K1, date: 2024-01-11, {said}}}\n")
    flags = board(case, date(2024, 1, 11)).commitments[0].flags
    assert flags == (("contradicted_by_same_side",) if flagged else ())
    assert board(case, date(2024, 1, 10)).commitments[0].flags == ()


@pytest.mark.parametrize(
    ("said", "becomes"),
    [
        ("date: 2024-01-10, by: AA minister, kind: response", "acknowledged"),
        ("date: 2024-01-09, by: AA minister, kind: response", "issued"),
        ("date: 2024-01-09/2024-01-12, by: AA minister, kind: response", "issued"),
        ("date: 2024-02-01, by: AA minister, kind: response", "issued"),
        ("date: 2024-01-12, by: AA minister, kind: staged_claim", "issued"),
        ("date: 2024-01-12, by: AA minister, kind: denial", "issued"),
        ("date: 2024-01-12, by: journalist (AA), kind: response", "issued"),
    ],
)
def test_what_acknowledges_a_call(said: str, becomes: str) -> None:
    case = sides(CALL % "" + f"claims:\n- {{id: K1, gist: words, {said}}}\n")
    assert board(case, date(2024, 1, 15)).as_json()["C1"]["AA"] == becomes
    assert board(case, date(2024, 1, 15)).as_json()["C1"]["BB"] == "issued"


def test_actions_move_a_call_for_one_party_on_their_day() -> None:
    more = CALL % ", status: {AA: satisfied, BB: issued}" + (
        "actions:\n- {id: A1, date: 2024-02-01, by: lead, on: C1, party: AA, becomes: satisfied, "
        "because: done}\n"
    )
    case = sides(more)
    before, after = (board(case, day).as_json()["C1"] for day in (date(2024, 1, 31), date(2024, 2, 1)))
    assert (before["AA"], before["BB"]) == ("issued", "issued")
    assert (after["AA"], after["BB"], after["satisfied"]) == ("satisfied", "issued", False)


def test_a_status_in_the_file_counts_from_the_file_s_day() -> None:
    case = sides(CALL % ", status: {AA: refused, BB: issued}")
    assert board(case, date(2024, 3, 9)).as_json()["C1"]["AA"] == "issued"
    assert board(case, date(2024, 3, 10)).as_json()["C1"]["AA"] == "refused"


def test_a_call_that_nobody_issued_stays_drafted() -> None:
    case = sides(CALL.replace(", date: 2024-01-10", "") % ", status: {AA: approved}")
    assert board(case, date(2024, 3, 10)).as_json()["C1"]["AA"] == "approved"
    assert board(case, date(2024, 3, 10)).as_json()["C1"]["BB"] == "drafted"


@pytest.mark.parametrize(
    ("effect", "call", "promise", "outcome"),
    [
        ("{CM1: repeated}", "issued", "repeated", "unknown"),
        ("{CM1: {status: outcome_reported, outcome: convicted}}", "issued", "outcome_reported", "convicted"),
        ("{CM1.outcome: charged}", "issued", "announced", "charged"),
        ("{C1.AA: accepted}", "accepted", "announced", "unknown"),
        ("{C1: {AA: refused}}", "refused", "announced", "unknown"),
        ("{AL1.standard: reasonable_grounds_to_believe}", "issued", "announced", "unknown"),
        ("{CM1: nonsense}", "issued", "announced", "unknown"),
    ],
)
def test_effects_of_follow_ups(effect: str, call: str, promise: str, outcome: str) -> None:
    more = CALL % "" + COMMITMENT % "" + f"followups:\n- {{date: 2024-02-01, fact: told, effect: {effect}}}\n"
    found = board(sides(more), date(2024, 2, 1)).as_json()
    assert (found["C1"]["AA"], found["C1"]["BB"]) == (call, "issued")
    assert (found["CM1"]["status"], found["CM1"]["outcome"]) == (promise, outcome)


@pytest.mark.parametrize(
    ("fact", "becomes"),
    [
        ("some cases under AA investigation, none in court", "in_progress_evidenced"),
        ("AA opened at least five criminal investigations", "in_progress_evidenced"),
        ("State A launched an inquiry", "in_progress_evidenced"),
        ("an AA court has convicted two men", "outcome_reported"),
        ("AA court convicted two men", "outcome_reported"),
        ("no case is under AA investigation", None),
        ("the case is not, it was said, under AA investigation", None),
        ("it was not clear; now it is under AA investigation", "in_progress_evidenced"),
        ("some cases under BB investigation", None),
        ("AAA opened an investigation", None),
        ("the mission opened an investigation", None),
        ("AA denied that it opened an investigation", None),
    ],
)
def test_what_the_rule_reads(fact: str, becomes: str | None) -> None:
    case = sides(COMMITMENT % "" + f'followups:\n- {{date: 2024-02-01, fact: "{fact}"}}\n')
    assert [each.becomes for each in readings_of(case)] == ([becomes] if becomes else [])


def test_no_reading_for_a_promise_not_yet_made() -> None:
    case = sides(COMMITMENT % "" + 'followups:\n- {date: 2024-01-09, fact: "under AA investigation"}\n')
    assert readings_of(case) == ()


@given(st.dates(date(2022, 3, 1), date(2026, 1, 1)), st.dates(date(2022, 3, 1), date(2026, 1, 1)))
def test_what_is_on_the_board_stays_on_it(one: date, two: date) -> None:
    case = gold()
    earlier, later = (board(case, day) for day in (min(one, two), max(one, two)))
    assert {each.reference for each in earlier.calls} <= {each.reference for each in later.calls}
    bases = {each.reference: each.basis for each in later.commitments}
    for each in earlier.commitments:
        assert bases[each.reference][: len(each.basis)] == each.basis


def test_the_timeline_is_in_order_and_keeps_uncertain_dates() -> None:
    events = timeline(gold())
    days = [each.latest for each in events if each.latest is not None]
    assert days == sorted(days)
    assert {"CM1", "C1", "K1", "FU7", "RFC2", "FF1"} <= {each.reference for each in events}
    assert next(each for each in events if each.reference == "K6").date == "2022-03-30/2022-03-31"
    assert next(each for each in events if each.reference == "K3").party == "RU"

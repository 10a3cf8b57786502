"""`case check`: the gold case as it is written, and everything that a file states otherwise."""

import json

import pytest
from hypothesis import HealthCheck, given, settings

from tests.engines.method.cases import GOLD, SIDES, gold, sides
from tests.engines.method.generated import Plan, plans
from tests.engines.method.generated_case import build
from videtur.engines.law.catalogue import CATALOGUE
from videtur.engines.method.case_file.reading import read_case
from videtur.engines.method.check import CheckResult, check
from videtur.engines.method.rules.catalogue import violations_of


def checked(text: str) -> CheckResult:
    return check(read_case(text), CATALOGUE.provisions)


def test_the_gold_case_breaks_nothing_and_derives_what_it_says() -> None:
    found = checked(GOLD)
    assert found.passed
    derived = found.derived
    assert derived["footage_status"] == {"FF1": "in_process", "FG2": "in_process"}
    assert derived["independent_source_count"] == {"FF1": 1, "FG2": "unknown"}
    assert derived["verification_state"] == {"overall": "in_process", "standard": "none", "findings": []}
    assert derived["standards"] == {"AL1": "none", "AL2": "none"}
    assert derived["flags"] == {"CM1": ["contradicted_by_same_side"]}
    assert set(derived["board"]) == {"2022-03-28", "2023-03-24"}
    assert derived["board"]["2023-03-24"]["C1"]["UA"] == "acknowledged"
    assert derived["board"]["2023-03-24"]["CM1"]["status"] == "in_progress_evidenced"
    own = derived["board"]["2022-03-28"]
    assert (own["C1"]["RU"], own["C1"]["UA"], own["CM1"]["status"]) == ("issued", "issued", "announced")
    assert [each["recorded"] for each in derived["conflicts"]] == ["X2", "X3"]
    assert found.gates == {}


def test_the_gold_case_keeps_its_standing_tasks() -> None:
    tasks = [each["id"] for each in checked(GOLD).derived["tasks"]]
    assert tasks == ["identify FG2", "ask RU for comment", "decide FU7 on CM1", "decide FU8 on CM1"]


def test_a_task_goes_when_it_is_done() -> None:
    asked = GOLD.replace("to: RU, status: not_sought_with_reason", "to: RU, status: sent, sent: 2022-03-29")
    assert "ask RU for comment" not in [each["id"] for each in checked(asked).derived["tasks"]]
    read = GOLD.replace(
        'date: 2023-03-24, fact: "OHCHR', 'date: 2023-03-24, reading_accepted_by: l, fact: "OHCHR'
    )
    assert "decide FU7 on CM1" not in [each["id"] for each in checked(read).derived["tasks"]]


def test_the_answer_is_json() -> None:
    answer = json.loads(json.dumps(checked(GOLD).as_json()))
    assert set(answer) == {"violations", "derived", "gates"}


@pytest.mark.parametrize(
    ("old", "new", "rule", "where"),
    [
        ("monday: 2022-03-28", "monday: 2022-03-29", "calendar", "calendar_check"),
        ('weekday_original: "On Sunday"', 'weekday_original: "On Monday"', "calendar", "FF1"),
        ("CM1: {status: in_progress_evidenced", "CM1: {status: repeated", "board", "board-2023-03-24"),
        ("C1: {UA: acknowledged", "C1: {UA: accepted", "board", "board-2023-03-24"),
        ("{overall: in_process,", "{overall: verified,", "verification_state", "verification_state"),
        ("provision: CIHL-158", "provision: CIHL-999", "provision", "OB3"),
        ("provisions: [GC3-13, GC3-14]", "provisions: [GC3-13, GC3-999]", "provision", "S4"),
        ("status_at_as_of: in_process\n", "status_at_as_of: verified\n", "I8", "FF1"),
        ("min_s: 324", "min_s: 300", "M4.duration", "FF1"),
        ("against: UA,", "against: XX,", "reference", "allegations[1].against"),
        ("t: null, modality: visual", "t: null, modality: seen", "grammar", "observations[1].modality"),
    ],
)
def test_what_a_file_states_otherwise_is_named_with_its_line(
    old: str, new: str, rule: str, where: str
) -> None:
    assert old in GOLD
    found = [each for each in checked(GOLD.replace(old, new, 1)).violations if each.rule == rule]
    assert [each.where for each in found] == [where]
    line = GOLD.replace(old, new, 1)[: GOLD.index(old)].count("\n") + 1
    assert found[0].line == line or rule in ("board", "M4.duration", "calendar", "I8")
    assert found[0].line is not None
    assert found[0].why
    assert found[0].remedy


def test_too_short_a_time_to_answer_is_named() -> None:
    asked = (
        "requests_for_comment:\n- {id: R1, by: NN, to: AA, about: it, status: sent, "
        "sent: 2024-01-10T10:00:00+00:00, deadline: 2024-01-10T13:00:00+00:00%s}\n"
    )
    assert [each.rule for each in checked(SIDES + asked % "").violations] == ["M10.deadline"]
    hurried = checked(SIDES + asked % ", short_deadline_because: a life in danger").violations
    assert [each.why for each in hurried] == ["It gives less than 4 hours to answer"]
    assert checked(
        (SIDES + asked % ", short_deadline_because: it is out tonight").replace("T13", "T14")
    ).passed


def test_every_problem_comes_in_one_answer() -> None:
    text = GOLD.replace("monday: 2022-03-28", "monday: 2022-03-29").replace("against: UA,", "against: XX,")
    assert {"calendar", "reference"} <= {each.rule for each in checked(text).violations}


@pytest.mark.parametrize("text", ["", "[]", "id: x", "\tx", SIDES.replace("kind: state", "kind: realm")])
def test_what_cannot_be_read_is_answered(text: str) -> None:
    found = check(read_case(text))
    assert not found.passed
    assert json.dumps(found.as_json())


def test_a_case_without_a_day_of_its_own_has_the_flags_of_its_last_day() -> None:
    text = SIDES.replace("as_of: 2024-03-10\n", "") + (
        "commitments:\n- {id: CM1, by: AA, what: an inquiry, announced: 2024-01-10}\n"
        "claims:\n- {id: K1, date: 2024-01-09, by: AA minister, kind: staged_claim, gist: staged}\n"
    )
    assert checked(text).derived["flags"] == {"CM1": ["contradicted_by_same_side"]}
    assert checked(text).derived["board"] == {}


def test_the_gates_say_what_is_missing_and_what_would_meet_it() -> None:
    case = sides(
        "findings:\n"
        "- {id: FN1, allegation: AL1, text: It happened, standard: reasonable_grounds_to_believe}\n"
    )
    gate = check(case).gates["FN1"]
    assert gate["passed"] is False
    missing = [each for each in gate["conditions"] if not each["met"]]
    assert missing
    assert all(each["missing"] and each["remedy"] and each["house_rule"] for each in missing)


def test_unknown_provisions_are_looked_for_only_with_the_catalogue() -> None:
    text = GOLD.replace("provision: CIHL-158", "provision: CIHL-999")
    assert check(read_case(text)).passed
    assert not checked(text).passed


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plans())
def test_a_valid_case_passes(plan: Plan) -> None:
    case = build(plan)
    assert violations_of(case) == ()
    assert check(case).violations == ()


def test_the_gold_case_is_the_same_read_or_given() -> None:
    assert check(gold()).derived == check(read_case(GOLD)).derived

"""Rules over generated cases: a valid case breaks none, and each way into a state is caught by its rule.

More than ten thousand cases a run: see the numbers below.
"""

import random
import time
from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engines.method.generated import COMPLETE, STANDARDS, Plan, plans
from tests.engines.method.generated_case import build
from tests.engines.method.mutated import Mutation
from tests.engines.method.mutations_of_demands import WAYS_TO_BREAK
from tests.engines.method.mutations_of_states import WAYS_INTO
from videtur.engines.method.case_file.reading import read_case
from videtur.engines.method.case_file.references import problems_of_references
from videtur.engines.method.case_file.writing import write_case
from videtur.engines.method.entities.case import Assignment
from videtur.engines.method.footage_status import footage_status, restated
from videtur.engines.method.gates import consequences, downgrades, gates_of
from videtur.engines.method.rules.catalogue import FURTHER, IN_FORCE, RULE_OF, RULES, violations_of
from videtur.engines.method.rules.invariants import BEYOND_THE_STATES, INVARIANTS
from videtur.engines.method.rules.people import BARRED

VALID, OF_A_STATE, OF_A_DEMAND = 5_000, 130, 40
"""Cases for each test: more than ten thousand together, as a test below counts."""
_FALLEN = {"F12", "I4"}
"""What a release says of a finding falls with the finding."""
FALL_WITH: Mapping[str, set[str]] = {
    "F02": {*_FALLEN, "F05", "I8", "M6.cap", "M7.gate"},
    "F03": {"F14"},
    "F04": {*_FALLEN, "F05", "F06", "I8", "M6.cap", "M7.gate"},
    "F06": {*_FALLEN, "M7.gate"},
    "F07": _FALLEN,
    "F13": _FALLEN,
    "F16": {"M10.addressee"},
    "F17": {*_FALLEN, "M7.gate"},
    "I12": _FALLEN,
    "M4.segment": {*_FALLEN, "F25", "M7.gate"},
    "M6.cap": {"F09"},
    "M7.gate": {*_FALLEN, "F25"},
    "M7.state": {*_FALLEN, "F06"},
    "M8.blind": {*_FALLEN, "F06"},
    "M10.addressee": {"F16"},
    "M10.comment": {*_FALLEN, "F17", "M7.gate"},
}
"""Rules that a mutation breaks besides its own, because what they watch rested on what was changed."""

quickly = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given(plan=plans())
@settings(quickly, max_examples=VALID)
def test_a_valid_case_breaks_nothing(plan: Plan) -> None:
    case = build(plan)
    assert violations_of(case) == ()
    assert all(gate.passed for gate in gates_of(case))
    assert downgrades(case) == ()
    assert restated(case) == ()
    assert consequences(case) == ()


def _caught(ways: tuple[Mutation, ...], rule: str, plan: Plan, way: int, seed: int) -> None:
    case = ways[way % len(ways)](build(plan), random.Random(seed))  # noqa: S311
    found = violations_of(case)
    broken = {violation.rule for violation in found}
    assert rule in broken
    assert broken <= {rule} | FALL_WITH.get(rule, set())
    for violation in found:
        assert case.find(violation.where.split()[0]) is not None
        assert violation.why
        assert violation.remedy


_NUMBERS = st.integers(0, 2**16)


@pytest.mark.parametrize("rule", sorted(WAYS_INTO))
@given(plan=plans(complete=True), way=_NUMBERS, seed=_NUMBERS)
@settings(quickly, max_examples=OF_A_STATE)
def test_each_way_into_a_forbidden_state_is_caught_by_its_rule(
    rule: str, plan: Plan, way: int, seed: int
) -> None:
    _caught(WAYS_INTO[rule], rule, plan, way, seed)


@pytest.mark.parametrize("rule", sorted(WAYS_TO_BREAK))
@given(plan=plans(complete=True), way=_NUMBERS, seed=_NUMBERS)
@settings(quickly, max_examples=OF_A_DEMAND)
def test_each_way_to_break_a_demand_is_caught_by_its_rule(rule: str, plan: Plan, way: int, seed: int) -> None:
    _caught(WAYS_TO_BREAK[rule], rule, plan, way, seed)


@given(plan=plans(complete=True), taken=st.lists(_NUMBERS, min_size=1, max_size=5))
@settings(quickly, max_examples=150)
def test_a_case_with_names_that_lead_nowhere_is_still_looked_at(plan: Plan, taken: list[int]) -> None:
    case = build(plan)
    for number in taken:
        case = case.without(case.placed[number % len(case.placed)].reference)
    for violation in violations_of(case):
        assert violation.explain()
    assert all(gate.conditions for gate in gates_of(case))
    for entity in consequences(case):
        case = case.with_entity(entity)
    assert downgrades(case) == ()


def test_a_case_of_thousands_of_entities_is_looked_at_in_a_second() -> None:
    footage = ("verified", "in_process", "partly_verified", "arbitrated") * 40
    standards = STANDARDS[1:3] * 10
    case = build(Plan(3, 3, footage, standards, False, releases=2, accountability=True, details=True))
    assert len(case.placed) > 2_000
    before = time.process_time()
    assert violations_of(case) == ()
    assert time.process_time() - before < 1


def _every_way() -> list[tuple[str, int, Mutation]]:
    both = {**WAYS_INTO, **WAYS_TO_BREAK}
    return [(rule, number, way) for rule, ways in both.items() for number, way in enumerate(ways)]


@pytest.mark.parametrize(
    ("rule", "way"), [pytest.param(rule, way, id=f"{rule}-{n}") for rule, n, way in _every_way()]
)
def test_no_way_is_left_to_chance(rule: str, way: Mutation) -> None:
    case = build(
        Plan(
            7,
            2,
            COMPLETE,
            STANDARDS[1:2],
            without_footage=False,
            releases=1,
            accountability=True,
            details=True,
        )
    )
    assert violations_of(case) == ()
    assert rule in {violation.rule for violation in violations_of(way(case, random.Random(7)))}  # noqa: S311


def test_one_person_in_two_roles_is_told_for_each_thing() -> None:
    case = build(
        Plan(7, 2, COMPLETE, (), without_footage=False, releases=0, accountability=True, details=True)
    )
    for number, (on, role) in enumerate((on, role) for on in ("FF1", "FF3", "C1") for role in BARRED[0]):
        case = case.with_entity(Assignment(id=f"NEW{number}", person="one_person", role=role, on=on))
    told = [each.where for each in violations_of(case) if each.rule == "F04"]
    assert sorted(told) == ["C1 one_person", "FF1 one_person", "FF3 one_person"]


def test_every_rule_has_its_ways() -> None:
    assert VALID + len(WAYS_INTO) * OF_A_STATE + len(WAYS_TO_BREAK) * OF_A_DEMAND > 10_000
    assert set(WAYS_INTO) == {f"F{number:02}" for number in range(1, 35)}
    assert {*WAYS_INTO, *WAYS_TO_BREAK} == set(RULE_OF)


def test_the_rules_are_the_models() -> None:
    assert [rule.id for rule in RULES] == [f"F{number:02}" for number in range(1, 35)]
    assert [rule.id for rule in INVARIANTS] == [f"I{number}" for number in range(1, 13)]
    assert (*RULES, *BEYOND_THE_STATES, *FURTHER) == IN_FORCE
    for rule in (*IN_FORCE, *INVARIANTS):
        assert rule.sentence
        assert rule.source.startswith("domain model, section")


@pytest.mark.parametrize(
    ("invariant", "state"),
    [("I1", "F07"), ("I2", "F11"), ("I5", "F16"), ("I6", "F02"), ("I7", "F28"), ("I10", "F15")],
)
def test_an_invariant_and_its_state_are_one_check(invariant: str, state: str) -> None:
    predicate = next(rule for rule in INVARIANTS if rule.id == invariant)
    plan = Plan(
        11, 2, COMPLETE, STANDARDS[1:2], without_footage=False, releases=1, accountability=True, details=True
    )
    case = build(plan)
    assert violations_of(case, [predicate]) == ()
    caught = 0
    for way in WAYS_INTO[state]:
        broken = way(case, random.Random(3))  # noqa: S311
        found = violations_of(broken, [predicate])
        assert [each.where for each in found] == [
            each.where for each in violations_of(broken, [RULE_OF[state]])
        ]
        caught += bool(found)
    assert caught


@given(plan=plans())
@settings(quickly, max_examples=20)
def test_a_generated_case_is_whole_and_stays_the_same_as_a_file(plan: Plan) -> None:
    case = build(plan)
    assert list(problems_of_references(case)) == []
    reading = read_case(write_case(case))
    assert reading.problems == ()
    entities = {placed.reference: placed.entity for placed in case.placed}
    assert {placed.reference: placed.entity for placed in reading.case.placed} == entities


@given(plan=plans())
@settings(quickly, max_examples=200)
def test_statuses_are_what_the_footage_was_made_to_be(plan: Plan) -> None:
    case = build(plan)
    made = {"placeholder": "in_process", "words": "in_process", "arbitrated": "verified"}
    for number, kind in enumerate(plan.footage):
        assert footage_status(case, f"FF{number + 1}") == made.get(kind, kind)

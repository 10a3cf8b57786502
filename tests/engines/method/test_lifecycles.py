"""The lives of calls, commitments and requests, and the checklist for a state's investigation."""

from itertools import pairwise

import pytest

from tests.engines.method.cases import sides
from videtur.engines.method import vocabulary
from videtur.engines.method.accountability.lifecycles import (
    CALL,
    COMMITMENT,
    LIFECYCLES,
    REQUEST,
    Lifecycle,
    lifecycle,
    missing,
    step_allowed,
)
from videtur.engines.method.accountability.minnesota import QUESTIONS, checklist
from videtur.engines.method.entities.accountability import Commitment, Investigation
from videtur.errors import WrongUsage

WHOLE = list(LIFECYCLES.values())


@pytest.mark.parametrize("life", WHOLE, ids=lambda each: each.kind)
def test_every_state_is_a_word_and_can_be_reached(life: Lifecycle) -> None:
    seen, front = set[str](), {"drafted", "announced"} & set(life.words)
    while front:
        seen |= front
        front = {after for before in front for after in life.after(before)} - seen
    assert seen == set(life.words)
    assert {word for step in life.steps for word in step} <= set(life.words)
    assert all(
        step.roles and set(step.roles) <= set(vocabulary.words("role")) for step in life.steps.values()
    )


@pytest.mark.parametrize(
    ("kind", "steps"),
    [
        ("call", "drafted approved issued acknowledged accepted action_evidenced satisfied"),
        ("call", "drafted approved issued no_response"),
        ("call", "issued acknowledged refused"),
        ("call", "action_evidenced partly_satisfied"),
        ("call", "action_evidenced unsatisfied action_evidenced"),
        ("commitment", "announced repeated legal_step_evidenced in_progress_evidenced outcome_reported"),
        ("commitment", "announced contradicted_by_same_side"),
        ("commitment", "announced stale repeated"),
        ("request", "drafted approved sent acknowledged answered_full reflected_in_output"),
        ("request", "sent delivery_failed sent"),
        ("request", "sent no_reply_by_deadline late_reply answered_part reflected_in_output late_reply"),
        ("request", "sent declined reflected_in_output"),
    ],
)
def test_the_orders_of_the_model(kind: str, steps: str) -> None:
    words = steps.split()
    for before, after in pairwise(words):
        assert step_allowed(kind, before, after), (before, after)


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("call", "drafted", "issued"),
        ("call", "issued", "satisfied"),
        ("call", "satisfied", "issued"),
        ("call", "superseded", "issued"),
        ("commitment", "outcome_reported", "announced"),
        ("commitment", "withdrawn", "outcome_reported"),
        ("commitment", "repeated", "announced"),
        ("request", "drafted", "sent"),
        ("request", "sent", "reflected_in_output"),
        ("request", "no_reply_by_deadline", "answered_full"),
        ("request", "approved", "answered_full"),
    ],
)
def test_what_is_skipped_or_goes_backwards_is_no_step(kind: str, before: str, after: str) -> None:
    assert not step_allowed(kind, before, after)
    with pytest.raises(WrongUsage, match="cannot become"):
        missing(kind, before, after, ())


def test_a_promise_becomes_a_legal_step_only_by_authority_and_number() -> None:
    assert missing("commitment", "announced", "legal_step_evidenced", ("because",)) == (
        "the authority, and a number or a published notice",
    )
    assert missing("commitment", "announced", "legal_step_evidenced", ("because", "legal_step")) == ()


def test_what_steps_need() -> None:
    assert missing("request", "approved", "sent", ("text",))
    assert missing("request", "sent", "no_reply_by_deadline", ()) == ("a deadline that has passed",)
    assert missing("call", "issued", "acknowledged", ("because", "evidence")) == ()
    assert CALL.step("approved", "issued") is not None
    assert COMMITMENT.step("announced", "issued") is None
    assert REQUEST.after("late_reply")[-1] == "reflected_in_output"


def test_other_things_have_no_life() -> None:
    with pytest.raises(WrongUsage, match="no life"):
        lifecycle("finding")


def test_the_checklist_asks_every_question_and_unknown_is_the_rule() -> None:
    case = sides("commitments:\n- {id: CM1, by: AA, what: an inquiry, announced: 2024-01-10}\n")
    commitment = case.all(Commitment)[0]
    found = checklist(case, commitment)
    fields = set(Investigation.model_fields) - {"evidence", "unquoted"}
    assert {each.criterion for each in found} == set(QUESTIONS) == fields
    assert {each.answer for each in found} == {"unknown"}


def test_an_answer_without_evidence_counts_as_unknown_and_says_so() -> None:
    case = sides(
        "commitments:\n- {id: CM1, by: AA, what: an inquiry, announced: 2024-01-10, investigation: "
        "{prompt: 'yes', thorough: 'no', independent: 'no', evidence: {thorough: FF1, independent: FF9}}}\n"
    )
    found = {each.criterion: each for each in checklist(case, case.all(Commitment)[0])}
    assert (found["prompt"].answer, found["prompt"].given) == ("unknown", "yes")
    assert "without evidence" in found["prompt"].remark
    assert (found["thorough"].answer, found["thorough"].remark) == ("no", "")
    assert found["independent"].answer == "unknown"
    assert "not in the case" in found["independent"].remark

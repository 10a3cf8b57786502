"""Template texts: one for all addressees, no source and no picture, the same for each party."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engines.method.cases import SIDES, case_of, gold, sides
from videtur.engines.method.entities.case import VerificationState
from videtur.engines.method.entities.footage import Count
from videtur.engines.method.letters import call_text, count_text, listed, request_text, sentence_of_state
from videtur.errors import WrongUsage

REQUEST = """\
sources:
- {id: SO1, kind: interview, description: a neighbour at the yard, private_name: Somebody}
requests_for_comment:
- {id: R1, by: NN, to: AA (ministry), allegation: AL1, status: drafted, source: SO1, time_zone: Europe/Kyiv,
   deadline: 2024-01-12T10:00:00+02:00}
- {id: R2, by: NN, to: BB (ministry), allegation: AL2, status: drafted, source: SO1, time_zone: Europe/Kyiv,
   deadline: 2024-01-12T10:00:00+02:00}
"""


def test_the_sentence_of_the_gold_case_is_the_one_it_gives() -> None:
    state = gold().one(VerificationState)
    assert state is not None
    assert sentence_of_state(gold()) == state.sentence


def test_the_sentence_says_how_far_it_came() -> None:
    assert sentence_of_state(sides()).startswith("As of 10 March 2024 the material had been received")
    without_a_day = case_of(SIDES.replace("as_of: 2024-03-10\n", ""))
    assert sentence_of_state(without_a_day).startswith("The material had been received")


def test_a_call_is_one_text_for_all_addressees() -> None:
    text = call_text(gold(), "C1")
    assert "Russian Federation and Ukraine" in text
    assert "- full investigation of allegations" in text
    assert "It is no finding about any of them." in text


def test_a_request_gives_enough_to_answer_and_no_source() -> None:
    case = sides(REQUEST)
    text = request_text(case, "R1")
    assert text.startswith("To: State A")
    assert "Something appears to have been done to apparent captives" in text
    assert "2024-01-12T10:00:00+02:00 (Europe/Kyiv)" in text
    assert "alleged" in text
    for hidden in ("SO1", "neighbour", "Somebody", "interview", "FF1"):
        assert hidden not in text


def test_both_sides_get_the_same_letter_but_for_names_and_matter() -> None:
    case = sides(REQUEST)
    first, second = request_text(case, "R1"), request_text(case, "R2")
    swapped = first.replace("State A", "State B").replace("to apparent captives", "to other captives")
    assert swapped == second


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (Count(min=2, basis="stated_by_source"), "at least two"),
        (Count(max=2, basis="stated_by_source"), "up to two"),
        (Count(min=2, max=2, basis="stated_by_source"), "two (counted)"),
        (Count(min=2, max=14, basis="stated_by_source"), "between two and 14"),
    ],
)
def test_counts_in_words(count: Count, text: str) -> None:
    assert count_text(count) == text


@given(st.integers(0, 10**6))
def test_a_least_number_is_never_exact(least: int) -> None:
    assert count_text(Count(min=least, basis="estimated")).startswith("at least ")


def test_lists_in_words() -> None:
    assert [listed(names) for names in ([], ["A"], ["A", "B"], ["A", "B", "C"])] == [
        "",
        "A",
        "A and B",
        "A, B and C",
    ]


def test_what_is_not_there_has_no_letter() -> None:
    with pytest.raises(WrongUsage):
        call_text(gold(), "C9")
    with pytest.raises(WrongUsage):
        request_text(gold(), "C1")

"""The swap test: two parties exchanged, and nothing changes but the names."""

from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engines.method.cases import GOLD, SIDES, case_of, gold, sides
from tests.engines.method.generated import Plan, plans
from tests.engines.method.generated_case import build
from videtur.engines.method import letters
from videtur.engines.method.accountability import board
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.case_file.writing import write_case
from videtur.engines.method.entities.accountability import Call, Commitment, FollowUp
from videtur.engines.method.entities.case import Allegation
from videtur.engines.method.swap import differences, swap
from videtur.errors import WrongUsage

NOW = datetime.fromisoformat("2024-03-10T12:00:00+00:00")
few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def pair(case: CaseFile) -> tuple[str, str]:
    first, second, *_ = [party.id for party in case.parties if party.in_conflict]
    return first, second


def test_the_gold_case_does_not_depend_on_who_is_who() -> None:
    assert differences(gold(), "UA", "RU", NOW) == ()


def test_fields_and_texts_are_exchanged() -> None:
    case = swap(gold(), "UA", "RU")
    allegation, call, follow_up = case.get(Allegation, "AL1"), case.get(Call, "C1"), case.get(FollowUp, "FU7")
    assert allegation is not None
    assert (allegation.against, allegation.alleged_victims_side) == ("RU", "UA")
    assert allegation.text.startswith("Apparent soldiers of RU shot apparent prisoners of war of UA")
    assert call is not None
    assert call.to == ("UA", "RU")
    assert set(call.status) == {"UA", "RU"}
    assert follow_up is not None
    assert "under RU investigation" in follow_up.fact
    assert {party.id: party.name for party in case.parties}["RU"] == "Russian Federation"


def test_dates_codes_in_words_and_other_parties_are_left_alone() -> None:
    case = sides(
        "statements:\n- {id: S1, speaker: Head, body: MM, kind: call, date: 2024-01-01, gist: AAB of AA}\n"
    )
    found = write_case(swap(case, "AA", "BB"))
    assert "gist: AAB of BB" in found
    assert "date: 2024-01-01" in found
    assert "body: MM" in found


def test_the_exchanged_case_reads_without_a_problem() -> None:
    assert case_of(write_case(swap(gold(), "UA", "RU"))) == swap(gold(), "UA", "RU")


@few
@given(plans(), st.booleans())
def test_twice_exchanged_is_the_same(plan: Plan, turned: bool) -> None:
    case = build(plan)
    a, b = pair(case)[::-1] if turned else pair(case)
    assert swap(swap(case, a, b), a, b) == case
    assert swap(case, a, b) == swap(case, b, a)


@few
@given(plans())
def test_no_case_depends_on_who_is_who(plan: Plan) -> None:
    case = build(plan)
    assert differences(case, *pair(case), NOW) == ()


@pytest.mark.parametrize(("a", "b"), [("UA", "UA"), ("UA", "XX"), ("AL1", "UA")])
def test_only_two_parties_are_exchanged(a: str, b: str) -> None:
    with pytest.raises(WrongUsage, match="not two parties"):
        swap(gold(), a, b)


def test_names_of_which_one_holds_the_other_are_refused() -> None:
    text = SIDES.replace("State A", "Free State B")
    with pytest.raises(WrongUsage, match="stands inside"):
        swap(case_of(text), "AA", "BB")


def test_a_text_that_favours_one_party_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test must be able to fail: a template that is kinder to one party is a difference."""
    plain = letters.name_of

    def kinder(case: CaseFile, party: str) -> str:
        return plain(case, party) + (" (our friends)" if party == "UA" else "")

    monkeypatch.setattr(letters, "name_of", kinder)
    found = {each.where for each in differences(gold(), "UA", "RU", NOW)}
    assert {"texts.C1 to UA", "texts.C1 to RU", "texts.RFC2"} <= found


def test_a_rule_that_looks_at_the_party_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = board.contradictions

    def blind_to_one(case: CaseFile, commitment: Commitment, on: date) -> tuple[str, ...]:
        return () if commitment.by == "RU" else plain(case, commitment, on)

    monkeypatch.setattr(board, "contradictions", blind_to_one)
    found = differences(case_of(GOLD), "UA", "RU", NOW)
    assert any("flags" in each.where for each in found)
    assert all(each.explain() for each in found)

"""Blind double review: who sees what when, who may not review, and what an arbiter decides."""

import pytest

from tests.method_case import ASPECTS, Crew, bridge, review_twice, workers
from videtur.cases.access import case_file_for, history_of, visible_entities
from videtur.cases.case_file import case_file_of
from videtur.cases.entities import ForbiddenState
from videtur.cases.saving import save
from videtur.cases.services import assign, declare_conflict_of_interest
from videtur.engines.method.entities.case import Allegation
from videtur.engines.method.entities.footage import FootageFamily, Observation, PlaceClaim
from videtur.engines.method.entities.verification import Arbitration, Review
from videtur.errors import NotPermitted, WrongUsage
from videtur.footage.family_steps import set_aspect
from videtur.ledger.services import size
from videtur.people.models import User
from videtur.verification.disagreement import dissents
from videtur.verification.queries import blind_view, reviews_visible_to
from videtur.verification.services import arbitrate, begin_review, submit_review, withdraw_review

pytestmark = pytest.mark.django_db


def family_of(crew: Crew) -> FootageFamily:
    found = case_file_of(crew.case).get(FootageFamily, "FF1")
    assert found is not None
    return found


def review_in(user: User, crew: Crew, role: str, **aspects: str) -> Review:
    begun = begin_review(user, crew.case, "FF1", role)
    return submit_review(user, crew.case, begun.id, aspects or ASPECTS, "Looked at it")


def test_the_second_analyst_sees_no_first_review_no_caption_and_no_claimed_party_until_it_is_in() -> None:
    crew = bridge()
    people = workers(crew)
    review_in(people.first, crew, "analyst_1")
    for shown in (case_file_for(people.second, crew.case), blind_view(people.second, crew.case, "FF1")):
        family = shown.get(FootageFamily, "FF1")
        assert family is not None
        assert family.claimed_setting is None
        assert not family.aspects
        assert not shown.all(Review)
        assert shown.get(Allegation, "AL1") is None
        assert shown.get(PlaceClaim, "PC1") is None
        seen = shown.get(Observation, "O1")
        assert seen is not None
        assert seen.indicator_claim is None
    assert reviews_visible_to(people.second, crew.case, "FF1") == {}
    assert visible_entities(people.second, crew.case, Review) == []
    (row,) = [
        row for row in visible_entities(people.second, crew.case, FootageFamily) if row.reference == "FF1"
    ]
    assert "claimed_setting" not in row.content
    assert all("claimed_setting" not in old.content for old in history_of(people.second, crew.case, "FF1"))

    mine = review_in(people.second, crew, "analyst_2")
    assert (mine.blind, mine.saw_before) == (True, ())
    assert len(reviews_visible_to(people.second, crew.case, "FF1")) == 2
    assert case_file_for(people.second, crew.case).get(Allegation, "AL1") is not None


def test_the_blind_view_is_blind_for_who_sees_all() -> None:
    crew = bridge()
    people = workers(crew)
    review_in(people.first, crew, "analyst_1")
    assert len(reviews_visible_to(people.lead, crew.case, "FF1")) == 1
    shown = blind_view(people.lead, crew.case, "FF1")
    assert not shown.all(Review)
    assert shown.get(Allegation, "AL1") is None


def test_a_first_analyst_who_comes_later_does_not_see_the_second_review() -> None:
    crew = bridge()
    people = workers(crew)
    review_in(people.second, crew, "analyst_2")
    assert reviews_visible_to(people.first, crew.case, "FF1") == {}
    assert case_file_for(people.first, crew.case).get(Allegation, "AL1") is not None


def test_who_saw_the_first_review_before_is_recorded_as_not_blind() -> None:
    crew = bridge()
    people = workers(crew)
    review_in(people.first, crew, "analyst_1")
    knows = crew.member("knows", "analyst_2", "auditor")
    assert len(reviews_visible_to(knows, crew.case, "FF1")) == 1
    begun = begin_review(knows, crew.case, "FF1", "analyst_2")
    assert not begun.blind
    assert begun.saw_before == ("first_review", "uploader_caption", "claimed_party")
    assert list(reviews_visible_to(knows, crew.case, "FF1")) == [begun.id], (
        "from here on it is kept from them"
    )


def test_who_was_assigned_before_the_first_review_came_in_is_blind() -> None:
    crew = bridge()
    people = workers(crew)
    knows = crew.member("knows", "analyst_2", "auditor")
    assign(people.lead, crew.case, knows, "analyst_2", "FF1")
    review_in(people.first, crew, "analyst_1")
    assert reviews_visible_to(knows, crew.case, "FF1") == {}
    assert case_file_for(knows, crew.case).get(Allegation, "AL1") is None


def test_one_person_is_not_both_analysts_or_analyst_and_arbiter() -> None:
    crew = bridge()
    workers(crew)
    both = crew.member("both", "analyst_1", "analyst_2", "arbiter")
    lead = crew.member("chief", "case_lead")
    review_in(both, crew, "analyst_1")
    before = size()
    with pytest.raises(ForbiddenState) as refused:
        begin_review(both, crew.case, "FF1", "analyst_2")
    assert [each.rule for each in refused.value.violations] == ["F04"]
    with pytest.raises(ForbiddenState):
        assign(lead, crew.case, both, "analyst_2", "FF1")
    with pytest.raises(ForbiddenState):
        arbitrate(both, crew.case, "FF1", ("RV1", "RV2"), {}, "x")
    assert size() == before
    assert begin_review(both, crew.case, "FF2", "analyst_2").role == "analyst_2", "on another thing they may"


def test_a_declared_conflict_of_interest_bars() -> None:
    crew = bridge()
    people = workers(crew)
    declare_conflict_of_interest(people.first, crew.case, "FF1", "A relative is in it")
    with pytest.raises(ForbiddenState) as refused:
        begin_review(people.first, crew.case, "FF1", "analyst_1")
    assert "conflict of interest" in refused.value.explain()


def test_a_role_is_needed_and_a_review_is_ones_own() -> None:
    crew = bridge()
    people = workers(crew)
    with pytest.raises(NotPermitted):
        begin_review(people.first, crew.case, "FF1", "analyst_2")
    begun = begin_review(people.first, crew.case, "FF1", "analyst_1")
    assert begin_review(people.first, crew.case, "FF1", "analyst_1") == begun, "begun once"
    with pytest.raises(WrongUsage, match="no review"):
        submit_review(people.second, crew.case, begun.id, ASPECTS, "mine now")
    with pytest.raises(NotPermitted, match="another person"):
        withdraw_review(people.lead, crew.case, begun.id, "away with it")
    submit_review(people.first, crew.case, begun.id, ASPECTS, "Looked at it")
    with pytest.raises(WrongUsage, match="in already"):
        submit_review(people.first, crew.case, begun.id, ASPECTS, "again")


def test_reviews_a_step_apart_give_the_weaker_and_further_apart_go_to_an_arbiter() -> None:
    crew = bridge()
    people = workers(crew)
    review_in(people.first, crew, "analyst_1", date="established", location="probable")
    assert family_of(crew).aspect("date") == "in_progress", "one review settles nothing"
    review_in(people.second, crew, "analyst_2", date="probable", location="contradicted")
    assert family_of(crew).aspect("date") == "probable"
    assert family_of(crew).aspect("location") == "in_progress"
    (dissent,) = dissents(case_file_of(crew.case), "FF1")
    assert (dissent.aspect, dissent.said) == ("location", ("probable", "contradicted"))

    judge = crew.member("judge", "arbiter")
    with pytest.raises(WrongUsage) as left:
        arbitrate(judge, crew.case, "FF1", dissent.between, {"date": "established"}, "x")
    assert "location" in left.value.explain()
    before = size()
    arbitrate(
        judge,
        crew.case,
        "FF1",
        dissent.between,
        {"location": "indeterminate"},
        "The wall fits, the road does not",
    )
    assert size() == before + 1
    assert family_of(crew).aspect("location") == "indeterminate"
    case = case_file_of(crew.case)
    assert not dissents(case, "FF1")
    assert len(case.all(Review)) == 2, "both stay"
    assert len(case.all(Arbitration)) == 1
    with pytest.raises(WrongUsage, match="no arbiter"):
        arbitrate(judge, crew.case, "FF1", dissent.between, {"location": "probable"}, "again")


def test_a_withdrawn_review_takes_its_aspects_back() -> None:
    crew = bridge()
    people = workers(crew)
    _, second = review_twice(crew, people, "FF1")
    withdraw_review(people.second, crew.case, second, "The wrong film")
    assert family_of(crew).aspect("date") == "in_progress"
    again = begin_review(people.second, crew.case, "FF1", "analyst_2")
    assert again.id != second


def test_a_blind_reviewer_writes_over_nothing_that_is_kept_from_them() -> None:
    crew = bridge()
    people = workers(crew)
    shown = case_file_for(people.second, crew.case).get(FootageFamily, "FF1")
    assert shown is not None
    before = size()
    with pytest.raises(NotPermitted, match="kept from you"):
        save(people.second, crew.case, shown)
    with pytest.raises(NotPermitted, match="kept from you"):
        set_aspect(people.second, crew.case, "FF1", "date", "probable", "By the shadow")
    hidden = {"id": "AL1", "text": "Something else", "against": "AA"}
    with pytest.raises(NotPermitted, match="kept from you"):
        save(people.second, crew.case, Allegation.model_validate(hidden))
    assert size() == before
    assert family_of(crew).claimed_setting is not None

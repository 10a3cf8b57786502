"""The demo's case and its people: the file is one that is accepted, and nobody judges their own work."""

from itertools import combinations

import pytest

from scripts.sample_case.build import CASE, CASE_FILE
from scripts.sample_case.method import REVIEWS
from scripts.sample_case.people import PEOPLE
from scripts.walkthrough import SHOTS
from videtur.cases.roles import EXCLUSIVE_ON_ONE_ITEM, ROLES
from videtur.cases.slugs import slug_of
from videtur.engines.method import vocabulary
from videtur.engines.method.case_file.reading import read_case
from videtur.engines.method.check import check
from videtur.engines.method.entities.case import Allegation, SymmetryGroup


def test_the_case_file_is_accepted_and_is_known_by_the_name_that_the_demo_uses() -> None:
    reading = read_case(CASE_FILE.read_text(encoding="utf-8"))
    assert reading.problems == ()
    assert check(reading).violations == ()
    assert slug_of(reading.case.id) == CASE


def test_every_task_has_one_person_and_no_two_tasks_that_exclude_each_other_share_one() -> None:
    roles = {person.role: person.username for person in PEOPLE}
    assert len(roles) == len(PEOPLE)
    assert set(roles) <= set(ROLES)
    for first, second in EXCLUSIVE_ON_ONE_ITEM:
        assert roles[first] != roles[second]


def test_both_sides_footage_is_reviewed_twice() -> None:
    case = read_case(CASE_FILE.read_text(encoding="utf-8")).case
    sides = [case.get(Allegation, name) for group in case.all(SymmetryGroup) for name in group.allegations]
    assert {each.against for each in sides if each} == {"RU", "UA"}
    assert {family for each in sides if each for family in each.footage} == set(REVIEWS)


@pytest.mark.parametrize("family", sorted(REVIEWS))
def test_reviews_use_words_of_the_vocabulary_and_establish_nothing_together(family: str) -> None:
    aspects, statuses = vocabulary.words("aspects"), vocabulary.words("aspect_status")
    for judged, reason in REVIEWS[family]:
        assert set(judged) <= set(aspects)
        assert set(judged.values()) <= set(statuses)
        assert reason
    first, second = (set(judged.items()) for judged, _ in REVIEWS[family])
    assert not {aspect for aspect, status in first & second if status == "established"}


def test_pictures_are_told_apart_and_taken_by_people_of_the_demo() -> None:
    assert all(first.name != second.name for first, second in combinations(SHOTS, 2))
    assert {shot.person for shot in SHOTS} <= set(PEOPLE)

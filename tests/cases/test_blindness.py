"""A blind second reviewer of footage meets no word of who is accused, until the review is in."""

import re

import pytest

from scripts.sample_case.build import CASE_FILE
from videtur.cases.blindness import Reader, for_reader, unclaimed_footage
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.case_file.reading import read_case
from videtur.engines.method.entities.accountability import Call, Commitment, FollowUp, Statement
from videtur.engines.method.entities.case import Allegation, OpenQuestions, Party, VerificationState
from videtur.engines.method.entities.footage import DistanceCheck, FootageFamily, PlaceClaim
from videtur.engines.method.entities.verification import Finding, LaterClaim, Review

SECOND = Reader("user:second", frozenset({"analyst_2"}))


@pytest.fixture
def gold() -> CaseFile:
    case = read_case(CASE_FILE.read_text(encoding="utf-8")).case
    first = Review.model_validate(
        {"id": "RV1", "of": "FF1", "role": "analyst_1", "by": "user:first", "aspects": {"event": "probable"}}
        | {"submitted": "2022-03-29T10:00:00+00:00"}
    )
    return case.with_entity(first)


def test_no_party_is_tied_to_the_footage(gold: CaseFile) -> None:
    seen = for_reader(gold, SECOND)
    for kind in (Statement, Call, Commitment, FollowUp, LaterClaim, Review):
        assert seen.all(kind) == (), kind
    assert "AL1" not in seen.named(Allegation)
    family = seen.get(FootageFamily, "FF1")
    assert family is not None
    assert family.claimed_setting is None
    # What names both sides of a border, or both sides' videos, accuses nobody.
    neutral = (Party, OpenQuestions, VerificationState, DistanceCheck, PlaceClaim, Allegation)
    told = [each for each in seen.placed if not isinstance(each.entity, neutral)]
    named = [each.reference for each in told if re.search(r"\b(RU|UA)\b", str(each.entity.as_json()))]
    assert named == []


def test_after_the_review_all_is_there(gold: CaseFile) -> None:
    own = Review.model_validate(
        {"id": "RV2", "of": "FF1", "role": "analyst_2", "by": "user:second", "aspects": {"event": "probable"}}
        | {"submitted": "2022-03-30T10:00:00+00:00"}
    )
    whole = gold.with_entity(own)
    assert for_reader(whole, SECOND) == whole


def test_a_place_kept_for_footage_not_yet_seen_blinds_nobody(gold: CaseFile) -> None:
    assert for_reader(gold.without("FF1").without("RV1"), SECOND).all(Statement)


def test_the_second_review_of_a_finding_keeps_who_is_accused_too(gold: CaseFile) -> None:
    """Also from who has reviewed its footage: the page of the review says that it is kept."""
    own = Review.model_validate(
        {"id": "RV2", "of": "FF1", "role": "analyst_2", "by": "user:second", "aspects": {"event": "probable"}}
        | {"submitted": "2022-03-30T10:00:00+00:00"}
    )
    drafted = Finding(
        id="F-1", allegation="AL1", text="Apparent captives were shot", standard="none", footage=("FF1",)
    )
    case = gold.with_entity(own).with_entity(drafted)
    seen = for_reader(case, SECOND)
    assert "F-1" in seen.named(Finding)
    assert "AL1" not in seen.named(Allegation)
    assert seen.all(Statement) == ()
    assert unclaimed_footage(case, SECOND) == {"FF1"}
    rejected = drafted.model_validate({**drafted.as_json(), "status": "rejected", "because": "Not shown"})
    assert "AL1" in for_reader(case.with_entity(rejected), SECOND).named(Allegation)

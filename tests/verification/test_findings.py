"""A finding reaches its standard through the gate, and falls when the gate no longer holds."""

import pytest

from tests.method_case import ASPECTS, approved_finding, bridge, finding_up_to_its_gate, review_twice, workers
from videtur.cases.case_file import case_file_of
from videtur.cases.entities import ForbiddenState, put
from videtur.cases.saving import save
from videtur.engines.method.entities.accountability import Correction
from videtur.engines.method.entities.case import Allegation
from videtur.engines.method.entities.evidence import Item
from videtur.engines.method.entities.footage import FootageFamily
from videtur.engines.method.entities.publication import Release
from videtur.engines.method.entities.verification import Conflict, Finding, Review
from videtur.engines.method.footage_status import footage_status
from videtur.errors import NotPermitted, WrongUsage
from videtur.evidence.item_steps import record_fixity
from videtur.ledger.services import size
from videtur.publication.release_steps import approve_release, draft_release, sign_as_protection_officer
from videtur.verification.services import (
    approve_finding,
    settle_conflict,
    sign_as_legal_reviewer,
    withdraw_finding,
    withdraw_review,
)

pytestmark = pytest.mark.django_db


def test_a_finding_is_refused_with_each_condition_until_all_are_met() -> None:
    crew = bridge()
    people = workers(crew)
    finding = Finding.model_validate(
        {
            "id": "FD1",
            "allegation": "AL1",
            "text": "x",
            "standard": "reasonable_grounds_to_believe",
            "footage": ["FF1"],
        }
    )
    save(people.lead, crew.case, finding)
    before = size()
    with pytest.raises(ForbiddenState) as refused:
        approve_finding(people.approver, crew.case, "FD1")
    assert len(refused.value.violations) > 3
    assert all(each.remedy for each in refused.value.violations)
    assert size() == before
    assert case_file_of(crew.case).get(Finding, "FD1") == finding


def test_a_finding_is_approved_in_one_entry_and_raises_the_standard_of_its_allegation() -> None:
    crew = bridge()
    people = workers(crew)
    finding_up_to_its_gate(crew, people)
    before = size()
    approved = approve_finding(people.approver, crew.case, "FD1")
    assert size() == before + 1
    assert (approved.status, approved.approver) == ("approved", people.approver.actor)
    case = case_file_of(crew.case)
    allegation = case.get(Allegation, "AL1")
    assert allegation is not None
    assert allegation.standard == "reasonable_grounds_to_believe"
    assert footage_status(case, "FF1") == "verified"


def test_nobody_approves_without_the_role_or_over_their_own_work() -> None:
    crew = bridge()
    people = workers(crew)
    finding_up_to_its_gate(crew, people)
    with pytest.raises(NotPermitted) as refused:
        approve_finding(people.lead, crew.case, "FD1")
    assert "publication approver" in refused.value.explain()
    both = crew.member("both", "publication_approver", "legal_reviewer")
    sign_as_legal_reviewer(both, crew.case, "FD1")
    with pytest.raises(ForbiddenState) as barred:
        approve_finding(both, crew.case, "FD1")
    assert [each.rule for each in barred.value.violations] == ["F04"]


def test_a_withdrawn_review_brings_the_finding_down_and_flags_what_left_the_house() -> None:
    crew = bridge()
    people = workers(crew)
    approved_finding(crew, people)
    guard = crew.member("guard", "protection_officer")
    release = Release.model_validate(
        {
            "id": "RL1",
            "title": "A report",
            "findings": ["FD1"],
            "names_parties": ["AA"],
            "comment_not_sought_because": "Asking would put the prisoners at risk",
        }
    )
    draft_release(people.lead, crew.case, release)
    sign_as_protection_officer(guard, crew.case, "RL1")
    approve_release(people.approver, crew.case, "RL1")
    mine = next(
        review
        for review in case_file_of(crew.case).all(Review)
        if review.of == "FD1" and review.role == "analyst_2"
    )
    before = size()
    withdraw_review(people.second, crew.case, mine.id, "I had mixed it up")
    assert size() == before + 1, "all of it is one entry"
    case = case_file_of(crew.case)
    finding, flagged, allegation = (
        case.get(Finding, "FD1"),
        case.get(Release, "RL1"),
        case.get(Allegation, "AL1"),
    )
    assert finding is not None
    assert (finding.status, bool(finding.because)) == ("under_review", True)
    assert flagged is not None
    assert flagged.status == "flagged"
    assert allegation is not None
    assert allegation.standard == "none"
    (task,) = case.all(Correction)
    assert (task.release, task.finding, task.closed) == ("RL1", "FD1", None)
    assert task.opened


def test_a_new_material_conflict_brings_the_finding_down() -> None:
    crew = bridge()
    people = workers(crew)
    approved_finding(crew, people)
    conflict = Conflict.model_validate(
        {"id": "X1", "kind": "fact", "between": ["FF1", "SR"], "status": "open"}
    )
    save(people.lead, crew.case, conflict)
    finding = case_file_of(crew.case).get(Finding, "FD1")
    assert finding is not None
    assert finding.status == "under_review"
    settle_conflict(people.first, crew.case, "X1", "resolved", "The register was read wrongly")
    assert approve_finding(people.approver, crew.case, "FD1").status == "approved"


def test_a_finding_that_is_taken_back_takes_its_standard_with_it() -> None:
    crew = bridge()
    people = workers(crew)
    approved_finding(crew, people)
    withdraw_finding(people.lead, crew.case, "FD1", "It was about another day")
    allegation = case_file_of(crew.case).get(Allegation, "AL1")
    assert allegation is not None
    assert allegation.standard == "none"


def test_the_steps_of_a_finding_cannot_be_written_by_hand() -> None:
    crew = bridge()
    people = workers(crew)
    given = {"id": "FD9", "allegation": "AL1", "text": "x", "standard": "reasonable_grounds_to_suspect"}
    for field, value in (("status", "approved"), ("approver", "user:x"), ("legal_reviewer", "user:x")):
        with pytest.raises(WrongUsage, match="not written by hand"):
            save(people.lead, crew.case, Finding.model_validate({**given, field: value}))
    family = case_file_of(crew.case).get(FootageFamily, "FF1")
    assert family is not None
    raised = FootageFamily.model_validate({**family.as_json(), "aspects": ASPECTS})
    with pytest.raises(WrongUsage, match="aspects"):
        save(people.lead, crew.case, raised)


def test_aspects_follow_two_reviews_that_agree() -> None:
    crew = bridge()
    people = workers(crew)
    review_twice(crew, people, "FF1")
    family = case_file_of(crew.case).get(FootageFamily, "FF1")
    assert family is not None
    assert {name: family.aspect(name) for name in ASPECTS} == ASPECTS


def test_bytes_that_changed_are_recorded_and_bring_the_finding_down() -> None:
    crew = bridge()
    people = workers(crew)
    digest, at = "a" * 64, "2022-05-01T00:00:00Z"
    item = {"id": "I1", "sha256": digest, "ledger_index": 1, "footage": "FF1", "received": at}
    checked = {**item, "fixity": [{"checked_at": at, "sha256": digest}]}
    put("system:test", crew.case, "evidence.item.added", Item.model_validate(checked))
    approved_finding(crew, people)
    before = size()
    record_fixity("system:test", crew.case, "I1", digest)
    finding = case_file_of(crew.case).get(Finding, "FD1")
    assert finding is not None
    assert finding.status == "approved", "a sound check changes nothing"
    record_fixity("system:test", crew.case, "I1", "b" * 64)
    assert size() == before + 2
    finding = case_file_of(crew.case).get(Finding, "FD1")
    assert finding is not None
    assert finding.status == "under_review"

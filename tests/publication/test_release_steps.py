"""A release takes the protection officer, an approver who judged nothing in it, and then leaves."""

import pytest

from tests.method_case import Crew, Workers, approved_finding, bridge, workers
from videtur.cases.case_file import case_file_of
from videtur.cases.entities import ForbiddenState
from videtur.engines.method.entities.accountability import Correction
from videtur.engines.method.entities.publication import Release
from videtur.errors import NotPermitted, WrongUsage
from videtur.publication.release_steps import (
    approve_release,
    draft_release,
    release,
    sign_as_protection_officer,
    withdraw_release,
)
from videtur.verification.services import sign_as_legal_reviewer

pytestmark = pytest.mark.django_db


def drafted() -> tuple[Crew, Workers]:
    crew = bridge()
    people = workers(crew)
    approved_finding(crew, people)
    given = {
        "id": "RL1", "title": "A report", "findings": ["FD1"], "names_parties": ["AA"],
        "comment_not_sought_because": "Asking would put the prisoners at risk",
    }  # fmt: skip
    draft_release(people.lead, crew.case, Release.model_validate(given))
    return crew, people


def test_a_release_goes_its_way() -> None:
    crew, people = drafted()
    with pytest.raises(WrongUsage) as early:
        approve_release(people.approver, crew.case, "RL1")
    assert "protection officer" in early.value.explain()
    sign_as_protection_officer(crew.member("guard", "protection_officer"), crew.case, "RL1")
    with pytest.raises(NotPermitted):
        approve_release(people.lead, crew.case, "RL1")
    with pytest.raises(WrongUsage):
        release(people.lead, crew.case, "RL1")
    approve_release(people.approver, crew.case, "RL1")
    out = release(people.lead, crew.case, "RL1")
    assert (out.status, bool(out.at)) == ("released", True)
    withdraw_release(people.lead, crew.case, "RL1", "A face was seen")
    (task,) = case_file_of(crew.case).all(Correction)
    assert task.because == "A face was seen"


def test_nobody_approves_the_release_of_what_they_judged() -> None:
    crew, _ = drafted()
    sign_as_protection_officer(crew.member("guard", "protection_officer"), crew.case, "RL1")
    judged = crew.member("judged", "publication_approver", "legal_reviewer")
    sign_as_legal_reviewer(judged, crew.case, "FD1")
    with pytest.raises(ForbiddenState) as refused:
        approve_release(judged, crew.case, "RL1")
    assert refused.value.violations[0].rule == "F04"

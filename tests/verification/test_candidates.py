"""Candidates of law from what is observed: gaps stay in view, and a mapping needs a lawyer."""

import pytest

from tests.method_case import BRIDGE, GOLD, approved_finding, bridge, read_well, workers
from videtur.cases.entities import ForbiddenState
from videtur.engines.law.candidates import FOR_COURTS
from videtur.engines.method.entities.verification import NeededFact, ProvisionMapping
from videtur.errors import NotPermitted, WrongUsage
from videtur.verification.queries import candidates_of
from videtur.verification.services import decide_mapping, map_provision


def test_the_gold_case_gives_candidates_with_gaps_on_the_day_of_the_recording() -> None:
    case = read_well(GOLD).case
    for subject in ("FF1", "AL1"):
        found = candidates_of(case, subject)
        assert "GC3-13" in {each.provision.id for each in found}
        assert all(FOR_COURTS in each.gaps for each in found if each.map_id == "M1"), "intent is never met"
        for each in found:
            assert [status.party for status in each.party_status] == ["RU", "UA"], "in alphabetical order"
            assert {status.on.isoformat() for status in each.party_status} == {"2022-03-27"}
            assert set(each.because) <= case.references
            assert all(need.met == "unknown" for need in each.needs if need.need == FOR_COURTS)


def test_only_footage_allegations_and_findings_have_candidates() -> None:
    with pytest.raises(WrongUsage):
        candidates_of(read_well(BRIDGE).case, "SF")


@pytest.mark.django_db
def test_a_mapping_passes_by_a_legal_reviewer_with_every_need_shown_and_a_finding_under_it() -> None:
    crew = bridge()
    people = workers(crew)
    needs = (NeededFact(need="captive status", met="yes", evidence=("SR",)), NeededFact(need="seen act"))
    early = ProvisionMapping(
        id="PM1", provision="GC3-13", of="AL1", status="legal_review_passed", needs=needs
    )
    assert map_provision(people.lead, crew.case, early).status == "candidate", "whatever the caller says"
    with pytest.raises(NotPermitted):
        decide_mapping(people.lead, crew.case, "PM1", "legal_review_passed", "I think so")
    with pytest.raises(ForbiddenState) as refused:
        decide_mapping(people.legal, crew.case, "PM1", "legal_review_passed", "I think so")
    assert len(refused.value.violations) == 2
    assert (
        decide_mapping(people.legal, crew.case, "PM1", "rejected", "The act is not seen").status == "rejected"
    )

    approved_finding(crew, people)
    shown = ProvisionMapping(id="PM2", provision="GC3-13", of="FD1", needs=needs[:1])
    map_provision(people.lead, crew.case, shown)
    passed = decide_mapping(people.legal, crew.case, "PM2", "legal_review_passed", "Each need is shown")
    assert (passed.by, passed.status) == (people.legal.actor, "legal_review_passed")

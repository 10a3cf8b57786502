"""Levels of access hold in the query: what is closed to a person is not there for them, by any way."""

import pytest

from tests.method_case import Crew, bridge
from videtur.cases.access import (
    case_file_for,
    clearance_of,
    get_visible,
    history_of,
    row_of,
    visible_entities,
)
from videtur.cases.case_file import case_file_of
from videtur.cases.entities import ForbiddenState, put
from videtur.cases.roles import ROLES
from videtur.cases.saving import save
from videtur.engines.method.entities.evidence import Item, Source
from videtur.engines.method.entities.footage import FootageFamily
from videtur.engines.method.entities.publication import ExposureLog
from videtur.errors import NotPermitted, WrongUsage
from videtur.evidence.item_steps import describe_item
from videtur.ledger.services import size

pytestmark = pytest.mark.django_db
ACTOR = "system:test"


def sealed_source(crew: Crew) -> None:
    source = Source.model_validate(
        {"id": "SX", "kind": "interview", "access": "sealed", "private_name": "N. N."}
    )
    put(ACTOR, crew.case, "evidence.source.added", source)


def test_levels_by_role() -> None:
    crew = bridge()
    opened = {role: clearance_of(crew.member(role, role), crew.case) for role in ROLES}
    assert {role for role, levels in opened.items() if "sealed" in levels} == {
        "case_lead",
        "legal_reviewer",
        "protection_officer",
    }
    assert {role for role, levels in opened.items() if "restricted" not in levels} == {"welfare_officer"}
    assert clearance_of(crew.member("nobody"), crew.case) == frozenset()


def test_what_is_closed_is_not_there_by_name_by_kind_or_by_history() -> None:
    crew = bridge()
    sealed_source(crew)
    lead, auditor = crew.member("lead", "case_lead"), crew.member("auditor", "auditor")
    assert case_file_for(lead, crew.case).find("SX") is not None
    assert case_file_for(auditor, crew.case).find("SX") is None
    assert "SX" not in [row.reference for row in visible_entities(auditor, crew.case, Source)]
    assert row_of(auditor, crew.case, "SX") is None
    assert history_of(auditor, crew.case, "SX") == []
    messages: list[str] = []
    for name in ("SX", "SNONE"):
        with pytest.raises(WrongUsage) as absent:
            get_visible(auditor, crew.case, Source, name)
        messages.append(absent.value.explain().replace(name, "NAME"))
    assert messages[0] == messages[1], "the same words as for a name that nobody gave"


def test_a_version_from_before_it_was_sealed_is_closed_with_it() -> None:
    crew = bridge()
    auditor, lead = crew.member("auditor", "auditor"), crew.member("lead", "case_lead")
    source = Source.model_validate({"id": "SY", "kind": "interview"})
    save(lead, crew.case, source)
    assert len(history_of(auditor, crew.case, "SY")) == 1
    save(lead, crew.case, Source.model_validate({"id": "SY", "kind": "interview", "access": "sealed"}))
    assert history_of(auditor, crew.case, "SY") == []
    assert len(history_of(lead, crew.case, "SY")) == 2


def test_a_stranger_sees_nothing() -> None:
    crew = bridge()
    assert case_file_for(crew.member("stranger"), crew.case).placed == ()


def test_nobody_writes_over_what_they_may_not_see_or_opens_what_is_sealed() -> None:
    crew = bridge()
    sealed_source(crew)
    analyst = crew.member("analyst", "analyst_1")
    legal = crew.member("legal", "legal_reviewer", "analyst_1")
    before = size()
    with pytest.raises(NotPermitted):
        save(analyst, crew.case, Source.model_validate({"id": "SX", "kind": "interview"}))
    with pytest.raises(NotPermitted):
        save(analyst, crew.case, Source.model_validate({"id": "SN", "kind": "interview", "access": "sealed"}))
    with pytest.raises(NotPermitted):
        save(legal, crew.case, Source.model_validate({"id": "SX", "kind": "interview", "access": "internal"}))
    assert size() == before


def test_roles_write_their_kinds() -> None:
    crew = bridge()
    auditor = crew.member("auditor", "auditor")
    with pytest.raises(NotPermitted):
        save(auditor, crew.case, Source.model_validate({"id": "SN", "kind": "interview"}))
    log = {"id": "EX1", "person": "user:x", "item": "i", "minutes": 1.5, "at": "2022-01-01T00:00:00Z"}
    with pytest.raises(NotPermitted, match="by hand"):
        save(crew.member("lead", "case_lead"), crew.case, ExposureLog.model_validate(log))


def test_an_indication_of_sexual_violence_seals_the_item() -> None:
    crew = bridge()
    put(ACTOR, crew.case, "evidence.item.added", Item.model_validate({"id": "I1", "footage": "FF1"}))
    analyst, auditor = crew.member("analyst", "analyst_1"), crew.member("auditor", "auditor")
    assert case_file_for(auditor, crew.case).find("I1") is not None
    describe_item(analyst, crew.case, "I1", distress="severe", sexual_violence=True)
    assert case_file_for(auditor, crew.case).find("I1") is None
    assert case_file_for(analyst, crew.case).find("I1") is None, "not even for who marked it"
    opened = Item.model_validate({"id": "I1", "sexual_violence_indicator": True, "access": "restricted"})
    with pytest.raises(ForbiddenState) as refused:
        put(ACTOR, crew.case, "evidence.item.revised", opened)
    assert "F27" in refused.value.explain()


def test_hours_of_watching_are_for_the_person_alone() -> None:
    crew = bridge()
    put(ACTOR, crew.case, "evidence.item.added", Item.model_validate({"id": "I1", "footage": "FF1"}))
    watched, lead = crew.member("watched", "protection_officer"), crew.member("lead", "case_lead")
    log = {"id": "EX1", "person": watched.actor, "item": "I1", "minutes": 1.5, "at": "2022-01-01T00:00:00Z"}
    put(ACTOR, crew.case, "publication.exposure.recorded", ExposureLog.model_validate(log))
    assert case_file_for(watched, crew.case).find("EX1") is not None
    assert case_file_for(lead, crew.case).find("EX1") is None


def test_the_state_is_read_anew_after_every_entry() -> None:
    crew = bridge()
    lead = crew.member("lead", "case_lead")
    assert case_file_of(crew.case).find("FF9") is None
    save(lead, crew.case, FootageFamily.model_validate({"id": "FF9", "kind": "placeholder_set"}))
    assert case_file_of(crew.case).find("FF9") is not None

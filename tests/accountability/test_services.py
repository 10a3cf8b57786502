"""Calls, promises and requests move by steps, each with what it needs; nothing overdue closes itself."""

from datetime import UTC, datetime

import pytest

from tests.method_case import BRIDGE, Crew, bridge, read_well
from videtur.accountability.deadlines import name_of
from videtur.accountability.services import (
    accept_reading,
    add_commitment,
    add_follow_up,
    approve_call,
    close_deadline,
    draft_call,
    draft_request,
    issue_call,
    judge_investigation,
    move_call,
    move_commitment,
    move_request,
)
from videtur.cases.case_file import case_file_of
from videtur.cases.entities import ForbiddenState
from videtur.cases.loading import load_case
from videtur.cases.saving import save
from videtur.engines.method.deadlines import Due, deadlines_of
from videtur.engines.method.entities.accountability import (
    Action,
    Call,
    Commitment,
    FollowUp,
    Investigation,
    LegalStep,
    RequestForComment,
    Statement,
)
from videtur.errors import NotPermitted, WrongUsage
from videtur.ledger.services import size
from videtur.people.models import User

OTHER_SIDE = """
- {id: AL2, text: Apparent soldiers of ZZ struck apparent prisoners of AA, against: ZZ,
   alleged_victims_side: AA, hedge: H0_alleged, footage: [FF2]}
symmetry_group: {id: SG9, allegations: [AL1, AL2]}
footage:"""
pytestmark = pytest.mark.django_db


def call(**fields: object) -> Call:
    given = {"id": "C1", "from": "MM", "to": ["AA", "ZZ"], "about": ["AL1"], "asks": ["full_investigation"]}
    return Call.model_validate({**given, **fields})


def a_lead() -> tuple[Crew, User]:
    crew = bridge()
    return crew, crew.member("lead", "case_lead")


def said(crew: Crew, lead: User) -> None:
    statement = {
        "id": "S1",
        "speaker": "A minister",
        "body": "AA",
        "kind": "acknowledgement",
        "date": "2022-04-05",
    }
    save(lead, crew.case, Statement.model_validate(statement))


def promise(crew: Crew, lead: User) -> None:
    given = {"id": "CM1", "by": "AA", "what": "an inquiry", "about": "AL1", "announced": "2022-04-05"}
    add_commitment(lead, crew.case, Commitment.model_validate(given))


def test_a_call_goes_to_all_its_addressees_in_one_entry_and_each_answers_for_itself() -> None:
    crew, lead = a_lead()
    said(crew, lead)
    draft_call(lead, crew.case, call())
    approve_call(lead, crew.case, "C1")
    before = size()
    issued = issue_call(lead, crew.case, "C1", "2022-04-03")
    assert size() == before + 1
    assert (issued.status, issued.date) == ({"AA": "issued", "ZZ": "issued"}, "2022-04-03")
    moved = move_call(lead, crew.case, "C1", "AA", "acknowledged", "A minister spoke of it", evidence="S1")
    assert moved.status == {"AA": "acknowledged", "ZZ": "issued"}
    actions = [each for each in case_file_of(crew.case).all(Action) if each.on == "C1"]
    assert [(each.party, each.becomes) for each in actions][-1] == ("AA", "acknowledged")


def test_a_step_that_lacks_something_is_refused_with_what_would_satisfy_it() -> None:
    crew, lead = a_lead()
    draft_call(lead, crew.case, call())
    with pytest.raises(WrongUsage, match="cannot become"):
        move_call(lead, crew.case, "C1", "AA", "satisfied", "so they say")
    approve_call(lead, crew.case, "C1")
    with pytest.raises(NotPermitted):
        issue_call(crew.member("analyst", "analyst_1"), crew.case, "C1", "2022-04-03")
    issue_call(lead, crew.case, "C1", "2022-04-03")
    before = size()
    with pytest.raises(ForbiddenState) as refused:
        move_call(lead, crew.case, "C1", "AA", "acknowledged", "A minister spoke of it")
    assert "what shows it" in refused.value.explain()
    assert size() == before


def test_a_call_on_both_sides_of_a_symmetry_reaches_both_or_says_why() -> None:
    crew = Crew(load_case("system:test", None, read_well(BRIDGE.replace("\nfootage:", OTHER_SIDE))).case)
    lead = crew.member("lead", "case_lead")
    draft_call(lead, crew.case, call(to=["AA"]))
    approve_call(lead, crew.case, "C1")
    with pytest.raises(ForbiddenState) as refused:
        issue_call(lead, crew.case, "C1", "2022-04-03")
    assert "F16" in refused.value.explain()


def test_a_promise_is_an_opened_case_only_by_an_authority_and_its_number() -> None:
    crew, lead = a_lead()
    promise(crew, lead)
    for step in (None, LegalStep(authority="A prosecutor")):
        with pytest.raises(ForbiddenState) as refused:
            move_commitment(lead, crew.case, "CM1", "legal_step_evidenced", "They said so", legal_step=step)
        assert refused.value.violations[0].rule == "F15"
    step = LegalStep(authority="A prosecutor", number="17/22")
    moved = move_commitment(lead, crew.case, "CM1", "legal_step_evidenced", "A notice", legal_step=step)
    assert moved.legal_step == step


def test_a_judgement_of_an_investigation_rests_on_evidence() -> None:
    crew, lead = a_lead()
    said(crew, lead)
    promise(crew, lead)
    with pytest.raises(ForbiddenState) as refused:
        judge_investigation(lead, crew.case, "CM1", Investigation(prompt="yes"), "convicted")
    assert len(refused.value.violations) == 2
    judged = judge_investigation(
        lead, crew.case, "CM1", Investigation(prompt="no", evidence={"prompt": "S1"}), "unknown"
    )
    assert judged.investigation is not None
    assert judged.investigation.prompt == "no"


def test_a_request_gets_its_deadline_when_it_is_sent_and_closes_by_an_answer_alone() -> None:
    crew, lead = a_lead()
    given = {
        "id": "RFC1",
        "by": "MM",
        "to": "AA",
        "about": "the film",
        "status": "drafted",
        "allegation": "AL1",
    }
    draft_request(lead, crew.case, RequestForComment.model_validate(given))
    move_request(lead, crew.case, "RFC1", "approved", "It may go")
    sent = move_request(lead, crew.case, "RFC1", "sent", "By post", date="2022-04-03")
    assert sent.deadline is not None
    assert sent.deadline.startswith("2022-04-18")
    (due,) = [
        each for each in deadlines_of(case_file_of(crew.case), datetime.now(UTC)) if each.about == "RFC1"
    ]
    assert due.overdue
    with pytest.raises(ForbiddenState):
        move_request(lead, crew.case, "RFC1", "answered_full", "They answered")
    answered = move_request(
        lead, crew.case, "RFC1", "answered_full", "They answered", reply_gist="It was not us"
    )
    assert answered.reply_gist == "It was not us"
    assert answered.replied


def test_a_reading_changes_the_board_only_once_a_person_accepted_it() -> None:
    crew, lead = a_lead()
    promise(crew, lead)
    add_follow_up(lead, crew.case, FollowUp(date="2022-06-01", fact="AA opened an investigation"))
    with pytest.raises(WrongUsage, match="not in the case"):
        accept_reading(lead, crew.case, "FU1", {"CM7": "repeated"})
    accepted = accept_reading(lead, crew.case, "FU1", {"CM1": "in_progress_evidenced"})
    assert accepted.reading_accepted_by == lead.actor


def test_a_deadline_is_closed_by_a_person_with_a_reason() -> None:
    crew, lead = a_lead()
    promise(crew, lead)

    def follow_ups() -> list[Due]:
        dues = deadlines_of(case_file_of(crew.case), datetime.now(UTC))
        return [each for each in dues if each.about == "CM1"]

    first = follow_ups()[0]
    assert first.overdue
    with pytest.raises(WrongUsage, match="reason"):
        close_deadline(lead, crew.case, name_of(first), "  ")
    close_deadline(lead, crew.case, name_of(first), "Asked them by telephone")
    assert follow_ups()[0].done == "Asked them by telephone"
    assert follow_ups()[1].overdue, "the next one stays"
    with pytest.raises(WrongUsage, match="closed already"):
        close_deadline(lead, crew.case, name_of(follow_ups()[0]), "again")

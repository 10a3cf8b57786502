"""Ways to break what the model demands beside its forbidden states: invariants, and its other sections."""

from collections.abc import Mapping

from tests.engines.method.mutated import (
    Dice,
    Mutation,
    adding,
    changed,
    observation,
    on_finding_review,
    on_item,
    on_media,
    on_redaction,
    pick,
    saying,
    setting,
    with_sentence,
)
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities import accountability, evidence, footage, publication, verification
from videtur.engines.method.entities import case as cases


def _counted_too_low(case: CaseFile, dice: Dice) -> CaseFile:
    name = observation(case, dice)
    case = changed(case, name, count={"min": 4, "basis": "estimated"}, render=None)
    case = changed(case, "RL1", sentences=[])
    count = {"observations": [name], "rendered_min": dice.randint(1, 3)}
    return with_sentence(case, level="H1_appears", asserts=["count"], counts=[count])


def _said_of_unverified(level: str, *asserts: str) -> Mutation:
    return saying(level=level, asserts=list(asserts), evidence=["FF2"])


def _established_by_one(case: CaseFile, dice: Dice) -> CaseFile:
    case = changed(case, "FF2", aspects={"date": "established"}, status_at_as_of=None)
    return with_sentence(case, level="H4_established", asserts=["time"], evidence=["FF2"])


def _attributed_by_facts(case: CaseFile, dice: Dice) -> CaseFile:
    for release in case.named(publication.Release):
        case = changed(case, release, sentences=[])
    case = changed(case, "FI1", scope="incident_facts")
    return with_sentence(case, level="H5_finding", asserts=["act", "affiliation"], finding="FI1")


def _translated(case: CaseFile, dice: Dice) -> CaseFile:
    case = changed(case, "U1", second_linguist=None)
    return with_sentence(
        case, level="H5_finding", asserts=["injury"], finding="FI1", evidence=[dice.choice(("U1",))]
    )


def _citing_source(**fields: object) -> Mutation:
    def mutate(case: CaseFile, dice: Dice) -> CaseFile:
        name = pick(case, dice, evidence.Source, lambda each: each.kind == "footage")
        return with_sentence(
            changed(case, name, **fields), level="H0_alleged", asserts=["place"], evidence=[name]
        )

    return mutate


def _hypothesis(wanted: str, **fields: object) -> Mutation:
    def mutate(case: CaseFile, dice: Dice) -> CaseFile:
        name = pick(
            case, dice, verification.Hypothesis, lambda each: each.kind == wanted and each.finding == "FI1"
        )
        return changed(case, name, **fields) if fields else case.without(name)

    return mutate


def _grade_of(kind: str, **fields: object) -> Mutation:
    def mutate(case: CaseFile, dice: Dice) -> CaseFile:
        source = pick(
            case, dice, evidence.Source, lambda each: kind in (each.kind, "relay" if each.relays else "")
        )
        name = pick(case, dice, evidence.SourceGrade, lambda each: each.source == source)
        return changed(case, name, **fields)

    return mutate


def _distance(**fields: object) -> Mutation:
    def mutate(case: CaseFile, dice: Dice) -> CaseFile:
        check = case.get(footage.DistanceCheck, "DC1")
        assert check is not None
        return changed(case, "DC1", claim={**check.claim.as_json(), **fields})

    return mutate


def _results_swapped(case: CaseFile, dice: Dice) -> CaseFile:
    check = case.get(footage.DistanceCheck, "DC1")
    assert check is not None
    computed = [each.as_json() for each in check.computed]
    place = dice.randrange(2)
    computed[place]["result"] = ("inconsistent", dice.choice(("consistent", "within_tolerance")))[place]
    return changed(case, "DC1", computed=computed)


def _passed_mapping(**fields: object) -> Mutation:
    def mutate(case: CaseFile, dice: Dice) -> CaseFile:
        name = pick(case, dice, verification.ProvisionMapping, lambda each: each.status != "candidate")
        return changed(case, name, **fields)

    return mutate


def _resolved(**fields: object) -> Mutation:
    def mutate(case: CaseFile, dice: Dice) -> CaseFile:
        return changed(
            case, pick(case, dice, verification.Conflict, lambda each: each.status == "resolved"), **fields
        )

    return mutate


def _new_conflict_on_finding(case: CaseFile, dice: Dice) -> CaseFile:
    between = dice.choice((["FI1", "the word of another"], ["FF1", "FI1"], ["AL1", "FF1"]))
    return case.with_entity(
        verification.Conflict.model_validate(
            {"id": "XX", "kind": "fact", "between": between, "status": "open"}
        )
    )


def _sealed_finding_told(case: CaseFile, dice: Dice) -> CaseFile:
    return with_sentence(changed(case, "FI1", access="sealed"), level="H0_alleged", finding="FI1")


def _arbiter_is_dissented(case: CaseFile, dice: Dice) -> CaseFile:
    return case.with_entity(
        verification.Review.model_validate(
            {
                "id": "RX",
                "of": "FI1",
                "role": "weapons_expert",
                "by": "an_expert",
                "submitted": "2024-03-10T12:00:00+00:00",
                "concurs": False,
            }
        )
    )


def _followed_up(effect: dict[str, object]) -> Mutation:
    return adding(accountability.FollowUp, date="2024-06-01", fact="something happened", effect=effect)


def _acted(**fields: object) -> Mutation:
    return adding(
        accountability.Action, id="AX", date="2024-06-01", by="a_lead", because="it happened", **fields
    )


def _asked_by(body: str, **fields: object) -> Mutation:
    return adding(
        accountability.RequestForComment,
        id="RX",
        by=body,
        to="somebody",
        about="it",
        sent="2024-03-01",
        status="sent",
        **fields,
    )


def _segment_of_another_recording(case: CaseFile, dice: Dice) -> CaseFile:
    name = observation(case, dice)
    seen = case.get(footage.Observation, name)
    assert seen is not None
    other = "FF2" if seen.footage == "FF1" else "FF1"
    return changed(changed(case, name, footage=other), "RL1", sentences=[])


_STATUSES = ("received", "preserved", "partly_verified", "inconclusive", "manipulated", "false_context")
_EXPOSING = {"unredacted_image": True}, {"source_identity": True}

WAYS_TO_BREAK: Mapping[str, tuple[Mutation, ...]] = {
    "I3": (_counted_too_low,),
    "I4": (
        _said_of_unverified("H1_appears", "act"),
        _said_of_unverified("H2_consistent", "place"),
        _said_of_unverified("H3_likelihood", "place"),
        saying(level="H3_likelihood", likelihood="likely", asserts=["intent"], evidence=["AL1"]),
        _said_of_unverified("H4_established", "place"),
        _said_of_unverified("H4_established", "act"),
        _established_by_one,
        saying(level="H4_established", asserts=["affiliation"], evidence=["FF1"]),
        saying(level="H4_established", asserts=["death"], evidence=["FF1"]),
        _said_of_unverified("H5_finding", "act"),
        saying(level="H6_adjudicated", evidence=["AL1"]),
        _attributed_by_facts,
    ),
    "I8": (
        *(setting("FF2", status_at_as_of=each) for each in _STATUSES),
        setting("FF3", status_at_as_of="verified"),
        setting("FF1", status_at_as_of="in_process"),
    ),
    "I9": (
        on_media(redaction=None),
        on_redaction(method="blur"),
        on_redaction(method="mosaic"),
        on_redaction(masks=["face", "voice"]),
        on_redaction(masks=["metadata"]),
        on_redaction(approved_by=None),
        on_redaction(checked_by="an_approver"),
    ),
    "I11": (_translated,),
    "I12": (
        _hypothesis("staged_or_false_context"),
        _hypothesis("party_mix_up"),
        _hypothesis("as_alleged", examined=False, evidence_for=[]),
        _hypothesis("party_mix_up", examined=None, evidence_against=[]),
    ),
    "M4.quantity": (
        _distance(tolerance_pct=[-10, 10]),
        _distance(km=1.0),
        _distance(qualifier="over"),
        _results_swapped,
        setting(
            "DC1",
            expected={"result": "consistent"},
            computed=[{"dataset": "a", "km": 900, "result": "inconsistent"}],
        ),
    ),
    "M4.duration": (
        setting(
            "FF1",
            duration={"original": "nearly six minutes", "value_s": 360, "qualifier": "nearly", "min_s": 270},
        ),
        setting(
            "FF2",
            duration={"original": "about an hour", "value_s": 3600, "qualifier": "about", "max_s": 3600},
        ),
    ),
    "M4.segment": (_segment_of_another_recording,),
    "M4.affiliation": (
        adding(footage.Affiliation, group="captives", grade="several_concordant"),
        adding(footage.Affiliation, group="captives", grade="established_by_external_record"),
    ),
    "M6.cap": (
        _grade_of("official_statement", information_credibility=2, against_own_interest=False),
        _grade_of("official_statement", information_credibility=1, against_own_interest=True),
        _grade_of("interview", information_credibility=2),
        adding(
            cases.SourceArticle,
            publisher="a newspaper",
            grade=cases.Grade(source_reliability="B", information_credibility=2),
        ),
    ),
    "M6.letter": (_grade_of("footage", source_reliability="B"), _grade_of("relay", source_reliability="A")),
    "M7.gate": (
        setting("FI1", legal_reviewer=None),
        setting("FI1", comment=None, comment_not_sought_because=None),
        setting("FI1", scope="individual_responsibility"),
        _new_conflict_on_finding,
        _arbiter_is_dissented,
    ),
    "M7.state": (
        lambda case, dice: adding(cases.VerificationState, overall="in_process", findings=("FI1",))(
            changed(case, "FI1", status=dice.choice(("drafted", "under_review", "rejected"))), dice
        ),
    ),
    "M7.mapping": (
        _passed_mapping(by=None),
        _passed_mapping(reason=None),
        _passed_mapping(needs=[{"need": "captivity", "met": "no"}]),
    ),
    "M12.original": (on_item(access="public"),),
    "M7.flag": (setting("RL1", status="flagged"),),
    "M7.sealed": (_sealed_finding_told,),
    "M8.interest": (
        adding(
            cases.Assignment,
            id="NEW",
            person="him",
            role="analyst_1",
            on="FF2",
            conflict_of_interest="comes from there",
        ),
        adding(
            cases.Assignment,
            id="NEW",
            person="person_analyst_1",
            role="intake_officer",
            on="FI1",
            conflict_of_interest="knows a witness",
            ended_because="declared it",
        ),
    ),
    "M8.blind": (
        on_finding_review(saw_before=["first_review"]),
        on_finding_review(saw_before=["uploader_caption", "claimed_party"]),
    ),
    "M9.conflict": (_resolved(result=None), _resolved(between=["K1"]), _resolved(between=["AL1", "AL1"])),
    "M10.addressee": (
        setting("C2", status={"NEWS": "drafted"}),
        setting("C1", texts={"NEWS": "a text"}, text_same_for_all=None),
    ),
    "M10.commitment": (
        setting("CM1", status="outcome_reported", legal_step={"authority": "a court", "number": "1"}),
        setting("CM1", status="withdrawn"),
        setting("CM1", investigation={"prompt": "no"}),
    ),
    "M10.comment": (
        *(setting("RFC1", **each) for each in _EXPOSING),
        setting("RFC1", status="not_sought_with_reason"),
        setting("RFC2", allegation=None),
        setting("RFC1", replied="2024-02-28"),
    ),
    "M10.effect": (
        _followed_up({"CM99": "repeated"}),
        _followed_up({"CM1": "repeatd"}),
        _followed_up({"CM1.outcome": "freed"}),
        _followed_up({"C1": {"NEWS": "accepted"}}),
        _followed_up({"C1": "repeated"}),
        _acted(on="CM1", becomes="satisfied"),
        _acted(on="C1", becomes="accepted", party="NEWS"),
        _acted(on="RFC1", becomes="accepted"),
    ),
    "M10.deadline": (
        adding(
            accountability.Deadline,
            id="DX",
            about="C1",
            kind="follow_up",
            due="2024-03-09T12:00:00+00:00",
            done="2024-03-10T12:00:00+00:00",
        ),
        _asked_by("NEWS", deadline="2024-03-02T23:00:00+00:00"),
        _asked_by("NEWS", deadline="2024-03-01T03:00:00+00:00", short_deadline_because="in a hurry"),
        _asked_by("MISSION", deadline="2024-03-01T03:00:00+00:00", short_deadline_because="in a hurry"),
    ),
    "M12.consent": (
        _citing_source(consent="internal"),
        _citing_source(consent="refused"),
        _citing_source(consent="withdrawn"),
        _citing_source(consent="handing_over"),
    ),
    "M12.confidence": (_citing_source(confidential=True),),
    "M12.coarse": (
        setting("RL1", risk="high", place_shown="settlement", time_shown="month"),
        setting("RL1", risk="high", place_shown="none", time_shown="day"),
        setting("RL1", risk="raised", place_shown="settlement", time_shown=None),
    ),
    "M12.embargo": (
        setting("RL1", at="2024-03-09T12:00:00+02:00", embargo_until="2024-03-09T11:00:00+00:00"),
    ),
    "M12.approval": (
        setting("RL1", approver=None),
        setting("RL1", protection_officer=None),
        setting("RL1", protection_officer="an_approver"),
        adding(publication.Release, id="RL9", title="Nobody's", status="released"),
    ),
}
"""Ways to break each demand, from a complete valid case."""

"""For each forbidden state, ways into it from a valid case."""

from collections.abc import Mapping

from tests.engines.method.mutated import (
    Dice,
    Mutation,
    adding,
    changed,
    item,
    observation,
    on_corroboration,
    on_finding_review,
    on_item,
    on_media,
    on_observation,
    pick,
    saying,
    setting,
    sides,
    with_sentence,
)
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities import accountability, evidence, footage, publication, verification
from videtur.engines.method.entities import case as cases

OTHER_DIGEST = "f" * 64
NOW = "2024-03-10T12:00:00+00:00"
LONG = " ".join(["word"] * 26)


def _sentence_on_observation(**fields: object) -> Mutation:
    def mutate(case: CaseFile, dice: Dice) -> CaseFile:
        return with_sentence(case, evidence=[observation(case, dice)], **fields)

    return mutate


def _other_bytes(case: CaseFile, dice: Dice) -> CaseFile:
    return changed(case, item(case, dice), fixity=[{"checked_at": NOW, "sha256": OTHER_DIGEST}])


def _unhashed(case: CaseFile, dice: Dice) -> CaseFile:
    seen = case.get(footage.Observation, observation(case, dice))
    assert seen is not None
    assert seen.t is not None
    return changed(case, seen.t.item, sha256=None)


def _one_person_for_both_reviews(case: CaseFile, dice: Dice) -> CaseFile:
    name = pick(case, dice, verification.Review, lambda each: each.role == "analyst_2")
    return changed(case, name, by="person_analyst_1")


def _two_assignments(first: str, second: str) -> Mutation:
    def mutate(case: CaseFile, dice: Dice) -> CaseFile:
        on = dice.choice(("FF2", item(case, dice)))
        for number, role in enumerate((first, second)):
            case = case.with_entity(
                cases.Assignment(id=f"NEW{number}", person="one_person", role=role, on=on)
            )
        return case

    return mutate


def _wrong_render(case: CaseFile, dice: Dice) -> CaseFile:
    name = observation(case, dice)
    count, render = dice.choice(
        (
            ({"min": 2, "basis": "estimated"}, "two"),
            ({"min": 2, "basis": "estimated"}, "at least three"),
            ({"min": 2, "basis": "estimated"}, "2 (counted)"),
            ({"max": 4, "basis": "estimated"}, "at least four"),
            ({"min": 2, "max": 4, "basis": "estimated"}, "four"),
            ({"min": 3, "max": 3, "basis": "simultaneously_visible"}, "four (counted)"),
        )
    )
    case = changed(case, name, count=count, render=render)
    return changed(case, "RL1", sentences=[], findings=[])


def _counted(**fields: object) -> Mutation:
    def mutate(case: CaseFile, dice: Dice) -> CaseFile:
        name = observation(case, dice)
        case = changed(case, name, count={"min": 2, "basis": "estimated"}, render=None)
        for release in case.named(publication.Release):
            case = changed(case, release, sentences=[])
        return with_sentence(
            case, level="H1_appears", asserts=["count"], counts=[{"observations": [name], **fields}]
        )

    return mutate


def _graded_one(*origins: str) -> Mutation:
    def mutate(case: CaseFile, dice: Dice) -> CaseFile:
        name = pick(case, dice, evidence.SourceGrade, lambda each: each.source.startswith("SF"))
        return changed(case, name, information_credibility=1, independent_origins=list(origins))

    return mutate


def _copies_counted(case: CaseFile, dice: Dice) -> CaseFile:
    family = case.get(footage.FootageFamily, dice.choice(("FF1", "FF2")))
    assert family is not None
    copies = [name for name, each in case.named(evidence.Item).items() if each.footage == family.id]
    number = dice.randint(2, 5)
    return with_sentence(
        case, level="H0_alleged", evidence=[family.id], sources_counted=copies, source_count=number
    )


def _two_copies_counted(case: CaseFile, dice: Dice) -> CaseFile:
    copies = [name for name in case.named(footage.FootageFamily) if name in ("FF1", "FF2")]
    counted = dice.choice(([copies[0], "SFFF1"], ["FF1", "FF2"]))
    return with_sentence(case, level="H0_alleged", evidence=["FF1"], sources_counted=counted)


def _unsealed_note(case: CaseFile, dice: Dice) -> CaseFile:
    name = pick(case, dice, footage.Observation, lambda each: each.act == "sexual_violence_indicator")
    return changed(case, name, access=dice.choice((None, "restricted", "internal")))


def _recorded(edtf: str) -> Mutation:
    return lambda case, dice: changed(case, dice.choice(("FF1", "FF2")), recording={"edtf": edtf})


def _commitment(**fields: object) -> Mutation:
    def mutate(case: CaseFile, dice: Dice) -> CaseFile:
        return changed(case, pick(case, dice, accountability.Commitment), legal_step=None, **fields)

    return mutate


def _promise_said_as_opened(case: CaseFile, dice: Dice) -> CaseFile:
    name = pick(case, dice, accountability.Commitment)
    case = changed(case, name, legal_step=None, status="announced")
    return with_sentence(case, level="H0_alleged", commitment=name, says_opened=True)


def _call_to_one(case: CaseFile, dice: Dice) -> CaseFile:
    one = dice.choice(sides(case))
    return changed(case, "C1", to=[one], status={one: "issued"})


def _call_issued_to_one(case: CaseFile, dice: Dice) -> CaseFile:
    status = dict.fromkeys(sides(case), "issued")
    return changed(
        case, "C1", status={**status, dice.choice(sides(case)[:2]): dice.choice(("drafted", "approved"))}
    )


def _unanswered(status: str) -> Mutation:
    def mutate(case: CaseFile, dice: Dice) -> CaseFile:
        return changed(case, dice.choice(("RFC1", "RFC2")), status=status)

    return mutate


def _told_of_one_side(case: CaseFile, dice: Dice) -> CaseFile:
    named = [dice.choice(sides(case))]
    about = dice.choice(({"statement": "S1"}, {"evidence": ["S1"]}, {"evidence": ["C1"]}))
    return with_sentence(case, level="H0_alleged", parties_named=named, **about)


def _heard(**fields: object) -> Mutation:
    def mutate(case: CaseFile, dice: Dice) -> CaseFile:
        given = {"act": None, "injury": None, "modality": "audible", **fields}
        return changed(case, observation(case, dice), **given)

    return mutate


def _inferred_from_sound(case: CaseFile, dice: Dice) -> CaseFile:
    name = observation(case, dice)
    case = changed(case, name, modality="audible", act="threatening", injury=None)
    return with_sentence(case, level="H1_appears", asserts=["intent"], evidence=[name])


def _claim(**fields: object) -> verification.Claim:
    given = {
        "id": "KX",
        "date": "2024-03-01",
        "by": "an official",
        "kind": "staged_claim",
        "gist": "it is staged",
    }
    return verification.Claim.model_validate({**given, **fields})


def _experts_word(case: CaseFile, dice: Dice) -> CaseFile:
    aspect = {"event": "contradicted"} if dice.random() < 0.5 else {"event": "in_progress"}
    case = case.with_entity(_claim(about="FF2"))
    return changed(case, "FF2", named_expert_evidence=["KX"], aspects=aspect, status_at_as_of=None)


def _contradicted_by_a_claim(case: CaseFile, dice: Dice) -> CaseFile:
    aspects = {"event": "contradicted", "date": "in_progress"}
    return changed(case.with_entity(_claim(about="FF2")), "FF2", aspects=aspects, status_at_as_of=None)


def _hidden_conflict(status: str) -> Mutation:
    def mutate(case: CaseFile, dice: Dice) -> CaseFile:
        seen = pick(case, dice, footage.Observation, lambda each: each.footage == "FF2")
        for name, about in (("KX", "FF2"), ("KY", seen)):
            case = case.with_entity(_claim(id=name, about=about, kind="denial"))
        between = dice.choice((["KX", "KY"], ["KX", "the word of another"], ["FF2", "KY"], [seen, "KX"]))
        return case.with_entity(
            verification.Conflict.model_validate(
                {"id": "XX", "kind": "date", "between": between, "status": status}
            )
        )

    return mutate


def _different_texts(case: CaseFile, dice: Dice) -> CaseFile:
    first, *rest = sides(case)
    texts = {
        first: f"The {first} party is asked to stop",
        **{side: f"{side} must stop at once" for side in rest},
    }
    return changed(case, "C1", texts=texts)


def _less_time(case: CaseFile, dice: Dice) -> CaseFile:
    day = dice.randint(2, 14)
    return changed(case, dice.choice(("RFC1", "RFC2")), deadline=f"2024-03-{day:02}T12:00:00+00:00")


def _held_by_nobody(case: CaseFile, dice: Dice) -> CaseFile:
    ledger = case.get(cases.LedgerState, "ledger")
    assert ledger is not None
    return changed(case, "ledger", entries=ledger.entries - dice.randint(1, 5))


def _unmeasured(dataset: str | None) -> Mutation:
    def mutate(case: CaseFile, dice: Dice) -> CaseFile:
        check = case.get(footage.DistanceCheck, "DC1")
        assert check is not None
        computed = [each.as_json() for each in check.computed]
        computed[dice.randrange(len(computed))]["dataset"] = dataset
        return changed(case, "DC1", computed=computed)

    return mutate


def _machine_source(case: CaseFile, dice: Dice) -> CaseFile:
    case = case.with_entity(evidence.Source(id="SM", kind="machine"))
    return with_sentence(case, level="H0_alleged", evidence=["SM"])


def _weighed_lead(case: CaseFile, dice: Dice) -> CaseFile:
    name = pick(case, dice, verification.Hypothesis)
    return changed(case, name, evidence_for=[{"evidence": "LE1"}])


def _allegation(**fields: object) -> Mutation:
    return lambda case, dice: changed(case, dice.choice(("AL1", "AL2")), **fields)


_LEGAL = {"level": "H5_finding", "asserts": ["legal_character"], "finding": "FI1"}
_NO_ACT = {"level": "H1_appears"}

WAYS_INTO: Mapping[str, tuple[Mutation, ...]] = {
    "F01": (
        _sentence_on_observation(asserts=["act"]),
        _sentence_on_observation(asserts=["affiliation", "place"]),
        _sentence_on_observation(asserts=["injury"]),
        on_observation(hedge=None),
        on_observation(hedge="H4_established"),
        on_observation(hedge="H5_finding"),
        setting("FF2", claimed_setting={"text": "at a farm", "by": "a poster", "hedge": "H4_established"}),
    ),
    "F02": (_other_bytes, _unhashed),
    "F03": (on_observation(t=None),),
    "F04": (
        _one_person_for_both_reviews,
        _two_assignments("analyst_1", "analyst_2"),
        _two_assignments("analyst_1", "arbiter"),
        _two_assignments("analyst_2", "publication_approver"),
        _two_assignments("analyst_2", "legal_reviewer"),
        _two_assignments("legal_reviewer", "publication_approver"),
        setting("RL1", approver="person_analyst_1"),
        setting("RL1", approver="person_analyst_2"),
        setting("RL1", approver="a_lawyer"),
        setting("FI1", approver="person_analyst_2"),
        setting("FI1", legal_reviewer="person_analyst_1"),
    ),
    "F05": (
        saying(**_NO_ACT, evidence=["FF2"], says_verified=["FF2"], aspects_named=["location"]),
        saying(**_NO_ACT, evidence=["FF1"], says_verified=["FF1"]),
        saying(**_NO_ACT, evidence=["FF1"], says_verified=["FF1"], aspects_named=["date", "affiliation"]),
        saying(**_NO_ACT, evidence=["FF3"], says_verified=["FF3"], aspects_named=["date"]),
    ),
    "F06": (
        on_finding_review(withdrawn_because="was hasty"),
        on_finding_review(submitted=None),
        on_finding_review(concurs=False),
        on_finding_review(concurs=None),
        on_finding_review(blind=False),
        on_finding_review(blind=False, saw_before=["first_review"]),
        _allegation(standard="clear_and_convincing"),
    ),
    "F07": (
        on_corroboration("unknown"),
        on_corroboration("same_recording_session"),
        on_corroboration("derived_from"),
        setting("FI1", sources=[]),
    ),
    "F08": (
        _wrong_render,
        _counted(rendered_min=2, exact=True),
        _counted(rendered_min=3),
        _counted(rendered_min=2, summed=True),
    ),
    "F09": (
        _graded_one(),
        _graded_one("SFFF1"),
        _graded_one("SFFF1", "SFFF2"),
        _graded_one("SFFF2", "SFFF2"),
    ),
    "F10": (
        setting("FF1", independent_source_count=3),
        setting("FF2", independent_source_count=2),
        setting("FF3", independent_source_count=1),
        _copies_counted,
        _two_copies_counted,
    ),
    "F11": (
        _recorded("2024-02-21"),
        _recorded("2024-02-19/.."),
        _recorded("2024-03"),
        setting("FF1", first_known_upload={"edtf": "2024-02-10"}),
        adding(footage.TimeClaim, id="TX", footage="FF2", kind="recording", edtf="2024-02-20/2024-02-22"),
        adding(footage.TimeClaim, id="TX", footage="FF2", kind="upload", edtf="2024-02-01"),
    ),
    "F12": (
        saying(**_LEGAL, provision="GC3-130"),
        _sentence_on_observation(level="H1_appears", asserts=["legal_character"]),
        saying(**_NO_ACT, place="PC1", place_used_as="place_of_recording", evidence=["PC1"]),
        setting("PL1", place_role="place_of_recording"),
    ),
    "F13": (
        _allegation(standard="beyond_reasonable_doubt"),
        setting("FI1", standard="beyond_reasonable_doubt"),
        adding(
            verification.Finding,
            id="FX",
            allegation="AL1",
            text="guilt",
            standard="beyond_reasonable_doubt",
        ),
    ),
    "F14": (
        on_observation(lead_origin="machine", accepted_by=None),
        adding(verification.Review, id="RX", of="FF2", role="analyst_1", by="a_model", by_machine=True),
        saying(**_NO_ACT, evidence=["LE1"]),
        setting("LE1", accepted_as="U1"),
        _weighed_lead,
        _machine_source,
    ),
    "F15": (
        _commitment(status="legal_step_evidenced"),
        _commitment(status="in_progress_evidenced"),
        _commitment(status="outcome_reported", outcome="charged"),
        _commitment(status="announced", outcome="tried"),
        setting("CM1", legal_step={"authority": "a prosecutor"}, status="legal_step_evidenced"),
        _promise_said_as_opened,
    ),
    "F16": (_call_to_one, _call_issued_to_one),
    "F17": (
        setting("RL1", comment=[]),
        _unanswered("drafted"),
        _unanswered("approved"),
        _unanswered("delivery_failed"),
        setting("RL1", names_parties=["NEWS", "MISSION"]),
    ),
    "F18": (_told_of_one_side,),
    "F19": (
        on_media(identifiable_captive=True),
        on_media(identifiable_captive=True, signatures=["one", "two"]),
        on_media(identifiable_captive=True, exception="the family asks for it", signatures=["one", "one"]),
    ),
    "F20": (
        saying(level="H0_alleged", utterance="U1", used_for_truth=True),
        saying(level="H1_appears", evidence=["U1"], used_for_truth=True),
    ),
    "F21": (
        on_observation(injury={"region": "knee", "timing": "unknown", "cause": "gunshot"}),
        on_observation(injury={"region": "knee", "timing": "unknown", "consistency": "typical_of"}),
        _sentence_on_observation(level="H1_appears", asserts=["cause_of_injury"]),
        on_finding_review(consistency="consistent_with"),
    ),
    "F22": (
        _heard(act="firing_at_person"),
        _heard(act="discharge_heard_off_camera", target="apparent_captive"),
        _heard(injury={"region": "knee", "timing": "seen_to_occur"}),
        _inferred_from_sound,
    ),
    "F23": (
        saying(level="H3_likelihood", evidence=["AL1"], likelihood="likely", confidence="high"),
        saying(level="H3_likelihood", evidence=["AL1"], likelihood="likely", scale="ipcc_likelihood"),
        setting("FI1", likelihood="likely", confidence="low"),
    ),
    "F24": (_experts_word, _contradicted_by_a_claim, setting("FF2", status_at_as_of="staged_established")),
    "F25": (_hidden_conflict("open"), _hidden_conflict("irreducible_reported")),
    "F26": (
        adding(evidence.Source, id="SX", kind="interview", private_name="somebody"),
        adding(evidence.Source, id="SX", kind="interview", private_name="somebody", access="restricted"),
        saying(level="H0_alleged", evidence=["AL1"], private_names=["somebody"]),
        adding(cases.Neutrality, party_order="alphabetical", uploader_named="somebody"),
    ),
    "F27": (
        on_item(sexual_violence_indicator=True),
        on_observation(act="sexual_violence_indicator", access="sealed"),
        on_observation(act="sexual_violence_indicator"),
        _unsealed_note,
    ),
    "F28": (_different_texts, _less_time),
    "F29": (saying(level="H0_alleged"), saying(level="H1_appears", asserts=["place"])),
    "F30": (_held_by_nobody, setting("ledger", altered=[3, 8]), on_item(ledger_index=100_000)),
    "F31": (
        on_item(distress="severe", thumbnail="shown"),
        on_item(distress="extreme", autoplay=True),
        on_item(distress="severe", autoplay=True, thumbnail="hidden"),
    ),
    "F32": (_unmeasured(None), _unmeasured("  ")),
    "F33": (
        setting("S2", quote=LONG),
        setting("S2", capture=None),
        saying(level="H0_alleged", evidence=["AL1"], quotation=LONG, capture="CA0"),
        saying(level="H0_alleged", evidence=["AL1"], quotation="short"),
    ),
    "F34": (
        setting("DE1", signatures=["one"]),
        setting("DE1", signatures=["one", "one"]),
        setting("DE1", retention_decision=None),
        setting("DE1", retention_decision=" "),
    ),
}
"""Ways into each forbidden state from a complete valid case."""

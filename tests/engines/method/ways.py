"""Ways from a valid case into a forbidden state: one function for each that takes more than a line."""

from tests.engines.method.mutated import (
    Dice,
    Mutation,
    changed,
    item,
    observation,
    pick,
    sides,
    with_sentence,
)
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities import accountability, evidence, footage, publication, verification
from videtur.engines.method.entities import case as cases

OTHER_DIGEST = "f" * 64
NOW = "2024-03-10T12:00:00+00:00"
LONG = " ".join(["word"] * 26)


def sentence_on_observation(**fields: object) -> Mutation:
    def mutate(case: CaseFile, dice: Dice) -> CaseFile:
        return with_sentence(case, evidence=[observation(case, dice)], **fields)

    return mutate


def other_bytes(case: CaseFile, dice: Dice) -> CaseFile:
    return changed(case, item(case, dice), fixity=[{"checked_at": NOW, "sha256": OTHER_DIGEST}])


def unhashed(case: CaseFile, dice: Dice) -> CaseFile:
    seen = case.get(footage.Observation, observation(case, dice))
    assert seen is not None
    assert seen.t is not None
    return changed(case, seen.t.item, sha256=None)


def one_person_for_both_reviews(case: CaseFile, dice: Dice) -> CaseFile:
    name = pick(case, dice, verification.Review, lambda each: each.role == "analyst_2")
    return changed(case, name, by="person_analyst_1")


def two_assignments(first: str, second: str) -> Mutation:
    def mutate(case: CaseFile, dice: Dice) -> CaseFile:
        on = dice.choice(("FF2", item(case, dice)))
        for number, role in enumerate((first, second)):
            case = case.with_entity(
                cases.Assignment(id=f"NEW{number}", person="one_person", role=role, on=on)
            )
        return case

    return mutate


def item_and_recording(case: CaseFile, dice: Dice) -> CaseFile:
    name = item(case, dice)
    found = case.get(evidence.Item, name)
    assert found is not None
    pair = [(name, "analyst_1"), (str(found.footage), "analyst_2")]
    dice.shuffle(pair)
    for number, (on, role) in enumerate(pair):
        case = case.with_entity(cases.Assignment(id=f"NEW{number}", person="one_person", role=role, on=on))
    return case


def reviewed_another_wound(case: CaseFile, dice: Dice) -> CaseFile:
    case = case.with_entity(
        verification.Review(
            id="RX",
            of="FF9",
            role="medical_expert",
            by="a_doctor",
            submitted=NOW,
            consistency="consistent_with",
        )
    )
    injury = {"region": "knee", "timing": "unknown", "cause": "gunshot", "medical_review": "RX"}
    return changed(case, observation(case, dice), injury=injury)


def wrong_render(case: CaseFile, dice: Dice) -> CaseFile:
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


def counted(**fields: object) -> Mutation:
    def mutate(case: CaseFile, dice: Dice) -> CaseFile:
        name = observation(case, dice)
        case = changed(case, name, count={"min": 2, "basis": "estimated"}, render=None)
        for release in case.named(publication.Release):
            case = changed(case, release, sentences=[])
        return with_sentence(
            case, level="H1_appears", asserts=["count"], counts=[{"observations": [name], **fields}]
        )

    return mutate


def counts_of_two(**fields: object) -> Mutation:
    """A count of at least five and one of exactly three, told together."""

    def mutate(case: CaseFile, dice: Dice) -> CaseFile:
        release = case.get(publication.Release, "RL1")
        assert release is not None
        one, two = release.observations[:2]
        case = changed(case, one, count={"min": 5, "basis": "estimated"}, render=None)
        case = changed(case, two, count={"min": 3, "max": 3, "basis": "estimated"}, render=None)
        for each in case.named(publication.Release):
            case = changed(case, each, sentences=[])
        return with_sentence(
            case, level="H1_appears", asserts=["count"], counts=[{"observations": [one, two], **fields}]
        )

    return mutate


def sum_that_vouches_for_itself(case: CaseFile, dice: Dice) -> CaseFile:
    release = case.get(publication.Release, "RL1")
    assert release is not None
    itself = dice.choice(release.observations[:2])
    return counts_of_two(rendered_min=8, summed=True, distinctness=itself)(case, dice)


def graded_one(*origins: str) -> Mutation:
    def mutate(case: CaseFile, dice: Dice) -> CaseFile:
        name = pick(case, dice, evidence.SourceGrade, lambda each: each.source.startswith("SF"))
        return changed(case, name, information_credibility=1, independent_origins=list(origins))

    return mutate


def copies_counted(case: CaseFile, dice: Dice) -> CaseFile:
    family = case.get(footage.FootageFamily, dice.choice(("FF1", "FF2")))
    assert family is not None
    copies = [name for name, each in case.named(evidence.Item).items() if each.footage == family.id]
    number = dice.randint(2, 5)
    return with_sentence(
        case, level="H0_alleged", evidence=[family.id], sources_counted=copies, source_count=number
    )


def two_copies_counted(case: CaseFile, dice: Dice) -> CaseFile:
    copies = [name for name in case.named(footage.FootageFamily) if name in ("FF1", "FF2")]
    counted = dice.choice(([copies[0], "SFFF1"], ["FF1", "FF2"]))
    return with_sentence(case, level="H0_alleged", evidence=["FF1"], sources_counted=counted)


def unsealed_note(case: CaseFile, dice: Dice) -> CaseFile:
    name = pick(case, dice, footage.Observation, lambda each: each.act == "sexual_violence_indicator")
    return changed(case, name, access=dice.choice((None, "restricted", "internal")))


def recorded(edtf: str) -> Mutation:
    return lambda case, dice: changed(case, dice.choice(("FF1", "FF2")), recording={"edtf": edtf})


def recorded_and_uploaded(recording: str, upload: str) -> Mutation:
    def mutate(case: CaseFile, dice: Dice) -> CaseFile:
        name = dice.choice(("FF1", "FF2"))
        return changed(case, name, recording={"edtf": recording}, first_known_upload={"edtf": upload})

    return mutate


def commitment(**fields: object) -> Mutation:
    def mutate(case: CaseFile, dice: Dice) -> CaseFile:
        return changed(case, pick(case, dice, accountability.Commitment), legal_step=None, **fields)

    return mutate


def promise_said_as_opened(case: CaseFile, dice: Dice) -> CaseFile:
    name = pick(case, dice, accountability.Commitment)
    case = changed(case, name, legal_step=None, status="announced")
    return with_sentence(case, level="H0_alleged", commitment=name, says_opened=True)


def call_to_one(case: CaseFile, dice: Dice) -> CaseFile:
    one = dice.choice(sides(case))
    return changed(case, "C1", to=[one], status={one: "issued"})


def call_issued_to_one(case: CaseFile, dice: Dice) -> CaseFile:
    status = dict.fromkeys(sides(case), "issued")
    return changed(
        case, "C1", status={**status, dice.choice(sides(case)[:2]): dice.choice(("drafted", "approved"))}
    )


def unanswered(status: str) -> Mutation:
    def mutate(case: CaseFile, dice: Dice) -> CaseFile:
        return changed(case, dice.choice(("RFC1", "RFC2")), status=status)

    return mutate


def asked_after_the_release(case: CaseFile, dice: Dice) -> CaseFile:
    asked = {"sent": "2024-04-01", "deadline": "2024-04-20T12:00:00+00:00"}
    for name in case.named(accountability.RequestForComment):
        case = changed(case, name, **asked)
    return changed(case, "RL1", at="2024-03-31T12:00:00+00:00")


def told_of_one_side(case: CaseFile, dice: Dice) -> CaseFile:
    named = [dice.choice(sides(case))]
    about = dice.choice(({"statement": "S1"}, {"evidence": ["S1"]}, {"evidence": ["C1"]}))
    return with_sentence(case, level="H0_alleged", parties_named=named, **about)


def heard(**fields: object) -> Mutation:
    def mutate(case: CaseFile, dice: Dice) -> CaseFile:
        given = {"act": None, "injury": None, "modality": "audible", **fields}
        return changed(case, observation(case, dice), **given)

    return mutate


def inferred_from_sound(case: CaseFile, dice: Dice) -> CaseFile:
    name = observation(case, dice)
    case = changed(case, name, modality="audible", act="threatening", injury=None)
    return with_sentence(case, level="H1_appears", asserts=["intent"], evidence=[name])


def claim(**fields: object) -> verification.Claim:
    given = {
        "id": "KX",
        "date": "2024-03-01",
        "by": "an official",
        "kind": "staged_claim",
        "gist": "it is staged",
    }
    return verification.Claim.model_validate({**given, **fields})


def experts_word(case: CaseFile, dice: Dice) -> CaseFile:
    aspect = {"event": "contradicted"} if dice.random() < 0.5 else {"event": "in_progress"}
    case = case.with_entity(claim(about="FF2"))
    return changed(case, "FF2", named_expert_evidence=["KX"], aspects=aspect, status_at_as_of=None)


def contradicted_by_a_claim(case: CaseFile, dice: Dice) -> CaseFile:
    aspects = {"event": "contradicted", "date": "in_progress"}
    return changed(case.with_entity(claim(about="FF2")), "FF2", aspects=aspects, status_at_as_of=None)


def hidden_conflict(status: str) -> Mutation:
    def mutate(case: CaseFile, dice: Dice) -> CaseFile:
        seen = pick(case, dice, footage.Observation, lambda each: each.footage == "FF2")
        for name, about in (("KX", "FF2"), ("KY", seen)):
            case = case.with_entity(claim(id=name, about=about, kind="denial"))
        between = dice.choice((["KX", "KY"], ["KX", "the word of another"], ["FF2", "KY"], [seen, "KX"]))
        return case.with_entity(
            verification.Conflict.model_validate(
                {"id": "XX", "kind": "date", "between": between, "status": status}
            )
        )

    return mutate


def different_texts(case: CaseFile, dice: Dice) -> CaseFile:
    first, *rest = sides(case)
    texts = {
        first: f"The {first} party is asked to stop",
        **{side: f"{side} must stop at once" for side in rest},
    }
    return changed(case, "C1", texts=texts)


def less_time(case: CaseFile, dice: Dice) -> CaseFile:
    day = dice.randint(2, 14)
    return changed(case, dice.choice(("RFC1", "RFC2")), deadline=f"2024-03-{day:02}T12:00:00+00:00")


def fewer_hours(case: CaseFile, dice: Dice) -> CaseFile:
    """Less time by hours of one day, where both say when they were sent."""
    for name in ("RFC1", "RFC2"):
        case = changed(case, name, sent="2024-03-01T09:00:00+00:00")
    return changed(case, dice.choice(("RFC1", "RFC2")), deadline="2024-03-15T10:00:00+00:00")


def held_by_nobody(case: CaseFile, dice: Dice) -> CaseFile:
    ledger = case.get(cases.LedgerState, "ledger")
    assert ledger is not None
    return changed(case, "ledger", entries=ledger.entries - dice.randint(1, 5))


def unmeasured(dataset: str | None) -> Mutation:
    def mutate(case: CaseFile, dice: Dice) -> CaseFile:
        check = case.get(footage.DistanceCheck, "DC1")
        assert check is not None
        computed = [each.as_json() for each in check.computed]
        computed[dice.randrange(len(computed))]["dataset"] = dataset
        return changed(case, "DC1", computed=computed)

    return mutate


def machine_source(case: CaseFile, dice: Dice) -> CaseFile:
    case = case.with_entity(evidence.Source(id="SM", kind="machine"))
    return with_sentence(case, level="H0_alleged", evidence=["SM"])


def weighed_lead(case: CaseFile, dice: Dice) -> CaseFile:
    name = pick(case, dice, verification.Hypothesis)
    return changed(case, name, evidence_for=[{"evidence": "LE1"}])


def allegation(**fields: object) -> Mutation:
    return lambda case, dice: changed(case, dice.choice(("AL1", "AL2")), **fields)

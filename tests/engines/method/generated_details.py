"""The finer parts of a generated case: utterances, places, grades, leads, and what only looks forbidden."""

from tests.engines.method.generated import (
    BODY,
    DIGEST,
    NEWSROOM,
    NOW,
    Builder,
    grade,
    review,
    segment,
)
from tests.engines.method.generated_work import source
from videtur.engines.method.entities import accountability, case, evidence, footage, publication, verification


def details(made: Builder) -> None:
    """Utterances, affiliation, places, distances, leads, deletions: whatever else a case holds."""
    pick = made.random.choice
    made.add(
        footage.Utterance,
        id="U1",
        kind="cry_of_pain",
        language="uk",
        translation_en="my leg",
        speaker_role="apparent_captive",
        second_linguist=pick((None, "a_linguist")),
    )
    seen = [name for name in made.observed if made.observed[name]]
    for name in seen:
        made.add(footage.PersonMark, id=made.name("P"), footage=name, role="apparent_captive")
        made.add(
            footage.TimeClaim,
            id=made.name("T"),
            footage=name,
            kind="recording",
            edtf=pick(("../2024-02-20", "2024-02-25")),
            by="a spokesman",
        )
        kinds = made.random.sample(("flag", "armband_colour", "language_spoken"), made.random.randint(0, 3))
        indicators = tuple(
            made.add(
                footage.Indicator,
                id=made.name("ID"),
                footage=name,
                group="captors",
                kind=kind,
                points_to=made.sides[0],
            )
            for kind in kinds
        )
        graded = ("no_indicator", "single_indicator", "several_concordant", "several_concordant")[len(kinds)]
        made.add(
            footage.Affiliation,
            group="captors",
            grade=graded,
            indicators=indicators,
            side_claimed=made.sides[0],
        )
    made.add(
        footage.PlaceClaim,
        id="PC1",
        name_original="a village",
        kind="said_in_footage",
        place_role="place_of_operation",
    )
    made.add(
        footage.PlaceMatch,
        id="PL1",
        claim="PC1",
        place_role="place_of_operation",
        lat=50.0,
        lon=36.0,
        radius_km=1,
        match="candidate",
        by="an_analyst",
        reason="the name is heard",
    )
    miles = made.random.randint(5, 50)
    made.add(
        footage.DistanceCheck,
        id="DC1",
        claim=footage.DistanceClaim(
            original=f"roughly {miles} miles",
            value=miles,
            unit="mi",
            qualifier="roughly",
            tolerance_pct=(-25, 25),
        ),
        from_="PC1",
        to="a border",
        computed=(
            footage.ComputedDistance(
                dataset="a set of 2024",
                km=miles * 1.609 * made.random.uniform(0.76, 1.24),
                result="within_tolerance",
            ),
            footage.ComputedDistance(
                dataset="another set", km=miles * 1.609 * made.random.uniform(1.3, 3), result="inconsistent"
            ),
        ),
    )
    relayed, relay = source(made, "interview"), made.name("SR")
    made.add(evidence.Source, id=relay, kind="media_report", relays=relayed)
    grade(made, relayed, "B", 3)
    grade(made, relay, pick("BCDEF"), made.random.randint(3, 6))
    official = made.name("SR")
    made.add(evidence.Source, id=official, kind="official_statement", party=made.sides[0])
    grade(made, official, "C", made.random.randint(3, 6))
    made.add(case.Lead, id="LE1", about="U1", kind="speech", value="my leg")
    made.add(
        case.Deletion,
        id="DE1",
        what="U1",
        retention_decision="by the plan of 2024",
        signatures=("one", "two"),
        at=NOW,
    )
    made.add(case.Assignment, id="AS1", person="person_analyst_1", role="analyst_1", on="PC1")
    made.add(
        case.Assignment,
        id="AS2",
        person="somebody_else",
        role="analyst_2",
        on="PC1",
        conflict_of_interest="comes from there",
        ended_because="declared it",
    )
    if seen:
        sealed = made.name("IT")
        made.add(
            evidence.Item,
            id=sealed,
            sha256=DIGEST,
            footage=seen[0],
            ledger_index=1,
            fixity=(evidence.Fixity(checked_at=NOW, sha256=DIGEST),),
            sexual_violence_indicator=True,
            access="sealed",
        )
        made.add(
            footage.Observation,
            id=made.name("O"),
            footage=seen[0],
            t=segment(made, sealed),
            modality="visual",
            act="sexual_violence_indicator",
            hedge="H1_appears",
            access="sealed",
        )


def allowed_exceptions(made: Builder) -> None:
    """What looks forbidden and is not: it has what the rule asks for, or it is out of force."""
    seen = next((name for name in made.observed if made.observed[name]), None)
    if seen is not None:
        item = next(
            each for each in made.entities if isinstance(each, evidence.Item) and each.footage == seen
        ).id
        doctor = review(made, seen, "medical_expert", consistency="consistent_with")
        wound = made.add(
            footage.Observation,
            id=made.name("O"),
            footage=seen,
            t=segment(made, item),
            modality="visual",
            injury=footage.Injury(
                region="knee",
                timing="unknown",
                cause="gunshot",
                consistency="consistent_with",
                medical_review=doctor,
            ),
            count=footage.Count(min=2, basis="simultaneously_visible"),
            hedge="H1_appears",
        )
        heard = made.add(
            footage.Observation,
            id=made.name("O"),
            footage=seen,
            t=segment(made, item),
            modality="audible",
            act=made.random.choice(("discharge_heard_off_camera", "threatening")),
            count=footage.Count(min=1, basis="stated_by_speaker"),
            hedge="H1_appears",
        )
        made.add(
            case.Lead,
            id=made.name("LX"),
            about=item,
            kind="speech",
            value="a shot",
            accepted_as=heard,
            accepted_by="x",
        )
        rendered = publication.RenderedCount(
            observations=(wound, heard), rendered_min=3, summed=True, distinctness="K0"
        )
        by_claim = verification.Claim(
            id="K0", date="2024-03-01", by="a medic", kind="allegation", gist="others", about=seen
        )
        made.entities.append(by_claim)
        sentences = (
            publication.Sentence(
                id="s1",
                text="Wounds",
                level="H2_consistent",
                asserts=("cause_of_injury",),
                evidence=(wound, doctor),
            ),
            publication.Sentence(
                id="s2", text="Three", level="H1_appears", asserts=("count",), counts=(rendered,)
            ),
            publication.Sentence(
                id="s3",
                text="A crime, he says",
                level="H0_alleged",
                asserts=("legal_character",),
                evidence=("K0",),
            ),
        )
        masked = made.add(
            publication.Redaction,
            id=made.name("RD"),
            item=item,
            masks=("metadata",),
            method="resynthesis",
            approved_by="an_approver",
            checked_by="an_officer",
        )
        shown = publication.Exposed(
            item=item,
            redaction=masked,
            identifiable_captive=True,
            exception="the family asks for it",
            signatures=("an_approver", "an_officer"),
        )
        made.add(publication.Release, id=made.name("RX"), title="Draft", sentences=sentences, media=(shown,))
    flat = publication.Sentence(id="s1", text="They shot them", asserts=("act",))
    made.add(
        publication.Release, id=made.name("RX"), title="Taken back", status="withdrawn", sentences=(flat,)
    )
    flagged = made.add(
        publication.Release, id=made.name("RX"), title="In doubt", status="flagged", sentences=(flat,)
    )
    made.add(accountability.Correction, id=made.name("CO"), release=flagged, because="a review was withdrawn")
    named = made.add(
        evidence.Source,
        id=made.name("SR"),
        kind="official_statement",
        party=made.sides[0],
        private_name="x",
        access="sealed",
    )
    made.add(
        evidence.SourceGrade,
        id=made.name("GR"),
        source=named,
        source_reliability="B",
        information_credibility=2,
        by="grader",
        at="2024-03-01",
        reason="it speaks against itself",
        against_own_interest=True,
    )
    made.add(evidence.Capture, id="CA9", url="https://example.org/9", at=NOW)
    made.add(
        accountability.Statement,
        id="S9",
        speaker="a judge",
        body=NEWSROOM,
        kind="finding",
        date="2024-03-05",
        standard="beyond_reasonable_doubt",
        quote="guilty",
        capture="CA9",
    )
    made.add(
        accountability.RequestForComment,
        id="RFC9",
        by=BODY,
        to=made.sides[0],
        allegation="AL1",
        sent="2024-03-01",
        deadline="2024-03-02T12:00:00+00:00",
        short_deadline_because="people are in danger",
        status="not_sought_with_reason",
        reason="people are in danger",
    )

"""The last parts of a generated case, and the whole of it: details of every kind, releases."""

import random
from typing import Any

from tests.engines.method.generated import DIGEST, NOW, Builder, Plan, grade, make_footage, parties, segment
from tests.engines.method.generated_work import finding, source, work_of_accountability
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities import accountability, case, evidence, footage, publication, verification


def build(plan: Plan) -> CaseFile:
    """The case of a plan."""
    made = Builder(plan, random.Random(plan.seed))  # noqa: S311 - no secret, and the same for each seed
    parties(made)
    for number, kind in enumerate(plan.footage):
        make_footage(made, kind, number)
    for number, standard in enumerate(plan.findings):
        finding(made, standard, number)
    if plan.accountability:
        work_of_accountability(made)
    if plan.details:
        details(made)
    for _ in range(plan.releases):
        release(made)
    return CaseFile.of_entities("generated", made.entities, "2024-03-10")


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


def release(made: Builder) -> None:
    """A release with a sentence on each step of the ladder that the case carries."""
    name = made.name("RL")
    sentences: list[publication.Sentence] = []

    def say(**fields: Any) -> None:
        number = len(sentences) + 1
        sentences.append(publication.Sentence(id=f"s{number}", text=f"Sentence {number}", **fields))

    for family, observations in made.observed.items():
        if not observations:
            continue
        say(level="H1_appears", asserts=("act", "injury", "affiliation"), evidence=tuple(observations))
        say(
            level="H0_alleged",
            asserts=("act",),
            evidence=(family,),
            sources_counted=(family,),
            source_count=1,
        )
        counted = made.of(footage.Observation, observations[0]).count
        if counted is not None and counted.min is not None:
            rendered = publication.RenderedCount(
                observations=(observations[0],), rendered_min=counted.min, exact=counted.min == counted.max
            )
            say(level="H1_appears", asserts=("count",), counts=(rendered,))
        if made.families[family] in ("verified", "arbitrated"):
            say(
                level="H4_established",
                asserts=("place", "time"),
                aspects_named=("location", "date"),
                says_verified=(family,),
                evidence=(family,),
            )
    say(
        level="H3_likelihood",
        asserts=("time",),
        likelihood="likely",
        scale="icd203",
        evidence=("AL1",),
    )
    say(level="H6_adjudicated", court_record="record 1/24", quotation="it was so", capture=_capture(made))
    for finding_name in made.findings:
        found = made.of(verification.Finding, finding_name)
        if found.standard == "reasonable_grounds_to_suspect" or found.access == "sealed":
            continue
        say(
            level="H5_finding",
            asserts=("act", "affiliation"),
            finding=finding_name,
            parties_named=tuple(made.sides),
        )
        say(
            level="H5_finding",
            asserts=("legal_character",),
            provision="GC3-13",
            finding=finding_name,
        )
    if made.plan.accountability:
        say(level="H0_alleged", statement="S1", parties_named=tuple(made.sides) if made.maybe() else ())
        said = made.of(accountability.Commitment, "CM1")
        say(level="H0_alleged", commitment="CM1", says_opened=said.legal_step is not None)
    if made.plan.details:
        say(level="H0_alleged", utterance="U1", evidence=("U1",))
        say(level="H2_consistent", asserts=("place",), evidence=("DC1",))
        say(level="H1_appears", place="PC1", place_used_as="place_of_operation", evidence=("PC1",))
    items = [each.id for each in made.entities if isinstance(each, evidence.Item) and each.access != "sealed"]
    media: tuple[publication.Exposed, ...] = ()
    if items:
        item = made.random.choice(items)
        masked = made.add(
            publication.Redaction,
            id=made.name("RD"),
            item=item,
            sha256=DIGEST,
            masks=("face", "voice", "metadata"),
            method=made.random.choice(("solid", "resynthesis")),
            approved_by="an_approver",
            checked_by="an_officer",
        )
        media = (publication.Exposed(item=item, redaction=masked),)
    made.add(
        publication.Release,
        id=name,
        title="What is known",
        status=made.random.choice(("approved", "released")),
        sentences=tuple(sentences),
        media=media,
        observations=tuple(each for seen in made.observed.values() for each in seen),
        conflicts_shown=tuple(made.open_conflicts)
        + tuple(x for each in made.irreducible.values() for x in each),
        names_parties=tuple(made.sides),
        comment=tuple(f"RFC{number + 1}" for number in range(made.plan.sides)),
        approver="an_approver",
        protection_officer="an_officer",
        at=NOW,
    )


def _capture(made: Builder) -> str:
    return made.add(evidence.Capture, id=made.name("CA"), url="https://example.org/2", at=NOW)

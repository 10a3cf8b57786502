"""The whole of a generated case, and its releases."""

import random
from typing import Any

from tests.engines.method.generated import (
    DIGEST,
    NOW,
    Builder,
    Plan,
    make_footage,
    parties,
)
from tests.engines.method.generated_details import allowed_exceptions, details
from tests.engines.method.generated_work import finding, work_of_accountability
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities import accountability, evidence, footage, publication, verification


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
        allowed_exceptions(made)
    for _ in range(plan.releases):
        release(made)
    return CaseFile.of_entities("generated", made.entities, "2024-03-10")


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
                observations=(observations[0],),
                rendered_min=counted.min,
                rendered_max=counted.max,
                exact=counted.min == counted.max,
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
            asserts=("act",) if found.scope == "incident_facts" else ("act", "affiliation"),
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

"""Machine output: a lead until a person accepts it at a segment."""

from collections.abc import Iterator

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.case import Lead
from videtur.engines.method.entities.evidence import Source, SourceGrade
from videtur.engines.method.entities.footage import Observation
from videtur.engines.method.entities.verification import Finding, Hypothesis, Review
from videtur.engines.method.rules.rule import Rule, Violation
from videtur.engines.method.rules.sentences import sentences


def _f14(case: CaseFile) -> Iterator[Violation]:
    for name, observation in case.named(Observation).items():
        if observation.lead_origin == "machine" and not (observation.accepted_by and observation.t):
            yield _broken(
                name,
                "A machine's output stands as an observation that no person accepted at a time code",
                "Have a person look at the segment and accept it, or keep it as a lead",
            )
    for name, review in case.named(Review).items():
        if review.by_machine:
            yield _broken(name, "A machine stands as a reviewer", "Have a person review it")
    for name, lead in case.named(Lead).items():
        if lead.accepted_as is not None and not lead.accepted_by:
            yield _broken(name, "It was accepted by nobody", "Name the person who accepted it")
    for where, names in _uses(case):
        for name in names:
            lead, source = case.get(Lead, name), case.get(Source, name)
            if lead is not None and lead.origin == "machine" and lead.accepted_as is None:
                yield _broken(
                    f"{where} {name}",
                    f"It rests on {name}, a machine's lead that no person accepted",
                    "Rest it on the observation that a person makes of it",
                )
            elif source is not None and source.kind == "machine":
                yield _broken(
                    f"{where} {name}",
                    f"It takes {name}, a machine's output, as a source",
                    "Name the source that the machine worked on",
                )


def _broken(where: str, why: str, remedy: str) -> Violation:
    return Violation("F14", where, why, remedy)


def _uses(case: CaseFile) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, finding in case.named(Finding).items():
        yield name, (*finding.sources, *finding.observations)
    for name, grade in case.named(SourceGrade).items():
        yield name, grade.independent_origins
    for name, review in case.named(Review).items():
        yield name, review.evidence
    for name, hypothesis in case.named(Hypothesis).items():
        weighed = (*hypothesis.evidence_for, *hypothesis.evidence_against)
        yield name, tuple(each.evidence for each in weighed)
    for said in sentences(case):
        where = f"{said.release.id} sentence {said.sentence.id}"
        yield where, tuple(dict.fromkeys((*said.sentence.evidence, *said.sentence.sources_counted)))


RULES = (
    Rule(
        "F14",
        "domain model, sections 4 and 14",
        True,
        "A machine gives leads; it observes nothing, is no source and reviews nothing",
        _f14,
    ),
)

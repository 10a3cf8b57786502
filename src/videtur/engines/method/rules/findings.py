"""Findings: a standard of proof is reached through its gate or not at all (domain model, section 7)."""

from collections.abc import Iterator

from videtur.engines.method import vocabulary
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.accountability import Statement
from videtur.engines.method.entities.case import Allegation, VerificationState
from videtur.engines.method.entities.evidence import Source
from videtur.engines.method.entities.verification import Finding
from videtur.engines.method.gates import BELIEVE, gate_in_force, standard_carried
from videtur.engines.method.independence import independent_origins
from videtur.engines.method.rules.rule import Rule, Violation

_COURTS_ONLY = "beyond_reasonable_doubt"
_RANK_OF_BELIEF = vocabulary.rank_of_standard(BELIEVE)


def _approved(case: CaseFile, least: int) -> Iterator[tuple[str, Finding]]:
    for name, finding in case.named(Finding).items():
        rank = vocabulary.rank_of_standard(finding.standard)
        if finding.status == "approved" and rank >= least and finding.standard != _COURTS_ONLY:
            yield name, finding


def _f06(case: CaseFile) -> Iterator[Violation]:
    for name, _ in _approved(case, _RANK_OF_BELIEF):
        for condition in gate_in_force(case, name).unmet:
            if condition.id == "blind_reviews":
                yield Violation("F06", name, condition.missing.capitalize(), condition.remedy)
    for name, allegation in case.named(Allegation).items():
        yield from _without_finding(case, name, allegation.standard, standard_carried(case, name))
    state = case.one(VerificationState)
    if state is not None:
        reached = [standard_carried(case, name) for name in case.named(Allegation)]
        highest = max(reached, key=vocabulary.rank_of_standard, default="none")
        yield from _without_finding(case, "verification_state", state.standard, highest)


def _without_finding(case: CaseFile, where: str, standard: str, carried: str) -> Iterator[Violation]:
    rank = vocabulary.rank_of_standard
    if standard != _COURTS_ONLY and rank(standard) > rank(carried):
        yield Violation(
            "F06",
            where,
            f"It stands at {standard.replace('_', ' ')} with no approved finding at that standard",
            "Draft a finding, bring it through the gate, and raise the standard when it is approved",
        )


def rests_on_one_recording(case: CaseFile, finding: Finding) -> bool:
    """Whether nothing independent stands beside the one recording of a finding (predicate I1)."""
    families = set(finding.footage)
    families.update(
        source.footage for name in finding.sources if (source := case.get(Source, name)) and source.footage
    )
    origins = independent_origins(case, (*finding.footage, *finding.sources))
    return len(families) == 1 and len(origins) < 2


def _f07(case: CaseFile) -> Iterator[Violation]:
    for name, finding in _approved(case, _RANK_OF_BELIEF):
        if rests_on_one_recording(case, finding):
            yield Violation(
                "F07",
                name,
                "It rests on one recording, and nothing beside it is recorded as independent",
                "Add an independent origin of another kind, and record why it is independent",
            )


def _f13(case: CaseFile) -> Iterator[Violation]:
    stated = [
        *((name, finding.standard) for name, finding in case.named(Finding).items()),
        *((name, allegation.standard) for name, allegation in case.named(Allegation).items()),
        *((name, state.standard) for name, state in case.named(VerificationState).items()),
        *(
            (name, statement.standard)
            for name, statement in case.named(Statement).items()
            if not (statement.quote and statement.capture)
        ),
    ]
    for name, standard in stated:
        if standard == _COURTS_ONLY:
            yield Violation(
                "F13",
                name,
                "It is set to beyond reasonable doubt, which only a court finds",
                "Quote the court's record with its reference, and leave the standard to it",
            )


def i12(case: CaseFile) -> Iterator[Violation]:
    """A finding weighs at least two hypotheses, staging and a mix-up of parties among them."""
    for name, _ in _approved(case, _RANK_OF_BELIEF):
        for condition in gate_in_force(case, name).unmet:
            if condition.id == "hypotheses":
                yield Violation("I12", name, condition.missing, condition.remedy)


_HAVE_THEIR_OWN_RULE = ("blind_reviews", "hypotheses", "courts_only")


def _gates(case: CaseFile) -> Iterator[Violation]:
    for name, finding in _approved(case, 0):
        for condition in gate_in_force(case, name).unmet:
            told = condition.id in _HAVE_THEIR_OWN_RULE
            if told or (condition.id == "basis" and rests_on_one_recording(case, finding)):
                continue
            yield Violation(
                "M7.gate",
                name,
                f"It is approved although {condition.missing}",
                f"{condition.remedy}; until then it goes back to review",
            )


def _state(case: CaseFile) -> Iterator[Violation]:
    state = case.one(VerificationState)
    for name in state.findings if state is not None else ():
        finding = case.get(Finding, name)
        if finding is not None and finding.status != "approved":
            yield Violation(
                "M7.state",
                "verification_state",
                f"It lists {name}, which is {finding.status.replace('_', ' ')}",
                "List approved findings only",
            )


_MODEL = "domain model, sections 7 and 14"
RULES = (
    Rule(
        "F06",
        f"{_MODEL}; the phrase is the UN's, the gate is ours",
        True,
        "Reasonable grounds to believe needs a finding on which two blind reviews concur",
        _f06,
    ),
    Rule("F07", _MODEL, True, "One recording alone never gives reasonable grounds to believe", _f07),
    Rule("F13", _MODEL, True, "Only a court finds something beyond reasonable doubt", _f13),
)
FURTHER = (
    Rule("M7.gate", _MODEL, True, "An approved finding meets every condition of its gate", _gates),
    Rule("M7.state", _MODEL, True, "The state of the verification lists approved findings only", _state),
)

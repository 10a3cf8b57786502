"""Hypotheses of a finding beside their evidence: analysis of competing hypotheses (Heuer 1999, chapter 8)."""

from dataclasses import dataclass
from typing import Literal

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.verification import Finding, Hypothesis, Weighed
from videtur.errors import WrongUsage

Bearing = Literal["for", "against"] | None
ALWAYS = ("staged_or_false_context", "party_mix_up")
"""The two explanations that every finding weighs, whatever the footage seems to show."""
FEWEST = 2


@dataclass(frozen=True, slots=True)
class Row:
    """One piece of evidence: how it bears on each hypothesis, and why."""

    evidence: str
    bearing: dict[str, Bearing]
    why: dict[str, str]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The hypotheses of a finding, and a row for each piece of evidence that was weighed."""

    finding: str
    hypotheses: tuple[Hypothesis, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Lack:
    """Something the hypotheses of a finding still need."""

    hypothesis: str
    missing: str
    remedy: str


def matrix(case: CaseFile, finding: str) -> Matrix:
    """The hypotheses of a finding beside their evidence. Raises WrongUsage when there is no such finding."""
    if case.get(Finding, finding) is None:
        raise WrongUsage(f"There is no finding {finding!r} in the case")
    hypotheses = hypotheses_of(case, finding)
    rows: dict[str, Row] = {}
    for hypothesis in hypotheses:
        sides: tuple[tuple[Bearing, tuple[Weighed, ...]], ...] = (
            ("for", hypothesis.evidence_for),
            ("against", hypothesis.evidence_against),
        )
        for bearing, weighed in sides:
            for each in weighed:
                row = rows.setdefault(each.evidence, Row(each.evidence, {}, {}))
                row.bearing[hypothesis.id] = bearing
                if each.why:
                    row.why[hypothesis.id] = each.why
    for row in rows.values():
        for hypothesis in hypotheses:
            row.bearing.setdefault(hypothesis.id, None)
    return Matrix(finding, hypotheses, tuple(rows.values()))


def hypotheses_of(case: CaseFile, finding: str) -> tuple[Hypothesis, ...]:
    """The hypotheses that are weighed for a finding, in their order."""
    return case.once(_by_finding).get(finding, ())


def lacks(case: CaseFile, finding: str) -> tuple[Lack, ...]:
    """What the hypotheses of a finding lack: two at least, the two that always belong, and an examination.

    Each has evidence for or against it, or was examined and nothing was found; one that nobody examined
    is a name and no hypothesis.
    """
    found = hypotheses_of(case, finding)
    missing: list[Lack] = []
    kinds = {hypothesis.kind for hypothesis in found}
    if len(found) < FEWEST:
        missing.append(
            Lack(
                "", f"{len(found)} of at least {FEWEST} hypotheses are recorded", "Record another explanation"
            )
        )
    for kind in ALWAYS:
        if kind not in kinds:
            words = kind.replace("_", " ")
            missing.append(Lack("", f"no hypothesis of the kind {words}", f"Weigh whether it is: {words}"))
    missing.extend(
        Lack(
            hypothesis.id,
            f"{hypothesis.id} has no evidence for or against it and is not examined",
            f"Weigh evidence for and against {hypothesis.id}, or record that none was found",
        )
        for hypothesis in found
        if not hypothesis.examined and not hypothesis.evidence_for and not hypothesis.evidence_against
    )
    return tuple(missing)


def _by_finding(case: CaseFile) -> dict[str, tuple[Hypothesis, ...]]:
    found: dict[str, list[Hypothesis]] = {}
    for hypothesis in case.all(Hypothesis):
        found.setdefault(hypothesis.finding, []).append(hypothesis)
    return {finding: tuple(each) for finding, each in found.items()}

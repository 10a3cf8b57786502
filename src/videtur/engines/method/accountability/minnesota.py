"""How a state's investigation stands to the Minnesota Protocol.

The Protocol on the Investigation of Potentially Unlawful Death (OHCHR, 2016) asks an investigation to be
prompt, effective and thorough, independent and impartial, and transparent, with the victims' families taking
part. The questions are our words for that, from memory of the text; a lawyer has yet to compare them. An
answer without evidence counts as unknown.
"""

from dataclasses import dataclass
from typing import Any, Literal

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.accountability import Commitment, Investigation

Answer = Literal["yes", "no", "unknown"]

QUESTIONS: dict[str, str] = {
    "prompt": "Did it begin soon after the facts were known, and does it go on without delay?",
    "effective": "Can it find out what happened and who is responsible, with the powers that needs?",
    "thorough": "Are all witnesses heard, and all traces, records and recordings secured and examined?",
    "independent": "Do those who investigate stand outside the units and commanders concerned?",
    "impartial": "Does it look at all explanations, whatever side the victims and suspects are on?",
    "transparent": "Are its steps and results open to the public as far as the inquiry allows?",
    "victims_involved": "Are victims or their families informed, heard and protected?",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """One question with its answer. `given` is what was written, before evidence was asked for."""

    criterion: str
    question: str
    answer: Answer
    given: Answer
    evidence: str | None
    remark: str

    def as_json(self) -> dict[str, Any]:
        """What a page shows."""
        return {
            "criterion": self.criterion,
            "question": self.question,
            "answer": self.answer,
            "given": self.given,
            "evidence": self.evidence,
            "remark": self.remark,
        }


def checklist(case: CaseFile, commitment: Commitment) -> tuple[Checked, ...]:
    """The seven questions for the investigation that a commitment led to; unknown where nobody judged."""
    found = commitment.investigation or Investigation()
    return tuple(_checked(case, found, criterion) for criterion in QUESTIONS)


def _checked(case: CaseFile, found: Investigation, criterion: str) -> Checked:
    given: Answer = getattr(found, criterion)
    evidence = found.evidence.get(criterion)
    answer, remark = given, ""
    if given != "unknown" and evidence is None:
        answer, remark = "unknown", f'"{given}" was written without evidence, so it counts as unknown'
    elif given != "unknown" and evidence is not None and case.find(evidence) is None:
        answer, remark = "unknown", f"{evidence} is not in the case, so the answer counts as unknown"
    return Checked(criterion, QUESTIONS[criterion], answer, given, evidence, remark)

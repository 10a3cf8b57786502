"""Promises and what came of them. A promise is no opened case until an authority's step is evidenced."""

from videtur.accountability.steps import action, given_needs, require_step
from videtur.cases.access import get_visible
from videtur.cases.case_file import case_file_of
from videtur.cases.entities import ForbiddenState, Written, put_all
from videtur.cases.models import Case
from videtur.cases.revision import revised
from videtur.cases.roles import ANALYSTS
from videtur.cases.rules import require_role
from videtur.cases.saving import save
from videtur.engines.method.entities.accountability import Commitment, Investigation, LegalStep
from videtur.engines.method.entities.base import Entity
from videtur.engines.method.rules.rule import Violation
from videtur.engines.method.vocabulary import words
from videtur.errors import WrongUsage
from videtur.ledger.services import exclusively
from videtur.people.models import User

_JUDGING = ANALYSTS | {"case_lead", "legal_reviewer"}
_QUESTIONS = tuple(name for name in Investigation.model_fields if name not in ("evidence", "unquoted"))


def add_commitment(user: User, case: Case, commitment: Commitment) -> Commitment:
    """Record a promise. Whoever made it, it begins at announced."""
    save(user, case, commitment)
    return commitment


def move_commitment(
    user: User,
    case: Case,
    commitment: str,
    status: str,
    because: str,
    evidence: str | None = None,
    legal_step: LegalStep | None = None,
    date: str | None = None,
) -> Commitment:
    """Record what became of a promise, with what shows it."""
    with exclusively():
        present = get_visible(user, case, Commitment, commitment)
        step = legal_step if legal_step is not None and (legal_step.number or legal_step.notice) else None
        notice = legal_step.notice if legal_step is not None else None
        needs = given_needs(because=because.strip(), evidence=evidence or notice, date=date, legal_step=step)
        require_step(user, case, "commitment", commitment, present.status, status, needs)
        moved = revised(present, status=status)
        if legal_step is not None:
            moved = revised(moved, legal_step=legal_step.as_json())
        if status == "withdrawn":
            moved = revised(moved, withdrawn_because=because.strip())
        told = action(
            user, case_file_of(case), commitment, status, because.strip(), evidence=evidence, date=date
        )
        put_all(user.actor, case, "accountability.commitment.moved", [Written(moved), Written(told)])
    return moved


def judge_investigation(
    user: User, case: Case, commitment: str, investigation: Investigation, outcome: str | None
) -> Commitment:
    """Hold a State's investigation against the checklist of the Minnesota Protocol, answer by answer.

    An answer that is not "unknown" needs its evidence; an outcome needs to have been reported.
    """
    require_role(user, case, _JUDGING, "judge an investigation")
    if outcome is not None and outcome not in words("outcome"):
        raise WrongUsage(f"{outcome!r} is no outcome", remedy=f"Use one of: {', '.join(words('outcome'))}")
    with exclusively():
        present = get_visible(user, case, Commitment, commitment)
        missing = [
            Violation(
                "minnesota",
                f"{commitment} {question}",
                f"The answer to “{question.replace('_', ' ')}” rests on nothing",
                "Name its evidence, or leave it at unknown",
            )
            for question in _QUESTIONS
            if getattr(investigation, question) in ("yes", "no") and question not in investigation.evidence
        ]
        if outcome not in (None, "unknown") and present.status != "outcome_reported":
            missing.append(
                Violation(
                    "minnesota",
                    f"{commitment} outcome",
                    "No outcome is reported yet",
                    "Record first, with evidence, that an outcome was reported",
                )
            )
        whole = case_file_of(case)
        missing += [
            Violation("reference", commitment, f"{name!r} is not in the case", "Name something that is")
            for name in investigation.evidence.values()
            if whole.find(name) is None
        ]
        if missing:
            raise ForbiddenState(missing)
        judged = revised(present, investigation=investigation.as_json())
        if outcome is not None:
            judged = revised(judged, outcome=outcome)
        told = action(user, whole, commitment, None, "The investigation was judged by the checklist")
        written: list[Entity] = [judged, told]
        put_all(user.actor, case, "accountability.investigation.judged", map(Written, written))
    return judged

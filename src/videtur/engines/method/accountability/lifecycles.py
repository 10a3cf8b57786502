"""The lives of a call, a commitment and a request for comment (domain model, section 10).

The orders of steps are house rules. Nothing takes a step by itself: each needs what its step names here.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from videtur.engines.method import vocabulary
from videtur.errors import WrongUsage

Need = Literal["because", "evidence", "date", "legal_step", "text", "deadline", "reply", "deadline_passed"]

SENTENCES: Mapping[Need, str] = {
    "because": "a reason",
    "evidence": "what shows it: a statement, claim, follow-up or document in the case",
    "date": "the day on which it happened",
    "legal_step": "the authority, and a number or a published notice",
    "text": "a text with enough detail to answer, without source and without unmasked picture",
    "deadline": "a deadline with its time zone",
    "reply": "the gist of the reply",
    "deadline_passed": "a deadline that has passed",
}


@dataclass(frozen=True, slots=True)
class Step:
    """A step that may be taken: who may take it and what it needs."""

    before: str
    after: str
    needs: tuple[Need, ...]
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Lifecycle:
    """All steps of one kind of thing."""

    kind: str
    words: tuple[str, ...]
    steps: Mapping[tuple[str, str], Step]

    def step(self, before: str, after: str) -> Step | None:
        """The step between two states, or None when there is none."""
        return self.steps.get((before, after))

    def after(self, before: str) -> tuple[str, ...]:
        """The states that may follow, in the order of the vocabulary."""
        return tuple(word for word in self.words if (before, word) in self.steps)


_LEAD = ("case_lead",)
_DESK = ("case_lead", "analyst_1", "analyst_2")
_APPROVES = ("publication_approver", "case_lead")
_SEEN: tuple[Need, ...] = ("because", "evidence")


def _lifecycle(
    kind: str, vocabulary_name: str, table: Mapping[str, str], needs: Mapping[str, tuple[Need, ...]]
) -> Lifecycle:
    words = vocabulary.words(vocabulary_name)
    steps: dict[tuple[str, str], Step] = {}
    for before, line in table.items():
        for after in line.split():
            roles = _APPROVES if after == "approved" else _LEAD if after in ("issued", "sent") else _DESK
            steps[before, after] = Step(before, after, needs.get(after, ("because",)), roles)
    return Lifecycle(kind, words, steps)


CALL = _lifecycle(
    "call",
    "call_status",
    {
        "drafted": "approved superseded",
        "approved": "drafted issued superseded",
        "issued": "acknowledged accepted refused no_response action_evidenced superseded",
        "no_response": "acknowledged accepted refused action_evidenced unsatisfied superseded",
        "acknowledged": "accepted refused action_evidenced unsatisfied superseded",
        "accepted": "refused action_evidenced unsatisfied superseded",
        "refused": "accepted action_evidenced unsatisfied superseded",
        "action_evidenced": "satisfied partly_satisfied unsatisfied superseded",
        "partly_satisfied": "action_evidenced satisfied unsatisfied superseded",
        "unsatisfied": "action_evidenced superseded",
        "satisfied": "superseded",
    },
    {
        "issued": ("date", "text"),
        "acknowledged": _SEEN,
        "accepted": _SEEN,
        "refused": _SEEN,
        "action_evidenced": _SEEN,
        "satisfied": _SEEN,
        "partly_satisfied": _SEEN,
        "unsatisfied": _SEEN,
    },
)
"""A call, for each addressee by itself. What is unsatisfied reopens with new evidence."""

COMMITMENT = _lifecycle(
    "commitment",
    "commitment_status",
    {
        "announced": "repeated legal_step_evidenced in_progress_evidenced outcome_reported "
        "contradicted_by_same_side stale withdrawn",
        "repeated": "legal_step_evidenced in_progress_evidenced outcome_reported "
        "contradicted_by_same_side stale withdrawn",
        "legal_step_evidenced": "in_progress_evidenced outcome_reported contradicted_by_same_side "
        "stale withdrawn",
        "in_progress_evidenced": "legal_step_evidenced outcome_reported contradicted_by_same_side "
        "stale withdrawn",
        "contradicted_by_same_side": "repeated legal_step_evidenced in_progress_evidenced outcome_reported "
        "stale withdrawn",
        "stale": "repeated legal_step_evidenced in_progress_evidenced outcome_reported "
        "contradicted_by_same_side withdrawn",
        "withdrawn": "repeated legal_step_evidenced",
        "outcome_reported": "",
    },
    {
        "repeated": _SEEN,
        "legal_step_evidenced": ("because", "legal_step"),
        "in_progress_evidenced": _SEEN,
        "outcome_reported": _SEEN,
        "contradicted_by_same_side": _SEEN,
        "withdrawn": _SEEN,
    },
)
"""A commitment. A promise becomes a legal step by an authority and a number, never by being said again."""

_ANSWERS = "answered_full answered_part answered_off_point declined"
REQUEST = _lifecycle(
    "request",
    "rfc_status",
    {
        "drafted": "approved not_sought_with_reason",
        "approved": "drafted sent not_sought_with_reason",
        "sent": f"delivery_failed acknowledged {_ANSWERS} no_reply_by_deadline",
        "delivery_failed": "sent not_sought_with_reason",
        "acknowledged": f"{_ANSWERS} no_reply_by_deadline",
        "answered_full": "reflected_in_output late_reply",
        "answered_part": "answered_full reflected_in_output late_reply",
        "answered_off_point": "answered_full answered_part reflected_in_output late_reply",
        "declined": "reflected_in_output late_reply",
        "no_reply_by_deadline": "late_reply reflected_in_output",
        "late_reply": f"{_ANSWERS} reflected_in_output",
        "reflected_in_output": "late_reply",
        "not_sought_with_reason": "drafted",
    },
    {
        "sent": ("date", "text", "deadline"),
        "answered_full": ("reply",),
        "answered_part": ("reply",),
        "answered_off_point": ("reply",),
        "late_reply": ("reply", "date"),
        "no_reply_by_deadline": ("deadline_passed",),
        "reflected_in_output": ("evidence",),
        "acknowledged": ("date",),
    },
)
"""A request for comment. A late reply reopens it, and so does a reason that no longer holds."""

LIFECYCLES: Mapping[str, Lifecycle] = {each.kind: each for each in (CALL, COMMITMENT, REQUEST)}


def lifecycle(kind: str) -> Lifecycle:
    """The life of a "call", "commitment" or "request". Raises WrongUsage for anything else."""
    found = LIFECYCLES.get(kind)
    if found is None:
        raise WrongUsage(f"{kind!r} has no life of steps", "", f"Use one of: {', '.join(LIFECYCLES)}")
    return found


def step_allowed(kind: str, before: str, after: str) -> bool:
    """Whether there is a step between the two states."""
    return lifecycle(kind).step(before, after) is not None


def missing(kind: str, before: str, after: str, given: Collection[Need]) -> tuple[str, ...]:
    """What a step still needs, in words; empty when it may be taken. WrongUsage if there is no step."""
    step = lifecycle(kind).step(before, after)
    if step is None:
        allowed = ", ".join(lifecycle(kind).after(before)) or "nothing"
        raise WrongUsage(
            f"A {kind} that is {before} cannot become {after}", "", f"What may follow here: {allowed}"
        )
    return tuple(SENTENCES[need] for need in step.needs if need not in given)

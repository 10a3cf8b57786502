"""Steps of calls, promises and requests: which may come next and what each needs, which were taken."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from videtur.accountability.pages.desk import Choices, referable
from videtur.accountability.pages.order import day_of
from videtur.cases.words import term
from videtur.engines.method.accountability.lifecycles import lifecycle
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities import accountability as entities
from videtur.engines.method.entities.evidence import Capture, Item, Source
from videtur.engines.method.entities.verification import Claim, LaterClaim
from videtur.people.queries import names_of

NEEDS: Mapping[str, object] = {
    "because": gettext_lazy("a reason"),
    "evidence": gettext_lazy("what shows it: a statement, claim, follow-up or document of the case"),
    "date": gettext_lazy("the day on which it happened"),
    "legal_step": gettext_lazy("the authority, and a number or a published notice"),
    "text": gettext_lazy(
        "a text with enough detail to answer, without a source and without an unmasked picture"
    ),
    "deadline": gettext_lazy("a deadline with its time zone"),
    "reply": gettext_lazy("what the reply says"),
    "deadline_passed": gettext_lazy("a deadline that has passed"),
}
"""What a step may need, in the reader's language."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """A status that may come next, what has to be given for it, and the roles that may take the step."""

    status: str
    needs: tuple[str, ...]
    roles: tuple[str, ...]


def next_steps(kind: str, status: str) -> tuple[NextStep, ...]:
    """The statuses to which a person may bring a "call", "commitment" or "request" from here."""
    life = lifecycle(kind)
    steps = ((after, life.step(status, after)) for after in life.after(status))
    return tuple(
        NextStep(after, tuple(str(NEEDS[need]) for need in step.needs), step.roles)
        for after, step in steps
        if step is not None
    )


def roles_of(steps: tuple[NextStep, ...]) -> frozenset[str]:
    """Who may take at least one of the steps."""
    return frozenset(role for step in steps for role in step.roles)


def words_for_steps(kind: str, status: str) -> Choices:
    """The next steps as choices."""
    return [(step.status, term(step.status)) for step in next_steps(kind, status)]


def evidence_of(file: CaseFile) -> Choices:
    """What a step may rest on, as choices."""
    return referable(file, Source, Capture, Item, entities.Statement, Claim, LaterClaim, entities.FollowUp)


def history_of(file: CaseFile, reference: str) -> list[tuple[entities.Action, str]]:
    """What people recorded of a thing, by date, each with the name of who recorded it."""
    found = [action for action in file.all(entities.Action) if action.on == reference]
    names = names_of(action.by for action in found)
    return [(action, names[action.by]) for action in sorted(found, key=lambda each: day_of(each.date))]

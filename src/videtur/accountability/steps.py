"""What every step of a call, a promise or a request has in common."""

from collections.abc import Collection
from datetime import UTC, datetime

from videtur.cases.access import person_of
from videtur.cases.entities import ForbiddenState
from videtur.cases.models import Case
from videtur.cases.revision import next_name
from videtur.cases.rules import require_role
from videtur.engines.method.accountability.lifecycles import Need, lifecycle, missing
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.accountability import Action
from videtur.engines.method.rules.rule import Violation
from videtur.people.models import User


def require_step(
    user: User, case: Case, kind: str, reference: str, before: str, after: str, given: Collection[Need]
) -> None:
    """Let a step pass that may follow, whose taker has the role, and that lacks nothing."""
    step = lifecycle(kind).step(before, after)
    lacks = missing(kind, before, after, given)
    if step is not None:
        require_role(user, case, step.roles, f"move a {kind} from {_words(before)} to {_words(after)}")
    if lacks:
        rule = "F15" if kind == "commitment" and after == "legal_step_evidenced" else "step"
        raise ForbiddenState(
            [Violation(rule, reference, f"{_words(after)} needs {each}", f"Give {each}") for each in lacks]
        )


def action(
    user: User,
    whole: CaseFile,
    on: str,
    becomes: str | None,
    because: str,
    *,
    party: str | None = None,
    evidence: str | None = None,
    date: str | None = None,
) -> Action:
    """The record of a step: who took it, on which day, on what it rests."""
    given = {"party": party, "becomes": becomes, "evidence": evidence}
    return Action.model_validate(
        {
            "id": next_name("AC", whole.references),
            "date": date or today(),
            "by": person_of(user),
            "on": on,
            "because": because,
            **{name: value for name, value in given.items() if value},
        }
    )


def today() -> str:
    """This day, in UTC."""
    return datetime.now(UTC).date().isoformat()


def given_needs(**present: object) -> list[Need]:
    """The needs that something was given for."""
    names: tuple[Need, ...] = (
        "because", "evidence", "date", "legal_step", "text", "deadline", "reply", "deadline_passed",
    )  # fmt: skip
    return [name for name in names if present.get(name)]


def _words(state: str) -> str:
    return state.replace("_", " ")

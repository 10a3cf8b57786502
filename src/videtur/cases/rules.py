"""Who may do what in a case: plain questions, `may_see(user, case)`.

Access follows need: a membership opens one case and no other. An administrator sees all of them, since
the keeper of a workspace holds its files anyway; the ledger says who acted.
"""

from collections.abc import Callable, Collection

from videtur.cases.models import Case
from videtur.cases.queries import roles_in
from videtur.cases.roles import ANALYSTS, EXPERTS, ROLES
from videtur.errors import NotPermitted
from videtur.people.models import User

Rule = Callable[[User, Case], bool]

INTAKE_ROLES = frozenset({"intake_officer", "case_lead"}) | ANALYSTS
OBSERVING_ROLES = frozenset({"case_lead", "arbiter"}) | ANALYSTS | EXPERTS
COPY_ROLES = frozenset({"case_lead", "arbiter"}) | ANALYSTS
REDACTING_ROLES = frozenset({"case_lead", "protection_officer", "arbiter"}) | ANALYSTS
EXPORTING_ROLES = frozenset({"case_lead", "publication_approver"})
MANAGING_ROLES = frozenset({"case_lead"})


def is_administrator(user: User) -> bool:
    """An administrator whose account is open."""
    return user.is_active and user.is_superuser


def _needs_one_of(roles: frozenset[str]) -> Rule:
    def may(user: User, case: Case) -> bool:
        return is_administrator(user) or not roles.isdisjoint(roles_in(user, case))

    return may


may_see = _needs_one_of(frozenset(ROLES))
may_take_in = _needs_one_of(INTAKE_ROLES)
may_observe = _needs_one_of(OBSERVING_ROLES)
may_decide_copies = _needs_one_of(COPY_ROLES)
may_redact = _needs_one_of(REDACTING_ROLES)
may_export = _needs_one_of(EXPORTING_ROLES)
may_manage = _needs_one_of(MANAGING_ROLES)


def require_role(user: User, case: Case, roles: Collection[str], doing: str) -> None:
    """Let a person pass who has one of the roles, or keeps the workspace. Raises NotPermitted.

    `doing` completes the sentence "You may not ...".
    """
    if is_administrator(user) or not roles_in(user, case).isdisjoint(roles):
        return
    asked = " or ".join(role.replace("_", " ") for role in sorted(roles))
    raise NotPermitted(
        f"You may not {doing} in {case.slug}", f"It takes the role of {asked}", "Ask the case lead"
    )

"""Who may see which part of a case: levels of access, and what a reviewer must not know yet.

The four levels are the domain model's; which role opens which is a house rule:

- `public` and `internal` open to everybody who takes part in the case;
- `restricted` (originals, and what tells of a person shown) to all of them but the welfare officer, who
  needs hours of exposure and no material;
- `sealed` (names of private persons, sexual violence, lists of individuals) to the case lead, the
  protection officer and the legal reviewer.

Levels are applied in the query. What a person may not see is not there for them: looking for it by name
says the same as for a name that nobody gave.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar

from videtur.cases.blindness import Reader, for_reader
from videtur.cases.case_file import LEVELS, case_file_of, entity_models, model_of
from videtur.cases.models import Case, CaseEntity
from videtur.cases.queries import roles_in
from videtur.cases.roles import ROLES
from videtur.cases.rules import is_administrator
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.base import Entity
from videtur.engines.method.entities.publication import ExposureLog
from videtur.errors import NotPermitted, WrongUsage
from videtur.people.models import User

_OPENED = {"welfare_officer": "internal", "case_lead": "sealed", "protection_officer": "sealed",
           "legal_reviewer": "sealed"}  # fmt: skip
HIGHEST_LEVEL: Mapping[str, str] = MappingProxyType({role: _OPENED.get(role, "restricted") for role in ROLES})
"""Up to which level a role opens a case (house rule)."""
_E = TypeVar("_E", bound=Entity)


def person_of(user: User) -> str:
    """The name of an account inside entities: that of the ledger, which tells a stranger nothing."""
    return user.actor


def clearance_of(user: User, case: Case) -> frozenset[str]:
    """The levels that are open to a person in a case; none for somebody who takes no part in it."""
    if is_administrator(user):
        return frozenset(LEVELS)
    highest = max((LEVELS.index(HIGHEST_LEVEL[role]) for role in roles_in(user, case)), default=-1)
    return frozenset(LEVELS[: highest + 1])


def case_file_for(user: User, case: Case) -> CaseFile:
    """The case as a person may see it: their levels, and without what a blind review must not know."""
    return for_reader(_open_to(user, case), reader_of(user, case))


def reader_of(user: User, case: Case) -> Reader:
    """The person as the rules of blind review see them."""
    return Reader(person_of(user), frozenset(roles_in(user, case)), is_administrator(user))


def visible_entities(user: User, case: Case, kind: type[Entity]) -> list[CaseEntity]:
    """The present rows of a kind that a person may see, in order; what is masked for them is masked here."""
    model, shown = model_of(kind), case_file_for(user, case).named(kind)
    rows = model.present().filter(case=case.thing, access__in=clearance_of(user, case))
    found = {row.reference: row for row in rows if row.reference in shown}
    for name, row in found.items():
        row.content = shown[name].as_json()
    return [found[name] for name in shown if name in found]


def row_of(user: User, case: Case, reference: str) -> CaseEntity | None:
    """The present row of that name, if the person may see it; None also for what only another app holds."""
    entity = case_file_for(user, case).find(reference)
    if entity is None:
        return None
    rows = visible_entities(user, case, type(entity))
    return next((row for row in rows if row.reference == reference), None)


def history_of(user: User, case: Case, reference: str) -> list[CaseEntity]:
    """All versions of what bears that name, the newest first; nothing for who may not see the present one.

    A version that was closed to the person stays closed. While something is masked for them, its past is
    left out altogether.
    """
    row = row_of(user, case, reference)
    if row is None:
        return []
    present = type(row).present().get(thing=row.thing)
    if present.content != row.content:
        return [row]
    versions = type(row)._default_manager.filter(thing=row.thing, access__in=clearance_of(user, case))
    return list(versions.order_by("-version"))


def get_visible(user: User, case: Case, kind: type[_E], reference: str) -> _E:
    """The entity of that name and kind. Raises WrongUsage where there is none that the person may see."""
    found = case_file_for(user, case).get(kind, reference)
    if found is None:
        section = kind.section.replace("_", " ")
        raise WrongUsage(f"There is no {reference!r} among the {section} of {case.slug}")
    return found


def get_to_change(user: User, case: Case, kind: type[_E], reference: str) -> _E:
    """Like `get_visible`, for who writes its next version.

    Raises NotPermitted where part of it is kept from the person: what they do not see they would delete.
    """
    found = get_visible(user, case, kind, reference)
    require_whole_view(user, case, reference)
    return found


def require_whole_view(user: User, case: Case, reference: str) -> None:
    """Let pass who sees all of what bears that name. Raises NotPermitted."""
    if case_file_for(user, case).find(reference) != case_file_of(case).find(reference):
        raise NotPermitted(
            f"Part of {reference} is kept from you until your review is in",
            remedy="Hand your review in first, or ask the case lead",
        )


def level_of(case: Case, reference: str) -> str | None:
    """At which level the present row of that name stands; None where no table of entities holds it."""
    for model in entity_models():
        row = model.present().filter(case=case.thing, reference=reference).first()
        if row is not None:
            return row.access
    return None


def _open_to(user: User, case: Case) -> CaseFile:
    opened = case_file_of(case, clearance_of(user, case))
    person = person_of(user)
    others = [name for name, log in opened.named(ExposureLog).items() if log.person != person]
    for name in others:
        opened = opened.without(name)
    return opened

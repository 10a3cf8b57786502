"""The steps of a footage family: which items carry it, how its aspects stand, what a person sets aside.

Its status is derived and nobody sets it, but for two states that say why: withdrawn and triaged out.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from videtur.cases.access import get_to_change, get_visible, person_of
from videtur.cases.case_file import case_file_of
from videtur.cases.entities import Written, put_all
from videtur.cases.models import Case
from videtur.cases.reasons import required
from videtur.cases.revision import next_name, revised
from videtur.cases.roles import ANALYSTS
from videtur.cases.rules import require_role
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.accountability import Action
from videtur.engines.method.entities.case import Lead
from videtur.engines.method.entities.evidence import Item
from videtur.engines.method.entities.footage import FootageFamily, Observation
from videtur.engines.method.reviews import reviews_of
from videtur.engines.method.vocabulary import words
from videtur.errors import WrongUsage
from videtur.ledger.services import exclusively
from videtur.people.models import User

_WORKING = ANALYSTS | {"case_lead"}
_SET_BY_PEOPLE = ("withdrawn", "triaged_out")


def open_family(user: User, case: Case, items: Iterable[str] = (), reference: str = "") -> FootageFamily:
    """Begin a family with the items that carry one recording. Nothing is examined yet."""
    require_role(user, case, _WORKING, "open a footage family")
    with exclusively():
        whole = case_file_of(case)
        family = FootageFamily.model_validate(
            {
                "id": reference or next_name("FF", whole.references),
                "kind": "footage_family",
                "items": _free_items(whole, items, reference),
                "access": "restricted",
            }
        )
        if whole.find(family.id) is not None:
            raise WrongUsage(f"There is a {family.id} already", remedy="Choose another name")
        put_all(user.actor, case, "footage.family.opened", [Written(family)])
    return family


def attach_items(user: User, case: Case, family: str, items: Iterable[str]) -> FootageFamily:
    """Say that items carry the recording of a family. An item carries one recording."""
    require_role(user, case, _WORKING, "attach items to footage")
    with exclusively():
        present = get_to_change(user, case, FootageFamily, family)
        found = _free_items(case_file_of(case), items, family)
        kind = "footage_family"  # a place kept for unseen footage becomes footage with its first item
        attached = revised(present, kind=kind, items=list(dict.fromkeys([*present.items, *found])))
        put_all(user.actor, case, "footage.items.attached", [Written(attached)])
    return attached


def set_aspect(user: User, case: Case, family: str, aspect: str, status: str, because: str) -> FootageFamily:
    """Say how an aspect stands, and why. Once there are reviews, aspects follow them and nobody's hand."""
    require_role(user, case, _WORKING, "judge an aspect")
    for word, vocabulary in ((aspect, "aspects"), (status, "aspect_status")):
        if word not in words(vocabulary):
            raise WrongUsage(
                f"{word!r} is not possible", remedy=f"Use one of: {', '.join(words(vocabulary))}"
            )
    with exclusively():
        whole, present = case_file_of(case), get_to_change(user, case, FootageFamily, family)
        if any(review.role in ANALYSTS for review in reviews_of(whole, family).values()):
            raise WrongUsage(
                f"The aspects of {family} follow its reviews", remedy="Review it, or withdraw a review"
            )
        changed = revised(present, aspects={**present.aspects, aspect: status})
        told = _told(user, whole, family, f"{aspect}: {status}", because)
        put_all(user.actor, case, "footage.aspect.judged", [Written(changed), Written(told)])
    return changed


def set_status(user: User, case: Case, family: str, status: str | None, because: str) -> FootageFamily:
    """Withdraw footage or set it aside with a reason; None takes that back."""
    require_role(user, case, {"case_lead", "protection_officer"}, "set footage aside")
    if status is not None and status not in _SET_BY_PEOPLE:
        raise WrongUsage(f"{status!r} is derived", remedy=f"Only these are set: {', '.join(_SET_BY_PEOPLE)}")
    with exclusively():
        whole, present = case_file_of(case), get_to_change(user, case, FootageFamily, family)
        reason = required(because, "Setting footage aside needs a reason")
        changed = revised(present, set_status=status, set_because=reason if status else None)
        told = _told(user, whole, family, status or "taken back", reason)
        put_all(user.actor, case, "footage.family.set_aside", [Written(changed), Written(told)])
    return changed


def close_review(user: User, case: Case, family: str, because: str) -> FootageFamily:
    """Say that the review of footage is over; without enough established it is then inconclusive."""
    require_role(user, case, {"case_lead", "arbiter"}, "close a review")
    with exclusively():
        whole, present = case_file_of(case), get_to_change(user, case, FootageFamily, family)
        changed = revised(present, review_closed=True)
        told = _told(user, whole, family, "review closed", because)
        put_all(user.actor, case, "footage.review.closed", [Written(changed), Written(told)])
    return changed


def accept_lead(user: User, case: Case, lead: str, observation: str) -> Lead:
    """Say that what a machine found is what a person observed, at the observation's segment."""
    require_role(user, case, _WORKING | {"linguist"}, "accept a lead")
    with exclusively():
        present = get_visible(user, case, Lead, lead)
        seen = get_visible(user, case, Observation, observation)
        if seen.t is None:
            raise WrongUsage(
                f"{observation} has no segment", remedy="Observe it at a stretch of an item first"
            )
        accepted = revised(present, accepted_as=observation, accepted_by=person_of(user))
        put_all(user.actor, case, "footage.lead.accepted", [Written(accepted)])
    return accepted


def _free_items(whole: CaseFile, items: Iterable[str], family: str) -> list[str]:
    taken = {item: name for name, each in whole.named(FootageFamily).items() for item in each.items}
    wanted = list(dict.fromkeys(items))
    for item in wanted:
        if whole.get(Item, item) is None:
            raise WrongUsage(f"There is no item {item!r} in the case")
        if taken.get(item, family) != family:
            raise WrongUsage(f"{item} is in {taken[item]} already", remedy="An item carries one recording")
    return wanted


def _told(user: User, whole: CaseFile, on: str, becomes: str, because: str) -> Action:
    return Action(
        id=next_name("AC", whole.references),
        date=datetime.now(UTC).date().isoformat(),
        by=person_of(user),
        on=on,
        becomes=becomes,
        because=required(because, "This needs a reason"),
    )

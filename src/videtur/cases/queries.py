"""Reading cases: which there are, who takes part, and who may see them."""

from django.db.models import QuerySet

from videtur.cases.models import Case, Membership, Party
from videtur.cases.slugs import slug_of
from videtur.errors import WrongUsage
from videtur.people.models import User


def cases() -> "QuerySet[Case]":
    """The present version of every case, by slug."""
    return Case.present().order_by("slug")


def cases_visible_to(user: User) -> "QuerySet[Case]":
    """The cases that a person may see."""
    if not user.is_active:
        return Case.objects.none()
    if user.is_superuser:
        return cases()
    mine = Membership.present().filter(user_id=user.id, active=True).values("case")
    return cases().filter(thing__in=mine)


def find_case(name: str) -> Case | None:
    """The case whose slug or title is `name` (letter case and spacing of a title do not matter)."""
    if case := cases().filter(slug=name).first():
        return case
    folded = fold_title(name)
    return next((case for case in cases() if fold_title(case.title) == folded), None)


def case_named(name: str) -> Case:
    """Like `find_case`; raises WrongUsage when there is none."""
    case = find_case(name)
    if case is None:
        raise WrongUsage(f"There is no case {name!r}", remedy="List them: videtur case list")
    return case


def case_with_slug_of(title: str) -> Case | None:
    """The case that a new case of this title would collide with."""
    return cases().filter(slug=slug_of(title)).first()


def fold_title(title: str) -> str:
    """What two spellings of one title have in common."""
    return " ".join(title.split()).casefold()


def parties_of(case: Case) -> "QuerySet[Party]":
    """The parties of a case, in the one order they are ever shown in: alphabetical."""
    return Party.present().filter(case=case.thing).order_by("code")


def members_of(case: Case) -> "QuerySet[Membership]":
    """Who takes part now, in which role."""
    return Membership.present().filter(case=case.thing, active=True).order_by("role", "entry_index")


def roles_in(user: User, case: Case) -> set[str]:
    """The roles of a person in a case; none for an account that is shut out."""
    if not user.is_active:
        return set()
    return set(members_of(case).filter(user_id=user.id).values_list("role", flat=True))

"""Who does what on which thing of the case: roles given, conflicts of interest declared, roles ended."""

from collections.abc import Mapping

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from videtur.accountability.pages.desk import Act, Desk, desk_for, referable, settle
from videtur.cases.framing import assign, declare_conflict_of_interest, end_assignment
from videtur.cases.models import Case
from videtur.cases.queries import members_of
from videtur.cases.roles import EXCLUSIVE_ON_ONE_ITEM, ROLES
from videtur.cases.words import term
from videtur.engines.method.entities.case import Allegation, Assignment
from videtur.engines.method.entities.evidence import Item
from videtur.engines.method.entities.footage import FootageFamily
from videtur.engines.method.entities.publication import Release
from videtur.engines.method.entities.verification import Finding
from videtur.errors import WrongUsage
from videtur.people.models import User
from videtur.people.queries import names_of

ASSIGNABLE = (FootageFamily, Item, Allegation, Finding, Release)
"""Kinds of thing on which people have roles."""


class Assign(Act):
    """A role on one thing, for somebody who has the role in the case."""

    name = "assign"
    summary = gettext_lazy("Give a role on one thing")
    explained = gettext_lazy(
        "Nobody judges their own work: some pairs of roles exclude one another on one thing."
        " A second analyst is kept blind from here on."
    )
    button = gettext_lazy("Give the role")
    done = gettext_lazy("The role is given.")
    roles = ("case_lead",)

    person = forms.ChoiceField(label=gettext_lazy("Person"))
    role = forms.ChoiceField(label=gettext_lazy("Role"))
    on = forms.ChoiceField(label=gettext_lazy("On what"))

    def fill(self) -> None:
        """Members, roles, and things."""
        self.people = {person.actor: person for person, _roles in members_with_roles(self.desk.case)}
        names = names_of(self.people)
        self.choose("person", sorted(names.items(), key=lambda pair: pair[1].casefold()))
        self.choose("role", [(role, term(role)) for role in ROLES])
        self.choose("on", referable(self.desk.file, *ASSIGNABLE))

    def perform(self) -> None:
        """Give it."""
        person = self.people.get(self.value("person"))
        if person is None:
            raise WrongUsage(_("This person takes no part in the case"))
        assign(self.desk.user, self.desk.case, person, self.value("role"), self.value("on"))


class DeclareInterest(Act):
    """For oneself: why one may not judge a thing."""

    name = "declare"
    summary = gettext_lazy("Declare a conflict of interest of your own")
    explained = gettext_lazy("It bars every role of yours on the thing, and stays in the record.")
    button = gettext_lazy("Declare it")
    done = gettext_lazy("Your conflict of interest is recorded.")

    on = forms.ChoiceField(label=gettext_lazy("On what"))
    what = forms.CharField(label=gettext_lazy("What it is"), max_length=1000)

    def fill(self) -> None:
        """The things of the case."""
        self.choose("on", referable(self.desk.file, *ASSIGNABLE))

    def perform(self) -> None:
        """Record it."""
        declare_conflict_of_interest(self.desk.user, self.desk.case, self.value("on"), self.value("what"))


class EndAssignment(Act):
    """A role on a thing ends; what was done in it stays."""

    name = "end"
    button = gettext_lazy("End the role")
    done = gettext_lazy("The role has ended. What was done in it stays.")
    danger = True
    roles = ("case_lead",)

    because = forms.CharField(label=gettext_lazy("Why"), max_length=1000)

    def __init__(self, desk: Desk, reference: str) -> None:
        self.reference = reference
        self.summary = _("End %(assignment)s") % {"assignment": reference}
        super().__init__(desk, reference)

    def perform(self) -> None:
        """End it."""
        end_assignment(self.desk.user, self.desk.case, self.reference, self.value("because"))


@require_http_methods(["GET", "HEAD", "POST"])
def assignments_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Members with their roles, and the roles on single things."""
    desk = desk_for(request, slug)
    assignments = desk.file.named(Assignment)
    endings: Mapping[str, Act] = {
        name: EndAssignment(desk, name) for name, each in assignments.items() if not each.ended_because
    }
    acts: list[Act] = [Assign(desk), DeclareInterest(desk)]
    if settle(desk, [*acts, *endings.values()]):
        return redirect("assignments", slug=slug)
    names = names_of(each.person for each in assignments.values())
    context = {
        "members": members_with_roles(desk.case),
        "rows": [(name, names[each.person], each, endings.get(name)) for name, each in assignments.items()],
        "excluded": EXCLUSIVE_ON_ONE_ITEM,
        "acts": acts,
    }
    return desk.show("assignments", "assignments", context, [*acts, *endings.values()])


def members_with_roles(case: Case) -> list[tuple[User, list[str]]]:
    """Who takes part, by name, each with their roles in the case."""
    roles: dict[object, list[str]] = {}
    for member in members_of(case):
        roles.setdefault(member.user_id, []).append(member.role)
    people = User.objects.in_bulk(list(roles))
    found = [(person, roles[person_id]) for person_id, person in people.items()]
    return sorted(found, key=lambda pair: (pair[0].display_name or pair[0].username).casefold())

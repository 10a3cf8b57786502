"""A person at work in a case: what they may see of it, what they may do on a page, and what comes of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from videtur.cases.access import case_file_for
from videtur.cases.case_file import case_file_of
from videtur.cases.labels import label
from videtur.cases.models import Case
from videtur.cases.pages import case_for, permissions, signed_in
from videtur.cases.queries import roles_in
from videtur.cases.revision import next_name
from videtur.cases.rules import is_administrator
from videtur.cases.visible import visible
from videtur.cases.words import term
from videtur.engines.method import vocabulary
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.base import Entity
from videtur.engines.method.entities.evidence import Capture
from videtur.errors import NotPermitted, Refused, VideturError, WrongUsage
from videtur.ledger.services import exclusively
from videtur.people.models import User
from videtur.verification.titles import title_of

Choices = list[tuple[str, str]]
Texts = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Desk:
    """Who works in which case, and the part of it that they may see."""

    request: HttpRequest
    user: User
    case: Case
    file: CaseFile

    def has_one_of(self, roles: Collection[str]) -> bool:
        """Whether the person has one of the roles in the case, or keeps the workspace."""
        return is_administrator(self.user) or not roles_in(self.user, self.case).isdisjoint(roles)

    def show(
        self, template: str, section: str, context: Texts, acts: "Iterable[Act]" = (), title: str = ""
    ) -> HttpResponse:
        """A page of the method; with what was refused on it, 422 (403 where the role does not allow it)."""
        status = next((act.answered_with for act in acts if act.is_bound), 200)
        return render(
            self.request,
            f"accountability/{template}.html",
            {
                "case": self.case,
                "may": permissions(self.user, self.case),
                "method_section": section,
                "file": self.file,
                "title": title,
                **context,
            },
            status=status,
        )


def desk_for(request: HttpRequest, slug: str) -> Desk:
    """The desk of the signed-in person in that case; a stranger finds nothing."""
    case = case_for(request, slug)
    user = signed_in(request)
    return Desk(request, user, case, case_file_for(user, case))


class Act(forms.Form):
    """One thing to do on a page: its form, and what it brings about."""

    name: ClassVar[str]
    summary: Any = ""
    """What is done, as the heading of the form."""
    explained: Any = ""
    button: Any = ""
    done: Any = ""
    """What is said when it is done."""
    danger: ClassVar[bool] = False
    guarded: ClassVar[bool] = False
    """Whether the form asks who may see what it records."""
    roles: Collection[str] = ()
    """Who may do it; the services ask again. Empty leaves it to them alone."""

    def __init__(self, desk: Desk, subject: str = "", initial: Mapping[str, object] | None = None) -> None:
        self.desk = desk
        self.subject = subject
        self.key = f"{self.name}-{subject}" if subject else self.name
        self.refused: VideturError | None = None
        sent = desk.request.method == "POST" and desk.request.POST.get("do") == self.key
        super().__init__(
            desk.request.POST if sent else None, auto_id=f"{_id_of(self.key)}-%s", initial=dict(initial or {})
        )
        if self.guarded:
            self.fields["access"] = forms.ChoiceField(required=False)
            self.choose("access", words_of("access_level"), empty=_("everybody in the case"))
        for field_name, field in self.fields.items():
            if field.label is None:
                field.label = label(field_name)
        self.fill()

    def fill(self) -> None:
        """Give the fields their choices."""

    def perform(self) -> None:
        """Do it. What the services refuse is shown in the form."""
        raise NotImplementedError

    def value(self, name: str) -> str:
        """What was entered in a field of text, without the blanks around it."""
        return str(self.cleaned_data.get(name) or "").strip()

    def values(self, name: str) -> tuple[str, ...]:
        """What was chosen in a field of several."""
        return tuple(cast("Sequence[str]", self.cleaned_data.get(name) or ()))

    def access(self) -> dict[str, object]:
        """Who may see what is recorded, where the form says so: a part of the entity's fields."""
        return {"access": self.value("access")} if self.value("access") else {}

    @property
    def offered(self) -> bool:
        """Whether the person has a role that may do it."""
        return not self.roles or self.desk.has_one_of(self.roles)

    @property
    def answered_with(self) -> int:
        """The status of the page on which this form was sent."""
        return 403 if isinstance(self.refused, NotPermitted) else 422

    def choose(self, name: str, choices: Choices, *, empty: str | None = None) -> None:
        """Offer these in the field of that name; `empty` words the choice of none of them."""
        field = cast("forms.ChoiceField", self.fields[name])
        told = [(value, visible(words)) for value, words in choices]
        field.choices = told if empty is None else [("", empty), *told]


def settle(desk: Desk, acts: Iterable[Act]) -> bool:
    """Do what was sent. True when it is done; otherwise the form in question says why not."""
    if desk.request.method != "POST":
        return False
    act = next((each for each in acts if each.is_bound), None)
    if act is None:
        raise Http404
    if not act.is_valid():
        return False
    try:
        # Between the choice of a free name and the writing, nobody else takes it.
        with exclusively():
            act.perform()
    except (Refused, WrongUsage, NotPermitted) as problem:
        act.refused = problem
        return False
    messages.success(desk.request, act.done)
    return True


def words_of(name: str) -> Choices:
    """A vocabulary as choices, in the reader's language."""
    return [(word, term(word)) for word in vocabulary.words(name)]


def parties_of(file: CaseFile, *, in_conflict: bool = False) -> Choices:
    """Parties and bodies as choices, in the one order: alphabetical."""
    return [
        (party.id, f"{party.name} ({party.id})")
        for party in file.parties
        if party.in_conflict or not in_conflict
    ]


def captures_of(file: CaseFile) -> Choices:
    """The captures of the case as choices."""
    return [
        (name, " · ".join(part for part in (name, capture.url) if part))
        for name, capture in file.named(Capture).items()
    ]


def referable(file: CaseFile, *kinds: type[Entity]) -> Choices:
    """Entities of these kinds as choices, each with the beginning of what it says."""
    return [
        (name, f"{name}: {said}" if (said := title_of(entity)) else name)
        for kind in kinds
        for name, entity in file.named(kind).items()
    ]


def next_reference(case: Case, prefix: str) -> str:
    """The first free name with that beginning, "S6": free of what the person may not see as well."""
    return next_name(prefix, case_file_of(case).references)


def _id_of(key: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in key)

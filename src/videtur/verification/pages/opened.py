"""What every page of the method begins with: the case as this person may see it, and how a page answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from videtur.cases.access import case_file_for
from videtur.cases.models import Case
from videtur.cases.pages import case_for, permissions, signed_in
from videtur.engines.method.case_file.model import KIND_OF_SECTION, CaseFile
from videtur.engines.method.entities.base import Entity
from videtur.errors import NotPermitted, Refused, VideturError, WrongUsage
from videtur.people.models import User
from videtur.verification.forms.deed import PROBLEMS, Deed, settle

_E = TypeVar("_E", bound=Entity)
Problem = Refused | WrongUsage | NotPermitted


@dataclass(frozen=True)
class Opened:
    """A case that a person has opened."""

    request: HttpRequest
    user: User
    case: Case

    @cached_property
    def file(self) -> CaseFile:
        """The case as the person may see it."""
        return case_file_for(self.user, self.case)

    def entity(self, kind: type[_E], reference: str) -> _E:
        """The entity of that name; one that the person may not see is not there."""
        found = self.file.find(reference)
        if found is None or type(found) is not kind:
            raise Http404
        return found

    def answer(
        self,
        template: str,
        section: str,
        context: Mapping[str, object],
        refused: VideturError | None = None,
        deeds: Sequence[Deed] = (),
    ) -> HttpResponse:
        """The page; what was refused stands at its top, or in the form that was sent."""
        whole: dict[str, object] = {
            "case": self.case,
            "may": permissions(self.user, self.case),
            "method_section": section,
            "refused": refused,
            **context,
        }
        status = next((deed.status for deed in deeds if deed.is_sent), status_of(refused))
        path = template if "/" in template else f"verification/{template}"
        return render(self.request, path, whole, status=status)

    def done(self, deeds: Sequence[Deed], case: CaseFile | None = None) -> Deed | None:
        """Draw the forms of a page and do the one that was sent; it is given back when it is done.

        `case` is what the forms may offer, where that is less than the person otherwise sees.
        """
        found = settle(deeds, case or self.file, self.request.POST)
        if found is not None:
            messages.success(self.request, found.told)
        elif self.request.method == "POST" and not any(deed.is_sent for deed in deeds):
            raise Http404
        return found

    def attempt(self, deed: Callable[[], object], told: str) -> Problem | None:
        """Do it and say so, or give back why not."""
        try:
            deed()
        except PROBLEMS as problem:
            return problem
        messages.success(self.request, told)
        return None

    def go(self, name: str, *arguments: str) -> HttpResponseBase:
        """On to another page of the case."""
        return redirect(name, self.case.slug, *arguments)


def open_case(request: HttpRequest, slug: str) -> Opened:
    """The case of that slug; for somebody who does not take part in it, there is none."""
    return Opened(request, signed_in(request), case_for(request, slug))


def kind_of(section: str) -> type[Entity]:
    """The kind of entity of a section; 404 for what is none."""
    if section not in KIND_OF_SECTION:
        raise Http404
    return KIND_OF_SECTION[section]


def status_of(refused: VideturError | None) -> int:
    """How a page answers: 422 when something was refused, 403 when it was not this person's to do."""
    if refused is None:
        return 200
    return 403 if isinstance(refused, NotPermitted) else 422

"""The list of cases, and what every page of a case begins with: which case, for which person."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from videtur.cases import rules, services
from videtur.cases.models import Case
from videtur.cases.queries import cases_visible_to
from videtur.cases.sentences import told
from videtur.errors import WrongUsage
from videtur.people.models import User


class NewCase(forms.Form):
    """What it takes to open a case."""

    title = forms.CharField(label=_("Title"), max_length=300)
    summary = forms.CharField(
        label=_("What it is about"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


def signed_in(request: HttpRequest) -> User:
    """The person at the other end. Only pages that need sign-in may ask."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def case_for(request: HttpRequest, slug: str) -> Case:
    """The case of that slug; for somebody who does not take part in it, there is none."""
    case = cases_visible_to(signed_in(request)).filter(slug=slug).first()
    if case is None:
        raise Http404
    return case


def permissions(user: User, case: Case) -> dict[str, bool]:
    """What the person may do in the case, for pages that leave out what is not allowed anyway."""
    return {
        "take_in": rules.may_take_in(user, case),
        "observe": rules.may_observe(user, case),
        "decide_copies": rules.may_decide_copies(user, case),
        "redact": rules.may_redact(user, case),
        "export": rules.may_export(user, case),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def cases_page(request: HttpRequest) -> HttpResponse | HttpResponseRedirect:
    """The cases a person takes part in, and a form to open one."""
    user = signed_in(request)
    form = NewCase(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            case = services.create_case(
                user.actor, form.cleaned_data["title"], form.cleaned_data["summary"], lead=user
            )
        except WrongUsage as problem:
            form.add_error("title", told(problem.explain()))
        else:
            messages.success(request, _("The case is open, and you lead it."))
            return redirect("case", slug=case.slug)
    context = {"cases": cases_visible_to(user), "form": form}
    return render(request, "cases/cases.html", context, status=422 if form.errors else 200)

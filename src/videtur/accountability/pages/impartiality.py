"""Impartiality, measured and tried: the same measures for each party, and what a swap of two changes."""

from collections.abc import Callable, Mapping

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from videtur.accountability.pages.desk import Desk, desk_for, parties_of
from videtur.cases.visible import visible
from videtur.cases.words import term
from videtur.engines.method.agreement import Kappa, agreement
from videtur.engines.method.impartiality import Measures, access_asymmetry, measures
from videtur.engines.method.swap import differences

NOTHING = "–"
"""Where there is nothing to measure yet; it is no zero."""
ROWS: tuple[tuple[object, Callable[[Measures], object]], ...] = (
    (gettext_lazy("Allegations that concern it"), lambda each: each.allegations),
    (gettext_lazy("Footage families"), lambda each: each.families),
    (gettext_lazy("Files taken in"), lambda each: each.items_in),
    (gettext_lazy("Hours to the first look (median)"), lambda each: each.first_look_hours),
    (gettext_lazy("Share of footage reviewed twice"), lambda each: _share(each.share_reviewed_twice)),
    (gettext_lazy("Grades of sources"), lambda each: _counted(each.grades)),
    (gettext_lazy("Hedges in what was released"), lambda each: _counted(each.hedges_at_release)),
    (gettext_lazy("Conflicts open"), lambda each: each.conflicts_open),
    (gettext_lazy("Requests for comment sent"), lambda each: each.comment_sought),
    (
        gettext_lazy("Allegations without a request for comment"),
        lambda each: each.allegations_without_comment,
    ),
    (gettext_lazy("Calls issued to it"), lambda each: each.calls_issued),
    (
        gettext_lazy("Share of released pictures and sounds that are masked"),
        lambda each: _share(each.redaction_rate),
    ),
    (gettext_lazy("Access granted, as others state it"), lambda each: term(each.access.granted)),
)
"""The measures of the domain model, section 11, under the same lines for every party."""


class SwapForm(forms.Form):
    """Which two parties change names."""

    first = forms.ChoiceField(label=gettext_lazy("One party"))
    second = forms.ChoiceField(label=gettext_lazy("The other party"))

    def __init__(self, desk: Desk) -> None:
        parties = [(code, visible(words)) for code, words in parties_of(desk.file, in_conflict=True)]
        asked = "first" in desk.request.GET
        start = {"first": parties[0][0], "second": parties[1][0]} if len(parties) > 1 else {}
        super().__init__(desk.request.GET if asked else None, auto_id="swap-%s", initial=start)
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                field.choices = parties

    def clean(self) -> dict[str, object]:
        """Two parties, not one twice."""
        given: dict[str, object] = super().clean() or {}
        if given.get("first") and given.get("first") == given.get("second"):
            raise forms.ValidationError(_("Choose two different parties."))
        return given


@require_safe
def impartiality_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The measures side by side, the agreement of reviewers, and the swap test."""
    desk = desk_for(request, slug)
    measured = measures(desk.file)
    swap = SwapForm(desk)
    tried = swap.is_bound and swap.is_valid()
    agreed = agreement(desk.file)
    context = {
        "parties": [each.party for each in measured],
        "rows": [(str(name), [_shown(measure(each)) for each in measured]) for name, measure in ROWS],
        "access": [each for each in measured if each.access.words],
        "access_sentence": access_asymmetry(desk.file),
        "agreement": [
            (_("Over all"), _told(agreed.overall)),
            *((party, _told(each)) for party, each in agreed.by_party.items()),
            *((term(aspect), _told(each)) for aspect, each in agreed.by_aspect.items() if each.pairs),
        ],
        "swap": swap,
        "tried": tried,
        "differences": differences(desk.file, *_names(swap), timezone.now()) if tried else (),
    }
    response = desk.show("impartiality", "impartiality", context)
    if swap.errors:
        response.status_code = 422
    return response


def _names(swap: SwapForm) -> tuple[str, str]:
    return str(swap.cleaned_data["first"]), str(swap.cleaned_data["second"])


def _shown(value: object) -> str:
    if value is None or value == "":
        return NOTHING
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def _share(value: float | None) -> str:
    return NOTHING if value is None else f"{round(value * 100)} %"


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{term(name)}: {count}" for name, count in counts.items())


def _told(kappa: Kappa) -> tuple[int, int, str, str]:
    number = NOTHING if kappa.kappa is None else f"{kappa.kappa:.2f}"
    return kappa.pairs, kappa.agreed, number, kappa.why

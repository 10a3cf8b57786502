"""Requests for comment: drafted, sent, answered or not; or the reason why nobody was asked."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from videtur.accountability import services
from videtur.accountability.pages.desk import (
    Act,
    Desk,
    desk_for,
    next_reference,
    parties_of,
    referable,
    settle,
)
from videtur.accountability.pages.order import by_date
from videtur.accountability.pages.reading import entity_from
from videtur.accountability.pages.steps import evidence_of, history_of, next_steps, roles_of, words_for_steps
from videtur.cases.saving import ROLES_OF_KIND
from videtur.engines.method import letters
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.deadlines import comment_due, work_calendar
from videtur.engines.method.entities.accountability import RequestForComment
from videtur.engines.method.entities.case import Allegation
from videtur.engines.method.entities.publication import Release
from videtur.engines.method.house_rules import house_rules

DATE_HINT = gettext_lazy("2022-03-28, or a span: 2022-03-27/2022-03-28")


class DraftRequest(Act):
    """A request to the party concerned, with the text of the template."""

    name = "draft"
    summary = gettext_lazy("Draft a request for comment")
    explained = gettext_lazy(
        "The text gives enough detail to answer. It never holds the identity of a source"
        " or an unmasked picture. Where a party cannot be asked, draft the request all the same,"
        " and give the reason as its next step."
    )
    button = gettext_lazy("Draft the request")
    done = gettext_lazy("The request is drafted.")
    roles = ROLES_OF_KIND[RequestForComment]
    guarded = True

    by = forms.ChoiceField(label=gettext_lazy("Who asks"))
    to = forms.ChoiceField(label=gettext_lazy("Who is asked"))
    allegation = forms.ChoiceField(required=False)
    about = forms.CharField(label=gettext_lazy("About what"), max_length=500)
    deadline = forms.CharField(
        required=False,
        max_length=40,
        help_text=gettext_lazy(
            "With its time zone: 2022-03-30T12:00:00+03:00."
            " Left empty, the house rule sets it when the request is sent."
        ),
    )
    time_zone = forms.CharField(
        required=False,
        max_length=60,
        help_text=gettext_lazy(
            "Of the one who is asked, such as Europe/Kyiv; the deadline is reckoned and shown in it."
        ),
    )
    short_deadline_because = forms.CharField(required=False, max_length=500)

    def fill(self) -> None:
        """Who asks whom, about which allegation."""
        self.choose("by", parties_of(self.desk.file))
        self.choose("to", parties_of(self.desk.file))
        self.choose("allegation", referable(self.desk.file, Allegation), empty=_("none"))

    def perform(self) -> None:
        """Draft it."""
        names = ("by", "to", "allegation", "about", "deadline", "time_zone", "short_deadline_because")
        given = {name: self.value(name) for name in names if self.value(name)}
        fields = {"id": next_reference(self.desk.case, "RFC"), **given, "status": "drafted", **self.access()}
        services.draft_request(self.desk.user, self.desk.case, entity_from(RequestForComment, fields))


class MoveRequest(Act):
    """What came of it: sent, answered, declined, or nothing."""

    name = "move"
    summary = gettext_lazy("Record a further step")
    button = gettext_lazy("Record this step")
    done = gettext_lazy("The step is recorded.")

    status = forms.ChoiceField(label=gettext_lazy("New status"))
    because = forms.CharField(label=gettext_lazy("Why"), max_length=1000)
    date = forms.CharField(required=False, max_length=60, help_text=DATE_HINT)
    reply_gist = forms.CharField(
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Of an answer: what it says, in your own words."),
    )
    evidence = forms.ChoiceField(
        required=False,
        help_text=gettext_lazy("Where the answer is reflected in what is published: the release."),
    )

    def __init__(self, desk: Desk, reference: str, status: str) -> None:
        self.reference, self.present = reference, status
        super().__init__(desk)

    def fill(self) -> None:
        """The steps that may follow."""
        self.roles = roles_of(next_steps("request", self.present))
        self.choose("status", words_for_steps("request", self.present))
        shown = [*referable(self.desk.file, Release), *evidence_of(self.desk.file)]
        self.choose("evidence", shown, empty=_("none"))

    def perform(self) -> None:
        """Record it."""
        services.move_request(
            self.desk.user,
            self.desk.case,
            self.reference,
            self.value("status"),
            self.value("because"),
            date=self.value("date") or None,
            reply_gist=self.value("reply_gist"),
            evidence=self.value("evidence") or None,
        )


@require_http_methods(["GET", "HEAD", "POST"])
def requests_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Every request with its status and deadline, and forms for another."""
    desk = desk_for(request, slug)
    acts: list[Act] = [DraftRequest(desk)]
    if settle(desk, acts):
        return redirect("requests", slug=slug)
    rows = [
        (name, asked, clock_of(desk.file, asked))
        for name, asked in by_date(desk.file.named(RequestForComment), lambda asked: asked.sent)
    ]
    return desk.show("requests", "requests", {"rows": rows, "acts": acts}, acts)


@require_http_methods(["GET", "HEAD", "POST"])
def request_page(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    """One request: its text, its deadline on two clocks, and what came of it."""
    desk = desk_for(request, slug)
    asked = desk.file.get(RequestForComment, reference)
    if asked is None:
        raise Http404
    acts: list[Act] = []
    if next_steps("request", asked.status):
        acts.append(MoveRequest(desk, reference, asked.status))
    if settle(desk, acts):
        return redirect("comment_request", slug=slug, reference=reference)
    context = {
        "reference": reference,
        "asked": asked,
        "clock": clock_of(desk.file, asked),
        "text": asked.text or letters.request_text(desk.file, reference),
        "steps": history_of(desk.file, reference),
        "next": next_steps("request", asked.status),
        "acts": acts,
    }
    return desk.show("request", "requests", context, acts)


def clock_of(file: CaseFile, asked: RequestForComment) -> tuple[datetime, datetime] | None:
    """The deadline on the clock of the one who is asked, and in UTC; without its own, by the house rule."""
    rules = house_rules(file)
    found = comment_due(file, asked, rules, work_calendar(rules))
    if found is None:
        return None
    local = found[0].astimezone(ZoneInfo(asked.time_zone)) if asked.time_zone else found[0]
    return local, found[0].astimezone(UTC)

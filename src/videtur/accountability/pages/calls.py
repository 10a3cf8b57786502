"""Calls on parties to act: drafted for all of them alike, issued to all, followed for each."""

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
from videtur.accountability.pages.sides import sides_of
from videtur.accountability.pages.steps import evidence_of, history_of, next_steps, roles_of, words_for_steps
from videtur.cases.saving import ROLES_OF_KIND
from videtur.engines.method import letters
from videtur.engines.method.entities.accountability import Call
from videtur.engines.method.entities.case import Allegation

DATE_HINT = gettext_lazy("2022-03-28, or a span: 2022-03-27/2022-03-28")


class DraftCall(Act):
    """One call, with one text, to every party whose conduct its allegations concern."""

    name = "draft"
    summary = gettext_lazy("Draft a call")
    explained = gettext_lazy(
        "A call needs no finding: an allegation with some basis is enough."
        " Every addressee gets the same text."
    )
    button = gettext_lazy("Draft the call")
    done = gettext_lazy("The call is drafted.")
    roles = ROLES_OF_KIND[Call]
    guarded = True

    caller = forms.ChoiceField(label=gettext_lazy("Who calls"))
    to = forms.MultipleChoiceField(label=gettext_lazy("Addressed to"), widget=forms.CheckboxSelectMultiple)
    about = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    asks = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=gettext_lazy("What is asked, one thing on each line."),
    )
    basis = forms.CharField(label=gettext_lazy("On what basis"), max_length=500)
    reason_for_one_side = forms.CharField(
        required=False,
        max_length=1000,
        help_text=gettext_lazy(
            "Needed when the call does not reach every party of the counterpart allegations."
        ),
    )

    def fill(self) -> None:
        """Callers are bodies and parties; addressees are the parties to the conflict."""
        self.choose("caller", parties_of(self.desk.file))
        self.choose("to", parties_of(self.desk.file, in_conflict=True))
        self.choose("about", referable(self.desk.file, Allegation))

    def perform(self) -> None:
        """Draft it."""
        fields: dict[str, object] = {
            "id": next_reference(self.desk.case, "C"),
            "from": self.value("caller"),
            "to": tuple(sorted(self.values("to"))),
            "text_same_for_all": True,
            "asks": tuple(line.strip() for line in self.value("asks").splitlines() if line.strip()),
            "basis": self.value("basis"),
            "status": dict.fromkeys(sorted(self.values("to")), "drafted"),
            **self.access(),
        }
        if about := self.values("about"):
            fields["about"] = about
        if reason := self.value("reason_for_one_side"):
            fields["reason_for_one_side"] = reason
        services.draft_call(self.desk.user, self.desk.case, entity_from(Call, fields))


class ApproveCall(Act):
    """The step from a draft to a call that may be issued."""

    name = "approve"
    summary = gettext_lazy("Approve the call")
    explained = gettext_lazy("Whoever approves has read the one text that goes to all addressees.")
    button = gettext_lazy("Approve")
    done = gettext_lazy("The call is approved.")

    def perform(self) -> None:
        """Approve it."""
        services.approve_call(self.desk.user, self.desk.case, self.subject)


class IssueCall(Act):
    """The call goes out, to all its addressees on one day."""

    name = "issue"
    summary = gettext_lazy("Issue the call")
    explained = gettext_lazy("It goes to all addressees on the same day. The follow-ups fall due from then.")
    button = gettext_lazy("Issue to all addressees")
    done = gettext_lazy("The call is issued.")

    date = forms.CharField(max_length=60, help_text=DATE_HINT)

    def perform(self) -> None:
        """Issue it."""
        services.issue_call(self.desk.user, self.desk.case, self.subject, self.value("date"))


class MoveCall(Act):
    """What one addressee did, with what shows it."""

    name = "move"
    button = gettext_lazy("Record this step")
    done = gettext_lazy("The step is recorded.")

    status = forms.ChoiceField(label=gettext_lazy("New status"))
    because = forms.CharField(label=gettext_lazy("Why"), max_length=1000)
    evidence = forms.ChoiceField(required=False)
    date = forms.CharField(required=False, max_length=60, help_text=DATE_HINT)

    def __init__(self, desk: Desk, reference: str, party: str, status: str) -> None:
        self.reference, self.party, self.present = reference, party, status
        super().__init__(desk, party)
        self.summary = _("Record what %(party)s did") % {"party": party}

    def fill(self) -> None:
        """The steps that may follow the present one."""
        self.roles = roles_of(next_steps("call", self.present))
        self.choose("status", words_for_steps("call", self.present))
        self.choose("evidence", evidence_of(self.desk.file), empty=_("none"))

    def perform(self) -> None:
        """Record it."""
        services.move_call(
            self.desk.user,
            self.desk.case,
            self.reference,
            self.party,
            self.value("status"),
            self.value("because"),
            evidence=self.value("evidence") or None,
            date=self.value("date") or None,
        )


@require_http_methods(["GET", "HEAD", "POST"])
def calls_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Every call with the status of each addressee, and a form to draft one."""
    desk = desk_for(request, slug)
    draft = DraftCall(desk)
    if settle(desk, [draft]):
        return redirect("calls", slug=slug)
    rows = [
        (name, call, statuses_of(call), sides_of(desk.file, call))
        for name, call in by_date(desk.file.named(Call), lambda call: call.date)
    ]
    return desk.show("calls", "calls", {"rows": rows, "draft": draft}, [draft])


@require_http_methods(["GET", "HEAD", "POST"])
def call_page(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    """One call: its text for each addressee, whom it reaches, and where each addressee stands."""
    desk = desk_for(request, slug)
    call = desk.file.get(Call, reference)
    if call is None:
        raise Http404
    whole, moves = _acts(desk, reference, call)
    if settle(desk, [*whole, *moves.values()]):
        return redirect("call", slug=slug, reference=reference)
    history = history_of(desk.file, reference)
    addressees = [
        (
            party,
            status,
            [(each, who) for each, who in history if each.party in (party, None)],
            next_steps("call", status),
            moves.get(party),
        )
        for party, status in statuses_of(call)
    ]
    context = {
        "reference": reference,
        "call": call,
        "sides": sides_of(desk.file, call),
        "texts": texts_of(desk, reference, call),
        "addressees": addressees,
        "acts": whole,
    }
    return desk.show("call", "calls", context, [*whole, *moves.values()])


def statuses_of(call: Call) -> list[tuple[str, str]]:
    """Each addressee with its status, in alphabetical order."""
    return [(party, call.status.get(party, "drafted")) for party in sorted(call.to)]


def texts_of(desk: Desk, reference: str, call: Call) -> list[tuple[str, str]]:
    """The one text of the call; where it is written out for each addressee, those texts."""
    if call.texts:
        return [(party, text) for party, text in sorted(call.texts.items())]
    return [(", ".join(sorted(call.to)), letters.call_text(desk.file, reference))]


def _acts(desk: Desk, reference: str, call: Call) -> tuple[list[Act], dict[str, MoveCall]]:
    statuses = dict(statuses_of(call))
    whole: list[Act] = []
    if "drafted" in statuses.values():
        whole.append(ApproveCall(desk, reference))
    elif "approved" in statuses.values():
        whole.append(IssueCall(desk, reference))
    moves = {
        party: MoveCall(desk, reference, party, status)
        for party, status in statuses.items()
        if status not in ("drafted", "approved") and next_steps("call", status)
    }
    return whole, moves

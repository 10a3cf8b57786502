"""What bodies said in public, by the role of the speaker."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from videtur.accountability import services
from videtur.accountability.pages.desk import (
    Act,
    captures_of,
    desk_for,
    next_reference,
    parties_of,
    referable,
    settle,
    words_of,
)
from videtur.accountability.pages.order import by_date
from videtur.accountability.pages.reading import entity_from
from videtur.cases.saving import ROLES_OF_KIND
from videtur.engines.method.entities.accountability import Call, Commitment, Statement
from videtur.engines.method.entities.case import Allegation
from videtur.engines.method.entities.footage import FootageFamily

MOST_WORDS = 25
"""Of a quotation (forbidden state F33)."""


class RecordStatement(Act):
    """A statement, with at most a short quotation from a capture."""

    name = "record"
    summary = gettext_lazy("Record a statement")
    explained = gettext_lazy(
        "Name the body and the role of the speaker, never a private person. The gist is in your own words."
    )
    button = gettext_lazy("Record the statement")
    done = gettext_lazy("The statement is recorded.")
    roles = ROLES_OF_KIND[Statement]
    guarded = True

    body = forms.ChoiceField()
    speaker = forms.CharField(label=gettext_lazy("Role of the speaker"), max_length=200)
    kind = forms.ChoiceField()
    date = forms.CharField(
        max_length=60, help_text=gettext_lazy("2022-03-28, or a span: 2022-03-27/2022-03-28")
    )
    venue = forms.CharField(required=False, max_length=200)
    gist = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)
    conditional = forms.BooleanField(required=False)
    quote = forms.CharField(required=False, max_length=1000)
    capture = forms.ChoiceField(
        required=False, help_text=gettext_lazy("A quotation is shown only with the capture it comes from.")
    )
    to = forms.MultipleChoiceField(
        label=gettext_lazy("Addressed to"), required=False, widget=forms.CheckboxSelectMultiple
    )
    about = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    call = forms.ChoiceField(label=gettext_lazy("It makes this call"), required=False)
    commitment = forms.ChoiceField(label=gettext_lazy("It makes this promise"), required=False)

    def fill(self) -> None:
        """Parties, captures, and what the statement may make known."""
        file = self.desk.file
        none = _("none")
        self.choose("body", parties_of(file))
        self.choose("to", parties_of(file))
        self.choose("kind", words_of("statement_kind"))
        self.choose("about", referable(file, Allegation, FootageFamily))
        self.choose("capture", captures_of(file), empty=none)
        self.choose("call", referable(file, Call), empty=none)
        self.choose("commitment", referable(file, Commitment), empty=none)
        self.fields["quote"].help_text = _("At most %(most)s words. This one has %(count)s.") % {
            "most": MOST_WORDS,
            "count": words_in(str(self.data.get("quote", ""))),
        }

    def perform(self) -> None:
        """Record it."""
        given = {
            name: self.value(name)
            for name in (
                "body",
                "speaker",
                "kind",
                "date",
                "venue",
                "gist",
                "quote",
                "capture",
                "call",
                "commitment",
            )
            if self.value(name)
        }
        several = {name: self.values(name) for name in ("to", "about") if self.values(name)}
        conditional = {"conditional": True} if self.cleaned_data["conditional"] else {}
        fields = {
            "id": next_reference(self.desk.case, "S"),
            **given,
            **several,
            **conditional,
            **self.access(),
        }
        services.record_statement(self.desk.user, self.desk.case, entity_from(Statement, fields))


@require_http_methods(["GET", "HEAD", "POST"])
def statements_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The statements in the order of their dates, and a form to record one."""
    desk = desk_for(request, slug)
    record = RecordStatement(desk)
    if settle(desk, [record]):
        return redirect("statements", slug=slug)
    rows = [
        (name, statement, words_in(statement.quote or ""))
        for name, statement in by_date(desk.file.named(Statement), lambda statement: statement.date)
    ]
    context = {"rows": rows, "record": record, "most_words": MOST_WORDS}
    return desk.show("statements", "statements", context, [record])


def words_in(text: str) -> int:
    """How many words a quotation has."""
    return len(text.split())

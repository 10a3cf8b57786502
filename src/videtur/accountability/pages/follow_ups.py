"""Later facts, what each changes, and the readings by rule that wait for a person's word."""

from typing import cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from videtur.accountability import services
from videtur.accountability.pages.desk import Act, Desk, desk_for, settle
from videtur.accountability.pages.order import by_date
from videtur.accountability.pages.reading import entity_from
from videtur.cases.saving import ROLES_OF_KIND
from videtur.cases.words import term
from videtur.engines.method.accountability.readings import ReadEffect, readings_of
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.accountability import Call, Commitment, FollowUp
from videtur.people.queries import names_of

CERTAINTIES = ("low", "medium", "high")


class AddFollowUp(Act):
    """A fact learnt later, with its source."""

    name = "add"
    summary = gettext_lazy("Add a follow-up fact")
    explained = gettext_lazy(
        "Write what was reported and by whom. A rule reads from its words what it changes;"
        " a person accepts or refuses that."
    )
    button = gettext_lazy("Add the fact")
    done = gettext_lazy("The fact is recorded.")
    roles = ROLES_OF_KIND[FollowUp]
    guarded = True

    date = forms.CharField(
        max_length=60, help_text=gettext_lazy("2023-03-24, or a span: 2023-03-24/2023-03-25")
    )
    fact = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=3000)
    src = forms.CharField(max_length=500)
    certainty = forms.ChoiceField()

    def fill(self) -> None:
        """How sure one may be."""
        self.choose("certainty", [(word, term(word)) for word in CERTAINTIES])

    def perform(self) -> None:
        """Record it."""
        given = {name: self.value(name) for name in ("date", "fact", "src", "certainty")}
        fields = {**given, **self.access()}
        services.add_follow_up(self.desk.user, self.desk.case, entity_from(FollowUp, fields))


class AcceptReading(Act):
    """A person says that the reading is right."""

    name = "accept"
    button = gettext_lazy("Accept this reading")
    done = gettext_lazy("The reading is accepted.")

    def __init__(self, desk: Desk, reading: ReadEffect) -> None:
        self.reading = reading
        self.summary = _("Accept: %(on)s becomes “%(status)s”") % {
            "on": reading.on,
            "status": term(reading.becomes),
        }
        super().__init__(desk, f"{reading.follow_up}-{reading.on}")

    def perform(self) -> None:
        """Accept it."""
        services.accept_reading(
            self.desk.user, self.desk.case, self.reading.follow_up, dict(self.reading.effect)
        )


class RefuseReading(Act):
    """A person says that the fact is about something else: it then changes nothing."""

    name = "refuse"
    button = gettext_lazy("Refuse this reading")
    done = gettext_lazy("The reading is refused; the fact stays and changes nothing.")
    danger = True

    def __init__(self, desk: Desk, reading: ReadEffect) -> None:
        self.reading = reading
        self.summary = _("Refuse: the fact changes nothing for %(on)s") % {"on": reading.on}
        super().__init__(desk, f"{reading.follow_up}-{reading.on}")

    def perform(self) -> None:
        """Refuse it."""
        services.accept_reading(self.desk.user, self.desk.case, self.reading.follow_up, {})


@require_http_methods(["GET", "HEAD", "POST"])
def follow_ups_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Every later fact by date; where it has no effect, what the rule reads in it."""
    desk = desk_for(request, slug)
    add = AddFollowUp(desk)
    proposals: dict[str, list[tuple[ReadEffect, Act, Act]]] = {}
    for reading in readings_of(desk.file):
        if reading.accepted_by is None:
            acts = (reading, AcceptReading(desk, reading), RefuseReading(desk, reading))
            proposals.setdefault(reading.follow_up, []).append(acts)
    every: list[Act] = [add]
    for found in proposals.values():
        every += [act for _reading, accept, refuse in found for act in (accept, refuse)]
    if settle(desk, every):
        return redirect("follow_ups", slug=slug)
    accepted = names_of(each.reading_accepted_by or "" for each in desk.file.all(FollowUp))
    rows = [
        (
            name,
            follow_up,
            effects_of(desk.file, follow_up),
            accepted.get(follow_up.reading_accepted_by or "", ""),
            proposals.get(name, []),
        )
        for name, follow_up in by_date(desk.file.named(FollowUp), lambda follow_up: follow_up.date)
    ]
    return desk.show("follow_ups", "follow_ups", {"rows": rows, "add": add}, every)


def effects_of(file: CaseFile, follow_up: FollowUp) -> list[tuple[str, str, bool]]:
    """What a fact changes: of what, to which words, and whether it is a call or promise of ours to follow."""
    return [
        (on, _words(effect), isinstance(file.find(on.partition(".")[0]), Call | Commitment))
        for on, effect in (follow_up.effect or {}).items()
    ]


def _words(effect: object) -> str:
    if isinstance(effect, dict):
        return ", ".join(term(str(value)) for value in cast("dict[str, object]", effect).values() if value)
    return term(str(effect))

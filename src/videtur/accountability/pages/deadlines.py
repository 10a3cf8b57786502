"""Deadlines and reminders. What is overdue stays so until somebody acts."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from videtur.accountability import services
from videtur.accountability.deadlines import name_of
from videtur.accountability.pages.desk import Act, Desk, desk_for, settle
from videtur.accountability.pages.due import DueLine, due_things
from videtur.cases.saving import ROLES_OF_KIND
from videtur.cases.words import term
from videtur.engines.method.deadlines import Due
from videtur.engines.method.entities.accountability import Correction, Deadline


class CloseDeadline(Act):
    """Somebody says that it is done, and why."""

    name = "close"
    button = gettext_lazy("Close the deadline")
    done = gettext_lazy("The deadline is closed. The reason stays in the record.")
    roles = ROLES_OF_KIND[Deadline]

    because = forms.CharField(label=gettext_lazy("Why it counts as done"), max_length=1000)

    def __init__(self, desk: Desk, due: Due) -> None:
        self.reference = name_of(due)
        self.summary = _("Close: %(kind)s of %(thing)s, %(day)s") % {
            "kind": term(due.kind),
            "thing": due.about,
            "day": due.due.date(),
        }
        super().__init__(desk, self.reference)

    def perform(self) -> None:
        """Close it."""
        services.close_deadline(self.desk.user, self.desk.case, self.reference, self.value("because"))


class CloseCorrection(Act):
    """How something that left the house was put right."""

    name = "correct"
    button = gettext_lazy("Close the correction")
    done = gettext_lazy("The correction is closed.")
    roles = ("case_lead", "publication_approver")

    how = forms.CharField(label=gettext_lazy("How it was put right"), max_length=1000)

    def __init__(self, desk: Desk, reference: str) -> None:
        self.reference = reference
        self.summary = _("Close %(correction)s") % {"correction": reference}
        super().__init__(desk, reference)

    def perform(self) -> None:
        """Close it."""
        services.close_correction(self.desk.user, self.desk.case, self.reference, self.value("how"))


@require_http_methods(["GET", "HEAD", "POST"])
def deadlines_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What is overdue, what comes, what was done."""
    desk = desk_for(request, slug)
    due = due_things(desk)
    closing = {name_of(line.thing): CloseDeadline(desk, line.thing) for line in (*due.overdue, *due.coming)}
    corrections = desk.file.named(Correction)
    correcting = {
        name: CloseCorrection(desk, name) for name, each in corrections.items() if each.closed is None
    }
    acts: list[Act] = [*closing.values(), *correcting.values()]
    if settle(desk, acts):
        return redirect("deadlines", slug=slug)

    def with_act(lines: tuple[DueLine, ...]) -> list[tuple[DueLine, Act | None]]:
        return [(line, closing.get(name_of(line.thing))) for line in lines]

    parts = [
        (_("Overdue"), with_act(due.overdue)),
        (_("Coming"), with_act(due.coming)),
        (_("Done"), with_act(due.done)),
    ]
    context = {
        "parts": parts,
        "corrections": [(name, each, correcting.get(name)) for name, each in corrections.items()],
    }
    return desk.show("deadlines", "deadlines", context, acts)

"""Promises: how far each has come, on what evidence, and what its investigation is worth."""

from collections.abc import Mapping
from typing import get_args

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
    captures_of,
    desk_for,
    next_reference,
    parties_of,
    referable,
    settle,
    words_of,
)
from videtur.accountability.pages.flags import flags_of, standings_of
from videtur.accountability.pages.order import by_date
from videtur.accountability.pages.reading import entity_from
from videtur.accountability.pages.steps import evidence_of, history_of, next_steps, roles_of, words_for_steps
from videtur.cases.labels import label
from videtur.cases.saving import ROLES_OF_KIND
from videtur.cases.visible import visible
from videtur.cases.words import term
from videtur.engines.method.accountability.board import CommitmentOnBoard
from videtur.engines.method.accountability.minnesota import checklist
from videtur.engines.method.entities.accountability import Commitment, Investigation, LegalStep, Statement
from videtur.engines.method.entities.case import Allegation

DATE_HINT = gettext_lazy("2022-03-28, or a span: 2022-03-27/2022-03-28")
LADDER = ("announced", "repeated", "legal_step_evidenced", "in_progress_evidenced", "outcome_reported")
NEEDS: Mapping[str, object] = {
    "announced": gettext_lazy(
        "A statement that makes the promise. A promise by an adviser gets no further by itself."
    ),
    "repeated": gettext_lazy("A later statement of the same side that makes it again."),
    "legal_step_evidenced": gettext_lazy(
        "A step of an authority that may take it: which authority, and its number or published notice."
    ),
    "in_progress_evidenced": gettext_lazy(
        "Evidence that the authority is at work on it: not words about it."
    ),
    "outcome_reported": gettext_lazy("A reported outcome. What it is worth is judged by the checklist."),
}
"""What brings a promise to each status."""
QUESTIONS: Mapping[str, object] = {
    # The sentences of `engines.method.accountability.minnesota`, in the reader's language.
    "prompt": gettext_lazy("Did it begin soon after the facts were known, and does it go on without delay?"),
    "effective": gettext_lazy(
        "Can it find out what happened and who is responsible, with the powers that needs?"
    ),
    "thorough": gettext_lazy(
        "Are all witnesses heard, and all traces, records and recordings secured and examined?"
    ),
    "independent": gettext_lazy("Do those who investigate stand outside the units and commanders concerned?"),
    "impartial": gettext_lazy(
        "Does it look at all explanations, whatever side the victims and suspects are on?"
    ),
    "transparent": gettext_lazy("Are its steps and results open to the public as far as the inquiry allows?"),
    "victims_involved": gettext_lazy("Are victims or their families informed, heard and protected?"),
}


class AddCommitment(Act):
    """A promise, as it was made."""

    name = "add"
    summary = gettext_lazy("Record a promise")
    explained = gettext_lazy("A promise is not an opened case. It starts as announced.")
    button = gettext_lazy("Record the promise")
    done = gettext_lazy("The promise is recorded.")
    roles = ROLES_OF_KIND[Commitment]
    guarded = True

    by = forms.ChoiceField(label=gettext_lazy("Who promises"))
    speaker_role = forms.CharField(required=False, max_length=200)
    what = forms.CharField(label=gettext_lazy("What is promised"), max_length=500)
    about = forms.ChoiceField(required=False)
    announced = forms.CharField(label=gettext_lazy("Announced on"), max_length=60, help_text=DATE_HINT)

    def fill(self) -> None:
        """Who may promise, and about which allegation."""
        self.choose("by", parties_of(self.desk.file))
        self.choose("about", referable(self.desk.file, Allegation), empty=_("none"))

    def perform(self) -> None:
        """Record it."""
        given = {
            name: self.value(name)
            for name in ("by", "speaker_role", "what", "about", "announced")
            if self.value(name)
        }
        fields = {"id": next_reference(self.desk.case, "CM"), **given, "status": "announced", **self.access()}
        services.add_commitment(self.desk.user, self.desk.case, entity_from(Commitment, fields))


class MoveCommitment(Act):
    """A further status, with its evidence; a legal step says whose it is."""

    name = "move"
    summary = gettext_lazy("Record a further step")
    button = gettext_lazy("Record this step")
    done = gettext_lazy("The step is recorded.")

    status = forms.ChoiceField(label=gettext_lazy("New status"))
    because = forms.CharField(label=gettext_lazy("Why"), max_length=1000)
    evidence = forms.ChoiceField(required=False)
    date = forms.CharField(required=False, max_length=60, help_text=DATE_HINT)
    authority = forms.CharField(
        required=False,
        max_length=200,
        help_text=gettext_lazy("Of a legal step: the authority that took it."),
    )
    number = forms.CharField(
        required=False, max_length=120, help_text=gettext_lazy("Of a legal step: the number of the case.")
    )
    notice = forms.ChoiceField(
        required=False, help_text=gettext_lazy("Of a legal step: the capture of the published notice.")
    )

    def __init__(self, desk: Desk, reference: str, status: str) -> None:
        self.reference, self.present = reference, status
        super().__init__(desk)

    def fill(self) -> None:
        """The steps that may follow, and what they may rest on."""
        self.roles = roles_of(next_steps("commitment", self.present))
        self.choose("status", words_for_steps("commitment", self.present))
        self.choose("evidence", evidence_of(self.desk.file), empty=_("none"))
        notices = [*captures_of(self.desk.file), *referable(self.desk.file, Statement)]
        self.choose("notice", notices, empty=_("none"))

    def perform(self) -> None:
        """Record it."""
        services.move_commitment(
            self.desk.user,
            self.desk.case,
            self.reference,
            self.value("status"),
            self.value("because"),
            evidence=self.value("evidence") or None,
            legal_step=self._legal_step(),
            date=self.value("date") or None,
        )

    def _legal_step(self) -> LegalStep | None:
        given = {
            name: self.value(name) for name in ("authority", "number", "notice", "date") if self.value(name)
        }
        return entity_from(LegalStep, given) if "authority" in given else None


class JudgeInvestigation(Act):
    """The checklist: each answer but "unknown" rests on something."""

    name = "judge"
    summary = gettext_lazy("Judge the investigation")
    explained = gettext_lazy(
        "After the Minnesota Protocol (2016), in the words of this house."
        " An answer of yes or no needs its evidence; what is not known stays unknown."
    )
    button = gettext_lazy("Record the judgement")
    done = gettext_lazy("The judgement is recorded.")

    def __init__(self, desk: Desk, reference: str, commitment: Commitment) -> None:
        self.reference, self.commitment = reference, commitment
        super().__init__(desk)

    def fill(self) -> None:
        """A question and its evidence, seven times; then the outcome."""
        found = self.commitment.investigation or Investigation()
        evidence = [("", _("none")), *evidence_of(self.desk.file)]
        answers = [(word, term(word)) for word in get_args(Investigation.model_fields["prompt"].annotation)]
        for name, question in QUESTIONS.items():
            self.fields[name] = forms.ChoiceField(
                label=str(question), choices=answers, initial=getattr(found, name)
            )
            self.fields[f"{name}_evidence"] = forms.ChoiceField(
                label=_("Evidence: %(answer)s") % {"answer": label(name)},
                choices=[(value, visible(words)) for value, words in evidence],
                required=False,
                initial=found.evidence.get(name, ""),
            )
        self.fields["outcome"] = forms.ChoiceField(
            label=label("outcome"), choices=words_of("outcome"), initial=self.commitment.outcome or "unknown"
        )

    def perform(self) -> None:
        """Record it."""
        answers = {name: self.value(name) for name in QUESTIONS}
        evidence = {
            name: self.value(f"{name}_evidence") for name in QUESTIONS if self.value(f"{name}_evidence")
        }
        services.judge_investigation(
            self.desk.user,
            self.desk.case,
            self.reference,
            entity_from(Investigation, {**answers, "evidence": evidence}),
            self.value("outcome"),
        )


@require_http_methods(["GET", "HEAD", "POST"])
def commitments_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Every promise with its status and flags, and a form to record one."""
    desk = desk_for(request, slug)
    add = AddCommitment(desk)
    if settle(desk, [add]):
        return redirect("commitments", slug=slug)
    standings = standings_of(desk)
    rows = [
        (name, commitment, standings.get(name), flags_of(desk, standings.get(name)))
        for name, commitment in by_date(desk.file.named(Commitment), lambda commitment: commitment.announced)
    ]
    return desk.show("commitments", "commitments", {"rows": rows, "add": add}, [add])


@require_http_methods(["GET", "HEAD", "POST"])
def commitment_page(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    """One promise: the ladder, what the next status needs, the steps taken, the checklist."""
    desk = desk_for(request, slug)
    commitment = desk.file.get(Commitment, reference)
    if commitment is None:
        raise Http404
    acts: list[Act] = [JudgeInvestigation(desk, reference, commitment)]
    if next_steps("commitment", commitment.status):
        acts.insert(0, MoveCommitment(desk, reference, commitment.status))
    if settle(desk, acts):
        return redirect("commitment", slug=slug, reference=reference)
    standing = standings_of(desk).get(reference)
    context = {
        "reference": reference,
        "commitment": commitment,
        "standing": standing,
        "flags": flags_of(desk, standing),
        "ladder": ladder_of(commitment, standing),
        "steps": history_of(desk.file, reference),
        "next": next_steps("commitment", commitment.status),
        "answers": [(str(QUESTIONS[each.criterion]), each) for each in checklist(desk.file, commitment)],
        "acts": acts,
    }
    return desk.show("commitment", "commitments", context, acts)


def ladder_of(commitment: Commitment, standing: CommitmentOnBoard | None) -> list[tuple[str, str, str]]:
    """Each rung, what brings a promise there, and how it stands: "reached", "missing", "next" or "".

    A rung counts as reached by its own evidence alone: progress does not show that a case was opened.
    """
    status = standing.status if standing else commitment.status
    evidenced = {change.becomes for change in standing.basis} if standing else {status}
    at = LADDER.index(status) if status in LADDER else 0
    return [
        (rung, str(NEEDS[rung]), _state_of_rung(place, at, reached=rung in evidenced))
        for place, rung in enumerate(LADDER)
    ]


def _state_of_rung(place: int, at: int, *, reached: bool) -> str:
    if reached:
        return "reached"
    if place < at:
        return "missing"
    return "next" if place == at + 1 else ""

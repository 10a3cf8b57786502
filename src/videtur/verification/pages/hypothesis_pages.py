"""Hypotheses of a finding beside the evidence: for, against, and why."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from videtur.cases.saving import save
from videtur.engines.method.entities.verification import Finding, Hypothesis
from videtur.engines.method.hypotheses import Lack, Row, hypotheses_of, lacks, matrix
from videtur.verification import services
from videtur.verification.facts import Told, address_of
from videtur.verification.forms.deed import Deed, pick
from videtur.verification.forms.shapes import Part, Shape
from videtur.verification.pages.entity_pages import free_name, why_not
from videtur.verification.pages.opened import Opened, open_case
from videtur.verification.titles import title_of


@dataclass
class FindingLine:
    """A finding with its hypotheses and what they lack."""

    reference: str
    finding: Finding
    hypotheses: tuple[Hypothesis, ...]
    lacks: tuple[Lack, ...]


@dataclass
class Cell:
    """How a piece of evidence bears on one hypothesis."""

    bearing: str
    why: str


@dataclass
class EvidenceRow:
    """A piece of evidence and a cell for each hypothesis."""

    evidence: Told
    cells: list[Cell]


@require_safe
def hypotheses(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The findings, each with the explanations that are weighed for it."""
    opened = open_case(request, slug)
    lines = [
        FindingLine(name, each, hypotheses_of(opened.file, name), lacks(opened.file, name))
        for name, each in opened.file.named(Finding).items()
    ]
    return opened.answer("hypotheses.html", "hypotheses", {"lines": lines})


@require_http_methods(["GET", "HEAD", "POST"])
def hypothesis_matrix(request: HttpRequest, slug: str, reference: str) -> HttpResponseBase:
    """The matrix of one finding, and the forms to add a hypothesis and to weigh evidence."""
    opened = open_case(request, slug)
    finding = opened.entity(Finding, reference)
    found = matrix(opened.file, reference)
    deeds: list[Deed] = []
    if not why_not(opened, Hypothesis):
        deeds = [*([_weigh(opened, found.hypotheses)] if found.hypotheses else []), _add(opened, reference)]
    if opened.done(deeds):
        return opened.go("hypothesis_matrix", reference)
    context = {
        "reference": reference,
        "finding": finding,
        "hypotheses": found.hypotheses,
        "rows": [_row(opened, row, found.hypotheses) for row in found.rows],
        "lacks": lacks(opened.file, reference),
        "deeds": deeds,
    }
    return opened.answer("matrix.html", "hypotheses", context, deeds=deeds)


def _bearings() -> dict[str, str]:
    """How evidence may bear on a hypothesis, with the words that lists show for it."""
    return {"for": pgettext("term", "for"), "against": pgettext("term", "against")}


def _row(opened: Opened, row: Row, columns: tuple[Hypothesis, ...]) -> EvidenceRow:
    entity = opened.file.find(row.evidence)
    address = address_of(opened.case.slug, opened.file, row.evidence)
    told = Told(row.evidence, address, title_of(entity) if entity else "")
    return EvidenceRow(
        told, [Cell(row.bearing.get(each.id) or "", row.why.get(each.id, "")) for each in columns]
    )


def _weigh(opened: Opened, found: tuple[Hypothesis, ...]) -> Deed:
    def perform(given: dict[str, Any]) -> object:
        names = (str(given["hypothesis"]), str(given["evidence"]), str(given["why"]))
        return services.weigh(opened.user, opened.case, *names, favours=given["bears"] == "for")

    names = tuple(each.id for each in found)
    parts = (
        Part("evidence", Shape("reference"), required=True),
        Part("hypothesis", Shape("choice", words=names), required=True, label=_("Hypothesis")),
        Part(
            "bears", Shape("choice", words=tuple(_bearings())), required=True, label=_("How it bears on it")
        ),
        Part("why", Shape("text"), required=True),
    )
    return Deed(
        "weigh",
        _("Weigh a piece of evidence"),
        _("Record it"),
        _("The evidence is weighed."),
        perform,
        parts,
        explained=_("Ask of each piece of evidence how likely it would be if the hypothesis held; what fits "
                    "all hypotheses tells none of them apart."),
    )  # fmt: skip


def _add(opened: Opened, reference: str) -> Deed:
    def perform(given: dict[str, Any]) -> object:
        return save(opened.user, opened.case, Hypothesis.model_validate(given))

    return Deed(
        "add",
        _("Add a hypothesis"),
        _("Add it"),
        _("The hypothesis is recorded."),
        perform,
        pick(Hypothesis, "kind", "text"),
        {"id": free_name(opened.file, Hypothesis), "finding": reference, "examined": False},
        Hypothesis,
        _("Every finding weighs at least two, and always that the footage is staged or in a false context, "
          "and that the parties are mixed up."),
    )  # fmt: skip

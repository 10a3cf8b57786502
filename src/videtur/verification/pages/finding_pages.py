"""Findings: what is said, at which standard, and whether the gate of that standard lets it pass."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from videtur.cases.queries import roles_in
from videtur.engines.method import vocabulary
from videtur.engines.method.entities.verification import Finding, Hypothesis, ProvisionMapping
from videtur.engines.method.gates import Gate, gate, gate_in_force
from videtur.verification import services
from videtur.verification.facts import Told, address_of, facts_of
from videtur.verification.forms.deed import Deed, pick
from videtur.verification.pages.entity_pages import history, naming, why_not
from videtur.verification.pages.opened import Opened, open_case
from videtur.verification.titles import title_of

_BEYOND_PARTY = ("attribution_to_unit", "individual_responsibility")
_AT_THE_TOP = ("text", "standard", "status", "scope")


@dataclass
class FindingLine:
    """A finding in the list, with its gate."""

    reference: str
    finding: Finding
    gate: Gate


@require_safe
def findings(request: HttpRequest, slug: str) -> HttpResponseBase:
    """All findings, and whether the gate of each is passed."""
    opened = open_case(request, slug)
    lines = [
        FindingLine(name, each, gate_in_force(opened.file, name))
        for name, each in opened.file.named(Finding).items()
    ]
    return opened.answer(
        "findings.html", "findings", {"lines": lines, "may_add": not why_not(opened, Finding)}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def finding(request: HttpRequest, slug: str, reference: str) -> HttpResponseBase:
    """One finding with the panel of its gate."""
    opened = open_case(request, slug)
    found = opened.entity(Finding, reference)
    deeds = _deeds(opened, found, reference)
    if opened.done(deeds):
        return opened.go("finding", reference)
    asked = request.GET.get("standard", "")
    standards = vocabulary.words("standard_of_proof")
    context = {
        "reference": reference,
        "finding": found,
        "facts": [each for each in facts_of(slug, opened.file, found) if each.name not in _AT_THE_TOP],
        "gate": gate(opened.file, reference, asked if asked in standards else None),
        "own_standard": found.standard,
        "standards": standards,
        "beyond_party": found.scope in _BEYOND_PARTY,
        "hypotheses": [each for each in opened.file.all(Hypothesis) if each.finding == reference],
        "mappings": _mappings(opened, reference),
        "named_by": naming(opened, reference),
        "deeds": deeds,
        **history(opened, found, reference),
        "section": Finding.section,
    }
    return opened.answer("finding.html", "findings", context, deeds=deeds)


def _mappings(opened: Opened, reference: str) -> list[Told]:
    return [
        Told(name, address_of(opened.case.slug, opened.file, name), title_of(each))
        for name, each in opened.file.named(ProvisionMapping).items()
        if each.of == reference
    ]


def _deeds(opened: Opened, found: Finding, reference: str) -> list[Deed]:
    """The steps that the finding's state and the person's roles allow."""
    roles, user, case = roles_in(opened.user, opened.case), opened.user, opened.case
    deeds: list[Deed] = []
    if found.status in ("drafted", "rejected") and not why_not(opened, Finding):
        deeds.append(
            Deed(
                "start",
                _("Hand it to review"),
                _("Start the review"),
                _("The finding is under review."),
                lambda given: services.start_review_of_finding(user, case, reference),
            )
        )
    if "legal_reviewer" in roles and found.status in ("drafted", "under_review"):
        deeds.append(
            Deed(
                "sign",
                _("Sign as legal reviewer"),
                _("Sign"),
                _("You signed as legal reviewer."),
                lambda given: services.sign_as_legal_reviewer(user, case, reference),
                explained=_("Only somebody who is no analyst on it may sign."),
            )
        )
    if found.status in ("drafted", "under_review") and roles & {
        "publication_approver",
        "case_lead",
        "arbiter",
    }:
        # Shown to the case lead too: the refusal says whose step it is, and what the gate still lacks.
        deeds.append(
            Deed(
                "approve",
                _("Approve the finding"),
                _("Approve"),
                _("The finding is approved."),
                lambda given: services.approve_finding(user, case, reference),
                explained=_("It is approved through the gate of its standard, or not at all."),
            )
        )
        deeds.append(_because(opened, found, reference, "reject"))
    if found.status != "withdrawn" and roles & {"publication_approver", "case_lead"}:
        deeds.append(_because(opened, found, reference, "withdraw"))
    return deeds


def _because(opened: Opened, found: Finding, reference: str, step: str) -> Deed:
    reject = step == "reject"

    def perform(given: dict[str, Any]) -> object:
        do = services.reject_finding if reject else services.withdraw_finding
        return do(opened.user, opened.case, reference, str(given.get("because", "")))

    return Deed(
        step,
        _("Reject the finding") if reject else _("Withdraw the finding"),
        _("Reject") if reject else _("Withdraw"),
        _("The finding is rejected, with the reason.") if reject else _("The finding is withdrawn."),
        perform,
        pick(Finding, "because"),
        {name: value for name, value in found.as_json().items() if name != "because"},
        Finding,
        "" if reject else _("Releases that used it are flagged for correction."),
        danger=True,
    )

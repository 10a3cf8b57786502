"""Law: provisions that may be concerned, what each still needs, and what a legal reviewer makes of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from videtur.cases.queries import roles_in
from videtur.cases.roles import ANALYSTS
from videtur.engines.law.candidates import Candidate, Need
from videtur.engines.law.catalogue import CATALOGUE, Provision
from videtur.engines.law.parties import PartyStatus
from videtur.engines.method.entities.base import Entity
from videtur.engines.method.entities.case import Allegation
from videtur.engines.method.entities.footage import FootageFamily
from videtur.engines.method.entities.verification import CitedObligation, Finding, ProvisionMapping
from videtur.verification import services
from videtur.verification.candidates import candidates_of
from videtur.verification.facts import Told, address_of, facts_of
from videtur.verification.forms.deed import Deed, pick
from videtur.verification.forms.shapes import Part, Shape
from videtur.verification.pages.entity_pages import free_name, history
from videtur.verification.pages.opened import Opened, open_case
from videtur.verification.titles import title_of

_PROPOSING = ANALYSTS | {"case_lead", "legal_reviewer"}
_DECISIONS = ("facts_supported", "legal_review_passed", "rejected")
_FORM = require_http_methods(["GET", "HEAD", "POST"])


@dataclass
class SubjectLine:
    """Something to which provisions may be put."""

    reference: str
    kind: str
    title: str
    mapped: int


@dataclass
class NeedLine:
    """A fact that would have to be shown, with links to what shows it."""

    need: Need
    evidence: list[Told]


@dataclass
class CandidateLine:
    """A provision that may be concerned, and why the catalogue asks."""

    provision: Provision
    because: list[Told]
    needs: list[NeedLine]
    parties: Sequence[PartyStatus]
    effect: str


@dataclass
class Group:
    """The candidates to which one kind of observation leads."""

    observed: str
    lines: list[CandidateLine]


@require_safe
def law(request: HttpRequest, slug: str) -> HttpResponseBase:
    """What may be put beside the law, the mappings there are, and the obligations that others cite."""
    opened = open_case(request, slug)
    file = opened.file
    mapped = list(file.all(ProvisionMapping))
    subjects = [
        SubjectLine(name, each.section, title_of(each), sum(one.of == name for one in mapped))
        for kind in (FootageFamily, Allegation, Finding)
        for name, each in file.named(kind).items()
    ]
    context = {
        "subjects": subjects,
        "mappings": [(name, each) for name, each in file.named(ProvisionMapping).items()],
        "obligations": [
            (each, CATALOGUE.provisions.get(each.provision)) for each in file.all(CitedObligation)
        ],
        "notice": CATALOGUE.notice,
    }
    return opened.answer("law.html", "law", context)


@_FORM
def law_subject(request: HttpRequest, slug: str, reference: str) -> HttpResponseBase:
    """The candidates for footage, an allegation or a finding. Nothing is concluded here."""
    opened = open_case(request, slug)
    subject = opened.file.find(reference)
    if not isinstance(subject, FootageFamily | Allegation | Finding):
        raise Http404
    found = candidates_of(opened.file, reference)
    deeds: list[Deed] = []
    if roles_in(opened.user, opened.case) & _PROPOSING:
        deeds = [_propose(opened, subject, reference, found)]
    if opened.done(deeds):
        return opened.go("law_subject", reference)
    context = {
        "reference": reference,
        "kind": subject.section,
        "title": title_of(subject),
        "address": address_of(slug, opened.file, reference),
        "groups": _groups(opened, found),
        "mappings": [
            (name, each) for name, each in opened.file.named(ProvisionMapping).items() if each.of == reference
        ],
        "notice": CATALOGUE.notice,
        "deeds": deeds,
    }
    return opened.answer("law_subject.html", "law", context, deeds=deeds)


@_FORM
def mapping(request: HttpRequest, slug: str, reference: str) -> HttpResponseBase:
    """One provision beside a finding or an allegation: its needed facts, and the legal reviewer's word."""
    opened = open_case(request, slug)
    found = opened.entity(ProvisionMapping, reference)
    deeds = _deeds_of_mapping(opened, found, reference)
    if opened.done(deeds):
        return opened.go("mapping", reference)
    context = {
        "reference": reference,
        "mapping": found,
        "provision": CATALOGUE.provisions.get(found.provision),
        "facts": facts_of(slug, opened.file, found),
        "notice": CATALOGUE.notice,
        "deeds": deeds,
        **history(opened, found, reference),
    }
    return opened.answer("mapping.html", "law", context, deeds=deeds)


def _groups(opened: Opened, found: tuple[Candidate, ...]) -> list[Group]:
    groups: dict[str, Group] = {}
    for each in found:
        line = CandidateLine(
            each.provision,
            [_told(opened, name) for name in each.because],
            [NeedLine(need, [_told(opened, name) for name in need.evidence]) for need in each.needs],
            each.party_status,
            each.effect,
        )
        groups.setdefault(each.map_id, Group(each.observed, [])).lines.append(line)
    return list(groups.values())


def _told(opened: Opened, name: str) -> Told:
    entity = opened.file.find(name)
    about = title_of(entity) if entity else ""
    return Told(name, address_of(opened.case.slug, opened.file, name), about)


def _propose(opened: Opened, subject: Entity, reference: str, found: tuple[Candidate, ...]) -> Deed:
    needs = {each.provision.id: each.needs for each in found}

    def perform(given: dict[str, Any]) -> object:
        told = [
            {"need": need.need, "met": "yes", "evidence": list(need.evidence), "why": need.why}
            if need.met == "met"
            else {"need": need.need, "met": "unknown"}
            for need in needs.get(str(given.get("provision")), ())
        ]
        candidate = ProvisionMapping.model_validate({**given, **({"needs": told} if told else {})})
        return services.map_provision(opened.user, opened.case, candidate)

    provisions = tuple(dict.fromkeys(each.provision.id for each in found)) or tuple(CATALOGUE.provisions)
    parts = [
        Part("provision", Shape("choice", words=provisions), required=True),
        *pick(ProvisionMapping, "party", "date"),
    ]
    start: dict[str, Any] = {"id": free_name(opened.file, ProvisionMapping), "of": reference}
    if isinstance(subject, FootageFamily):
        del start["of"]
        parts[1:1] = pick(ProvisionMapping, "of")
    return Deed(
        "propose",
        _("Put a provision beside it, as a candidate"),
        _("Record the candidate"),
        _("The candidate is recorded. It says nothing yet: a legal reviewer decides, with reasons."),
        perform,
        tuple(parts),
        start,
        ProvisionMapping,
    )


def _deeds_of_mapping(opened: Opened, found: ProvisionMapping, reference: str) -> list[Deed]:
    roles = roles_in(opened.user, opened.case)
    deeds: list[Deed] = []
    if found.status == "candidate" and roles & _PROPOSING:
        deeds.append(_state_needs(opened, found))
    if "legal_reviewer" in roles:
        deeds.append(_decide(opened, found, reference))
    return deeds


def _state_needs(opened: Opened, found: ProvisionMapping) -> Deed:
    def perform(given: dict[str, Any]) -> object:
        return services.map_provision(opened.user, opened.case, ProvisionMapping.model_validate(given))

    return Deed(
        "needs",
        _("Say how its facts stand"),
        _("Record it"),
        _("The facts are recorded as they stand."),
        perform,
        pick(ProvisionMapping, "party", "date", "needs"),
        found.as_json(),
        ProvisionMapping,
        _("A fact is met by evidence that is named. What is not known stays unknown: a gap is no answer."),
    )


def _decide(opened: Opened, found: ProvisionMapping, reference: str) -> Deed:
    def perform(given: dict[str, Any]) -> object:
        status, reason = str(given.get("status", "")), str(given.get("reason", ""))
        return services.decide_mapping(opened.user, opened.case, reference, status, reason)

    parts = (
        Part("status", Shape("choice", words=_DECISIONS), required=True),
        Part("reason", Shape("text"), required=True),
    )
    return Deed(
        "decide",
        _("Decide as legal reviewer"),
        _("Record the decision"),
        _("The decision is recorded, with its reason."),
        perform,
        parts,
        explained=_("Compare the provision with its original text first: the catalogue holds our own words."),
    )

"""Claims and conflicts: who says what, what does not agree, and what explains it."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from videtur.cases.saving import save
from videtur.engines.method.conflicts import DetectedConflict, detected
from videtur.engines.method.entities.verification import Claim, Conflict, LaterClaim
from videtur.verification import services
from videtur.verification.facts import Told, address_of, facts_of
from videtur.verification.forms.deed import Deed, pick
from videtur.verification.pages.entity_pages import free_name, history, lines_of, naming, why_not
from videtur.verification.pages.opened import Opened, open_case
from videtur.verification.titles import title_of

FORM = require_http_methods(["GET", "HEAD", "POST"])


@dataclass
class ConflictLine:
    """A conflict in the list: recorded, or only found by a rule."""

    kind: str
    between: list[Told]
    why: str
    status: str
    reference: str = ""
    material: bool = True
    deeds: list[Deed] = field(default_factory=list[Deed])


@FORM
def claims(request: HttpRequest, slug: str) -> HttpResponseBase:
    """All claims, the conflicts that people recorded, and those that rules find."""
    opened = open_case(request, slug)
    found = [each for each in detected(opened.file) if each.recorded is None]
    lines = [_detected_line(opened, place, each) for place, each in enumerate(found)]
    deeds = [deed for line in lines for deed in line.deeds]
    if opened.done(deeds):
        return opened.go("claims")
    context = {
        "claims": lines_of(opened, Claim),
        "later": lines_of(opened, LaterClaim),
        "recorded": [
            _recorded_line(opened, name, each) for name, each in opened.file.named(Conflict).items()
        ],
        "found": lines,
        "may_add_claim": not why_not(opened, Claim),
        "may_add_conflict": not why_not(opened, Conflict),
    }
    return opened.answer("claims.html", "claims", context, deeds=deeds)


@FORM
def conflict(request: HttpRequest, slug: str, reference: str) -> HttpResponseBase:
    """One conflict, and the form that settles it."""
    opened = open_case(request, slug)
    found = opened.entity(Conflict, reference)
    deeds = [] if why_not(opened, Conflict) else [_settle(opened, found, reference)]
    if opened.done(deeds):
        return opened.go("conflict", reference)
    context = {
        "reference": reference,
        "conflict": found,
        "between": _between(opened, found.between),
        "facts": [each for each in facts_of(slug, opened.file, found) if each.name != "between"],
        "named_by": naming(opened, reference),
        "deeds": deeds,
        **history(opened, found, reference),
        "section": Conflict.section,
    }
    return opened.answer("conflict.html", "claims", context, deeds=deeds)


def _between(opened: Opened, names: tuple[str, ...]) -> list[Told]:
    slug = opened.case.slug
    told: list[Told] = []
    for name in names:
        entity = opened.file.find(name)
        told.append(Told(name, address_of(slug, opened.file, name), title_of(entity) if entity else ""))
    return told


def _recorded_line(opened: Opened, name: str, found: Conflict) -> ConflictLine:
    why = found.detail or found.effect or found.lesson or ""
    return ConflictLine(found.kind, _between(opened, found.between), why, found.status, name, found.material)


def _detected_line(opened: Opened, place: int, found: DetectedConflict) -> ConflictLine:
    line = ConflictLine(found.kind, _between(opened, found.between), found.why, "")
    if not why_not(opened, Conflict):
        line.deeds = [_record(opened, place, found)]
    return line


def _record(opened: Opened, place: int, found: DetectedConflict) -> Deed:
    def perform(given: dict[str, Any]) -> object:
        return save(opened.user, opened.case, Conflict.model_validate(given))

    return Deed(
        f"record-{place}",
        _("Record this conflict"),
        _("Record it"),
        _("The conflict is recorded, and stays in view until somebody says what explains it."),
        perform,
        pick(Conflict, "material", "detail"),
        {
            "id": free_name(opened.file, Conflict),
            "kind": found.kind,
            "between": list(found.between),
            "status": "open",
            "detail": found.why,
            "found_by": "rule",
        },
        Conflict,
    )


def _settle(opened: Opened, found: Conflict, reference: str) -> Deed:
    def perform(given: dict[str, Any]) -> object:
        status, result = str(given.get("status", "")), str(given.get("result", ""))
        return services.settle_conflict(opened.user, opened.case, reference, status, result)

    return Deed(
        "settle",
        _("Say what explains it"),
        _("Record it"),
        _("What explains the conflict is recorded."),
        perform,
        pick(Conflict, "status", "result"),
        found.as_json(),
        Conflict,
        _("Two things that do not agree may both be true of different versions, places or translations. What "
          "cannot be explained is reported as it is."),
    )  # fmt: skip

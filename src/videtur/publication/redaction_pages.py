"""The page on which a masked copy is reviewed, and what it reads and writes."""

import json
from collections.abc import Mapping
from typing import cast, get_args

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from videtur.cases.models import Case
from videtur.cases.pages import case_for, permissions, signed_in
from videtur.cases.sentences import told
from videtur.engines.redaction.finding import Persons
from videtur.engines.redaction.gate import Block
from videtur.engines.redaction.plan import Kind
from videtur.errors import Refused, VideturError, WrongUsage
from videtur.evidence.models import Item
from videtur.footage.derived import time_base_of
from videtur.footage.item_access import item_open_to
from videtur.footage.words import STATES
from videtur.pipeline.queries import State
from videtur.publication import redacting, redaction_standing
from videtur.publication.redaction_shown import shown
from videtur.publication.subtitles import draft_of

_LARGEST_BODY = 1 << 16
_PERSONS: Mapping[Persons, str] = {
    "faces": gettext_noop("the face, with a margin"),
    "heads": gettext_noop("the whole head"),
    "bodies": gettext_noop("the whole person"),
}


@require_safe
def redaction_page(request: HttpRequest, slug: str, sha256: str) -> HttpResponse:
    """Ask for a masked copy, or review the plan of one."""
    case, item = _item(request, slug, sha256)
    may = permissions(signed_in(request), case)
    standing = redaction_standing.standing_of(case, item)
    context = {
        "case": case,
        "item": item,
        "may": may,
        "finding": standing.finding,
        "has_plan": standing.plan is not None,
        "hindrances": [(told(each.what), told(each.remedy)) for each in _once(standing, item)],
        "copy": standing.rendering,
        "seen_again": len(redaction_standing.seen_again_in(standing)),
        "copy_state": _(STATES[standing.rendering.state]) if standing.rendering else "",
        "copy_sha256": redaction_standing.copy_in(standing),
        "has_draft": _has_draft(standing),
        "copy_is_there": standing.rendering is not None and standing.rendering.state is State.DONE,
        "has_picture": time_base_of(item.sha256) is not None,
        "state_in_words": _(STATES[standing.finding.state]) if standing.finding else "",
        "persons": [(value, _(words)) for value, words in _PERSONS.items()],
    }
    return render(request, "publication/redaction.html", context)


@require_safe
def plan(request: HttpRequest, slug: str, sha256: str) -> HttpResponse:
    """The plan as it stands, as JSON."""
    case, item = _item(request, slug, sha256)
    return JsonResponse(_document(redaction_standing.standing_of(case, item), item))


@require_POST
def ask(request: HttpRequest, slug: str, sha256: str) -> HttpResponse:
    """Ask the machine to look for what must not be shown."""
    case, item = _item(request, slug, sha256)
    persons = request.POST.get("persons", "heads")
    if persons not in _PERSONS:
        persons = "heads"
    redacting.ask_for_plan(
        signed_in(request), case, item, persons=cast("Persons", persons), text="text" in request.POST
    )
    messages.success(request, _("Asked for. This page shows what was found when it is there."))
    return redirect("redaction", slug=slug, sha256=sha256)


@require_POST
def deed(request: HttpRequest, slug: str, sha256: str) -> HttpResponse:
    """Do one deed, draw a mask, or undo: as JSON, answered with the plan as it then stands."""
    case, item = _item(request, slug, sha256)
    user = signed_in(request)
    try:
        value = _json(request)
        lost: dict[str, bool] = {}
        if "undo" in value:
            standing = redacting.undo(user, case, item, _whole(value["undo"]))
        elif value.get("deed") == "draw":
            standing, found = redacting.draw(user, case, item, *_drawn(value))
            lost = {"lost_before": found.lost_before, "lost_after": found.lost_after}
        else:
            standing = redacting.do(user, case, item, value)
    except (Refused, WrongUsage) as problem:
        return _no(problem)
    return JsonResponse({**_document(standing, item), **lost})


@require_POST
def ask_for_copy(request: HttpRequest, slug: str, sha256: str) -> HttpResponse:
    """Ask for the masked copy of the plan as it stands."""
    case, item = _item(request, slug, sha256)
    try:
        redacting.ask_for_copy(signed_in(request), case, item)
    except WrongUsage as problem:
        messages.error(request, told(problem.explain()))
    else:
        messages.success(request, _("The masked copy is being made and checked."))
    return redirect("redaction", slug=slug, sha256=sha256)


@require_POST
def mask_seen_again(request: HttpRequest, slug: str, sha256: str) -> HttpResponse:
    """Mask what the detectors still saw on a copy."""
    case, item = _item(request, slug, sha256)
    try:
        redacting.mask_seen_again(signed_in(request), case, item)
    except WrongUsage as problem:
        messages.error(request, told(problem.explain()))
    else:
        messages.success(request, _("All of it is masked now. Look at each, and make the copy anew."))
    return redirect("redaction", slug=slug, sha256=sha256)


@require_POST
def enter_copy(request: HttpRequest, slug: str, sha256: str) -> HttpResponse:
    """Enter the masked copy into the case."""
    case, item = _item(request, slug, sha256)
    try:
        entered = redacting.enter_copy(signed_in(request), case, item)
    except (Refused, WrongUsage) as problem:
        messages.error(request, told(problem.explain()))
        return redirect("redaction", slug=slug, sha256=sha256)
    messages.success(
        request, _("The masked copy is in the case. Two people sign for it before it can leave.")
    )
    return redirect("masked_copy", slug=slug, reference=entered.id)


def _document(standing: redaction_standing.Standing, item: Item) -> dict[str, object]:
    return shown(standing, redaction_standing.against(standing, item))


def _item(request: HttpRequest, slug: str, sha256: str) -> tuple[Case, Item]:
    case = case_for(request, slug)
    return case, item_open_to(signed_in(request), case, sha256)


def _once(standing: redaction_standing.Standing, item: Item) -> list[Block]:
    """One of each kind of hindrance: a film may have a hundred unsigned shots."""
    return list({each.code: each for each in redaction_standing.against(standing, item)}.values())


def _has_draft(standing: redaction_standing.Standing) -> bool:
    made = redaction_standing.derivation_of_copy(redaction_standing.copy_in(standing))
    return made is not None and draft_of(made) is not None


def _no(problem: VideturError) -> HttpResponse:
    return JsonResponse({"detail": told(problem.explain())}, status=422)


def _json(request: HttpRequest) -> Mapping[str, object]:
    try:
        value: object = json.loads(request.body[:_LARGEST_BODY])
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise WrongUsage("This request makes no sense")
    return cast("dict[str, object]", value)


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise WrongUsage("This request makes no sense")
    return value


def _drawn(value: Mapping[str, object]) -> tuple[Kind, int, list[float]]:
    kind, box = value.get("kind"), value.get("box")
    if kind not in get_args(Kind) or not isinstance(box, list):
        raise WrongUsage("This request makes no sense")
    corners = [float(each) for each in cast("list[object]", box) if isinstance(each, int | float)]
    return cast("Kind", kind), _whole(value.get("pts")), corners

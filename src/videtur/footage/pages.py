"""The grid of a case's items, and the page of one item."""

from collections.abc import Mapping
from typing import cast
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from videtur.cases.models import Case
from videtur.cases.pages import case_for, permissions, signed_in
from videtur.cases.sentences import told
from videtur.errors import NotPermitted, Refused, WrongUsage
from videtur.evidence.models import Capture, Item, Publication
from videtur.footage import services
from videtur.footage.blind_viewing import Shown, Viewing, cards_for, family_shown_to, proposals_shown_to
from videtur.footage.derived import document_of, mapping_of, summary_of, time_base_of
from videtur.footage.grid import Sieve, cards_of, progress_of, sift
from videtur.footage.item_access import item_open_to
from videtur.footage.models import CopyDecision
from videtur.footage.observations_shown import observations_of
from videtur.footage.trail import trail_of
from videtur.footage.words import LENGTHS, SORTS, STATES, in_words
from videtur.people.queries import names_of
from videtur.pipeline import queries as pipeline

CARDS_A_PAGE = 60
DAMAGE_SHOWN = 200


@require_safe
def case_page(request: HttpRequest, slug: str) -> HttpResponse:
    """A case's items as cards, sifted, sorted and paged."""
    case = case_for(request, slug)
    cards = cards_for(signed_in(request), case, cards_of(case))
    sieve = Sieve.from_query(dict(request.GET.items()))
    page = Paginator(sift(cards, sieve), CARDS_A_PAGE).get_page(request.GET.get("page"))
    counts = progress_of(cards)
    query = urlencode(sieve.as_query())
    families = {card.family.id: card.family for card in cards if card.family}
    context = {
        "case": case,
        "may": permissions(signed_in(request), case),
        "page": page,
        "query": f"{query}&" if query else "",
        "sieve": sieve,
        "states": [(state, words) for state, words in in_words(STATES) if state in counts],
        "families": sorted(families.values(), key=lambda family: family.name),
        "lengths": in_words(LENGTHS),
        "sources": sorted({card.source_name for card in cards if card.source_name}),
        "sorts": in_words(SORTS),
        "total": len(cards),
        "settled": counts["done"] + counts["failed"],
        "counts": [(state, _(STATES[state]), count) for state, count in counts.items()],
    }
    return render(request, "footage/case.html", context)


@require_safe
def item_page(request: HttpRequest, slug: str, sha256: str) -> HttpResponse:
    """One item: workbench, facts, family, observations, custody."""
    case = case_for(request, slug)
    item = item_open_to(signed_in(request), case, sha256)
    return render(request, "footage/item.html", _item_context(request, case, item))


@require_POST
def decide_copy(request: HttpRequest, slug: str, sha256: str, other: str) -> HttpResponse:
    """Confirm or reject that two items show the same footage; a reason is needed."""
    case = case_for(request, slug)
    item, twin = item_open_to(signed_in(request), case, sha256), item_open_to(signed_in(request), case, other)
    user = signed_in(request)
    _need(permissions(user, case)["decide_copies"])
    decision, reason = request.POST.get("decision", ""), request.POST.get("reason", "").strip()
    if decision not in CopyDecision.DECISIONS:
        raise Http404
    try:
        services.decide_copy(user.actor, case, item, twin, decision, reason)
    except (Refused, WrongUsage) as problem:
        messages.error(request, told(problem.explain()))
    else:
        messages.success(request, _("Your decision is recorded."))
    return redirect("item", slug=slug, sha256=sha256)


@require_POST
def withdraw(request: HttpRequest, slug: str, sha256: str, thing: str) -> HttpResponse:
    """Withdraw an observation; it stays in the record, with the reason."""
    case = case_for(request, slug)
    item = item_open_to(signed_in(request), case, sha256)
    user = signed_in(request)
    _need(permissions(user, case)["observe"])
    try:
        services.withdraw_observation(user.actor, case, item, thing, request.POST.get("reason", "").strip())
    except (Refused, WrongUsage) as problem:
        messages.error(request, told(problem.explain()))
    else:
        messages.success(request, _("The observation is withdrawn. It stays in the record, with the reason."))
    return redirect("item", slug=slug, sha256=sha256)


def _need(allowed: bool) -> None:
    if not allowed:
        raise NotPermitted("Your role in this case does not allow that")


def _item_context(request: HttpRequest, case: Case, item: Item) -> dict[str, object]:
    probe, decode = summary_of(item.sha256, "probe"), summary_of(item.sha256, "decode")
    captures = list(Capture.objects.filter(item=item, case=case.thing).order_by("entry_index"))
    published = Publication.objects.filter(capture__in=captures).order_by("entry_index")
    viewed = Viewing(signed_in(request), case).of(item.sha256)
    if viewed.captions_kept:
        published = published.none()
    now = pipeline.progress_of(item.sha256)
    family = family_shown_to(signed_in(request), case, item)
    return {
        "case": case,
        "item": item,
        "may": permissions(signed_in(request), case),
        "name": viewed.reference if viewed.captions_kept else captures[0].file_name,
        "state": now.state,
        "state_in_words": _(STATES[now.state]),
        "duration": probe.get("duration_seconds"),
        "captures": captures,
        "collectors": names_of(capture.captured_by for capture in captures),
        "publications": published,
        "facts": _facts(item, probe, decode),
        "metadata": []
        if viewed.captions_kept
        else _lines(mapping_of(item.sha256, "metadata", "metadata.json")),
        "viewed": viewed,
        "damage": _damage(item),
        "damage_count": decode.get("damage_count"),
        "steps": [(step, _(STATES[step.state])) for step in now.steps],
        "family": family,
        # Not `family.items`: in a template that would be the mapping's own method.
        "members": family["items"] if family else [],
        "proposals": proposals_shown_to(signed_in(request), case, item),
        "observations": observations_of(case, item),
        "trail": trail_of(item, case, Shown(signed_in(request), case).names),
        "has_stills": time_base_of(item.sha256) is not None,
    }


def _facts(item: Item, probe: Mapping[str, object], decode: Mapping[str, object]) -> list[tuple[str, str]]:
    size = f"{probe['width']} × {probe['height']}" if probe.get("width") else ""
    facts = [
        (_("SHA-256"), item.sha256),
        (_("SHA-512"), item.sha512),
        (_("Size"), _("%(count)s bytes") % {"count": item.size}),
        (_("Container"), probe.get("container")),
        (_("Picture"), " · ".join(str(part) for part in (size, probe.get("picture_codec")) if part)),
        (_("Rotation"), probe.get("rotation")),
        (_("Sound"), probe.get("sound_codec")),
        (_("Frames"), decode.get("frame_count")),
        (_("Time base"), "/".join(map(str, _pair(decode.get("time_base"))))),
    ]
    return [(name, str(value)) for name, value in facts if value]


def _pair(value: object) -> list[object]:
    return list(cast("list[object]", value)) if isinstance(value, list) else []


def _lines(value: object, path: str = "") -> list[tuple[str, str]]:
    """A JSON document as (path, value) lines, to be read as a table."""
    if isinstance(value, Mapping):
        parts = [
            (f"{path}.{key}" if path else str(key), part)
            for key, part in cast("Mapping[str, object]", value).items()
        ]
    elif isinstance(value, list):
        parts = [(f"{path}[{place}]", part) for place, part in enumerate(cast("list[object]", value))]
    else:
        return [] if value is None else [(path, str(value))]
    return [line for name, part in parts for line in _lines(part, name)]


def _damage(item: Item) -> list[dict[str, object]]:
    content = document_of(item.sha256, "decode", "damage.json")
    if isinstance(content, Mapping):
        content = cast("Mapping[str, object]", content).get("damage")
    rows = cast("list[object]", content) if isinstance(content, list) else []
    return [cast("dict[str, object]", row) for row in rows if isinstance(row, dict)][:DAMAGE_SHOWN]

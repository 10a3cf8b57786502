"""The JSON that the elements of the item page and the grid read and write."""

import json
from collections.abc import Mapping
from typing import cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from ninja import Router

from videtur.cases.models import Case
from videtur.cases.pages import case_for, signed_in
from videtur.cases.rules import may_observe
from videtur.cases.sentences import told
from videtur.errors import NotPermitted
from videtur.evidence.models import Item
from videtur.footage import vocabulary
from videtur.footage.blind_viewing import cards_for, family_shown_to
from videtur.footage.derived import mapping_of, output_of, summary_of
from videtur.footage.drafts import ObservationDraft, ObservationRefused, Problem
from videtur.footage.grid import cards_of, progress_of
from videtur.footage.item_access import item_open_to
from videtur.footage.observations_shown import observation_document, observations_of
from videtur.footage.services import add_observation
from videtur.people.models import User

router = Router()

VOCABULARY: Mapping[str, tuple[str, ...]] = {
    "modality": vocabulary.MODALITIES,
    "persons_role_apparent": vocabulary.ROLES_APPARENT,
    "person_state": vocabulary.PERSON_STATES,
    "act": vocabulary.ACTS,
    "injury_region": vocabulary.INJURY_REGIONS,
    "injury_sign": vocabulary.INJURY_SIGNS,
    "injury_timing": vocabulary.INJURY_TIMINGS,
    # What one observer may say alone: more needs a review, and is not offered.
    "hedge": vocabulary.HEDGES_OF_ONE_OBSERVER,
    "count_basis": vocabulary.COUNT_BASES,
}


@router.get("/cases/{slug}/progress", summary="How many items are in which state")
def progress(request: HttpRequest, slug: str) -> HttpResponse:
    """Counts by state of the examination, and whether anything is still to do."""
    case = case_for(request, slug)
    counts = progress_of(cards_for(signed_in(request), case, cards_of(case)))
    return JsonResponse(
        {
            "case": slug,
            "items": sum(counts.values()),
            "states": counts,
            "settled": not counts["pending"] and not counts["running"],
        }
    )


@router.get("/cases/{slug}/items/{sha256}/timeline", summary="Everything that lies along an item's time")
def timeline(request: HttpRequest, slug: str, sha256: str) -> HttpResponse:
    """Shots, filmstrip, waveform, transcript, family and observations of one item."""
    case = case_for(request, slug)
    item = item_open_to(signed_in(request), case, sha256)
    return JsonResponse(timeline_document(signed_in(request), case, item))


@router.get("/cases/{slug}/items/{sha256}/observations", summary="What people saw and heard")
def list_observations(request: HttpRequest, slug: str, sha256: str) -> HttpResponse:
    """The present observations of an item in this case, by time."""
    case = case_for(request, slug)
    return JsonResponse(
        {"observations": observations_of(case, item_open_to(signed_in(request), case, sha256))}
    )


@router.post("/cases/{slug}/items/{sha256}/observations", summary="Record what was seen or heard")
def create_observation(request: HttpRequest, slug: str, sha256: str) -> HttpResponse:
    """201 with the observation, or 422 with every problem of the draft at once."""
    case = case_for(request, slug)
    item = item_open_to(signed_in(request), case, sha256)
    user = signed_in(request)
    if not may_observe(user, case):
        raise NotPermitted("Your role in this case does not allow observations")
    try:
        draft = ObservationDraft.from_json(_json_object(request))
        observation = add_observation(user.actor, case, item, draft)
    except ObservationRefused as refused:
        problems = [{"field": problem.field, "why": told(problem.why)} for problem in refused.problems]
        return JsonResponse({"problems": problems}, status=422)
    return JsonResponse(observation_document(observation, user.display_name or user.username), status=201)


def timeline_document(user: User, case: Case, item: Item) -> dict[str, object]:
    """The document of the contract in docs/reference."""
    decode = summary_of(item.sha256, "decode")
    return {
        "item": item.sha256,
        "time_base": decode.get("time_base") or [1, 1000],
        "first_pts": decode.get("first_pts") or 0,
        "last_pts": decode.get("last_pts") or 0,
        "preview": _preview(case, item),
        "presentation_times_url": _url(case, item, "decode", "presentation_times.bin")
        if decode.get("frame_count")
        else None,
        "shots": mapping_of(item.sha256, "shots", "shots.json").get("shots", []),
        "filmstrip": _filmstrip(case, item),
        "peaks_url": _url(case, item, "peaks", "peaks.json"),
        "transcript": mapping_of(item.sha256, "speech", "transcript.json") or None,
        "family": family_shown_to(user, case, item),
        "observations": observations_of(case, item),
        "vocabulary": VOCABULARY,
    }


def _preview(case: Case, item: Item) -> dict[str, object] | None:
    summary = summary_of(item.sha256, "preview")
    if not summary or output_of(item.sha256, "preview", "preview.mp4") is None:
        return None
    return {
        "url": reverse("preview", args=[case.slug, item.sha256]),
        **{name: summary.get(name) for name in ("offset_pts", "time_base", "width", "height", "has_sound")},
    }


def _filmstrip(case: Case, item: Item) -> dict[str, object] | None:
    layout = mapping_of(item.sha256, "filmstrip", "filmstrip.json")
    image = _url(case, item, "filmstrip", "filmstrip.jpg")
    return {**layout, "image_url": image} if layout and image else None


def _url(case: Case, item: Item, step: str, name: str) -> str | None:
    if output_of(item.sha256, step, name) is None:
        return None
    return reverse("output", args=[case.slug, item.sha256, step, name])


def _json_object(request: HttpRequest) -> Mapping[str, object]:
    try:
        value: object = json.loads(request.body)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise ObservationRefused([Problem("body", "must be a JSON object")])
    return cast("dict[str, object]", value)

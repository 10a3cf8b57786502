"""The page where files are handed in, and the look-up of an item in a case."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from videtur.cases.models import Case
from videtur.cases.pages import case_for, permissions, signed_in
from videtur.evidence.models import Capture, Item, Refusal

REFUSALS_SHOWN = 50


def item_for(case: Case, sha256: str) -> Item:
    """The item of that digest, if it ever arrived in this case; in any other case there is none."""
    item = Item.objects.filter(sha256=sha256).first()
    if item is None or not Capture.objects.filter(case=case.thing, item=item).exists():
        raise Http404
    return item


@require_safe
def upload_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Where files are handed in, and what was refused lately, with reasons."""
    case = case_for(request, slug)
    allowed = permissions(signed_in(request), case)
    if not allowed["take_in"]:
        raise Http404
    refusals = Refusal.objects.filter(case=case.thing).order_by("-entry_index")[:REFUSALS_SHOWN]
    return render(request, "evidence/upload.html", {"case": case, "may": allowed, "refusals": refusals})

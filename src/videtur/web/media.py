"""Evidence on its way to the screen: originals, what was derived from them, and exact stills.

Each answer is checked for this person and this case; nothing lies under a public path.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from videtur.cases.pages import case_for, signed_in
from videtur.engines.media.still import still as exact_still
from videtur.engines.media.timecode import MediaTime
from videtur.evidence.models import Capture, Item
from videtur.footage.blind_viewing import Viewing
from videtur.footage.derived import open_store, output_of, time_base_of
from videtur.footage.item_access import item_open_to
from videtur.pipeline.decoding import sandbox
from videtur.pipeline.redaction_files import COPY_FILE, RECORD_FILE
from videtur.publication.redaction_standing import derivation_of_copy
from videtur.publication.subtitles import draft_of
from videtur.web.streaming import MEDIA_POLICY, stream

TYPES = {
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".mp4": "video/mp4",
    ".bin": "application/octet-stream",
}
TELLING = ("probe", "metadata")
"""Steps whose files repeat the tags that whoever made a film wrote into it."""


@require_safe
def original(request: HttpRequest, slug: str, sha256: str) -> HttpResponseBase:
    """The bytes as received, to be saved under the name they came with; never shown by the browser."""
    case = case_for(request, slug)
    item = item_open_to(signed_in(request), case, sha256)
    first = Capture.objects.filter(item=item, case=case.thing).order_by("entry_index").first()
    kept = Viewing(signed_in(request), case).of(sha256).captions_kept
    name = first.file_name if first and not kept else item.sha256
    file = open_store().open(item.object_key)
    return stream(request, file, item.size, item.sha256, "application/octet-stream", download_name=name)


@require_safe
def preview(request: HttpRequest, slug: str, sha256: str) -> HttpResponseBase:
    """The small copy that the browser can play."""
    return _derived(request, _item(request, slug, sha256), "preview", "preview.mp4")


@require_safe
def output(request: HttpRequest, slug: str, sha256: str, step: str, name: str) -> HttpResponseBase:
    """A file that a step made. What the file says of itself is kept from a blind reviewer as a caption is."""
    item = _item(request, slug, sha256)
    if step in TELLING and Viewing(signed_in(request), case_for(request, slug)).of(sha256).captions_kept:
        raise Http404
    return _derived(request, item, step, name)


@require_safe
def still(request: HttpRequest, slug: str, sha256: str, pts: int) -> HttpResponse:
    """The exact frame at a presentation time of the item's picture, decoded from the original now."""
    item = _item(request, slug, sha256)
    time_base = time_base_of(item.sha256)
    if time_base is None:
        raise Http404
    with sandbox() as box, open_store().open(item.object_key) as file:
        picture = exact_still(file, MediaTime(pts, time_base), box)
    headers = {
        "Content-Security-Policy": MEDIA_POLICY,
        "Content-Disposition": f'inline; filename="{item.sha256[:16]}-{pts}.jpg"',
    }
    return HttpResponse(picture, content_type="image/jpeg", headers=headers)


@require_safe
def masked_film(request: HttpRequest, slug: str, sha256: str, copy: str) -> HttpResponseBase:
    """Exactly that masked copy of an item."""
    return _of_copy(request, slug, sha256, copy, COPY_FILE)


@require_safe
def masked_film_record(request: HttpRequest, slug: str, sha256: str, copy: str) -> HttpResponseBase:
    """The signed record of that masked copy, as it may go out with it."""
    return _of_copy(request, slug, sha256, copy, RECORD_FILE)


@require_safe
def masked_film_subtitles(request: HttpRequest, slug: str, sha256: str, copy: str) -> HttpResponse:
    """A draft of subtitles for that masked copy, to be saved and checked; it may name people."""
    item = _item(request, slug, sha256)
    made = derivation_of_copy(copy)
    if made is None or made.input_sha256 != item.sha256 or (draft := draft_of(made)) is None:
        raise Http404
    headers = {
        "Content-Security-Policy": MEDIA_POLICY,
        "Content-Disposition": f'attachment; filename="draft-{copy[:16]}.vtt"',
    }
    return HttpResponse(draft, content_type="text/vtt; charset=utf-8", headers=headers)


def _of_copy(request: HttpRequest, slug: str, sha256: str, copy: str, name: str) -> HttpResponseBase:
    item = _item(request, slug, sha256)
    made = derivation_of_copy(copy)
    if made is None or made.input_sha256 != item.sha256 or name not in made.outputs:
        raise Http404
    found = made.outputs[name]
    media_type = TYPES["." + name.rpartition(".")[2]]
    return stream(request, open_store().open(found["key"]), found["size"], found["sha256"], media_type)


def _item(request: HttpRequest, slug: str, sha256: str) -> Item:
    return item_open_to(signed_in(request), case_for(request, slug), sha256)


def _derived(request: HttpRequest, item: Item, step: str, name: str) -> HttpResponseBase:
    found = output_of(item.sha256, step, name)
    if found is None:
        raise Http404
    media_type = TYPES.get("." + name.rpartition(".")[2], "application/octet-stream")
    return stream(request, open_store().open(found["key"]), found["size"], found["sha256"], media_type)

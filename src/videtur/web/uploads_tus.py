"""Resumable upload by tus 1.0: core, creation, checksum, expiration, termination.

Unfinished uploads belong to one person in one case and are invisible to everybody else. When the last
byte is there, the bytes go through the same take-in as every other arrival; the answer's header
`Videtur-Item` then names the item, and a refusal comes as 422 with one line for a person.
"""

import binascii
from base64 import b64decode
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import gettext as _

from videtur.cases.models import Case
from videtur.cases.pages import case_for, signed_in
from videtur.cases.rules import may_take_in
from videtur.errors import StorageFailed
from videtur.web.taking_in import take_in_upload
from videtur.web.upload_shelf import CHECKSUMS, ChecksumDiffers, Shelf, Upload, UploadBusy

VERSION = "1.0.0"
EXTENSIONS = "creation,checksum,expiration,termination"
PIECE = "application/offset+octet-stream"
LONGEST_METADATA = 4096
CHECKSUM_MISMATCH = 460
"""The status that tus gives to a piece that differs from its checksum."""


def shelf() -> Shelf:
    """Where this workspace keeps unfinished uploads."""
    return Shelf(settings.WORKSPACE.uploads, timedelta(hours=settings.UPLOAD_LIFETIME_HOURS))


def uploads(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Where uploads are made: POST makes one, OPTIONS says what is understood."""
    case = _case_taking_in(request, slug)
    if request.method == "OPTIONS":
        return _answer(
            204,
            {
                "Tus-Version": VERSION,
                "Tus-Extension": EXTENSIONS,
                "Tus-Max-Size": str(settings.UPLOAD_SIZE_LIMIT),
                "Tus-Checksum-Algorithm": ",".join(CHECKSUMS),
            },
        )
    if request.method != "POST":
        return _answer(405, {"Allow": "OPTIONS, POST"})
    return _wrong_version(request) or _create(request, case)


def upload(request: HttpRequest, slug: str, upload_id: str) -> HttpResponseBase:
    """One upload: HEAD says how far it is, PATCH adds a piece, DELETE gives it up."""
    case = _case_taking_in(request, slug)
    found = shelf().find(upload_id)
    if found is None or found.user != str(signed_in(request).id) or found.case != case.slug:
        raise Http404
    actions = {"HEAD": _head, "PATCH": _patch, "DELETE": _delete}
    action = actions.get(str(request.method))
    if action is None:
        return _answer(405, {"Allow": ", ".join(actions)})
    if wrong := _wrong_version(request):
        return wrong
    if found.expires_at < datetime.now(UTC) and not found.complete:
        shelf().discard(found)
        return _answer(410, text=_("This upload waited too long. Start it again."))
    try:
        with shelf().alone(found.id):
            # Read again under the lock: somebody may have added a piece since.
            return action(request, case, shelf().find(found.id) or found)
    except UploadBusy as busy:
        return _answer(423, text=busy.explain())
    except FileNotFoundError:
        raise Http404 from None


def _create(request: HttpRequest, case: Case) -> HttpResponseBase:
    length = _number(request.headers.get("Upload-Length"))
    name = _file_name(request.headers.get("Upload-Metadata", ""))
    if length is None or name is None:
        return _answer(400, text=_("An upload needs its length, and well-formed metadata."))
    if length > settings.UPLOAD_SIZE_LIMIT:
        return _answer(413, text=_("The file is larger than what may be uploaded."))
    shelf().discard_expired(datetime.now(UTC))
    try:
        made = shelf().create(str(signed_in(request).id), case.slug, name, length)
    except StorageFailed as failure:
        return _answer(507, text=failure.explain())
    headers = {"Location": reverse("upload", args=[case.slug, made.id]), **_expiry(made)}
    if made.complete:  # an empty file: nothing will follow, so its refusal is due now
        with shelf().alone(made.id):
            made = _take_in(request, case, made)
        if made.refused:
            return _answer(422, text=made.refused)
    return _answer(201, headers)


def _head(request: HttpRequest, case: Case, found: Upload) -> HttpResponseBase:
    if found.complete and not found.settled:
        # Power went between the last byte and the take-in; a client that sees a full offset sends nothing.
        found = _take_in(request, case, found)
    return _state(found, 200)


def _patch(request: HttpRequest, case: Case, found: Upload) -> HttpResponseBase:
    if request.headers.get("Content-Type") != PIECE:
        return _answer(415)
    if _number(request.headers.get("Upload-Offset")) != found.offset:
        return _answer(409, {"Upload-Offset": str(found.offset)})
    size = _number(request.headers.get("Content-Length"))
    if size is not None and size > found.length - found.offset:
        return _answer(413, text=_("The piece is longer than what is missing."))
    try:
        checksum = _checksum(request.headers.get("Upload-Checksum"))
    except ValueError:
        return _answer(400, text=_("The checksum is malformed, or of an algorithm not named by OPTIONS."))
    try:
        limit = found.length - found.offset if size is None else size
        found = shelf().append(found, request, limit, checksum)
    except ChecksumDiffers as differs:
        return _answer(CHECKSUM_MISMATCH, text=differs.explain())
    if found.complete and not found.settled:
        found = _take_in(request, case, found)
    if found.refused:
        return _answer(422, text=found.refused)
    return _state(found, 204)


def _delete(request: HttpRequest, case: Case, found: Upload) -> HttpResponseBase:
    shelf().discard(found)
    return _answer(204)


def _take_in(request: HttpRequest, case: Case, found: Upload) -> Upload:
    settled = take_in_upload(signed_in(request), case, found, shelf().data(found))
    shelf().settle(settled)
    return settled


def _case_taking_in(request: HttpRequest, slug: str) -> Case:
    case = case_for(request, slug)
    if not may_take_in(signed_in(request), case):
        raise Http404
    return case


def _wrong_version(request: HttpRequest) -> HttpResponse | None:
    if request.headers.get("Tus-Resumable") == VERSION:
        return None
    return _answer(412, {"Tus-Version": VERSION})


def _state(found: Upload, status: int) -> HttpResponse:
    headers = {"Upload-Offset": str(found.offset), **_expiry(found)}
    if status == 200:
        headers["Upload-Length"] = str(found.length)
    if found.item:
        headers["Videtur-Item"] = found.item
    return _answer(status, headers)


def _expiry(found: Upload) -> dict[str, str]:
    return {} if found.complete else {"Upload-Expires": http_date(found.expires_at.timestamp())}


def _answer(status: int, headers: dict[str, str] | None = None, text: str = "") -> HttpResponse:
    response = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    for name, value in {"Tus-Resumable": VERSION, "Cache-Control": "no-store", **(headers or {})}.items():
        response[name] = value
    return response


def _number(text: str | None) -> int | None:
    """A non-negative decimal number as HTTP writes it; None for anything else."""
    if text is None or len(text) > 18 or not (text.isascii() and text.isdigit()):
        return None
    return int(text)


def _checksum(header: str | None) -> tuple[str, bytes] | None:
    if header is None:
        return None
    algorithm, _space, value = header.partition(" ")
    if algorithm not in CHECKSUMS:
        raise ValueError(algorithm)
    return algorithm, b64decode(value, validate=True)


def _file_name(metadata: str) -> bytes | None:
    """The bytes of `filename` in an Upload-Metadata header; None when the header is malformed.

    They may be anything; what is shown, recorded and used as a path is decided by the take-in.
    """
    if len(metadata) > LONGEST_METADATA:
        return None
    name = b"upload"
    for pair in filter(None, (part.strip() for part in metadata.split(","))):
        key, _space, value = pair.partition(" ")
        try:
            decoded = b64decode(value, validate=True)
        except binascii.Error:
            return None
        if key == "filename" and decoded:
            name = decoded
    return name

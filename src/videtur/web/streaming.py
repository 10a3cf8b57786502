"""HTTP ranges (RFC 9110, section 14) over stored bytes.

Django has none. The rules in short, as they stand here:

- one range: 206, cut to `CAP` bytes so that a slow reader cannot hold a thread for long; players ask again;
- several ranges: multipart/byteranges when they are few, in order, apart, and small together; otherwise
  the header is ignored, as the standard allows, and the whole is sent;
- a range that begins behind the end: 416 with the size;
- a header that is malformed, or of another unit: ignored, the whole is sent;
- If-Range: only a strong ETag counts, since originals never change.
"""

import re
import secrets
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

CAP = 4 << 20
"""Most bytes in one 206."""
BLOCK = 128 << 10
MOST_PARTS = 8
LONGEST_HEADER = 512
MEDIA_POLICY = "sandbox; default-src 'none'"
_RANGE = re.compile(r"[ \t]*(?:(\d{1,18})-(\d{1,18})?|-(\d{1,18}))[ \t]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes from `start` up to but not including `end`."""

    start: int
    end: int

    def content_range(self, size: int) -> str:
        """The value of a Content-Range header."""
        return f"bytes {self.start}-{self.end - 1}/{size}"


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything: status 200."""


@dataclass(frozen=True, slots=True)
class Unsatisfiable:
    """Nothing of what was asked exists: status 416."""


@dataclass(frozen=True, slots=True)
class Partial:
    """One span, or several in the order asked: status 206."""

    spans: tuple[Span, ...]


Plan = Whole | Unsatisfiable | Partial


def plan(header: str | None, size: int, cap: int = CAP) -> Plan:
    """What to answer to a Range header over `size` bytes."""
    asked = _parse(header)
    if not asked:
        return Whole()
    spans = [span for first, last in asked if (span := _resolve(first, last, size))]
    if not spans:
        return Unsatisfiable()
    if len(asked) == 1:
        start = spans[0].start
        return Partial((Span(start, min(spans[0].end, start + cap)),))
    in_order = all(before.end <= after.start for before, after in pairwise(spans))
    small = sum(span.end - span.start for span in spans) <= cap
    return Partial(tuple(spans)) if in_order and small else Whole()


def _parse(header: str | None) -> list[tuple[int | None, int | None]]:
    """(first, last) of each range asked for, (None, n) for the last n bytes; empty if to be ignored."""
    if not header or len(header) > LONGEST_HEADER:
        return []
    unit, equals, value = header.partition("=")
    parts = value.split(",")
    if unit.strip().lower() != "bytes" or not equals or len(parts) > MOST_PARTS:
        return []
    asked: list[tuple[int | None, int | None]] = []
    for part in parts:
        match = _RANGE.fullmatch(part)
        if match is None:
            return []
        first, last, suffix = (None if group is None else int(group) for group in match.groups())
        if first is None:
            asked.append((None, suffix))
        elif last is not None and last < first:
            return []
        else:
            asked.append((first, last))
    return asked


def _resolve(first: int | None, last: int | None, size: int) -> Span | None:
    if first is None:
        length = min(last or 0, size)
        return Span(size - length, size) if length else None
    if first >= size:
        return None
    return Span(first, size if last is None else min(last + 1, size))


def stream(
    request: HttpRequest,
    file: BinaryIO,
    size: int,
    sha256: str,
    content_type: str,
    download_name: str | None = None,
) -> HttpResponseBase:
    """Answer a GET or HEAD for the stored bytes in `file`, which is closed when the answer is through.

    With `download_name` the browser saves the file instead of showing it.
    """
    etag = f'"{sha256}"'
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": etag,
        "Content-Security-Policy": MEDIA_POLICY,
        "X-Content-Type-Options": "nosniff",
    }
    if download_name is not None:
        headers["Content-Disposition"] = content_disposition(download_name)
    if _matches(request.headers.get("If-None-Match"), etag):
        file.close()
        return HttpResponse(status=304, headers=headers)
    wanted = request.headers.get("Range")
    if request.headers.get("If-Range", etag) != etag:
        wanted = None
    answer = plan(wanted, size)
    match answer:
        case Unsatisfiable():
            file.close()
            return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{size}"})
        case Partial((span,)):
            headers |= {
                "Content-Range": span.content_range(size),
                "Content-Length": str(span.end - span.start),
                "Content-Type": content_type,
            }
            blocks, status = _blocks(file, span), 206
        case Partial(spans):
            boundary = secrets.token_hex(16)
            heads = [_part_head(boundary, content_type, span, size) for span in spans]
            tail = f"\r\n--{boundary}--\r\n".encode()
            length = sum(map(len, heads)) + sum(span.end - span.start for span in spans) + len(tail)
            headers |= {
                "Content-Length": str(length),
                "Content-Type": f"multipart/byteranges; boundary={boundary}",
            }
            blocks, status = _multipart(file, list(zip(heads, spans, strict=True)), tail), 206
        case Whole():
            headers |= {"Content-Length": str(size), "Content-Type": content_type}
            blocks, status = _blocks(file, Span(0, size)), 200
    if request.method == "HEAD":
        file.close()
        return HttpResponse(status=status, headers=headers)
    return StreamingHttpResponse(_Body(file, blocks), status=status, headers=headers)


def content_disposition(name: str) -> str:
    """An attachment header for any name: a tame ASCII form, and the exact one (RFC 6266)."""
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name)[:120].lstrip(".") or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name[:240], safe='')}"


def _matches(header: str | None, etag: str) -> bool:
    if header is None:
        return False
    return any(tag.strip().removeprefix("W/") in (etag, "*") for tag in header.split(","))


def _part_head(boundary: str, content_type: str, span: Span, size: int) -> bytes:
    return (
        f"\r\n--{boundary}\r\nContent-Type: {content_type}\r\n"
        f"Content-Range: {span.content_range(size)}\r\n\r\n"
    ).encode()


class _Body:
    """The blocks of an answer. Closing it closes the file, also when nobody ever asked for a block."""

    def __init__(self, file: BinaryIO, blocks: Generator[bytes, None, None]) -> None:
        self._file = file
        self._blocks = blocks

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._blocks)

    def close(self) -> None:
        """Called by the server when the answer is through, or the reader gone."""
        self._blocks.close()
        self._file.close()


def _multipart(file: BinaryIO, parts: list[tuple[bytes, Span]], tail: bytes) -> Generator[bytes, None, None]:
    for head, span in parts:
        yield head
        yield from _blocks(file, span)
    yield tail


def _blocks(file: BinaryIO, span: Span) -> Generator[bytes, None, None]:
    file.seek(span.start)
    left = span.end - span.start
    while left:
        block = file.read(min(BLOCK, left))
        if not block:
            # Fewer bytes than recorded: break the connection rather than send a short, plausible answer.
            raise OSError(f"stored bytes end {left} bytes early")
        left -= len(block)
        yield block

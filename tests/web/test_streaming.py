"""Ranges against a reference: what a slice of the bytes would be."""

import io
import re
from email.parser import BytesParser
from hashlib import sha256
from itertools import pairwise

import pytest
from django.http.response import HttpResponseBase
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from videtur.web.streaming import (
    CAP,
    Partial,
    Span,
    Unsatisfiable,
    Whole,
    content_disposition,
    plan,
    stream,
)

DATA = bytes(range(256)) * 40
DIGEST = sha256(DATA).hexdigest()


def answer(method: str = "GET", **headers: str) -> HttpResponseBase:
    request = RequestFactory().generic(
        method, "/", headers={k.replace("_", "-"): v for k, v in headers.items()}
    )
    return stream(request, io.BytesIO(DATA), len(DATA), DIGEST, "video/mp4")


def body(response: HttpResponseBase) -> bytes:
    parts = getattr(response, "streaming_content", None)
    content = getattr(response, "content", b"") if parts is None else b"".join(parts)
    end(response)
    return content


def end(response: HttpResponseBase) -> None:
    """What the server does at the end of an answer, without Django's signal, which looks at the database."""
    for close in vars(response)["_resource_closers"]:
        close()


numbers = st.integers(min_value=0, max_value=300)
ranges = st.one_of(
    st.tuples(numbers, numbers).map(lambda pair: (f"{pair[0]}-{pair[1]}", pair)),
    numbers.map(lambda first: (f"{first}-", (first, None))),
    numbers.map(lambda length: (f"-{length}", (None, length))),
)


@given(size=st.integers(0, 250), asked=ranges, cap=st.integers(1, 300))
def test_one_range_is_the_slice_cut_to_the_cap(
    size: int, asked: tuple[str, tuple[int | None, int | None]], cap: int
) -> None:
    text, (first, last) = asked
    data = bytes(size % 256 for size in range(size))
    if first is None:
        wanted = data[-last:] if last else b""
    elif last is not None and last < first:
        assert plan(f"bytes={text}", size, cap) == Whole()
        return
    else:
        wanted = data[first : None if last is None else last + 1]
    match plan(f"bytes={text}", size, cap):
        case Partial((span,)):
            got = data[span.start : span.end]
            assert got
            assert got == wanted[:cap]
        case Unsatisfiable():
            assert not wanted
        case other:
            raise AssertionError(other)


@given(size=st.integers(1, 250), asked=st.lists(ranges, min_size=2, max_size=8), cap=st.integers(1, 900))
def test_several_ranges_are_their_slices_in_order_or_the_whole(
    size: int, asked: list[tuple[str, tuple[int | None, int | None]]], cap: int
) -> None:
    data = bytes(size % 256 for size in range(size))
    result = plan("bytes=" + ",".join(text for text, _ in asked), size, cap)
    backwards = any(first is not None and last is not None and last < first for _, (first, last) in asked)
    wanted = [
        (data[-last:] if last else b"") if first is None else data[first : None if last is None else last + 1]
        for _, (first, last) in asked
    ]
    match result:
        case Partial(spans):
            assert not backwards
            assert [data[span.start : span.end] for span in spans] == [part for part in wanted if part]
            assert all(before.end <= after.start for before, after in pairwise(spans))
            assert sum(span.end - span.start for span in spans) <= cap
        case Unsatisfiable():
            assert not any(wanted)
        case Whole():
            pass


@given(st.text(max_size=40))
def test_no_header_breaks_the_plan(header: str) -> None:
    match plan(header, 100):
        case Partial(spans):
            assert all(0 <= span.start < span.end <= 100 for span in spans)
        case _:
            pass


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "bytes",
        "bytes=",
        "bytes=a-b",
        "bytes=5-2",
        "bytes=--5",
        "bytes=1-2-3",
        "bytes=+1-2",
        "bytes=0-0,",
        "bytes=\u0661-\u0662",
        "items=0-5",
        "bytes=" + ",".join(["0-0"] * 9),
        "bytes=" + "0" * 600 + "-",
    ],
)
def test_what_is_malformed_is_ignored(header: str | None) -> None:
    assert plan(header, 100) == Whole()


def test_the_whole_without_a_range() -> None:
    response = answer()
    assert response.status_code == 200
    assert response["Content-Length"] == str(len(DATA))
    assert response["ETag"] == f'"{DIGEST}"'
    assert response["Accept-Ranges"] == "bytes"
    assert body(response) == DATA


def test_a_range_says_where_it_lies() -> None:
    response = answer(Range="bytes=100-199")
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes 100-199/{len(DATA)}"
    assert response["Content-Length"] == "100"
    assert body(response) == DATA[100:200]


def test_a_long_range_is_cut_to_four_mebibytes() -> None:
    assert plan("bytes=0-", 100 << 20) == Partial((Span(0, CAP),))
    assert CAP == 4 << 20


def test_behind_the_end_is_416_with_the_size() -> None:
    response = answer(Range=f"bytes={len(DATA)}-")
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(DATA)}"
    assert body(response) == b""


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("header", ["bytes=0-9", "bytes=0-4,10-14", ""])
def test_head_promises_exactly_what_get_sends(method: str, header: str) -> None:
    response = answer(method, Range=header)
    sent = body(response)
    assert len(sent) == (0 if method == "HEAD" else int(response["Content-Length"]))


def test_parts_can_be_read_back() -> None:
    response = answer(Range="bytes=0-9, 50-59, -5")
    assert response.status_code == 206
    message = BytesParser().parsebytes(
        b"Content-Type: " + response["Content-Type"].encode() + b"\r\n\r\n" + body(response)
    )
    found = [part for part in message.walk() if not part.is_multipart()]
    size = len(DATA)
    positions = [re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", str(part["Content-Range"])) for part in found]
    assert [match and tuple(map(int, match.groups())) for match in positions] == [
        (0, 9, size),
        (50, 59, size),
        (size - 5, size - 1, size),
    ]
    assert [part.get_payload(decode=True) for part in found] == [DATA[:10], DATA[50:60], DATA[-5:]]


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        (f'"{DIGEST}"', 206),
        ('"another"', 200),
        (f'W/"{DIGEST}"', 200),
        ("Sun, 22 Nov 2026 00:00:00 GMT", 200),
    ],
)
def test_if_range_takes_the_strong_tag_alone(condition: str, status: int) -> None:
    response = answer(Range="bytes=0-9", If_Range=condition)
    assert response.status_code == status
    end(response)


@pytest.mark.parametrize("tag", [f'"{DIGEST}"', f'W/"{DIGEST}"', "*", f'"x", "{DIGEST}"'])
def test_known_bytes_are_not_sent_again(tag: str) -> None:
    response = answer(If_None_Match=tag)
    assert response.status_code == 304
    end(response)


def test_media_cannot_act_as_a_page() -> None:
    response = answer()
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    end(response)


@given(st.text(max_size=60))
def test_no_name_breaks_out_of_the_download_header(name: str) -> None:
    header = content_disposition(name.encode("utf-8", "replace").decode())
    match = re.fullmatch(r'attachment; filename="([A-Za-z0-9._-]+)"; filename\*=UTF-8\'\'([\w.~%-]*)', header)
    assert match, header
    assert not match[1].startswith(".")


def test_bytes_that_end_early_break_the_answer() -> None:
    request = RequestFactory().get("/")
    response = stream(request, io.BytesIO(b"short"), 10, DIGEST, "video/mp4")
    with pytest.raises(OSError, match="early"):
        body(response)

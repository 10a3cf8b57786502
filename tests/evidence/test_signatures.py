"""The glance at the first bytes: real media is kept, other things are named."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videtur.evidence.signatures import HEAD_SIZE, glance

NOISE = bytes(range(256)) * 4


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\0\0\0\x18ftypisom" + NOISE, b"a"),
        (b"\0\0\0\x08wide" + NOISE, b"a.mov"),
        (b"\x1a\x45\xdf\xa3" + NOISE, b"a.bin"),
        (b"RIFF\0\0\0\0AVI " + NOISE, b"a"),
        (b"RIFF\0\0\0\0WAVE" + NOISE, b"a"),
        (b"\xff\xfb\x90\x64" + NOISE, b"a"),
        ((b"\x47" + bytes(187)) * 3, b"a"),
        ((bytes(4) + b"\x47" + bytes(187)) * 3, b"a"),
        (bytes(4096), b"zeroed by a bad download.mp4"),
        (NOISE, b"damaged.MKV"),
        (b"\x00", b"cut.mp4"),
    ],
)
def test_media_and_what_may_be_damaged_media_is_kept(head: bytes, name: bytes) -> None:
    assert glance(head, name).keep


@pytest.mark.parametrize(
    ("head", "name", "what"),
    [
        (b"hello\n", b"notes.txt", "text"),
        ("Привет, мир. ".encode("cp1251") * 20, b"old.txt", "text"),
        ("Привет".encode("utf-16"), b"word.txt", "text"),
        (b"#EXTM3U\nhttp://example.org/a.ts\n", b"list.mp4", "text"),
        (b"the free encyclopedia", b"free.mp4", "text"),
        (b"%PDF-1.7\n" + NOISE, b"a.mp4", "a PDF document"),
        (b"\xff\xd8\xff\xe0" + NOISE, b"a.jpg", "a picture (JPEG)"),
        (b"\0\0\0\x18ftypheic" + NOISE, b"a.heic", "a picture (HEIF)"),
        (b"PK\x03\x04" + NOISE, b"a.zip", "a ZIP archive or an office document"),
        (NOISE, b"unknown.bin", "no kind of video or sound that is known here"),
    ],
)
def test_other_things_are_named(head: bytes, name: bytes, what: str) -> None:
    seen = glance(head, name)
    assert (seen.keep, seen.what) == (False, what)


@given(st.binary(max_size=600), st.binary(max_size=30))
def test_anything_is_either_kept_or_named(head: bytes, name: bytes) -> None:
    seen = glance(head, name)
    assert seen.keep != bool(seen.what)


def test_every_real_clip_is_kept(clips: Path) -> None:
    films = [path for path in clips.iterdir() if path.suffix not in (".md", ".csv")]
    assert films
    for path in films:
        with path.open("rb") as file:
            assert glance(file.read(HEAD_SIZE), b"no extension").keep, path

"""Names of any bytes: shown on one line, told apart, and read back."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videtur.evidence.names import name_from_printable, printable_name

NAMES = st.binary(min_size=1, max_size=255).filter(lambda name: b"\0" not in name)


@given(NAMES | st.text(min_size=1).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_name_is_shown_and_read_back(name: bytes) -> None:
    assert name_from_printable(printable_name(name)) == name


@given(NAMES | st.text(min_size=1).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_nothing_invisible_is_left(name: bytes) -> None:
    shown = printable_name(name)
    assert shown.isprintable()
    assert all(unicodedata.bidirectional(letter) not in ("RLO", "LRO", "RLI", "LRI") for letter in shown)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"a.mp4", "a.mp4"),
        ("відео (2).mp4".encode(), "відео (2).mp4"),
        (b"a\nb.mp4", "a\\u000ab.mp4"),
        (b"a\x1b[31mb", "a\\u001b[31mb"),
        ("a\u202e4pm.exe".encode(), "a\\u202e4pm.exe"),
        (b"\xd2\xe5\xf1\xf2.avi", "\\xd2\\xe5\\xf1\\xf2.avi"),
        (b"a\\nb", "a\\\\nb"),
        ("a\u00a0b\u200b".encode(), "a\\u00a0b\\u200b"),
        ("\U000e0041".encode(), "\\U000e0041"),
    ],
)
def test_examples(name: bytes, shown: str) -> None:
    assert printable_name(name) == shown

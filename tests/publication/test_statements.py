"""How a report words times, counts and names; and that nothing is stated without evidence."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videtur.engines.media.timecode import MediaInterval, MediaTime
from videtur.publication.statements import Statement, clock, counted, entry, listed, ranges, stretch, visible


def test_a_statement_without_evidence_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="without evidence"):
        Statement("It is so.", ())


@pytest.mark.parametrize(
    ("least", "most", "worded"),
    [(None, None, "an unknown number"), (2, None, "at least 2"), (None, 5, "up to 5"), (3, 3, "3 (counted)"),
     (0, 0, "0 (counted)"), (2, 5, "between 2 and 5")],
)  # fmt: skip
def test_a_least_number_is_never_told_as_an_exact_one(
    least: int | None, most: int | None, worded: str
) -> None:
    assert counted(least, most) == worded


@given(st.sets(st.integers(0, 60)))
def test_ranges_name_every_number_and_no_other(numbers: set[int]) -> None:
    told: set[int] = set()
    for run in filter(None, ranges(sorted(numbers)).split(", ")):
        first, _, last = run.partition("-")
        told |= set(range(int(first), int(last or first) + 1))
    assert told == numbers


@given(st.text())
def test_what_is_shown_hides_nothing(text: str) -> None:
    shown = visible(text)
    assert all(letter == "\n" or letter.isprintable() or letter.isspace() for letter in shown)
    assert not {"\u202e", "\u2066", "\x1b", "\u200b", "\ufeff", "\r"} & set(shown)


@pytest.mark.parametrize(
    ("pts", "base", "shown"),
    [(0, Fraction(1, 25), "00:00:00.000"), (90_090, Fraction(1, 30_000), "00:00:03.003"),
     (3_723_999, Fraction(1, 1000), "01:02:03.999"), (-40, Fraction(1, 1000), "-00:00:00.040")],
)  # fmt: skip
def test_clocks(pts: int, base: Fraction, shown: str) -> None:
    assert clock(MediaTime(pts, base)) == shown


def test_a_stretch_tells_what_is_stored() -> None:
    base = Fraction(1001, 30_000)
    told = stretch(MediaInterval(MediaTime(30, base), MediaTime(60, base)))
    assert told == "00:00:01.001 to 00:00:02.002 (pts 30 to 60, time base 1001/30000 s)"


def test_lists_and_places() -> None:
    assert [listed(parts) for parts in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert Statement("It is so.", entry(7)).places == "entry 7"
    assert Statement("It is so.", entry(9, 3, 4, 5)).places == "entries 3-5, 9"

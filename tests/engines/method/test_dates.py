"""Uncertain dates: the days that an EDTF date allows."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videtur.engines.method.dates import Days, days_of


@pytest.mark.parametrize(
    ("edtf", "earliest", "latest"),
    [
        ("2022-03-27", date(2022, 3, 27), date(2022, 3, 27)),
        ("2022-03-26~", date(2022, 3, 26), date(2022, 3, 26)),
        ("2022-03", date(2022, 3, 1), date(2022, 3, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2022", date(2022, 1, 1), date(2022, 12, 31)),
        ("202X", date(2020, 1, 1), date(2029, 12, 31)),
        ("2022-03-XX", date(2022, 3, 1), date(2022, 3, 31)),
        ("2022-XX", date(2022, 1, 1), date(2022, 12, 31)),
        ("2022-21", date(2022, 3, 1), date(2022, 5, 31)),
        ("2022-24", date(2022, 12, 1), date(2023, 2, 28)),
        ("2022-03-25/2022-03-26", date(2022, 3, 25), date(2022, 3, 26)),
        ("../2022-03-27", None, date(2022, 3, 27)),
        ("2022-03-27/..", date(2022, 3, 27), None),
        ("2022-03-28T14:22:00-04:00", date(2022, 3, 28), date(2022, 3, 28)),
    ],
)
def test_the_days_that_a_date_allows(edtf: str, earliest: date | None, latest: date | None) -> None:
    assert days_of(edtf) == Days(earliest, latest)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Sunday",
        "27 March",
        "2022-13",
        "2022-02-30",
        "2022-21-05",
        "2022-XX-27",
        "9999-24",
        "0000-05",
        "../..",
        "2022-03-28/2022-03-27",
        "2022-3-1",
        "2022-03-27/x",
    ],
)
def test_what_is_no_date_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        days_of(words)


@given(st.dates(), st.dates(), st.dates(), st.dates())
def test_disjoint_means_no_day_in_common(a: date, b: date, c: date, d: date) -> None:
    first, second = Days(min(a, b), max(a, b)), Days(min(c, d), max(c, d))
    common = max(min(a, b), min(c, d)) <= min(max(a, b), max(c, d))
    assert first.is_disjoint_from(second) is not common
    assert second.is_disjoint_from(first) is not common

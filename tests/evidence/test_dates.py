"""Posting dates: what can be read in one way only becomes EDTF, the rest stays words."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videtur.evidence.dates import edtf_of

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31))
EDTF = re.compile(
    r"(\.\.|[0-9X]{4}(-[0-9X]{2}(-[0-9X]{2})?)?[?~%]?)?(/(\.\.|[0-9X]{4}(-[0-9X]{2}(-[0-9X]{2})?)?[?~%]?)?)?"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(Z|[+-][0-9]{2}:[0-9]{2})?"
)


@pytest.mark.parametrize(
    "text",
    [
        "2022-03-27",
        "2022-03",
        "2022",
        "2022-03-27?",
        "2022-03~",
        "202X",
        "2022-XX-XX",
        "2022-03-XX",
        "2022-21",
        "2022-03-25/2022-03-27",
        "../2022-03-27",
        "2022-03-27/..",
        "2022-03-25~/2022-03",
        "2022-03-27T18:05:33",
        "2022-03-27T18:05:33Z",
        "2022-03-27T18:05:33+03:00",
    ],
)
def test_edtf_stays_as_it_is(text: str) -> None:
    assert edtf_of(text) == text


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("27.03.2022", "2022-03-27"),
        ("03/27/2022", "2022-03-27"),
        ("27/3/2022", "2022-03-27"),
        ("05.05.2022", "2022-05-05"),
        ("2022/03/27", "2022-03-27"),
        ("27 March 2022", "2022-03-27"),
        ("27th of", ""),
        ("Mar 27, 2022", "2022-03-27"),
        ("27 марта 2022 г.", "2022-03-27"),
        ("27 березня 2022 р.", "2022-03-27"),
        ("27 лют. 2023", "2023-02-27"),
        ("27 марта 2022 в 18:05", "2022-03-27"),
        ("6:05 PM · Mar 27, 2022", "2022-03-27"),
        ("march 2022", "2022-03"),
        ("2022-03-27 18:05", "2022-03-27"),
        ("2022-03-27 18:05:33 UTC", "2022-03-27T18:05:33Z"),
        ("2022-03-27T18:05:33.250+0300", "2022-03-27T18:05:33+03:00"),
    ],
)
def test_words_that_leave_no_choice(text: str, edtf: str) -> None:
    assert edtf_of(text) == edtf


@pytest.mark.parametrize(
    "text",
    [
        "",
        "03.04.2022",
        "3/4/2022",
        "27.03.22",
        "yesterday",
        "вчера в 18:05",
        "2022-02-30",
        "2022-13-01",
        "2022-03-27/2022-03-25",
        "../..",
        "2022-21-05",
        "2022-03-27T25:00:00",
        "2022-03-27T18:05:33+99:00",
        "٢٠٢٢-٠٣-٢٧",
        "31 April 2022",
        "27 blah 2022",
        "X" * 200,
    ],
)
def test_what_could_mean_more_than_one_thing_or_nothing(text: str) -> None:
    assert edtf_of(text) == ""


@given(st.text(max_size=40) | st.text(alphabet="0123456789-/.:TXZ?~%+ ", max_size=30))
def test_any_text_gives_edtf_or_nothing_and_giving_it_again_changes_nothing(text: str) -> None:
    edtf = edtf_of(text)
    assert EDTF.fullmatch(edtf)
    assert len(edtf) <= 60
    assert edtf_of(edtf) == edtf


@given(DAYS, st.sampled_from(["{d.day}.{d.month}.{d.year}", "{d.month}/{d.day}/{d.year}"]))
def test_a_numeric_date_is_read_rightly_or_not_at_all(day: date, form: str) -> None:
    edtf = edtf_of(form.format(d=day))
    assert edtf == (day.isoformat() if day.day > 12 or day.day == day.month else "")


@given(DAYS, st.sampled_from(["января", "січня", "January", "янв.", "Jan"]))
def test_months_in_words(day: date, month: str) -> None:
    assert edtf_of(f"{day.day} {month} {day.year}") == date(day.year, 1, day.day).isoformat()

"""Case files: what is read, what is refused with its line, and that writing gives the same case back."""

import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from videtur.engines.method.case_file.nodes import MOST_VALUES, read_tree
from videtur.engines.method.case_file.reading import Reading, read_case
from videtur.engines.method.case_file.writing import write_case
from videtur.engines.method.entities.accountability import Call
from videtur.engines.method.entities.case import Party

SMALL = """\
schema: videtur-gold-case/0.1
id: small
parties:
  - {id: AA, name: State A, kind: state}
  - {id: BB, name: State B, kind: state}
allegations:
  - {id: AL1, text: Something appears to have happened, against: AA, footage: [FF1]}
footage:
  - {id: FF1, kind: footage_family, aspects: {date: in_progress}}
observations:
  - id: O1
    footage: FF1
    modality: visual
    injury: {region: knee, timing: unknown}
    hedge: H1_appears
"""


def problems(text: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.explain()) for problem in read_case(text).problems]


def test_a_good_file_has_no_problems() -> None:
    reading = read_case(SMALL)
    assert reading.problems == ()
    assert [party.id for party in reading.case.all(Party)] == ["AA", "BB"]
    assert reading.lines["O1"] == 11


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("timing: unknown", "sign: blood_visible", 14, "timing: is missing"),
        ("modality: visual", "modality: seen", 13, "no word of modality"),
        ("hedge: H1_appears", "hegde: H1_appears", 15, "Did you mean hedge?"),
        ("footage: [FF1]", "footage: [FF9]", 7, "'FF9' is not in the file"),
        ("against: AA", "against: FF1", 7, "'FF1' is something else"),
        ("id: BB", "id: AA", 5, "names two things"),
        ("observations:", "observatoins:", 10, "Did you mean observations?"),
        ("date: in_progress", "colour: in_progress", 9, "no word of aspects"),
        ("footage:\n  - {", "footage:\n    {", 8, "must be a list"),
        ("id: small", "title: small", 1, "has no name"),
        ("0.1", "9.9", 1, "This version reads that schema alone"),
        ("name: State B", "name: No", 5, "found False) (Put text in quotation marks)"),
        ("name: State B", "name: 3:38", 5, "found 218) (Put text in quotation marks)"),
        (
            "id: small",
            'id: small\ncalls: [{id: C1, from: AA, to: [BB], reason_for_one_side: " "}]',
            3,
            "blank",
        ),
        ("name: State B", 'name: "\\0"', 5, "no text can have"),
        ("name: State B", 'name: "\\ud800"', 5, "no text can have"),
        (
            "modality: visual",
            "modality: visual\n    count: {min: 99999999999999999, basis: estimated}",
            14,
            "larger",
        ),
        ("id: small", "id: small\nas_of: 2022-02-30", 3, "is on no calendar"),
        ("id: small", "id: small\nas_of: [2022]", 3, "valid string"),
        ("id: small", "id: small\nhouse_rules: {fixity_days: 1000000000}", 3, "less than or equal to 3650"),
        (
            "id: small",
            "id: small\nhouse_rules: {comment_newsroom_hours: -5}",
            3,
            "greater than or equal to 1",
        ),
        ("id: small", 'id: small\nhouse_rules: {holidays: ["2022-01-01/.."]}', 3, "has no end"),
        ("id: small", "id: small\nhouse_rules: {holidays: [1990/2020]}", 3, "longer than ten years"),
        ("id: small", "id: small\ndeletions: [{id: DE1, what: I9}]", 3, "'I9' is not in the file"),
    ],
)
def test_each_slip_is_named_with_its_line(old: str, new: str, line: int, says: str) -> None:
    found = problems(SMALL.replace(old, new, 1))
    assert any(says in text for _, text in found), found
    assert any(at == line for at, text in found if says in text), found


def test_every_problem_is_named_in_one_run() -> None:
    text = SMALL.replace("timing: unknown", "sign: blood").replace("against: AA", "against: XX")
    text = text.replace("kind: state}\nall", "kind: realm}\nall")
    found = problems(text)
    assert [line for line, _ in found] == sorted(line for line, _ in found)
    for says in (
        "'realm' is not possible",
        "'XX' is not in the file",
        "timing: is missing",
        "no word of injury_sign",
    ):
        assert any(says in line for _, line in found), (says, found)


def test_what_cannot_be_read_is_not_also_called_missing() -> None:
    found = problems(SMALL.replace("{id: AA, name: State A, kind: state}", "{id: AA, kind: state}"))
    assert len(found) == 1
    assert "name: is missing" in found[0][1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "just words",
        "a: [1, 2",
        "a: b: c",
        "\tid: x",
        "? {a: b}\n: c",
        "id: !!python/object:os.system x",
    ],
)
def test_what_is_no_case_file_gets_a_line_and_no_traceback(text: str) -> None:
    reading = read_case(text)
    assert reading.problems


def test_a_key_that_stands_twice_is_named_with_both_lines() -> None:
    found = problems(SMALL.replace("    footage: FF1\n", "    footage: FF1\n    footage: FF1\n"))
    assert any(line == 13 and "first is on line 12" in text for line, text in found), found


def test_aliases_cannot_make_a_file_endless() -> None:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    tree = read_tree("\n".join(levels))
    assert len(tree.places) <= MOST_VALUES + 10
    assert any("says more" in problem.what for problem in tree.problems)


def test_deep_nesting_is_refused() -> None:
    assert read_case("id: x\nnote: " + "[" * 5000 + "]" * 5000).problems


def test_text_with_bare_commas_is_read_whole_and_written_back_as_it_came() -> None:
    text = (
        SMALL + "calls:\n- {id: C1, from: AA, to: [BB], basis: concern, no finding, yet, date: 2022-03-28}\n"
    )
    reading = read_case(text)
    assert reading.problems == ()
    call = reading.case.get(Call, "C1")
    assert call is not None
    assert call.basis == "concern, no finding, yet"
    assert call.date == "2022-03-28"
    assert [remark.line for remark in reading.remarks] == [17]
    assert yaml.safe_load(write_case(reading.case)) == yaml.safe_load(text)


def test_dates_stay_dates_and_words_stay_words() -> None:
    text = SMALL.replace("against: AA", "against: AA, first_known: 2022-03-27").replace(
        "kind: state}\nall", 'kind: state, note: "2022-03-27"}\nall'
    )
    assert yaml.safe_load(write_case(read_case(text).case)) == yaml.safe_load(text)


@given(st.text(max_size=200))
def test_any_text_at_all_is_answered(text: str) -> None:
    assert isinstance(read_case(text), Reading)


@given(st.integers(0, len(SMALL) - 1), st.characters(codec="utf-8"))
def test_any_changed_letter_is_read_or_named(place: int, letter: str) -> None:
    reading = read_case(SMALL[:place] + letter + SMALL[place + 1 :])
    if not reading.problems:
        assert read_case(write_case(reading.case)).case == reading.case


@given(st.text(min_size=1, max_size=60).filter(lambda text: re.sub(r"\s", "", text) != ""))
def test_any_words_come_back_as_they_were(words: str) -> None:
    case = read_case(SMALL).case
    party = Party(id="CC", name="State C", kind="state", note=words)
    again = read_case(write_case(case.with_entity(party)))
    assert again.problems == () or not words.isprintable()
    if not again.problems:
        found = again.case.get(Party, "CC")
        assert found is not None
        assert found.note == words


def test_a_bare_year_is_a_date() -> None:
    reading = read_case(SMALL.replace("against: AA", "against: AA, first_known: 2022"))
    assert reading.problems == ()
    assert read_case(write_case(reading.case)).case == reading.case


def test_a_case_may_be_of_a_year_alone() -> None:
    reading = read_case(SMALL.replace("id: small", "id: small\nas_of: 2022"))
    assert reading.problems == ()
    assert reading.case.as_of == "2022"
    assert read_case(write_case(reading.case)).case == reading.case

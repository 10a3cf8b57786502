"""Cells that a spreadsheet could execute are marked, and the mark comes off again."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videtur.publication.custody_table import neutral, original, table_line


@given(st.text())
def test_what_is_marked_comes_back(cell: str) -> None:
    assert original(neutral(cell)) == cell


@given(st.text(alphabet="=+-@'\t\r\n＝＋－＠a1 "))
def test_no_cell_begins_like_a_formula(cell: str) -> None:
    assert not neutral(cell).startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


@pytest.mark.parametrize("cell", ["=cmd|' /C calc'!A0", "+1", "-1+2", "@SUM(1)", "\t=1", "\r=1", "＝1"])
def test_known_attacks(cell: str) -> None:
    assert neutral(cell) == f"'{cell}"


def test_plain_cells_are_left_alone() -> None:
    assert [neutral(cell) for cell in ("", "film.mp4", "1-2", "a=b")] == ["", "film.mp4", "1-2", "a=b"]


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00")), min_size=1))
def test_a_line_of_the_table_is_read_back_by_others(cells: list[str]) -> None:
    line = table_line([neutral(cell) for cell in cells]).decode()
    (row,) = csv.reader(io.StringIO(line, newline=""))
    assert [original(cell) for cell in row] == cells

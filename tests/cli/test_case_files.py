"""`videtur case load|check|show|board|due`: a case as a file, in and out."""

from pathlib import Path

import pytest
import yaml

from tests.cli.conftest import run_program
from tests.conftest import REPOSITORY

GOLD = REPOSITORY / "scripts" / "sample_case" / "gold_case.yaml"
NAME = "gold-2022-03-28-pow-videos"


def test_the_gold_case_goes_in_and_comes_out_equal(workspace: Path) -> None:
    here = ("--workspace", workspace)
    loaded = run_program("case", "load", GOLD, "--json", *here).json
    assert (loaded["case"], loaded["new"]) == (NAME, True)
    told = yaml.safe_load(GOLD.read_text(encoding="utf-8"))
    shown = run_program("case", "show", NAME, *here).out
    assert yaml.safe_load(shown) == told
    as_json = run_program("case", "show", NAME, "--json", *here).json
    assert as_json.keys() == told.keys()
    assert [each["id"] for each in as_json["statements"]] == [each["id"] for each in told["statements"]]
    assert run_program("case", "load", "-", "--json", *here, stdin=shown).json["new"] is False
    run_program("verify", "--deep", *here)
    assert run_program("case", "check", NAME, "--json", *here).json["violations"] == []
    assert [party["code"] for party in run_program("case", "record", NAME, *here).json["parties"]] == [
        "CNN",
        "HRMMU",
        "RU",
        "UA",
    ]


def test_check_needs_no_workspace_and_the_swap_changes_nothing() -> None:
    checked = run_program("case", "check", GOLD, "--swap", "RU", "UA", "--json").json
    assert checked["violations"] == []
    assert checked["derived"]["footage_status"] == {"FF1": "in_process", "FG2": "in_process"}
    assert checked["gates"] == {}
    assert checked["swap"]["differences"] == []
    assert "no violations" in run_program("case", "check", "-", stdin=GOLD.read_text(encoding="utf-8")).out
    run_program("case", "check", GOLD, "--swap", "RU", "XX", status=2)


def test_a_broken_rule_is_found_and_the_status_says_so(tmp_path: Path) -> None:
    spoiled = tmp_path / "case.yaml"
    text = GOLD.read_text(encoding="utf-8")
    spoiled.write_text(text.replace("independent_source_count: 1\n", "independent_source_count: 4\n"))
    checked = run_program("case", "check", spoiled, "--json", status=1).json
    assert [each["rule"] for each in checked["violations"]] == ["F10"]
    assert "F10 at FF1" in run_program("case", "check", spoiled, status=1).out


@pytest.mark.parametrize("command", ["load", "check"])
def test_a_malformed_file_gets_every_problem_with_its_line_and_nothing_is_loaded(
    workspace: Path, tmp_path: Path, command: str
) -> None:
    here = ("--workspace", workspace)
    spoiled = tmp_path / "case.yaml"
    text = GOLD.read_text(encoding="utf-8")
    text = text.replace("hedge: H1_appears, standard: none", "hedge: H9_sure, standard: none", 1)
    text = text.replace("kind: commitment, venue", "kinds: commitment, venue", 1)
    spoiled.write_text(text)
    refused = run_program("case", command, spoiled, *here, status=1 if command == "check" else 3).err
    for word in ("H9_sure", "kinds"):
        (line,) = [line for line in refused.splitlines() if word in line]
        number = next(place for place, told in enumerate(text.splitlines(), 1) if word in told)
        assert f"line {number}:" in line
    assert run_program("case", "list", "--json", *here).json == []
    run_program("case", "show", NAME, *here, status=2)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"a: [", b"", b"- 1\n"])
def test_what_is_no_case_file_at_all(tmp_path: Path, content: bytes) -> None:
    spoiled = tmp_path / "case.yaml"
    spoiled.write_bytes(content)
    assert run_program("case", "check", spoiled, status=3).err.strip()


def test_a_malformed_file_is_told_what_else_contradicts_itself_in_the_same_run(tmp_path: Path) -> None:
    spoiled = tmp_path / "case.yaml"
    text = GOLD.read_text(encoding="utf-8").replace("monday: 2022-03-28", "monday: 2022-03-29")
    spoiled.write_text(text.replace("modality: audible, utterance: U1", "modality: heard, utterance: U1"))
    told = run_program("case", "check", spoiled, status=1).err
    assert "'heard' is no word of modality" in told
    assert "line 11: calendar at calendar_check: 2022-03-29 is a Tuesday, not a Monday" in told


def test_a_missing_file_is_one_line() -> None:
    assert len(run_program("case", "check", "/nowhere.yaml", status=3).err.splitlines()) == 1


def test_the_board_of_a_day_and_what_is_due(workspace: Path) -> None:
    here = ("--workspace", workspace)
    run_program("case", "load", GOLD, *here)
    board = run_program("case", "board", NAME, "--on", "2023-03-24", "--json", *here).json["board"]
    assert board["CM1"]["status"] == "in_progress_evidenced"
    assert board["C1"]["UA"] == "acknowledged"
    first = run_program("case", "board", NAME, "--on", "2022-03-28", "--json", *here).json["board"]
    assert first["CM1"]["status"] == "announced"
    dues = run_program("case", "due", NAME, "--json", *here).json["deadlines"]
    assert [each["due"] for each in dues] == sorted(each["due"] for each in dues)
    assert any(each["about"] == "CM1" and each["overdue"] for each in dues)
    assert "OVERDUE" in run_program("case", "due", NAME, *here).out


def test_who_takes_no_part_is_shown_nothing(workspace: Path) -> None:
    here = ("--workspace", workspace)
    run_program("case", "load", GOLD, *here)
    run_program("user", "add", "olena", "--json", *here)
    run_program("case", "show", NAME, "--as", "olena", *here, status=2)
    run_program("case", "grant", NAME, "olena", "welfare_officer", "--as", "admin", *here)
    shown = yaml.safe_load(run_program("case", "show", NAME, "--as", "olena", *here).out)
    assert "FF1" not in [each["id"] for each in shown["footage"]], "it is restricted"

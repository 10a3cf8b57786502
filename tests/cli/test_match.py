"""`videtur match` as other people's scripts call it."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from videtur.cli.main import cli


def match(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["match", *map(str, arguments)])


@pytest.fixture
def small(clips: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "references"
    (folder / "below").mkdir(parents=True)
    for name in ("again.mkv", "no.mkv", "pattern-longer-no-bar.mp4"):
        shutil.copyfile(clips / name, folder / "below" / name)
    (folder / "notes.md").write_text("not media")
    return folder


def test_lines_of_json_for_what_matched(clips: Path, small: Path) -> None:
    query = clips / "pattern-hd-no-bar.mp4"
    result = match(query, clips / "yes.mkv", "--against", small, "--json", "--expect-match")
    assert result.exit_code == 0, result.output
    (line,) = [json.loads(each) for each in result.stdout.splitlines()]
    assert line["query"] == str(query)
    assert line["reference"] == str(small / "below" / "pattern-longer-no-bar.mp4")
    assert 0.5 <= line["score"] <= 1
    assert {segment["modality"] for segment in line["segments"]} == {"picture", "sound"}
    for segment in line["segments"]:
        assert set(segment) == {"query", "reference", "modality", "transform", "score"}
        assert segment["query"][0] < segment["query"][1]
    assert line["engine"] == {"name": "videtur-copies", "version": line["engine"]["version"], "model": None}


def test_pairs_below_the_threshold_only_when_asked_for(clips: Path, small: Path) -> None:
    none = match(clips / "yes.mkv", "--against", small, "--json", "--modality", "picture", "--expect-match")
    assert none.exit_code == 1
    assert none.stdout == ""
    hints = match(clips / "yes.mkv", "--against", small, "--json", "--all")
    assert hints.exit_code == 0
    lines = [json.loads(each) for each in hints.stdout.splitlines()]
    assert lines
    assert all(line["score"] < 0.5 for line in lines)
    assert all(line["relations"][0]["outcome"] in ("same_scene", "unrelated") for line in lines)


def test_one_bad_file_is_one_line_and_the_others_go_on(clips: Path, small: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(b"no film at all")
    result = match(bad, clips / "no.mkv", tmp_path / "missing.mp4", "--against", small, "--json")
    assert result.exit_code == 3
    (line,) = [json.loads(each) for each in result.stdout.splitlines()]
    assert line["query"].endswith("no.mkv")
    complaints = result.stderr.splitlines()
    assert [str(bad) in complaints[0], "missing.mp4" in complaints[1], len(complaints)] == [True, True, 2]


def test_several_references_after_one_against_and_the_same_bytes(clips: Path) -> None:
    result = match(
        clips / "no.mkv", "--against", clips / "yes.mkv", clips / "no.mkv", "--modality", "picture", "--json"
    )
    assert result.exit_code == 0
    (line,) = [json.loads(each) for each in result.stdout.splitlines()]
    assert line["score"] == 1.0
    assert line["relations"][0]["reasons"] == ["the files are the same, byte for byte"]


def test_a_table_for_a_person(clips: Path, small: Path) -> None:
    result = match(clips / "pattern-hd-no-bar.mp4", "--against", small)
    assert result.exit_code == 0
    assert "same footage" in result.output
    assert "pattern-longer-no-bar.mp4" in result.output
    assert (
        match(clips / "yes.mkv", "--against", clips / "walk.mkv", "--modality", "sound").output
        == "Nothing matched.\n"
    )


def test_wrong_usage() -> None:
    assert match("a.mp4").exit_code == 2
    assert match("a.mp4", "--against", "b.mp4", "--threshold", "2").exit_code == 2

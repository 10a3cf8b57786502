"""The verbs as people and scripts call them, in a workspace of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

TIMEOUT = 120


def videtur(*arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("VIDETUR", "DJANGO"))
    }
    return subprocess.run(
        [sys.executable, "-c", "from videtur.cli.main import main; main()", *map(str, arguments)],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        env=environment,
    )


def ask(*arguments: str | Path, folder: Path) -> dict[str, Any]:
    done = videtur(*arguments, "--json", folder=folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("command-line")
    assert videtur("init", "W", folder=folder).returncode == 0
    header = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"
    (folder / "film.mp4").write_bytes(header + b"\x00\x00\x00\x08free" + bytes(range(256)) * 40)
    done = videtur("intake", "film.mp4", "--case", "River crossing", "--workspace", "W", folder=folder)
    assert done.returncode == 0, done.stderr
    return folder


def test_a_case_goes_out_and_is_checked_without_a_workspace(place: Path) -> None:
    told = ask("package", "export", "river-crossing", "out", "--workspace", "W", folder=place)
    assert (told["items"], told["case"]) == (1, "river-crossing")
    fingerprint = str(told["key_fingerprint"])
    checked = ask("package", "verify", "out", "--key-fingerprint", fingerprint, folder=place)
    assert checked["ok"] is True
    assert list(checked["properties"]) == [
        "authenticity", "availability", "identity", "persistence", "renderability", "understandability",
    ]  # fmt: skip
    done = subprocess.run(
        ["sh", "verify.sh", "--key-fingerprint", fingerprint],
        cwd=place / "out",
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith("OK")
    (original,) = (place / "out/data/originals").iterdir()
    original.write_bytes(original.read_bytes()[:-1] + b"\0")
    spoilt = videtur("package", "verify", "out", "--json", folder=place)
    assert spoilt.returncode == 1
    assert f"data/originals/{original.name}" in {one["path"] for one in json.loads(spoilt.stdout)["problems"]}
    assert videtur("package", "verify", "out", folder=place).returncode == 1


def test_a_bag_of_others_is_checked_and_its_properties_are_not_shown(place: Path) -> None:
    import bagit

    (place / "bag").mkdir()
    (place / "bag/letter.txt").write_text("hello")
    bagit.make_bag(str(place / "bag"), checksums=["sha256"])
    checked = ask("package", "verify", "bag", folder=place)
    assert (checked["ok"], checked["kind"]) == (True, "bag")
    assert set(checked["properties"].values()) == {None}
    assert "not shown" in videtur("package", "verify", "bag", folder=place).stdout
    with_key = videtur("package", "verify", "bag", "--key-fingerprint", "0" * 64, folder=place)
    assert with_key.returncode == 1


def test_reports_by_the_ending_of_their_name(place: Path) -> None:
    told = ask("report", "River crossing", "report.html", "--workspace", "W", folder=place)
    assert (told["form"], told["case"]) == ("html", "river-crossing")
    assert (place / "report.html").read_text().startswith("<!DOCTYPE html>")
    assert (
        videtur("report", "River crossing", "report.json", "--workspace", "W", folder=place).returncode == 0
    )
    assert json.loads((place / "report.json").read_text())["slug"] == "river-crossing"
    refused = videtur("report", "River crossing", "report.pdf", "--workspace", "W", folder=place)
    assert refused.returncode == 2
    assert "not there yet" in refused.stderr


def test_wrong_usage_is_one_line(place: Path) -> None:
    for arguments in (
        ("package", "export", "no-such-case", "new", "--workspace", "W"),
        ("package", "export", "river-crossing", "film.mp4", "--workspace", "W"),
        ("package", "verify", "nowhere"),
    ):
        done = videtur(*arguments, folder=place)
        assert done.returncode in (2, 3), done
        assert done.stdout == ""
        assert len(done.stderr.splitlines()) == 1, done.stderr


def test_a_release_of_text_leaves_once_nothing_stands_against_it(place: Path) -> None:
    (place / "case.yaml").write_text(
        "schema: videtur-gold-case/0.1\nid: told\nas_of: 2022-05-01\n"
        "releases:\n"
        "- {id: RL1, title: A report, status: approved, approver: a, protection_officer: b}\n"
        "- {id: RL2, title: B, status: approved, approver: a, embargo_until: '2999-01-01T00:00:00+00:00'}\n"
    )
    loaded = videtur("case", "load", "case.yaml", "--workspace", "W", folder=place)
    assert loaded.returncode == 0, loaded.stderr
    listed = {
        each["release"]: each
        for each in ask_rows("release", "list", "told", "--workspace", "W", folder=place)
    }
    assert listed["RL1"]["against"] == []
    assert [each["rule"] for each in listed["RL2"]["against"]] == ["M12.embargo"]
    told = ask("release", "hand-out", "told", "RL1", "gone", "--workspace", "W", folder=place)
    assert (told["status"], told["files"]) == ("released", ["release.txt", "SHA256SUMS"])
    assert (place / "gone/release.txt").read_text().startswith("A report")
    held = videtur("release", "hand-out", "told", "RL2", "held", "--workspace", "W", folder=place)
    assert held.returncode == 2
    assert "embargo" in held.stderr
    assert len(held.stderr.strip().splitlines()) == 1
    assert not (place / "held").exists()
    back = videtur(
        "release",
        "withdraw",
        "told",
        "RL1",
        "--because",
        "A name was in it",
        "--workspace",
        "W",
        folder=place,
    )
    assert back.returncode == 0, back.stderr
    again = videtur("release", "hand-out", "told", "RL1", "again", "--workspace", "W", folder=place)
    assert again.returncode == 2
    assert "withdrawn" in again.stderr


def ask_rows(*arguments: str | Path, folder: Path) -> list[dict[str, Any]]:
    done = videtur(*arguments, "--json", folder=folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)

"""The seal: made by the last one out, checked by the first one in, never made over a change in silence."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent


def play(workspace: Path, scene: str, status: int = 0) -> Any:
    command = [sys.executable, str(HERE / "scenes.py"), str(workspace), scene]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stderr
    return json.loads(done.stdout) if done.stdout else None


def named(verdict: dict[str, Any]) -> set[str]:
    return {problem["path"] for problem in verdict["problems"]}


def test_a_sound_workspace_verifies(sound_workspace: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in sound_workspace.rglob("*") if path.is_file()}
    verdict = play(sound_workspace, "verify")
    assert verdict["ok"]
    assert verdict["problems"] == []
    assert verdict["remarks"] == []
    assert all(verdict["properties"].values())
    assert len(verdict["properties"]) == 6
    assert verdict["counts"] == {"entries": 8, "rows": 12, "checkpoints": 2, "objects": 8}
    assert before == {path: path.stat().st_mtime_ns for path in sound_workspace.rglob("*") if path.is_file()}


def test_writing_seals_anew(workspace_copy: Path) -> None:
    verdict = play(workspace_copy, "write")
    assert verdict["ok"]
    assert verdict["remarks"] == []
    assert verdict["counts"]["entries"] == 9
    assert (workspace_copy / "checkpoints" / "9").is_file()
    assert not list(workspace_copy.glob("*-wal"))
    assert (workspace_copy / "lock").stat().st_size == 0


def test_only_the_last_one_out_seals(workspace_copy: Path) -> None:
    told = play(workspace_copy, "nested")
    assert not told["sealed_inside"]
    assert told["during"]["ok"]
    assert "Somebody is working" in told["during"]["remarks"][0]
    assert told["after"]["ok"]
    assert told["after"]["remarks"] == []


def test_a_command_that_fails_is_sealed_too(workspace_copy: Path) -> None:
    verdict = play(workspace_copy, "failing")
    assert verdict["ok"]
    assert verdict["remarks"] == []


def test_two_processes(workspace_copy: Path) -> None:
    command = [sys.executable, str(HERE / "scenes.py"), str(workspace_copy), "holding"]
    with subprocess.Popen(command) as other:
        deadline = time.monotonic() + 30
        while not (workspace_copy.parent / "started").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        seal = (workspace_copy / "seal.json").read_bytes()
        verdict = play(workspace_copy, "write")
        assert verdict["ok"]
        assert "Somebody is working" in verdict["remarks"][0]
        assert (workspace_copy / "seal.json").read_bytes() == seal
        (workspace_copy.parent / "stop").touch()
    assert other.returncode == 0
    verdict = play(workspace_copy, "verify")
    assert verdict["ok"]
    assert verdict["remarks"] == []
    assert verdict["counts"]["entries"] == 10


def test_a_killed_writer_is_said_and_does_not_fail(workspace_copy: Path) -> None:
    play(workspace_copy, "killed", status=9)
    verdict = play(workspace_copy, "verify")
    assert verdict["ok"]
    assert "was cut off" in verdict["remarks"][0]
    verdict = play(workspace_copy, "write")
    assert verdict["ok"]
    assert "every row was compared" in verdict["remarks"][0]
    assert verdict["counts"]["entries"] == 10


def test_after_a_kill_keys_and_checkpoints_are_still_held_to_the_seal(workspace_copy: Path) -> None:
    play(workspace_copy, "killed", status=9)
    flip(workspace_copy / "checkpoints" / "6")
    flip(workspace_copy / "models" / "speech.onnx")
    assert {"checkpoints/6", "models/speech.onnx"} <= named(play(workspace_copy, "verify"))


def flip(path: Path, offset: int = 0) -> None:
    data = bytearray(path.read_bytes())
    data[offset] ^= 1
    path.chmod(0o600)
    path.write_bytes(data)


def test_a_change_is_not_sealed_over(workspace_copy: Path) -> None:
    """Free space of the database: no row shows it, and the next writer would write a fresh seal."""
    database = workspace_copy / "videtur.db"
    with database.open("r+b") as file:
        file.seek(0)
        header = file.read(100)
        assert header[:6] == b"SQLite"
        file.seek(68)  # the application's own number: of no consequence
        file.write(b"\x01")
    flip(workspace_copy / "models" / "speech.onnx")
    verdict = play(workspace_copy, "write")
    assert not verdict["ok"]
    assert named(verdict) == {"videtur.db", "models/speech.onnx"}
    assert "noticed at" in verdict["problems"][0]["what"]
    assert not verdict["properties"]["persistence"]
    assert verdict["properties"]["availability"]
    assert play(workspace_copy, "write")["problems"] == verdict["problems"]


def test_a_restored_file_is_no_longer_held_against_the_workspace(workspace_copy: Path) -> None:
    model = workspace_copy / "models" / "speech.onnx"
    flip(model)
    assert named(play(workspace_copy, "write")) == {"models/speech.onnx"}
    flip(model)
    play(workspace_copy, "write")
    assert play(workspace_copy, "verify")["ok"]


def test_a_person_may_accept_a_change(workspace_copy: Path) -> None:
    flip(workspace_copy / "models" / "speech.onnx")
    assert named(play(workspace_copy, "verify")) == {"models/speech.onnx"}
    assert play(workspace_copy, "accepted") == ["models/speech.onnx"]
    verdict = play(workspace_copy, "verify")
    assert verdict["ok"]
    assert "I replaced it" in verdict["remarks"][0]
    flip(workspace_copy / "models" / "speech.onnx", 3)
    assert named(play(workspace_copy, "verify")) == {"models/speech.onnx"}


def test_a_missing_seal_is_said_and_not_made_up_for(workspace_copy: Path) -> None:
    (workspace_copy / "seal.json").unlink()
    assert named(play(workspace_copy, "verify")) == {"seal.json"}
    assert named(play(workspace_copy, "write")) == {"seal.json"}


@pytest.mark.parametrize("name", ["videtur.db-journal", "videtur.db-wal", "keys/other.pem", "checkpoints/3"])
def test_a_file_that_would_be_taken_for_ours_is_named(workspace_copy: Path, name: str) -> None:
    (workspace_copy / name).write_bytes(b"not ours")
    assert name in named(play(workspace_copy, "verify"))
    assert (workspace_copy / name).read_bytes() == b"not ours"


def test_other_files_are_remarked_on(workspace_copy: Path) -> None:
    (workspace_copy / "notes.txt").write_text("mine", encoding="utf-8")
    (workspace_copy / os.fsdecode(b"\xff name\n")).write_text("x", encoding="utf-8")
    verdict = play(workspace_copy, "verify")
    assert verdict["ok"]
    assert len(verdict["remarks"]) == 2
    assert play(workspace_copy, "write")["remarks"] == []


def test_files_that_the_store_does_not_know_are_named(workspace_copy: Path) -> None:
    originals = workspace_copy / "objects" / "originals"
    original = next(originals.rglob("original.mp4"))
    strangers = [
        workspace_copy / "objects" / "stranger",
        originals / "stranger",
        original.with_name("second.mp4"),
        original.parents[2] / "extra.txt",
        workspace_copy / "objects" / "derivatives" / "ab" / "cd" / "ef",
    ]
    for path in strangers:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    found = named(play(workspace_copy, "verify"))
    assert found == {path.relative_to(workspace_copy).as_posix() for path in strangers}


def test_two_originals_in_one_anothers_place_are_named(workspace_copy: Path) -> None:
    first, second, *_ = sorted((workspace_copy / "objects").rglob("original.mp4"))
    one, two = first.read_bytes(), second.read_bytes()
    for path, data in ((first, two), (second, one)):
        path.chmod(0o600)
        path.write_bytes(data)
    found = named(play(workspace_copy, "verify"))
    assert {path.relative_to(workspace_copy).as_posix() for path in (first, second)} == found


def test_another_history_does_not_fit_the_signed_checkpoints(workspace_copy: Path) -> None:
    verdict = play(workspace_copy, "rewritten")
    whats = [problem["what"] for problem in verdict["problems"]]
    assert "ledger_checkpoint of 8 entries: the ledger's tree is not the one that was signed" in whats
    assert not any("people_accountevent" in what for what in whats)


def test_no_checkpoint_is_signed_over_a_tree_that_does_not_continue(workspace_copy: Path) -> None:
    told = play(workspace_copy, "growing_wrongly")
    assert "no longer agrees with the checkpoint signed at 8 entries" in told


def test_without_a_key_the_workspace_is_not_sealed(workspace_copy: Path) -> None:
    (workspace_copy / "keys" / "ledger.pem").unlink()
    assert "There is no key at" in play(workspace_copy, "unsigned")


@pytest.mark.parametrize("damage", ["truncated", "empty", "noise", "text"])
def test_a_database_that_does_not_open_is_named(workspace_copy: Path, damage: str) -> None:
    database = workspace_copy / "videtur.db"
    data = database.read_bytes()
    new = {"truncated": data[: len(data) // 3], "empty": b"", "noise": bytes(5000), "text": b"hello" * 99}
    database.write_bytes(new[damage])
    verdict = play(workspace_copy, "verify")
    assert "videtur.db" in named(verdict)
    assert not verdict["properties"]["persistence"]

"""`videtur init`: a whole workspace or nothing."""

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.conftest import PROGRAM, clean_environment, run_program


def test_without_a_terminal_a_password_is_made_and_shown_once(tmp_path: Path) -> None:
    made = run_program("init", tmp_path / "w")
    assert made.out.count("Password (shown only now): ") == 1
    password = made.out.split("shown only now): ")[1].split()[0]
    assert password.encode() not in b"".join(
        path.read_bytes() for path in (tmp_path / "w").rglob("*") if path.is_file()
    )
    (user,) = run_program("user", "list", "--json", "--workspace", tmp_path / "w").json
    assert (user["username"], user["administrator"], user["active"]) == ("admin", True, True)
    assert (tmp_path / "w").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "w" / "keys").stat().st_mode & 0o777 == 0o700


def test_a_given_password_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("horse-battery-47-staple\n")
    made = run_program(
        "init", tmp_path / "w", "--username", "olena", "--password-file", tmp_path / "password", "--json"
    )
    assert made.json == {"workspace": str(tmp_path / "w"), "username": "olena"}


def test_an_empty_folder_will_do_and_others_will_not(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    folder.mkdir()
    run_program("init", folder, "--json")
    before = sorted(folder.rglob("*"))
    assert "already is a workspace" in run_program("init", folder, status=2).err
    assert sorted(folder.rglob("*")) == before
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a").touch()
    assert "not empty" in run_program("init", tmp_path / "full", status=2).err


@pytest.mark.parametrize(
    "options",
    [
        ["--password-file", "{folder}/weak"],
        ["--username", "two words"],
        ["--database", "postgresql://nobody@127.0.0.1:9/none"],
        ["--database", "mysql://x"],
        ["--objects", "ftp://x"],
    ],
)
def test_what_fails_leaves_nothing(tmp_path: Path, options: list[str]) -> None:
    (tmp_path / "weak").write_text("short\n")
    ended = run_program(
        "init", tmp_path / "w", *(option.format(folder=tmp_path) for option in options), status=None
    )
    assert ended.status in (2, 4)
    assert len(ended.err.strip().splitlines()) == 1
    assert not (tmp_path / "w").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    with subprocess.Popen(
        [PROGRAM, "init", tmp_path / "w", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=clean_environment(),
    ) as process:
        while process.poll() is None and not list(tmp_path.glob("w/.videtur-init-*/videtur.db*")):
            time.sleep(0.005)
        process.send_signal(number)
        process.communicate()
        if process.returncode == 0:  # it was quicker than the signal
            return
    assert process.returncode == 130
    assert not (tmp_path / "w").exists()


def test_killed_it_can_be_run_again(tmp_path: Path) -> None:
    with subprocess.Popen(
        [PROGRAM, "init", tmp_path / "w"], stdout=subprocess.DEVNULL, env=clean_environment()
    ) as process:
        while process.poll() is None and not list(tmp_path.glob("w/.videtur-init-*/videtur.db*")):
            time.sleep(0.005)
        process.kill()
    assert not (tmp_path / "w" / "videtur.toml").exists()
    run_program("init", tmp_path / "w", "--json")
    assert not list((tmp_path / "w").glob(".videtur-init-*"))
    assert run_program("status", "--workspace", tmp_path / "w", "--json").json["items"] == 0


def test_its_folder_can_be_moved(tmp_path: Path) -> None:
    run_program("init", tmp_path / "w", "--json")
    (tmp_path / "w").rename(tmp_path / "moved")
    status = run_program("status", "--json", VIDETUR_WORKSPACE=str(tmp_path / "moved"))
    assert json.loads(status.out)["ledger_size"] == 1

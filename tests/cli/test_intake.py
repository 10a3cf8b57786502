"""`videtur intake` as a script and a person see it."""

import hashlib
import json
import os
import signal
import subprocess
import time
from pathlib import Path

from tests.cli.conftest import HEAD, PROGRAM, clean_environment, make_film, run_program


def hostile_folder(folder: Path) -> Path:
    """Ten good films, and one of every kind of trouble."""
    for number in range(10):
        make_film(folder / f"{number}.mp4", f"film {number}")
    make_film(folder / "line\nbreak.mp4", "a")
    make_film(folder / "\u202efdp.4pm.mp4", "b")
    make_film(folder / os.fsdecode(b"\xd4\xe8\xeb\xfc\xec.avi"), "c")
    make_film(folder / "-rf --case x.mp4", "d")
    make_film(folder / ("n" * 251 + ".mp4"), "e")
    make_film(folder / "..%2f..%2fetc.mp4", "f")
    make_film(folder / "zeroed.mp4", "", 0).write_bytes(bytes(5000))
    (folder / "empty.mp4").touch()
    (folder / "notes.txt").write_text("notes")
    (folder / "page.mp4").write_text("<html>not found</html>")
    (folder / "link.mp4").symlink_to("/etc/passwd")
    (folder / "up").symlink_to("/")
    os.mkfifo(folder / "pipe.mp4")
    with (folder / "enormous.mp4").open("wb") as file:
        file.truncate(1 << 40)
    return folder


def test_trouble_among_good_files(workspace: Path, tmp_path: Path) -> None:
    folder = hostile_folder(tmp_path / "films")
    common = ("intake", folder, "--case", "Справа 7", "--json", "--workspace", workspace)
    ended = run_program(*common, status=3)
    for line in ended.lines:
        path = os.fsencode(line["path"]) if "path_bytes" not in line else bytes.fromhex(line["path_bytes"])
        assert line["sha256"] == hashlib.sha256(Path(os.fsdecode(path)).read_bytes()).hexdigest()
        assert line["new"] is True
        assert set(line) - {"path_bytes"} == {"path", "item", "sha256", "size", "new", "ledger_index"}
    assert len(ended.lines) == 17
    assert ended.out.isascii()
    complaints = ended.err.splitlines()
    for name in ("empty.mp4", "page.mp4", "link.mp4", "up", "pipe.mp4", "enormous.mp4"):
        assert len([line for line in complaints if f"Refused {folder}/{name}: it " in line]) == 1, name
    assert len([line for line in complaints if line.startswith("Passed over")]) == 1
    assert len(complaints) == 7, ended.err

    again = run_program(*common, status=3)
    assert [line["ledger_index"] for line in again.lines] == [line["ledger_index"] for line in ended.lines]
    assert not any(line["new"] for line in again.lines)
    shown = run_program("case", "record", "sprava-7", "--workspace", workspace).json
    assert shown["title"] == "Справа 7"
    assert [len(item["captures"]) for item in shown["items"]] == [1] * 17
    assert {item["captures"][0]["file_name"] for item in shown["items"]} >= {
        "films/line\\u000abreak.mp4",
        "films/\\u202efdp.4pm.mp4",
        "films/\\xd4\\xe8\\xeb\\xfc\\xec.avi",
    }
    status = run_program("status", "--json", "--workspace", workspace).json
    assert status["cases"] == [{"case": "sprava-7", "title": "Справа 7", "items": 17, "refused": 7}]


def test_facts_and_a_second_arrival(workspace: Path, tmp_path: Path) -> None:
    film = make_film(tmp_path / "a.mp4", "a")
    common = ("intake", film, "--case", "one", "--workspace", workspace, "--json")
    facts = (
        "--url",
        "https://t.me/c/1",
        "--posted-at",
        "27 марта 2022",
        "--source",
        "канал",
        "--note",
        "x\ny",
    )
    (first,) = run_program(*common).lines
    (second,) = run_program(*common, *facts).lines
    assert (first["new"], second["new"]) == (True, False)
    assert first["item"] == second["item"]
    assert second["ledger_index"] > first["ledger_index"]
    (item,) = run_program("case", "record", "one", "--workspace", workspace).json["items"]
    told = item["captures"][1]
    assert (told["source"], told["note"]) == ("канал", "x\ny")
    assert told["publications"] == [
        {"url": "https://t.me/c/1", "posted_at": "27 марта 2022", "posted_at_edtf": "2022-03-27"}
    ]
    (user,) = run_program("user", "list", "--json", "--workspace", workspace).json
    assert told["captured_by"] == user["actor"]


def test_wrong_usage_changes_nothing(workspace: Path, tmp_path: Path) -> None:
    film = make_film(tmp_path / "a.mp4", "a")
    run_program("intake", film, "--workspace", workspace, status=2)
    run_program("intake", film, "--case", "x", "--url", "t.me/x", "--workspace", workspace, status=2)
    run_program("intake", film, "--case", "x", "--as", "nobody", "--workspace", workspace, status=2)
    missing = run_program("intake", tmp_path / "none", "--case", "x", "--workspace", workspace, status=3)
    assert "it is not there" in missing.err
    assert run_program("case", "list", "--json", "--workspace", workspace).json == []
    nowhere = run_program("intake", film, "--case", "x", status=2)
    assert "videtur init" in nowhere.err


def test_ctrl_c_keeps_what_was_told_of_and_the_next_run_goes_on(workspace: Path, tmp_path: Path) -> None:
    folder = tmp_path / "films"
    for number in range(200):
        make_film(folder / f"{number:03}.mp4", str(number), 200_000)
    command = [PROGRAM, "intake", folder, "--case", "one", "--json", "--workspace", workspace]
    with (
        (tmp_path / "out").open("w") as out,
        subprocess.Popen(
            command, stdout=out, stderr=subprocess.PIPE, text=True, env=clean_environment()
        ) as process,
    ):
        while process.poll() is None and not (tmp_path / "out").stat().st_size:
            time.sleep(0.002)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()
    told = [json.loads(line) for line in (tmp_path / "out").read_text().splitlines()]
    if process.returncode == 0:  # it was quicker than the signal
        assert len(told) == 200
        return
    assert process.returncode == 130
    assert "Stopped: " in said
    assert 0 < len(told) < 200
    status = run_program("status", "--json", "--workspace", workspace).json
    assert status["items"] == len(told)
    lines = run_program(*map(str, command[1:])).lines
    assert len(lines) == 200
    assert [line["new"] for line in lines].count(False) == len(told)
    run_program("verify", "--workspace", workspace)


def test_a_film_that_another_program_still_writes(workspace: Path, tmp_path: Path) -> None:
    path = make_film(tmp_path / "growing.mp4", "a", 300_000_000)
    with subprocess.Popen(
        [PROGRAM, "intake", path, "--case", "one", "--workspace", workspace],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=clean_environment(),
    ) as process:
        while process.poll() is None:
            with path.open("ab") as file:
                file.write(HEAD)
            time.sleep(0.01)
        assert process.stderr is not None
        said = process.stderr.read()
    assert process.returncode == 3
    assert "changed while it was read" in said
    assert run_program("status", "--json", "--workspace", workspace).json["items"] == 0

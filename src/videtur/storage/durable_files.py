"""Files and folders that are on the disk when a call returns, and errors of the disk as one clear line."""

import errno
import os
from collections.abc import Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from videtur.errors import StorageFailed

_SYNCS_AT_ONCE = 16
_FULL = {errno.ENOSPC, errno.EDQUOT}


@contextmanager
def disk_errors(doing: str, path: Path) -> Generator[None]:
    """Turn an OSError of the block into StorageFailed."""
    try:
        yield
    except OSError as problem:
        raise _explained(doing, path, problem) from problem


def _explained(doing: str, path: Path, problem: OSError) -> StorageFailed:
    what = f"Could not {doing} {path}"
    if problem.errno in _FULL:
        return StorageFailed(what, "The disk is full", "Make room, then run the same command again")
    if problem.errno == errno.EIO:
        return StorageFailed(
            what, "The disk reports an error (EIO)", "Check the disk, then run the same command again"
        )
    return StorageFailed(what, os.strerror(problem.errno) if problem.errno else str(problem))


def create_file(path: Path) -> int:
    """Open a new file for writing, in a folder that exists; never an existing one, never through a link."""
    with disk_errors("create", path):
        return os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)


def write_all(descriptor: int, data: memoryview) -> None:
    """Write every byte; the system may take fewer at a time. Raises OSError."""
    while data:
        data = data[os.write(descriptor, data) :]


def sync_file(path: Path) -> None:
    """Make a file's bytes durable. Never tried twice: a failed fsync may have dropped them."""
    with disk_errors("write to disk", path):
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable."""
    with disk_errors("write to disk", path):
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sync_together(descriptors: Iterable[tuple[int, Path]]) -> None:
    """Make open files durable at once, so that the file system can do it in few commits of its journal."""

    def sync(pair: tuple[int, Path]) -> None:
        descriptor, path = pair
        with disk_errors("write to disk", path):
            os.fsync(descriptor)

    pairs = list(descriptors)
    if len(pairs) < 2:
        for pair in pairs:
            sync(pair)
        return
    with ThreadPoolExecutor(min(_SYNCS_AT_ONCE, len(pairs))) as pool:
        for _ in pool.map(sync, pairs):
            pass


def replace_file(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Put new content in place of a file as one durable step: a reader sees the old or the new."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    fresh.unlink(missing_ok=True)
    descriptor = create_file(fresh)
    try:
        with disk_errors("write", path):
            write_all(descriptor, memoryview(data))
            os.fchmod(descriptor, mode)
            os.fsync(descriptor)
            fresh.rename(path)
    except StorageFailed:
        fresh.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)
    sync_folder(path.parent)

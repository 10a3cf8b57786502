"""Who works in the workspace: the lock's file, and the one door in and out. Files alone, no database."""

import fcntl
import json
import os
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from videtur.engines.custody.canonical import canonical_json
from videtur.errors import StorageFailed
from videtur.ledger.sealed_files import LOCK, Interruption, Notice
from videtur.storage.durable_files import disk_errors, sync_folder


@dataclass(frozen=True, slots=True)
class WorkState:
    """What the lock's file says while somebody works, or was cut off."""

    since: str
    notices: Sequence[Notice] = ()
    interruptions: Sequence[Interruption] = ()


class Presence:
    """The lock's file, open: held shared while working."""

    def __init__(self, root: Path) -> None:
        self.path = root / LOCK
        with disk_errors("open", self.path):
            created = not self.path.exists()
            self.descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if created:
            sync_folder(root)

    def close(self) -> None:
        """Let go of the lock."""
        os.close(self.descriptor)

    def alone(self) -> bool:
        """Whether nobody else holds the lock; if so it is ours alone."""
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def share(self) -> None:
        """Hold the lock together with others."""
        fcntl.flock(self.descriptor, fcntl.LOCK_SH)

    def read(self) -> WorkState | None:
        """What the file says; None when the workspace was left in order."""
        return _parse_state(os.pread(self.descriptor, 1 << 24, 0))

    def write(self, state: WorkState | None) -> None:
        """Say since when somebody works; nothing when the workspace is left in order. Durable."""
        data = b"" if state is None else canonical_json(asdict(state))
        with disk_errors("write", self.path):
            os.ftruncate(self.descriptor, 0)
            os.pwrite(self.descriptor, data, 0)
            os.fsync(self.descriptor)


def read_work_state(root: Path) -> WorkState | None:
    """What the lock's file says; None when the workspace was left in order."""
    try:
        return _parse_state((root / LOCK).read_bytes())
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise StorageFailed(f"{root / LOCK} cannot be read", str(problem.strerror)) from problem


@contextmanager
def quiet(root: Path) -> Generator[bool]:
    """Hold off newcomers for a moment; gives whether nobody works here."""
    with gate(root):
        try:
            descriptor = os.open(root / LOCK, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:  # no lock was ever made, or the medium is read-only: nobody can work here
            yield True
            return
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
        finally:
            os.close(descriptor)


@contextmanager
def gate(root: Path) -> Generator[None]:
    """One process at a time comes in or goes out."""
    with disk_errors("open", root):
        descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except OSError:
            os.close(descriptor)
            raise
    try:
        yield
    finally:
        os.close(descriptor)


def _parse_state(data: bytes) -> WorkState | None:
    if not data:
        return None
    try:
        content: dict[str, Any] = json.loads(data)
        return WorkState(
            str(content["since"]),
            tuple(Notice(**notice) for notice in content["notices"]),
            tuple(Interruption(**each) for each in content["interruptions"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        # Cut off while it was written, or damaged: either way the workspace was not left in order.
        return WorkState("a time that can no longer be read")

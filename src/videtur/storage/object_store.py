"""What a store of bytes must do, whatever it is made of.

Keys are paths of ASCII names (`derivatives/ab/cd/abcd...`). Stored bytes are never changed and never
deleted; a key that is taken is refused to other bytes.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol, Self

from videtur.errors import StorageFailed, WrongUsage

_NAME = r"(?!\.{1,2}(?:/|$))[A-Za-z0-9._=%-]{1,120}"
_KEY = re.compile(rf"{_NAME}(?:/{_NAME})*")


@dataclass(frozen=True, slots=True)
class Digests:
    """What bytes are known by: two digests in lower-case hexadecimal, and how many there are."""

    sha256: str
    sha512: str
    size: int


class Staged(Protocol):
    """Bytes on their way into a store. A context manager: discarded at its end unless they were placed."""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Append. Raises StorageFailed when the medium refuses (a full disk, for one)."""
        ...

    def finish(self) -> Digests:
        """End writing and return the digests; may be called again."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class ObjectStore(Protocol):
    """A store of immutable bytes. What goes wrong below is raised as StorageFailed."""

    def stage(self) -> Staged:
        """Begin new bytes, outside the space of keys."""
        ...

    def place(self, staged: Staged, key: str) -> None:
        """Give staged bytes their key. They are durable when this returns (in a batch: when it ends).

        The same bytes already there are fine; other bytes raise StorageFailed.
        """
        ...

    def place_folder(self, folder: str, files: Mapping[str, Staged]) -> bool:
        """Place all files under `folder/`, together or not at all; False if the folder was there before."""
        ...

    def put(self, key: str, data: bytes) -> None:
        """Stage and place small data."""
        ...

    def batch(self) -> AbstractContextManager["ObjectStore"]:
        """A view whose placements become visible and durable together, when its block ends without error."""
        ...

    def open(self, key: str) -> BinaryIO:
        """Stored bytes for reading: seekable, with a real file descriptor."""
        ...

    def size(self, key: str) -> int:
        """Number of bytes stored under the key."""
        ...

    def exists(self, key: str) -> bool:
        """Whether there is such a key."""
        ...

    def keys(self, prefix: str = "") -> Iterator[str]:
        """All keys that begin with `prefix`, in order of their text."""
        ...

    def close(self) -> None:
        """Let go of what this process keeps open; the store can be used again afterwards."""
        ...


def check_key(key: str) -> str:
    """Return the key, or raise StorageFailed if it could be anything but a plain path of ASCII names."""
    if not _KEY.fullmatch(key):
        raise StorageFailed(f"{key!r} cannot be the key of stored bytes")
    return key


def open_object_store(objects_url: str, workspace_root: Path) -> ObjectStore:
    """The store that a workspace's configuration names. Raises WrongUsage for a kind we do not know."""
    from videtur.storage.local_disk import LocalDisk

    if objects_url.startswith("file:"):
        return LocalDisk(workspace_root / objects_url.removeprefix("file:"))
    raise WrongUsage(f"Objects cannot be kept at {objects_url}", remedy="Use file:FOLDER")

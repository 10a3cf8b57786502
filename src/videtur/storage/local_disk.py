"""The object store on a local disk.

The order of a write, which is what makes it survive `kill -9`, a power cut and a full disk:
new file in staging (O_EXCL) -> digests while writing -> mode 0400 -> fsync -> link(2), or rename(2) of a
finished folder, into place (neither overwrites) -> fsync of every folder that got a new name -> only then
may a caller record it -> staging removed.
"""

import atexit
import fcntl
import hashlib
import os
import secrets
import shutil
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from videtur.errors import StorageFailed
from videtur.storage.durable_files import (
    create_file,
    disk_errors,
    sync_folder,
    sync_together,
    write_all,
)
from videtur.storage.object_store import Digests, ObjectStore, Staged, check_key

STAGING = "staging"
_LOCK = "lock"
_READ = 1 << 20


class LocalDisk:
    """A store in one folder. One instance a process; safe beside other processes on the same folder."""

    def __init__(self, root: Path, read_only: bool = False) -> None:
        self.root = root.absolute()
        self._session: Path | None = None
        self._session_lock = -1
        self._session_owner = 0
        """The process that made the session's folder: a forked child makes its own."""
        self._durable_folders: set[Path] = set()
        if read_only:  # for a verification, which must leave no trace
            return
        with disk_errors("make the folder", self.root):
            self.root.mkdir(parents=True, exist_ok=True)
        self._clean_staging()

    def stage(self) -> "LocalStaged":
        """Begin new bytes in this process's staging folder."""
        return LocalStaged(self._staging_folder() / secrets.token_hex(8))

    def place(self, staged: Staged, key: str) -> None:
        """Durable on return; see `ObjectStore.place`."""
        with self.batch() as batch:
            batch.place(staged, key)

    def place_folder(self, folder: str, files: Mapping[str, Staged]) -> bool:
        """Durable on return; see `ObjectStore.place_folder`."""
        with self.batch() as batch:
            return batch.place_folder(folder, files)

    def put(self, key: str, data: bytes) -> None:
        """Stage and place small data."""
        with self.stage() as staged:
            staged.write(data)
            self.place(staged, key)

    @contextmanager
    def batch(self) -> Generator[ObjectStore]:
        """Placements that share their waits for the disk: all of them durable when the block ends."""
        batch = _Batch(self)
        try:
            yield batch
            batch.commit()
        finally:
            batch.discard()

    def open(self, key: str) -> BinaryIO:
        """Stored bytes for reading."""
        path = self.path(key)
        try:
            return path.open("rb")
        except FileNotFoundError:
            raise StorageFailed(f"{path} is missing", remedy="Restore it from a backup") from None
        except OSError as problem:
            raise StorageFailed(f"{path} cannot be read", str(problem.strerror)) from problem

    def size(self, key: str) -> int:
        """Number of bytes stored under the key."""
        with self.open(key) as file, disk_errors("read", self.path(key)):
            return os.fstat(file.fileno()).st_size

    def exists(self, key: str) -> bool:
        """Whether there is such a key."""
        return self.path(key).is_file()

    def keys(self, prefix: str = "") -> Iterator[str]:
        """All keys that begin with `prefix`; what lies in staging has no key."""
        start = self.root / prefix.rpartition("/")[0]
        for path in walk_files(start):
            key = path.relative_to(self.root).as_posix()
            if key.startswith(prefix) and not key.startswith(f"{STAGING}/"):
                yield key

    def path(self, key: str) -> Path:
        """Where a key's bytes lie."""
        if check_key(key).startswith(f"{STAGING}/"):
            raise StorageFailed(f"{key} is a place for unfinished bytes")
        return self.root / key

    def close(self) -> None:
        """Remove this process's staging folder. The store can be used again afterwards."""
        atexit.unregister(self.close)
        if self._session is not None and self._session_owner == os.getpid():
            shutil.rmtree(self._session, ignore_errors=True)
            os.close(self._session_lock)
            self._session = None
            with suppress(OSError):  # another process's folder is still in it
                self._session_parent().rmdir()

    def make_folders(self, folder: Path) -> set[Path]:
        """Create what is missing of a folder under the root; return the folders to be synced."""
        dirty: set[Path] = set()
        with disk_errors("make the folder", folder):
            folder.mkdir(parents=True, exist_ok=True)
        while folder != self.root and folder not in self._durable_folders:
            dirty.add(folder.parent)
            folder = folder.parent
        return dirty

    def mark_durable(self, folder: Path) -> None:
        """Remember that the names of this folder and of those above it are on the disk."""
        while folder != self.root and folder not in self._durable_folders:
            self._durable_folders.add(folder)
            folder = folder.parent

    def _session_parent(self) -> Path:
        return self.root / STAGING

    def _staging_folder(self) -> Path:
        """This process's own staging folder; its lock tells others that it is in use."""
        if self._session is None or self._session_owner != os.getpid():
            folder = self._session_parent() / f"{os.getpid()}-{secrets.token_hex(6)}"
            with disk_errors("make the folder", folder):
                folder.mkdir(parents=True, mode=0o700)
                lock = os.open(folder / _LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
                fcntl.flock(lock, fcntl.LOCK_EX)
            self._session, self._session_lock, self._session_owner = folder, lock, os.getpid()
            atexit.register(self.close)
        return self._session

    def _clean_staging(self) -> None:
        """Remove what processes that are gone left half-written: nothing in staging was ever acknowledged."""
        if not self._session_parent().is_dir():
            return
        for folder in self._session_parent().iterdir():
            with suppress(FileNotFoundError, NotADirectoryError):  # its owner removes it at this moment
                if is_abandoned(folder):
                    shutil.rmtree(folder, ignore_errors=True)


def is_abandoned(folder: Path) -> bool:
    """Whether no living process holds this staging folder."""
    try:
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
    return True


def walk_files(folder: Path) -> Iterator[Path]:
    """Every file below a folder, links and special files included, in order of their paths."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    except OSError as problem:
        raise StorageFailed(f"{folder} cannot be read", str(problem.strerror)) from problem
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from walk_files(Path(entry.path))
        else:
            yield Path(entry.path)


class LocalStaged:
    """A file in staging."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.placed = False
        self.descriptor = create_file(path)
        self._sha256 = hashlib.sha256()
        self._sha512 = hashlib.sha512()
        self._size = 0
        self._digests: Digests | None = None

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Append, and hash on the way."""
        if self._digests is not None:
            raise StorageFailed("Bytes were added after their digests were taken")
        view = memoryview(data).cast("B")
        with disk_errors("write", self.path):
            write_all(self.descriptor, view)
        self._sha256.update(view)
        self._sha512.update(view)
        self._size += len(view)

    def finish(self) -> Digests:
        """End writing: read-only from here on."""
        if self._digests is None:
            with disk_errors("write", self.path):
                os.fchmod(self.descriptor, 0o400)
            self._digests = Digests(self._sha256.hexdigest(), self._sha512.hexdigest(), self._size)
        return self._digests

    def discard(self) -> None:
        """Forget the file; once placed, only its name in staging goes."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1
        self.path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self.placed:
            self.discard()


class _Batch:
    """Placements waiting for one common sync."""

    def __init__(self, disk: LocalDisk) -> None:
        self._disk = disk
        self._files: dict[str, LocalStaged] = {}
        self._folders: dict[str, dict[str, LocalStaged]] = {}
        self._superfluous: list[LocalStaged] = []
        self._confirmed: set[Path] = set()
        """Folders of what was there before: another process may not have synced their names yet."""

    def stage(self) -> LocalStaged:
        return self._disk.stage()

    def place(self, staged: Staged, key: str) -> None:
        file = _own(staged)
        self._disk.path(key)
        waiting = self._files.get(key)
        if waiting is not None and waiting.finish() != file.finish():
            raise _taken(key)
        if waiting is None and self._disk.exists(key):
            self._compare(key, file)
            self._confirmed.add(self._disk.path(key).parent)
            waiting = file
        if waiting is None:
            self._files[key] = file
        else:
            self._superfluous.append(file)
        file.finish()
        file.placed = True

    def place_folder(self, folder: str, files: Mapping[str, Staged]) -> bool:
        own = {name: _own(staged) for name, staged in files.items()}
        for name, file in own.items():
            self._disk.path(f"{folder}/{name}")
            file.finish()
            file.placed = True
        if folder in self._folders or any(self._disk.keys(f"{folder}/")):
            self._confirmed.add((self._disk.root / folder).parent)
            self._superfluous.extend(own.values())
            return False
        self._folders[folder] = own
        return True

    def put(self, key: str, data: bytes) -> None:
        with self.stage() as staged:
            staged.write(data)
            self.place(staged, key)

    @contextmanager
    def batch(self) -> Generator[ObjectStore]:
        yield self

    def open(self, key: str) -> BinaryIO:
        waiting = self._waiting().get(key)
        return self._disk.open(key) if waiting is None else waiting.path.open("rb")

    def size(self, key: str) -> int:
        waiting = self._waiting().get(key)
        return self._disk.size(key) if waiting is None else waiting.finish().size

    def exists(self, key: str) -> bool:
        return key in self._waiting() or self._disk.exists(key)

    def keys(self, prefix: str = "") -> Iterator[str]:
        waiting = {key for key in self._waiting() if key.startswith(prefix)}
        yield from sorted(waiting | set(self._disk.keys(prefix)))

    def close(self) -> None:
        """A batch ends with its block."""

    def commit(self) -> None:
        """Sync all bytes, then give them their names, then sync the names."""
        trees = {folder: _build(files) for folder, files in self._folders.items()}
        self._sync_content(trees.values())
        targets = [self._disk.path(key) for key in self._files]
        parents = {target.parent for target in targets} | self._confirmed
        parents |= {(self._disk.root / folder).parent for folder in trees}
        dirty = set(parents)
        for parent in parents:
            dirty |= self._disk.make_folders(parent)
        for key, file in self._files.items():
            self._link(file, key)
        for folder, tree in trees.items():
            self._rename(tree, folder)
        for path in sorted(
            dirty, reverse=True
        ):  # the deepest first: a name is never there before its content
            sync_folder(path)
        for parent in parents:
            self._disk.mark_durable(parent)

    def discard(self) -> None:
        """Remove what is left in staging of placed and of superfluous files."""
        for file in (*self._waiting().values(), *self._superfluous):
            file.discard()
        self._files.clear()
        self._folders.clear()
        self._superfluous.clear()

    def _waiting(self) -> dict[str, LocalStaged]:
        in_folders = {
            f"{folder}/{name}": file
            for folder, files in self._folders.items()
            for name, file in files.items()
        }
        return self._files | in_folders

    def _sync_content(self, trees: Iterable[Path]) -> None:
        files = [(file.descriptor, file.path) for file in self._waiting().values()]
        inner = sorted(path for tree in trees for path in (tree, *_folders_below(tree)))
        folders = [(_open_folder(path), path) for path in inner]
        try:
            sync_together([*files, *folders])
        finally:
            for descriptor, _ in folders:
                os.close(descriptor)

    def _link(self, file: LocalStaged, key: str) -> None:
        target = self._disk.path(key)
        try:
            with disk_errors("place", target):
                os.link(file.path, target)
        except StorageFailed as problem:
            if not isinstance(problem.__cause__, FileExistsError):
                raise
            self._compare(key, file)

    def _rename(self, tree: Path, folder: str) -> None:
        """Move a finished folder into place; somebody else's may have come first, with the same names."""
        target = self._disk.root / folder
        try:
            tree.rename(target)
        except OSError as problem:
            files = self._folders[folder]
            if not any(self._disk.keys(f"{folder}/")):
                raise StorageFailed(f"Could not place {target}", str(problem.strerror)) from problem
            if not all(self._disk.exists(f"{folder}/{name}") for name in files):
                raise StorageFailed(
                    f"{target} was stored by another process at the same moment, under other names",
                    remedy="Run the same command again",
                ) from problem
            shutil.rmtree(tree, ignore_errors=True)

    def _compare(self, key: str, file: LocalStaged) -> None:
        if digests_of(self._disk, key) != file.finish():
            raise _taken(key)


def _build(files: Mapping[str, LocalStaged]) -> Path:
    """Put a folder's files together inside staging."""
    tree = next(iter(files.values())).path.with_suffix(".folder")
    for name, file in files.items():
        target = tree / name
        with disk_errors("make", target):
            target.parent.mkdir(parents=True, exist_ok=True)
            file.path.rename(target)
        file.path = target
    return tree


def digests_of(store: ObjectStore, key: str) -> Digests:
    """Read stored bytes and take their digests anew."""
    sha256, sha512, size = hashlib.sha256(), hashlib.sha512(), 0
    with store.open(key) as file, disk_errors("read", Path(key)):
        while data := file.read(_READ):
            sha256.update(data)
            sha512.update(data)
            size += len(data)
    return Digests(sha256.hexdigest(), sha512.hexdigest(), size)


def _own(staged: Staged) -> LocalStaged:
    if not isinstance(staged, LocalStaged):
        raise StorageFailed("Bytes staged in one store cannot be placed in another")
    return staged


def _taken(key: str) -> StorageFailed:
    return StorageFailed(
        f"{key} already holds other bytes",
        "Stored bytes are never replaced",
        "Run: videtur verify",
    )


def _folders_below(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir():
            yield path
            yield from _folders_below(path)


def _open_folder(path: Path) -> int:
    with disk_errors("read", path):
        return os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)

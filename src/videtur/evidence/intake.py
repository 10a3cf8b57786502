"""Taking files in: read once, hashed while they are written, made durable, recorded, and only then told.

Files go through in groups. While one group is made durable and recorded, the next is being read: a group
shares its waits for the disk, and nothing is told of before its own group is safe.
"""

import hashlib
import os
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from videtur.cases.models import Case
from videtur.errors import StorageFailed
from videtur.evidence.models import Capture, Item
from videtur.evidence.names import printable_name
from videtur.evidence.services import Arrival, CaptureFacts, Received, TakenIn, refuse, take_in
from videtur.evidence.sources import FoundFile, UnfitFile, has_changed, unfit
from videtur.storage.object_store import Digests, ObjectStore, Staged
from videtur.storage.ocfl import write_original

_READ = 1 << 20
_READERS = 4
_GROUP_FILES = 32
_GROUP_BYTES = 256 << 20
_GROUP_SECONDS = 1.0
_SPARE_ROOM = 64 << 20
"""Bytes left free on the disk for the ledger and the database."""


@dataclass(frozen=True, slots=True)
class TakenFile:
    """A file that is safe: its bytes and its entry are durable."""

    path: Path
    taken: TakenIn


class _StoppedReading(Exception):
    """The reader of one file saw that the intake is to stop."""


@dataclass(slots=True, eq=False)
class _Reading:
    """One file on its way: read into staging or, where it seems to be known already, only hashed."""

    found: FoundFile
    staged: Staged | None
    outcome: "Future[Digests | UnfitFile]"

    def close(self) -> None:
        """Wait for the reader, let go of the source, drop what was staged and not placed."""
        if not self.outcome.cancel():
            wait([self.outcome])
        os.close(self.found.descriptor)
        if self.staged is not None:
            self.staged.__exit__(None, None, None)


@dataclass(frozen=True, slots=True)
class _Read:
    """A file that was read completely."""

    reading: _Reading
    digests: Digests


class Intake:
    """Takes files into one case.

    `stop` ends an intake soon: what was read completely is still recorded, the rest is dropped.
    `watch` is told how many bytes were read, by several threads. `free_room` is the room on the store's
    disk, where that can be known.
    """

    def __init__(
        self,
        store: ObjectStore,
        actor: str,
        case: Case,
        facts: CaptureFacts,
        *,
        stop: threading.Event | None = None,
        watch: Callable[[int], object] = lambda count: None,
        free_room: Callable[[], int | None] = lambda: None,
    ) -> None:
        self._store = store
        self._actor = actor
        self._case = case
        self._facts = facts
        self._stop = stop or threading.Event()
        self._watch = watch
        self._free_room = free_room
        self._abandoned = False
        self._open: set[_Reading] = set()

    def take(self, files: Iterable[FoundFile | UnfitFile]) -> Generator[TakenFile | UnfitFile]:
        """Take files in, in order. What is yielded is durable, refusals and their record included."""
        with ThreadPoolExecutor(_READERS, thread_name_prefix="intake") as pool:
            try:
                ready: list[_Reading | UnfitFile] = []
                for group in self._groups(pool, files):
                    yield from self._settle(ready)
                    ready = group
                yield from self._settle(ready)
            finally:
                self._abandoned = True  # readers of what nobody waits for any more end at once
                for reading in self._open:
                    reading.close()
                self._open.clear()

    def _groups(
        self, pool: ThreadPoolExecutor, files: Iterable[FoundFile | UnfitFile]
    ) -> Iterator[list[_Reading | UnfitFile]]:
        group: list[_Reading | UnfitFile] = []
        size, begun = 0, monotonic()
        for file in files:
            if self._stop.is_set():
                if isinstance(file, FoundFile):
                    os.close(file.descriptor)
                break
            group.append(self._begin(pool, file) if isinstance(file, FoundFile) else file)
            size += file.status.st_size if isinstance(file, FoundFile) else 0
            if len(group) >= _GROUP_FILES or size >= _GROUP_BYTES or monotonic() - begun > _GROUP_SECONDS:
                yield group
                group, size, begun = [], 0, monotonic()
        yield group

    def _begin(self, pool: ThreadPoolExecutor, found: FoundFile) -> _Reading | UnfitFile:
        size = found.status.st_size
        # Came from this place before, in any case: most likely the same bytes, so hash them before copying.
        known = Capture.objects.filter(place=found.place, item__size=size).exists()
        free = None if known else self._free_room()
        if free is not None and size + _SPARE_ROOM > free:
            os.close(found.descriptor)
            why = f"needs {size} bytes, and the disk of the workspace has {free} left"
            return unfit(found, "no_room", why, "Make room, then run the same command again")
        staged = None if known else self._store.stage()
        reading = _Reading(found, staged, pool.submit(self._read, found, staged))
        self._open.add(reading)
        return reading

    def _read(self, found: FoundFile, staged: Staged | None) -> Digests | UnfitFile:
        """Read a file once, from its start, into staging and the digests. Runs in a thread of its own."""
        sink = staged or _HashOnly()
        buffer = memoryview(bytearray(_READ))
        position = 0
        while position <= found.status.st_size:  # a file that grows without end is not read without end
            if self._abandoned or self._stop.is_set():
                raise _StoppedReading
            try:
                count = os.preadv(found.descriptor, [buffer], position)
            except OSError as problem:
                why = f"cannot be read to its end ({os.strerror(problem.errno or 0)} at byte {position})"
                return unfit(found, "unreadable", why, "Check the disk, then run the same command again")
            if count == 0:
                break
            sink.write(buffer[:count])
            position += count
            self._watch(count)
        if has_changed(found, position):
            remedy = "Wait until nothing writes to it, then run the same command again"
            return unfit(found, "changing", "changed while it was read", remedy)
        return sink.finish()

    def _settle(self, group: Sequence[_Reading | UnfitFile]) -> Iterator[TakenFile | UnfitFile]:
        """Make a group durable and record it."""
        finished = [one for file in group if (one := self._finish(file)) is not None]
        if refused := [one for one in finished if isinstance(one, UnfitFile)]:
            refuse(self._actor, self._case, refused)
        read = [one for one in finished if isinstance(one, _Read)]
        taken = iter(take_in(self._actor, self._case, self._place(read)) if read else ())
        for file in group:
            if isinstance(file, _Reading):
                self._open.discard(file)
                file.close()
        for one in finished:
            yield one if isinstance(one, UnfitFile) else TakenFile(one.reading.found.path, next(taken))

    def _finish(self, file: _Reading | UnfitFile) -> _Read | UnfitFile | None:
        """Wait for a file's reader. None: it was stopped."""
        if isinstance(file, UnfitFile):
            return file
        try:
            outcome = file.outcome.result()
            if file.staged is None and isinstance(outcome, Digests) and self._stored(outcome) is None:
                file.staged = self._store.stage()  # not what was here before, after all
                outcome = self._read(file.found, file.staged)
        except _StoppedReading:
            return None
        return outcome if isinstance(outcome, UnfitFile) else _Read(file, outcome)

    def _place(self, read: Sequence[_Read]) -> list[Received]:
        """Give the bytes their place. Durable on return."""
        now = datetime.now(UTC)
        received: list[Received] = []
        with self._store.batch() as batch:
            for one in read:
                key = self._stored(one.digests)
                if key is None:
                    if one.reading.staged is None:
                        raise StorageFailed(
                            f"The stored bytes of {one.digests.sha256} vanished at this moment"
                        )
                    name = printable_name(one.reading.found.name)
                    key = write_original(batch, one.reading.staged, one.digests, name, now)
                received.append(Received(one.digests, key, self._arrival(one.reading.found)))
        return received

    def _stored(self, digests: Digests) -> str | None:
        """The key of these bytes, when they are recorded and there."""
        item = Item.objects.filter(sha256=digests.sha256).first()
        return item.object_key if item is not None and self._store.exists(item.object_key) else None

    def _arrival(self, found: FoundFile) -> Arrival:
        nanoseconds = found.status.st_mtime_ns
        try:
            modified = datetime.fromtimestamp(nanoseconds // 10**9, UTC).replace(
                microsecond=nanoseconds % 10**9 // 1000
            )
        except (OverflowError, ValueError, OSError):  # a file system can hold any number there
            modified = None
        return Arrival("file", found.name, found.place, modified, self._facts)


class _HashOnly:
    """Digests of bytes that are not kept."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()
        self._sha512 = hashlib.sha512()
        self._size = 0

    def write(self, data: memoryview) -> None:
        self._sha256.update(data)
        self._sha512.update(data)
        self._size += len(data)

    def finish(self) -> Digests:
        return Digests(self._sha256.hexdigest(), self._sha512.hexdigest(), self._size)

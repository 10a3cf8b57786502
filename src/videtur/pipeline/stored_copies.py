"""The index of copies in a folder, so that a new process need not make it again: a cache, never the truth.

Segments lie in files that are written once and checked as a whole before use; a list says which of them
count. Whatever is damaged, cut short or of another version is logged, left out, and made anew from the
rows. Several processes may read while one writes.
"""

import fcntl
import hashlib
import json
import logging
import os
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from videtur.engines.copies.fingerprint import ENGINE_VERSION
from videtur.engines.copies.hash_rows import ListedRows
from videtur.engines.copies.retrieval import Gallery
from videtur.engines.copies.segment import SIGNS_VERSION, Segment
from videtur.storage.column_files import BESIDE, SUFFIX, CacheUnusable, read_columns, write_columns
from videtur.storage.durable_files import disk_errors, replace_file

_log = logging.getLogger(__name__)

LIST = "index.json"
_LOCK = "lock"
_MADE_BY = f"fingerprints {ENGINE_VERSION}, signs {SIGNS_VERSION}"


@dataclass(frozen=True)
class _Entry:
    """A segment that counts: its file, and the places of films in it that do not."""

    file: str
    without: tuple[int, ...]


@dataclass(frozen=True)
class _Listed:
    """What the list says: the segments, how many films count, and the digest of their names."""

    entries: Sequence[_Entry] = ()
    films: int = 0
    digest: str = ""


class StoredCopies:
    """A folder with the segments of a gallery."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: tuple[int, int] | None = None
        with disk_errors("create", folder):
            folder.mkdir(parents=True, exist_ok=True)

    def refresh(self, gallery: Gallery) -> None:
        """Take into a gallery what the folder has and it has not. Never fails for what lies there."""
        with self._locked(fcntl.LOCK_SH):
            if self._stamp() != self._seen:
                self._absorb(gallery)

    def save(self, gallery: Gallery) -> None:
        """Store what is new, and forget what is gone. Durable when the call returns. Raises StorageFailed."""
        with self._locked(fcntl.LOCK_EX):
            if self._stamp() != self._seen:
                self._absorb(gallery)
            entries: list[_Entry] = []
            for segment, file, without in gallery.segments():
                there = file and (self._folder / f"{file}{SUFFIX}").exists()
                entries.append(_Entry(file if there else self._write(gallery, segment), tuple(without)))
            self._write_list(entries, gallery)
            self._seen = self._stamp()
            gallery.settled()
            self._clear({entry.file for entry in entries})

    def _write(self, gallery: Gallery, segment: Segment) -> str:
        about = {"made_by": _MADE_BY, "names": list(segment.names)}
        beside = segment.listed.write if segment.listed is not None else None
        file = write_columns(self._folder, about, segment.columns(), beside)
        gallery.stored(segment, self._read(file, check=False), file)
        return file

    def _read(self, file: str, *, check: bool = True) -> Segment:
        columns = read_columns(self._folder, file, check=check)
        if columns.about["made_by"] != _MADE_BY:
            raise CacheUnusable("A cache file is of another version", str(columns.about["made_by"]))
        listed = ListedRows.mapped(columns.beside) if columns.beside is not None else None
        return Segment.from_columns(columns.about["names"], columns.arrays, listed)

    def _absorb(self, gallery: Gallery) -> None:
        self._seen = self._stamp()
        listed = self._listed()
        if listed is None:
            return
        counted = {entry.file for entry in listed.entries}
        held = {file for _, file, _ in gallery.segments()} - {""}
        for file in held - counted:
            # Another process has joined it with others, or taken its films out.
            gallery.let_go(file)
        alone = not len(gallery)
        for entry in listed.entries:
            gallery.let_go(entry.file, entry.without)
        for entry in listed.entries:
            if entry.file in held:
                gallery.revive(entry.file, set(entry.without))
                continue
            try:
                segment = self._read(entry.file)
            except CacheUnusable as problem:
                _log.warning("Index of copies: %s. Its films are indexed anew.", problem.explain())
                continue
            gallery.hold(segment, entry.file, without=set(entry.without))
        if alone and len(gallery) == listed.films and digest(sorted(gallery.names)) != listed.digest:
            _log.warning("Index of copies: its films are not those it says it has: it is made anew.")
            for name in tuple(gallery.names):
                gallery.remove(name)

    def _listed(self) -> _Listed | None:
        path = self._folder / LIST
        try:
            stored: Any = json.loads(path.read_bytes())
            body = stored["body"]
            if stored["sha256"] != digest(body):
                raise ValueError("it was changed")
            if body["made_by"] != _MADE_BY:
                _log.warning(
                    "Index of copies: made by %s, now %s: it is made anew.", body["made_by"], _MADE_BY
                )
                return _Listed()
            entries = [_Entry(str(file), tuple(without)) for file, without in body["segments"]]
            return _Listed(entries, int(body["films"]), str(body["set"]))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as problem:
            _log.warning("Index of copies: %s cannot be used (%s): it is made anew.", path, problem)
            return None

    def _write_list(self, entries: Iterable[_Entry], gallery: Gallery) -> None:
        body = {
            "made_by": _MADE_BY,
            "segments": [[entry.file, list(entry.without)] for entry in entries],
            "films": len(gallery),
            "set": digest(sorted(gallery.names)),
        }
        text = json.dumps({"body": body, "sha256": digest(body)}, sort_keys=True)
        replace_file(self._folder / LIST, text.encode())

    def _clear(self, counted: set[str]) -> None:
        """Delete files that no longer count; who has them open keeps them until it looks again."""
        for path in self._folder.iterdir():
            if path.name in (LIST, _LOCK) or path.name.removesuffix(SUFFIX).removesuffix(BESIDE) in counted:
                continue
            with disk_errors("delete", path):
                path.unlink(missing_ok=True)

    def _stamp(self) -> tuple[int, int] | None:
        """What changes whenever the list is replaced."""
        try:
            status = (self._folder / LIST).stat()
        except FileNotFoundError:
            return None
        return status.st_ino, status.st_mtime_ns

    @contextmanager
    def _locked(self, kind: int) -> Generator[None]:
        path = self._folder / _LOCK
        with disk_errors("open", path):
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            with disk_errors("lock", path):
                fcntl.flock(descriptor, kind)
            yield
        finally:
            os.close(descriptor)


def digest(value: object) -> str:
    """SHA-256 of a value as JSON."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

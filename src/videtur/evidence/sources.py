"""Finding the files to take in: folders walked without following links, each file opened once, safely.

A file is opened relative to its already opened folder and compared with what the listing said, so that
nothing swapped in meanwhile is read in its place. Nothing on the source is changed; where the system
allows it, not even the time of last access.
"""

import errno
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from videtur.evidence.names import printable_name
from videtur.evidence.signatures import HEAD_SIZE, glance

DEFAULT_LARGEST = 64 << 30
_DEEPEST = 100
_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
_KINDS = (
    (
        stat.S_ISLNK,
        "symbolic_link",
        "is a symbolic link, and links are not followed",
        "Give what it points to",
    ),
    (stat.S_ISFIFO, "not_a_file", "is a named pipe, not a file", "Save its content as a file first"),
    (stat.S_ISSOCK, "not_a_file", "is a socket, not a file", "Leave it out"),
    (stat.S_ISBLK, "not_a_file", "is a device, not a file", "Give the files on it, or an image of it"),
    (stat.S_ISCHR, "not_a_file", "is a device, not a file", "Leave it out"),
)


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file opened for reading. Whoever takes it closes `descriptor`."""

    path: Path
    name: bytes
    """Its name as received: from the folder or file that the person gave, downwards."""
    place: str
    descriptor: int
    status: os.stat_result


@dataclass(frozen=True, slots=True)
class UnfitFile:
    """An input that cannot be taken in. `counts` is false for what a folder merely also contains."""

    path: Path
    name: bytes
    place: str
    reason: str
    why: str
    remedy: str
    counts: bool = True

    def explain(self) -> str:
        """One line for a person."""
        verb = "Refused" if self.counts else "Passed over"
        return f"{verb} {printable_name(os.fsencode(self.path))}: it {self.why}. {self.remedy}."


@dataclass(frozen=True, slots=True)
class _Candidate:
    path: Path
    name: bytes
    folder: int | None = None  # descriptor of the opened folder it lies in; None when a person named it
    depth: int = 0

    @property
    def named(self) -> bool:
        return self.folder is None

    @property
    def leaf(self) -> str:
        return str(self.path) if self.folder is None else self.path.name

    def within(self, folder: int, leaf: str) -> "_Candidate":
        return _Candidate(self.path / leaf, b"/".join((self.name, os.fsencode(leaf))), folder, self.depth + 1)

    def unfit(self, reason: str, why: str, remedy: str, *, counts: bool = True) -> UnfitFile:
        return UnfitFile(self.path, self.name, place_of(self.path), reason, why, remedy, counts)

    def unreadable(self, problem: OSError) -> UnfitFile:
        if problem.errno == errno.ENOENT:
            if self.named:
                return self.unfit("missing", "is not there", "Check the path")
            return self.unfit("missing", "vanished while the folder was read", "Run the same command again")
        why = f"cannot be read ({os.strerror(problem.errno or errno.EIO)})"
        if problem.errno in (errno.EACCES, errno.EPERM):
            return self.unfit("unreadable", why, "Give yourself the right to read it, then run this again")
        return self.unfit("unreadable", why, "Check the disk, then run the same command again")


def place_of(path: Path) -> str:
    """The digest that an arrival's place is known by: of the full path, links in its folders resolved."""
    return hashlib.sha256(os.fsencode(path.parent.resolve() / path.name)).hexdigest()


def find_files(
    paths: Iterable[Path], *, largest: int = DEFAULT_LARGEST, own_folder: Path | None = None
) -> Iterator[FoundFile | UnfitFile]:
    """Every file of `paths`, folders walked in order of names, or why it cannot be taken in.

    `own_folder` is the workspace: it is never taken into itself.
    """
    own = _identity(own_folder.stat()) if own_folder is not None else None
    for path in paths:
        name = path.name if path.name not in ("", "..") else path.resolve().name
        yield from _look(_Candidate(path, os.fsencode(name)), largest, own)


def has_changed(found: FoundFile, bytes_read: int) -> bool:
    """Whether the file is another one now than when it was opened."""
    now = os.fstat(found.descriptor)
    before = (found.status.st_size, found.status.st_mtime_ns)
    return (now.st_size, now.st_mtime_ns) != before or bytes_read != found.status.st_size


def unfit(found: FoundFile, reason: str, why: str, remedy: str) -> UnfitFile:
    """A file that turned out unfit only when it was read."""
    return UnfitFile(found.path, found.name, found.place, reason, why, remedy)


def _look(
    candidate: _Candidate, largest: int, own: tuple[int, int] | None
) -> Iterator[FoundFile | UnfitFile]:
    try:
        status = os.lstat(candidate.leaf, dir_fd=candidate.folder)
    except OSError as problem:
        yield candidate.unreadable(problem)
        return
    if not stat.S_ISDIR(status.st_mode):
        yield _open(candidate, status, largest)
    elif candidate.depth > _DEEPEST:
        yield candidate.unfit(
            "unreadable", f"lies more than {_DEEPEST} folders deep", "Give it by its own path"
        )
    else:
        yield from _walk(candidate, largest, own)


def _walk(top: _Candidate, largest: int, own: tuple[int, int] | None) -> Iterator[FoundFile | UnfitFile]:
    try:
        folder = os.open(top.leaf, _OPEN | os.O_DIRECTORY, dir_fd=top.folder)
    except OSError as problem:
        yield top.unreadable(problem)
        return
    try:
        if _identity(os.fstat(folder)) == own:
            remedy = "Name the folders that hold the videos"
            yield top.unfit("own_workspace", "is the workspace itself", remedy, counts=top.named)
            return
        leaves = sorted(os.listdir(folder), key=os.fsencode)  # noqa: PTH208 - a Path has no descriptor
        for leaf in leaves:
            yield from _look(top.within(folder, leaf), largest, own)
    finally:
        os.close(folder)


def _open(candidate: _Candidate, status: os.stat_result, largest: int) -> FoundFile | UnfitFile:
    if unfit_file := _unfit_by_status(candidate, status, largest):
        return unfit_file
    try:
        descriptor = _open_quietly(candidate)
    except OSError as problem:
        return candidate.unreadable(problem)
    try:
        result = _examine_opened(candidate, descriptor, status)
    except OSError as problem:
        result = candidate.unreadable(problem)
    if isinstance(result, UnfitFile):
        os.close(descriptor)
    return result


def _examine_opened(candidate: _Candidate, descriptor: int, listed: os.stat_result) -> FoundFile | UnfitFile:
    opened = os.fstat(descriptor)
    if _identity(opened) != _identity(listed) or not stat.S_ISREG(opened.st_mode):
        return candidate.unfit("changing", "was replaced at this moment", "Run the same command again")
    seen = glance(os.pread(descriptor, HEAD_SIZE, 0), candidate.name)
    if seen.keep:
        place = place_of(candidate.path)
        return FoundFile(candidate.path, candidate.name, place, descriptor, opened)
    why = f"is {seen.what}, neither video nor sound"
    counts = candidate.named or seen.calls_itself_media
    remedy = "Give the video or sound file itself" if counts else "Nothing to do if it is no evidence"
    return candidate.unfit("not_media", why, remedy, counts=counts)


def _unfit_by_status(candidate: _Candidate, status: os.stat_result, largest: int) -> UnfitFile | None:
    for is_kind, reason, why, remedy in _KINDS:
        if is_kind(status.st_mode):
            return candidate.unfit(reason, why, remedy)
    if status.st_size == 0:
        return candidate.unfit("empty", "is empty (0 bytes)", "Copy it anew from where it came from")
    if status.st_size > largest:
        why = f"has {status.st_size} bytes, more than the {largest} that are allowed"
        return candidate.unfit("too_large", why, "Allow more with --largest, if it truly is a video")
    return None


def _open_quietly(candidate: _Candidate) -> int:
    """Open without a trace: reading evidence should not change its time of last access."""
    try:
        return os.open(candidate.leaf, _OPEN | os.O_NOATIME, dir_fd=candidate.folder)
    except PermissionError:  # only the owner may ask for that
        return os.open(candidate.leaf, _OPEN, dir_fd=candidate.folder)


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino

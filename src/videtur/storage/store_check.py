"""Whether every file of an object store is what its key says, without any record to compare with."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha512

from videtur.errors import StorageFailed
from videtur.storage.derivatives import DERIVATIVES, derivative_key
from videtur.storage.local_disk import digests_of
from videtur.storage.object_store import Digests, ObjectStore
from videtur.storage.ocfl import (
    INVENTORY,
    OBJECT_NAMASTE,
    ORIGINALS,
    SIDECAR,
    content_name,
    inventory_bytes,
    object_folder,
    object_folders,
    root_files,
)

_LONGEST_INVENTORY = 1 << 20


@dataclass(frozen=True, slots=True)
class StoreProblem:
    """A key whose bytes are missing, changed, or explained by nothing."""

    key: str
    what: str
    missing: bool = False
    unexplained: bool = False


@dataclass(slots=True)
class StoreCheck:
    """What was found: problems, and the digests of every object whose bytes were read."""

    problems: list[StoreProblem] = field(default_factory=list[StoreProblem])
    contents: dict[str, Digests] = field(default_factory=dict[str, Digests])
    """Digests by key, of originals and derived files; with sizes alone where nothing was hashed."""
    objects: int = 0


def validate(store: ObjectStore, hashing: bool = True) -> StoreCheck:
    """Check every key of the store. Without `hashing`, contents are only looked up and measured."""
    check = StoreCheck()
    originals: list[str] = []
    for key in store.keys(""):
        if key.startswith(f"{ORIGINALS}/"):
            originals.append(key)
        elif key.startswith(f"{DERIVATIVES}/"):
            _check_derivative(store, key, hashing, check)
        else:
            check.problems.append(_unexplained(key))
    _check_originals(store, originals, hashing, check)
    return check


def _check_derivative(store: ObjectStore, key: str, hashing: bool, check: StoreCheck) -> None:
    name = key.rpartition("/")[2]
    if key != derivative_key(name) or len(name) != 64:
        check.problems.append(_unexplained(key))
        return
    digests = _content(store, key, hashing, check)
    if digests is None:
        return
    check.objects += 1
    if hashing and digests.sha256 != name:
        check.problems.append(StoreProblem(key, "the bytes no longer have the digest of their name"))


def _check_originals(store: ObjectStore, keys: list[str], hashing: bool, check: StoreCheck) -> None:
    if not keys:
        return
    fixed = root_files()
    for key, expected in fixed.items():
        _compare(store, key, expected, check)
    for folder, members in object_folders(keys).items():
        if not folder:
            check.problems.extend(_unexplained(key) for key in members if key not in fixed)
        else:
            _check_object(store, folder, members, hashing, check)


def _check_object(
    store: ObjectStore, folder: str, members: list[str], hashing: bool, check: StoreCheck
) -> None:
    name = folder.rpartition("/")[2].rpartition("%3a")[2]
    if folder != object_folder(name) or len(name) != 64:
        check.problems.extend(_unexplained(key) for key in members)
        return
    check.objects += 1
    prefix = f"{folder}/v1/content/"
    file_names = [key.removeprefix(prefix) for key in members if key.startswith(prefix)]
    plain = [file_name for file_name in file_names if content_name(file_name) == file_name]
    expected = _expected_files(store, folder, name, plain or ["original.bin"])
    for key, data in expected.files.items():
        _compare(store, key, data, check)
    extra = set(members) - set(expected.files) - {expected.content}
    check.problems.extend(_unexplained(key) for key in sorted(extra))
    digests = _content(store, expected.content, hashing, check)
    if hashing and digests is not None and (digests.sha256, digests.sha512) != (name, expected.sha512):
        what = "the bytes no longer have the digests of their name and of their inventory"
        check.problems.append(StoreProblem(expected.content, what))


@dataclass(frozen=True, slots=True)
class _Expected:
    """The files of an object, as they must be."""

    content: str
    sha512: str
    files: Mapping[str, bytes]


def _expected_files(store: ObjectStore, folder: str, name: str, file_names: list[str]) -> _Expected:
    """Write the object's files anew from what its two inventories say; the reading that fits best counts.

    So one changed byte leaves one file that differs, and it is the changed one.
    """
    readings = [_reading(store, f"{folder}/{part}{INVENTORY}") for part in ("", "v1/")]
    candidates = [
        _files(folder, name, file_name, *reading) for file_name in file_names for reading in readings
    ]
    return max(candidates, key=lambda candidate: _agreeing(store, candidate.files))


def _agreeing(store: ObjectStore, files: Mapping[str, bytes]) -> int:
    return sum(_read(store, key) == data for key, data in files.items())


def _reading(store: ObjectStore, key: str) -> tuple[str, datetime]:
    """The SHA-512 and the time that an inventory gives; anything at all where it cannot be read."""
    unreadable = "", datetime(1970, 1, 1, tzinfo=UTC)
    try:
        inventory = json.loads(_read(store, key) or b"")
        digest = str(next(iter(inventory["manifest"])))
        created = datetime.strptime(inventory["versions"]["v1"]["created"], "%Y-%m-%dT%H:%M:%S%z")
    except (ValueError, KeyError, TypeError, StopIteration, AttributeError, RecursionError):
        return unreadable
    return digest, created


def _files(folder: str, name: str, file_name: str, digest: str, created: datetime) -> _Expected:
    inventory = inventory_bytes(Digests(name, digest, 0), file_name, created)
    sidecar = f"{sha512(inventory).hexdigest()} {INVENTORY}\n".encode()
    parts = {INVENTORY: inventory, SIDECAR: sidecar}
    files = {f"{folder}/{part}{each}": data for part in ("", "v1/") for each, data in parts.items()}
    files[f"{folder}/{OBJECT_NAMASTE[0]}"] = OBJECT_NAMASTE[1]
    return _Expected(f"{folder}/v1/content/{file_name}", digest, files)


def _content(store: ObjectStore, key: str, hashing: bool, check: StoreCheck) -> Digests | None:
    try:
        digests = digests_of(store, key) if hashing else Digests("", "", store.size(key))
    except StorageFailed as problem:
        check.problems.append(StoreProblem(key, problem.explain(), missing=True))
        return None
    check.contents[key] = digests
    return digests


def _compare(store: ObjectStore, key: str, expected: bytes, check: StoreCheck) -> None:
    found = _read(store, key)
    if found is None:
        check.problems.append(StoreProblem(key, "the file is missing or cannot be read", missing=True))
    elif found != expected:
        check.problems.append(StoreProblem(key, "the file differs from what belongs here"))


def _read(store: ObjectStore, key: str) -> bytes | None:
    try:
        with store.open(key) as file:
            return file.read(_LONGEST_INVENTORY)
    except (StorageFailed, OSError):
        return None


def _unexplained(key: str) -> StoreProblem:
    return StoreProblem(key, "nothing that Videtur stores has this name", unexplained=True)

"""Originals as OCFL 1.1 objects: readable, and checkable, without this software.

One object for one sequence of bytes, with one version for ever. Its identifier comes from the digest of
the bytes, its place from the storage layout extension 0003. The name under which a file was received is
never part of a path; only a plain extension of it is kept.
"""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256, sha512

from videtur.errors import StorageFailed
from videtur.storage.object_store import Digests, ObjectStore, Staged

ORIGINALS = "originals"
LAYOUT = "0003-hash-and-id-n-tuple-storage-layout"
_ROOT_NAMASTE = ("0=ocfl_1.1", b"ocfl_1.1\n")
OBJECT_NAMASTE = ("0=ocfl_object_1.1", b"ocfl_object_1.1\n")
INVENTORY = "inventory.json"
SIDECAR = "inventory.json.sha512"
_CONTENT = "v1/content/"
_TUPLE_SIZE = 2
_TUPLES = 2
_EXTENSION = re.compile(r"\.([A-Za-z0-9]{1,8})\Z")
_SYSTEM = {"name": "Videtur intake", "address": "urn:videtur:system:intake"}


def root_files() -> dict[str, bytes]:
    """The files that make a folder an OCFL storage root, by key."""
    description = (
        "Each object lies under two folders of two letters from the SHA-256 of its identifier, "
        "in a folder named by its percent-encoded identifier."
    )
    layout = {"extension": LAYOUT, "description": description}
    config = {
        "extensionName": LAYOUT,
        "digestAlgorithm": "sha256",
        "tupleSize": _TUPLE_SIZE,
        "numberOfTuples": _TUPLES,
    }
    return {
        f"{ORIGINALS}/extensions/{LAYOUT}/config.json": _pretty(config),
        f"{ORIGINALS}/ocfl_layout.json": _pretty(layout),
        f"{ORIGINALS}/{_ROOT_NAMASTE[0]}": _ROOT_NAMASTE[1],
    }


def prepare_root(store: ObjectStore) -> None:
    """Make the storage root, once; a root that was left half made is completed."""
    missing = {key: data for key, data in root_files().items() if not store.exists(key)}
    if missing:
        with store.batch() as batch:
            for key, data in missing.items():
                batch.put(key, data)


def object_id(content_sha256: str) -> str:
    """The OCFL identifier of the object that holds these bytes."""
    return f"urn:sha256:{content_sha256}"


def object_folder(content_sha256: str) -> str:
    """Where that object lies in the store (layout extension 0003)."""
    name = object_id(content_sha256)
    digest = sha256(name.encode()).hexdigest()
    tuples = (digest[at : at + _TUPLE_SIZE] for at in range(0, _TUPLES * _TUPLE_SIZE, _TUPLE_SIZE))
    return "/".join((ORIGINALS, *tuples, name.replace(":", "%3a")))


def content_name(file_name: str) -> str:
    """A safe name for an original: `original` and the plain extension of the received name, if it has one."""
    match = _EXTENSION.search(file_name)
    return f"original.{match[1].lower()}" if match else "original.bin"


def write_original(
    store: ObjectStore, staged: Staged, digests: Digests, file_name: str, created: datetime
) -> str:
    """Place staged bytes as an OCFL object and return the key of the content.

    When the object is there already (an interrupted intake, or the same bytes again), it is compared with
    the digests and its key returned; other bytes in its place raise StorageFailed.
    """
    folder = object_folder(digests.sha256)
    name = content_name(file_name)
    inventory = inventory_bytes(digests, name, created)
    sidecar = f"{sha512(inventory).hexdigest()} {INVENTORY}\n".encode()
    prepare_root(store)
    with store.batch() as batch:
        parts = {
            OBJECT_NAMASTE[0]: OBJECT_NAMASTE[1],
            INVENTORY: inventory,
            SIDECAR: sidecar,
            f"v1/{INVENTORY}": inventory,
            f"v1/{SIDECAR}": sidecar,
        }
        files = {key: _staged(batch, data) for key, data in parts.items()}
        files[_CONTENT + name] = staged
        if batch.place_folder(folder, files):
            return f"{folder}/{_CONTENT}{name}"
        return _existing_content(batch, folder, digests)


def inventory_bytes(digests: Digests, name: str, created: datetime) -> bytes:
    """The inventory of an object with one version and one file."""
    path = _CONTENT + name
    return _pretty(
        {
            "id": object_id(digests.sha256),
            "type": "https://ocfl.io/1.1/spec/#inventory",
            "digestAlgorithm": "sha512",
            "head": "v1",
            "contentDirectory": "content",
            "manifest": {digests.sha512: [path]},
            "versions": {
                "v1": {
                    "created": created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                    "message": "As received",
                    "user": _SYSTEM,
                    "state": {digests.sha512: [name]},
                }
            },
            "fixity": {"sha256": {digests.sha256: [path]}},
        }
    )


def _existing_content(store: ObjectStore, folder: str, digests: Digests) -> str:
    key = next(iter(store.keys(f"{folder}/{_CONTENT}")), None)
    if key is None:
        raise StorageFailed(f"{folder} is in the store without its content", remedy="Run: videtur verify")
    with store.open(key) as file:
        hashed = sha256()
        while data := file.read(1 << 20):
            hashed.update(data)
    if hashed.hexdigest() != digests.sha256:
        raise StorageFailed(
            f"{key} no longer holds the bytes it was given", "Its digest differs", "Run: videtur verify"
        )
    return key


def _staged(store: ObjectStore, data: bytes) -> Staged:
    staged = store.stage()
    staged.write(data)
    return staged


def _pretty(value: object) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=True) + "\n").encode("ascii")


def object_folders(keys: Iterable[str]) -> dict[str, list[str]]:
    """Group keys by the object folder they lie in; what lies in none comes under the empty name."""
    depth = 2 + _TUPLES
    folders: dict[str, list[str]] = {}
    for key in keys:
        parts = key.split("/")
        folder = "/".join(parts[:depth]) if len(parts) > depth and parts[1] != "extensions" else ""
        folders.setdefault(folder, []).append(key)
    return folders

"""The seal: a signed list of every file of the workspace outside the object store.

Rows are compared with the ledger and objects with their digests; but a database file also holds bytes that
no row shows, and keys and settings are recorded nowhere. Only a digest of the whole file sees a change there.
This module reads and writes files alone, so that it works when the database no longer opens.
"""

import base64
import binascii
import hashlib
import json
import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from videtur.engines.custody.canonical import canonical_json
from videtur.engines.custody.signing import Signer, Verifier
from videtur.errors import StorageFailed
from videtur.ledger.keys import PRIVATE_KEY, PUBLIC_KEY
from videtur.storage.durable_files import replace_file
from videtur.storage.local_disk import walk_files
from videtur.workspace import CONFIGURATION, Workspace

SEAL = "seal.json"
LOCK = "lock"
_OUR_TEMPORARY = f".{SEAL}."
_COMPANIONS = ("-wal", "-shm", "-journal")
_WORKING_FOLDERS = ("uploads/", "cache/")
_READ = 1 << 20
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class SealedFile:
    """One file as it was when the workspace was sealed."""

    size: int
    sha256: str
    stamp: str
    """Times of change and inode: while these stay, the file need not be read again to seal it."""
    working: bool
    """Whether our own work changes it (databases, uploads, cache); all others are written once."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A file that had changed outside our own work, noticed before work went on over it."""

    path: str
    what: str
    at: str
    sealed_sha256: str = ""
    accepted: str = ""
    """A person's reason to live with it; empty until then."""


@dataclass(frozen=True, slots=True)
class Interruption:
    """Work that ended without a seal (a kill, a power cut), and what the comparison of rows then found."""

    since: str
    found_at: str
    problems: int


@dataclass(frozen=True, slots=True)
class Seal:
    """What is signed."""

    sealed_at: str
    objects: str
    """The object store's folder, which the seal leaves out; empty if it is not in the workspace."""
    ledger_size: int
    ledger_root: str
    files: Mapping[str, SealedFile]
    notices: Sequence[Notice] = ()
    interruptions: Sequence[Interruption] = ()

    def content(self) -> bytes:
        """The bytes that are signed."""
        return canonical_json(
            {
                "v": _FORMAT,
                "sealed_at": self.sealed_at,
                "objects": self.objects,
                "ledger": {"size": self.ledger_size, "root": self.ledger_root},
                "files": {path: asdict(file) for path, file in self.files.items()},
                "notices": [asdict(notice) for notice in self.notices],
                "interruptions": [asdict(interruption) for interruption in self.interruptions],
            }
        )

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> Self:
        """Read it back. Raises KeyError or TypeError when it is not a seal."""
        return cls(
            sealed_at=content["sealed_at"],
            objects=content["objects"],
            ledger_size=content["ledger"]["size"],
            ledger_root=content["ledger"]["root"],
            files={path: SealedFile(**file) for path, file in content["files"].items()},
            notices=tuple(Notice(**notice) for notice in content["notices"]),
            interruptions=tuple(Interruption(**each) for each in content["interruptions"]),
        )


class SealBroken(ValueError):
    """The seal's own file is not what we wrote."""


def write_seal(root: Path, seal: Seal, signer: Signer) -> None:
    """Sign and write, as one durable step."""
    content = seal.content()
    signature = base64.b64encode(signer.sign(content)).decode()
    replace_file(root / SEAL, _file_of(content, signature), mode=0o644)
    for left in root.glob(f"{_OUR_TEMPORARY}*"):  # of a process that was killed here
        left.unlink(missing_ok=True)


def read_seal(root: Path) -> Seal | None:
    """The seal, if there is one and this workspace's key signed it. Raises SealBroken."""
    try:
        data = (root / SEAL).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise SealBroken(f"it cannot be read: {problem.strerror}") from problem
    try:
        whole = json.loads(data)
        content = canonical_json(whole["seal"])
        signature = base64.b64decode(whole["signature"], validate=True)
        seal = Seal.from_content(whole["seal"])
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error, RecursionError) as problem:
        raise SealBroken("it is no longer a seal") from problem
    if data != _file_of(content, base64.b64encode(signature).decode()):
        raise SealBroken("it is not written as we write it")
    if not any(verifier.verify(content, signature) for verifier in _verifiers(root)):
        raise SealBroken("its signature is not by this workspace's key")
    return seal


def _verifiers(root: Path) -> list[Verifier]:
    """The public key from both places where it can be had: if one file is damaged, the seal names it."""
    verifiers: list[Verifier] = []
    for name in (PUBLIC_KEY, PRIVATE_KEY):
        try:
            pem = (root / "keys" / name).read_bytes()
            verifiers.append(Signer.from_pem(pem).verifier if name == PRIVATE_KEY else Verifier.from_pem(pem))
        except (OSError, ValueError):  # named as missing or changed by the comparison with the seal
            continue
    return verifiers


def _file_of(content: bytes, signature: str) -> bytes:
    return b'{"seal":' + content + b',"signature":"' + signature.encode() + b'"}\n'


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the files differ from a seal."""

    changed: Mapping[str, str] = field(default_factory=dict[str, str])
    """Path -> what is wrong, for files that the seal lists."""
    added: Sequence[str] = ()
    """Files that the seal does not list."""


def list_files(root: Path, objects: str) -> dict[str, Path]:
    """Every file that a seal covers, by its path in the workspace."""
    files: dict[str, Path] = {}
    for entry in sorted(root.iterdir()):
        if entry.name in (SEAL, LOCK) or entry.name.startswith(_OUR_TEMPORARY):
            continue
        below = walk_files(entry) if entry.is_dir() and not entry.is_symlink() else [entry]
        for path in below:
            name = _name(path.relative_to(root))
            inside_objects = objects and (name == objects or name.startswith(f"{objects}/"))
            if not inside_objects and not _is_empty_companion(path):
                files[name] = path
    return files


def measure_files(root: Path, workspace: Workspace, before: Seal | None) -> dict[str, SealedFile]:
    """Every file as it is now. Those whose stamp is unchanged are not read again, except databases."""
    measured: dict[str, SealedFile] = {}
    databases = {path.name for path in (workspace.sqlite_path, workspace.jobs_database) if path is not None}
    for name, path in list_files(root, objects_folder(workspace)).items():
        database = name in databases or name.removesuffix("-wal") in databases
        working = database or name.startswith(_WORKING_FOLDERS)
        known = before.files.get(name) if before is not None else None
        if known is not None and not database and known.stamp == stamp_of(path):
            measured[name] = known
        else:
            size, digest = measure(path)
            measured[name] = SealedFile(size, digest, stamp_of(path), working)
    return measured


def compare(root: Path, seal: Seal, working: bool, trusting_stamps: bool = False) -> Comparison:
    """Compare the files with a seal. Without `working`, the files that our own work changes are left out."""
    changed: dict[str, str] = {}
    present = list_files(root, seal.objects)
    for name, sealed in seal.files.items():
        if sealed.working and not working:
            continue
        path = present.get(name)
        if path is None:
            changed[name] = "the file is missing"
            continue
        if trusting_stamps and not sealed.working and stamp_of(path) == sealed.stamp:
            continue
        try:
            same = measure(path) == (sealed.size, sealed.sha256)
        except StorageFailed as problem:
            changed[name] = problem.explain()
            continue
        if not same:
            changed[name] = f"the file differs from the one sealed at {sealed_time(seal)}"
    return Comparison(changed, tuple(name for name in present if name not in seal.files))


def sealed_time(seal: Seal) -> str:
    """When the seal was made, for a message."""
    return seal.sealed_at


def objects_folder(workspace: Workspace) -> str:
    """The object store's folder relative to the workspace; empty when it lies elsewhere."""
    if not workspace.objects.startswith("file:"):
        return ""
    try:
        return _name(Path(os.path.normpath(workspace.object_root)).relative_to(workspace.root))
    except ValueError:
        return ""


def settle(notices: Sequence[Notice], files: Mapping[str, SealedFile]) -> list[Notice]:
    """Leave out notices on files that are again what they were."""
    return [
        notice
        for notice in notices
        if not notice.sealed_sha256
        or notice.path not in files
        or files[notice.path].working
        or files[notice.path].sha256 != notice.sealed_sha256
    ]


def accept(notices: Sequence[Notice], reason: str) -> list[Notice]:
    """The same notices, with a person's reason on each that had none."""
    return [notice if notice.accepted else replace(notice, accepted=reason) for notice in notices]


def measure(path: Path) -> tuple[int, str]:
    """Size and SHA-256 of a file; of a link, those of what it says. Raises StorageFailed."""
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            target = os.fsencode(path.readlink())
            return len(target), hashlib.sha256(b"link to " + target).hexdigest()
        if not stat.S_ISREG(mode):
            return 0, hashlib.sha256(b"special file").hexdigest()
        digest, size = hashlib.sha256(), 0
        with path.open("rb") as file:
            while data := file.read(_READ):
                digest.update(data)
                size += len(data)
    except OSError as problem:
        raise StorageFailed(f"{path} cannot be read", str(problem.strerror)) from problem
    return size, digest.hexdigest()


def stamp_of(path: Path) -> str:
    """What the file system says about a file's last change."""
    try:
        state = path.lstat()
    except OSError:
        return ""
    return f"{state.st_size}:{state.st_mtime_ns}:{state.st_ctime_ns}:{state.st_ino}"


def now() -> str:
    """The present time as seals write it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def is_ours_to_write(name: str) -> bool:
    """Whether a file of that name must not appear behind our back: it would be read as ours."""
    return (
        name == CONFIGURATION
        or name.startswith(("keys/", "checkpoints/"))
        or name.endswith(_COMPANIONS)
        or name.endswith(".db")
    )


def _is_empty_companion(path: Path) -> bool:
    """SQLite's shared memory, and a write-ahead log without content: an open reader leaves them.

    A log that is gone by now counts as empty: the reader that held it removed it when it left.
    """
    if path.name.endswith("-shm"):
        return True
    try:
        return path.name.endswith("-wal") and path.stat().st_size == 0
    except FileNotFoundError:
        return True


def _name(path: Path) -> str:
    return os.fsencode(path).decode("utf-8", "backslashreplace")

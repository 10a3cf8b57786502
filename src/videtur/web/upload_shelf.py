"""Unfinished uploads on disk: what is there survives `kill -9`, and no more is claimed than is there.

One folder an upload, `uploads/<id>/`: `about.json` (who, which case, name, length, how far), and `data`.
The offset in `about.json` is what we answer for: bytes behind it in `data` are a torn write, and are cut
off before the next piece. It moves only after the bytes before it are on the disk.
"""

import fcntl
import json
import os
import re
import secrets
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import new as new_hash
from pathlib import Path
from typing import BinaryIO, Protocol

from videtur.errors import Refused, StorageFailed

COMMIT_EVERY = 8 << 20
"""After so many bytes the offset moves, so that a break loses no more."""
BLOCK = 256 << 10
CHECKSUMS = ("sha256", "sha1", "sha512")
_ID = re.compile(r"[0-9a-f]{32}")


class Source(Protocol):
    """Something to read bytes from: a request."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Upload:
    """One upload as far as it has come."""

    id: str
    user: str
    case: str
    name_hex: str
    """The file name's bytes as sent, in hexadecimal: a name may be anything."""
    length: int
    offset: int
    expires: str
    item: str = ""
    """SHA-256 of what was taken in, once it was."""
    refused: str = ""
    """Why it was not taken in, for a person."""

    @property
    def name(self) -> bytes:
        """The file name as sent."""
        return bytes.fromhex(self.name_hex)

    @property
    def expires_at(self) -> datetime:
        """When an unfinished upload is thrown away."""
        return datetime.fromisoformat(self.expires)

    @property
    def complete(self) -> bool:
        """Whether every byte is there."""
        return self.offset == self.length

    @property
    def settled(self) -> bool:
        """Whether nothing is left to do."""
        return bool(self.item or self.refused)


class ChecksumDiffers(Refused):
    """A piece that does not have the checksum sent with it. None of it was kept."""


class UploadBusy(Refused):
    """Another request is writing to the same upload."""


class Shelf:
    """The folder of unfinished uploads."""

    def __init__(self, root: Path, lifetime: timedelta) -> None:
        self.root = root
        self.lifetime = lifetime

    def create(self, user: str, case: str, name: bytes, length: int) -> Upload:
        """Begin an upload. Raises StorageFailed when there is no room for it."""
        self.root.mkdir(mode=0o700, exist_ok=True)
        if shutil.disk_usage(self.root).free < length:
            raise StorageFailed("There is no room for this upload", remedy="Free some space and try again")
        expires = (datetime.now(UTC) + self.lifetime).replace(microsecond=0).isoformat()
        upload = Upload(secrets.token_hex(16), user, case, name.hex(), length, 0, expires)
        folder = self.root / upload.id
        folder.mkdir(mode=0o700)
        (folder / "data").touch(mode=0o600)
        self.write(upload)
        _sync_folder(self.root)
        return upload

    def find(self, upload_id: str) -> Upload | None:
        """The upload of that id, None if there is none (any more)."""
        if not _ID.fullmatch(upload_id):
            return None
        try:
            return Upload(**json.loads((self.root / upload_id / "about.json").read_text(encoding="ascii")))
        except (FileNotFoundError, ValueError, TypeError):
            # A folder without a readable description was being made or removed when the power went.
            return None

    def write(self, upload: Upload) -> None:
        """Make the upload's description durable."""
        folder = self.root / upload.id
        draft = folder / "about.new"
        with draft.open("w", encoding="ascii") as file:
            json.dump(asdict(upload), file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / "about.json")
        _sync_folder(folder)

    @contextmanager
    def alone(self, upload_id: str) -> Generator[None, None, None]:
        """Nobody else writes to that upload meanwhile; the lock goes with the process. Raises UploadBusy."""
        with (self.root / upload_id / "data").open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UploadBusy("Another request is writing to this upload") from None
            yield

    def append(
        self, upload: Upload, source: Source, limit: int, checksum: tuple[str, bytes] | None = None
    ) -> Upload:
        """Add up to `limit` bytes, and no more than the upload still lacks.

        With a checksum (algorithm, digest) all of it counts or nothing: raises ChecksumDiffers.
        Call it inside `alone`.
        """
        digest = new_hash(checksum[0], usedforsecurity=False) if checksum else None
        left = min(limit, upload.length - upload.offset)
        done = upload.offset
        with (self.root / upload.id / "data").open("r+b") as file:
            file.truncate(done)
            file.seek(done)
            while left and (block := _read(source, min(BLOCK, left))):
                file.write(block)
                left -= len(block)
                done += len(block)
                if digest:
                    digest.update(block)
                elif done - upload.offset >= COMMIT_EVERY:
                    upload = self._commit(file, replace(upload, offset=done))
            if digest and checksum and digest.digest() != checksum[1]:
                file.truncate(upload.offset)
                raise ChecksumDiffers("The piece differs from its checksum", remedy="Send it again")
            return self._commit(file, replace(upload, offset=done))

    def settle(self, upload: Upload) -> None:
        """Remember what became of a complete upload; its bytes, in the store or refused, go."""
        self.write(upload)
        with (self.root / upload.id / "data").open("r+b") as file:
            file.truncate(0)

    def data(self, upload: Upload) -> Path:
        """Where the bytes lie."""
        return self.root / upload.id / "data"

    def discard(self, upload: Upload) -> None:
        """Throw an upload away."""
        folder = self.root / upload.id
        # The description first: what has none is no upload.
        (folder / "about.json").unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)

    def discard_expired(self, now: datetime) -> int:
        """Throw away what waited too long, except complete uploads that were not taken in yet."""
        if not self.root.is_dir():
            return 0
        expired = [
            upload
            for folder in self.root.iterdir()
            if (upload := self.find(folder.name)) and upload.expires_at < now
            if upload.settled or not upload.complete
        ]
        for upload in expired:
            self.discard(upload)
        return len(expired)

    def _commit(self, file: BinaryIO, upload: Upload) -> Upload:
        file.flush()
        os.fsync(file.fileno())
        self.write(upload)
        return upload


def _read(source: Source, size: int) -> bytes:
    """The next bytes; none when the connection broke, so that what came before it is kept."""
    try:
        return source.read(size)
    except OSError:
        return b""


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

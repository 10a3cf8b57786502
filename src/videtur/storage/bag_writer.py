"""BagIt (RFC 8493) written: beside its place under another name, and moved there when it is complete."""

import os
import secrets
import shutil
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256, sha512
from pathlib import Path
from types import TracebackType
from typing import Self

from videtur.errors import StorageFailed, WrongUsage
from videtur.storage.bag_names import PAYLOAD, is_plain_name
from videtur.storage.durable_files import create_file, disk_errors, sync_file, sync_folder, write_all
from videtur.storage.object_store import Digests

TAG_MANIFEST = "tagmanifest-sha256.txt"
_DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_SYNCS_AT_ONCE = 8
_FILE_MODE = 0o644
_PROGRAM_MODE = 0o755


@dataclass(slots=True)
class BagWriter:
    """A new bag. A context manager: what was written is taken away again unless `move_into_place` was called.

    Payload and tag files are added in any order, then `close` writes the manifests, then files that no
    manifest may list (a signature over the tag manifest) are added, then the bag is moved into place.
    """

    destination: Path
    _partial: Path = field(init=False)
    _payload: dict[str, Digests] = field(default_factory=dict[str, Digests])
    _tags: dict[str, Digests] = field(default_factory=dict[str, Digests])
    _unlisted: set[str] = field(default_factory=set[str])

    def __post_init__(self) -> None:
        name = f".{self.destination.name}.{secrets.token_hex(6)}.partial"
        self._partial = self.destination.absolute().parent / name

    def __enter__(self) -> Self:
        self._refuse_existing()
        parent = self._partial.parent
        if not parent.is_dir():
            raise WrongUsage(f"{parent} is not a folder", remedy="Make it first, or choose another place")
        with disk_errors("create", self._partial):
            self._partial.mkdir(mode=0o700)
            (self._partial / PAYLOAD).mkdir()
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._partial.exists():
            shutil.rmtree(self._partial, ignore_errors=True)

    def add(self, path: str, chunks: Iterable[bytes], *, program: bool = False) -> Digests:
        """Write one file; under `data/` it is payload, elsewhere a tag file."""
        digests = self._write(path, chunks, program=program)
        (self._payload if path.startswith(PAYLOAD) else self._tags)[path] = digests
        return digests

    def add_unlisted(self, path: str, data: bytes) -> None:
        """Write a file that stands beside the manifests."""
        self._write(path, [data])
        self._unlisted.add(path)

    def close(self, information: Mapping[str, str]) -> bytes:
        """Write `bagit.txt`, `bag-info.txt` and the manifests; return the bytes of the tag manifest."""
        size = sum(digests.size for digests in self._payload.values())
        fields = {**information, "Payload-Oxum": f"{size}.{len(self._payload)}"}
        self.add("bagit.txt", [_DECLARATION])
        self.add("bag-info.txt", ["".join(f"{key}: {value}\n" for key, value in fields.items()).encode()])
        rows = sorted(self._payload.items())
        self.add("manifest-sha256.txt", (f"{found.sha256}  {path}\n".encode() for path, found in rows))
        self.add("manifest-sha512.txt", (f"{found.sha512}  {path}\n".encode() for path, found in rows))
        lines = [f"{found.sha256}  {path}\n" for path, found in sorted(self._tags.items())]
        tag_manifest = "".join(lines).encode()
        self.add_unlisted(TAG_MANIFEST, tag_manifest)
        return tag_manifest

    def make_durable(self) -> None:
        """Bring every byte and every name to the disk."""
        files = [self._partial / path for path in (*self._payload, *self._tags, *self._unlisted)]
        folders = {self._partial, *(parent for file in files for parent in self._parents(file))}
        with ThreadPoolExecutor(_SYNCS_AT_ONCE) as pool:
            for _ in pool.map(sync_file, files):
                pass
        for folder in sorted(folders, reverse=True):
            sync_folder(folder)

    def move_into_place(self) -> None:
        """Give the complete bag its name. Raises WrongUsage if something has taken the name meanwhile."""
        self._refuse_existing()
        with disk_errors("create", self.destination):
            self._partial.chmod(0o755)
            self._partial.rename(self.destination.absolute())
        sync_folder(self._partial.parent)

    def _parents(self, file: Path) -> list[Path]:
        return [parent for parent in file.parents if parent.is_relative_to(self._partial)]

    def _refuse_existing(self) -> None:
        if os.path.lexists(self.destination):
            raise WrongUsage(f"{self.destination} is there already", remedy="Choose a name that is not taken")

    def _write(self, path: str, chunks: Iterable[bytes], *, program: bool = False) -> Digests:
        if not is_plain_name(path) or path in self._payload or path in self._tags or path in self._unlisted:
            raise StorageFailed(f"{path!r} cannot be the name of a new file in a bag")
        target = self._partial / path
        with disk_errors("create", target.parent):
            target.parent.mkdir(parents=True, exist_ok=True)
        names, proofs, size = sha256(), sha512(), 0
        descriptor = create_file(target)
        try:
            with disk_errors("write", target):
                for chunk in chunks:
                    write_all(descriptor, memoryview(chunk))
                    names.update(chunk)
                    proofs.update(chunk)
                    size += len(chunk)
                os.fchmod(descriptor, _PROGRAM_MODE if program else _FILE_MODE)
        finally:
            os.close(descriptor)
        return Digests(names.hexdigest(), proofs.hexdigest(), size)

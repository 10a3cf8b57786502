"""Files of named arrays for caches: written once, named by their digest, checked as a whole before use.

A header says what the columns are and the SHA-256 of each; the file's name is the SHA-256 of the header. So
a file that was cut short, changed or never finished is told from a good one, and two can never be mixed up.
"""

import hashlib
import json
import mmap
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from videtur.errors import StorageFailed
from videtur.storage.durable_files import create_file, disk_errors, sync_file, sync_folder, write_all

_MAGIC = b"videtur-columns\x01"
_ALIGNED = 64
_LONGEST_HEADER = 1 << 30
SUFFIX = ".columns"
BESIDE = ".beside"
Column = NDArray[np.generic]


class CacheUnusable(StorageFailed):
    """A cache file is not what was once written: it must be made anew, and nothing of it be used."""


@dataclass(frozen=True)
class Columns:
    """What a file holds: what its writer said of it, and its arrays, mapped and read-only."""

    about: Mapping[str, Any]
    arrays: Mapping[str, Column]
    beside: Path | None
    """A file that belongs to it, in a form of somebody else's."""


def write_columns(
    folder: Path,
    about: Mapping[str, object],
    arrays: Mapping[str, Column],
    write_beside: Callable[[Path], None] | None = None,
) -> str:
    """Write a file, durable when the call returns, under the name that is returned.

    `write_beside` writes the file that belongs to it to the path it is given. Raises StorageFailed.
    """
    fresh = folder / f".{os.getpid()}.new"
    fresh_beside = folder / f".{os.getpid()}.new{BESIDE}"
    for left_over in (fresh, fresh_beside):
        left_over.unlink(missing_ok=True)
    header: dict[str, object] = {"about": dict(about), "beside": None}
    if write_beside is not None:
        with disk_errors("write", fresh_beside):
            write_beside(fresh_beside)
        sync_file(fresh_beside)
        header["beside"] = _digest_of_file(fresh_beside)
    listed: list[dict[str, object]] = []
    offset = 0
    for name, array in arrays.items():
        flat = np.ascontiguousarray(array)
        listed.append(
            {
                "name": name,
                "type": np.lib.format.dtype_to_descr(flat.dtype),
                "shape": list(flat.shape),
                "offset": offset,
                "sha256": hashlib.sha256(_bytes_of(flat)).hexdigest(),
            }
        )
        offset = _aligned(offset + flat.nbytes)
    header["columns"] = listed
    text = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
    name = hashlib.sha256(text).hexdigest()
    _write(fresh, text, arrays)
    with disk_errors("write", folder):
        if write_beside is not None:
            fresh_beside.rename(folder / f"{name}{BESIDE}")
        fresh.rename(folder / f"{name}{SUFFIX}")
    sync_folder(folder)
    return name


def read_columns(folder: Path, name: str, *, check: bool = True) -> Columns:
    """Map a file and check every byte of it. Raises CacheUnusable when it is not exactly what was written.

    Without `check` only for a file that this process has itself just written.
    """
    path = folder / f"{name}{SUFFIX}"
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as problem:
        raise _unusable(path, str(problem)) from problem
    start = len(_MAGIC) + 8
    length = int.from_bytes(mapped[len(_MAGIC) : start], "little")
    if mapped[: len(_MAGIC)] != _MAGIC or length > min(_LONGEST_HEADER, len(mapped) - start):
        raise _unusable(path, "it does not begin as such a file does")
    text = mapped[start : start + length]
    if hashlib.sha256(text).hexdigest() != name:
        raise _unusable(path, "its header was changed")
    header = json.loads(text)
    arrays = _arrays(path, mapped, _aligned(start + length), header["columns"], check=check)
    beside = folder / f"{name}{BESIDE}" if header["beside"] else None
    if beside is not None and check:
        try:
            digest = _digest_of_file(beside)
        except OSError as problem:
            raise _unusable(beside, str(problem)) from problem
        if digest != header["beside"]:
            raise _unusable(beside, "its bytes were changed")
    return Columns(header["about"], arrays, beside)


def _arrays(
    path: Path, mapped: mmap.mmap, begin: int, listed: list[dict[str, Any]], *, check: bool
) -> dict[str, Column]:
    arrays: dict[str, Column] = {}
    whole = memoryview(mapped)
    for column in listed:
        dtype: np.dtype[np.generic] = np.lib.format.descr_to_dtype(column["type"])
        shape = tuple(column["shape"])
        first = begin + column["offset"]
        size = dtype.itemsize * int(np.prod(shape, dtype=np.int64))
        part = whole[first : first + size]
        whole_part = len(part) == size
        if not whole_part or (check and hashlib.sha256(part).hexdigest() != column["sha256"]):
            raise _unusable(path, f"its column {column['name']} is not as it was written")
        arrays[column["name"]] = np.frombuffer(part, dtype=dtype).reshape(shape)
    return arrays


def _write(path: Path, header: bytes, arrays: Mapping[str, Column]) -> None:
    descriptor = create_file(path)
    try:
        with disk_errors("write", path):
            written = _MAGIC + len(header).to_bytes(8, "little") + header
            write_all(descriptor, memoryview(_padded(written)))
            for array in arrays.values():
                flat = np.ascontiguousarray(array)
                write_all(descriptor, _bytes_of(flat))
                write_all(descriptor, memoryview(bytes(_aligned(flat.nbytes) - flat.nbytes)))
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _bytes_of(array: Column) -> memoryview:
    return array.reshape(-1).view(np.uint8).data if array.size else memoryview(b"")


def _padded(data: bytes) -> bytes:
    return data + bytes(_aligned(len(data)) - len(data))


def _aligned(size: int) -> int:
    return -(-size // _ALIGNED) * _ALIGNED


def _digest_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unusable(path: Path, why: str) -> CacheUnusable:
    return CacheUnusable(
        f"The cache file {path} cannot be used", why, "Nothing: it is made anew from the records"
    )

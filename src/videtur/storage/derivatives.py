"""Files that a step computed, kept under the digest of their content: the same result is stored once."""

from typing import NamedTuple

from videtur.storage.object_store import ObjectStore, Staged

DERIVATIVES = "derivatives"


class StoredFile(NamedTuple):
    """Where a derived file lies, its SHA-256 (hex) and its size in bytes."""

    key: str
    sha256: str
    size: int


def derivative_key(sha256: str) -> str:
    """The key of derived bytes with this digest."""
    return f"{DERIVATIVES}/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def put_derivative(store: ObjectStore, content: bytes | Staged) -> StoredFile:
    """Place derived bytes, given whole or staged. Durable on return (in a batch: when it ends)."""
    if isinstance(content, bytes):
        with store.stage() as staged:
            staged.write(content)
            return put_derivative(store, staged)
    digests = content.finish()
    key = derivative_key(digests.sha256)
    store.place(content, key)
    return StoredFile(key, digests.sha256, digests.size)

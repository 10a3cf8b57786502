"""The Merkle tree of RFC 6962, section 2.1, kept as the hashes of its complete subtrees.

A complete subtree never changes once it is full, so its hash can be stored for ever: appending
touches O(log n) nodes, and any root or proof is computed from O(log n) of them.
"""

from collections.abc import Callable
from hashlib import sha256

NodeReader = Callable[[int, int], bytes]
"""Gives the hash of the complete subtree at (level, position): 2**level leaves from position << level."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash of a leaf: SHA-256(0x00 || entry), 32 bytes."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node: SHA-256(0x01 || left || right), 32 bytes."""
    return sha256(b"\x01" + left + right).digest()


def nodes_completed_by(index: int, leaf: bytes, read: NodeReader) -> list[tuple[int, int, bytes]]:
    """The (level, position, hash) of every subtree that becomes complete with leaf number `index`.

    The first is the leaf itself (level 0). `read` is asked only for nodes completed earlier.
    """
    nodes = [(0, index, leaf)]
    level, position, digest = 0, index, leaf
    while position & 1:
        digest = node_hash(read(level, position - 1), digest)
        level, position = level + 1, position >> 1
        nodes.append((level, position, digest))
    return nodes


def range_hash(start: int, end: int, read: NodeReader) -> bytes:
    """MTH of the leaves [start, end), where start is a multiple of the largest power of two < end - start.

    (RFC 6962, 2.1.) An empty tree hashes to SHA-256 of nothing.
    """
    size = end - start
    if size == 0:
        return sha256(b"").digest()
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return read(level, start >> level)
    split = start + (1 << ((size - 1).bit_length() - 1))
    return node_hash(range_hash(start, split, read), range_hash(split, end, read))


def root_hash(size: int, read: NodeReader) -> bytes:
    """Root of the tree over the first `size` leaves."""
    return range_hash(0, size, read)

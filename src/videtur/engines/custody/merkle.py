"""The Merkle tree of RFC 6962, section 2.1, kept as the hashes of its complete subtrees.

A complete subtree never changes once it is full, so its hash can be stored for ever: appending
touches O(log n) nodes, and any root or proof is computed from O(log n) of them.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

DIGEST_SIZE = 32

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


def inclusion_proof(index: int, size: int, read: NodeReader) -> list[bytes]:
    """Audit path of leaf `index` in the tree of the first `size` leaves (RFC 6962, 2.1.1), nearest first."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        split = start + (1 << ((end - start - 1).bit_length() - 1))
        if index < split:
            path.append(range_hash(split, end, read))
            end = split
        else:
            path.append(range_hash(start, split, read))
            start = split
    path.reverse()
    return path


def consistency_proof(old: int, new: int, read: NodeReader) -> list[bytes]:
    """Proof that the tree of `new` leaves begins with the tree of `old` leaves (RFC 6962, 2.1.2)."""
    if not 0 < old <= new:
        raise ValueError(f"no consistency proof from {old} to {new} leaves")
    path: list[bytes] = []
    start, end = 0, new
    whole = True
    """Whether the old tree still is a complete tree of its own: the verifier knows its hash."""
    while old != end:
        split = start + (1 << ((end - start - 1).bit_length() - 1))
        if old <= split:
            path.append(range_hash(split, end, read))
            end = split
        else:
            path.append(range_hash(start, split, read))
            start = split
            whole = False
    if not whole:
        path.append(range_hash(start, end, read))
    path.reverse()
    return path


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the path proves that leaf hash `leaf` stands at `index` in the tree with this size and root."""
    if not 0 <= index < size or not _are_digests(leaf, root, *proof):
        return False
    inner = (index ^ (size - 1)).bit_length()
    border = (index >> inner).bit_count()
    if len(proof) != inner + border:
        return False
    digest = _climb(leaf, proof[:inner], index)
    for left in proof[inner:]:
        digest = node_hash(left, digest)
    return digest == root


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the tree (new, new_root) only appends to the tree (old, old_root).

    A proof from the empty tree says nothing and is refused.
    """
    if not 0 < old <= new:
        return False
    if old == new:  # nothing is hashed: the two roots are one
        return not proof and old_root == new_root
    if not _are_digests(old_root, new_root, *proof):
        return False
    level = (old & -old).bit_length() - 1
    # Above `level` the two trees share their left part; a power of two is its own first hash.
    power = old == 1 << level
    if not power and not proof:
        return False
    seed, rest = (old_root, proof) if power else (proof[0], proof[1:])
    index = (old - 1) >> level
    inner = ((old - 1) ^ (new - 1)).bit_length() - level
    if len(rest) != inner + (index >> inner).bit_count():
        return False
    from_old, from_new = seed, seed
    for height, digest in enumerate(rest):
        if height >= inner or index >> height & 1:
            from_old, from_new = node_hash(digest, from_old), node_hash(digest, from_new)
        else:
            from_new = node_hash(from_new, digest)
    return from_old == old_root and from_new == new_root


def _climb(digest: bytes, siblings: Sequence[bytes], index: int) -> bytes:
    for height, sibling in enumerate(siblings):
        digest = node_hash(sibling, digest) if index >> height & 1 else node_hash(digest, sibling)
    return digest


def _are_digests(*values: bytes) -> bool:
    return all(len(value) == DIGEST_SIZE for value in values)

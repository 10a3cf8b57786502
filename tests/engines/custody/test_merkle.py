"""Trees and proofs against the definition of RFC 6962 and against a peer's vectors."""

import base64
import json
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videtur.engines.custody import merkle


def tree_of(entries: list[bytes]) -> bytes:
    """MTH, word for word from section 2.1."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    split = 1 << ((len(entries) - 1).bit_length() - 1)
    return sha256(b"\x01" + tree_of(entries[:split]) + tree_of(entries[split:])).digest()


def path_of(index: int, entries: list[bytes]) -> list[bytes]:
    """PATH, word for word from section 2.1.1."""
    if len(entries) == 1:
        return []
    split = 1 << ((len(entries) - 1).bit_length() - 1)
    if index < split:
        return [*path_of(index, entries[:split]), tree_of(entries[split:])]
    return [*path_of(index - split, entries[split:]), tree_of(entries[:split])]


def subproof_of(old: int, entries: list[bytes], whole: bool) -> list[bytes]:
    """SUBPROOF, word for word from section 2.1.2."""
    if old == len(entries):
        return [] if whole else [tree_of(entries)]
    split = 1 << ((len(entries) - 1).bit_length() - 1)
    if old <= split:
        return [*subproof_of(old, entries[:split], whole), tree_of(entries[split:])]
    return [*subproof_of(old - split, entries[split:], False), tree_of(entries[:split])]


ENTRIES = [f"entry {number}".encode() for number in range(70)]


class Log:
    """A log in memory, grown by the functions under test."""

    def __init__(self, entries: list[bytes]) -> None:
        self.nodes: dict[tuple[int, int], bytes] = {}
        for index, entry in enumerate(entries):
            for level, position, digest in merkle.nodes_completed_by(
                index, merkle.leaf_hash(entry), self.read
            ):
                assert (level, position) not in self.nodes
                self.nodes[level, position] = digest

    def read(self, level: int, position: int) -> bytes:
        return self.nodes[level, position]


LOG = Log(ENTRIES)


@given(st.integers(0, len(ENTRIES)))
def test_root_is_that_of_the_definition(size: int) -> None:
    assert merkle.root_hash(size, LOG.read) == tree_of(ENTRIES[:size])


@given(st.data())
def test_inclusion_path_is_that_of_the_definition_and_verifies(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, len(ENTRIES)))
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(index, size, LOG.read)
    assert proof == path_of(index, ENTRIES[:size])
    leaf, root = merkle.leaf_hash(ENTRIES[index]), tree_of(ENTRIES[:size])
    assert merkle.verify_inclusion(index, size, leaf, proof, root)
    other = data.draw(st.integers(0, len(ENTRIES) - 1).filter(lambda number: number != index))
    assert not merkle.verify_inclusion(other, size, leaf, proof, root)
    assert not merkle.verify_inclusion(index, size, leaf, [*proof, root], root)
    if proof:
        bad = list(proof)
        at = data.draw(st.integers(0, len(bad) - 1))
        bad[at] = sha256(bad[at]).digest()
        assert not merkle.verify_inclusion(index, size, leaf, bad, root)
        assert not merkle.verify_inclusion(index, size, leaf, proof[:-1], root)


@given(st.data())
def test_consistency_proof_is_that_of_the_definition_and_verifies(data: st.DataObject) -> None:
    new = data.draw(st.integers(1, len(ENTRIES)))
    old = data.draw(st.integers(1, new))
    proof = merkle.consistency_proof(old, new, LOG.read)
    assert proof == subproof_of(old, ENTRIES[:new], True)
    before, after = tree_of(ENTRIES[:old]), tree_of(ENTRIES[:new])
    assert merkle.verify_consistency(old, new, before, after, proof)
    assert not merkle.verify_consistency(old, new, sha256(before).digest(), after, proof)
    assert not merkle.verify_consistency(old, new, before, sha256(after).digest(), proof)
    assert not merkle.verify_consistency(old, new, before, after, [*proof, after])
    for at in range(len(proof)):
        bad = list(proof)
        bad[at] = sha256(bad[at]).digest()
        assert not merkle.verify_consistency(old, new, before, after, bad)


def test_every_pair_of_sizes_up_to_64() -> None:
    roots = [tree_of(ENTRIES[:size]) for size in range(65)]
    for new in range(1, 65):
        for old in range(1, new + 1):
            proof = merkle.consistency_proof(old, new, LOG.read)
            assert merkle.verify_consistency(old, new, roots[old], roots[new], proof)


def test_nothing_is_proved_about_or_by_an_empty_tree() -> None:
    root = tree_of(ENTRIES[:3])
    empty = tree_of([])
    assert not merkle.verify_inclusion(0, 0, root, [], root)
    assert not merkle.verify_consistency(0, 3, empty, root, [])
    assert not merkle.verify_consistency(0, 0, empty, empty, [])
    assert not merkle.verify_inclusion(-1, 3, root, [], root)
    with pytest.raises(ValueError, match="no leaf 3"):
        merkle.inclusion_proof(3, 3, LOG.read)
    with pytest.raises(ValueError, match="no consistency proof"):
        merkle.consistency_proof(4, 3, LOG.read)


def test_hashes_have_exactly_32_bytes() -> None:
    leaf = merkle.leaf_hash(ENTRIES[0])
    assert merkle.verify_inclusion(0, 1, leaf, [], leaf)
    assert not merkle.verify_inclusion(0, 1, leaf[:31], [], leaf[:31])
    root = tree_of(ENTRIES[:2])
    proof = merkle.consistency_proof(1, 2, LOG.read)
    assert merkle.verify_consistency(1, 2, leaf, root, proof)
    assert not merkle.verify_consistency(1, 2, leaf, root, [proof[0] + b"x"])
    assert not merkle.verify_consistency(1, 2, leaf[:31], root, proof)


def _bytes(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def _vectors(folder: Path) -> list[tuple[Path, dict[str, object]]]:
    return [(path, json.loads(path.read_bytes())) for path in sorted(folder.rglob("*.json"))]


@pytest.mark.peers
def test_inclusion_vectors(test_data: Path) -> None:
    vectors = _vectors(test_data / "peer-suites" / "rfc6962" / "inclusion")
    assert len(vectors) == 98
    for path, vector in vectors:
        proof: list[str] = vector["proof"] or []  # pyright: ignore[reportAssignmentType] - as the suite has it
        verdict = merkle.verify_inclusion(
            int(str(vector["leafIdx"])),
            int(str(vector["treeSize"])),
            _bytes(str(vector["leafHash"] or "")),
            [_bytes(digest) for digest in proof],
            _bytes(str(vector["root"] or "")),
        )
        assert verdict is not vector["wantErr"], path


@pytest.mark.peers
def test_consistency_vectors(test_data: Path) -> None:
    vectors = _vectors(test_data / "peer-suites" / "rfc6962" / "consistency")
    assert len(vectors) == 98
    for path, vector in vectors:
        proof: list[str] = vector["proof"] or []  # pyright: ignore[reportAssignmentType] - as the suite has it
        verdict = merkle.verify_consistency(
            int(str(vector["size1"])),
            int(str(vector["size2"])),
            _bytes(str(vector["root1"] or "")),
            _bytes(str(vector["root2"] or "")),
            [_bytes(digest) for digest in proof],
        )
        assert verdict is not vector["wantErr"], path

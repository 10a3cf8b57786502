"""Signed notes, checkpoints and offline proofs: what we write opens, and every change of it is refused."""

import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videtur.engines.custody import merkle
from videtur.engines.custody.notes import (
    EntryProof,
    NoteRefused,
    TreeHead,
    open_checkpoint,
    open_note,
    sign_note,
    sign_tree_head,
)
from videtur.engines.custody.signing import Signer, Verifier

SIGNER = Signer.new()
WITNESS = Signer.new()
TEXT = st.text(st.characters(min_codepoint=0x20, exclude_categories=["Cs"]), max_size=40)

# The example note of the C2SP specification, and the key published with it.
EXAMPLE = """\
Ognuno sta solo sul cuor della terra
trafitto da un raggio di sole:

ed è subito sera.

— quasimodo.example/salvatore \
NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=
"""


@given(st.lists(TEXT, min_size=1, max_size=5))
def test_a_note_opens_to_its_text(lines: list[str]) -> None:
    text = "\n".join(lines) + "\n"
    note = sign_note(text, [SIGNER, WITNESS])
    assert open_note(note, [SIGNER.verifier]) == text
    assert open_note(note, [WITNESS.verifier]) == text
    with pytest.raises(NoteRefused, match="no trusted key"):
        open_note(note, [Signer.new().verifier])


@given(st.binary(min_size=32, max_size=32), st.integers(0, 2**63 - 1))
def test_a_checkpoint_opens_to_its_tree_head(root: bytes, size: int) -> None:
    head = TreeHead(SIGNER.name, size, root)
    assert open_checkpoint(sign_tree_head(head, [SIGNER]), [SIGNER.verifier]) == head


def test_every_flipped_bit_of_a_checkpoint_is_refused() -> None:
    note = sign_tree_head(TreeHead(SIGNER.name, 7, sha256(b"root").digest()), [SIGNER]).encode()
    for at in range(len(note)):
        for bit in range(8):
            changed = bytearray(note)
            changed[at] ^= 1 << bit
            with pytest.raises((NoteRefused, UnicodeDecodeError)):
                open_checkpoint(changed.decode(), [SIGNER.verifier])


def test_a_wrong_signature_of_a_known_key_spoils_the_note() -> None:
    good = sign_note("text\n", [SIGNER, WITNESS])
    wrong = (
        good.splitlines(keepends=True)[:-1] + sign_note("other\n", [WITNESS]).splitlines(keepends=True)[-1:]
    )
    assert open_note("".join(wrong), [SIGNER.verifier]) == "text\n"
    with pytest.raises(NoteRefused, match="is wrong"):
        open_note("".join(wrong), [SIGNER.verifier, WITNESS.verifier])


@pytest.mark.parametrize(
    "text",
    ["x\n", "x\n1\n", "x\n01\nAAAA\n", "x\n-1\nAAAA\n", "x\n1\nAAAA\n", "\n1\nAAAA\n", "x\n1\nAAAA\n\n", ""],
)
def test_what_is_no_tree_head_is_refused(text: str) -> None:
    with pytest.raises(NoteRefused):
        TreeHead.from_text(text)


def test_the_example_of_the_specification_is_read() -> None:
    with pytest.raises(NoteRefused, match="no trusted key"):
        open_note(EXAMPLE, [SIGNER.verifier])
    with pytest.raises(NoteRefused, match="signature line"):
        open_note(EXAMPLE.replace("— ", "- "), [SIGNER.verifier])


@given(st.data())
def test_a_proof_file_round_trips_and_verifies(data: st.DataObject) -> None:
    leaves = [merkle.leaf_hash(bytes([number])) for number in range(data.draw(st.integers(1, 20)))]
    nodes: dict[tuple[int, int], bytes] = {}

    def read(level: int, position: int) -> bytes:
        return nodes[level, position]

    for number, leaf in enumerate(leaves):
        for level, position, digest in merkle.nodes_completed_by(number, leaf, read):
            nodes[level, position] = digest
    index = data.draw(st.integers(0, len(leaves) - 1))
    head = TreeHead(SIGNER.name, len(leaves), merkle.root_hash(len(leaves), read))
    path = tuple(merkle.inclusion_proof(index, len(leaves), read))
    proof = EntryProof(index, path, sign_tree_head(head, [SIGNER]))
    assert EntryProof.from_text(proof.text()) == proof
    assert proof.verify(leaves[index], [SIGNER.verifier]) == head
    with pytest.raises(NoteRefused, match="the entry is not"):
        proof.verify(merkle.leaf_hash(b"another"), [SIGNER.verifier])


def test_extra_data_of_a_proof_is_passed_over() -> None:
    note = sign_tree_head(TreeHead(SIGNER.name, 1, merkle.leaf_hash(b"a")), [SIGNER])
    text = EntryProof(0, (), note).text().replace("index 0", "extra AAAA\nindex 0")
    assert EntryProof.from_text(text).verify(merkle.leaf_hash(b"a"), [SIGNER.verifier]).size == 1


def test_keys_round_trip() -> None:
    verifier = SIGNER.verifier
    assert Verifier.from_text(verifier.as_text()) == verifier
    assert Verifier.from_pem(verifier.as_pem()) == verifier
    assert Signer.from_pem(SIGNER.as_pem()).verifier == verifier
    for damaged in (b"", b"-----BEGIN PRIVATE KEY-----\n", SIGNER.as_pem()):
        with pytest.raises(ValueError, match=r"."):
            Verifier.from_pem(damaged)
    with pytest.raises(ValueError, match="verifier key"):
        Verifier.from_text(verifier.as_text().replace("+", "+0", 1))


def test_openssl_verifies_what_we_sign(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("no openssl on this machine")
    (tmp_path / "key.pem").write_bytes(SIGNER.verifier.as_pem())
    (tmp_path / "text").write_bytes(b"text\n")
    (tmp_path / "signature").write_bytes(SIGNER.sign(b"text\n"))
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-rawin", "-inkey", "key.pem"]
    done = subprocess.run([*command, "-in", "text", "-sigfile", "signature"], cwd=tmp_path, check=False)
    assert done.returncode == 0

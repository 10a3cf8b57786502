"""Signed notes (C2SP signed-note), checkpoints (tlog-checkpoint) and offline proofs (tlog-proof).

All three are text that a person can read and that other tools for transparency logs verify.
"""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from videtur.engines.custody.merkle import DIGEST_SIZE, verify_inclusion
from videtur.engines.custody.signing import Signer, Verifier

_DASH = "\N{EM DASH} "
_MOST_SIGNATURES = 64
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
_PROOF_HEADER = "c2sp.org/tlog-proof@v1"


class NoteRefused(ValueError):
    """The text is not what it must be, or no trusted key signed it."""


def sign_note(text: str, signers: Sequence[Signer]) -> str:
    """The text, which must end in a newline, with a signature line of each signer."""
    _check_text(text)
    lines = [_signature_line(signer, text) for signer in signers]
    return f"{text}\n{''.join(lines)}"


def open_note(note: str, verifiers: Sequence[Verifier]) -> str:
    """The note's text, once at least one of the verifiers signed it and none of their signatures is wrong.

    Signatures of unknown keys are passed over. Raises NoteRefused.
    """
    text, signatures = _split(note)
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    signed = False
    for name, key_id, signature in signatures:
        verifier = known.get((name, key_id))
        if verifier is None:
            continue
        if not verifier.verify(text.encode(), signature):
            raise NoteRefused(f"the signature of {name} is wrong")
        signed = True
    if not signed:
        raise NoteRefused("no trusted key signed this note")
    return text


def _signature_line(signer: Signer, text: str) -> str:
    content = signer.verifier.key_id + signer.sign(text.encode())
    return f"{_DASH}{signer.name} {base64.b64encode(content).decode()}\n"


def _split(note: str) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    head, separator, tail = note.rpartition("\n\n")
    if not separator or not tail.endswith("\n"):
        raise NoteRefused("a note needs a text, an empty line and signatures")
    text = head + "\n"
    _check_text(text)
    lines = tail[:-1].split("\n")
    if len(lines) > _MOST_SIGNATURES:
        raise NoteRefused(f"more than {_MOST_SIGNATURES} signatures")
    return text, [_parse_signature(line) for line in lines]


def _parse_signature(line: str) -> tuple[str, bytes, bytes]:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not name or "+" in name or re.search(r"\s", name):
        raise NoteRefused(f"this is no signature line: {line!r}")
    content = _from_base64(encoded)
    if len(content) < 5:
        raise NoteRefused("a signature is too short")
    return name, content[:4], content[4:]


def _check_text(text: str) -> None:
    if not text.endswith("\n"):
        raise NoteRefused("the text of a note ends in a newline")
    if any(ord(letter) < 0x20 and letter != "\n" for letter in text):
        raise NoteRefused("a note holds no control characters")


def _from_base64(text: str) -> bytes:
    try:
        content = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as problem:
        raise NoteRefused(f"this is not base64: {text!r}") from problem
    if base64.b64encode(content).decode() != text:  # a second spelling of the same bytes
        raise NoteRefused(f"this is not canonical base64: {text!r}")
    return content


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise NoteRefused(f"this is no number: {text!r}")
    return int(text)


@dataclass(frozen=True, slots=True)
class TreeHead:
    """What a checkpoint states: whose tree, how many leaves, which root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read the text of a checkpoint; extension lines are allowed and ignored. Raises NoteRefused."""
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop() or not all(lines):
            raise NoteRefused("a checkpoint needs an origin, a size and a root")
        root = _from_base64(lines[2])
        if len(root) != DIGEST_SIZE:
            raise NoteRefused("the root of a checkpoint has 32 bytes")
        return cls(lines[0], _number(lines[1]), root)


def sign_tree_head(head: TreeHead, signers: Sequence[Signer]) -> str:
    """A checkpoint."""
    return sign_note(head.text(), signers)


def open_checkpoint(note: str, verifiers: Sequence[Verifier]) -> TreeHead:
    """The tree head of a checkpoint that one of the verifiers signed. Raises NoteRefused."""
    return TreeHead.from_text(open_note(note, verifiers))


@dataclass(frozen=True, slots=True)
class EntryProof:
    """Everything needed to check, offline, that an entry is in the ledger (a `.tlog-proof` file)."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: str

    def text(self) -> str:
        """The file's content."""
        path = "".join(f"{base64.b64encode(digest).decode()}\n" for digest in self.path)
        return f"{_PROOF_HEADER}\nindex {self.index}\n{path}\n{self.checkpoint}"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read a proof. The optional extra line, which nobody signs, is passed over. Raises NoteRefused."""
        head, separator, checkpoint = text.partition("\n\n")
        lines = head.split("\n")
        if not separator or lines.pop(0) != _PROOF_HEADER:
            raise NoteRefused(f"a proof begins with {_PROOF_HEADER}")
        if lines and lines[0].startswith("extra "):
            _from_base64(lines.pop(0).removeprefix("extra "))
        if not lines or not lines[0].startswith("index "):
            raise NoteRefused("a proof names the index of its entry")
        index = _number(lines.pop(0).removeprefix("index "))
        return cls(index, tuple(_from_base64(line) for line in lines), checkpoint)

    def verify(self, leaf: bytes, verifiers: Sequence[Verifier]) -> TreeHead:
        """The signed tree head that holds the leaf hash at this index. Raises NoteRefused."""
        head = open_checkpoint(self.checkpoint, verifiers)
        if not verify_inclusion(self.index, head.size, leaf, self.path, head.root):
            raise NoteRefused(f"the entry is not number {self.index} of the tree with {head.size} entries")
        return head

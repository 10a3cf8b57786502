"""Proofs out of the ledger, for a package or a witness."""

from videtur.engines.custody import merkle
from videtur.engines.custody.notes import EntryProof
from videtur.ledger.models import Checkpoint
from videtur.ledger.services import read_node


def inclusion_proof(index: int, size: int) -> list[bytes]:
    """Audit path of entry `index` in the tree of the first `size` entries. ValueError if it is not in it."""
    return merkle.inclusion_proof(index, size, read_node)


def consistency_proof(old: int, new: int) -> list[bytes]:
    """Proof that the ledger at size `new` continues the ledger at size `old`. ValueError if it cannot."""
    return merkle.consistency_proof(old, new, read_node)


def entry_proof(index: int, checkpoint: Checkpoint) -> EntryProof:
    """The offline proof of one entry under a signed checkpoint; its `.text()` is a `.tlog-proof` file."""
    return EntryProof(index, tuple(inclusion_proof(index, checkpoint.size)), checkpoint.note)

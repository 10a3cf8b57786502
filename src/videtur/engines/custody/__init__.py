"""Custody: digests, canonical records, Merkle tree, signed checkpoints."""

"""Hashes of a film as the index keeps them, and all the ways in which a query asks with its own.

A hash is the signs of the coefficients of a cosine transform, so the hash of the mirrored, turned or
negative picture follows from it without the picture. The index keeps each picture once.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.fingerprint import PictureFingerprint
from videtur.engines.copies.hashing import HASH_BYTES
from videtur.engines.copies.spread import spread

HASH_BITS = HASH_BYTES * 8
_SIDE = 16
_THINNED_BITS = 12
_LEAST_DETAIL = 12
_MOST_PLAIN = 48
_MOST_TURNED = 4
_ODD = np.arange(1, _SIDE + 1) % 2 == 1
Hashes = NDArray[np.uint8]


@dataclass(frozen=True)
class Asked:
    """Hashes to ask with, and for each the picture of the query that it comes from."""

    hashes: Hashes
    moments: NDArray[np.int64]


def thinned(fingerprint: PictureFingerprint) -> Hashes:
    """Hashes with and without borders, less those that are flat or hardly differ from the one before."""
    views = [fingerprint.hashes] + ([fingerprint.trimmed_hashes] if fingerprint.trimmed else [])
    kept: list[Hashes] = []
    for hashes in views:
        last: Hashes | None = None
        for bits in hashes[fingerprint.detail >= _LEAST_DETAIL]:
            if last is None or int(np.bitwise_count(bits ^ last).sum()) > _THINNED_BITS:
                kept.append(bits)
                last = bits
    return np.stack(kept) if kept else np.zeros((0, HASH_BYTES), dtype=np.uint8)


def asked(fingerprint: PictureFingerprint) -> Asked:
    """Plain and mirrored for moments spread over the film; turned and negative for a few of them."""
    known = thinned(fingerprint)
    plain, few = (np.array(spread(len(known), most), dtype=np.int64) for most in (_MOST_PLAIN, _MOST_TURNED))
    bits = np.unpackbits(known, axis=1).reshape(-1, _SIDE, _SIDE).astype(bool)
    views: list[NDArray[np.bool_]] = []
    moments: list[NDArray[np.int64]] = []
    for transposed in (False, True):
        for upturned in (False, True):
            for mirrored in (False, True):
                for negative in (False, True):
                    common = not (transposed or upturned or negative)
                    chosen = plain if common else few
                    seen = bits[chosen].transpose(0, 2, 1) if transposed else bits[chosen]
                    turn = (_ODD[:, None] & upturned) ^ (_ODD[None, :] & mirrored) ^ negative
                    views.append(seen ^ turn)
                    moments.append(chosen)
    packed = np.packbits(np.concatenate(views).reshape(-1, HASH_BITS), axis=1)
    return Asked(packed, np.concatenate(moments))

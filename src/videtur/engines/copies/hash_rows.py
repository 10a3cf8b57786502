"""Rows of hashes to look near ones up in: every row below a million, above it the rows of the nearest lists.

Distances are those of the full hashes either way: only which rows are looked at differs.
"""

from pathlib import Path
from typing import Any, cast

import faiss
import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.hash_views import HASH_BITS, Hashes

EXACT_ROWS = 1_000_000
_LISTS_PER_ROOT = 4
_PROBED_LISTS = 128
_NEAREST = 160
_SAMPLED = 150_000
_ROUNDS = 3
_AT_ONCE = 1 << 18
Ints = NDArray[np.int64]


def nearest_exact(asked: Hashes, rows: Hashes) -> tuple[Ints, Ints]:
    """Distances and rows of the nearest of all, nearest first: (asked, some) each."""
    return _knn(asked, rows, min(_NEAREST, len(rows)))


class ListedRows:
    """Rows in lists of what lies together: an index of FAISS, that can stay in its file and be mapped."""

    def __init__(self, index: Any) -> None:
        self._index = index
        index.nprobe = min(_PROBED_LISTS, index.nlist)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def nearest(self, asked: Hashes) -> tuple[Ints, Ints]:
        """As `nearest_exact`, in the lists nearest to what is asked; row -1 where they hold too few."""
        bits, rows = self._index.search(np.ascontiguousarray(asked), _NEAREST)
        return np.asarray(bits, dtype=np.int64), np.asarray(rows, dtype=np.int64)

    @classmethod
    def build(cls, rows: Hashes) -> "ListedRows":
        """Put rows into lists; the draw is fixed, so the same rows always make the same lists."""
        centres = _centres(rows)
        quantiser = faiss.IndexBinaryFlat(HASH_BITS)
        quantiser.add(centres)
        index = faiss.IndexBinaryIVF(quantiser, HASH_BITS, len(centres))
        index.is_trained = True
        for first in range(0, len(rows), _AT_ONCE):
            index.add(np.ascontiguousarray(rows[first : first + _AT_ONCE]))
        return cls(index)

    def write(self, path: Path) -> None:
        """Write the lists to a file."""
        faiss.write_index_binary(self._index, str(path))

    @classmethod
    def mapped(cls, path: Path) -> "ListedRows":
        """Map the lists of a file. FAISS checks nothing: its bytes must have been checked before."""
        return cls(faiss.read_index_binary(str(path), faiss.IO_FLAG_MMAP))


def _centres(rows: Hashes) -> Hashes:
    """Rows drawn from among them, each then moved to the majority of those nearest to it."""
    draw = np.random.default_rng(8)
    lists = max(1, int(_LISTS_PER_ROOT * np.sqrt(len(rows))))
    taken = draw.permutation(len(rows))[: max(lists, _SAMPLED)]
    sample = np.ascontiguousarray(rows[np.sort(taken)])
    centres = sample[draw.permutation(len(sample))[:lists]]
    for _ in range(_ROUNDS):
        _, nearest = _knn(sample, centres, 1)
        order = np.argsort(nearest[:, 0], kind="stable")
        own = nearest[order, 0]
        edges = np.flatnonzero(np.diff(own, prepend=-1))
        set_bits = np.add.reduceat(np.unpackbits(sample[order], axis=1).astype(np.int32), edges, axis=0)
        members = np.diff(np.append(edges, len(own)))
        centres[own[edges]] = np.packbits(2 * set_bits > members[:, None], axis=1)
    return np.unique(centres, axis=0)


def _knn(asked: Hashes, rows: Hashes, count: int) -> tuple[Ints, Ints]:
    # Its stub leaves open what it returns.
    bits, places = cast("Any", faiss).knn_hamming(
        np.ascontiguousarray(asked), np.ascontiguousarray(rows), count, variant="hc"
    )
    return np.asarray(bits, dtype=np.int64), np.asarray(places, dtype=np.int64)

"""How far boxes lie over one another, many at once."""

import numpy as np
from numpy.typing import NDArray

from videtur.engines.redaction.detectors import Boxes

Floats32 = NDArray[np.float32]


def overlaps(ours: Boxes, theirs: Boxes) -> Floats32:
    """Intersection over union, 0 to 1, of each of ours with each of theirs: [ours, theirs]."""
    one, two = ours[:, None, :4], theirs[None, :, :4]
    sides = np.clip(np.minimum(one[..., 2:], two[..., 2:]) - np.maximum(one[..., :2], two[..., :2]), 0, None)
    shared = sides[..., 0] * sides[..., 1]
    whole = areas(ours)[:, None] + areas(theirs)[None] - shared
    return (shared / np.maximum(whole, 1e-6)).astype(np.float32)


def areas(boxes: Boxes) -> Floats32:
    """In square pixels."""
    return ((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])).astype(np.float32)


def pairs(likeness: Floats32, least: float) -> list[tuple[int, int]]:
    """Rows and columns paired off, the most alike first, each once, none below `least`."""
    rows, columns = np.nonzero(likeness >= least)
    order = np.argsort(-likeness[rows, columns], kind="stable")
    taken_rows: set[int] = set()
    taken_columns: set[int] = set()
    found: list[tuple[int, int]] = []
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if row not in taken_rows and column not in taken_columns:
            taken_rows.add(row)
            taken_columns.add(column)
            found.append((row, column))
    return found


def one_of_each(boxes: Boxes, same: float) -> Boxes:
    """Of boxes that overlap by more than `same` (intersection over union), the best alone; best first."""
    ordered = boxes[np.argsort(-boxes[:, 4], kind="stable")]
    over = overlaps(ordered, ordered) > same
    kept: list[int] = []
    for at in range(len(ordered)):
        if not over[at, kept].any():
            kept.append(at)
    return ordered[kept]

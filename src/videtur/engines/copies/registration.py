"""Where the picture of one film lies in the picture of the other: candidate maps, to be judged by motion.

A map is a 3x3 matrix between pictures in parts of their width and height (0..1), from source to target.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.film import Film, Points
from videtur.engines.copies.hashing import distances, mirrored

NEAR_BITS = 92
"""Two unrelated 256-bit hashes differ in 128 bits, give or take 8; beyond this nothing is worth a look."""
_LEAST_DETAIL = 12
_LEAST_INLIERS = 10
_SOURCE_STILLS = 6
_TARGET_STILLS = 14
MIRROR = np.array([[-1.0, 0, 1], [0, 1, 0], [0, 0, 1]])

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Registration:
    """A candidate map, how it was proposed, and how strong the proposal is (0..1)."""

    matrix: Matrix
    mirror: bool
    by: str
    strength: float


@dataclass(frozen=True)
class HashSupport:
    """Distances between the usable hashes of two films under one way of looking at both."""

    bits: NDArray[np.uint16]
    source_seconds: NDArray[np.float64]
    target_seconds: NDArray[np.float64]
    registration: Registration


def hash_registrations(source: Film, target: Film) -> list[HashSupport]:
    """Maps proposed by hashes: whole or trimmed picture of each side, plain or mirrored; nearest first."""
    mine, other = source.fingerprint, target.fingerprint
    mine_good, other_good = mine.detail >= _LEAST_DETAIL, other.detail >= _LEAST_DETAIL
    if not mine_good.any() or not other_good.any():
        return []
    mine_views = [(mine.hashes, (0.0, 0.0, 1.0, 1.0))]
    if mine.trimmed:
        mine_views.append((mine.trimmed_hashes, _parts(mine.content, mine.size)))
    other_views = [(other.hashes, (0.0, 0.0, 1.0, 1.0))]
    if other.trimmed:
        other_views.append((other.trimmed_hashes, _parts(other.content, other.size)))
    found: list[HashSupport] = []
    for mine_hashes, mine_box in mine_views:
        for other_hashes, other_box in other_views:
            for flip in (False, True):
                hashes = mine_hashes[mine_good]
                bits = distances(mirrored(hashes) if flip else hashes, other_hashes[other_good])
                nearest = int(bits.min())
                if nearest > NEAR_BITS:
                    continue
                registration = Registration(
                    _box_to_box(mine_box, other_box, flip=flip), flip, "hash", 1 - nearest / 128
                )
                found.append(
                    HashSupport(
                        bits, source.hash_seconds[mine_good], target.hash_seconds[other_good], registration
                    )
                )
    return sorted(found, key=lambda support: -support.registration.strength)


def point_registrations(source: Film, target: Film) -> list[tuple[Registration, float, float]]:
    """Maps proposed by points matched between stills, with the seconds of the two stills; best first."""
    found: list[tuple[Registration, float, float]] = []
    target_points = _spread(target.points, _TARGET_STILLS)
    for flip in (False, True):
        for mine in _spread(source.mirrored_points if flip else source.points, _SOURCE_STILLS):
            for other in target_points:
                fitted = _fit(mine, other)
                if fitted is None:
                    continue
                matrix, inliers = fitted
                matrix = matrix @ MIRROR if flip else matrix
                registration = Registration(matrix, flip, "points", min(1.0, inliers / 60))
                found.append((registration, mine.seconds, other.seconds))
    return sorted(found, key=lambda entry: -entry[0].strength)


def _spread(points: tuple[Points, ...], most: int) -> list[Points]:
    usable = [entry for entry in points if len(entry.words) >= _LEAST_INLIERS]
    if len(usable) <= most:
        return usable
    return [usable[int(index)] for index in np.linspace(0, len(usable) - 1, most)]


def _fit(mine: Points, other: Points) -> tuple[Matrix, int] | None:
    likeness = mine.words @ other.words.T
    best = likeness.argmax(axis=1)
    back = likeness.argmax(axis=0)
    two = np.partition(likeness, -2, axis=1)[:, -2:]
    # Lowe's ratio, on distances of unit vectors.
    far, near = np.sqrt(np.maximum(2 - 2 * two[:, 0], 0)), np.sqrt(np.maximum(2 - 2 * two[:, 1], 0))
    good = np.flatnonzero((back[best] == np.arange(len(best))) & (near < 0.85 * far))
    if len(good) < _LEAST_INLIERS:
        return None
    cv2.setRNGSeed(1)
    fitted, inliers = cv2.findHomography(
        mine.places[good], other.places[best[good]], cv2.USAC_MAGSAC, 0.012, maxIters=400
    )
    count = int(np.sum(inliers))
    matrix = np.asarray(fitted, dtype=np.float64)
    # With no solution the matrix is None, whatever the stub says; then it has no two dimensions.
    if count < _LEAST_INLIERS or matrix.ndim != 2 or not _plausible(matrix):
        return None
    return matrix, count


def _plausible(matrix: NDArray[np.float64]) -> bool:
    corners = cv2.perspectiveTransform(np.array([[[0, 0], [1, 0], [1, 1], [0, 1]]], np.float32), matrix)[0]
    edges = np.roll(corners, -1, axis=0) - corners
    turned = np.roll(edges, -1, axis=0)
    crosses = edges[:, 0] * turned[:, 1] - edges[:, 1] * turned[:, 0]
    lengths = np.hypot(edges[:, 0], edges[:, 1])
    return bool((crosses > 0.02).all() and lengths.min() > 0.15 and lengths.max() < 8)


def _parts(box: tuple[int, int, int, int], size: tuple[int, int]) -> tuple[float, float, float, float]:
    return box[0] / size[0], box[1] / size[1], box[2] / size[0], box[3] / size[1]


def _box_to_box(
    source: tuple[float, float, float, float], target: tuple[float, float, float, float], *, flip: bool
) -> Matrix:
    scale_x = (target[2] - target[0]) / (source[2] - source[0])
    scale_y = (target[3] - target[1]) / (source[3] - source[1])
    matrix = np.array(
        [
            [scale_x, 0, target[0] - scale_x * source[0]],
            [0, scale_y, target[1] - scale_y * source[1]],
            [0, 0, 1],
        ]
    )
    if not flip:
        return matrix
    # Mirror inside the source's own box first.
    about = np.array([[-1.0, 0, source[0] + source[2]], [0, 1, 0], [0, 0, 1]])
    return matrix @ about

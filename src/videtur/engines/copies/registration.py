"""Where the picture of one film lies in the picture of the other: candidate maps, to be judged by motion.

A map is a 3x3 matrix between pictures in parts of their width and height (0..1), from source to target.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.film import Film, Points
from videtur.engines.copies.hashing import distances, mirrored
from videtur.engines.copies.spread import spread

NEAR_BITS = 92
"""Two unrelated 256-bit hashes differ in 128 bits, give or take 8; beyond this nothing is worth a look."""
_LEAST_DETAIL = 12
_LEAST_INLIERS = 7
_WORTH_PERSPECTIVE = 14
_REACH = 0.012
"""How far off a matched point may lie, in parts of the picture."""
_SOURCE_STILLS = 5
_TARGET_STILLS = 3
_VOTERS = 100
"""So many of a still's points, the strongest, say which stills of the other film are tried."""
_PLAINLY = 0.5
"""A map as strong as this was found by no chance: then the mirrored picture need not be tried."""
_SAME_PLACE = 0.05
MIRROR = np.array([[-1.0, 0, 1], [0, 1, 0], [0, 0, 1]])

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Registration:
    """A candidate map, how it was proposed, and how strong the proposal is (0..1)."""

    matrix: Matrix
    mirror: bool
    by: str
    strength: float
    negative: bool = False
    """Whether the source is taken as its negative."""


@dataclass(frozen=True)
class HashSupport:
    """Distances between the usable hashes of two films under one way of looking at both."""

    bits: NDArray[np.uint16]
    source_seconds: NDArray[np.float64]
    target_seconds: NDArray[np.float64]
    registration: Registration


@dataclass(frozen=True)
class Proposal:
    """A map that was tried, and the seconds of both films that proposed it."""

    registration: Registration
    source: float
    target: float


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


def point_registrations(
    source: Film, target: Film, stills: tuple[int, int] = (_SOURCE_STILLS, _TARGET_STILLS)
) -> list[tuple[Registration, float, float]]:
    """Maps proposed by points matched between stills, with the seconds of the two stills; best first.

    So many stills of the source are tried, each with so many of the target. Maps that say nearly the same are
    given once.
    """
    found: list[tuple[Registration, float, float]] = []
    shown = _shown(source, stills[0])
    target_points = [entry for entry in target.points if len(entry.words) >= _LEAST_INLIERS]
    if not target_points:
        return []
    everything = np.concatenate([entry.words for entry in target_points])
    owners = np.repeat(np.arange(len(target_points)), [len(entry.words) for entry in target_points])
    for flip in (False, True):
        if flip and any(entry[0].strength >= _PLAINLY for entry in found):
            break
        for mine in (entry.mirrored() if flip else entry for entry in shown):
            nearest = owners[(mine.words[:_VOTERS] @ everything.T).argmax(axis=1)]
            votes = np.bincount(nearest, minlength=len(target_points))
            for place in np.argsort(-votes, kind="stable")[: stills[1]]:
                other = target_points[int(place)]
                fitted = _fit(mine, other)
                if fitted is None:
                    continue
                matrix, inliers = fitted
                matrix = matrix @ MIRROR if flip else matrix
                registration = Registration(matrix, flip, "points", min(1.0, inliers / 60))
                found.append((registration, mine.seconds, other.seconds))
    return _different(sorted(found, key=lambda entry: -entry[0].strength))


def _different(
    found: list[tuple[Registration, float, float]],
) -> list[tuple[Registration, float, float]]:
    kept: list[tuple[Registration, float, float]] = []
    corners = np.array([[[0.0, 0], [1, 0], [1, 1], [0, 1]]])
    places: list[Matrix] = []
    for entry in found:
        place = np.asarray(cv2.perspectiveTransform(corners, entry[0].matrix)[0], dtype=np.float64)
        size = max(0.2, float(np.ptp(place, axis=0).max()))
        if all(float(np.abs(place - other).max()) > _SAME_PLACE * size for other in places):
            kept.append(entry)
            places.append(place)
    return kept


def _shown(film: Film, most: int) -> list[Points]:
    """Points of stills spread over the film; the others are not looked at unless these show nothing."""
    count = len(film.fingerprint.stills)
    for chosen in (spread(count, most), range(count)):
        usable = [film.points_of(number) for number in chosen]
        usable = [points for points in usable if len(points.words) >= _LEAST_INLIERS]
        if usable:
            return [usable[number] for number in spread(len(usable), most)]
    return []


def matched_places(mine: Points, other: Points, matrix: Matrix, reach: float) -> Matrix:
    """Matched points that agree with a map (up to a mirror): rows of x, y in `mine` and x, y in `other`."""
    found: list[Matrix] = []
    for points in (mine, mine.mirrored()):
        good, best = _matched(points, other)
        if not len(good):
            continue
        here = mine.places[good].astype(np.float64)
        there = other.places[best[good]].astype(np.float64)
        moved = cv2.perspectiveTransform(here[None], matrix)[0]
        near = np.abs(moved - there).max(axis=1) < reach
        found.append(np.hstack([here[near], there[near]]))
    return max(found, key=len, default=np.zeros((0, 4)))


def _matched(mine: Points, other: Points) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Numbers of the points with a mutual and clear nearest one, and the nearest of every point."""
    none = np.zeros(0, dtype=np.intp)
    if min(len(mine.words), len(other.words)) < 3:
        return none, none
    likeness = mine.words @ other.words.T
    best = likeness.argmax(axis=1)
    back = likeness.argmax(axis=0)
    rows = np.arange(len(best))
    first = likeness[rows, best].copy()
    likeness[rows, best] = -1
    # Lowe's ratio, on distances of unit vectors.
    far, near = (np.sqrt(np.maximum(2 - 2 * value, 0)) for value in (likeness.max(axis=1), first))
    return np.flatnonzero((back[best] == rows) & (near < 0.85 * far)), best


def _fit(mine: Points, other: Points) -> tuple[Matrix, int] | None:
    good, best = _matched(mine, other)
    if len(good) < _LEAST_INLIERS:
        return None
    here, there = mine.places[good], other.places[best[good]]
    cv2.setRNGSeed(1)
    plain, on_it = cv2.estimateAffine2D(
        here, there, method=cv2.RANSAC, ransacReprojThreshold=_REACH, maxIters=1500, confidence=0.995
    )
    count = int(np.sum(on_it))
    # With no solution the matrix is None, whatever the stub says; then it has no two dimensions.
    affine = np.asarray(plain, dtype=np.float64)
    if affine.ndim != 2 or count < _LEAST_INLIERS:
        return None
    matrix = np.vstack([affine, [0.0, 0, 1]])
    if count >= _WORTH_PERSPECTIVE:
        fitted, inliers = cv2.findHomography(here, there, cv2.RANSAC, _REACH, maxIters=1500, confidence=0.995)
        full = np.asarray(fitted, dtype=np.float64)
        if full.ndim == 2 and int(np.sum(inliers)) > 1.15 * count and _plausible(full):
            return full, int(np.sum(inliers))
    return (matrix, count) if _plausible(matrix) else None


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

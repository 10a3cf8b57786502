"""Pictures rich in points, drawn by seed, and films of them, for tests of the index."""

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.engines.copies.films import fingerprint
from videtur.engines.copies.fingerprint import Fingerprints

Picture = NDArray[np.uint8]


def scene(seed: int, height: int = 180, width: int = 320) -> Picture:
    """Blots of all sizes and some hard edges: like nothing of another seed."""
    draw = np.random.default_rng(seed)
    picture = np.zeros((height, width), np.float32)
    for side in (4, 8, 16, 32, 64):
        blots = draw.normal(0, 1, (side, side * 2)).astype(np.float32)
        picture += cv2.resize(blots, (width, height), interpolation=cv2.INTER_CUBIC) * 40 / np.sqrt(side)
    for _ in range(14):
        left, top = draw.integers(0, width - 30), draw.integers(0, height - 30)
        right, bottom = left + draw.integers(10, 80), top + draw.integers(10, 60)
        picture[top:bottom, left:right] += draw.normal(0, 40)
    return np.clip(picture + 120, 0, 255).astype(np.uint8)


def film_of(pictures: list[Picture]) -> Fingerprints:
    """A film that shows each picture for a second."""
    return Fingerprints(fingerprint([(step / 2, pictures[step // 2]) for step in range(2 * len(pictures))]))


def film(seed: int, pictures: int = 2) -> Fingerprints:
    """A film of drawn scenes."""
    return film_of([scene(1000 * seed + index) for index in range(pictures)])


def inset(picture: Picture, host: Picture, share: float) -> Picture:
    """A picture in a corner of another."""
    small = cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    laid = host.copy()
    laid[8 : 8 + small.shape[0], -small.shape[1] - 8 : -8] = small
    return laid


def tilted(picture: Picture) -> Picture:
    """Filmed off a screen: perspective, washed out, soft."""
    height, width = picture.shape
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = np.array([[30, 22], [width - 14, 8], [width - 34, height - 12], [12, height - 26]], np.float32)
    laid = cv2.warpPerspective(picture, cv2.getPerspectiveTransform(corners, moved), (width, height))
    return (cv2.GaussianBlur(laid, (0, 0), 0.9).astype(np.float32) * 0.7 + 45).astype(np.uint8)


def whole(picture: Picture) -> Picture:
    """An array of its own, row after row."""
    return np.ascontiguousarray(picture)

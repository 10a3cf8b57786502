"""Points found in one still: where they are, how large, which way, and what is around them (RootSIFT).

Both registration and retrieval see pictures through these, and finding them is what costs most: a still is
looked at once. D. Lowe, "Distinctive Image Features from Scale-Invariant Keypoints", IJCV 2004;
R. Arandjelovic and A. Zisserman, "Three things everyone should know to improve object retrieval", CVPR 2012.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

_MOST = 700
_OCTAVE_LAYERS = 3
_CONTRAST = 0.02
"""Half of what is usual: a lawn or a road at dusk has only faint points, and those agree as well."""
_EDGE = 12
_SIGMA = 1.6
AT_A_GLANCE = 0.75
"""The scale at which a film is looked at that is not asked with: insets, a third as wide as what they show,
are mostly in the film that is asked with."""
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class StillPoints:
    """Points of one still of `width` by `height` pixels, in no order."""

    width: int
    height: int
    places: Floats
    """Right and down in pixels, (n, 2)."""
    sizes: Floats
    """Pixels across, (n,)."""
    angles: Floats
    """Degrees, 0 to 360."""
    strengths: Floats
    """Contrast of each point, of a picture from 0 to 1."""
    descriptions: Floats
    """Square roots of shares (RootSIFT), rows of unit length, (n, 128)."""

    def __len__(self) -> int:
        return len(self.sizes)


def points_in(jpeg: bytes, scale: float = 1.0) -> StillPoints:
    """Find points in a still, made smaller by `scale` (0..1) before; none in what is no picture."""
    grey = cv2.imdecode(np.frombuffer(jpeg, dtype=np.uint8), cv2.IMREAD_GRAYSCALE)
    if grey is None:
        return _as_points(1, 1, [], None)
    if scale < 1:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    finder = cv2.SIFT.create(_MOST, _OCTAVE_LAYERS, _CONTRAST, _EDGE, _SIGMA)
    found, described = finder.detectAndCompute(grey, None)
    return _as_points(grey.shape[1], grey.shape[0], found, described if len(found) else None)


def _as_points(width: int, height: int, found: Sequence[cv2.KeyPoint], described: object) -> StillPoints:
    raw = np.array(
        [(point.pt[0], point.pt[1], point.size, point.angle, point.response) for point in found],
        dtype=np.float32,
    ).reshape(-1, 5)
    words = np.zeros((0, 128)) if described is None else described
    words = np.asarray(words, dtype=np.float32)
    rooted = np.sqrt(words / np.maximum(words.sum(axis=1, keepdims=True), 1e-9)).astype(np.float32)
    return StillPoints(width, height, raw[:, :2], raw[:, 2], raw[:, 3], raw[:, 4], rooted)

"""A 256-bit hash of one picture: signs of low-frequency cosine coefficients, as PDQ takes them.

The hash only proposes where to look. Whether two stretches are one recording is decided by motion.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

HASH_BYTES = 32
_SIDE = 64
_KEPT = 16


def _cosines() -> NDArray[np.float32]:
    rows = np.arange(1, _KEPT + 1)[:, None]
    columns = np.arange(_SIDE)[None, :]
    return (np.sqrt(2 / _SIDE) * np.cos(np.pi * rows * (2 * columns + 1) / (2 * _SIDE))).astype(np.float32)


_BASIS = _cosines()

# A mirrored picture has the sign of every coefficient of odd horizontal frequency turned, so its hash
# is known without the picture. Rows and columns count from frequency 1.
_ODD_HORIZONTAL = np.tile(np.arange(1, _KEPT + 1) % 2 == 1, _KEPT)
_MIRROR_MASK = np.packbits(_ODD_HORIZONTAL)


def grey_of(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture in grey, whether it came as grey or as RGB."""
    if image.ndim == 2:
        return image
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def picture_hash(grey: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], int]:
    """Hash a grey picture; return its 32 bytes and its detail, 0 (flat) to 255."""
    small = cv2.resize(grey, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    coefficients = _BASIS @ small @ _BASIS.T
    bits = coefficients > np.median(coefficients)
    steps = np.abs(np.diff(small, axis=0)).mean() + np.abs(np.diff(small, axis=1)).mean()
    return np.packbits(bits.ravel()), int(min(255, round(float(steps) * 8)))


def mirrored(hashes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The hashes that the left-right mirrored pictures would have (nearly: the median is close to 0)."""
    return hashes ^ _MIRROR_MASK


def distances(left: NDArray[np.uint8], right: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """Differing bits of every hash of `left` (n, 32) to every hash of `right` (m, 32), as (n, m)."""
    mine = np.ascontiguousarray(left).view(np.uint64)
    others = np.ascontiguousarray(right).view(np.uint64)
    total = np.zeros((len(mine), len(others)), dtype=np.uint16)
    for word in range(mine.shape[1]):
        total += np.bitwise_count(mine[:, word, None] ^ others[None, :, word])
    return total


def content_box(grey: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is left when flat borders are cut off; the whole if all is flat."""
    rows = np.flatnonzero(np.ptp(grey, axis=1) > _FLAT)
    columns = np.flatnonzero(np.ptp(grey, axis=0) > _FLAT)
    height, width = grey.shape
    if not len(rows) or not len(columns):
        return 0, 0, width, height
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


_FLAT = 24
"""A row or column whose grey values span no more than this is border: bars keep a little coding noise."""

"""Small PNG files for the documentation: 256 colours are enough for a picture of a page."""

import struct
import zlib

import cv2
import numpy as np
from numpy.typing import NDArray

_COLOURS = 256
_STEP = 8
"""Colours closer than this are one before the commonest are counted."""


def reduced(png: bytes, widest: int) -> bytes:
    """The picture, at most `widest` pixels wide, as a PNG with a palette of its commonest colours."""
    decoded = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR_RGB)
    if decoded is None:
        raise ValueError("this is no PNG")
    picture = np.asarray(decoded, np.uint8)
    if picture.shape[1] > widest:
        size = (widest, round(picture.shape[0] * widest / picture.shape[1]))
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    places, palette = _indexed(picture)
    return _png(places, palette)


def _indexed(picture: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    coarse = picture.reshape(-1, 3).astype(np.int32) // _STEP
    keys = (coarse[:, 0] << 10) | (coarse[:, 1] << 5) | coarse[:, 2]
    found, which, counts = np.unique(keys, return_inverse=True, return_counts=True)
    sums = np.zeros((len(found), 3))
    np.add.at(sums, which, picture.reshape(-1, 3))
    means = sums / counts[:, None]
    common = np.argsort(-counts)[:_COLOURS]
    palette = means[common].round().astype(np.uint8)
    distance = ((means[:, None, :] - means[common][None]) ** 2).sum(axis=2)
    nearest = distance.argmin(axis=1).astype(np.uint8)
    return nearest[which].reshape(picture.shape[:2]), palette


def _png(places: NDArray[np.uint8], palette: NDArray[np.uint8]) -> bytes:
    height, width = places.shape
    rows = np.zeros((height, width + 1), np.uint8)  # each row begins with its filter: none
    rows[:, 1:] = places
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = [(b"IHDR", head), (b"PLTE", palette.tobytes()), (b"IDAT", zlib.compress(rows.tobytes(), 9))]
    parts.append((b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )

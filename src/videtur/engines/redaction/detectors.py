"""What detectors have in common: a picture in, boxes with scores out, known by name, version and digest."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Picture: TypeAlias = NDArray[np.uint8]
"""[height, width, 3], RGB, upright."""
Boxes: TypeAlias = NDArray[np.float32]
"""[n, 5]: left, top, right, bottom in pixels of the picture given, score 0 to 1."""


class Detector(Protocol):
    """Finds one kind of thing in one picture. Raises Refused when it fails, and never gives nothing then."""

    @property
    def name(self) -> str:
        """Its plain name, without spaces."""
        ...

    @property
    def version(self) -> str:
        """That of the package or model it came from."""
        ...

    @property
    def sha256(self) -> str:
        """Of the model's file."""
        ...

    def __call__(self, picture: Picture) -> Boxes:
        """All boxes, also doubtful ones."""
        ...


@dataclass(frozen=True, slots=True)
class Detectors:
    """Loaded detectors, given by the caller: the engine never searches for models."""

    faces: Detector
    second: Detector | None = None
    """An independent opinion on faces."""
    text: Detector | None = None

    def __iter__(self) -> Iterator[Detector]:
        """Those that are there."""
        return (each for each in (self.faces, self.second, self.text) if each is not None)

    def described(self) -> tuple[str, ...]:
        """`<name> <version> <sha256>` of each."""
        return tuple(f"{each.name} {each.version} {each.sha256}" for each in self)

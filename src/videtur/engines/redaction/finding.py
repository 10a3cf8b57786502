"""Finding what must not be shown: one streamed pass of detectors over every picture, then the linking.

A plan is made of what comes out. It is never enough by itself: what is unsure is listed for a person.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import BinaryIO, Literal, Protocol

from videtur.engines.media.limits import Limits
from videtur.engines.media.sandbox import DecodingSandbox
from videtur.engines.redaction.detectors import Detectors
from videtur.engines.redaction.plan import PictureFacts, Shot, Track

ENGINE_VERSION = "1"

Persons = Literal["faces", "heads", "bodies"]


@dataclass(frozen=True, slots=True)
class FindRequest:
    """What is looked for."""

    persons: Persons = "heads"
    """How much of a person is masked: the face with a margin, the whole head, or the whole body."""
    text: bool = False
    """Also boxes of writing: names, plates, unit marks, documents, marks of uploaders."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """A stretch of time that a person has to look at, first and last presentation time, and why."""

    start: int
    end: int
    reason: str
    """A code of `UNSURE`."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a plan needs."""

    picture: PictureFacts
    tracks: tuple[Track, ...]
    shots: tuple[Shot, ...]
    detectors: tuple[str, ...]
    """Each as `<name> <version> <sha256>`."""
    unsure: tuple[Unsure, ...]
    frames: int
    """Pictures looked at: all of them."""
    detections: int
    """Boxes the detectors gave, before linking."""
    damage: str | None
    """The first thing that could not be decoded; None when all could."""


class Checkpoint(Protocol):
    """Where boxes are kept as they are found, so that a run that was ended goes on and not from the start."""

    def append(self, record: bytes) -> None:
        """Keep one more record, behind the others."""
        ...

    def records(self) -> Iterator[bytes]:
        """Those kept, in order; one cut off at the end is left out."""
        ...


def _told_nobody(_: Fraction) -> None:
    pass


def find(
    source: BinaryIO,
    sandbox: DecodingSandbox,
    detectors: Detectors,
    request: FindRequest | None = None,
    *,
    limits: Limits | None = None,
    checkpoint: Checkpoint | None = None,
    told: Callable[[Fraction], None] = _told_nobody,
) -> Found:
    """Look at every picture of a film and link what is seen into tracks.

    `told` gets seconds of film done. Raises Refused when there is no picture or a detector fails: never a
    plan that lacks what was not looked at.
    """
    raise NotImplementedError

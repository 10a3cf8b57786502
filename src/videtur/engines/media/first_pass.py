"""One decode of a file, streamed: frames, sound, presentation times, damage."""

from collections.abc import Iterator
from typing import BinaryIO

from videtur.engines.media.events import (
    SOUND_RATE,
    AnalysisFrame,
    Damage,
    PassEnd,
    PassEvent,
    PassRequest,
    PictureStream,
    PresentationTimes,
    ProxyFrame,
    SoundBlock,
    SoundStream,
)
from videtur.engines.media.limits import Limits
from videtur.engines.media.sandbox import DecodingSandbox

__all__ = [
    "SOUND_RATE",
    "AnalysisFrame",
    "Damage",
    "PassEnd",
    "PassEvent",
    "PassRequest",
    "PictureStream",
    "PresentationTimes",
    "ProxyFrame",
    "SoundBlock",
    "SoundStream",
    "decode",
]

ENGINE_VERSION = "1"


def decode(
    source: BinaryIO,
    sandbox: DecodingSandbox,
    request: PassRequest | None = None,
    limits: Limits | None = None,
) -> Iterator[PassEvent]:
    """Decode a file once. The source must have a real file descriptor; it is read from its start.

    Raises Refused when nothing in the file can be decoded. Closing the iterator ends the child.
    """
    raise NotImplementedError

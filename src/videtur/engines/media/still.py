"""One picture of a film, exactly the one shown at a presentation time."""

from typing import BinaryIO

from videtur.engines.media.limits import Limits
from videtur.engines.media.sandbox import DecodingSandbox
from videtur.engines.media.timecode import MediaTime

ENGINE_VERSION = "1"


def still(source: BinaryIO, time: MediaTime, sandbox: DecodingSandbox, limits: Limits | None = None) -> bytes:
    """Return as JPEG, upright and full size, the frame shown at `time`.

    That is the last frame whose presentation time is not after `time`; the first frame before that.
    """
    raise NotImplementedError

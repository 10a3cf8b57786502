"""Every displayed picture of a film with its presentation time, one after the other."""

from collections.abc import Iterator
from typing import BinaryIO

from videtur.engines.media.events import PassEvent
from videtur.engines.media.first_pass import events_of
from videtur.engines.media.limits import Limits
from videtur.engines.media.sandbox import DecodingSandbox

ENGINE_VERSION = "1"
_NO_LIMIT = 1 << 24


def every_frame(
    source: BinaryIO, sandbox: DecodingSandbox, side: int | None = None, limits: Limits | None = None
) -> Iterator[PassEvent]:
    """Decode a film once: an `AnalysisFrame` for every picture, timed as `first_pass.decode` times it.

    Pictures are upright, in square pixels and full size, or with a longest side of `side` pixels, never
    larger than they are. Times come also as `PresentationTimes`: more times than pictures means that some
    could not be converted. The child waits while nobody takes the next picture. Raises Refused when nothing
    can be decoded; closing the iterator ends the child.
    """
    yield from events_of("frames", {"side": side or _NO_LIMIT}, source, sandbox, limits or Limits())

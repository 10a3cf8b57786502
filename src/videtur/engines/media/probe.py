"""What a file says it is, before any of it is decoded."""

from dataclasses import dataclass
from fractions import Fraction
from typing import BinaryIO

from videtur.engines.media.limits import Limits
from videtur.engines.media.sandbox import DecodingSandbox
from videtur.engines.media.timecode import MediaTime

ENGINE_VERSION = "1"


@dataclass(frozen=True, slots=True)
class StreamFacts:
    """One stream as its container declares it."""

    index: int
    kind: str
    """"picture", "sound", "subtitle", "data" or "attachment"."""
    codec: str | None
    profile: str | None
    time_base: Fraction | None
    start: MediaTime | None
    duration: MediaTime | None
    frames: int | None
    bit_rate: int | None
    tags: tuple[tuple[str, str], ...]
    width: int | None = None
    height: int | None = None
    pixel_format: str | None = None
    average_rate: Fraction | None = None
    declared_rate: Fraction | None = None
    sample_aspect: Fraction | None = None
    sample_rate: int | None = None
    channels: int | None = None


@dataclass(frozen=True, slots=True)
class Probe:
    """A file as its container declares it. `width` and `height` are as shown, upright."""

    container: str
    duration: MediaTime | None
    width: int | None
    height: int | None
    rotation: int
    pixel_format: str | None
    picture_codec: str | None
    sound_codec: str | None
    average_rate: Fraction | None
    declared_rate: Fraction | None
    has_picture: bool
    has_sound: bool
    is_still: bool
    streams: tuple[StreamFacts, ...]
    tags: tuple[tuple[str, str], ...]
    encoder_traces: tuple[str, ...]
    damage: tuple[str, ...]
    sandbox_level: str

    def as_json(self) -> dict[str, object]:
        """The form kept in probe.json."""
        raise NotImplementedError


def probe(source: BinaryIO, sandbox: DecodingSandbox, limits: Limits | None = None) -> Probe:
    """Read a file's declarations. Raises Refused, with one clear line, when it is no media we read."""
    raise NotImplementedError

"""What a file says it is, before any of it is decoded."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import BinaryIO, cast

from videtur.engines.media.limits import Limits
from videtur.engines.media.sandbox import DecodingSandbox, answer
from videtur.engines.media.timecode import MediaTime

ENGINE_VERSION = "1"
MICROSECOND = Fraction(1, 1_000_000)


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

    def as_json(self) -> dict[str, object]:
        """The form kept in probe.json."""
        return {
            "index": self.index,
            "kind": self.kind,
            "codec": self.codec,
            "profile": self.profile,
            "time_base": ratio(self.time_base),
            "start": self.start.as_json() if self.start else None,
            "duration": self.duration.as_json() if self.duration else None,
            "frames": self.frames,
            "bit_rate": self.bit_rate,
            "width": self.width,
            "height": self.height,
            "pixel_format": self.pixel_format,
            "average_rate": ratio(self.average_rate),
            "declared_rate": ratio(self.declared_rate),
            "sample_aspect": ratio(self.sample_aspect),
            "sample_rate": self.sample_rate,
            "channels": self.channels,
            "tags": dict(self.tags),
        }


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
    interlaced: bool
    streams: tuple[StreamFacts, ...]
    tags: tuple[tuple[str, str], ...]
    encoder_traces: tuple[str, ...]
    damage: tuple[str, ...]
    sandbox_level: str

    boxes: tuple[tuple[str, int], ...] = ()
    """Top-level boxes of an MP4 or QuickTime file with their sizes, in file order."""
    chapters: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The form kept in probe.json."""
        return {
            "container": self.container,
            "duration": self.duration.as_json() if self.duration else None,
            "duration_seconds": self.duration.seconds if self.duration else None,
            "width": self.width,
            "height": self.height,
            "rotation": self.rotation,
            "pixel_format": self.pixel_format,
            "picture_codec": self.picture_codec,
            "sound_codec": self.sound_codec,
            "average_rate": ratio(self.average_rate),
            "declared_rate": ratio(self.declared_rate),
            "interlaced": self.interlaced,
            "has_picture": self.has_picture,
            "has_sound": self.has_sound,
            "is_still": self.is_still,
            "streams": [stream.as_json() for stream in self.streams],
            "damage": list(self.damage),
            "sandbox": self.sandbox_level,
        }


def ratio(value: Fraction | None) -> list[int] | None:
    """A ratio as JSON keeps it: numerator, denominator."""
    return None if value is None else [value.numerator, value.denominator]


class _Facts:
    """Reads the answer of a child, which is believed in nothing: each value must be of its kind."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values

    def text(self, name: str) -> str | None:
        value = self._values.get(name)
        return value if isinstance(value, str) else None

    def number(self, name: str) -> int | None:
        value = self._values.get(name)
        return value if isinstance(value, int) else None

    def flag(self, name: str) -> bool:
        return self._values.get(name) is True

    def ratio(self, name: str) -> Fraction | None:
        match self._values.get(name):
            case [int(numerator), int(denominator)] if denominator:
                return Fraction(numerator, denominator)
            case _:
                return None

    def list(self, name: str) -> "list[object]":
        value = self._values.get(name)
        return cast("list[object]", value) if isinstance(value, list) else []

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(str(value) for value in self.list(name))

    def tags(self) -> tuple[tuple[str, str], ...]:
        pairs = (cast("list[object]", pair) for pair in self.list("tags") if isinstance(pair, list))
        return tuple((str(pair[0]), str(pair[1])) for pair in pairs if len(pair) == 2)


def _stream(values: Mapping[str, object]) -> StreamFacts:
    facts = _Facts(values)
    base = facts.ratio("time_base")

    def time(name: str) -> MediaTime | None:
        ticks = facts.number(name)
        return None if ticks is None or base is None or base <= 0 else MediaTime(ticks, base)

    return StreamFacts(
        index=facts.number("index") or 0,
        kind=facts.text("kind") or "data",
        codec=facts.text("codec"),
        profile=facts.text("profile"),
        time_base=base,
        start=time("start"),
        duration=time("duration"),
        frames=facts.number("frames"),
        bit_rate=facts.number("bit_rate"),
        tags=facts.tags(),
        width=facts.number("width"),
        height=facts.number("height"),
        pixel_format=facts.text("pixel_format"),
        average_rate=facts.ratio("average_rate"),
        declared_rate=facts.ratio("declared_rate"),
        sample_aspect=facts.ratio("sample_aspect"),
        sample_rate=facts.number("sample_rate"),
        channels=facts.number("channels"),
    )


def probe(source: BinaryIO, sandbox: DecodingSandbox, limits: Limits | None = None) -> Probe:
    """Read a file's declarations. Raises Refused, with one clear line, when it is no media we read.

    One frame is decoded, for the size and turn as shown; nothing else is.
    """
    values, _ = answer(sandbox, "probe", source, {}, limits or Limits())
    facts = _Facts(values)
    duration = facts.number("duration")
    size = facts.list("size")
    width, height = (size[0], size[1]) if len(size) == 2 else (None, None)
    streams = [cast("dict[str, object]", value) for value in facts.list("streams") if isinstance(value, dict)]
    boxes = [cast("list[object]", box) for box in facts.list("boxes") if isinstance(box, list)]
    return Probe(
        container=facts.text("container") or "",
        duration=None if duration is None else MediaTime(duration, MICROSECOND),
        width=width if isinstance(width, int) else None,
        height=height if isinstance(height, int) else None,
        rotation=facts.number("rotation") or 0,
        pixel_format=facts.text("pixel_format"),
        picture_codec=facts.text("picture_codec"),
        sound_codec=facts.text("sound_codec"),
        average_rate=facts.ratio("average_rate"),
        declared_rate=facts.ratio("declared_rate"),
        has_picture=facts.flag("has_picture"),
        has_sound=facts.flag("has_sound"),
        is_still=facts.flag("is_still"),
        interlaced=facts.flag("interlaced"),
        streams=tuple(_stream(value) for value in streams),
        tags=facts.tags(),
        encoder_traces=facts.texts("traces"),
        damage=facts.texts("damage"),
        sandbox_level=sandbox.level,
        boxes=tuple((str(box[0]), int(str(box[1]))) for box in boxes if len(box) == 2),
        chapters=facts.texts("chapters"),
    )

"""One decode of a file, streamed: frames, sound, presentation times, damage."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import BinaryIO, cast

import numpy as np

from videtur.engines.media.child import wire
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
from videtur.engines.media.images import upright
from videtur.engines.media.job import Stalled, plain, read_facts
from videtur.engines.media.limits import Limits
from videtur.engines.media.sandbox import DecodingSandbox, refusal
from videtur.engines.media.timecode import MediaTime
from videtur.errors import Refused

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


class _Stream:
    """Turns the child's messages into events, and keeps count for the last one."""

    def __init__(self) -> None:
        self._sound_base = Fraction(1, SOUND_RATE)
        self._base = Fraction(1, 1000)
        self._orientation = (False, False, False)
        self._frames = 0
        self._first: int | None = None
        self._last: int | None = None
        self._sound_first: int | None = None
        self._sound_end = 0
        self._samples = 0
        self._damage = 0
        self._end: Mapping[str, object] = {}
        self.ended = False
        self.first_damage = ""

    @property
    def empty(self) -> bool:
        return not self._frames and not self._samples

    def events(self, kind: bytes, payload: memoryview) -> Iterator[PassEvent]:
        """The events of one message."""
        if kind == wire.ANALYSIS or kind == wire.PROXY:
            pts, width, height, row = wire.IMAGE.unpack_from(payload)
            time = MediaTime(pts, self._base)
            pixels = payload[wire.IMAGE.size :]
            if kind == wire.PROXY:
                yield ProxyFrame(time, upright(pixels, width, height, row, 1, self._orientation))
            else:
                yield AnalysisFrame(time, upright(pixels, width, height, row, 3, self._orientation))
        elif kind == wire.SAMPLES:
            (pts,) = wire.SOUND.unpack_from(payload)
            samples = np.frombuffer(payload[wire.SOUND.size :], "<i2").astype(np.int16)
            self._sound_first = pts if self._sound_first is None else self._sound_first
            self._samples += len(samples)
            self._sound_end = pts + len(samples)
            yield SoundBlock(MediaTime(pts, self._sound_base), samples)
        elif kind == wire.TIMES:
            times = np.frombuffer(payload, "<i8").astype(np.int64)
            self._first = int(times[0]) if self._first is None else self._first
            self._last = int(times[-1])
            self._frames += len(times)
            yield PresentationTimes(times)
        elif kind == wire.FACTS:
            yield from self._facts(read_facts(payload))

    def _facts(self, values: dict[str, object]) -> Iterator[PassEvent]:
        match values.pop("is", ""):
            case "picture":
                self._base = Fraction(*cast("tuple[int, int]", values["time_base"]))
                self._orientation = cast(
                    "tuple[bool, bool, bool]", tuple(cast("list[bool]", values["orientation"]))
                )
                width, height, rotation = (
                    cast("int", values[name]) for name in ("width", "height", "rotation")
                )
                yield PictureStream(self._base, width, height, rotation)
            case "sound":
                yield SoundStream(self._sound_base)
            case "damage":
                base, pts = values.get("time_base"), values.get("pts")
                known = pts is not None and base is not None
                time = (
                    MediaTime(cast("int", pts), Fraction(*cast("tuple[int, int]", base))) if known else None
                )
                yield self.damage(time, plain(values.get("what", "")))
            case "end":
                self._end = values
                self.ended = True
            case name:
                raise refusal(str(name), values)

    def damage(self, time: MediaTime | None, what: str) -> Damage:
        self._damage += 1
        self.first_damage = self.first_damage or what
        return Damage(time, what)

    def broken_off(self, why: str) -> Damage:
        """The damage to tell of when the child did not come to its end."""
        last = self.last
        return self.damage(last, f"decoding broke off behind this time: {why}")

    @property
    def last(self) -> MediaTime | None:
        if self._last is not None:
            return MediaTime(self._last, self._base)
        return None if self._sound_first is None else MediaTime(self._sound_end, self._sound_base)

    def end(self) -> PassEnd:
        """The last event."""
        sound_first = None if self._sound_first is None else MediaTime(self._sound_first, self._sound_base)
        first = sound_first if self._first is None else MediaTime(self._first, self._base)
        duration: MediaTime | None = None
        if self._first is not None and self._last is not None:
            length = cast("int", self._end.get("last_length", 0))
            duration = MediaTime(self._last - self._first + length, self._base)
        elif self._sound_first is not None:
            duration = MediaTime(self._sound_end - self._sound_first, self._sound_base)
        told = cast("int", self._end.get("damage_count", 0))
        return PassEnd(
            picture_frames=self._frames,
            first=first,
            last=self.last,
            duration=duration,
            sound_samples=self._samples,
            sound_first=sound_first,
            sound_seconds=MediaTime(self._samples, self._sound_base).seconds,
            damage_count=max(self._damage, told),
            times_from_order=bool(self._end.get("times_from_order", False)),
            notes=tuple(plain(note) for note in cast("list[object]", self._end.get("notes", []))),
        )


def decode(
    source: BinaryIO,
    sandbox: DecodingSandbox,
    request: PassRequest | None = None,
    limits: Limits | None = None,
) -> Iterator[PassEvent]:
    """Decode a file once. The source must have a real file descriptor; it is read from its start.

    Raises Refused when nothing in the file can be decoded. Closing the iterator ends the child.
    """
    request, limits = request or PassRequest(), limits or Limits()
    arguments = {
        "analysis_rate": str(request.analysis_rate),
        "analysis_side": request.analysis_side,
        "proxy_rate": str(request.proxy_rate),
        "proxy_side": request.proxy_side,
        "sound": request.sound,
        "picture": request.picture,
    }
    yield from events_of("first pass", arguments, source, sandbox, limits)


def events_of(
    task: str, arguments: Mapping[str, object], source: BinaryIO, sandbox: DecodingSandbox, limits: Limits
) -> Iterator[PassEvent]:
    """The events of a child that reads a file once. Raises Refused when it brings nothing."""
    stream = _Stream()
    with sandbox.job(task, source, arguments, limits) as job:
        why = ""
        try:
            for kind, payload in job.messages():
                yield from stream.events(kind, payload)
        except Stalled:
            why = f"the decoder stood still for {limits.stall_seconds} seconds and was ended"
        except Refused as refused:
            if stream.empty:
                raise
            why = refused.explain()
        if not stream.ended:
            why = why or job.ending().reason
            if stream.empty:
                raise Refused("Nothing in the file could be decoded", why=why)
            yield stream.broken_off(why)
    if stream.empty:
        why = stream.first_damage or "no packet of it gave a picture or sound"
        raise Refused("Nothing in the file could be decoded", why=why)
    yield stream.end()

"""A copy of a film with rectangles covered, made in the sandbox in one decode.

What is covered is a schedule of stretches keyed by presentation time; the sound, if any, is made by the
caller. Nothing else of the film goes into the copy: no tag, chapter, cover, subtitle, data or second stream.
"""

import hashlib
import struct
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import BinaryIO, Protocol, cast

import numpy as np

from videtur.engines.media.child import wire
from videtur.engines.media.child.masks import BLUR, MOSAIC, RECORD, SOLID
from videtur.engines.media.job import Job, Stalled, plain, read_facts
from videtur.engines.media.limits import Limits
from videtur.engines.media.sandbox import DecodingSandbox, refusal, stalled
from videtur.errors import Refused

__all__ = ["BLUR", "MOSAIC", "SOLID", "Copied", "Mask", "SoundTrackFile", "write_masked"]

ENGINE_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Mask:
    """One rectangle from its first to its last presentation time, both included.

    It moves in a straight line, from `one` at `first` to `two` after `span` ticks. Boxes are left, top,
    right, bottom in pixels of the upright picture; every pixel touched is covered.
    """

    first: int
    last: int
    span: int
    track: int
    fill: int
    """SOLID, MOSAIC or BLUR."""
    one: tuple[float, float, float, float]
    two: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class SoundTrackFile:
    """Mono int16 samples in a file: what the copy is to sound like."""

    samples: BinaryIO
    rate: int
    start: int
    """Time of the first sample, in samples, on the clock of the film."""
    count: int


@dataclass(frozen=True, slots=True)
class Copied:
    """What was written. Second t of the copy shows the film's pts with t = (pts - offset) * time_base."""

    time_base: Fraction
    offset: int
    width: int
    """Of the copy: even, so at most one more than the film's."""
    height: int
    frames: int
    times_sha256: str
    """Over the presentation times of the film, each as eight bytes, least first."""
    has_sound: bool
    damage: tuple[str, ...]
    """What of the film could not be decoded, the first few."""


class _Expected(Protocol):
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def frames(self) -> int: ...
    @property
    def times_sha256(self) -> str: ...


@dataclass(slots=True)
class _Heard:
    base: Fraction = Fraction(1, 1000)
    frames: int = 0
    damage: list[str] = field(default_factory=list[str])
    result: dict[str, object] | None = None


def write_masked(
    source: BinaryIO,
    target: int,
    sandbox: DecodingSandbox,
    expected: _Expected,
    masks: Iterable[Mask],
    *,
    sound: SoundTrackFile | None = None,
    seed: str = "",
    limits: Limits | None = None,
    told: Callable[[int], None] = lambda _: None,
) -> Copied:
    """Write a masked MP4 into the descriptor `target`, which the caller throws away if this raises.

    `seed` is for the noise of mosaics. `told` gets presentation times as they are done. Raises Refused when
    the film is not the one expected: another size, another count or other times of its pictures.
    """
    limits = limits or Limits()
    digest, heard = hashlib.sha256(), _Heard()
    with tempfile.TemporaryFile() as given:
        records = _write_schedule(given, masks)
        arguments: dict[str, object] = {
            "records": records,
            "seed": seed,
            "size": [expected.width, expected.height],
            "sound": None if sound is None else _append_sound(given, sound),
        }
        given.flush()
        with sandbox.job("redact", source, arguments, limits, target, given) as job:
            try:
                _listen(job, heard, digest.update, expected.frames, told)
            except Stalled:
                raise stalled(limits) from None
            if heard.result is None or not job.ending().sound:
                raise Refused("The masked copy could not be finished", why=job.ending().reason)
    result = heard.result
    if heard.frames != expected.frames or digest.hexdigest() != expected.times_sha256:
        raise Refused(
            "The presentation times of the pictures are not those of the plan",
            why=f"{heard.frames} pictures were decoded, the plan is for {expected.frames}"
            if heard.frames != expected.frames
            else "the count is the same, the times differ",
            remedy="Make the plan anew from this file",
        )
    offset, width, height = (result.get(name) for name in ("offset", "width", "height"))
    if not (isinstance(offset, int) and isinstance(width, int) and isinstance(height, int)):
        raise Refused("The masked copy could not be finished", why="the encoder's answer makes no sense")
    return Copied(
        time_base=heard.base,
        offset=offset,
        width=width,
        height=height,
        frames=heard.frames,
        times_sha256=digest.hexdigest(),
        has_sound=sound is not None,
        damage=tuple(heard.damage),
    )


_DAMAGE_KEPT = 20


def _listen(
    job: Job,
    heard: _Heard,
    take: Callable[[bytes], None],
    most: int,
    told: Callable[[int], None],
) -> None:
    for kind, payload in job.messages():
        if kind == wire.TIMES:
            times = np.frombuffer(payload, "<i8")
            heard.frames += len(times)
            take(times.tobytes())
            if heard.frames > most:
                return
        elif kind == wire.FACTS:
            _fact(read_facts(payload), heard, told)


def _fact(values: dict[str, object], heard: _Heard, told: Callable[[int], None]) -> None:
    match values.pop("is", ""):
        case "picture":
            top, bottom = cast("tuple[int, int]", values["time_base"])
            heard.base = Fraction(top, bottom)
        case "progress":
            told(int(str(values["pts"])))
        case "damage":
            if len(heard.damage) < _DAMAGE_KEPT:
                heard.damage.append(plain(values.get("what", "")))
        case "end":
            pass
        case "result":
            heard.result = values
        case name:
            raise refusal(str(name), values)


def _write_schedule(given: BinaryIO, masks: Iterable[Mask]) -> int:
    count = 0
    try:
        for mask in sorted(masks, key=lambda each: each.first):
            given.write(
                RECORD.pack(mask.first, mask.last, mask.span, mask.track, mask.fill, *mask.one, *mask.two)
            )
            count += 1
    except (struct.error, OverflowError) as problem:
        raise Refused("A mask of the plan cannot be drawn", why=str(problem)) from problem
    return count


_CHUNK = 1 << 20


def _append_sound(given: BinaryIO, sound: SoundTrackFile) -> dict[str, int]:
    at = given.tell()
    sound.samples.seek(0)
    left = 2 * sound.count
    while left:
        data = sound.samples.read(min(left, _CHUNK))
        if not data:
            raise ValueError("the sound is shorter than it says")
        given.write(data)
        left -= len(data)
    return {"at": at, "rate": sound.rate, "start": sound.start, "samples": sound.count}

"""From a plan to the masked copy: the plan becomes a schedule of masks, the sound is made, both written."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import BinaryIO, Literal

import numpy as np

from videtur.engines.media.child import wire
from videtur.engines.media.job import Stalled, read_facts
from videtur.engines.media.limits import Limits
from videtur.engines.media.masking import BLUR, MOSAIC, SOLID, Copied, Mask, SoundTrackFile, write_masked
from videtur.engines.media.sandbox import DecodingSandbox, refusal, stalled
from videtur.engines.redaction.plan import Fill, RedactionPlan, Track
from videtur.engines.redaction.voice import DISGUISE_RATE, Samples, Stretch, treated

ENGINE_NAME = "videtur-redaction"
ENGINE_VERSION = "1"
KEPT_RATE = 48_000

UnsignedShots = Literal["show", "cover"]
_FILLS: dict[Fill, int] = {"solid": SOLID, "mosaic": MOSAIC, "blur": BLUR}
_EVER = 1 << 62


@dataclass(frozen=True, slots=True)
class Rendered:
    """What was made, for the check and for the record."""

    copied: Copied
    unsigned_shots: UnsignedShots


def masks_of(plan: RedactionPlan, unsigned_shots: UnsignedShots) -> Iterator[Mask]:
    """The schedule of a plan: one stretch between each two key frames of what is masked."""
    fill = _FILLS[plan.fill]
    for number, track in enumerate(plan.tracks):
        if not track.shown:
            yield from _stretches(track, number, fill)
    if unsigned_shots == "cover":
        everything = (0.0, 0.0, float(plan.picture.width), float(plan.picture.height))
        for first, last in uncovered_times(plan):
            yield Mask(first, last, 1, len(plan.tracks), SOLID, everything, everything)


def _stretches(track: Track, number: int, fill: int) -> Iterator[Mask]:
    for at, frame in enumerate(track.key_frames):
        if frame.outside:
            continue
        one = frame.box.corners
        if at + 1 == len(track.key_frames):
            yield Mask(frame.pts, frame.pts, 1, number, fill, one, one)
            continue
        following = track.key_frames[at + 1]
        two = one if following.outside else following.box.corners
        yield Mask(frame.pts, following.pts - 1, following.pts - frame.pts, number, fill, one, two)


def uncovered_times(plan: RedactionPlan) -> Iterator[tuple[int, int]]:
    """First and last presentation time of each stretch that no signed shot answers for."""
    at = -_EVER
    for shot in sorted((each for each in plan.shots if each.signed_by), key=lambda each: each.start):
        if shot.start > at:
            yield at, shot.start - 1
        at = max(at, shot.end)
    yield at, _EVER


def render(
    source: BinaryIO,
    target: int,
    sandbox: DecodingSandbox,
    plan: RedactionPlan,
    *,
    seed: bytes,
    unsigned_shots: UnsignedShots = "show",
    limits: Limits | None = None,
    told: Callable[[Fraction], None] = lambda _: None,
) -> Rendered:
    """Write the masked copy into the descriptor `target`; whatever it holds after an error is thrown away.

    `seed`, at least 16 random bytes, draws noise and disguises; nobody may keep it. `unsigned_shots` says
    whether a shot that nobody signed is shown with its masks, or covered whole (as for release). `told` gets
    seconds of the film done. Raises Refused when the film is not the plan's.
    """
    limits = limits or Limits()
    base = plan.picture.time_base
    with ExitStack() as kept:
        sound = None
        if may_sound(plan):
            spool = kept.enter_context(tempfile.TemporaryFile())
            sound = _sound(source, spool, sandbox, plan, seed, limits)
        copied = write_masked(
            source,
            target,
            sandbox,
            plan.picture,
            masks_of(plan, unsigned_shots),
            sound=sound,
            seed=seed.hex(),
            limits=limits,
            told=lambda pts: told(pts * base),
        )
    return Rendered(copied, unsigned_shots)


def may_sound(plan: RedactionPlan) -> bool:
    """Whether the copy gets a sound stream at all: not where everything is mute."""
    return plan.voice != "mute" or any(each.voice != "mute" for each in plan.sound)


def _sound(
    source: BinaryIO,
    spool: BinaryIO,
    sandbox: DecodingSandbox,
    plan: RedactionPlan,
    seed: bytes,
    limits: Limits,
) -> SoundTrackFile | None:
    disguised = plan.voice == "disguise" or any(each.voice == "disguise" for each in plan.sound)
    rate = DISGUISE_RATE if disguised else KEPT_RATE
    start: int | None = None
    end = 0
    for at, samples in treated(
        _heard(source, sandbox, rate, limits), stretches(plan, rate), plan.voice, seed
    ):
        start = at if start is None else start
        # A gap stays a hole of the file, which reads as silence.
        spool.seek(2 * (at - start))
        spool.write(samples.astype("<i2").tobytes())
        end = at + len(samples)
    spool.flush()
    return None if start is None else SoundTrackFile(spool, rate, start, end - start)


def stretches(plan: RedactionPlan, rate: int) -> tuple[Stretch, ...]:
    """The plan's stretches of sound in samples; what is not kept grows to whole samples."""
    made: list[Stretch] = []
    for each in plan.sound:
        one, two = (each.start * plan.picture.time_base * rate, each.end * plan.picture.time_base * rate)
        kept = each.voice == "keep"
        made.append(
            Stretch(
                ceil(one) if kept else floor(one),
                floor(two) if kept else ceil(two),
                each.voice,
            )
        )
    return tuple(made)


def _heard(
    source: BinaryIO, sandbox: DecodingSandbox, rate: int, limits: Limits
) -> Iterator[tuple[int, Samples]]:
    """Mono sound at a rate, decoded in the sandbox; nothing when the film is silent."""
    arguments: dict[str, object] = {
        "analysis_rate": "1",
        "analysis_side": 16,
        "proxy_rate": "1",
        "proxy_side": 16,
        "picture": False,
        "sound": True,
        "sound_rate": rate,
    }
    ended = False
    with sandbox.job("first pass", source, arguments, limits) as job:
        try:
            for kind, payload in job.messages():
                if kind == wire.SAMPLES:
                    (at,) = wire.SOUND.unpack_from(payload)
                    yield at, np.frombuffer(payload[wire.SOUND.size :], "<i2").astype(np.int16)
                elif kind == wire.FACTS:
                    values = read_facts(payload)
                    name = str(values.pop("is", ""))
                    if name == "refused" and "neither" in str(values.get("what")):
                        ended = True  # a film without sound
                    elif name in ("refused", "failed"):
                        raise refusal(name, values)
                    else:
                        ended = ended or name == "end"
        except Stalled:
            raise stalled(limits) from None
        if not ended:
            raise refusal("failed", {"why": job.ending().reason})

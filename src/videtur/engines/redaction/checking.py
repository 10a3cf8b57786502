"""The masked copy is not believed but checked: decoded again, and held against the plan.

What rides along, every presentation time, every mask pixel by pixel, silence where silence was ordered, and
what detectors still see. One fault is enough: the copy must not leave.
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from typing import BinaryIO, cast

import numpy as np

from videtur.engines.media.events import AnalysisFrame, PassEvent
from videtur.engines.media.first_pass import PassRequest, SoundBlock, decode
from videtur.engines.media.frames import every_frame
from videtur.engines.media.inventory import Inventory, take_inventory
from videtur.engines.media.limits import Limits
from videtur.engines.media.sandbox import DecodingSandbox
from videtur.engines.redaction.cover import shown
from videtur.engines.redaction.faults import CODES, Fault, Faults
from videtur.engines.redaction.finding import Found
from videtur.engines.redaction.picture_check import Pictures
from videtur.engines.redaction.plan import Box, RedactionPlan, Track
from videtur.engines.redaction.rendering import Rendered, stretches
from videtur.errors import VerificationFailed

ENGINE_VERSION = "1"

EXPOSED_SCORE = 0.3
"""From this score of a detector on, what it sees on the copy counts."""
_EXPOSED_SHARE = 0.3
"""So much of it must lie outside of masks: what looks through from under a solid fill is an illusion."""
_TAGS = {
    ("major_brand", "isom"),
    ("minor_version", "512"),
    ("compatible_brands", "isomiso2avc1mp41"),
    ("handler_name", "VideoHandler"),
    ("handler_name", "SoundHandler"),
    ("language", "und"),
    ("vendor_id", "[0][0][0][0]"),
}
"""What every MP4 of this muxer says of itself, and nothing else."""
_CODECS = {"picture": "h264", "sound": "aac"}
_PICTURE_UNITS = {1, 5}
_QUIET = 64
"""Of 32768: what a codec makes of silence stays under it."""
_BLEED_SECONDS = Fraction(1, 5)
"""Sound this near to the edge of an ordered silence may bleed into it through the codec's windows."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found. `done` are the codes that were looked for."""

    faults: tuple[Fault, ...]
    done: tuple[str, ...]
    frames: int
    masks: int
    """Masks verified pixel by pixel: one for each picture that it lies on."""
    unverified: int
    """Masks that could not be: blurred ones, and mosaics that overlap."""
    masked_area: float
    """The mean share of the picture that masks cover, 0 to 1."""
    detectors: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Nothing is wrong."""
        return not self.faults

    def as_json(self) -> dict[str, object]:
        """For the record."""
        return {
            "ok": self.ok,
            "done": list(self.done),
            "frames": self.frames,
            "masks_verified": self.masks,
            "masks_unverified": self.unverified,
            "detectors": list(self.detectors),
            "faults": [
                {"code": each.code, "what": CODES[each.code], "detail": each.detail, "pts": each.pts}
                for each in self.faults
            ],
        }


def check(
    copy: BinaryIO,
    sandbox: DecodingSandbox,
    plan: RedactionPlan,
    rendered: Rendered,
    *,
    look_again: Callable[[BinaryIO], Found] | None = None,
    known_boxes: tuple[str, ...] = (),
    limits: Limits | None = None,
    told: Callable[[Fraction], None] = lambda _: None,
) -> Checked:
    """Hold a masked copy against its plan.

    `look_again` runs the detectors on the copy; without it that is not done, and `done` says so.
    `known_boxes` are what an inventory says of boxes that we put in ourselves. `told` gets seconds of film
    checked. Raises Refused only when the copy cannot be examined at all.
    """
    limits = limits or Limits()
    faults = Faults()
    _carried(take_inventory(copy, sandbox, limits), rendered, known_boxes, faults)
    pictures = Pictures(plan, rendered, faults)
    with _closed(every_frame(copy, sandbox, None, limits)) as events:
        for event in events:
            pictures.take(event)
            if isinstance(event, AnalysisFrame):
                told(event.time.instant)
    pictures.finish()
    done = ["stream", "hidden", "times", "size", "damage", "mask"]
    if rendered.copied.has_sound:
        done.append("silence")
        _silent(copy, sandbox, plan, rendered, limits, faults)
    detectors: tuple[str, ...] = ()
    if look_again is not None:
        done.append("exposed")
        found = look_again(copy)
        detectors = found.detectors
        for _, fault in exposed(found, plan, rendered):
            faults.add(fault.code, fault.detail, fault.pts)
    return Checked(
        tuple(faults.kept),
        tuple(done),
        pictures.frames,
        pictures.masks,
        pictures.unverified,
        pictures.masked_area,
        detectors,
    )


def _closed(events: Iterator[PassEvent]) -> closing[Generator[PassEvent]]:
    """They are generators: leaving early must end the child at once."""
    return closing(cast("Generator[PassEvent]", events))


def _carried(inventory: Inventory, rendered: Rendered, known_boxes: tuple[str, ...], faults: Faults) -> None:
    wanted = ["picture", *(["sound"] if rendered.copied.has_sound else [])]
    if [each.kind for each in inventory.streams] != wanted:
        kinds = ", ".join(each.kind for each in inventory.streams)
        faults.add("stream", f"streams: {kinds}; wanted: {', '.join(wanted)}")
    if inventory.chapters:
        faults.add("stream", f"{inventory.chapters} chapters")
    for tag in (*inventory.tags, *(tag for each in inventory.streams for tag in each.tags)):
        if tag not in _TAGS:
            faults.add("stream", f"the tag {tag[0]}={tag[1]}")
    for each in inventory.streams:
        if each.codec != _CODECS.get(each.kind):
            faults.add("stream", f"a {each.kind} stream of {each.codec}")
        if each.disposition != 1:
            faults.add("stream", f"a {each.kind} stream with another purpose ({each.disposition})")
        if each.kind == "picture" and not set(each.units) <= _PICTURE_UNITS:
            faults.add("stream", f"units of types {list(each.units)} among the pictures")
    for odd in inventory.odd_boxes:
        if odd not in known_boxes:
            faults.add("stream", odd)
    if inventory.media_bytes != sum(each.size for each in inventory.streams):
        faults.add("hidden", f"{inventory.media_bytes} bytes of media hold packets of another sum")


def _silent(
    copy: BinaryIO,
    sandbox: DecodingSandbox,
    plan: RedactionPlan,
    rendered: Rendered,
    limits: Limits,
    faults: Faults,
) -> None:
    rate = 16_000
    offset = round(rendered.copied.offset * rendered.copied.time_base * rate)
    bleed = round(_BLEED_SECONDS * rate)
    ordered = stretches(plan, rate)
    loudest = 0
    with _closed(decode(copy, sandbox, PassRequest(picture=False), limits)) as events:
        for event in events:
            if not isinstance(event, SoundBlock):
                continue
            start = event.time.pts + offset
            quiet = np.full(len(event.samples), plan.voice == "mute")
            for each in ordered:
                quiet[_slice(each.start, each.end, start, len(quiet))] = each.voice == "mute"
            for each in ordered:
                for edge in (each.start, each.end):
                    quiet[_slice(edge - bleed, edge + bleed, start, len(quiet))] = False
            if quiet.any():
                loudest = max(loudest, int(np.abs(event.samples[quiet].astype(np.int32)).max()))
    if loudest > _QUIET:
        faults.add("silence", f"up to {loudest} of 32768 where there should be silence")


def _slice(start: int, end: int, block: int, length: int) -> slice:
    return slice(min(max(start - block, 0), length), min(max(end - block, 0), length))


def exposed(found: Found, plan: RedactionPlan, rendered: Rendered) -> Iterator[tuple[Track, Fault]]:
    """What detectors see on the copy, once for each track: not under a mask, and not decided to be shown."""
    for track in found.tracks:
        for frame in track.key_frames:
            if frame.outside or frame.score is None or frame.score < EXPOSED_SCORE:
                continue
            pts = original_time(frame.pts, found.picture.time_base, rendered)
            if _bare(frame.box, plan.masked_at(pts)) <= _EXPOSED_SHARE or _is_shown(plan, frame.box, pts):
                continue
            yield track, Fault("exposed", f"a {track.kind}, score {frame.score:.2f}", pts)
            break


def original_time(pts: int, base: Fraction, rendered: Rendered) -> int:
    """The time of the film, in its own ticks, that the copy shows at `pts` of `base`."""
    exact = pts * base / rendered.copied.time_base + rendered.copied.offset
    return exact.numerator // exact.denominator


def _bare(box: Box, masks: tuple[Box, ...]) -> float:
    """The share of a box that lies outside of all masks, looked at on a grid of 16 x 16 points."""
    across = box.left + (np.arange(16) + 0.5) / 16 * box.width
    along = box.top + (np.arange(16) + 0.5) / 16 * box.height
    bare = np.ones((16, 16), np.bool_)
    for mask in masks:
        covers = (along >= mask.top) & (along <= mask.bottom)
        bare &= ~(covers[:, None] & ((across >= mask.left) & (across <= mask.right))[None])
    return float(bare.mean())


def _is_shown(plan: RedactionPlan, box: Box, pts: int) -> bool:
    places = (track.box_at(pts) for track in shown(plan))
    return any(place is not None and place.overlap(box) > _EXPOSED_SHARE for place in places)


def must_be_sound(checked: Checked) -> None:
    """Raises VerificationFailed with the first fault, when there is one."""
    if checked.faults:
        first = checked.faults[0]
        raise VerificationFailed(
            "The masked copy failed its check and was thrown away",
            why=f"it has {CODES[first.code]} ({first.detail})",
            remedy="Mend the plan, or make it anew from the file",
        )

"""The redaction plan: what is masked, where and when, who decided it. Made before any pixel is changed.

Places are in pixels of the picture as shown (upright), times in ticks of the picture stream's time base.
A track holds the area to be masked itself, margins included: what the plan says is what is covered.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Literal

import numpy as np

Kind = Literal["face", "head", "person", "text", "tattoo", "unit_mark", "document", "other"]
Fill = Literal["solid", "mosaic", "blur"]
Voice = Literal["mute", "disguise", "keep"]
Decision = Literal["mask", "show"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of the upright picture, left <= right, top <= bottom; may leave the picture."""

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        if not (self.left <= self.right and self.top <= self.bottom):
            raise ValueError(f"a box ends before it begins: {self}")

    @property
    def width(self) -> float:
        """In pixels."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """In pixels."""
        return self.bottom - self.top

    @property
    def area(self) -> float:
        """In square pixels."""
        return self.width * self.height

    def grown(self, sides: float, up: float | None = None, down: float | None = None) -> "Box":
        """Larger by shares of its own width to each side, of its height upwards and downwards."""
        up, down = sides if up is None else up, sides if down is None else down
        across, along = self.width, self.height
        return Box(
            self.left - sides * across,
            self.top - up * along,
            self.right + sides * across,
            self.bottom + down * along,
        )

    def between(self, other: "Box", share: float) -> "Box":
        """The box at `share` (0 to 1) of the way from this one to another."""
        ours, theirs = self.corners, other.corners
        return Box(*(one + (two - one) * share for one, two in zip(ours, theirs, strict=True)))

    def overlap(self, other: "Box") -> float:
        """Intersection over union, 0 to 1."""
        across = min(self.right, other.right) - max(self.left, other.left)
        along = min(self.bottom, other.bottom) - max(self.top, other.top)
        if across <= 0 or along <= 0:
            return 0.0
        return across * along / (self.area + other.area - across * along)

    @property
    def corners(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        return (self.left, self.top, self.right, self.bottom)


@dataclass(frozen=True, slots=True)
class KeyFrame:
    """Where a track's mask lies at one presentation time. Between key frames it moves in a straight line."""

    pts: int
    box: Box
    score: float | None = None
    """The detector's own, 0 to 1; None where the box was drawn, interpolated or extended."""
    outside: bool = False
    """From this time up to the next key frame, nothing is masked (the thing is out of the picture)."""


@dataclass(frozen=True, slots=True)
class Track:
    """One thing through time: masked from its first key frame to its last, both included."""

    id: str
    kind: Kind
    key_frames: tuple[KeyFrame, ...]
    origin: str
    """Who found it: `<detector>@<first 12 of its SHA-256>`, or `person:<name>`."""
    unsure: tuple[str, ...] = ()
    """Why a person has to look: codes of `UNSURE`."""
    decision: Decision = "mask"
    reason: str = ""
    """Why it is shown. Needed for `show`."""
    decided_by: tuple[str, ...] = ()
    """Who decided: one person confirms a mask; to show a person takes two."""

    def __post_init__(self) -> None:
        times = [each.pts for each in self.key_frames]
        if not times or any(two <= one for one, two in pairwise(times)):
            raise ValueError(f"the key frames of track {self.id} are not in order of time")

    @property
    def start(self) -> int:
        """Presentation time of its first key frame."""
        return self.key_frames[0].pts

    @property
    def end(self) -> int:
        """Presentation time of its last key frame, which is still masked."""
        return self.key_frames[-1].pts

    @property
    def shown(self) -> bool:
        """Whether it is left unmasked: two different people have to have said so, and why."""
        return self.decision == "show" and bool(self.reason.strip()) and len(set(self.decided_by)) > 1

    def box_at(self, pts: int) -> Box | None:
        """The area masked at a presentation time; None before, after and outside."""
        if not self.start <= pts <= self.end:
            return None
        at = bisect_right(self.key_frames, pts, key=lambda each: each.pts) - 1
        one = self.key_frames[at]
        if one.outside:
            return None
        if one.pts == pts or at + 1 == len(self.key_frames):
            return one.box
        two = self.key_frames[at + 1]
        if two.outside:
            return one.box
        return one.box.between(two.box, (pts - one.pts) / (two.pts - one.pts))


UNSURE = (
    "weak",  # never found with confidence
    "starts_suddenly",  # begins away from a cut and the picture's edge
    "ends_suddenly",
    "gap",  # not found for long between two ends
    "large_jump",
    "person_without_head",
    "alone",  # one picture only
    "faint",  # seen again and again, but too faintly to be masked
)


@dataclass(frozen=True, slots=True)
class Shot:
    """From one cut to the next: presentation times of its first picture and of the first behind it."""

    start: int
    end: int
    signed_by: str | None = None
    """Who looked at the whole shot and says that nobody is exposed in it."""


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """The picture stream a plan is for. A plan fits no other."""

    width: int
    """As shown, upright."""
    height: int
    time_base: Fraction
    frames: int
    times_sha256: str
    """See `digest_of_times`."""


@dataclass(frozen=True, slots=True)
class SoundSegment:
    """A stretch of sound, in ticks of `PictureFacts.time_base`, and what is done with it."""

    start: int
    end: int
    voice: Voice
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RedactionPlan:
    """All that is masked in one file."""

    input_sha256: str
    picture: PictureFacts
    tracks: tuple[Track, ...]
    shots: tuple[Shot, ...]
    fill: Fill = "solid"
    voice: Voice = "mute"
    """What is done with sound outside of `sound`."""
    sound: tuple[SoundSegment, ...] = ()
    """Where stretches overlap, the later in this order counts."""
    detectors: tuple[str, ...] = ()
    """Each as `<name> <version> <sha256>`: what looked at every picture."""

    def masked_at(self, pts: int) -> tuple[Box, ...]:
        """The areas to cover at a presentation time."""
        boxes = (track.box_at(pts) for track in self.tracks if not track.shown)
        return tuple(box for box in boxes if box is not None)


def digest_of_times(times: Sequence[int]) -> str:
    """SHA-256 over presentation times in order, each as eight bytes, least first: one picture moved shows."""
    return hashlib.sha256(np.asarray(times, "<i8").tobytes()).hexdigest()

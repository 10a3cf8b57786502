"""The pictures of a masked copy, held against its plan one by one: size, times, and every mask."""

import hashlib
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from videtur.engines.media.events import AnalysisFrame, Damage, PassEvent, PictureStream, PresentationTimes
from videtur.engines.redaction.cover import Cover, Rectangle, masked, whole_pixels
from videtur.engines.redaction.faults import Faults
from videtur.engines.redaction.plan import RedactionPlan
from videtur.engines.redaction.rendering import Rendered, uncovered_times

_DARK = 32
"""How far from the fill colour a pixel of a solid mask may be, of 255: the codec's doing."""
_STRAY = 0.01
"""The share of a mask's pixels that may be further from it."""
_EDGE = 3
"""Pixels from a mask's edge that the codec blends with what lies beside."""
_UNEVEN = 40
_CELLS = 4
_GRID = 4
Picture = NDArray[np.uint8]


class Pictures:
    """Takes the pictures of the copy one by one."""

    def __init__(self, plan: RedactionPlan, rendered: Rendered, faults: Faults) -> None:
        self._plan = plan
        self._copied = rendered.copied
        self._faults = faults
        self._cover = Cover(masked(plan))
        self._whole = list(uncovered_times(plan)) if rendered.unsigned_shots == "cover" else []
        self._digest = hashlib.sha256()
        self._base = Fraction(1)
        self.frames = 0
        self.masks = 0
        self.unverified = 0
        self._area = 0.0

    @property
    def masked_area(self) -> float:
        """The mean share of the picture under masks, 0 to 1, on a grid of every fourth pixel."""
        return self._area / max(1, self.frames)

    def take(self, event: PassEvent) -> None:
        """The next event of decoding the copy."""
        match event:
            case PictureStream():
                self._base = event.time_base
                size = (event.width, event.height)
                if size != (self._copied.width, self._copied.height) or event.rotation:
                    self._faults.add("size", f"{size[0]} x {size[1]}, turned by {event.rotation} degrees")
            case PresentationTimes():
                times = [self._original(int(each)) for each in event.pts]
                self.frames += len(times)
                if any(each is None for each in times):
                    self._faults.add("times", "a time that lies between the ticks of the plan")
                self._digest.update(np.asarray([each or 0 for each in times], "<i8").tobytes())
            case AnalysisFrame():
                pts = self._original(event.time.pts)
                if pts is not None:
                    self._look(event.image, pts)
            case Damage():
                self._faults.add("damage", event.what)
            case _:
                pass

    def finish(self) -> None:
        """Behind the last event: hold the times against the plan's."""
        wanted = self._plan.picture
        if self.frames != wanted.frames:
            self._faults.add("times", f"{self.frames} pictures, the plan has {wanted.frames}")
        elif self._digest.hexdigest() != wanted.times_sha256:
            self._faults.add("times", "as many pictures as in the plan, at other times")

    def _original(self, pts: int) -> int | None:
        time = pts * self._base / self._plan.picture.time_base + self._copied.offset
        return time.numerator if time.denominator == 1 else None

    def _look(self, image: Picture, pts: int) -> None:
        height, width = self._plan.picture.height, self._plan.picture.width
        if image.shape[0] < height or image.shape[1] < width:
            return  # told by its size
        if any(first <= pts <= last for first, last in self._whole):
            self._area += 1
            self._solid(image, (0, 0, width, height), "a shot that nobody signed is not covered", pts)
            return
        boxes = [(track.id, whole_pixels(box, width, height)) for track, box in self._cover.at(pts)]
        places = [(name, place) for name, place in boxes if place is not None]
        covered = np.zeros((-(-height // _GRID), -(-width // _GRID)), np.bool_)
        for _, (left, top, right, bottom) in places:
            covered[-(-top // _GRID) : -(-bottom // _GRID), -(-left // _GRID) : -(-right // _GRID)] = True
        self._area += float(covered.mean())
        for number, (name, place) in enumerate(places):
            if self._plan.fill == "solid":
                self._solid(image, place, f"track {name}", pts)
            elif self._plan.fill == "mosaic" and not any(
                _touch(place, other) for at, (_, other) in enumerate(places) if at != number
            ):
                self._even(image, place, f"track {name}", pts)
            else:
                self.unverified += 1

    def _solid(self, image: Picture, place: Rectangle, name: str, pts: int) -> None:
        self.masks += 1
        region = _inside(image, place)
        stray = float((region.max(axis=2) > _DARK).mean())
        if stray > _STRAY:
            self._faults.add("mask", f"{name}: {stray:.0%} of its pixels are not of the fill", pts)

    def _even(self, image: Picture, place: Rectangle, name: str, pts: int) -> None:
        self.masks += 1
        left, top, right, bottom = place
        # The child grows masks to whole chroma samples before it divides them.
        left, top, right, bottom = left & ~1, top & ~1, right + 1 & ~1, bottom + 1 & ~1
        cells = uneven = 0
        for down in range(_CELLS):
            for over in range(_CELLS):
                cell = _inside(
                    image,
                    (
                        left + (right - left) * over // _CELLS,
                        top + (bottom - top) * down // _CELLS,
                        left + (right - left) * (over + 1) // _CELLS,
                        top + (bottom - top) * (down + 1) // _CELLS,
                    ),
                )
                cells += 1
                grey = cell.mean(axis=2)
                uneven += bool(np.percentile(grey, 95) - np.percentile(grey, 5) > _UNEVEN)
        if uneven > cells // 4:
            self._faults.add("mask", f"{name}: {uneven} of {cells} cells of its mosaic are not even", pts)


def _inside(image: Picture, place: Rectangle) -> Picture:
    """A mask without its edge; where nothing would be left, its middle."""
    left, top, right, bottom = place
    height, width = image.shape[:2]
    # At the picture's own edge nothing lies beside it.
    across = (left + _EDGE * (left > 0), right - _EDGE * (right < width))
    along = (top + _EDGE * (top > 0), bottom - _EDGE * (bottom < height))
    if across[0] >= across[1]:
        across = ((left + right) // 2, (left + right) // 2 + 1)
    if along[0] >= along[1]:
        along = ((top + bottom) // 2, (top + bottom) // 2 + 1)
    return image[along[0] : along[1], across[0] : across[1]]


def _touch(one: Rectangle, two: Rectangle) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]

"""What a plan covers at each presentation time, asked for in order of time."""

from collections.abc import Iterator
from math import ceil, floor

from videtur.engines.redaction.plan import Box, RedactionPlan, Track

Rectangle = tuple[int, int, int, int]
"""Left, top, right, bottom in whole pixels; right and bottom are the first not covered."""


class Cover:
    """The masks of a plan, or of some of its tracks, in the order in which a film is shown."""

    def __init__(self, tracks: tuple[Track, ...]) -> None:
        self._waiting = sorted(tracks, key=lambda track: track.start, reverse=True)
        self._active: list[Track] = []

    def at(self, pts: int) -> Iterator[tuple[Track, Box]]:
        """The track and area of each mask at a time; times asked for only grow."""
        while self._waiting and self._waiting[-1].start <= pts:
            self._active.append(self._waiting.pop())
        self._active = [track for track in self._active if track.end >= pts]
        for track in self._active:
            box = track.box_at(pts)
            if box is not None:
                yield track, box


def masked(plan: RedactionPlan) -> tuple[Track, ...]:
    """The tracks that are covered."""
    return tuple(track for track in plan.tracks if not track.shown)


def shown(plan: RedactionPlan) -> tuple[Track, ...]:
    """The tracks that two people decided to show."""
    return tuple(track for track in plan.tracks if track.shown)


def whole_pixels(box: Box, width: int, height: int) -> Rectangle | None:
    """Every pixel of the picture that the box touches; None outside the picture."""
    left, right = floor(min(max(box.left, 0), width)), ceil(max(min(box.right, width), 0))
    top, bottom = floor(min(max(box.top, 0), height)), ceil(max(min(box.bottom, height), 0))
    return (left, top, right, bottom) if left < right and top < bottom else None

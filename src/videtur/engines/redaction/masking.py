"""From a chain of sightings to the area that is masked in every picture: margins, gaps, ends, and doubts."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from videtur.engines.redaction.linking import CLEAR, Chain
from videtur.engines.redaction.plan import Box, KeyFrame
from videtur.engines.redaction.sightings import FOLLOWED, Rows

Persons = Literal["faces", "heads", "bodies"]

_MARGINS = {
    "faces": (0.3, 0.3, 0.3),
    "heads": (0.4, 0.5, 0.3),
    "bodies": (1.6, 0.5, 8.0),
    "text": (0.05, 0.1, 0.1),
}
"""Sides, up, down, in shares of the box found, which runs from the hair line to the chin. A head is a third
wider and a half higher than that; a body some seven heads high (the canon of drawing; none was measured)."""
_NEXT_TO = 0.06
_STEADY = 3
"""Pictures to each side whose boxes hold one another: a detector's box breathes."""
SURE = 0.5
_AGAIN, _OFTEN = 3, 0.4
_LONG, _NEARLY_ALWAYS, _DIM = 8, 0.8, 0.13
_END_GROWTH = 1.2
"""Of its size a second, beyond what was seen."""
_GOES_ON = 1.5
"""Half sizes that a thing may have gone on where it was lost."""
_MOTION_SECONDS = 0.05
_AT_EDGE = 0.02
_LONG_GAP = 0.8
_FAR = 1.5
_SLACK = 0.02


@dataclass(frozen=True, slots=True)
class Ends:
    """How far a mask reaches beyond what was seen, in seconds."""

    followed: float
    """What was followed is believed for so long for each clear sighting,"""
    followed_least: float
    """and for so long in any case."""
    lengthened: float
    """For each clear sighting the mask then stands and grows for so long,"""
    lengthened_most: float
    """but not longer."""


PERSON_ENDS = Ends(0.3, 0.2, 0.3, 0.6)
TEXT_ENDS = Ends(0.5, 0.5, 0.5, 0.5)
"""Writing is read every half second only."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A shot's pictures, by their numbers and times in seconds, and the picture's size."""

    first: int
    behind: int
    seconds: NDArray[np.float64]
    width: int
    height: int


@dataclass(frozen=True, slots=True, eq=False)
class Mask:
    """What is masked for one chain: a box for every picture from the first to the last."""

    first: int
    boxes: Rows
    """[n, 4], margins included."""
    scores: Rows
    """[n]; not a number where no detector saw it."""
    unsure: tuple[str, ...]


def believed(chain: Chain, looks: int) -> bool:
    """Whether a chain is masked. `looks`: how many pictures of its stretch of time were looked at.

    Once and surely; or clearly and again; or dimly, but nearly every time that there was a look.
    """
    _, rows = chain.array
    scores = rows[~np.isin(rows[:, 5], FOLLOWED), 4]
    if not len(scores):
        return False
    clear = int((scores >= CLEAR).sum())
    if float(scores.max()) >= SURE or (clear >= _AGAIN and clear >= _OFTEN * looks):
        return True
    often = len(scores) >= _LONG and len(scores) >= _NEARLY_ALWAYS * looks
    return often and float(np.median(scores)) >= _DIM


def trimmed(chain: Chain, ends: Ends) -> Chain:
    """The chain without what was followed for longer than its sightings bear out, at both ends.

    What was seen once is followed for a short while only: it may be a hand.
    """
    numbers, rows = chain.array
    seconds = np.array(chain.seconds)
    seen = np.flatnonzero(~np.isin(rows[:, 5], FOLLOWED))
    most = max(ends.followed_least, ends.followed * _clear(rows))
    kept = (seconds >= seconds[seen[0]] - most) & (seconds <= seconds[seen[-1]] + most)
    return Chain(numbers[kept].tolist(), seconds[kept].tolist(), list(rows[kept]), chain.speed)


def _clear(rows: Rows) -> int:
    return int((~np.isin(rows[:, 5], FOLLOWED) & (rows[:, 4] >= CLEAR)).sum())


def mask(chain: Chain, stretch: Stretch, margin: str, ends: Ends) -> Mask:
    """The area to cover for one chain in each picture of its stretch of time."""
    numbers, rows = chain.array
    every = np.arange(int(numbers[0]), int(numbers[-1]) + 1)
    seconds = stretch.seconds[every - stretch.first]
    # By time and not by number: pictures need not be evenly spaced.
    boxes = np.stack([np.interp(seconds, chain.seconds, rows[:, side]) for side in range(4)], axis=1)
    scores = np.full(len(every), np.nan, np.float32)
    seen = ~np.isin(rows[:, 5], FOLLOWED)
    scores[numbers[seen] - numbers[0]] = rows[seen, 4]
    wide = _with_motion(_with_margin(_steady(boxes, seconds), *_MARGINS[margin]), seconds)
    most = min(ends.lengthened_most, ends.lengthened * _clear(rows))
    first, grown = _with_ends(wide, int(numbers[0]), stretch, most)
    told = np.full(len(grown), np.nan, np.float32)
    told[numbers[0] - first : numbers[0] - first + len(scores)] = scores
    return Mask(
        first,
        grown.astype(np.float32),
        told,
        _doubts(numbers, rows, boxes, stretch),
    )


def _steady(boxes: NDArray[np.float64], seconds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each box as large as is usual around it, and around those next to it: one too small is made up for."""
    half = (boxes[:, 2:] - boxes[:, :2]) / 2
    middle = (boxes[:, 2:] + boxes[:, :2]) / 2
    reach = min(_STEADY, (len(boxes) - 1) // 2)
    if reach:
        window = np.lib.stride_tricks.sliding_window_view
        padded = np.pad(half, ((reach, reach), (0, 0)), mode="edge")
        half = np.maximum(half, np.median(window(padded, 2 * reach + 1, axis=0), axis=2))
    held = np.concatenate([middle - half, middle + half], axis=1)
    lows, highs = np.minimum(held[:, :2], boxes[:, :2]), np.maximum(held[:, 2:], boxes[:, 2:])
    near = (np.diff(seconds) <= _NEXT_TO)[:, None]
    low, high = lows.copy(), highs.copy()
    for one, other in ((slice(1, None), slice(None, -1)), (slice(None, -1), slice(1, None))):
        low[one] = np.where(near, np.minimum(low[one], lows[other]), low[one])
        high[one] = np.where(near, np.maximum(high[one], highs[other]), high[one])
    return np.concatenate([low, high], axis=1)


def _with_motion(boxes: NDArray[np.float64], seconds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Wider to both sides by how far it goes in two frames or so: it smears, and following lags behind."""
    if len(boxes) < 2:
        return boxes
    middle = (boxes[:, 2:] + boxes[:, :2]) / 2
    speed = np.abs(np.gradient(middle, seconds, axis=0))
    more = np.minimum(speed * _MOTION_SECONDS, (boxes[:, 2:] - boxes[:, :2]) / 2)
    return np.concatenate([boxes[:, :2] - more, boxes[:, 2:] + more], axis=1)


def _with_ends(
    boxes: NDArray[np.float64], first: int, stretch: Stretch, most: float
) -> tuple[int, NDArray[np.float64]]:
    """Longer at both ends, growing, up to the ends of the shot: (number of the first picture, boxes)."""
    last = first + len(boxes) - 1
    seconds = stretch.seconds[first - stretch.first : last + 1 - stretch.first]
    before = _ends(boxes[::-1], seconds[::-1], stretch.seconds[: first - stretch.first][::-1], most)
    after = _ends(boxes, seconds, stretch.seconds[last + 1 - stretch.first :], most)
    return first - len(before), np.array([*reversed(before), *boxes, *after])


def _ends(
    boxes: NDArray[np.float64], seconds: NDArray[np.float64], beyond: NDArray[np.float64], most: float
) -> list[NDArray[np.float64]]:
    """Boxes for the times beyond the last one: where it stood and where it would be, together, growing."""
    box, near = boxes[-1], max(0, len(boxes) - 1 - _STEADY)
    passed = abs(seconds[-1] - seconds[near])
    speed = (boxes[-1] - boxes[near])[:2] / passed if passed else np.zeros(2)
    half, middle = (box[2:] - box[:2]) / 2, (box[2:] + box[:2]) / 2
    found: list[NDArray[np.float64]] = []
    for second in beyond:
        passed = abs(second - seconds[-1])
        if passed > most:
            break
        wide = half * (1 + _END_GROWTH * passed)
        gone = middle + np.clip(speed * passed, -_GOES_ON * half, _GOES_ON * half)
        found.append(np.concatenate([np.minimum(middle, gone) - wide, np.maximum(middle, gone) + wide]))
    return found


def _with_margin(boxes: NDArray[np.float64], sides: float, up: float, down: float) -> NDArray[np.float64]:
    wide, high = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    return np.stack(
        [
            boxes[:, 0] - sides * wide,
            boxes[:, 1] - up * high,
            boxes[:, 2] + sides * wide,
            boxes[:, 3] + down * high,
        ],
        axis=1,
    )


def _doubts(
    numbers: NDArray[np.int64], rows: Rows, boxes: NDArray[np.float64], stretch: Stretch
) -> tuple[str, ...]:
    """Why a person has to look: codes of `UNSURE`."""
    seen = ~np.isin(rows[:, 5], FOLLOWED)
    at = numbers[seen]
    found: list[str] = []
    if float(rows[seen, 4].max()) < 2 * CLEAR:
        found.append("weak")
    seconds = stretch.seconds
    if len(at) == 1:
        found.append("alone")
    if at[0] - stretch.first > 1 and not _leaves(boxes[at[0] - numbers[0]], stretch):
        found.append("starts_suddenly")
    if stretch.behind - 1 - at[-1] > 1 and not _leaves(boxes[at[-1] - numbers[0]], stretch):
        found.append("ends_suddenly")
    if len(at) > 1:
        passed = np.diff(seconds[at - stretch.first])
        if passed.max() > _LONG_GAP:
            found.append("gap")
        middle = (boxes[:, :2] + boxes[:, 2:]) / 2
        jumps = np.linalg.norm(np.diff(middle, axis=0), axis=1)
        sizes = np.sqrt(np.prod(boxes[:, 2:] - boxes[:, :2], axis=1))
        if len(jumps) and (jumps > _FAR * np.maximum(sizes[1:], 1)).any():
            found.append("large_jump")
    return tuple(found)


def _leaves(box: NDArray[np.float64], stretch: Stretch) -> bool:
    """It lies at the picture's edge, where things come and go."""
    across, down = _AT_EDGE * stretch.width, _AT_EDGE * stretch.height
    return bool(
        box[0] <= across
        or box[1] <= down
        or box[2] >= stretch.width - across
        or box[3] >= stretch.height - down
    )


def key_frames(masked: Mask, times: NDArray[np.int64]) -> tuple[KeyFrame, ...]:
    """The fewest key frames between which straight lines stay within a fiftieth of the box's size.

    Each box is larger by that fiftieth, so that nothing of the mask is lost. `times`: of its pictures.
    """
    sizes = np.maximum(masked.boxes[:, 2:] - masked.boxes[:, :2], 1)
    slack = np.maximum(0.5, _SLACK * sizes.min(axis=1)).astype(np.float64)
    boxes = masked.boxes.astype(np.float64)
    kept = sorted(_needed(boxes, times.astype(np.float64), slack))
    wider = np.concatenate([boxes[:, :2] - slack[:, None], boxes[:, 2:] + slack[:, None]], axis=1)
    return tuple(
        KeyFrame(
            int(times[at]),
            Box(*(round(float(side), 2) for side in wider[at])),
            None if np.isnan(masked.scores[at]) else round(float(masked.scores[at]), 3),
        )
        for at in kept
    )


def _needed(boxes: NDArray[np.float64], times: NDArray[np.float64], slack: NDArray[np.float64]) -> set[int]:
    """The rule of Douglas and Peucker, over time."""
    kept = {0, len(boxes) - 1}
    open_parts = [(0, len(boxes) - 1)]
    while open_parts:
        begin, end = open_parts.pop()
        if end - begin < 2:
            continue
        share = ((times[begin + 1 : end] - times[begin]) / (times[end] - times[begin]))[:, None]
        line = boxes[begin] + (boxes[end] - boxes[begin]) * share
        # A key frame's own slack is added to the line as well, the smaller of both ends at least.
        off = np.abs(boxes[begin + 1 : end] - line).max(axis=1) - min(slack[begin], slack[end])
        worst = int(off.argmax())
        if off[worst] > 0:
            middle = begin + 1 + worst
            kept.add(middle)
            open_parts += [(begin, middle), (middle, end)]
    return kept

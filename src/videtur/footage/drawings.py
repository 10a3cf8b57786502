"""Where things stand in the drawings of a family and a comparison: plain geometry, told as SVG by pages."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count

from videtur.engines.media.timecode import MediaInterval, MediaTime
from videtur.footage.evidence_shown import Window

Edge = tuple[str, str]
LABELS, SPAN, ROW, TOP = 60, 800, 34, 34
"""Of the time line: width of the labels and of the line itself, height of a row and of the scale above."""
_MOST_TICKS = 9
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
NODE_APART, LEVEL_APART, NODE = 110, 84, 20
SIDE, MARGIN = 300, 44
"""Of the alignment curve: length of an axis, and room for what is written beside it."""
BARS_HEIGHT = 120
_MOST_DRAWN = 240


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of the time line."""

    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Row:
    """One item of the family: its number and what it covers."""

    number: int
    y: int
    middle: int
    bars: tuple[Bar, ...]
    marks: str


@dataclass(frozen=True, slots=True)
class TimeLine:
    """Every item of a family over the common time line."""

    width: int
    height: int
    ticks: tuple[tuple[int, str], ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """An item in the graph of who can have been cut from whom."""

    number: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Line:
    """From an item to what it can have been cut from; `either` where both ways are possible."""

    x1: int
    y1: int
    x2: int
    y2: int
    either: bool


@dataclass(frozen=True, slots=True)
class Graph:
    """Sources stand above what can have been cut from them."""

    width: int
    height: int
    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """The time in one item over the time in the other."""

    size: int
    lines: tuple[tuple[float, float, float, float], ...]
    points: tuple[tuple[float, float, bool], ...]
    across: tuple[str, str]
    up: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far motion agrees, window by window, with the threshold."""

    width: int
    height: int
    threshold: float
    bars: tuple[tuple[float, float, float, float, str], ...]
    """x, y, width and height of each, and its kind: agrees, differs or still."""
    ends: tuple[str, str]


def clock(time: MediaTime | Fraction) -> str:
    """A time as m:ss, or h:mm:ss."""
    seconds = int(time.instant if isinstance(time, MediaTime) else time)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}:{second:02}" if hour else f"{minute}:{second:02}"


def time_line(members: Sequence[tuple[int, Sequence[MediaInterval], str]]) -> TimeLine | None:
    """Draw (number, what it covers, marks) of each member; None when nothing is known of any."""
    ends = [part.end.instant for _, covers, _ in members for part in covers]
    whole = max(ends, default=Fraction(0))
    if not whole:
        return None
    step = next((step for step in _STEPS if whole / step <= _MOST_TICKS), 7200)
    ticks = tuple((_at(Fraction(at), whole), clock(Fraction(at))) for at in range(0, int(whole) + 1, step))
    rows = tuple(
        Row(
            number,
            TOP + place * ROW,
            TOP + place * ROW + ROW // 2,
            tuple(_bar(part, whole) for part in covers),
            marks,
        )
        for place, (number, covers, marks) in enumerate(members)
    )
    return TimeLine(LABELS + SPAN + LABELS, TOP + len(members) * ROW + 8, ticks, rows)


def _at(seconds: Fraction, whole: Fraction) -> int:
    return LABELS + round(SPAN * seconds / whole)


def _bar(part: MediaInterval, whole: Fraction) -> Bar:
    start, end = _at(part.start.instant, whole), _at(part.end.instant, whole)
    return Bar(start, max(2, end - start))


def graph(numbers: Mapping[str, int], can: Collection[Edge]) -> Graph | None:
    """Draw who can have been cut from whom: (item, source) each. None where nobody can."""
    if not can:
        return None
    either = {edge for edge in can if edge[::-1] in can}
    strict = set(can) - either
    levels = _levels(numbers, strict)
    shortest = {
        (item, source)
        for item, source in strict
        if not any((item, between) in strict and (between, source) in strict for between in numbers)
    }
    nodes: dict[str, Node] = {}
    taken = [count() for _ in range(max(levels.values()) + 1)]
    for name in sorted(numbers, key=lambda name: numbers[name]):
        x = NODE_APART * next(taken[levels[name]]) + NODE_APART // 2
        nodes[name] = Node(numbers[name], x, levels[name] * LEVEL_APART + LEVEL_APART // 2)
    lines = tuple(
        _line(nodes[item], nodes[source], either=(item, source) in either)
        for item, source in sorted(shortest | {edge for edge in either if edge[0] < edge[1]})
    )
    width = max(node.x for node in nodes.values()) + NODE_APART // 2
    return Graph(width, (max(levels.values()) + 1) * LEVEL_APART, tuple(nodes.values()), lines)


def _levels(names: Collection[str], strict: Collection[Edge]) -> dict[str, int]:
    """How far below the topmost source each stands."""
    levels = dict.fromkeys(names, 0)
    for _ in names:  # as many rounds as there are items reach the lowest, and a circle ends
        for item, source in strict:
            levels[item] = min(max(levels[item], levels[source] + 1), len(levels) - 1)
    return levels


def _line(item: Node, source: Node, *, either: bool) -> Line:
    across, down = source.x - item.x, source.y - item.y
    far = max(1.0, (across**2 + down**2) ** 0.5)
    x, y = NODE * across / far, NODE * down / far
    # Room is left at the source for the head of the arrow.
    return Line(
        round(item.x + x), round(item.y + y), round(source.x - 1.3 * x), round(source.y - 1.3 * y), either
    )


def curve(
    windows: Sequence[Window],
    stretches: Sequence[tuple[MediaInterval, MediaInterval]],
    this: MediaInterval,
    other: MediaInterval,
) -> Curve:
    """Draw the alignment: `this` to the right, `other` upwards, each from its start to its end."""
    drawn = windows[:: 1 + len(windows) // _MOST_DRAWN]
    return Curve(
        SIDE + 2 * MARGIN,
        tuple(
            (
                _across(here.start, this),
                _upwards(there.start, other),
                _across(here.end, this),
                _upwards(there.end, other),
            )
            for here, there in stretches
        ),
        tuple((_across(each.this, this), _upwards(each.other, other), each.moving) for each in drawn),
        (clock(this.start), clock(this.end)),
        (clock(other.start), clock(other.end)),
    )


def _across(time: MediaTime, whole: MediaInterval) -> float:
    return MARGIN + SIDE * _part(time, whole)


def _upwards(time: MediaTime, whole: MediaInterval) -> float:
    return MARGIN + SIDE * (1 - _part(time, whole))


def _part(time: MediaTime, whole: MediaInterval) -> float:
    length = whole.end.instant - whole.start.instant
    return round(float((time.instant - whole.start.instant) / length), 4) if length else 0.0


def agreement(windows: Sequence[Window], needed: float) -> Agreement | None:
    """Draw what is left of motion, window by window; neighbours share a bar where there are many."""
    if not windows:
        return None
    every = 1 + len(windows) // _MOST_DRAWN
    groups = [windows[at : at + every] for at in range(0, len(windows), every)]
    width = round(SPAN / len(groups), 3)
    bars = tuple(_agreement_bar(place * width, width, group, needed) for place, group in enumerate(groups))
    times = sorted(window.this for window in windows)
    return Agreement(
        SPAN, BARS_HEIGHT, round(BARS_HEIGHT * (1 - needed), 1), bars, (clock(times[0]), clock(times[-1]))
    )


def _agreement_bar(
    x: float, width: float, group: Sequence[Window], needed: float
) -> tuple[float, float, float, float, str]:
    moving = [float(window.likeness) for window in group if window.moving]
    if not moving:
        return round(x, 2), BARS_HEIGHT - 6, width, 6, "still"
    value = sum(moving) / len(moving)
    height = round(BARS_HEIGHT * min(1.0, max(0.02, value)), 1)
    kind = "agrees" if value >= needed else "differs"
    return round(x, 2), BARS_HEIGHT - height, width, height, kind

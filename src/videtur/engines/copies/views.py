"""How two pictures lie over one another: what each shows of the other, and with how many pixels."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

Box = tuple[float, float, float, float]
Point = tuple[float, float]
WHOLE: Box = (0.0, 0.0, 1.0, 1.0)
_LEAST_AREA = 1e-9


@dataclass(frozen=True, slots=True)
class View:
    """One item's picture laid over another's. Each share is of the picture without its borders."""

    inside: float
    """How much of this picture lies inside the other."""
    shows: float
    """How much of the other picture this one shows."""
    pixels: float | None
    """Pixels along an edge for one of the other's, for the same view; None where sizes are not known."""
    mirrored: bool
    measured: bool = True
    """Whether the shares were measured on a map; else they say only whether there is more, 0, or not, 1."""

    def turned(self) -> "View":
        """The same, seen from the other picture."""
        pixels = 1 / self.pixels if self.pixels else None
        return View(self.shows, self.inside, pixels, self.mirrored, self.measured)


def view(
    matrix: Sequence[Decimal],
    here: Box = WHOLE,
    there: Box = WHOLE,
    sizes: tuple[tuple[int, int] | None, tuple[int, int] | None] = (None, None),
) -> View | None:
    """Lay a picture over another by the map between them, row by row; None when the map is none.

    `here` and `there` are the boxes, in parts of width and height, that hold picture and no border.
    """
    corners = outline(matrix, here)
    if corners is None:
        return None
    turn = _area(corners)
    mine, other = abs(turn), _area(_corners(there))
    if mine < _LEAST_AREA or other < _LEAST_AREA:
        return None
    common = abs(_area(_clipped(corners if turn > 0 else corners[::-1], there)))
    pixels = None
    if sizes[0] and sizes[1]:
        box = _area(_corners(here))
        density = sizes[0][0] * sizes[0][1] * box / mine
        pixels = sqrt(density / (sizes[1][0] * sizes[1][1]))
    return View(min(1.0, common / mine), min(1.0, common / other), pixels, turn < 0)


def outline(matrix: Sequence[Decimal], box: Box = WHOLE) -> list[Point] | None:
    """Where the corners of a picture lie in the other's, by the map; None when the map is none."""
    corners = [corner for each in _corners(box) if (corner := _through(matrix, each)) is not None]
    return corners if len(corners) == 4 else None


def _through(matrix: Sequence[Decimal], point: Point) -> Point | None:
    values = [float(value) for value in matrix]
    x, y = point
    depth = values[6] * x + values[7] * y + values[8] if len(values) == 9 else 0.0
    if depth <= _LEAST_AREA:
        return None
    return (
        (values[0] * x + values[1] * y + values[2]) / depth,
        (values[3] * x + values[4] * y + values[5]) / depth,
    )


def _corners(box: Box) -> list[Point]:
    left, top, right, bottom = box
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def _area(corners: Sequence[Point]) -> float:
    """Signed: positive in the order of `_corners`, negative when the picture was exchanged left for right."""
    following = [*corners[1:], *corners[:1]]
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(corners, following, strict=True)) / 2


def _clipped(corners: Sequence[Point], box: Box) -> list[Point]:
    """The part of a polygon inside a box: cut off at one edge of it after the other."""
    left, top, right, bottom = box
    kept = list(corners)
    for axis, edge, sign in ((0, left, 1), (0, right, -1), (1, top, 1), (1, bottom, -1)):
        kept = _cut(kept, axis, edge, sign)
    return kept


def _cut(corners: Sequence[Point], axis: int, edge: float, sign: int) -> list[Point]:
    kept: list[Point] = []
    for start, end in zip(corners, [*corners[1:], *corners[:1]], strict=True):
        before, after = sign * (start[axis] - edge), sign * (end[axis] - edge)
        if before >= 0:
            kept.append(start)
        if before * after < 0:
            part = before / (before - after)
            kept.append((start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1])))
    return kept

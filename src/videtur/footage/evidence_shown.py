"""What a person can look at to believe a comparison of two pictures, or to doubt it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import cast

from videtur.engines.media.timecode import MediaTime

_IN_A_MATRIX = 9
_LEAST_DETERMINANT = Decimal("1e-12")
Matrix = tuple[Decimal, ...]
Point = tuple[Decimal, Decimal, Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Window:
    """A short stretch of one item laid over one of the other, and how far their motion agrees there."""

    this: MediaTime
    other: MediaTime
    likeness: Decimal
    moving: bool
    """Whether enough moves there to judge by."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The stored form of an engine's evidence, read back."""

    matrix: Matrix | None
    """Nine numbers, row by row: from places in the picture of `this` to places in that of `other` (0..1)."""
    windows: tuple[Window, ...]
    frames: tuple[tuple[MediaTime, MediaTime], ...]
    """Moments of both worth seeing side by side."""
    points: tuple[Point, ...]
    """Matched points of the first pair of moments: x, y in the one, x, y in the other (0..1)."""

    def turned(self) -> "Evidence":
        """The same evidence, told from the other item."""
        return Evidence(
            inverse_of(self.matrix) if self.matrix else None,
            tuple(Window(each.other, each.this, each.likeness, each.moving) for each in self.windows),
            tuple((there, here) for here, there in self.frames),
            tuple((x_there, y_there, x, y) for x, y, x_there, y_there in self.points),
        )


def evidence_of(told: object) -> Evidence | None:
    """Read the JSON of a stored relation; None where there is none, as in older records."""
    if not isinstance(told, dict):
        return None
    given = cast("Mapping[str, object]", told)
    return Evidence(
        matrix=matrix_of(given),
        windows=tuple(_window(each) for each in _list(given.get("windows"))),
        frames=tuple(_moments(each) for each in _list(given.get("frames"))),
        points=tuple(point for each in _list(given.get("points")) if len(point := _numbers(each)) == 4),
    )


def matrix_of(told: object) -> Matrix | None:
    """The map alone, of the same JSON."""
    if not isinstance(told, dict):
        return None
    numbers = _numbers(cast("Mapping[str, object]", told).get("matrix"))
    return numbers if len(numbers) == _IN_A_MATRIX else None


def inverse_of(matrix: Matrix) -> Matrix | None:
    """The map the other way; None where there is no way back."""
    a, b, c, d, e, f, g, h, i = matrix
    cofactors = (
        e * i - f * h,
        c * h - b * i,
        b * f - c * e,
        f * g - d * i,
        a * i - c * g,
        c * d - a * f,
        d * h - e * g,
        b * g - a * h,
        a * e - b * d,
    )
    determinant = a * cofactors[0] + b * cofactors[3] + c * cofactors[6]
    if abs(determinant) < _LEAST_DETERMINANT:
        return None
    scale = cofactors[8] or determinant
    # A map stays the same when all its numbers are multiplied; we keep the last at one, or the sign right.
    return tuple(value / scale for value in cofactors)


def _window(told: object) -> Window:
    given = cast("Mapping[str, object]", told)
    return Window(
        _time(given["this"]), _time(given["other"]), Decimal(str(given["likeness"])), bool(given["moving"])
    )


def _moments(told: object) -> tuple[MediaTime, MediaTime]:
    here, there = _list(told)
    return _time(here), _time(there)


def _time(told: object) -> MediaTime:
    return MediaTime.from_json(cast("Mapping[str, object]", told))


def _numbers(told: object) -> tuple[Decimal, ...]:
    try:
        found = tuple(Decimal(str(each)) for each in _list(told))
    except InvalidOperation:
        return ()
    return found if all(number.is_finite() for number in found) else ()


def _list(told: object) -> list[object]:
    return cast("list[object]", told) if isinstance(told, list) else []

"""Time in media: an integer presentation time and its time base, never a float of seconds."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import total_ordering


@total_ordering
@dataclass(frozen=True, slots=True)
class MediaTime:
    """A presentation time: `pts` ticks of `time_base` seconds each.

    Order and equality are of the instants in seconds, so that times of two streams compare.
    """

    pts: int
    time_base: Fraction

    def __post_init__(self) -> None:
        if self.time_base <= 0:
            raise ValueError(f"a time base must be positive, not {self.time_base}")

    @property
    def instant(self) -> Fraction:
        """The time in seconds, exact."""
        return self.pts * self.time_base

    @property
    def seconds(self) -> str:
        """The time in seconds as a decimal string of at most six places, for reading only."""
        exact = Decimal(self.instant.numerator) / Decimal(self.instant.denominator)
        text = f"{exact:.6f}".rstrip("0").rstrip(".")
        return "0" if text in ("", "-0") else text

    def rescaled(self, time_base: Fraction) -> "MediaTime":
        """The nearest time (half up) in another time base."""
        ticks = self.instant / time_base + Fraction(1, 2)
        return MediaTime(ticks.numerator // ticks.denominator, time_base)

    def as_json(self) -> dict[str, object]:
        """The form of docs/reference: pts, time_base, seconds."""
        return {
            "pts": self.pts,
            "time_base": [self.time_base.numerator, self.time_base.denominator],
            "seconds": self.seconds,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, object]) -> "MediaTime":
        """Read the form that `as_json` writes. Raises ValueError on anything else."""
        pts, base = value.get("pts"), value.get("time_base")
        match pts, base:
            case int(), [int(numerator), int(denominator)] if denominator:
                return cls(pts, Fraction(numerator, denominator))
            case _:
                raise ValueError(f"not a media time: {dict(value)!r}")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MediaTime) and self.instant == other.instant

    def __hash__(self) -> int:
        return hash(self.instant)

    def __lt__(self, other: "MediaTime") -> bool:
        return self.instant < other.instant


@dataclass(frozen=True, slots=True)
class MediaInterval:
    """A stretch of one stream, from `start` up to but not including `end`; start <= end."""

    start: MediaTime
    end: MediaTime

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"an interval ends before it starts: {self.start} to {self.end}")

    def as_json(self) -> list[dict[str, object]]:
        """Start and end, each as `MediaTime.as_json`."""
        return [self.start.as_json(), self.end.as_json()]

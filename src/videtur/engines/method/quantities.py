"""Quantities in the words of their source: how far "roughly 20 miles" reaches, what a distance check says.

The tolerances of qualifiers are house rules (`qty_qualifier` in the vocabulary), not a standard.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from videtur.engines.method import vocabulary
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.base import Number
from videtur.engines.method.entities.footage import DistanceCheck, DistanceClaim, Duration, FootageFamily

KM_PER_UNIT = {"km": 1.0, "m": 0.001, "mi": 1.609344}
"""The mile is the international one of 1959."""
EARTH_RADIUS_KM = 6371.0088
_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`; None is without limit on that side."""

    low: float | None
    high: float | None

    def holds(self, value: float) -> bool:
        """Whether a value lies in it."""
        slack = _SLACK * max(1.0, abs(value))
        return (self.low is None or value >= self.low - slack) and (
            self.high is None or value <= self.high + slack
        )

    def gap(self, other: "Range") -> float:
        """How far apart two ranges are; 0 where they touch."""
        first = 0.0 if self.low is None or other.high is None else self.low - other.high
        second = 0.0 if other.low is None or self.high is None else other.low - self.high
        return max(0.0, first, second)


def range_of(value: Number, qualifier: str | None) -> Range:
    """The numbers that a quantity's words allow."""
    low, high = vocabulary.tolerance(qualifier or "exact")
    return Range(
        None if low is None else value * (1 + low / 100), None if high is None else value * (1 + high / 100)
    )


def range_of_claim(claim: DistanceClaim) -> Range:
    """The kilometres that a claimed distance allows, by its own tolerance or that of its qualifier."""
    km = claim.value * KM_PER_UNIT[claim.unit]
    if claim.tolerance_pct is None:
        return range_of(km, claim.qualifier)
    low, high = claim.tolerance_pct
    return Range(
        None if low is None else km * (1 + low / 100), None if high is None else km * (1 + high / 100)
    )


def distance_result(claim: DistanceClaim, km: Number, dataset: str | None) -> str:
    """What a computed distance says of a claimed one.

    `consistent` when it rounds to the claimed number, `within_tolerance` when the words allow it; without a
    named set of boundaries it is `not_checkable`, since border files differ by kilometres.
    """
    if not dataset:
        return "not_checkable"
    in_unit = km / KM_PER_UNIT[claim.unit]
    if abs(in_unit - claim.value) <= 0.5 * 10 ** -_decimals(claim.value):
        return "consistent"
    return "within_tolerance" if range_of_claim(claim).holds(km) else "inconsistent"


def _decimals(value: Number) -> int:
    text = repr(value)
    return len(text.partition(".")[2].rstrip("0")) if "e" not in text else 0


def great_circle_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """The distance on a sphere (haversine): within 0.6 % of the ellipsoid, less than places are off."""
    one, two = math.radians(lat), math.radians(other_lat)
    across = math.radians(other_lon - lon)
    part = math.sin((two - one) / 2) ** 2 + math.cos(one) * math.cos(two) * math.sin(across / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(part)))


@dataclass(frozen=True, slots=True)
class QuantityProblem:
    """A number in the case that its own words do not give."""

    where: str
    why: str
    remedy: str


def problems_of_quantities(case: CaseFile) -> Iterator[QuantityProblem]:
    """Written results, kilometres and ranges that differ from what the words and tolerances give."""
    for name, check in case.named(DistanceCheck).items():
        yield from _of_distance(name, check)
    for name, family in case.named(FootageFamily).items():
        if family.duration is not None:
            yield from _of_duration(name, family.duration)


def _of_distance(name: str, check: DistanceCheck) -> Iterator[QuantityProblem]:
    claim = check.claim
    km = claim.value * KM_PER_UNIT[claim.unit]
    if claim.km is not None and abs(claim.km - km) > 0.01 * max(1.0, km):
        why = f"{claim.original!r} is {km:.2f} km, and {claim.km} km is written"
        yield QuantityProblem(name, why, f"Write km: {km:.2f}")
    for computed in check.computed:
        derived = distance_result(claim, computed.km, computed.dataset)
        if derived != computed.result:
            why = f"{computed.km} km by {computed.dataset or 'no named set of boundaries'} is {derived}"
            yield QuantityProblem(
                name, f"{why}, and {computed.result} is written", f"Write result: {derived}"
            )


def _of_duration(name: str, duration: Duration) -> Iterator[QuantityProblem]:
    if duration.value_s is None:
        return
    allowed = range_of(duration.value_s, duration.qualifier)
    for field, written, given in (
        ("min_s", duration.min_s, allowed.low),
        ("max_s", duration.max_s, allowed.high),
    ):
        if written is not None and given is not None and abs(written - given) > 1:
            why = f"{duration.original!r} gives {field} {given:g}, and {written} is written"
            yield QuantityProblem(name, why, f"Write {field}: {given:g}")

"""Quantities follow from the words they came in, and affiliation from its indicators (section 4)."""

from collections.abc import Iterator

from videtur.engines.method import vocabulary
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.footage import (
    Affiliation,
    ComputedDistance,
    DistanceCheck,
    DistanceClaim,
    Duration,
    FootageFamily,
    Indicator,
)
from videtur.engines.method.rules.rule import Rule, Violation

_KM = {"mi": 1.609344, "km": 1.0, "m": 0.001}
_ROUNDING = 0.01
"""Stated conversions are rounded; a hundredth is no other number."""
_SLACK_S = 1.0


def _distances(case: CaseFile) -> Iterator[Violation]:
    for name, check in case.named(DistanceCheck).items():
        claim = check.claim
        low, high = vocabulary.tolerance(claim.qualifier)
        if claim.tolerance_pct is not None and claim.tolerance_pct != (low, high):
            yield _wrong(
                name,
                f"It gives {claim.qualifier!r} {_span(*claim.tolerance_pct)}, not {_span(low, high)}",
                f"Use {_span(low, high)}, the tolerance of that word in this house",
            )
        km = claim.value * _KM[claim.unit]
        if claim.km is not None and abs(claim.km - km) > _ROUNDING * km:
            yield _wrong(name, f"{claim.original!r} is {km:.2f} km, not {claim.km}", f"Write km: {km:.2f}")
        for computed in check.computed:
            if not _follows(claim, computed):
                where = "within" if _within(claim, computed) else "outside"
                yield _wrong(
                    name,
                    f"It calls {computed.km} km {computed.result.replace('_', ' ')}, "
                    f"which is {where} the tolerance of {claim.qualifier!r}",
                    "Give the result that the tolerance makes it",
                )
        results = {computed.result for computed in check.computed}
        if check.expected is not None and len(results) == 1 and check.expected.result not in results:
            yield _wrong(
                name,
                f"It comes to {check.expected.result}, and every computation to {results.pop()}",
                "Give the result of the computations",
            )


def _follows(claim: DistanceClaim, computed: ComputedDistance) -> bool:
    if computed.result == "not_checkable":
        return True
    return (computed.result != "inconsistent") == _within(claim, computed)


def _within(claim: DistanceClaim, computed: ComputedDistance) -> bool:
    low, high = vocabulary.tolerance(claim.qualifier)
    percent = (computed.km / (claim.value * _KM[claim.unit]) - 1) * 100 if claim.value else 0.0
    return (low is None or percent >= low - _ROUNDING) and (high is None or percent <= high + _ROUNDING)


def _durations(case: CaseFile) -> Iterator[Violation]:
    for name, family in case.named(FootageFamily).items():
        if family.duration is not None:
            yield from _wrong_duration(name, family.duration)


def _wrong_duration(name: str, duration: Duration) -> Iterator[Violation]:
    if duration.value_s is None or duration.qualifier is None:
        return
    tolerance = vocabulary.tolerance(duration.qualifier)
    for stated, percent, word in zip(
        (duration.min_s, duration.max_s), tolerance, ("min_s", "max_s"), strict=True
    ):
        if stated is None or percent is None:
            continue
        expected = duration.value_s * (1 + percent / 100)
        if abs(stated - expected) > _SLACK_S:
            yield Violation(
                "M4.duration",
                name,
                f"{duration.original!r} makes {word} {expected:g}, not {stated:g}",
                f"Write {word}: {expected:g}, by the tolerance of {duration.qualifier!r}",
            )


def _wrong(where: str, why: str, remedy: str) -> Violation:
    return Violation("M4.quantity", where, why, remedy)


def _span(low: float | None, high: float | None) -> str:
    first = "without limit below" if low is None else f"{low:g} %"
    second = "without limit above" if high is None else f"+{high:g} %"
    return f"{first} to {second}"


def _affiliations(case: CaseFile) -> Iterator[Violation]:
    for name, affiliation in case.named(Affiliation).items():
        found = [each for ref in affiliation.indicators if (each := case.get(Indicator, ref))]
        if not found:
            if affiliation.grade not in ("no_indicator", "single_indicator"):
                yield _graded(name, affiliation.grade, "no indicator is named")
            continue
        kinds = {each.kind for each in found}
        sides = {each.points_to for each in found if each.points_to}
        lack = {
            "no_indicator": f"{len(found)} are named",
            "single_indicator": "" if len(kinds) == 1 else "indicators of several kinds are named",
            "several_concordant": ""
            if len(kinds) > 1 and len(sides) < 2
            else "they are of one kind or differ",
            "contradictory": "" if len(sides) > 1 else "none points elsewhere",
            "established_by_external_record": (
                "" if any(each.external_record for each in found) else "no external record is among them"
            ),
        }[affiliation.grade]
        if lack:
            yield _graded(name, affiliation.grade, lack)


def _graded(where: str, grade: str, lack: str) -> Violation:
    return Violation(
        "M4.affiliation",
        where,
        f"Its grade is {grade.replace('_', ' ')}, but {lack}",
        "Grade it by its indicators: each kind alone is a single indicator",
    )


_MODEL = "domain model, section 4"
FURTHER = (
    Rule(
        "M4.quantity",
        _MODEL,
        True,
        "A quantity has the tolerance of its word, and what is said of it follows from that",
        _distances,
    ),
    Rule("M4.duration", _MODEL, True, "A length in words spans what those words allow", _durations),
    Rule(
        "M4.affiliation",
        _MODEL,
        True,
        "The grade of an affiliation follows from its indicators",
        _affiliations,
    ),
)

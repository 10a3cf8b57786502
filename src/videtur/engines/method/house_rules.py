"""The rules of this house: deadlines and thresholds that no standard gives.

Defaults are those of the domain model, section 10. A case may set its own; pages show every one of them with
its sentence and with `MARK`, never as the words of the United Nations.
"""

from dataclasses import dataclass, fields
from typing import Any, cast

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.case import HouseRules

MARK = "House rule: ours, not from a standard."


@dataclass(frozen=True, slots=True)
class HouseRule:
    """One rule as a page shows it."""

    name: str
    value: Any
    default: Any
    sentence: str

    @property
    def set_here(self) -> bool:
        """Whether this case departs from the default."""
        return self.value != self.default


@dataclass(frozen=True, slots=True)
class EffectiveHouseRules:
    """The rules that hold for one case: what it sets, and defaults for the rest."""

    comment_newsroom_hours: int = 48
    comment_shortest_hours: int = 4
    comment_mission_days: int = 14
    first_look_severe_hours: int = 24
    first_look_hours: int = 72
    follow_up_days: tuple[int, ...] = (14, 30, 90, 180, 365)
    stale_after_days: int = 90
    fixity_days: int = 30
    dissent_to_arbiter_days: int = 5
    version_difference_seconds: float = 2.0
    likelihood_scale: str = "icd203"
    time_zone: str = "UTC"
    working_days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    holidays: tuple[str, ...] = ()

    def shown(self) -> tuple[HouseRule, ...]:
        """Each rule with its value and a sentence, in a fixed order."""
        return tuple(
            HouseRule(field.name, value, getattr(_DEFAULTS, field.name), _sentence(field.name, value))
            for field in fields(self)
            for value in (getattr(self, field.name),)
        )


_DEFAULTS = EffectiveHouseRules()
_SENTENCES = {
    "comment_newsroom_hours": "A newsroom gives {} hours to answer a request, or says why it gives less.",
    "comment_shortest_hours": "No request gives less than {} hours to answer.",
    "comment_mission_days": "A mission gives {} days to answer a request for comment.",
    "first_look_severe_hours": "Severe or extreme material has its first look within {} hours.",
    "first_look_hours": "All other material has its first look within {} hours.",
    "follow_up_days": "Calls and commitments are followed up {} days after their date.",
    "stale_after_days": "A commitment with no new evidence for {} days is stale.",
    "fixity_days": "Stored bytes are checked against their digest every {} days.",
    "dissent_to_arbiter_days": "Two reviews that differ go to an arbiter within {} days.",
    "version_difference_seconds": "Lengths of one recording more than {} seconds apart are versions.",
    "likelihood_scale": "Words of likelihood follow one scale in a case, here {}.",
    "time_zone": "Deadlines are kept in the time zone {}.",
    "working_days": "A deadline ends only on these days: {}.",
    "holidays": "A deadline does not end on these days: {}.",
}
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _sentence(name: str, value: Any) -> str:
    told: str
    if name == "working_days":
        told = ", ".join(_WEEKDAYS[day] for day in cast("tuple[int, ...]", value))
    elif name in ("follow_up_days", "holidays"):
        told = ", ".join(map(str, value)) or "none"
    else:
        told = f"{value:g}" if isinstance(value, float) else str(value)
    return _SENTENCES[name].format(told)


def house_rules(case: CaseFile) -> EffectiveHouseRules:
    """The rules that hold for this case."""
    own = case.one(HouseRules)
    if own is None:
        return _DEFAULTS
    given = {
        field.name: getattr(own, field.name)
        for field in fields(EffectiveHouseRules)
        if getattr(own, field.name, None) is not None
    }
    return EffectiveHouseRules(**given)

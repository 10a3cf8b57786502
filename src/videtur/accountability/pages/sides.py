"""Whom a call reaches: every party of the counterpart allegations, or a reason why not (F16, I5)."""

from dataclasses import dataclass

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.accountability import Call
from videtur.engines.method.entities.case import Allegation, SymmetryGroup


@dataclass(frozen=True, slots=True)
class Sides:
    """The counterpart allegations behind a call, and the parties that it does not reach."""

    groups: tuple[str, ...]
    parties: tuple[str, ...]
    missing: tuple[str, ...]
    reason: str


def sides_of(file: CaseFile, call: Call) -> Sides:
    """Whom the call should reach by the symmetry groups of its allegations; of all, where it names none."""
    groups = {
        name: group
        for name, group in file.named(SymmetryGroup).items()
        if not call.about or not set(group.allegations).isdisjoint(call.about)
    }
    allegations = (
        file.get(Allegation, reference) for group in groups.values() for reference in group.allegations
    )
    parties = {allegation.against for allegation in allegations if allegation is not None}
    return Sides(
        tuple(sorted(groups)),
        tuple(sorted(parties)),
        tuple(sorted(parties - set(call.to))),
        call.reason_for_one_side or "",
    )

"""The gate of each standard of proof, and what must come down when one no longer holds (section 7)."""

from collections.abc import Iterable
from dataclasses import dataclass

from videtur.engines.method import vocabulary
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.conditions import Condition, conditions_of
from videtur.engines.method.entities.accountability import Correction
from videtur.engines.method.entities.base import Entity
from videtur.engines.method.entities.case import Allegation
from videtur.engines.method.entities.publication import Release
from videtur.engines.method.entities.verification import Conflict, Finding
from videtur.engines.method.grounds import grounds_of_release, unsettled_conflicts
from videtur.errors import WrongUsage

BELIEVE = "reasonable_grounds_to_believe"
RELEASED = ("approved", "released")


@dataclass(frozen=True, slots=True)
class Gate:
    """The gate of a standard for one finding. It is passed when every condition is met."""

    finding: str
    standard: str
    conditions: tuple[Condition, ...]

    @property
    def passed(self) -> bool:
        """Whether a finding at this standard may be approved."""
        return all(condition.met for condition in self.conditions)

    @property
    def unmet(self) -> tuple[Condition, ...]:
        """The conditions that stand in the way."""
        return tuple(condition for condition in self.conditions if not condition.met)


@dataclass(frozen=True, slots=True)
class Downgrade:
    """An approved finding, or a release, that what is now known no longer carries.

    `finding` is empty where a release alone is concerned.
    """

    finding: str
    because: tuple[str, ...]
    releases: tuple[str, ...]
    """Releases that used it: each is flagged, and a correction is opened for it."""


def gate(case: CaseFile, finding: str, standard: str | None = None) -> Gate:
    """The gate of a standard, by default the one the finding is drafted at. Raises WrongUsage."""
    found = case.get(Finding, finding)
    if found is None:
        raise WrongUsage(f"There is no finding {finding!r} in the case")
    asked = standard or found.standard
    if asked not in vocabulary.words("standard_of_proof"):
        raise WrongUsage(f"{asked!r} is no standard of proof")
    return Gate(finding, asked, tuple(conditions_of(case, finding, found, asked)))


def gates_of(case: CaseFile) -> tuple[Gate, ...]:
    """The gate of every finding, at the standard it is drafted or approved at."""
    return tuple(case.once(_gates).values())


def gate_in_force(case: CaseFile, finding: str) -> Gate:
    """The gate of a finding at its own standard, computed once for a case."""
    return case.once(_gates)[finding]


def carries(case: CaseFile, finding: str | None, standard: str = BELIEVE) -> bool:
    """Whether a finding is approved at that standard or above, and its gate still holds."""
    found = case.get(Finding, finding)
    return (
        found is not None
        and found.status == "approved"
        and vocabulary.rank_of_standard(found.standard) >= vocabulary.rank_of_standard(standard)
        and found.standard != "beyond_reasonable_doubt"
        and gate_in_force(case, found.id).passed
    )


def hidden_conflicts(case: CaseFile, release: Release) -> tuple[Conflict, ...]:
    """Open material conflicts that touch what a release rests on and that it does not show."""
    return tuple(
        conflict
        for conflict in unsettled_conflicts(case, grounds_of_release(case, release))
        if conflict.id not in release.conflicts_shown
    )


def downgrades(case: CaseFile) -> tuple[Downgrade, ...]:
    """Approved findings whose gate no longer holds, and releases that hide a conflict found since.

    A new material conflict, broken fixity or a withdrawn review brings this about; `consequences` gives
    what must be written in the same step.
    """
    fallen = [
        Downgrade(name, tuple(each.missing for each in unmet), _releases_using(case, name))
        for name, finding in case.named(Finding).items()
        if finding.status == "approved" and (unmet := gate_in_force(case, name).unmet)
    ]
    flagged = {release for each in fallen for release in each.releases}
    hiding = [
        Downgrade("", (f"open conflicts are not shown: {', '.join(each.id for each in hidden)}",), (name,))
        for name, release in case.named(Release).items()
        if release.status in RELEASED and name not in flagged and (hidden := hidden_conflicts(case, release))
    ]
    return (*fallen, *hiding)


def consequences(case: CaseFile) -> tuple[Entity, ...]:
    """New versions and tasks that bring the case in line with what is now known.

    The findings go back to review, allegations to the standard that is left to them, releases are flagged,
    and each flagged release gets a correction to be made.
    """
    changed: dict[str, Entity] = {}
    for each in downgrades(case):
        why = "; ".join(each.because)
        finding = case.get(Finding, each.finding)
        if finding is not None:
            changed[each.finding] = finding.model_copy(update={"status": "under_review", "because": why})
        for name in each.releases:
            release = case.get(Release, name)
            if release is not None:
                changed[name] = release.model_copy(update={"status": "flagged"})
                task = _free_name(case, f"{name}-correction", changed)
                told = f"{each.finding}: {why}" if each.finding else why
                given = {"id": task, "release": name, "because": told}
                changed[task] = Correction.model_validate(
                    {**given, "finding": each.finding} if each.finding else given
                )
    down = {name for name, entity in changed.items() if isinstance(entity, Finding)}
    for name, allegation in case.named(Allegation).items():
        standard = standard_carried(case, name, down)
        if vocabulary.rank_of_standard(allegation.standard) > vocabulary.rank_of_standard(standard):
            changed[name] = allegation.model_copy(update={"standard": standard})
    return tuple(changed.values())


def standard_carried(case: CaseFile, allegation: str, except_for: Iterable[str] = ()) -> str:
    """The highest standard at which a finding on the allegation is approved; `none` without one."""
    left_out = set(except_for)
    reached = [
        finding.standard
        for name, finding in case.named(Finding).items()
        if finding.allegation == allegation and finding.status == "approved" and name not in left_out
    ]
    return max(reached, key=vocabulary.rank_of_standard, default="none")


def _gates(case: CaseFile) -> dict[str, Gate]:
    return {name: gate(case, name) for name in case.named(Finding)}


def _releases_using(case: CaseFile, finding: str) -> tuple[str, ...]:
    return tuple(
        name
        for name, release in case.named(Release).items()
        if release.status in RELEASED
        and (
            finding in release.findings
            or any(finding == each.finding or finding in each.evidence for each in release.sentences)
        )
    )


def _free_name(case: CaseFile, wanted: str, taken: Iterable[str]) -> str:
    name, number = wanted, 2
    used = {*case.references, *taken}
    while name in used:
        name, number = f"{wanted}-{number}", number + 1
    return name

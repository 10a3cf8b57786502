"""What a write brings with it: findings that no longer pass their gate, and what left the house on them."""

from collections.abc import Iterator, Sequence

from videtur.cases.revision import next_name, now, revised
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.accountability import Correction
from videtur.engines.method.entities.base import Entity
from videtur.engines.method.entities.case import Allegation
from videtur.engines.method.entities.publication import Release
from videtur.engines.method.entities.verification import Finding
from videtur.engines.method.footage_status import restated
from videtur.engines.method.gates import gate
from videtur.engines.method.vocabulary import rank_of_standard

LEFT_THE_HOUSE = ("approved", "released")


def consequences(before: CaseFile, after: CaseFile) -> list[Entity]:
    """New versions that follow from the step from `before` to `after` (domain model, section 7, downgrade).

    A finding that was approved and whose gate fails now goes back under review; a release that used it,
    or one that was withdrawn, is flagged, with a correction to be made for each of both. Footage that says
    its derived status says the new one.
    """
    fallen = list(_fallen(before, after))
    for finding in fallen:
        after = after.with_entity(finding)
    found: list[Entity] = [finding for finding in fallen if finding.status == "under_review"]
    found += standards_reached(after, dict.fromkeys(finding.allegation for finding in fallen))
    taken = {placed.reference for placed in after.placed}
    for release in after.named(Release).values():
        used = {*release.findings, *(each.finding for each in release.sentences if each.finding)}
        concerned = [finding for finding in fallen if finding.id in used]
        if not concerned or release.status not in LEFT_THE_HOUSE:
            continue
        found.append(revised(release, status="flagged"))
        for finding in concerned:
            name = next_name("CR", taken)
            taken.add(name)
            because = finding.because or "The finding was withdrawn"
            found.append(
                Correction(id=name, release=release.id, finding=finding.id, because=because, opened=now())
            )
    for each in found:
        after = after.with_entity(each)
    return [*found, *restated(after)]


def standards_reached(case: CaseFile, allegations: Sequence[str] | dict[str, None]) -> list[Allegation]:
    """Allegations whose standard is not the highest at which a finding on them stands; only where one did."""
    found: list[Allegation] = []
    for name in allegations:
        allegation = case.get(Allegation, name)
        reached = [
            finding.standard
            for finding in case.all(Finding)
            if finding.allegation == name and finding.status == "approved"
        ]
        standard = max(reached, key=rank_of_standard, default="none")
        if allegation is not None and allegation.standard != standard:
            found.append(revised(allegation, standard=standard))
    return found


def _fallen(before: CaseFile, after: CaseFile) -> Iterator[Finding]:
    for name, finding in before.named(Finding).items():
        present = after.get(Finding, name)
        if finding.status != "approved" or present is None:
            continue
        if present.status == "withdrawn":
            yield present
        elif present.status == "approved" and not (judged := gate(after, name)).passed:
            missing = "; ".join(condition.missing for condition in judged.conditions if not condition.met)
            yield revised(present, status="under_review", because=f"The gate holds no longer: {missing}")

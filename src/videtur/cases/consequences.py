"""What a write brings with it: findings that no longer pass their gate, and what left the house on them.

What follows is said by the engine (`engines.method.gates`, `engines.method.footage_status`); here is when.
"""

from collections.abc import Iterator

from videtur.cases.revision import next_name, now, revised
from videtur.engines.method import gates
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.accountability import Correction
from videtur.engines.method.entities.base import Entity
from videtur.engines.method.entities.case import Allegation, VerificationState
from videtur.engines.method.entities.publication import Release
from videtur.engines.method.entities.verification import Finding
from videtur.engines.method.footage_status import restated
from videtur.engines.method.standing import verification


def consequences(before: CaseFile, after: CaseFile) -> list[Entity]:
    """New versions that follow from the step from `before` to `after` (domain model, section 7, downgrade).

    A finding that was approved and whose gate fails now goes back under review; a release that used it,
    or one that was withdrawn, is flagged, with a correction to be made for each. Footage that says its
    derived status says the new one.
    """
    found: list[Entity] = []
    for each in (*gates.consequences(after), *_of_withdrawal(before, after)):
        known = after.find(each.reference)
        if isinstance(each, Correction) and known is None:
            found.append(revised(each, opened=now()))
        elif each != known:
            found.append(each)
        after = after.with_entity(found[-1]) if found else after
    return [*found, *restated(after), *_whole(after)]


def raised(case: CaseFile, allegation: str) -> list[Allegation]:
    """The allegation with the standard that its approved findings carry; nothing where it says so already."""
    present = case.get(Allegation, allegation)
    standard = gates.standard_carried(case, allegation)
    if present is None or present.standard == standard:
        return []
    return [revised(present, standard=standard)]


def _whole(after: CaseFile) -> Iterator[VerificationState]:
    """The state of the whole, where the case writes one; its sentence goes when it no longer fits."""
    written, found = after.one(VerificationState), verification(after)
    if written is None:
        return
    same = (written.overall, written.standard) == (found.overall, found.standard)
    if not same or sorted(written.findings) != sorted(found.findings):
        yield revised(
            written,
            overall=found.overall,
            standard=found.standard,
            findings=list(found.findings),
            sentence=None if not same else written.sentence,
        )


def _of_withdrawal(before: CaseFile, after: CaseFile) -> Iterator[Entity]:
    """An approved finding that is taken back: what stands on it, and what is said of the allegation."""
    taken = set(after.references)
    for name, finding in after.named(Finding).items():
        was = before.get(Finding, name)
        if was is None or was.status != "approved" or finding.status != "withdrawn":
            continue
        yield from raised(after, finding.allegation)
        for release in after.named(Release).values():
            used = {*release.findings, *(each.finding for each in release.sentences if each.finding)}
            if name in used and release.status in gates.RELEASED:
                yield revised(release, status="flagged")
                task = next_name(f"{release.id}-correction", taken)
                taken.add(task)
                because = finding.because or "The finding was withdrawn"
                yield Correction(id=task, release=release.id, finding=name, because=because)

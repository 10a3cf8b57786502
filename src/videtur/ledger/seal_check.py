"""The files outside the object store against the seal; needs neither settings nor database."""

from dataclasses import dataclass, field
from pathlib import Path

from videtur.engines.custody.verdict import Kind, Problem
from videtur.errors import VideturError
from videtur.ledger.occupancy import quiet, read_work_state
from videtur.ledger.sealed_files import (
    LOCK,
    SEAL,
    Seal,
    SealBroken,
    compare,
    is_ours_to_write,
    read_seal,
)


@dataclass(slots=True)
class SealCheck:
    """How the files outside the object store stand to the seal."""

    problems: list[Problem] = field(default_factory=list[Problem])
    remarks: list[str] = field(default_factory=list[str])
    records_may_be_opened: bool = True
    """False where opening the database would play back a log that nobody recorded."""
    seal: Seal | None = None


def check_seal(root: Path) -> SealCheck:
    """Compare the files outside the object store with the seal; needs neither settings nor database."""
    check = SealCheck()
    with quiet(root) as alone:
        try:
            seal = check.seal = read_seal(root)
            state = read_work_state(root)
        except (SealBroken, VideturError) as problem:
            name = SEAL if isinstance(problem, SealBroken) else LOCK
            check.problems.append(Problem(name, str(problem), Kind.SEAL))
            return check
        in_order = alone and state is None
        if seal is None:
            _without_seal(alone, state is not None, check)
            return check
        if not alone:
            check.remarks.append(
                "Somebody is working in this workspace: databases are compared with the ledger, "
                "not with the seal."
            )
        elif state is not None:
            check.remarks.append(
                f"The work begun at {state.since} was cut off before the workspace was sealed: databases "
                "are compared with the ledger, not with the seal. The next command that writes seals again."
            )
        _compare_files(root, seal, in_order, check)
    for notice in (*seal.notices, *(state.notices if state is not None else ())):
        if notice.accepted:
            check.remarks.append(
                f"{notice.path}: changed outside Videtur (noticed {notice.at}): {notice.accepted}"
            )
        else:
            what = f"changed outside Videtur, noticed at {notice.at}: {notice.what}"
            check.problems.append(Problem(notice.path, what, Kind.SEAL))
    for cut in seal.interruptions:
        check.remarks.append(
            f"Work begun at {cut.since} was cut off; at {cut.found_at} every row was compared with the "
            f"ledger before sealing again: {cut.problems} differed."
        )
    return check


def _without_seal(alone: bool, working: bool, check: SealCheck) -> None:
    if working and not alone:
        check.remarks.append("The workspace is being worked in and was never sealed.")
    else:
        what = "the seal is missing: bytes outside the records and the objects cannot be checked"
        check.problems.append(Problem(SEAL, what, Kind.SEAL))


def _compare_files(root: Path, seal: Seal, in_order: bool, check: SealCheck) -> None:
    comparison = compare(root, seal, working=in_order)
    for path, what in comparison.changed.items():
        kind = Kind.MISSING if what == "the file is missing" else Kind.SEAL
        check.problems.append(Problem(path, what, kind))
    for path in comparison.added:
        if in_order and is_ours_to_write(path):
            check.problems.append(Problem(path, "a file that nobody recorded", Kind.SEAL))
            check.records_may_be_opened = False
        elif not path.startswith("checkpoints/") and not is_ours_to_write(path):
            check.remarks.append(f"{path}: not sealed yet.")

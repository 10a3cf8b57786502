"""`videtur verify`: everything stored, against the ledger and the seal."""

from videtur.engines.custody.verdict import Kind, Problem, VerificationReport, report
from videtur.errors import VideturError
from videtur.ledger.record_check import RecordCheck, check_records
from videtur.ledger.seal_check import SealCheck, check_seal
from videtur.storage.local_disk import STAGING, LocalDisk, is_abandoned
from videtur.storage.object_store import ObjectStore
from videtur.storage.store_check import StoreCheck, validate
from videtur.workspace import Workspace


def verify_workspace(
    workspace: Workspace, hashing: bool = True, store: ObjectStore | None = None
) -> VerificationReport:
    """Verify a workspace, changing nothing. Without `hashing`, stored objects are only looked up."""
    seal = check_seal(workspace.root)
    return verify_contents(workspace, seal, hashing, store)


def verify_contents(
    workspace: Workspace, seal: SealCheck, hashing: bool = True, store: ObjectStore | None = None
) -> VerificationReport:
    """The rest of the verification, once the files have been compared with the seal."""
    records = _records(workspace, seal)
    problems, remarks = [*seal.problems, *records.problems], list(seal.remarks)
    if seal.seal is not None and records.entries < seal.seal.ledger_size:
        what = f"the ledger has {records.entries} entries; {seal.seal.ledger_size} were sealed"
        problems.append(Problem(records.database, what, Kind.RECORD))
    checked = _objects(workspace, hashing, store, problems)
    if checked is not None:
        prefix = _prefix(workspace)
        problems += _store_problems(checked, prefix)
        problems += _reference_problems(records, checked, hashing, prefix)
        remarks += _unrecorded(records, checked, prefix)
        remarks += _left_in_staging(workspace)
    if not hashing:
        remarks.append("The bytes of stored objects were not read (--quick).")
    counts = {
        "entries": records.entries,
        "rows": records.rows,
        "checkpoints": records.checkpoints,
        "objects": 0 if checked is None else checked.objects,
    }
    return report(problems, remarks, counts)


def _records(workspace: Workspace, seal: SealCheck) -> RecordCheck:
    path = workspace.sqlite_path
    name = "database server" if path is None else path.name
    records = RecordCheck(name)
    if path is not None and not path.is_file():
        records.add("the database is missing", Kind.MISSING)
        return records
    if not seal.records_may_be_opened:
        records.add("not opened: a file beside it, which nobody recorded, would be taken into it")
        return records
    return check_records(workspace)


def _objects(
    workspace: Workspace, hashing: bool, store: ObjectStore | None, problems: list[Problem]
) -> StoreCheck | None:
    try:
        if store is None:
            if not workspace.object_root.is_dir():
                problems.append(
                    Problem(_prefix(workspace), "the folder of the objects is missing", Kind.MISSING)
                )
                return None
            store = LocalDisk(workspace.object_root, read_only=True)
        return validate(store, hashing)
    except VideturError as problem:
        problems.append(Problem(_prefix(workspace), problem.explain(), Kind.MISSING))
        return None


def _prefix(workspace: Workspace) -> str:
    return workspace.objects.removeprefix("file:")


def _store_problems(checked: StoreCheck, prefix: str) -> list[Problem]:
    return [
        Problem(
            f"{prefix}/{_printable(problem.key)}",
            problem.what,
            Kind.MISSING if problem.missing else Kind.NAME if problem.unexplained else Kind.CONTENT,
        )
        for problem in checked.problems
    ]


def _reference_problems(
    records: RecordCheck, checked: StoreCheck, hashing: bool, prefix: str
) -> list[Problem]:
    """Every object that rows name, against what they say of it."""
    problems: list[Problem] = []

    def differs(key: str, what: str, kind: Kind = Kind.CONTENT) -> None:
        problems.append(Problem(f"{prefix}/{key}", what, kind))

    for key, (reference, row) in records.references.items():
        digests = checked.contents.get(key)
        if digests is None:
            differs(key, f"missing, or not to be read; named by {row}", Kind.MISSING)
        elif digests.size != reference.size:
            differs(key, f"has {digests.size} bytes where {row} says {reference.size}")
        elif hashing and digests.sha256 != reference.sha256:
            differs(key, f"its SHA-256 is not the one of {row}")
        elif hashing and records.sha512.get(key, digests.sha512) != digests.sha512:
            differs(key, f"its SHA-512 is not the one of {row}")
    return problems


def _unrecorded(records: RecordCheck, checked: StoreCheck, prefix: str) -> list[str]:
    """Objects that are in themselves sound and that no row names."""
    if not records.references and records.problems:
        return []  # the records could not be read: nothing can be said
    return [
        f"{prefix}/{key}: stored, but never recorded; work that was cut off leaves such files."
        for key in checked.contents
        if key not in records.references
    ]


def _left_in_staging(workspace: Workspace) -> list[str]:
    staging = workspace.object_root / STAGING
    if not staging.is_dir():
        return []
    left = [folder for folder in staging.iterdir() if folder.is_dir() and is_abandoned(folder)]
    return [
        f"{_prefix(workspace)}/{STAGING}/{folder.name}: left by work that was cut off." for folder in left
    ]


def _printable(key: str) -> str:
    return key.encode("utf-8", "backslashreplace").decode()

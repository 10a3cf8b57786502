"""The only writer of exports and reports: nothing leaves without an entry that says so.

An export is recorded when the package is complete and durable under a temporary name, and before it gets
its own. So the entry can name the package's digest, a package that appeared is always in the ledger, and
after a crash in between the ledger may know of a package that nobody has. The package's checkpoint cannot
contain the entry of its own export; the next checkpoint does.
"""

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from videtur.cases.models import Case
from videtur.cases.rules import Rule, may_export
from videtur.errors import NotPermitted, WrongUsage
from videtur.ledger.checkpoints import sign_checkpoint
from videtur.ledger.keys import load_ledger_key
from videtur.ledger.services import record
from videtur.people.models import User
from videtur.publication.families import families_of
from videtur.publication.models import PackageExport, ReportIssue
from videtur.publication.package import Progress, Sources, fill_package
from videtur.publication.record import CaseRecord, read_case
from videtur.publication.report import Report, make_report
from videtur.publication.report_forms import as_html, as_json
from videtur.storage.bag_writer import BagWriter
from videtur.storage.durable_files import create_file, disk_errors, sync_folder, write_all
from videtur.storage.object_store import ObjectStore
from videtur.workspace import Workspace

FORMS: dict[str, Callable[[Report], bytes]] = {"html": as_html, "json": as_json}


@dataclass(frozen=True, slots=True)
class House:
    """Where exports come from: the workspace and its object store."""

    workspace: Workspace
    store: ObjectStore


@dataclass(frozen=True, slots=True)
class Exported:
    """What was exported, and its entry in the ledger."""

    row: PackageExport
    size: int
    """Bytes of the originals."""
    key_fingerprint: str


def export_package(
    actor: str, case: Case, destination: Path, house: House, progress: Progress = lambda _count: None
) -> Exported:
    """Write the evidence package of a case to a folder that does not exist yet.

    Raises NotPermitted for a person who may not export the case, WrongUsage when the place is taken,
    StorageFailed when an original is damaged or the disk refuses; then nothing is left at the place.
    """
    require(actor, may_export, case)
    _refuse_inside(destination, house.workspace)
    with BagWriter(destination) as bag:
        signer = load_ledger_key(house.workspace)
        case_now = read_case(case, sign_checkpoint(house.workspace))
        sources = Sources(case_now, families_of(case_now), house.store, signer)
        tag_manifest = fill_package(bag, sources, progress)
        row = PackageExport(
            case=case.thing,
            tag_manifest_sha256=sha256(tag_manifest).hexdigest(),
            checkpoint_size=case_now.checkpoint.size,
            item_count=len(case_now.items),
            exported_by=actor,
        )
        record("publication.package.exported", actor, [row], case=case.slug)
        bag.move_into_place()
    return Exported(row, sum(item.size for item in case_now.items), signer.verifier.fingerprint)


def issue_report(actor: str, case: Case, destination: Path, house: House) -> ReportIssue:
    """Write the report on a case, as the ending of the name says. Raises as `export_package`."""
    require(actor, may_export, case)
    form = report_form(destination)
    _refuse_inside(destination, house.workspace)
    signer = load_ledger_key(house.workspace)
    case_now: CaseRecord = read_case(case, sign_checkpoint(house.workspace))
    report = make_report(case_now, families_of(case_now), signer.verifier.fingerprint)
    data = FORMS[form](report)
    row = ReportIssue(case=case.thing, sha256=sha256(data).hexdigest(), form=form, issued_by=actor)
    partial = _write_beside(destination, data)
    try:
        record("publication.report.issued", actor, [row], case=case.slug)
        with disk_errors("create", destination):
            os.link(partial, destination)  # unlike a rename, it never replaces a file
    finally:
        partial.unlink(missing_ok=True)
    sync_folder(destination.absolute().parent)
    return row


def report_form(destination: Path) -> str:
    """The form that a name asks for. Raises WrongUsage for one we do not write, and for a taken name."""
    form = destination.suffix.removeprefix(".").lower()
    if form == "pdf":
        raise WrongUsage(
            "Reports in PDF are not there yet", remedy="Write HTML and print it: videtur report CASE OUT.html"
        )
    if form not in FORMS:
        raise WrongUsage(
            f"{destination.name} does not say in which form to write the report",
            remedy="End the name in .html or .json",
        )
    if os.path.lexists(destination):
        raise WrongUsage(f"{destination} is there already", remedy="Choose a name that is not taken")
    if not destination.absolute().parent.is_dir():
        raise WrongUsage(f"{destination.parent} is not a folder", remedy="Make it first")
    return form


def require(actor: str, rule: Rule, case: Case) -> None:
    """Let a person pass who may; a part of the system, which acts for the keeper of the workspace, passes.

    Raises NotPermitted.
    """
    kind, _, identity = actor.partition(":")
    if kind != "user":
        return
    user = User.objects.filter(id=identity).first()
    if user is None or not rule(user, case):
        raise NotPermitted(
            f"You may not take {case.slug} out of the house",
            "That is for its case lead and its publication approver",
            "Ask one of them",
        )


def _refuse_inside(destination: Path, workspace: Workspace) -> None:
    """What goes out does not lie among the files that are sealed."""
    if destination.absolute().parent.resolve().is_relative_to(workspace.root.resolve()):
        raise WrongUsage(f"{destination} lies inside the workspace", remedy="Choose a place outside of it")


def _write_beside(destination: Path, data: bytes) -> Path:
    partial = destination.absolute().with_name(f".{destination.name}.{secrets.token_hex(6)}.partial")
    descriptor = create_file(partial)
    try:
        with disk_errors("write", destination):
            write_all(descriptor, memoryview(data))
            os.fchmod(descriptor, 0o644)
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return partial

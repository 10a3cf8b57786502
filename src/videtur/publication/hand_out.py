"""What leaves with a release, as a folder: its text and its masked copies with their signed records. No more.

The folder appears when it is complete and the release is recorded; after an end in between, the ledger may
know of a folder that nobody has.
"""

import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from videtur.cases.access import get_visible
from videtur.cases.case_file import case_file_of
from videtur.cases.models import Case
from videtur.cases.rules import require_role
from videtur.engines.method.entities.publication import Exposed, Redaction, Release
from videtur.errors import StorageFailed, WrongUsage
from videtur.evidence.contributions import item_name
from videtur.footage.derived import open_store
from videtur.people.models import User
from videtur.pipeline.models import OutputRecord
from videtur.pipeline.redaction_files import COPY_FILE, RECORD_FILE
from videtur.publication.redaction_standing import derivation_of_copy
from videtur.publication.release_steps import hindrances, release
from videtur.storage.durable_files import create_file, disk_errors, sync_folder, write_all

SENDING = frozenset({"publication_approver", "case_lead"})
_CHUNK = 1 << 20
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class HandedOut:
    """What was written."""

    release: Release
    files: tuple[str, ...]


def hand_out(
    user: User, case: Case, reference: str, destination: Path, told: Progress = lambda _count: None
) -> HandedOut:
    """Write an approved release to a folder that does not exist yet, and record that it left.

    One that left before is written again as it was. Raises WrongUsage with all that stands against it, or
    when a picture of it has no masked copy that was made and checked here; then nothing is written.
    """
    require_role(user, case, SENDING, "hand out a release")
    present = get_visible(user, case, Release, reference)
    if present.status not in ("approved", "released"):
        raise WrongUsage(f"{reference} is {present.status}", remedy="It leaves when it is approved")
    if against := hindrances(case_file_of(case), present):
        raise WrongUsage(
            f"{reference} may not leave",
            "; ".join(each.explain() for each in against),
        )
    if os.path.lexists(destination):
        raise WrongUsage(f"{destination} is there already", remedy="Choose a name that is not taken")
    if not destination.absolute().parent.is_dir():
        raise WrongUsage(f"{destination.parent} is not a folder", remedy="Make it first")
    copies = {name: record for media in present.media for name, record in _copy_of(case, media)}
    partial = destination.absolute().with_name(f".{destination.name}.{secrets.token_hex(6)}.partial")
    try:
        with disk_errors("make the folder", partial):
            partial.mkdir(mode=0o755)
        files = _fill(partial, present, copies, told)
        out = release(user, case, reference) if present.status == "approved" else present
        with disk_errors("create", destination):
            partial.rename(destination)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    sync_folder(destination.absolute().parent)
    return HandedOut(out, files)


def text_of(present: Release) -> str:
    """The release as plain text: its title and its sentences, without the names of our records."""
    lines = [present.title, "", *(sentence.text for sentence in present.sentences)]
    return "\n".join(lines) + "\n"


def _copy_of(case: Case, media: Exposed) -> Iterator[tuple[str, OutputRecord]]:
    redaction = case_file_of(case).get(Redaction, media.redaction)
    digest = redaction.sha256 if redaction is not None else None
    row = derivation_of_copy(digest)
    if row is None or item_name(row.input_sha256) != media.item:
        raise WrongUsage(
            f"There is no masked copy of {media.item} that was made and checked here",
            remedy="Make it on the page of the item, or leave the item out of the release",
        )
    yield f"{digest}.mp4", row.outputs[COPY_FILE]
    yield f"{digest}.{RECORD_FILE}", row.outputs[RECORD_FILE]


def _fill(
    folder: Path, present: Release, copies: Mapping[str, OutputRecord], told: Progress
) -> tuple[str, ...]:
    digests: dict[str, str] = {}
    for name, record in copies.items():
        digests[name] = _written(folder / name, _bytes_of(record, told))
        if digests[name] != record["sha256"]:
            raise StorageFailed(f"{name} differs from what was recorded", remedy="Run: videtur verify --deep")
    digests["release.txt"] = _written(folder / "release.txt", [text_of(present).encode()])
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
    _written(folder / "SHA256SUMS", [lines.encode()])
    sync_folder(folder)
    return (*sorted(digests), "SHA256SUMS")


def _bytes_of(record: OutputRecord, told: Progress) -> Iterator[bytes]:
    with open_store().open(record["key"]) as file:
        while data := file.read(_CHUNK):
            told(len(data))
            yield data


def _written(path: Path, parts: "Iterator[bytes] | list[bytes]") -> str:
    digest = hashlib.sha256()
    descriptor = create_file(path)
    try:
        with disk_errors("write", path):
            for part in parts:
                digest.update(part)
                write_all(descriptor, memoryview(part))
            os.fchmod(descriptor, 0o644)
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return digest.hexdigest()

"""Signed checkpoints: in the table, and as files that can be copied to witnesses."""

from pathlib import Path

from django.conf import settings

from videtur.engines.custody import merkle, notes
from videtur.engines.custody.signing import Verifier
from videtur.errors import VerificationFailed, WrongUsage
from videtur.ledger import services
from videtur.ledger.keys import load_ledger_key
from videtur.ledger.models import Checkpoint
from videtur.storage.durable_files import disk_errors, replace_file, sync_folder
from videtur.workspace import Workspace

FOLDER = "checkpoints"


def sign_checkpoint(workspace: Workspace | None = None) -> Checkpoint:
    """Sign the ledger as it stands, unless that was done at this size; write the checkpoint's file.

    The tree must only have grown since the checkpoint before: otherwise nothing is signed and
    VerificationFailed is raised. Raises WrongUsage for an empty ledger or a missing key.
    """
    place = workspace or configured_workspace()
    signer = load_ledger_key(place)
    with services.exclusively():
        size = services.size()
        if size == 0:
            raise WrongUsage("The ledger is empty", remedy="Take something in first")
        previous = Checkpoint.objects.order_by("-size").first()
        if previous is not None and previous.size == size:
            checkpoint = previous
        else:
            root = merkle.root_hash(size, services.read_node)
            if previous is not None:
                _check_growth(previous, size, root, signer.verifier)
            note = notes.sign_tree_head(notes.TreeHead(signer.name, size, root), [signer])
            checkpoint = Checkpoint.objects.create(size=size, root=root, note=note)
    write_checkpoint_files(place)
    return checkpoint


def write_checkpoint_files(workspace: Workspace) -> None:
    """Write the file of every checkpoint that has none: the table is committed first, the file follows."""
    folder = workspace.root / FOLDER
    if not folder.is_dir():
        with disk_errors("make the folder", folder):
            folder.mkdir()
        sync_folder(workspace.root)
    there = checkpoint_files(workspace)
    for size, note in Checkpoint.objects.values_list("size", "note"):
        if str(size) not in there:
            replace_file(folder / str(size), note.encode(), mode=0o444)


def checkpoint_file(workspace: Workspace, size: int) -> Path:
    """Where the checkpoint of that size lies."""
    return workspace.root / FOLDER / str(size)


def checkpoint_files(workspace: Workspace) -> set[str]:
    """The names of the files of checkpoints that are there."""
    try:
        return {path.name for path in (workspace.root / FOLDER).iterdir() if not path.name.startswith(".")}
    except FileNotFoundError:
        return set()


def configured_workspace() -> Workspace:
    """The workspace that Django's settings were made from."""
    workspace = settings.WORKSPACE
    assert isinstance(workspace, Workspace)  # noqa: S101 - the settings module sets nothing else
    return workspace


def _check_growth(previous: Checkpoint, size: int, root: bytes, verifier: Verifier) -> None:
    try:
        signed = notes.open_checkpoint(previous.note, [verifier])
    except notes.NoteRefused as problem:
        raise _inconsistent(previous.size, str(problem)) from problem
    if size < signed.size or signed.size != previous.size:
        raise _inconsistent(previous.size, f"It now holds {size} entries")
    proof = merkle.consistency_proof(signed.size, size, services.read_node)
    if not merkle.verify_consistency(signed.size, size, signed.root, root, proof):
        raise _inconsistent(previous.size, "Its tree does not continue the signed one")


def _inconsistent(size: int, why: str) -> VerificationFailed:
    return VerificationFailed(
        f"The ledger no longer agrees with the checkpoint signed at {size} entries",
        why,
        "Run: videtur verify",
    )

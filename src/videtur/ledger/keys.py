"""The ledger's signing key: an Ed25519 key in the workspace's `keys` folder."""

import os
from pathlib import Path

from videtur.engines.custody.signing import Signer, Verifier
from videtur.errors import StorageFailed, VerificationFailed, WrongUsage
from videtur.storage.durable_files import create_file, disk_errors, sync_folder, write_all
from videtur.workspace import Workspace

PRIVATE_KEY = "ledger.pem"
PUBLIC_KEY = "ledger.pub.pem"


def create_ledger_key(workspace: Workspace) -> Verifier:
    """Make the key that signs checkpoints and seals. Raises WrongUsage if there is one."""
    signer = Signer.new()
    with disk_errors("make the folder", workspace.keys):
        workspace.keys.mkdir(mode=0o700, parents=True, exist_ok=True)
        workspace.keys.chmod(0o700)
    try:
        _write(workspace.keys / PRIVATE_KEY, signer.as_pem(), 0o600)
    except StorageFailed as problem:
        if isinstance(problem.__cause__, FileExistsError):
            raise WrongUsage(f"{workspace.keys / PRIVATE_KEY} is there already") from None
        raise
    (workspace.keys / PUBLIC_KEY).unlink(missing_ok=True)  # of a key whose private half is gone
    _write(workspace.keys / PUBLIC_KEY, signer.verifier.as_pem(), 0o644)
    sync_folder(workspace.keys)
    sync_folder(workspace.root)
    return signer.verifier


def load_ledger_key(workspace: Workspace) -> Signer:
    """The key that signs. Raises WrongUsage when there is none, VerificationFailed when it is damaged."""
    path = workspace.keys / PRIVATE_KEY
    try:
        return Signer.from_pem(_read(path))
    except ValueError as problem:
        raise _damaged(path, problem) from problem


def load_ledger_verifier(workspace: Workspace) -> Verifier:
    """The public half, read from its own file: enough to verify. Raises as `load_ledger_key`."""
    path = workspace.keys / PUBLIC_KEY
    try:
        return Verifier.from_pem(_read(path))
    except ValueError as problem:
        raise _damaged(path, problem) from problem


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise WrongUsage(f"There is no key at {path}", remedy="Make one: videtur key create") from None
    except OSError as problem:
        raise StorageFailed(f"Could not read {path}", str(problem.strerror)) from problem


def _write(path: Path, data: bytes, mode: int) -> None:
    descriptor = create_file(path)
    try:
        with disk_errors("write", path):
            os.fchmod(descriptor, mode)
            write_all(descriptor, memoryview(data))
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _damaged(path: Path, problem: ValueError) -> VerificationFailed:
    return VerificationFailed(
        f"{path} is not a key any more", str(problem).splitlines()[0], "Restore it from a backup"
    )

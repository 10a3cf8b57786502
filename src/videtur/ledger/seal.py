"""Who is working in the workspace, and sealing it when the last one leaves.

A process that writes holds the workspace's lock, shared, from `writing` to its end. The first one in checks
the seal that was left; the last one out signs a checkpoint and a new seal. While somebody works, the lock's
file says since when: if it still says so when nobody holds the lock, the work was cut off, and the next
writer compares every row with the ledger before a seal is made again. What was found changed is never
sealed over in silence: a notice goes into every later seal, and `verify` fails, until a person accepts it.
"""

import fcntl
import logging
import os
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from django.db import DatabaseError, connection, connections

from videtur.engines.custody import merkle
from videtur.errors import StorageFailed, VideturError, WrongUsage
from videtur.ledger import checkpoints, services
from videtur.ledger.keys import load_ledger_key
from videtur.ledger.models import Checkpoint, Entry
from videtur.ledger.occupancy import Presence, WorkState, gate
from videtur.ledger.record_check import check_records
from videtur.ledger.sealed_files import (
    SEAL,
    Interruption,
    Notice,
    Seal,
    SealBroken,
    accept,
    compare,
    is_ours_to_write,
    measure_files,
    now,
    objects_folder,
    read_seal,
    settle,
    write_seal,
)
from videtur.storage.local_disk import LocalDisk
from videtur.storage.object_store import ObjectStore
from videtur.workspace import Workspace

_log = logging.getLogger(__name__)
_REMEMBERED_INTERRUPTIONS = 20


@contextmanager
def writing(workspace: Workspace, store: ObjectStore | None = None) -> Generator[None]:
    """Work in the workspace: around everything that writes. May be nested, and held by many processes.

    At the end: the store's staging folder goes, this thread's database connections are closed, and if nobody
    else works here a checkpoint is signed (when the ledger grew) and the workspace sealed. Raises WrongUsage
    at the end if there is no ledger key.
    """
    descriptor = _enter(workspace)
    try:
        try:
            yield
        except BaseException:
            try:
                _finish(workspace, store, descriptor)
            except VideturError as problem:  # what went wrong first is what the caller must hear
                _log.warning(problem.explain())
            raise
        _finish(workspace, store, descriptor)
    finally:
        os.close(descriptor)


def seal_workspace(workspace: Workspace, store: ObjectStore | None = None) -> bool:
    """Seal, unless somebody works here; then they will. Prefer `writing`, which also checks on entry."""
    if store is not None:
        store.close()
    with gate(workspace.root), closing(Presence(workspace.root)) as presence:
        if not presence.alone():
            return False
        _seal(workspace, presence.read())
        presence.write(None)
        return True


def accept_changes(workspace: Workspace, reason: str) -> list[Notice]:
    """Seal the workspace as it is, with a person's reason for living with what had changed.

    Returns what was accepted. Raises WrongUsage while somebody works here.
    """
    with gate(workspace.root), closing(Presence(workspace.root)) as presence:
        if not presence.alone():
            raise WrongUsage("Somebody is working in this workspace", remedy="Stop serve and workers first")
        state = _begin(workspace, presence.read())
        _seal(workspace, state, reason)
        presence.write(None)
        return [notice for notice in state.notices if not notice.accepted]


def _enter(workspace: Workspace) -> int:
    with gate(workspace.root):
        presence = Presence(workspace.root)
        try:
            if presence.alone():
                with services.database_errors():
                    presence.write(_begin(workspace, presence.read()))
            presence.share()
        except BaseException:
            presence.close()
            raise
        return presence.descriptor


def _finish(workspace: Workspace, store: ObjectStore | None, descriptor: int) -> None:
    if store is not None:
        store.close()
    connections.close_all()
    with gate(workspace.root):
        presence = Presence(workspace.root)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_UN)
            if presence.alone():
                with services.database_errors():
                    _seal(workspace, presence.read())
                presence.write(None)
        finally:
            presence.close()


def _begin(workspace: Workspace, left: WorkState | None) -> WorkState:
    """Look at what the last ones left, before anything is written over it."""
    root = workspace.root
    time = now()
    try:
        seal = read_seal(root)
    except SealBroken as problem:
        seal = None
        found = [Notice(SEAL, str(problem), time)]
    else:
        found = _differences(workspace, seal, working=left is None)
        if seal is None and left is None and _ledger_size(workspace):
            found.append(Notice(SEAL, "the seal was missing", time))
    interruptions = list(left.interruptions) if left is not None else []
    notices = [*(left.notices if left is not None else ()), *found]
    if left is not None:
        problems = len(check_records(workspace).problems) if _ledger_size(workspace) else 0
        interruptions.append(Interruption(left.since, time, problems))
    for notice in found:
        _log.warning("%s: %s. Run: videtur verify", notice.path, notice.what)
    return WorkState(time, notices, interruptions[-_REMEMBERED_INTERRUPTIONS:])


def _differences(workspace: Workspace, seal: Seal | None, working: bool) -> list[Notice]:
    if seal is None:
        return []
    known = {notice.path for notice in seal.notices}
    comparison = compare(workspace.root, seal, working=working, trusting_stamps=True)
    found = [
        Notice(path, what, now(), seal.files[path].sha256)
        for path, what in comparison.changed.items()
        if path not in known or seal.files[path].working
    ]
    if working:
        found += [
            Notice(path, "a file that nobody recorded", now())
            for path in comparison.added
            if is_ours_to_write(path)
        ]
    return found


def _seal(workspace: Workspace, state: WorkState | None, accepting: str = "") -> None:
    """Sign a checkpoint and a seal. Nobody else works here, and nobody comes in meanwhile."""
    signer = load_ledger_key(workspace)
    size = _ledger_size(workspace)
    if size and not Checkpoint.objects.filter(size=size).exists():
        checkpoints.sign_checkpoint(workspace)
    elif size:
        checkpoints.write_checkpoint_files(workspace)
    ledger_root = merkle.root_hash(size, services.read_node).hex()
    connections.close_all()
    if objects_folder(workspace) and workspace.object_root.is_dir():
        LocalDisk(workspace.object_root)  # cleans what the dead left in staging
    for database in (workspace.sqlite_path, workspace.jobs_database):
        if database is not None:
            _fold_in_write_ahead_log(database)
    before: Seal | None = None
    with suppress(SealBroken):  # noticed on entry
        before = read_seal(workspace.root)
    notices = list(before.notices) if before is not None else []
    notices += state.notices if state is not None else []
    already = {notice.path for notice in notices}
    notices += [each for each in _differences(workspace, before, False) if each.path not in already]
    files = measure_files(workspace.root, workspace, before)
    notices = settle(notices, files)
    interruptions = [*(before.interruptions if before else ()), *(state.interruptions if state else ())]
    write_seal(
        workspace.root,
        Seal(
            sealed_at=now(),
            objects=objects_folder(workspace),
            ledger_size=size,
            ledger_root=ledger_root,
            files=files,
            notices=accept(notices, accepting) if accepting else notices,
            interruptions=interruptions[-_REMEMBERED_INTERRUPTIONS:],
        ),
        signer,
    )


def _ledger_size(workspace: Workspace) -> int:
    """Entries in the ledger; 0 where there is no database yet, and never making one."""
    path = workspace.sqlite_path
    if path is not None and str(connection.settings_dict["NAME"]) == str(path) and not path.is_file():
        return 0
    try:
        if Entry._meta.db_table not in connection.introspection.table_names():
            return 0
        return services.size()
    except DatabaseError as problem:
        raise StorageFailed(
            f"The records of {workspace.root} cannot be read", str(problem), "Run: videtur verify"
        ) from problem


def _fold_in_write_ahead_log(database: Path) -> None:
    """Move what SQLite wrote beside the database into it, so that one file holds everything."""
    if not database.is_file():
        return
    try:
        with closing(sqlite3.connect(database, timeout=60)) as handle:
            busy = handle.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.Error as problem:
        raise StorageFailed(
            f"{database} could not be sealed", str(problem), "Run: videtur verify"
        ) from problem
    if busy:
        raise StorageFailed(
            f"{database} could not be sealed", "Another program reads it", "Run the same command again"
        )

"""Several workers on one machine: one process each, started again when one is killed."""

import logging
import os
import subprocess
import sys
import threading
import time

from videtur.errors import StorageFailed
from videtur.workspace import ENVIRONMENT_VARIABLE, Workspace

_LOOK_SECONDS = 0.5
_RESTART_AFTER_SECONDS = 2.0
_MOST_QUICK_ENDS = 5
_QUICK_SECONDS = 10.0
_log = logging.getLogger(__name__)


def run_workers(workspace: Workspace, slots: int, stop: threading.Event) -> None:
    """Keep `slots` workers running until `stop` is set, then let each finish what it is at.

    Raises StorageFailed when one keeps ending as soon as it is started: something is wrong for all.
    """
    workers = [_start(workspace) for _ in range(slots)]
    begun = [time.monotonic()] * slots
    quick_ends = 0
    try:
        while not stop.wait(_LOOK_SECONDS):
            for slot, process in enumerate(workers):
                if process.poll() is None:
                    continue
                quick_ends = quick_ends + 1 if time.monotonic() - begun[slot] < _QUICK_SECONDS else 1
                if quick_ends >= _MOST_QUICK_ENDS:
                    raise StorageFailed("Workers end as soon as they are started", "See the lines above")
                _log.warning("Worker %d ended (%s); another takes its place", slot + 1, process.returncode)
                stop.wait(_RESTART_AFTER_SECONDS)
                workers[slot], begun[slot] = _start(workspace), time.monotonic()
    finally:
        for process in workers:
            process.terminate()
        for process in workers:
            process.wait()


def _start(workspace: Workspace) -> "subprocess.Popen[bytes]":
    code = "from videtur.cli.main import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, "worker", "--slots", "1", "--end-with", str(os.getpid())],
        env={**os.environ, ENVIRONMENT_VARIABLE: str(workspace.root)},
        stdin=subprocess.DEVNULL,
        # Ctrl-C is ours to hand on: a second one would end them in the middle.
        start_new_session=True,
    )

"""A worker: one process that takes one input after another from the queue, until it is told to stop."""

import fcntl
import logging
import os
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer
from django.db import DatabaseError, close_old_connections

from videtur.pipeline.dbos_runner import (
    APPLICATION,
    APPLICATION_VERSION,
    QUEUE,
    SCHEMA,
    WORKFLOW,
    jobs_database_url,
)
from videtur.pipeline.examination import SURROUNDINGS, Examiner
from videtur.pipeline.jobs import Job
from videtur.pipeline.orphans import adopt_orphans
from videtur.pipeline.queries import BEAT_SECONDS
from videtur.pipeline.runner import executor_name
from videtur.pipeline.services import beat, keep_beating, stop_beating
from videtur.pipeline.steps import Group
from videtur.workspace import Workspace

DRAIN_SECONDS = 60
"""How long a worker that is to stop goes on with the run it is at. What it leaves, another takes up."""
_MOST_SLOTS = 1000
_log = logging.getLogger(__name__)


def run_worker(workspace: Workspace, stop: threading.Event) -> None:
    """Work until `stop` is set, then finish the run that is going on and leave the rest in the queue.

    DBOS's threads may still wait for more when this returns: the process should end with `os._exit`.
    """
    with _slot(workspace) as slot:
        executor = executor_name(slot)
        with Examiner(workspace, executor, serves_queue=True) as examiner:
            beat(executor, serves_queue=True)
            _launch(workspace, executor, examiner)
            try:
                _stay(executor, stop)
            finally:
                if not examiner.wait_until_idle(DRAIN_SECONDS):
                    _log.warning("Stopped in the middle of a long run; it will be begun again")
                DBOS.destroy()
                stop_beating(executor)


def _launch(workspace: Workspace, executor: str, examiner: Examiner) -> None:
    config: DBOSConfig = {
        "name": APPLICATION,
        "system_database_url": jobs_database_url(workspace),
        "dbos_system_schema": SCHEMA,
        "serializer": DBOSPortableJSONSerializer(),
        "executor_id": executor,
        "application_version": APPLICATION_VERSION,
        "log_level": "WARNING",
        "enable_otlp": False,
    }
    DBOS(config=config)
    _register_workflow(examiner)
    DBOS.launch()
    # One input at a time: a second worker process is the way to a second input.
    DBOS.register_queue(QUEUE, worker_concurrency=1, polling_interval_sec=0.5)


def _register_workflow(examiner: Examiner) -> None:
    def run_group(input_sha256: str, object_key: str, group: str, again: bool) -> None:
        close_old_connections()
        try:
            examiner.run_group(Job(input_sha256, object_key), Group(group), again)
        finally:
            close_old_connections()

    @DBOS.workflow(name=WORKFLOW)
    def examine(input_sha256: str, object_key: str, groups: list[str], again: bool) -> None:
        """One input; each group of steps is remembered when it is done."""
        for group in groups:
            DBOS.run_step(
                {
                    "name": group,
                    "retries_allowed": True,
                    "max_attempts": 4,
                    "interval_seconds": 2,
                    "should_retry": lambda problem: isinstance(problem, SURROUNDINGS),
                },
                run_group,
                input_sha256,
                object_key,
                group,
                again,
            )


def _stay(executor: str, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            keep_beating(executor)
            for orphan in adopt_orphans(executor):
                _log.warning("Took up %s, which a worker that is gone had begun", orphan)
        except DatabaseError:
            _log.exception("The database did not answer; trying again")
        finally:
            close_old_connections()
        stop.wait(BEAT_SECONDS)


@contextmanager
def _slot(workspace: Workspace) -> Generator[int]:
    """The lowest number of a worker that no living worker of this machine has."""
    folder = workspace.root / "cache"
    folder.mkdir(exist_ok=True)
    for number in range(1, _MOST_SLOTS):
        descriptor = _lock(folder / f"worker-{executor_name(number)}.lock")
        if descriptor is not None:
            try:
                yield number
            finally:
                os.close(descriptor)
            return
    raise RuntimeError(f"{_MOST_SLOTS} workers on one machine")


def _lock(path: Path) -> int | None:
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor

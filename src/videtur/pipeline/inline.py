"""Examining without a queue: here and now, in this process and, for many jobs, in a few others.

Nothing durable is needed: what was recorded stays, and what is missing is found missing by the next call.
"""

import atexit
import multiprocessing
import os
import signal
from collections.abc import Collection, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from typing import TYPE_CHECKING

import django
from django.conf import settings
from django.db import connections

from videtur.errors import StorageFailed
from videtur.pipeline.jobs import Job
from videtur.pipeline.lifeline import end_with_parent
from videtur.pipeline.runner import Told, executor_name
from videtur.workspace import Workspace

if TYPE_CHECKING:
    from videtur.pipeline.examination import Examiner


class InlineRunner:
    """Examines at once: `submit` returns when all is done."""

    def __init__(self, workspace: Workspace, slots: int, told: Told = lambda job: None) -> None:
        self._workspace = workspace
        self._slots = slots
        self._told = told

    def submit(self, jobs: Sequence[Job], again: bool = False) -> None:
        """Examine all jobs. Raises SandboxUnavailable when nothing can be examined here.

        Raises StorageFailed, after all others were examined, when bytes of one could not be read or kept.
        """
        slots = min(self._slots, len(jobs))
        problems: list[StorageFailed] = []
        if slots > 1:
            problems = self._in_processes(jobs, again, slots)
        elif jobs:
            problems = self._in_this_process(jobs, again)
        if problems:
            raise problems[0]

    def unfinished(self, jobs: Collection[Job]) -> set[str]:
        """Nothing is left over."""
        del jobs
        return set()

    def close(self) -> None:
        """Nothing is held."""

    def _in_this_process(self, jobs: Sequence[Job], again: bool) -> list[StorageFailed]:
        from videtur.pipeline.examination import Examiner
        from videtur.pipeline.services import stop_beating

        executor = executor_name(f"inline-{os.getpid()}")
        problems: list[StorageFailed] = []
        try:
            with Examiner(self._workspace, executor) as examiner:
                for job in jobs:
                    try:
                        examiner.examine(job, again)
                    except StorageFailed as problem:
                        problems.append(problem)
                    self._told(job)
        finally:
            stop_beating(executor)
        return problems

    def _in_processes(self, jobs: Sequence[Job], again: bool, slots: int) -> list[StorageFailed]:
        connections.close_all()  # a connection must not be shared with a child
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when a child first imports NumPy
        pool = ProcessPoolExecutor(
            slots, multiprocessing.get_context("spawn"), initializer=_begin, initargs=(os.getpid(),)
        )
        problems: list[StorageFailed] = []
        try:
            futures = {pool.submit(_examine, job, again): job for job in jobs}
            for future in as_completed(futures):
                try:
                    future.result()
                except StorageFailed as problem:
                    problems.append(problem)
                self._told(futures[future])
        except BrokenProcessPool:
            raise StorageFailed(
                "A process that examined items was killed",
                "Often the memory was not enough",
                "Run the same command again, with --slots 1",
            ) from None
        finally:
            pool.shutdown(cancel_futures=True)
        return problems


def _begin(parent: int) -> None:
    """Make a fresh process ready: it ends with its parent, and leaves Ctrl-C to it."""
    end_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    django.setup()


@cache
def _examiner() -> "Examiner":
    """The one examiner of a pool process, for as long as the process lives."""
    from videtur.pipeline.examination import Examiner
    from videtur.pipeline.services import stop_beating

    executor = executor_name(f"inline-{os.getpid()}")
    examiner = Examiner(settings.WORKSPACE, executor).__enter__()
    atexit.register(examiner.__exit__, None, None, None)
    atexit.register(stop_beating, executor)
    return examiner


def _examine(job: Job, again: bool) -> None:
    _examiner().examine(job, again)

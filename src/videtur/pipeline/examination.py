"""Examining one input: the runs it still needs, each of them recorded before the next begins."""

import logging
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

import cv2
from django.db import Error as DatabaseError

from videtur.engines.media.sandbox import DecodingSandbox
from videtur.errors import SandboxUnavailable, StorageFailed, VideturError
from videtur.pipeline.copy_search import copy_search
from videtur.pipeline.declarations import declarations
from videtur.pipeline.derivations import FAILED, Work, latest_attempts
from videtur.pipeline.environment import environment
from videtur.pipeline.first_look import first_look
from videtur.pipeline.jobs import Job
from videtur.pipeline.model_choice import chosen_models
from videtur.pipeline.previewing import preview
from videtur.pipeline.queries import Progress, State, own_fingerprints, progress_of
from videtur.pipeline.redaction_finding import redaction_find
from videtur.pipeline.redaction_rendering import redaction_render
from videtur.pipeline.services import Result, beat, record_results
from videtur.pipeline.speech import speech
from videtur.pipeline.steps import BY_NAME, Group
from videtur.pipeline.tools import Run, Tools
from videtur.storage.object_store import open_object_store
from videtur.workspace import Workspace

_log = logging.getLogger(__name__)

RUNS: Mapping[Group, Callable[[Run], list[Result]]] = {
    Group.DECLARATIONS: declarations,
    Group.FIRST_LOOK: first_look,
    Group.COPY_SEARCH: copy_search,
    Group.PREVIEW: preview,
    Group.SPEECH: speech,
    Group.REDACTION: redaction_find,
    Group.MASKED_COPY: redaction_render,
}

# The surroundings failed, not the input: nothing is recorded, and the work is tried again later.
SURROUNDINGS = (StorageFailed, SandboxUnavailable, DatabaseError, MemoryError)


class Examiner:
    """Examines inputs, one at a time. A context manager: it holds the sandbox that decoders run in."""

    def __init__(self, workspace: Workspace, executor: str, serves_queue: bool = False) -> None:
        self._workspace = workspace
        self._store = open_object_store(workspace.objects, workspace.root)
        self._sandbox = DecodingSandbox()
        cache = workspace.root / "cache"
        cache.mkdir(exist_ok=True)
        self._tools = Tools(self._store, self._sandbox, cache, workspace)
        self._busy = threading.Lock()
        self.executor = executor
        self.serves_queue = serves_queue

    def __enter__(self) -> Self:
        # One thread an examiner: processes are the way to more, and idle threads that spin cost the others.
        cv2.setNumThreads(1)
        self._sandbox.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sandbox.__exit__(kind, error, trace)

    @property
    def sandbox_cpu_seconds(self) -> float:
        """CPU time of the sandboxed child so far, which bubblewrap hides from the system's own account."""
        return self._sandbox.cpu_seconds

    def wait_until_idle(self, seconds: float) -> bool:
        """Wait for the run that is going on, then allow no other. Returns whether it ended in time."""
        return self._busy.acquire(timeout=seconds)

    def examine(self, job: Job, again: bool = False) -> Progress:
        """Run what this input still needs; with `again`, also what failed before. Never raises Refused."""
        for group in Group:
            self.run_group(job, group, again)
        return progress_of(job.input_sha256)

    def run_group(self, job: Job, group: Group, again: bool = False) -> None:
        """Make and record the steps of one group that are not final yet."""
        with self._busy:
            self._run_group(job, group, again)

    def _run_group(self, job: Job, group: Group, again: bool) -> None:
        wanted = self._wanted(progress_of(job.input_sha256), group, again)
        if not wanted:
            return
        beat(self.executor, self.serves_queue, job.input_sha256, group)
        try:
            run = Run(job, wanted, self._tools)
            before = latest_attempts(work.key for work in run.wanted.values())
            attempts = {key: row.attempt for key, row in before.items()}
            results = [
                replace(result, attempt=attempts.get(result.work.key, 0) + 1)
                for result in _results(run, group)
            ]
            record_results(results, environment(self._sandbox.level))
        finally:
            beat(self.executor, self.serves_queue)

    def _wanted(self, now: Progress, group: Group, again: bool) -> dict[str, Work]:
        models = chosen_models(self._workspace)
        wanted: dict[str, Work] = {}
        for progress in now.steps:
            step = BY_NAME[progress.step]
            if step.group is not group or not (
                progress.unfinished or (again and progress.state is State.FAILED)
            ):
                continue
            more: Mapping[str, object] = {}
            if group is Group.COPY_SEARCH:
                more = {"own": own_fingerprints(now)}
            elif progress.request is not None:
                more = progress.request.parameters
            wanted[step.name] = step.work(now.input_sha256, models.get(step.name), **more)
        return wanted


def _results(run: Run, group: Group) -> list[Result]:
    try:
        return RUNS[group](run)
    except SURROUNDINGS:
        raise
    except VideturError as problem:
        reason = problem.explain()
    except Exception as problem:  # noqa: BLE001 - whatever our fault is, one input must not stop the others
        _log.debug("examining %s: %s", run.job.input_sha256, group, exc_info=True)
        reason = f"Our own fault, please report it: {_where(problem)}: {type(problem).__name__}: {problem}"
    return [Result(work, FAILED, reason) for work in run.wanted.values()]


def _where(problem: Exception) -> str:
    """The module and line of ours where it happened: a record has no traceback, but this much it has."""
    frames = [frame for frame in traceback.extract_tb(problem.__traceback__) if "videtur" in frame.filename]
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "elsewhere"

"""Asking for examination: who asks puts work into the queue, and never examines anything itself."""

import logging
from collections.abc import Sequence
from functools import cache
from threading import Lock

from django.conf import settings

from videtur.errors import StorageFailed
from videtur.pipeline.dbos_runner import QueueRunner
from videtur.pipeline.jobs import Job

_log = logging.getLogger(__name__)
_lock = Lock()


def ask_for_examination(jobs: Sequence[Job], again: bool = False) -> None:
    """Queue jobs for whatever workers there are. The inputs are safe either way.

    When the queue cannot be reached it is logged, and `videtur examine` catches up later.
    """
    try:
        with _lock:
            _queue().submit(jobs, again)
    except StorageFailed as failure:
        _log.warning("%s", failure.explain())


@cache
def _queue() -> QueueRunner:
    return QueueRunner(settings.WORKSPACE)

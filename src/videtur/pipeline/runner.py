"""The port behind which inputs get examined: in this process, or by workers fed from a durable queue.

A runner hands a `Job` (a digest and a key, nothing else) to an `Examiner`, at least once. That each
result exists exactly once is the work of the derivation keys, so that runners can be exchanged.
"""

import os
import socket
from collections.abc import Callable, Collection, Sequence
from typing import Protocol

from videtur.pipeline.jobs import Job

Told = Callable[[Job], None]
"""Called when a job has come to its end, well or not; what came of it is in the records."""


class Runner(Protocol):
    """Gets jobs done."""

    def submit(self, jobs: Sequence[Job], again: bool = False) -> None:
        """Take jobs over. What an earlier call took over and is not finished is not taken twice.

        With `again`, steps that failed before are tried once more. Whether this returns at once or when
        all is done is the runner's choice.
        """
        ...

    def unfinished(self, jobs: Collection[Job]) -> set[str]:
        """The inputs among `jobs` that the runner still has to work on."""
        ...

    def close(self) -> None:
        """Let go of what the runner holds; jobs that were taken over stay taken over."""
        ...


def executor_name(slot: int | str) -> str:
    """A name that is the same each time this slot of this machine is filled again, and no one else's."""
    return f"{socket.gethostname()}:{slot}"


def usual_slots() -> int:
    """How many inputs to examine at a time, when nobody says: one a core, and no more than two."""
    return max(1, min(2, len(os.sched_getaffinity(0))))

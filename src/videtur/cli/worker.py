"""`videtur worker`: examine what is queued, until told to stop."""

import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

import click

from videtur.cli.environment import open_workspace, workspace_option, writing


@click.command()
@workspace_option
@click.option(
    "--slots",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    help="How many items to examine at a time; each in a process of its own.",
)
@click.option("--end-with", type=int, hidden=True, help="End when this process, which started us, ends.")
def worker(workspace: Path | None, slots: int, end_with: int | None) -> None:
    """Examine what is queued, one item after another, until stopped (Ctrl-C, or SIGTERM).

    `videtur serve` starts one worker by itself. On PostgreSQL more can run, on this or on other machines.
    A worker that is stopped finishes the step it is at; one that is killed loses nothing: its work is
    taken up when it starts again, or by another worker.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when NumPy is first imported, further down
    stop = threading.Event()
    _stop_on_signals(stop)
    if end_with is not None:
        from videtur.pipeline.lifeline import end_with_parent

        end_with_parent(end_with)
    opened = open_workspace(workspace)
    if slots > 1:
        from videtur.pipeline.supervisor import run_workers

        run_workers(opened, slots, stop)
        return
    from videtur.pipeline.worker import run_worker

    with writing(opened):
        run_worker(opened, stop)
    # The queue's threads wait for work that will not come; everything of ours is closed and synced.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _stop_on_signals(stop: threading.Event) -> None:
    def ask_to_stop(number: int, frame: FrameType | None) -> None:
        del frame
        if stop.is_set():  # asked twice: at once
            os._exit(128 + number)
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)

"""`videtur examine`: run the pipeline on what needs it."""

import sys
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from videtur.cli.environment import (
    PROGRESS_AFTER_SECONDS,
    complain,
    json_option,
    open_workspace,
    print_json,
    workspace_option,
    writing,
)
from videtur.errors import StorageFailed, WrongUsage
from videtur.workspace import Workspace

if TYPE_CHECKING:
    from videtur.evidence.models import Item
    from videtur.pipeline.jobs import Job
    from videtur.pipeline.queries import Progress as ItemProgress

_LOOK_SECONDS = 1.0
_SHORTEST_PREFIX = 6
_SHOWN_LETTERS = 12


@click.command()
@workspace_option
@click.option("--case", "case_name", metavar="NAME", help="Only the items of this case.")
@click.option("--item", "item_name", metavar="ID", help="Only this item (the beginning of its SHA-256).")
@click.option("--wait", is_flag=True, help="Come back when all is examined. Needs no worker.")
@click.option(
    "--slots",
    type=click.IntRange(1, 64),
    help="With --wait and no worker running: how many items at a time. Default: one a core, at most two.",
)
@click.option("--again", is_flag=True, help="Try once more what failed before.")
@json_option
def examine(
    workspace: Path | None,
    case_name: str | None,
    item_name: str | None,
    wait: bool,
    slots: int | None,
    again: bool,
    as_json: bool,
) -> None:
    """Run the pipeline on what needs it: probe, one decode pass, fingerprints, copies, preview, speech.

    What is done already is not done again. Without --wait the work is queued for the workers
    (`videtur worker`, or the one that `videtur serve` starts). Exit status 3: some items could not be
    examined, each with a line that says why; the others were.
    """
    opened = open_workspace(workspace)
    items = _items(case_name, item_name)
    jobs = _jobs(items, again)
    trouble: StorageFailed | None = None
    with writing(opened):
        try:
            if jobs and wait:
                _examine_now(opened, jobs, slots, again)
            elif jobs:
                _queue(opened, jobs, again)
        except StorageFailed as problem:  # what could be done is done, and worth telling
            trouble = problem
    failed = _tell(items, queued=0 if wait else len(jobs), as_json=as_json)
    if trouble is not None:
        raise trouble
    if failed:
        sys.exit(3)


def _items(case_name: str | None, item_name: str | None) -> "list[Item]":
    from videtur.cases.queries import case_named
    from videtur.evidence.models import Item

    items = Item.objects.order_by("entry_index")
    if case_name is not None:
        items = items.filter(captures__case=case_named(case_name).thing).distinct()
    if item_name is None:
        return list(items)
    if len(item_name) < _SHORTEST_PREFIX:
        raise WrongUsage(f"{item_name!r} is too short for an item", remedy="Give six letters or more")
    found = list(items.filter(sha256__startswith=item_name.lower())[:2])
    if len(found) != 1:
        raise WrongUsage(f"{item_name!r} names {'several items' if found else 'no item'}")
    return found


def _jobs(items: "Sequence[Item]", again: bool) -> "list[Job]":
    from videtur.pipeline.jobs import Job
    from videtur.pipeline.queries import progress

    now = progress([item.sha256 for item in items])
    return [
        Job(item.sha256, item.object_key)
        for item, each in zip(items, now, strict=True)
        if each.pending_groups(again)
    ]


def _queue(workspace: Workspace, jobs: "Sequence[Job]", again: bool) -> None:
    from videtur.pipeline.dbos_runner import QueueRunner

    runner = QueueRunner(workspace)
    try:
        runner.submit(jobs, again)
    finally:
        runner.close()


def _examine_now(workspace: Workspace, jobs: "Sequence[Job]", slots: int | None, again: bool) -> None:
    from videtur.pipeline.inline import InlineRunner
    from videtur.pipeline.queries import a_worker_is_alive
    from videtur.pipeline.runner import usual_slots

    with _bar(jobs):
        if slots is None and a_worker_is_alive():
            jobs = _wait_for_workers(workspace, jobs, again)
        InlineRunner(workspace, slots or usual_slots()).submit(jobs, again)


def _wait_for_workers(workspace: Workspace, jobs: "Sequence[Job]", again: bool) -> "Sequence[Job]":
    """Let the workers do it; return what they left undone: the last went away, or they could not."""
    from videtur.pipeline.dbos_runner import QueueRunner
    from videtur.pipeline.queries import a_worker_is_alive, progress

    runner = QueueRunner(workspace)
    try:
        runner.submit(jobs, again)
        while unfinished := runner.unfinished(jobs):
            if not a_worker_is_alive():
                return [job for job in jobs if job.input_sha256 in unfinished]
            time.sleep(_LOOK_SECONDS)
    finally:
        runner.close()
    now = progress([job.input_sha256 for job in jobs])
    return [job for job, each in zip(jobs, now, strict=True) if each.pending_groups()]


@contextmanager
def _bar(jobs: "Sequence[Job]") -> Generator[None]:
    """A bar of the steps done, on a terminal, once it takes longer than two seconds."""
    if not sys.stderr.isatty():
        yield
        return
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=([job.input_sha256 for job in jobs], done), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _watch(inputs: Sequence[str], done: threading.Event) -> None:
    from django.db import connection

    from videtur.pipeline.queries import progress

    if done.wait(PROGRESS_AFTER_SECONDS):
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[items]}"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Examining", total=None, items="")
        while True:
            now = progress(inputs)
            settled = sum(each.settled for each in now)
            bar.update(
                task,
                total=sum(len(each.steps) for each in now),
                completed=sum(each.finished_steps for each in now),
                items=f"{settled} of {len(now)} items",
            )
            if done.wait(_LOOK_SECONDS + len(inputs) / 500):
                break
    connection.close()


def _tell(items: "Sequence[Item]", queued: int, as_json: bool) -> bool:
    """Say how it stands; return whether anything could not be examined."""
    from videtur.pipeline.queries import State, a_worker_is_alive, progress

    now = progress([item.sha256 for item in items])
    failed = [each for each in now if each.state is State.FAILED]
    if as_json:
        print_json(
            {
                "items": [each.as_json() for each in now],
                "examined": sum(each.state is State.DONE for each in now),
                "failed": len(failed),
                "pending": sum(not each.settled for each in now),
                "queued": queued,
            }
        )
    else:
        _tell_a_person(now, queued)
    for each in failed:
        complain(f"{_name(each.input_sha256)}: {each.failure}")
    if queued and not as_json and not a_worker_is_alive():
        click.echo("No worker is running. Start one: videtur worker. Or: videtur examine --wait")
    return bool(failed)


def _tell_a_person(now: "Sequence[ItemProgress]", queued: int) -> None:
    from videtur.pipeline.queries import State

    examined = sum(each.state is State.DONE for each in now)
    click.echo(f"{examined} of {len(now)} items are examined" + (f"; {queued} are queued" if queued else ""))


def _name(sha256: str) -> str:
    from videtur.evidence.models import Capture

    capture = Capture.objects.filter(item__sha256=sha256).first()
    return f"{capture.file_name} ({sha256[:_SHOWN_LETTERS]})" if capture else sha256

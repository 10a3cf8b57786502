"""Work shared out among processes."""

import multiprocessing
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from itertools import islice
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


def shared_out(
    do: Callable[[Task], Result],
    tasks: Sequence[Task],
    processes: int,
    ready: Callable[[], None],
    what: str,
    deadline: float = float("inf"),
) -> Iterator[Result]:
    """Results as they come; nothing new is begun after the deadline. Progress goes to stderr."""
    if not tasks or time.monotonic() >= deadline:
        return
    context = multiprocessing.get_context("spawn")
    done = 0
    with ProcessPoolExecutor(processes, context, ready) as pool:
        waiting: Iterator[Task] = iter(tasks)
        running: set[Future[Result]] = {pool.submit(do, task) for task in islice(waiting, processes * 2)}
        while running:
            finished = next(as_completed(running))
            running.discard(finished)
            done += 1
            if done % 10 == 0 or done == len(tasks):
                print(f"{what}: {done} of {len(tasks)}", file=sys.stderr, flush=True)
            if time.monotonic() < deadline:
                running |= {pool.submit(do, task) for task in islice(waiting, 1)}
            yield finished.result()


def drained(results: Iterable[object]) -> int:
    """Take all results and count them."""
    return sum(1 for _ in results)

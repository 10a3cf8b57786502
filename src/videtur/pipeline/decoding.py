"""One sandboxed decoder for the whole web process, started when first needed."""

import atexit
from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock

from videtur.engines.media.sandbox import DecodingSandbox

_lock = Lock()
_running: list[DecodingSandbox] = []


@contextmanager
def sandbox() -> Generator[DecodingSandbox, None, None]:
    """The sandbox, for one person at a time: stills are few, and a decoder takes a whole core.

    Raises SandboxUnavailable where none can be built.
    """
    with _lock:
        if not _running:
            _running.append(DecodingSandbox().__enter__())
        yield _running[0]


def close() -> None:
    """End the sandbox's process."""
    with _lock:
        while _running:
            _running.pop().__exit__(None, None, None)


atexit.register(close)

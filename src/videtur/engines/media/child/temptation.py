"""What a decoder taken over by its input would try; tests look at what comes of it."""

import ctypes
import os
import socket
import sys
import time
from collections.abc import Callable

from videtur.engines.media.child.wire import Writer
from videtur.engines.media.limits import Limits


def run(source: int, _: int | None, arguments: dict[str, object], limits: Limits, out: Writer) -> None:
    """Do the one deed asked for, and tell what the kernel said."""
    deed = str(arguments["deed"])
    if deed == "loop":
        while True:
            pass
    if deed == "sleep":
        time.sleep(3600)
    if deed == "crash":
        ctypes.string_at(0)
    if deed == "hoard":
        out.facts("result", {"size": len(bytearray(limits.memory_bytes + 1))})
    if deed == "write":
        try:
            out.facts("result", {"written": os.write(source, b"x")})
        except OSError as error:
            out.facts("result", {"errno": error.errno})
        return
    attempts: dict[str, Callable[[], object]] = {
        "open": lambda: os.open("/etc/hostname", os.O_RDONLY),
        "internet": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
        "unix": lambda: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM),
        "execute": lambda: os.execv(sys.executable, [sys.executable, "-c", "pass"]),  # noqa: S606 -- the deed that must fail
        "fork": os.fork,
        "kill": lambda: os.kill(os.getppid(), 0),
    }
    try:
        attempts[deed]()
    except OSError as error:
        out.facts("result", {"errno": error.errno})
    else:
        out.facts("result", {"errno": 0})

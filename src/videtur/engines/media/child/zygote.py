"""The helper process that waits, already confined, and forks one child for each file."""

import contextlib
import ctypes
import importlib
import json
import os
import pkgutil
import resource
import select
import signal
import socket
from collections.abc import Callable
from typing import cast

import av
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter

from videtur.engines.media.child import (
    first_pass,
    frames,
    inventory,
    landlock,
    picture,
    preview,
    probing,
    redacting,
    seccomp,
    temptation,
)
from videtur.engines.media.child.opening import Refusal
from videtur.engines.media.child.syscalls import DECODING, FORKING
from videtur.engines.media.child.wire import Writer
from videtur.engines.media.limits import Limits

Task = Callable[[int, int | None, dict[str, object], Limits, Writer], None]

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE = 1, 4
_NOBODY = 65534
_LARGEST_JOB = 1 << 16
_DESCRIPTORS = 5
"""Messages, status, the file; then where a task has it: its target, and what it is given to read."""
_NOT_NEEDED = ("av.__main__", "av.datasets")


TASKS: dict[str, Task] = {
    "probe": probing.run,
    "first pass": first_pass.run,
    "frames": frames.run,
    "still": picture.run,
    "preview": preview.run,
    "redact": redacting.run,
    "inventory": inventory.run,
    "tempt": temptation.run,
}


def _confine(layers: list[str]) -> list[str]:
    """Give up whatever this process can do, for good. Returns what took hold."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    if layers and os.getuid() == 0:
        with contextlib.suppress(OSError):  # no such right inside some containers; the layers still hold
            os.setgroups([])
            os.setresgid(_NOBODY, _NOBODY, _NOBODY)
            os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    took: list[str] = []
    if "landlock" in layers and landlock.forget_file_system():
        took.append("landlock")
    if "seccomp" in layers and seccomp.install(seccomp.program([*DECODING, *FORKING], may_fork=True)):
        took.append("seccomp")
    return took


def _limit(limits: Limits) -> None:
    for what, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, limits.output_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        hard = resource.getrlimit(what)[1]
        value = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (value, value))


def _work(job: dict[str, object], descriptors: list[int], second_filter: bytes | None) -> None:
    """One child, one file; never returns."""
    status = 70
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        limits = Limits(**cast("dict[str, int]", job["limits"]))
        _limit(limits)
        if second_filter is not None and not seccomp.install(second_filter):
            os._exit(71)
        out = Writer(descriptors[0])
        arguments = cast("dict[str, object]", job["arguments"])
        target = descriptors[3] if len(descriptors) > 3 else None
        if len(descriptors) == _DESCRIPTORS:
            arguments["given"] = descriptors[4]
        TASKS[str(job["task"])](descriptors[2], target, arguments, limits, out)
        out.flush()
        status = 0
    except BrokenPipeError:
        status = 0  # the parent has seen enough
    except MemoryError:
        status = 72
    except Refusal as refusal:
        out = Writer(descriptors[0])
        out.facts("refused", {"what": refusal.what, "why": refusal.why, "remedy": refusal.remedy})
        out.flush()
        status = 0
    except BaseException as error:  # noqa: BLE001 -- whatever it was, it is told by this line and the status
        with contextlib.suppress(OSError):
            out = Writer(descriptors[0])
            out.facts("failed", {"why": f"{type(error).__name__}: {error}"[:500]})
            out.flush()
    finally:
        os._exit(status)


class _Zygote:
    """Forks on request, watches its children, ends those whose parent has hung up."""

    def __init__(self, control: socket.socket, *, confined: bool) -> None:
        self._control = control
        self._second_filter = seccomp.program(DECODING, may_fork=False) if confined else None
        self._poll = select.poll()
        self._poll.register(control, select.POLLIN)
        self._children: dict[int, tuple[int, int]] = {}  # pidfd -> (pid, status socket)
        self._hangups: dict[int, int] = {}  # status socket -> pid

    def serve(self) -> None:
        while True:
            for descriptor, events in self._poll.poll():
                if descriptor == self._control.fileno():
                    if not self._accept():
                        return
                elif descriptor in self._children:
                    self._reap(descriptor)
                elif descriptor in self._hangups and events & (select.POLLHUP | select.POLLERR):
                    self._poll.unregister(descriptor)
                    os.kill(self._hangups[descriptor], signal.SIGKILL)

    def _accept(self) -> bool:
        message, descriptors, _, _ = socket.recv_fds(self._control, _LARGEST_JOB, _DESCRIPTORS)
        if not message:
            return False
        status = descriptors[1]
        pid = os.fork()
        if pid == 0:
            _work(json.loads(message), descriptors, self._second_filter)
        for descriptor in descriptors:
            if descriptor != status:
                os.close(descriptor)
        watched = os.pidfd_open(pid)
        self._children[watched] = (pid, status)
        self._hangups[status] = pid
        self._poll.register(watched, select.POLLIN)
        self._poll.register(status, select.POLLHUP)
        return True

    def _reap(self, watched: int) -> None:
        pid, status = self._children.pop(watched)
        del self._hangups[status]
        _, how, usage = os.wait4(pid, 0)
        report = {
            "exit": os.waitstatus_to_exitcode(how),
            "peak_kib": usage.ru_maxrss,
            "cpu_ms": int((usage.ru_utime + usage.ru_stime) * 1000),
        }
        with contextlib.suppress(OSError):  # the parent may have hung up
            os.write(status, json.dumps(report).encode())
        for descriptor in (watched, status):
            with contextlib.suppress(KeyError):  # a status socket is forgotten already at its hang-up
                self._poll.unregister(descriptor)
            os.close(descriptor)


def _warm_up() -> None:
    """Import and touch now whatever is otherwise imported or made late: afterwards no file opens."""
    for module in pkgutil.walk_packages(av.__path__, "av."):
        if module.name not in _NOT_NEEDED:
            importlib.import_module(module.name)
    for form in ("rgb24", "gray"):
        VideoReformatter().reformat(VideoFrame(32, 32, "yuv420p"), 16, 16, form, threads=1)


def main(descriptor: int, layers: list[str]) -> None:
    """Confine this process, say how well, and serve until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    _warm_up()
    control = socket.socket(fileno=descriptor)
    took = _confine(layers)
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu_ms = int((used.ru_utime + used.ru_stime) * 1000)
    control.send(json.dumps({"layers": took, "cpu_ms": cpu_ms}).encode())
    _Zygote(control, confined="seccomp" in took).serve()
    os._exit(0)

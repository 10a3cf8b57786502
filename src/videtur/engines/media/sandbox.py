"""The sandboxed process in which every decoder runs."""

import contextlib
import fcntl
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
import threading
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import videtur
from videtur.engines.media.job import PIPE_BYTES, Ending, Job, Stalled, plain
from videtur.engines.media.limits import Limits
from videtur.errors import Refused, SandboxUnavailable, WrongUsage

LAYERS = ("bubblewrap", "landlock", "seccomp")
_START_SECONDS = 30


def _own_description(source: BinaryIO) -> int:
    """Open the same file anew, read only: the child must share neither our offset nor a right to write."""
    try:
        descriptor = source.fileno()
    except (AttributeError, io.UnsupportedOperation) as error:
        raise WrongUsage(
            "The media source is not an open file", remedy="Pass a file with a descriptor."
        ) from error
    try:
        return os.open(f"/proc/self/fd/{descriptor}", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:  # no /proc, or no right to open the file again: the offset must then be ours to move
        copy = os.dup(descriptor)
        os.lseek(copy, 0, os.SEEK_SET)
        return copy


def _library_folders() -> list[Path]:
    """Interpreter, standard library, packages, our own code: all a decoder needs to start."""
    paths = {Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    paths.add(Path(sys.base_prefix) / "lib")
    paths.add(Path(videtur.__file__).resolve().parent)
    return sorted(path for path in paths if path.is_dir())


def _bubblewrap(interpreter: str) -> list[str] | None:
    program = shutil.which("bwrap")
    if program is None:
        return None
    # The command line is documented by bubblewrap; later binds lie over earlier ones.
    command = [program, "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    command += ["--uid", "65534", "--gid", "65534", "--clearenv", "--tmpfs", "/"]
    for name in ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64", "/etc/ld.so.cache"):
        path = Path(name)
        if path.is_symlink():
            command += ["--symlink", str(path.readlink()), name]
        else:
            command += ["--ro-bind-try", name, name]
    for path in _library_folders():
        command += ["--ro-bind", str(path), str(path)]
    command += ["--ro-bind", interpreter, interpreter, "--remount-ro", "/", "--chdir", "/"]
    return [*command, "--"]


class _Helper:
    """The running helper process and our end of its control socket."""

    def __init__(self, layers: Sequence[str]) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.control = ours
        self.complaint = ""
        interpreter = str(Path(sys.executable).resolve())
        wrapper = _bubblewrap(interpreter) if "bubblewrap" in layers else []
        self.layers: tuple[str, ...] = ()
        if wrapper is None:
            theirs.close()
            self.complaint = "bubblewrap is not installed"
            return
        inner = [name for name in layers if name != "bubblewrap"]
        paths = [path for path in sys.path if path and Path(path).exists()]
        boot = (
            f"import sys; sys.path[:] = {paths!r}; from videtur.engines.media.child.zygote import main; "
            f"main({theirs.fileno()}, {inner!r})"
        )
        command = [*wrapper, interpreter, "-I", "-S", "-c", boot]
        with tempfile.TemporaryFile() as complaints:
            # The kernel ends a --die-with-parent child with the *thread* that started it, so that thread
            # has to live as long as the child, whichever thread asked for the sandbox.
            self._started = threading.Event()
            self._keeper = threading.Thread(
                target=self._keep, args=(command, theirs, complaints.fileno()), daemon=True
            )
            self._keeper.start()
            self._started.wait()
            theirs.close()
            self._greet(wrapped=bool(wrapper))
            complaints.seek(0)
            self.complaint = complaints.read(2000).decode(errors="replace").strip()

    def _keep(self, command: list[str], theirs: socket.socket, complaints: int) -> None:
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=complaints,
                pass_fds=[theirs.fileno()],
                env={"OMP_NUM_THREADS": "1"},
            )
        except OSError:
            return  # the greeting that never comes tells the rest
        finally:
            self._started.set()
        process.wait()

    def _greet(self, *, wrapped: bool) -> None:
        self.control.settimeout(_START_SECONDS)
        try:
            greeting = self.control.recv(4096)
        except OSError:
            greeting = b""
        self.control.settimeout(None)
        if greeting:
            told = json.loads(greeting)
            took = [str(name) for name in told["layers"]]
            self.start_cpu_ms = int(told["cpu_ms"])
            self.layers = (*(["bubblewrap"] if wrapped else []), *took)
        self.alive = bool(greeting)

    alive = False
    start_cpu_ms = 0

    def send(self, job: bytes, descriptors: Sequence[int]) -> None:
        socket.send_fds(self.control, [job], list(descriptors))

    def close(self) -> None:
        self.control.close()
        if self.complaint != "bubblewrap is not installed":
            self._keeper.join(_START_SECONDS)


class DecodingSandbox:
    """Owns one sandboxed helper process that forks a child for each file. A context manager.

    `level` names the layers in force, outermost first, joined by "+"; "none" without any. A sandbox
    counts as one only with the filter on system calls in force; without it, entering raises
    SandboxUnavailable unless `allow_unsandboxed`. May be used from several threads.
    """

    def __init__(self, *, allow_unsandboxed: bool = False, layers: Sequence[str] = LAYERS) -> None:
        self.level = "none"
        self._allow_unsandboxed = allow_unsandboxed
        self._layers = tuple(layers)
        self._helper: _Helper | None = None
        self._lock = threading.Lock()
        self._cpu_ms = 0
        self._peak_kib = 0

    @property
    def cpu_seconds(self) -> float:
        """CPU time of the helper's start and of every child that came to its end.

        Bubblewrap hides its children from the usual accounts of this process; this one is complete.
        """
        return self._cpu_ms / 1000

    @property
    def peak_kib(self) -> int:
        """The most memory that any one child held at once."""
        return self._peak_kib

    def _account(self, ending: Ending | None) -> None:
        if ending is not None:
            with self._lock:
                self._cpu_ms += ending.cpu_ms
                self._peak_kib = max(self._peak_kib, ending.peak_kib)

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the helper process and whatever still runs in it."""
        with self._lock:
            if self._helper is not None:
                self._helper.close()
                self._helper = None

    def _start(self) -> _Helper:
        """Try the strongest sandbox first; take the first that really runs."""
        inner = tuple(name for name in self._layers if name != "bubblewrap")
        attempts = [self._layers, inner] if "bubblewrap" in self._layers else [inner]
        complaints: list[str] = []
        for layers in attempts:
            helper = _Helper(layers)
            if helper.alive and ("seccomp" in helper.layers or self._allow_unsandboxed):
                self.level = "+".join(helper.layers) or "none"
                self._helper = helper
                self._cpu_ms += helper.start_cpu_ms
                return helper
            complaints.append(helper.complaint or "the kernel refused the filter on system calls")
            helper.close()
        raise SandboxUnavailable(
            "No sandbox could be built for the decoder",
            why="; ".join(complaints)[:500],
            remedy="Install bubblewrap and use a kernel with seccomp, "
            "or allow decoding without a sandbox for files you trust",
        )

    @contextlib.contextmanager
    def job(
        self,
        task: str,
        source: BinaryIO,
        arguments: Mapping[str, object] | None = None,
        limits: Limits | None = None,
        target: int | None = None,
        given: BinaryIO | None = None,
    ) -> Generator[Job]:
        """Run one task on one file in a fresh child. `target` is a descriptor it may write results to.

        `given` is a file of ours that it may read, where what it is to do is too long for a message; only
        with a target.
        """
        limits = limits or Limits()
        text = json.dumps({"task": task, "arguments": dict(arguments or {}), "limits": limits.as_json()})
        with contextlib.ExitStack() as ours:
            data_out, data_in = os.pipe2(os.O_CLOEXEC)
            ours.callback(os.close, data_in)
            with contextlib.suppress(OSError):  # a smaller pipe only costs switches between processes
                fcntl.fcntl(data_out, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
            status, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            ours.callback(theirs.close)
            job = Job(data_out, status, limits)
            try:
                opened = _own_description(source)
                ours.callback(os.close, opened)
                descriptors = [data_in, theirs.fileno(), opened, *([] if target is None else [target])]
                if given is not None:
                    descriptors.append(_own_description(given))
                    ours.callback(os.close, descriptors[-1])
                self._send(text.encode(), descriptors)
            except BaseException:
                job.close()
                raise
        try:
            yield job
        finally:
            self._account(job.close())

    def _send(self, job: bytes, descriptors: Sequence[int]) -> None:
        with self._lock:
            for _ in range(2):
                helper = self._helper or self._start()
                try:
                    helper.send(job, descriptors)
                except (BrokenPipeError, ConnectionError):  # it was killed; the files after this one go on
                    helper.close()
                    self._helper = None
                else:
                    return
        raise SandboxUnavailable("The sandbox ended and could not be started again")


def answer(
    sandbox: DecodingSandbox,
    task: str,
    source: BinaryIO,
    arguments: Mapping[str, object],
    limits: Limits,
    target: int | None = None,
) -> tuple[dict[str, object], list[bytes]]:
    """Run a task that ends in one result. Raises Refused when it ends in none."""
    blobs: list[bytes] = []
    with sandbox.job(task, source, arguments, limits, target) as job:
        try:
            for name, values, payload in job.facts():
                if name == "bytes":
                    blobs.append(payload)
                elif name == "result":
                    return values, blobs
                else:
                    raise refusal(name, values)
        except Stalled:
            raise stalled(limits) from None
        raise Refused("The file could not be read as media", why=job.ending().reason)


def refusal(name: str, values: Mapping[str, object]) -> Refused:
    """The error for a child's own words of refusal or failure."""
    if name == "refused":
        return Refused(*(plain(values.get(part, "")) for part in ("what", "why", "remedy")))
    return Refused("The file could not be read as media", why=plain(values.get("why", "")))


def stalled(limits: Limits) -> Refused:
    """The error for a child that stood still."""
    return Refused(
        "The file could not be read as media",
        why=f"the decoder stood still for {limits.stall_seconds} seconds and was ended",
    )

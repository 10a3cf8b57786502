"""What was acknowledged survives: kills at system calls and at random moments, disk errors, a full disk.

`VIDETUR_CHAOS_POINTS` is how many points of each kind are tried (default: a few, spread; `all`: every one).
"""

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
POINTS = os.environ.get("VIDETUR_CHAOS_POINTS", "12")
CALLS = "openat,write,pwrite64,fsync,fdatasync,link,rename,mkdir,unlink,rmdir,ftruncate,fchmod,flock,close"
pytestmark = pytest.mark.chaos


def content_of(number: int) -> bytes:
    """What the script takes in under that number."""
    return f"film {number} ".encode() * 3000


class Server:
    """The script beside this file, which takes things in and may lose its children."""

    def __init__(self, root: Path, notes: Path) -> None:
        self.root = root
        self.safe = {0}
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "durability_server.py"), str(root), str(notes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.answer()

    def answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the script ended"
        return json.loads(line)

    def ask(self, line: str) -> dict[str, Any]:
        self.tell(line)
        return self.answer()

    def tell(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def write(self, number: int) -> dict[str, Any]:
        """Take a number in undisturbed."""
        self.ask(f"write {number}")
        return self.finish(number)

    def finish(self, number: int) -> dict[str, Any]:
        ended = self.ask("go")
        if ended["safe"]:
            self.safe.add(number)
        return ended

    def check(self) -> dict[str, Any]:
        """Verify, and that everything acknowledged is there."""
        checked = self.ask("check")
        assert checked["status"] == 0
        verdict = checked["verdict"]
        assert verdict["problems"] == []
        wanted = {hashlib.sha256(content_of(number)).hexdigest() for number in self.safe}
        assert wanted <= set(verdict["items"])
        return verdict

    def close(self) -> None:
        try:
            self.process.communicate(timeout=20)
        except subprocess.TimeoutExpired:  # a test that skipped left it waiting for its first order
            self.process.kill()
            self.process.communicate()


@contextmanager
def serving(root: Path, notes: Path) -> Generator[Server]:
    server = Server(root, notes)
    try:
        yield server
    finally:
        server.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path / "workspace", tmp_path) as each:
        yield each


def strace_or_skip() -> str:
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("no strace on this machine (apt install strace)")
    tried = subprocess.run([strace, "-o", os.devnull, "true"], capture_output=True, check=False)
    if tried.returncode != 0:
        pytest.skip(f"strace may not trace here: {tried.stderr.decode().strip()}")
    return strace


@contextmanager
def injecting(process: int, fault: str, log: Path) -> Generator[None]:
    """Trace a process, its threads included, with a fault at one system call."""
    command = [strace_or_skip(), "-f", "-p", str(process), "-o", str(log), "-e", f"trace={CALLS}"]
    command += ["-e", f"inject={fault}"] if fault else []
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
        assert tracer.stderr is not None
        line = tracer.stderr.readline()
        if "attached" not in line:
            tracer.kill()
            pytest.skip(f"strace may not attach here: {line.strip()}")
        yield
        tracer.wait(60)


def count_calls(server: Server, log: Path) -> dict[str, int]:
    """How often each system call is made while one thing is taken in."""
    process = server.ask("write 1")["process"]
    with injecting(process, "", log):
        assert server.finish(1)["status"] == 0
    counts: dict[str, int] = {}
    for line in log.read_text(errors="replace").splitlines():
        name = line.partition("(")[0].split()[-1]
        if name in CALLS.split(","):
            counts[name] = counts.get(name, 0) + 1
    assert counts["fsync"] >= 10
    return counts


def points(counts: dict[str, int], names: Sequence[str]) -> list[tuple[str, int]]:
    """Faults are counted for each system call by itself, so each (call, number) is a point."""
    every = [(name, number) for name in names for number in range(1, counts.get(name, 0) + 1)]
    if POINTS == "all":
        return every
    return sorted(random.Random(7).sample(every, min(int(POINTS), len(every))))  # noqa: S311 - no secret


def test_killed_at_a_system_call(server: Server, tmp_path: Path) -> None:
    counts = count_calls(server, tmp_path / "trace")
    killed = 0
    for number, (name, when) in enumerate(points(counts, CALLS.split(",")), start=2):
        process = server.ask(f"write {number}")["process"]
        with injecting(process, f"{name}:signal=KILL:when={when}", tmp_path / "trace"):
            ended = server.finish(number)
        killed += ended["status"] == -signal.SIGKILL
        assert ended["status"] in (0, -signal.SIGKILL), ended
        server.check()
        assert server.write(number)["status"] == 0, f"after a kill at {name} {when}"
        assert number in server.safe
    assert killed > 0
    verdict = server.check()
    assert len(verdict["items"]) == len(set(verdict["items"])) == len(server.safe)


@pytest.mark.parametrize("error", ["EIO", "ENOSPC"])
def test_an_error_at_a_system_call(server: Server, tmp_path: Path, error: str) -> None:
    counts = count_calls(server, tmp_path / "trace")
    names = ["write", "pwrite64", "fsync", "fdatasync", "link", "rename", "ftruncate"]
    refused = 0
    for number, (name, when) in enumerate(points(counts, names), start=2):
        process = server.ask(f"write {number}")["process"]
        with injecting(process, f"{name}:error={error}:when={when}", tmp_path / "trace"):
            ended = server.finish(number)
        assert ended["status"] in (0, 3), (name, when, ended)
        refused += ended["status"] == 3
        assert "\n" not in ended["said"]
        server.check()
        assert server.write(number)["status"] == 0, f"after {error} at {name} {when}"
    assert refused > 0
    server.check()


def test_killed_at_random_moments(server: Server) -> None:
    chance = random.Random(11)  # noqa: S311 - no secret
    started = time.monotonic()
    assert server.write(1)["status"] == 0
    took = time.monotonic() - started
    killed = 0
    for number in range(2, 2 + (200 if POINTS == "all" else int(POINTS))):
        process = server.ask(f"write {number}")["process"]
        handle = os.pidfd_open(process)  # never another process that got the same number later
        server.tell("go")
        time.sleep(chance.random() * took)
        with suppress(ProcessLookupError):  # it was quicker
            signal.pidfd_send_signal(handle, signal.SIGKILL)
        os.close(handle)
        ended = server.answer()
        killed += ended["status"] == -signal.SIGKILL
        if ended["safe"]:
            server.safe.add(number)
        server.check()
        assert server.write(number)["status"] == 0
    assert killed > 0
    server.check()


_LITTLE_ROOM = 1_500_000
"""What is left on the small disk: for some files, and not for all of them."""


def test_a_full_disk(tmp_path: Path) -> None:
    """On a small file system of its own: what was acknowledged stays, and with room again work goes on."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small file system")
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(small)]
    mounted = subprocess.run(mount, capture_output=True, text=True, check=False)
    if mounted.returncode != 0:
        pytest.skip(f"cannot mount here: {mounted.stderr.strip()}")
    try:
        with serving(small / "workspace", tmp_path) as server:
            room = os.statvfs(small)
            (small / "filler").write_bytes(bytes(max(0, room.f_bavail * room.f_frsize - _LITTLE_ROOM)))
            refused = 0
            for number in range(1, 85):
                ended = server.write(number)
                assert ended["status"] in (0, 3), ended
                refused += ended["status"] == 3
                if refused == 3:
                    assert "full" in ended["said"], ended
                    break
            assert refused == 3
            subprocess.run(["mount", "-o", "remount,size=32m", str(small)], check=True)
            server.check()
            assert server.write(90)["status"] == 0
            verdict = server.check()
            assert not any("staging" in remark for remark in verdict["remarks"])
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)

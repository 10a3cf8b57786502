"""What a decoder taken over by its input could still do: nothing."""

import errno
import importlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines.media.films import Film, write
from videtur.engines.media.child.syscalls import DECODING, FATAL, FORKING, NUMBERS
from videtur.engines.media.first_pass import PassEnd, decode
from videtur.engines.media.limits import Limits
from videtur.engines.media.sandbox import LAYERS, DecodingSandbox, answer
from videtur.errors import Refused, SandboxUnavailable

COMBINATIONS = [LAYERS, ("landlock", "seccomp"), ("seccomp",)]


@pytest.fixture(scope="module", params=COMBINATIONS, ids="+".join)
def each_sandbox(request: pytest.FixtureRequest) -> Iterator[DecodingSandbox]:
    with DecodingSandbox(layers=request.param) as sandbox:
        yield sandbox


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return write(tmp_path / "film.mkv", Film())


def tempt(sandbox: DecodingSandbox, film: Path, deed: str, limits: Limits | None = None) -> dict[str, object]:
    with film.open("r+b") as source:
        return answer(sandbox, "tempt", source, {"deed": deed}, limits or Limits())[0]


def last_event(sandbox: DecodingSandbox, film: Path) -> object:
    with film.open("rb") as source:
        return list(decode(source, sandbox))[-1]


@pytest.mark.parametrize(
    ("deed", "refusals"),
    [
        ("open", {errno.EPERM, errno.EACCES}),
        ("internet", {errno.EPERM, errno.EAFNOSUPPORT}),
        ("unix", {errno.EPERM}),
        ("fork", {errno.EPERM}),
        ("kill", {errno.EPERM}),
        ("write", {errno.EBADF}),
    ],
)
def test_what_is_denied(each_sandbox: DecodingSandbox, film: Path, deed: str, refusals: set[int]) -> None:
    assert tempt(each_sandbox, film, deed)["errno"] in refusals


def test_starting_a_program_ends_the_child(each_sandbox: DecodingSandbox, film: Path) -> None:
    with pytest.raises(Refused, match="could not be read") as refused:
        tempt(each_sandbox, film, "execute")
    assert "SIGSYS" in refused.value.why
    assert isinstance(last_event(each_sandbox, film), PassEnd)


@pytest.mark.parametrize(
    ("deed", "limits", "said"),
    [
        ("crash", Limits(), "SIGSEGV"),
        ("loop", Limits(cpu_seconds=1), "SIG"),
        ("sleep", Limits(stall_seconds=1), "stood still"),
        ("hoard", Limits(memory_bytes=1 << 30), "memory"),
    ],
)
def test_a_child_that_fails_is_told_of_and_the_next_file_goes_on(
    sandbox: DecodingSandbox, film: Path, deed: str, limits: Limits, said: str
) -> None:
    with pytest.raises(Refused) as refused:
        tempt(sandbox, film, deed, limits)
    assert said in refused.value.explain()
    assert isinstance(last_event(sandbox, film), PassEnd)


def test_without_a_sandbox_nothing_is_opened() -> None:
    with pytest.raises(SandboxUnavailable) as refused, DecodingSandbox(layers=()):
        pass
    assert "bubblewrap" in refused.value.remedy


def test_decoding_without_a_sandbox_must_be_asked_for(film: Path) -> None:
    with DecodingSandbox(allow_unsandboxed=True, layers=()) as sandbox:
        assert sandbox.level == "none"
        assert isinstance(last_event(sandbox, film), PassEnd)
        assert tempt(sandbox, film, "open")["errno"] == 0, "else these tests show nothing"


def test_the_strongest_that_works_is_taken() -> None:
    with DecodingSandbox() as sandbox:
        assert sandbox.level.endswith("seccomp")
    with DecodingSandbox(layers=("seccomp",)) as sandbox:
        assert sandbox.level == "seccomp"


def test_a_bubblewrap_that_does_not_work_is_passed_over(
    tmp_path: Path, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "bwrap"
    broken.write_text(
        "#!/bin/sh\necho 'Creating new namespace failed: Operation not permitted' >&2\nexit 1\n"
    )
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with DecodingSandbox() as sandbox:
        assert "bubblewrap" not in sandbox.level
        assert isinstance(last_event(sandbox, film), PassEnd)


def test_a_helper_process_that_was_killed_is_started_again(film: Path) -> None:
    with DecodingSandbox(layers=("landlock", "seccomp")) as sandbox:
        assert isinstance(last_event(sandbox, film), PassEnd)
        children = Path(f"/proc/self/task/{_keeper_task()}/children").read_text().split()
        for child in children:
            os.kill(int(child), signal.SIGKILL)
            _wait_for_end(int(child))
        assert isinstance(last_event(sandbox, film), PassEnd)


def _keeper_task() -> int:
    """The thread that started the newest child of this process."""
    tasks = [path for path in Path("/proc/self/task").iterdir() if (path / "children").read_text().strip()]
    return max(int(path.name) for path in tasks)


def test_the_thread_that_asked_may_end(film: Path) -> None:
    sandbox = DecodingSandbox()
    starter = threading.Thread(target=sandbox.__enter__)
    starter.start()
    starter.join()
    with sandbox:
        assert isinstance(last_event(sandbox, film), PassEnd)


def test_nothing_stays_behind_when_the_parent_is_killed(film: Path) -> None:
    program = (
        "import os, sys, time\n"
        "from videtur.engines.media.sandbox import DecodingSandbox\n"
        "from pathlib import Path\n"
        "sandbox = DecodingSandbox(layers=('landlock', 'seccomp')).__enter__()\n"
        "tasks = Path('/proc/self/task').iterdir()\n"
        "print(*[line for task in tasks for line in (task / 'children').read_text().split()], flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        helpers = [int(pid) for pid in parent.stdout.readline().split()]
        parent.kill()
    assert helpers
    for pid in helpers:
        _wait_for_end(pid)


def _wait_for_end(pid: int) -> None:
    for _ in range(200):
        if not _runs(pid):
            return
        threading.Event().wait(0.05)
    raise AssertionError(f"process {pid} goes on")


def _runs(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def test_the_numbers_of_system_calls_are_right() -> None:
    # The library is old and needs one of its own on the machine; ours must agree with it where it loads.
    try:
        seccomp = importlib.import_module("pyseccomp")
    except (ImportError, RuntimeError, OSError) as error:
        pytest.skip(f"libseccomp cannot be loaded: {error}")
    for column, architecture in enumerate((seccomp.Arch.X86_64, seccomp.Arch.AARCH64)):
        for name in {*DECODING, *FORKING, *FATAL, "clone3"}:
            ours = NUMBERS[name][column]
            theirs = seccomp.resolve_syscall(architecture, name)
            assert theirs == ours or (ours is None and theirs < 0), name

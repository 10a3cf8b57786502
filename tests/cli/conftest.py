"""The command line as people meet it: a process of its own in a folder of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(sys.executable).with_name("videtur")
HEAD = b"\0\0\0\x18ftypisom"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run of the program said."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Outcome]


def clean_environment(**more: str) -> dict[str, str]:
    """The environment without what the tests themselves set."""
    ours = ("VIDETUR_", "DJANGO_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | more


def run_program(*arguments: str | Path, status: int | None = 0, stdin: str = "", **more: str) -> Outcome:
    """Run `videtur`; fail unless it ends with `status` (None: any)."""
    ended = subprocess.run(
        [PROGRAM, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        env=clean_environment(**more),
        cwd="/",
    )
    outcome = Outcome(ended.returncode, ended.stdout, ended.stderr)
    assert "Traceback" not in outcome.err
    assert status is None or outcome.status == status, outcome
    return outcome


def make_film(path: Path, content: str, size: int = 100) -> Path:
    """A file that looks like a film to intake."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(HEAD + content.encode() + bytes(size))
    return path


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A fresh workspace, made by the program."""
    made = tmp_path / "workspace"
    run_program("init", made, "--json")
    return made

"""Intake killed without warning, again and again: what was told of is there, and nothing is there twice."""

import hashlib
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(sys.executable).with_name("videtur")
FILES, TWINS = 150, 5
KILLED_AFTER = (0, 0, 1, 1, 33, 33, 65, 97, 129, 140)
"""How many files a run may tell of before it is killed; a run tells of 32 at a time."""
HEAD = b"\0\0\0\x18ftypisom"

COUNT = """
import json
from pathlib import Path
from videtur.cli.environment import open_workspace
workspace = open_workspace(Path({workspace!r}))
from hashlib import sha256
from videtur.engines.custody.merkle import root_hash
from videtur.evidence.models import Capture, Item
from videtur.ledger.models import Entry
from videtur.ledger.services import read_node, size
def tree(leaves):
    if len(leaves) < 2:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return sha256(b"\\1" + tree(leaves[:split]) + tree(leaves[split:])).digest()
bodies = [bytes(body) for body in Entry.objects.order_by("index").values_list("body", flat=True)]
print(json.dumps({{
    "items": sorted(Item.objects.values_list("sha256", flat=True)),
    "captures": list(Capture.objects.values_list("item_sha256", "file_name", "entry_index")),
    "keys": dict(Item.objects.values_list("object_key", "sha256")),
    "tree": tree([sha256(b"\\0" + body).digest() for body in bodies]) == root_hash(size(), read_node),
}}))
"""


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("VIDETUR_", "DJANGO_"))}


def videtur(*arguments: str | Path) -> str:
    ended = subprocess.run(
        [PROGRAM, *arguments], capture_output=True, text=True, timeout=120, env=environment()
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def count(workspace: Path) -> dict[str, Any]:
    script = COUNT.format(workspace=str(workspace))
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, env=environment()
    )
    assert ended.returncode == 0, ended.stderr
    counted: dict[str, Any] = json.loads(ended.stdout)
    return counted


def killed_run(command: list[str | Path], staging: Path, out: Path, after: int, delay: float) -> bool:
    """Start an intake; kill it when it has begun or told of `after` files. True: it was through first."""

    def begun() -> bool:
        if after:
            return out.read_bytes().count(b"\n") >= after
        return staging.is_dir() and any(staging.iterdir())

    with (
        out.open("w") as file,
        subprocess.Popen(command, stdout=file, stderr=subprocess.DEVNULL, env=environment()) as process,
    ):
        while process.poll() is None and not begun():
            time.sleep(0.001)
        time.sleep(delay)
        process.kill()
    return process.returncode == 0


@pytest.mark.chaos
@pytest.mark.slow
def test_killed_again_and_again(tmp_path: Path) -> None:
    chance = random.Random(2022)  # noqa: S311 - a repeatable schedule of kills
    films, workspace = tmp_path / "films", tmp_path / "workspace"
    films.mkdir()
    for number in range(FILES):
        (films / f"{number:03}.mp4").write_bytes(HEAD + bytes([number]) * 100_000)
    for number in range(TWINS):
        (films / f"twin {number}.mp4").write_bytes(HEAD + bytes([number]) * 100_000)
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in films.iterdir()}
    videtur("init", workspace, "--json")
    command: list[str | Path] = [
        PROGRAM,
        "intake",
        films,
        "--case",
        "one",
        "--json",
        "--workspace",
        workspace,
    ]

    told: dict[str, dict[str, Any]] = {}
    cut_short = 0
    for after in KILLED_AFTER:
        staging = workspace / "objects" / "staging"
        through = killed_run(command, staging, tmp_path / "out", after, chance.uniform(0, 0.05))
        cut_short += not through
        for line in (tmp_path / "out").read_text().splitlines(keepends=True):
            if line.endswith("\n"):  # else the kill came in the middle of it
                said = json.loads(line)
                before = told.setdefault(said["path"], said)
                assert (before["ledger_index"], before["item"]) == (said["ledger_index"], said["item"])
    assert cut_short > len(KILLED_AFTER) // 2, "too few runs were killed in their middle to show anything"
    assert told, "no run had told of anything when it was killed"
    for line in videtur(*command[1:]).splitlines():
        said = json.loads(line)
        assert told.setdefault(said["path"], said)["ledger_index"] == said["ledger_index"]

    there = count(workspace)
    assert there["items"] == sorted(set(digests.values())), "each sequence of bytes once"
    expected = sorted((digest, f"films/{name}") for name, digest in digests.items())
    assert sorted((sha256, name) for sha256, name, _ in there["captures"]) == expected, "each arrival once"
    assert {Path(path).name for path in told} == set(digests)
    recorded = {name.removeprefix("films/"): index for _, name, index in there["captures"]}
    assert {Path(path).name: said["ledger_index"] for path, said in told.items()} == recorded
    for key, sha256 in there["keys"].items():
        assert hashlib.sha256((workspace / "objects" / key).read_bytes()).hexdigest() == sha256
    assert there["tree"], "the stored tree is the tree of the entries"
    videtur("verify", "--workspace", workspace)

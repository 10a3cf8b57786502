"""`examine`, `copies` and `worker` as a person calls them, on a workspace of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from videtur.workspace import ENVIRONMENT_VARIABLE

pytestmark = pytest.mark.slow
Film = Callable[..., bytes]


def videtur(workspace: Path, *arguments: str, expected: int = 0) -> "subprocess.CompletedProcess[str]":
    done = subprocess.run(
        [sys.executable, "-c", "from videtur.cli.main import main; main()", *arguments],
        env={**os.environ, ENVIRONMENT_VARIABLE: str(workspace)},
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == expected, (arguments, done.returncode, done.stdout, done.stderr)
    return done


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, film: Film) -> Path:
    folder = tmp_path_factory.mktemp("commands")
    clips = folder / "clips"
    clips.mkdir()
    whole = film(6, 7)
    (clips / "one.mp4").write_bytes(whole)
    (clips / "copy.mp4").write_bytes(film(6, 7, title="copy"))
    (clips / "other.mp4").write_bytes(film(2, 8, sound=False))
    (clips / "broken.mp4").write_bytes(whole[:2000])
    root = folder / "workspace"
    videtur(root, "init", str(root))
    videtur(root, "intake", str(clips), "--case", "river")
    return root


def test_examine_tells_what_failed_and_does_the_rest(workspace: Path) -> None:
    queued = videtur(workspace, "examine")
    assert "No worker is running" in queued.stdout
    assert "4 are queued" in queued.stdout
    done = videtur(workspace, "examine", "--wait", "--slots", "2", "--json", expected=3)
    told = json.loads(done.stdout)
    assert (told["examined"], told["failed"], told["pending"]) == (3, 1, 0)
    (line,) = done.stderr.splitlines()
    assert line.startswith("clips/broken.mp4 (")
    again = videtur(workspace, "examine", "--case", "river", "--wait", "--json", expected=3)
    assert json.loads(again.stdout) == told
    one = next(item["item"] for item in told["items"] if item["state"] == "done")
    assert json.loads(videtur(workspace, "examine", "--item", one[:12], "--json").stdout)["examined"] == 1
    videtur(workspace, "examine", "--item", "ffffffffffff", expected=2)
    videtur(workspace, "examine", "--case", "nowhere", expected=2)

    families = json.loads(videtur(workspace, "copies", "--case", "river", "--json").stdout)
    assert sorted(len(family["items"]) for family in families) == [1, 1, 2]
    pair = max(families, key=lambda family: len(family["items"]))
    for item in pair["items"]:
        ((start, end),) = item["covers"]
        assert end - start == pytest.approx(6, abs=0.5)
        assert item["duration"] == pytest.approx(6, abs=0.2)
    assert pair["most_complete"] in {item["item"] for item in pair["items"]}
    assert "1 families of several items" in videtur(workspace, "copies").stdout
    videtur(workspace, "verify")


def test_a_worker_ends_in_good_order_when_told(workspace: Path) -> None:
    worker = subprocess.Popen(
        [sys.executable, "-c", "from videtur.cli.main import main; main()", "worker", "--slots", "2"],
        env={**os.environ, ENVIRONMENT_VARIABLE: str(workspace)},
    )
    end = time.monotonic() + 60
    while not list((workspace / "cache").glob("worker-*:2.lock")):
        assert time.monotonic() < end
        time.sleep(0.2)
    time.sleep(2)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(90) == 0
    videtur(workspace, "verify")

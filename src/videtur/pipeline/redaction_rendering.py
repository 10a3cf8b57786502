"""The run that makes a masked copy of a reviewed plan, and checks it before anybody sees it.

What is kept: the copy, its public record signed by the workspace, and the sealed part that opens it.
"""

import hashlib
import json
import os
import secrets
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, BinaryIO, cast

from videtur import __version__
from videtur.engines.custody.signing import Signer
from videtur.engines.redaction.attestation import SALT_BYTES, Circumstances, attest, signed
from videtur.engines.redaction.checking import Checked, check, must_be_sound
from videtur.engines.redaction.content_credentials import BOX, embed
from videtur.engines.redaction.finding import Found, find
from videtur.engines.redaction.gate import ReleaseContext, blocks
from videtur.engines.redaction.plan import RedactionPlan, Track
from videtur.engines.redaction.plan_form import plan_as_json, plan_from_json
from videtur.engines.redaction.rendering import ENGINE_NAME, ENGINE_VERSION, Rendered, render
from videtur.engines.redaction.seen_again import seen_again
from videtur.errors import Refused
from videtur.ledger.keys import load_ledger_key
from videtur.pipeline.face_detectors import load_detectors
from videtur.pipeline.queries import requests_for
from videtur.pipeline.redaction_files import (
    COPY_FILE,
    PLAN_FILE,
    RECORD_FILE,
    RENDER,
    SEALED_FILE,
    SEEN_AGAIN_FILE,
)
from videtur.pipeline.redaction_finding import request_of
from videtur.pipeline.services import Result
from videtur.pipeline.tools import Run, json_bytes

CREDENTIALS_KEY, CREDENTIALS_CHAIN = "content-credentials.pem", "content-credentials.chain.pem"
"""In the workspace's `keys` folder: the key that signs content credentials, and its certificates."""
_CHUNK = 1 << 20
_SEED_BYTES = 32
_MORE_ROUNDS = 3
"""Masks make edges, and edges can look like writing: what is seen on a copy with more masks is told, too."""


@dataclass(frozen=True, slots=True)
class _Made:
    """A copy in its file, and what came of its check."""

    plan: RedactionPlan
    rendered: Rendered
    checked: Checked
    sha256: str
    bare: tuple[Track, ...]
    """What the detectors still saw on it."""


def redaction_render(run: Run) -> list[Result]:
    """Render, decode again, look again. A copy that fails any check is thrown away, and the step says why.

    What is still seen is gathered over some rounds, each with it masked: a person then decides on all of it.
    """
    if RENDER not in run.wanted:
        return []
    plan = _plan_of(run)
    with run.open_input() as source, tempfile.TemporaryFile(dir=run.tools.cache) as target:
        made = _made(run, source, target, plan)
        against = blocks(plan, _context(run, made))
        if not against:
            with _credentialed(run, target, made) as copy:
                return [_kept(run, copy, made)]
        first, bare = made, list(made.bare)
        for _ in range(_MORE_ROUNDS):
            if not made.bare:
                break
            more = replace(made.plan, tracks=(*made.plan.tracks, *made.bare))
            made = _made(run, source, target, more)
            bare += made.bare
    told = "; ".join(dict.fromkeys(each.what for each in against))
    faults = ", ".join(sorted({each.code for each in first.checked.faults}))
    problem = Refused("The masked copy is not fit to leave", f"{told} ({faults})" if faults else told)
    seen = {SEEN_AGAIN_FILE: json_bytes(plan_as_json(replace(plan, tracks=tuple(bare))))}
    return [run.fail(RENDER, problem, seen if bare else None)]


def _made(run: Run, source: BinaryIO, target: BinaryIO, plan: RedactionPlan) -> _Made:
    request = replace(request_of(run.wanted[RENDER].parameters), pace="quick")
    detectors, sandbox = load_detectors(text=request.text), run.tools.sandbox
    looked: list[Found] = []

    def look_again(copy: BinaryIO) -> Found:
        looked.append(find(copy, sandbox, detectors, request))
        return looked[-1]

    os.ftruncate(target.fileno(), 0)
    seed = secrets.token_bytes(_SEED_BYTES)
    rendered = render(source, target.fileno(), sandbox, plan, seed=seed, unsigned_shots="cover")
    with os.fdopen(os.dup(target.fileno()), "rb") as copy:
        checked = check(copy, sandbox, plan, rendered, look_again=look_again)
        copy.seek(0)
        digest = hashlib.file_digest(copy, "sha256").hexdigest()
    bare = [track for found in looked for track in seen_again(found, plan, rendered, f"again-{digest[:4]}-")]
    return _Made(plan, rendered, checked, digest, tuple(bare))


def _context(run: Run, made: _Made) -> ReleaseContext:
    asked = cast("dict[str, Any]", run.wanted[RENDER].parameters)
    return ReleaseContext(
        run.job.input_sha256,
        voice_decided_by=tuple(asked["voice_decided_by"]),
        damage=made.rendered.copied.damage,
        damage_accepted_by=asked["damage_accepted_by"] or None,
        rendered=True,
        checked=made.checked,
    )


@contextmanager
def _credentialed(run: Run, target: BinaryIO, made: _Made) -> Generator[BinaryIO]:
    """The copy as made; or, with a key for it in the workspace, one that carries content credentials."""
    keys = run.tools.workspace.keys
    key, chain = keys / CREDENTIALS_KEY, keys / CREDENTIALS_CHAIN
    if not key.is_file() or not chain.is_file():
        yield target
        return
    try:
        signer, certificates = Signer.from_pem(key.read_bytes()), chain.read_text(encoding="ascii")
    except (OSError, ValueError) as problem:
        raise Refused(f"{key} is no key for content credentials", str(problem).splitlines()[0]) from problem
    with tempfile.TemporaryFile(dir=run.tools.cache) as carrying:
        target.seek(0)
        sound = made.rendered.copied.has_sound
        embed(target, carrying, made.plan, signer.sign, certificates, kept_sound=sound)
        checked = check(carrying, run.tools.sandbox, made.plan, made.rendered, known_boxes=(BOX,))
        must_be_sound(checked)
        yield carrying


def _kept(run: Run, target: BinaryIO, made: _Made) -> Result:
    """The copy in the store, its public record signed by the workspace, and the sealed part."""
    target.seek(0)
    with os.fdopen(os.dup(target.fileno()), "rb") as copy:
        digest = hashlib.file_digest(copy, "sha256").hexdigest()
    reviewers = int(cast("dict[str, Any]", run.wanted[RENDER].parameters)["reviewers"])
    circumstances = Circumstances(
        run.job.input_sha256,
        digest,
        reviewed=True,
        reviewers=tuple(f"reviewer {number + 1}" for number in range(reviewers)),
        tools=(f"videtur {__version__}", f"{ENGINE_NAME} {ENGINE_VERSION}"),
        made_on=datetime.now(UTC).date().isoformat(),
    )
    both = attest(made.plan, made.rendered, made.checked, circumstances, secrets.token_bytes(SALT_BYTES))
    record = signed(both.public, (load_ledger_key(run.tools.workspace),))
    target.seek(0)
    with run.tools.store.stage() as staged:
        while data := target.read(_CHUNK):
            staged.write(data)
        files = {COPY_FILE: staged, RECORD_FILE: json_bytes(record), SEALED_FILE: json_bytes(both.sealed)}
        checked = made.checked
        summary: dict[str, object] = {"frame_count": checked.frames, "masks_verified": checked.masks}
        return run.keep(RENDER, summary, files)


def _plan_of(run: Run) -> RedactionPlan:
    asked = requests_for([run.job.input_sha256])[run.job.input_sha256][RENDER]
    request = next(each for each in reversed(asked) if each.parameters == run.wanted[RENDER].parameters)
    with run.tools.store.open(request.inputs[PLAN_FILE]["key"]) as file:
        return plan_from_json(json.load(file))

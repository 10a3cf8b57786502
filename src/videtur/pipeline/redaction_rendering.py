"""The run that makes a masked copy of a reviewed plan, and checks it before anybody sees it.

What is kept: the copy, its public record signed by the workspace, and the sealed part that opens it.
"""

import hashlib
import json
import os
import secrets
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, BinaryIO, cast

from videtur import __version__
from videtur.engines.redaction.attestation import SALT_BYTES, Circumstances, attest, signed
from videtur.engines.redaction.checking import check
from videtur.engines.redaction.finding import Found, find
from videtur.engines.redaction.gate import ReleaseContext, blocks
from videtur.engines.redaction.plan import RedactionPlan
from videtur.engines.redaction.plan_form import plan_from_json
from videtur.engines.redaction.rendering import ENGINE_NAME, ENGINE_VERSION, render
from videtur.errors import Refused
from videtur.ledger.keys import load_ledger_key
from videtur.pipeline.face_detectors import load_detectors
from videtur.pipeline.queries import requests_for
from videtur.pipeline.redaction_finding import PLAN_FILE, request_of
from videtur.pipeline.services import Result
from videtur.pipeline.tools import Run, json_bytes

STEP = "redaction_render"
COPY_FILE, RECORD_FILE, SEALED_FILE = "redacted.mp4", "redaction.json", "sealed.json"
_CHUNK = 1 << 20
_SEED_BYTES = 32


def redaction_render(run: Run) -> list[Result]:
    """Render, decode again, look again. A copy that fails any check is thrown away, and the step says why."""
    if STEP not in run.wanted:
        return []
    plan = _plan_of(run)
    asked = cast("dict[str, Any]", run.wanted[STEP].parameters)
    request = replace(request_of(asked), pace="quick")
    detectors = load_detectors(text=request.text)
    sandbox = run.tools.sandbox

    def look_again(copy: BinaryIO) -> Found:
        return find(copy, sandbox, detectors, request)

    with run.open_input() as source, tempfile.TemporaryFile(dir=run.tools.cache) as target:
        rendered = render(
            source,
            target.fileno(),
            sandbox,
            plan,
            seed=secrets.token_bytes(_SEED_BYTES),
            unsigned_shots="cover",
        )
        with os.fdopen(os.dup(target.fileno()), "rb") as copy:
            checked = check(copy, sandbox, plan, rendered, look_again=look_again)
        context = ReleaseContext(
            run.job.input_sha256,
            voice_decided_by=tuple(asked["voice_decided_by"]),
            damage=rendered.copied.damage,
            damage_accepted_by=asked["damage_accepted_by"] or None,
            rendered=True,
            checked=checked,
        )
        if against := blocks(plan, context):
            told = "; ".join(dict.fromkeys(each.what for each in against))
            faults = ", ".join(sorted({f"{each.code}: {each.detail}" for each in checked.faults}))
            raise Refused("The masked copy is not fit to leave", f"{told} ({faults})" if faults else told)
        target.seek(0)
        digest = hashlib.file_digest(target, "sha256").hexdigest()
        circumstances = Circumstances(
            run.job.input_sha256,
            digest,
            reviewed=True,
            reviewers=tuple(f"reviewer {number + 1}" for number in range(int(asked["reviewers"]))),
            tools=(f"videtur {__version__}", f"{ENGINE_NAME} {ENGINE_VERSION}"),
            made_on=datetime.now(UTC).date().isoformat(),
        )
        both = attest(plan, rendered, checked, circumstances, secrets.token_bytes(SALT_BYTES))
        record = signed(both.public, (load_ledger_key(run.tools.workspace),))
        target.seek(0)
        with run.tools.store.stage() as staged:
            while data := target.read(_CHUNK):
                staged.write(data)
            files = {
                COPY_FILE: staged,
                RECORD_FILE: json_bytes(record),
                SEALED_FILE: json_bytes(both.sealed),
            }
            summary: dict[str, object] = {"frame_count": checked.frames, "masks_verified": checked.masks}
            return [run.keep(STEP, summary, files)]


def _plan_of(run: Run) -> RedactionPlan:
    request = requests_for([run.job.input_sha256])[run.job.input_sha256][STEP]
    with run.tools.store.open(request.inputs[PLAN_FILE]["key"]) as file:
        return plan_from_json(json.load(file))

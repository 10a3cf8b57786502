"""Credentials say that a copy was opened and edited, and nothing of the original; a changed copy is found."""

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.engines.redaction.certificates import chain_for
from tests.engines.redaction.moving import plan_for, rendered, squares, write_moving
from videtur.engines.media.sandbox import DecodingSandbox
from videtur.engines.redaction.checking import check
from videtur.engines.redaction.content_credentials import BOX, embed, read
from videtur.errors import Refused, VerificationFailed

pytest.importorskip("c2pa", reason="c2pa-python (extra content-credentials) is not installed")


def test_signed_read_back_and_tampered(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    key = Ed25519PrivateKey.generate()
    chain = chain_for(key)
    path = write_moving(tmp_path / "film.mp4", sound=True)
    plan = replace(plan_for(path, sandbox, squares()), voice="keep", input_sha256="ab" * 32)
    with (
        rendered(path, sandbox, plan) as (copy, made),
        (tmp_path / "signed.mp4").open("w+b") as target,
    ):
        embed(copy, target, plan, key.sign, chain, kept_sound=True)
        state, said = read(target)
        assert state in ("Valid", "Trusted")
        assert check(target, sandbox, plan, made, known_boxes=(BOX,)).ok
        assert {each.code for each in check(target, sandbox, plan, made).faults} == {"stream"}
        other = Ed25519PrivateKey.generate()
        with pytest.raises((Refused, VerificationFailed)):
            embed(copy, io.BytesIO(), plan, other.sign, chain, kept_sound=True)

    manifest: dict[str, Any] = said["manifests"][said["active_manifest"]]
    actions = next(each for each in manifest["assertions"] if each["label"] == "c2pa.actions.v2")
    assert [each["action"] for each in actions["data"]["actions"]] == [
        "c2pa.opened",
        "c2pa.edited",
        "c2pa.edited",
    ]
    assert "head, 1" in actions["data"]["actions"][1]["description"]
    (ingredient,) = manifest["ingredients"]
    assert ingredient["relationship"] == "parentOf"
    assert not {"thumbnail", "data", "hash"} & set(ingredient)
    whole = json.dumps(said)
    assert "thumbnail" not in whole
    assert "ab" * 32 not in whole
    assert "film" not in whole

    data = bytearray((tmp_path / "signed.mp4").read_bytes())
    data[len(data) // 2] ^= 1
    try:
        state, _ = read(io.BytesIO(bytes(data)))
    except VerificationFailed:
        return
    assert state == "Invalid"

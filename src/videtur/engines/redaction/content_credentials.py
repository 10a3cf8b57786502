"""Content credentials (C2PA) on a masked copy: that it was opened from an original and edited, and how.

The original itself is named, but never read for this: its own credentials may hold its device, its place and
a picture of it, and would be embedded as they are. No thumbnail, no time stamp, no request to any host.
Needs the package c2pa-python (extra `content-credentials`).
"""

import importlib
import json
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, BinaryIO, cast

from videtur.engines.redaction.attestation import counts
from videtur.engines.redaction.plan import RedactionPlan
from videtur.errors import Refused, VerificationFailed, WrongUsage

ENGINE_VERSION = "1"
FORMAT = "video/mp4"
BOX = "a box 'uuid'"
"""What an inventory calls the box that holds the credentials."""
_ORIGINAL = "original"
_OFFLINE = {"remote_manifest_fetch": False, "ocsp_fetch": False}
_NO_PICTURES = {"builder": {"thumbnail": {"enabled": False}}}
_GOOD = ("Valid", "Trusted")


def manifest(plan: RedactionPlan, kept_sound: bool) -> dict[str, Any]:
    """The manifest of a copy made by this plan, without any name, place, time or digest of the original."""
    actions: list[dict[str, Any]] = [
        {"action": "c2pa.opened", "parameters": {"ingredientIds": [_ORIGINAL]}},
        *(
            {
                "action": "c2pa.edited",
                "description": f"Covered to protect people: {kind}, {number} in all ({plan.fill} fill)",
            }
            for kind, number in counts(plan).items()
        ),
    ]
    voices = sorted({plan.voice, *(each.voice for each in plan.sound)})
    actions.append(
        {
            "action": "c2pa.edited",
            "description": f"Sound: {', '.join(voices)}" if kept_sound else "Sound: taken out",
        }
    )
    return {
        "claim_generator_info": [{"name": "Videtur"}],
        "title": "Masked copy",
        "format": FORMAT,
        "ingredients": [
            {
                "title": "Original, not published",
                "format": FORMAT,
                "relationship": "parentOf",
                "label": _ORIGINAL,
                "instance_id": "xmp:iid:original",
            }
        ],
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": actions}}],
    }


def embed(
    copy: BinaryIO,
    target: BinaryIO,
    plan: RedactionPlan,
    sign: Callable[[bytes], bytes],
    certificates: str,
    *,
    kept_sound: bool,
) -> None:
    """Write the copy with its credentials into `target`, and read them back.

    `sign` signs with the Ed25519 key of the first certificate of the chain (PEM, without the root if you
    like). Raises WrongUsage without the package, Refused when key and chain do not fit, VerificationFailed
    when what was written does not verify.
    """
    c2pa = _library()
    offline = c2pa.Settings.from_dict({"verify": {**_OFFLINE, "verify_trust": False}, **_NO_PICTURES})
    try:
        signer = c2pa.Signer.from_callback(sign, c2pa.C2paSigningAlg.ED25519, certificates, None)
        builder = c2pa.Builder(json.dumps(manifest(plan, kept_sound)), c2pa.Context(offline))
        copy.seek(0)
        builder.sign(signer, FORMAT, copy, target)
        target.flush()
    except c2pa.C2paError as problem:
        raise Refused(
            "The copy could not be given content credentials",
            str(problem)[:300],
            "Give a chain of certificates whose first is of the signing key, for use in C2PA",
        ) from problem
    state, _ = read(target)
    if state not in _GOOD:
        raise VerificationFailed("The content credentials of the copy do not verify", f"they are {state}")


def read(copy: BinaryIO) -> tuple[str, dict[str, Any]]:
    """The state of a copy's credentials ("Valid", "Trusted", "Invalid"), and all that they say."""
    c2pa = _library()
    copy.seek(0)
    try:
        reader = c2pa.Reader(
            FORMAT, copy, context=c2pa.Context(c2pa.Settings.from_dict({"verify": _OFFLINE}))
        )
        return str(reader.get_validation_state()), cast("dict[str, Any]", json.loads(reader.json()))
    except c2pa.C2paError as problem:
        raise VerificationFailed("The content credentials cannot be read", str(problem)[:300]) from problem


def _library() -> Any:
    if find_spec("c2pa") is None:
        raise WrongUsage(
            "Content credentials need the package c2pa-python, which is not installed",
            remedy="Install it: pip install 'videtur[content-credentials]'",
        )
    return importlib.import_module("c2pa")

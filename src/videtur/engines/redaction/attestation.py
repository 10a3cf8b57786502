"""What is signed about a masked copy: a public part that leads nobody to the original, and a sealed part.

The plain digest of an original found on the net would lead from the masked copy to the bare faces. So the
public part holds commitments: HMAC-SHA256 under a random salt. Who is given the salt and the original (a
court) can check them; nobody else can guess them.
"""

import base64
import binascii
import hashlib
import hmac
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, cast

import rfc8785

from videtur.engines.redaction.checking import Checked
from videtur.engines.redaction.plan import RedactionPlan
from videtur.engines.redaction.plan_form import plan_as_json
from videtur.engines.redaction.rendering import ENGINE_NAME, ENGINE_VERSION, Rendered

FORMAT = "videtur.redaction/1"
SEALED_FORMAT = "videtur.redaction.sealed/1"
SALT_BYTES = 32
ALGORITHM = "Ed25519 over RFC 8785 of the record without `signatures`"
Record = dict[str, Any]


class Verifies(Protocol):
    """The public half of a key."""

    def as_text(self) -> str:
        """Name, id and public key in the form of C2SP signed notes."""
        ...

    def verify(self, data: bytes, signature: bytes) -> bool:
        """Whether the key made this signature."""
        ...


class Signs(Protocol):
    """A key that signs."""

    @property
    def verifier(self) -> Verifies:
        """Its public half."""
        ...

    def sign(self, data: bytes) -> bytes:
        """64 bytes of Ed25519."""
        ...


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the record states besides plan and check."""

    input_sha256: str
    output_sha256: str
    reviewed: bool
    """People looked at every shot and every unsure track; else it is an automatic pass."""
    reviewers: tuple[str, ...] = ()
    """Roles or pseudonyms, never names."""
    tools: tuple[str, ...] = ()
    """`<name> <version>` of what decoded and encoded."""
    made_on: str | None = None
    """A day (ISO), coarse on purpose; None leaves it out."""


@dataclass(frozen=True, slots=True)
class Attestation:
    """Both parts, as JSON."""

    public: Record
    sealed: Record


def commitment(salt: bytes, digest: str) -> str:
    """HMAC-SHA256 (hex) of a digest (hex) under the salt."""
    return hmac.new(salt, bytes.fromhex(digest), hashlib.sha256).hexdigest()


def plan_digest(plan: RedactionPlan) -> str:
    """SHA-256 (hex) of the plan's JSON by RFC 8785."""
    return hashlib.sha256(rfc8785.dumps(plan_as_json(plan))).hexdigest()


def attest(
    plan: RedactionPlan,
    rendered: Rendered,
    checked: Checked,
    circumstances: Circumstances,
    salt: bytes,
) -> Attestation:
    """The record of one masked copy. `salt`: 32 random bytes, new for each copy."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    public: Record = {
        "format": FORMAT,
        "input": {"commitment": commitment(salt, circumstances.input_sha256)},
        "output": {"sha256": circumstances.output_sha256},
        "plan": {"commitment": commitment(salt, plan_digest(plan))},
        "engine": {"name": ENGINE_NAME, "version": ENGINE_VERSION},
        "tools": list(circumstances.tools),
        "detectors": list(plan.detectors),
        "masked": counts(plan),
        "shown": sum(track.shown for track in plan.tracks),
        "shots": {"all": len(plan.shots), "signed": sum(shot.signed_by is not None for shot in plan.shots)},
        "unsigned_shots": rendered.unsigned_shots,
        "fill": plan.fill,
        "voice": {
            "elsewhere": plan.voice,
            "stretches": dict(sorted(Counter(each.voice for each in plan.sound).items())),
        },
        "frames": checked.frames,
        "checks": checked.as_json(),
        "damage": len(rendered.copied.damage),
        "reviewed": circumstances.reviewed,
        "reviewers": list(circumstances.reviewers),
        "warnings": warnings(plan, circumstances),
    }
    if circumstances.made_on is not None:
        public["made_on"] = circumstances.made_on
    base = rendered.copied.time_base
    sealed: Record = {
        "format": SEALED_FORMAT,
        "salt": salt.hex(),
        "input": {"sha256": circumstances.input_sha256},
        "output": {"sha256": circumstances.output_sha256},
        "offset": {"pts": rendered.copied.offset, "time_base": [base.numerator, base.denominator]},
        "damage": list(rendered.copied.damage),
        "plan": plan_as_json(plan),
    }
    return Attestation(public, sealed)


def counts(plan: RedactionPlan) -> dict[str, int]:
    """Masked tracks by kind."""
    return dict(sorted(Counter(track.kind for track in plan.tracks if not track.shown).items()))


def warnings(plan: RedactionPlan, circumstances: Circumstances) -> list[str]:
    """What a reader must know before relying on the copy."""
    said: list[str] = []
    if not circumstances.reviewed:
        said.append("An automatic pass: nobody has reviewed it. Not for release.")
    if plan.fill == "mosaic":
        said.append(
            "Mosaic hides less than a solid fill: of 4 x 4 means with noise an attacker still named 28 % of "
            "faces where chance is 20 %. Not for people at risk."
        )
    if plan.fill == "blur":
        said.append("Blur can be reversed: attackers named 52 to 92 % of blurred faces. Never for release.")
    voices = {plan.voice, *(each.voice for each in plan.sound)}
    if "disguise" in voices:
        said.append(
            "The disguise of voices is weak: it reduces recognition by ear and is no protection for people "
            "at risk."
        )
    if "keep" in voices:
        said.append("Voices are kept: they name people as faces do.")
    return said


def signed(record: Record, signers: tuple[Signs, ...]) -> Record:
    """The record with a signature of each key."""
    bare = {name: value for name, value in record.items() if name != "signatures"}
    data = rfc8785.dumps(bare)
    signatures = [
        {
            "key": signer.verifier.as_text(),
            "algorithm": ALGORITHM,
            "signature": base64.b64encode(signer.sign(data)).decode(),
        }
        for signer in signers
    ]
    return {**bare, "signatures": signatures}


def signed_by(record: Mapping[str, Any], verifiers: tuple[Verifies, ...]) -> tuple[str, ...]:
    """Which of these keys signed the record as it stands. A wrong signature counts as none."""
    bare = {name: value for name, value in record.items() if name != "signatures"}
    data = rfc8785.dumps(bare)
    found: list[str] = []
    for each in cast("list[object]", record.get("signatures", [])):
        match each:
            case {"key": str(key), "signature": str(text)}:
                try:
                    signature = base64.b64decode(text, validate=True)
                except binascii.Error:
                    continue
                known = [one for one in verifiers if one.as_text() == key]
                found += [key for one in known if one.verify(data, signature)]
            case _:
                continue
    return tuple(found)


def opens(public: Mapping[str, Any], sealed: Mapping[str, Any], input_sha256: str) -> bool:
    """Whether a sealed part belongs to a public one, and both to this original."""
    try:
        salt = bytes.fromhex(str(sealed["salt"]))
        plan = hashlib.sha256(rfc8785.dumps(sealed["plan"])).hexdigest()
        return (
            hmac.compare_digest(str(public["input"]["commitment"]), commitment(salt, input_sha256))
            and hmac.compare_digest(str(public["plan"]["commitment"]), commitment(salt, plan))
            and sealed["input"]["sha256"] == input_sha256
        )
    except (KeyError, TypeError, ValueError):
        return False

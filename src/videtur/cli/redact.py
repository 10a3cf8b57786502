"""`videtur redact`: a copy of a film in which people, and voices, are not to be recognised. No workspace."""

import hashlib
import os
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from videtur.cli.environment import complain, json_option, print_json
from videtur.cli.redact_files import Places, chain_from, opened, read_plan, signer_from, write_all_of_it
from videtur.cli.redact_passes import (
    Masked,
    Task,
    automatic_plan,
    detectors_for,
    masked_copy,
)
from videtur.engines.custody.signing import Signer
from videtur.engines.media.sandbox import DecodingSandbox
from videtur.engines.redaction.attestation import SALT_BYTES, Circumstances, attest, signed
from videtur.engines.redaction.checking import check, must_be_sound
from videtur.engines.redaction.finding import Found
from videtur.engines.redaction.gate import ReleaseContext, blocks
from videtur.engines.redaction.masking import Persons
from videtur.engines.redaction.plan import Fill, RedactionPlan, Voice
from videtur.engines.redaction.rendering import ENGINE_NAME, ENGINE_VERSION
from videtur.errors import WrongUsage
from videtur.storage.unnamed_file import UnnamedFile

_SHOWN = 20
_UNREVIEWED = frozenset({"unresolved", "unsigned_shot", "shots_missing", "no_reason", "one_person"})
"""Of what stands in the way of release: what says that no person has looked at everything."""
_AUTOMATIC = "An automatic pass, which nobody has reviewed: not for release."


@click.command("redact")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--plan",
    "plan_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Mask by this plan (see --write-plan) and look for nothing else.",
)
@click.option(
    "--write-plan",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="PLAN",
    help="Also write the plan as JSON, for a person to mend and to give back with --plan.",
)
@click.option(
    "--persons",
    type=click.Choice(["faces", "heads", "bodies"]),
    default="heads",
    show_default=True,
    help="How much of a person is covered.",
)
@click.option(
    "--text/--no-text", default=False, show_default=True, help="Cover writing too: names, plates, marks."
)
@click.option(
    "--voice",
    type=click.Choice(["mute", "disguise", "keep"]),
    default="mute",
    show_default=True,
    help="What is done with the sound. A disguise is weak: it is no protection for people at risk.",
)
@click.option(
    "--fill",
    type=click.Choice(["solid", "mosaic"]),
    default="solid",
    show_default=True,
    help="What covers people. A mosaic hides less than a solid fill, and can be matched against pictures.",
)
@click.option(
    "--cover-unsigned",
    is_flag=True,
    help="Cover every shot whole that nobody has signed in the plan, as for release.",
)
@click.option(
    "--second-look/--no-second-look",
    default=True,
    show_default=True,
    help="Let the detectors look at the masked copy again.",
)
@click.option(
    "--key",
    "key_path",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="PEM",
    help="Sign the record with this Ed25519 private key.",
)
@click.option(
    "--certificates",
    "chain_path",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="PEM",
    help="Put content credentials (C2PA) on the copy; this is the chain of certificates of --key.",
)
@click.option(
    "--sealed",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="JSON",
    help="Also write the sealed part of the record: digest of the original, salt, plan. Keep it from others.",
)
@click.option("--force", is_flag=True, help="Replace files that are there already.")
@json_option
@click.pass_context
def command(
    context: click.Context,
    file: Path,
    out: Path,
    plan_path: Path | None,
    write_plan: Path | None,
    persons: Persons,
    text: bool,
    voice: Voice,
    fill: Fill,
    cover_unsigned: bool,
    second_look: bool,
    key_path: Path | None,
    chain_path: Path | None,
    sealed: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Make a copy of FILE in which people are covered, and write it to OUT, an MP4.

    Pictures are covered at the times at which they are shown; the copy holds one stream of pictures and at
    most one of sound, and no tag, chapter, cover or subtitle of FILE. It is then decoded and checked against
    the plan; a copy that fails is thrown away. OUT.redaction.json says what was done, and names FILE only by
    a salted commitment.

    This is an automatic pass. It misses people: look at every shot, above all at the stretches it lists as
    unsure, before anybody else sees the copy.
    """
    record = out.with_name(out.name + ".redaction.json")
    places = Places(out, record, sealed, write_plan, force)
    given = {
        name
        for name in ("persons", "text", "voice", "fill")
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    }
    if plan_path is not None and given & {"persons", "text"}:
        raise WrongUsage("A plan says already what is covered", remedy="Leave out --persons and --text")
    signer = signer_from(key_path)
    chain = chain_from(chain_path, signer)
    task = Task(persons, text, voice, fill, "cover" if cover_unsigned else "show", second_look)
    with opened(file) as source:
        places.check(file)
        digest = hashlib.file_digest(source, "sha256").hexdigest()
        plan = None if plan_path is None else read_plan(plan_path, digest, task, given)
        detectors = detectors_for(task) if plan is None or second_look else None
        with DecodingSandbox() as sandbox, UnnamedFile(out, 0o644) as target:
            if plan is None:
                assert detectors is not None  # noqa: S101 -- there is no plan without them
                plan, found = automatic_plan(source, digest, sandbox, detectors, task)
            else:
                found = None
            made = masked_copy(source, target.descriptor, sandbox, plan, detectors, task, found)
            with _with_credentials(out, target, sandbox, made, signer, chain) as last:
                told = _told(made, found, digest, last.descriptor)
                kept = _record(made, told, digest, signer)
                write_all_of_it(places, last, made, kept)
    _say(out, told, made, as_json=as_json, automatic=found is not None)


@contextmanager
def _with_credentials(
    out: Path,
    target: UnnamedFile,
    sandbox: DecodingSandbox,
    made: Masked,
    signer: Signer | None,
    chain: str | None,
) -> Generator[UnnamedFile]:
    """The copy as made; or, with certificates, a second file that carries credentials, checked anew."""
    if signer is None or chain is None:
        yield target
        return
    from videtur.engines.redaction.content_credentials import BOX, embed

    with (
        UnnamedFile(out, 0o644) as second,
        os.fdopen(os.dup(target.descriptor), "rb") as copy,
        os.fdopen(os.dup(second.descriptor), "w+b") as carrying,
    ):
        embed(copy, carrying, made.plan, signer.sign, chain, kept_sound=made.rendered.copied.has_sound)
        must_be_sound(check(carrying, sandbox, made.plan, made.rendered, known_boxes=(BOX,)))
        yield second


def _digest_of(descriptor: int) -> str:
    with os.fdopen(os.dup(descriptor), "rb") as copy:
        copy.seek(0)
        return hashlib.file_digest(copy, "sha256").hexdigest()


def _told(made: Masked, found: Found | None, digest: str, descriptor: int) -> dict[str, Any]:
    """The JSON of the verb."""
    plan = made.plan
    first = plan.detectors[0].rsplit(" ", 1) if plan.detectors else None
    return {
        "frames": made.checked.frames,
        "detections": 0 if found is None else found.detections,
        "tracks": len(plan.tracks),
        "unsure": [[_seconds(plan, one), _seconds(plan, two), reason] for one, two, reason in made.unsure],
        "masked_area": round(made.checked.masked_area, 4),
        "input": {"sha256": digest},
        "output": {"sha256": _digest_of(descriptor)},
        "engine": {
            "name": ENGINE_NAME,
            "version": ENGINE_VERSION,
            "model": None if first is None else {"name": first[0], "sha256": first[-1]},
        },
        "warnings": [],
        "not_for_release": [],
    }


def _seconds(plan: RedactionPlan, pts: int) -> float:
    return round(float(pts * plan.picture.time_base), 3)


def _record(made: Masked, told: dict[str, Any], digest: str, signer: Signer | None) -> tuple[Any, Any]:
    """What is written beside the copy, and its sealed part."""
    context = ReleaseContext(
        digest,
        unsigned_shots=made.rendered.unsigned_shots,
        damage=made.rendered.copied.damage,
        rendered=True,
        checked=made.checked,
    )
    in_the_way = blocks(made.plan, context)
    reviewed = not _UNREVIEWED & {each.code for each in in_the_way}
    circumstances = Circumstances(
        digest,
        told["output"]["sha256"],
        reviewed=reviewed,
        made_on=datetime.now(UTC).date().isoformat(),
        tools=(f"videtur {ENGINE_NAME} {ENGINE_VERSION}",),
    )
    both = attest(made.plan, made.rendered, made.checked, circumstances, secrets.token_bytes(SALT_BYTES))
    told["warnings"] = both.public["warnings"]
    told["checks"] = both.public["checks"]
    told["not_for_release"] = [each.as_json() for each in in_the_way]
    public = {
        **both.public,
        **{name: told[name] for name in ("detections", "tracks", "unsure", "masked_area")},
        "engine": told["engine"],
    }
    return signed(public, () if signer is None else (signer,)), both.sealed


def _say(out: Path, told: dict[str, Any], made: Masked, *, as_json: bool, automatic: bool) -> None:
    if automatic:
        complain(_AUTOMATIC)
    for warning in told["warnings"][1 if automatic else 0 :]:
        complain(warning)
    if not made.checked.ok:
        complain("The detectors still see somebody on the copy: look at the stretches listed as seen again.")
    if as_json:
        print_json(told)
        return
    click.echo(
        f"{out}: pictures: {told['frames']}, tracks: {told['tracks']}, covered: "
        f"{told['masked_area']:.1%} of the picture on average."
    )
    click.echo(f"SHA-256 of the copy: {told['output']['sha256']}")
    for start, end, reason in told["unsure"][:_SHOWN]:
        click.echo(f"Look at {start:.2f}-{end:.2f} s: {reason.replace('_', ' ')}")
    if len(told["unsure"]) > _SHOWN:
        click.echo(f"... and {len(told['unsure']) - _SHOWN} stretches more; --json lists them all.")

"""The files of `videtur redact`: what is read, what is refused, and how all is written or nothing."""

import json
import os
from contextlib import ExitStack
from dataclasses import dataclass, replace
from io import BufferedReader
from pathlib import Path
from typing import Any, cast

from videtur.cli.redact_passes import Masked, Task
from videtur.engines.custody.signing import Signer
from videtur.engines.redaction.plan import RedactionPlan
from videtur.engines.redaction.plan_form import plan_as_json, plan_from_json
from videtur.errors import Refused, WrongUsage
from videtur.storage.durable_files import disk_errors, write_all
from videtur.storage.unnamed_file import UnnamedFile, taken

_ENDINGS = (".mp4", ".m4v")
_LARGEST_PLAN = 1 << 30


@dataclass(frozen=True, slots=True)
class Places:
    """Where what is made goes."""

    out: Path
    record: Path
    sealed: Path | None
    plan: Path | None
    force: bool

    def check(self, source: Path) -> None:
        """Before any work: nothing is overwritten unasked, and never the original."""
        if self.out.suffix.lower() not in _ENDINGS:
            raise WrongUsage(
                f"The masked copy is an MP4; {self.out.name} names another kind",
                remedy="Let its name end in .mp4",
            )
        for path in (self.out, self.record, self.sealed, self.plan):
            if path is None:
                continue
            if not path.parent.is_dir():
                raise WrongUsage(f"There is no folder {path.parent}", remedy="Make it first")
            if path.exists() and path.samefile(source):
                raise WrongUsage("The original would be overwritten", remedy="Name another file")
            if os.path.lexists(path) and not self.force:
                raise taken(path)


def opened(path: Path) -> BufferedReader:
    """The original, to read. Raises VideturError."""
    try:
        if not path.is_file():
            raise Refused(f"{path} is not a file", remedy="Name a film that is there")
        return path.open("rb")
    except OSError as problem:
        raise Refused(
            f"{path} cannot be read", problem.strerror or "", "Check that you may open it"
        ) from problem


def signer_from(path: Path | None) -> Signer | None:
    """The key to sign with. Raises VideturError."""
    if path is None:
        return None
    try:
        return Signer.from_pem(path.read_bytes())
    except (OSError, ValueError) as problem:
        raise WrongUsage(
            f"{path} is no key to sign with", str(problem).splitlines()[0], "Give an Ed25519 private key"
        ) from problem


def chain_from(path: Path | None, signer: Signer | None) -> str | None:
    """Certificates, as text. Raises VideturError."""
    if path is None:
        return None
    if signer is None:
        raise WrongUsage("Certificates need the key they are for", remedy="Give it with --key")
    try:
        return path.read_text("ascii")
    except (OSError, ValueError) as problem:
        raise WrongUsage(f"{path} holds no certificates", str(problem)) from problem


def read_plan(path: Path, digest: str, task: Task, given: set[str]) -> RedactionPlan:
    """A person's plan; --fill and --voice, where they were given, count for more. Raises VideturError."""
    try:
        if path.stat().st_size > _LARGEST_PLAN:
            raise Refused(f"{path} is too large for a plan")
        value = json.loads(path.read_bytes())
    except OSError as problem:
        raise Refused(f"{path} cannot be read", problem.strerror or "") from problem
    except ValueError as problem:
        raise Refused("The redaction plan cannot be used", f"it is no JSON: {problem}") from problem
    if not isinstance(value, dict):
        raise Refused("The redaction plan cannot be used", "it is no JSON object")
    plan = plan_from_json(cast("dict[str, Any]", value))
    if plan.input_sha256 != digest:
        raise Refused(
            "The plan is for another file",
            f"it was made for {plan.input_sha256[:12]}…, this is {digest[:12]}…",
            "Make the plan from this file",
        )
    if "fill" in given:
        plan = replace(plan, fill=task.fill)
    if "voice" in given:
        plan = replace(plan, voice=task.voice)
    return plan


def write_all_of_it(places: Places, target: UnnamedFile, made: Masked, kept: tuple[Any, Any]) -> None:
    """All or nothing: everything is on the disk before the first of it gets a name, and the copy is last."""
    public, sealed = kept
    wanted = [(places.record, public, 0o644), (places.sealed, sealed, 0o600)]
    wanted.append((places.plan, plan_as_json(made.plan), 0o600))
    named: list[Path] = []
    with ExitStack() as files:
        ready: list[tuple[Path, UnnamedFile]] = []
        for path, value, mode in wanted:
            if path is None:
                continue
            file = files.enter_context(UnnamedFile(path, mode))
            text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
            with disk_errors("write", path):
                write_all(file.descriptor, memoryview(text.encode()))
                os.fsync(file.descriptor)
            ready.append((path, file))
        with disk_errors("write", places.out):
            os.fsync(target.descriptor)
        try:
            for path, file in ready:
                file.publish(replace=places.force)
                named.append(path)
            target.publish(replace=places.force)
        except BaseException:
            for path in named:
                path.unlink(missing_ok=True)
            raise

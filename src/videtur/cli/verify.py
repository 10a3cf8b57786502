"""`videtur verify`: everything stored, against the ledger and the seal."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from videtur.cli.environment import json_option, load_apps, print_json, workspace_option
from videtur.engines.custody.verdict import MEANINGS, Kind, Problem, VerificationReport, report
from videtur.errors import VerificationFailed, VideturError, WrongUsage
from videtur.workspace import CONFIGURATION, Workspace, find_workspace, read_workspace

if TYPE_CHECKING:
    from videtur.ledger.seal_check import SealCheck
    from videtur.ledger.sealed_files import Notice

_MOST_LINES = 200


@click.command()
@click.option("--deep", is_flag=True, help="Read and hash every stored byte. This is the default.")
@click.option("--quick", is_flag=True, help="Do not read stored videos: look only whether they are there.")
@click.option(
    "--accept",
    metavar="REASON",
    help="Live with changes of files outside the object store (a replaced model, an edited videtur.toml): "
    "seal them as they are, with your reason. Recorded rows and stored videos cannot be accepted.",
)
@workspace_option
@json_option
def command(deep: bool, quick: bool, accept: str | None, workspace: Path | None, as_json: bool) -> None:
    """Check everything stored against the records, the signed ledger and the seal.

    Every entry must have its hash, every checkpoint its signature, every row must be what its entry says,
    every stored file must have its digests, and every other file of the workspace must be as it was sealed.
    Whatever differs is named. Nothing is changed. Exit status 0: all holds; 1: something differs.
    """
    if deep and quick:
        raise WrongUsage("--deep and --quick exclude each other")
    root = _root_of(workspace)
    verdict = _verify(root, hashing=not quick)
    accepted: list[Notice] = []
    if accept is not None:
        accepted = _accept(root, verdict, accept)
        verdict = _verify(root, hashing=not quick)
    if as_json:
        print_json(verdict.as_json())
    else:
        for notice in accepted:
            click.echo(f"Accepted: {notice.path}: {notice.what}")
        _tell(verdict)
    if not verdict.ok:
        raise SystemExit(VerificationFailed.exit_status)


def _root_of(given: Path | None) -> Path:
    """The folder to verify, even where its configuration can no longer be read."""
    if given is not None:
        if not given.is_dir():
            raise WrongUsage(f"{given} is no folder")
        return given.absolute()
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / CONFIGURATION).is_file():
            return folder
    return find_workspace().root


def _verify(root: Path, *, hashing: bool) -> VerificationReport:
    """Files first: they need no settings and no database, so damage there is named in any case."""
    from videtur.ledger.sealed_files import SEAL

    if not (root / CONFIGURATION).exists() and not (root / SEAL).exists():
        read_workspace(root)  # says that this is no workspace
    from videtur.ledger.seal_check import check_seal

    seal = check_seal(root)
    try:
        opened = read_workspace(root)
        load_apps(opened)
    except VideturError as problem:
        seal.problems.append(Problem(CONFIGURATION, problem.explain(), Kind.MISSING))
    except Exception as problem:
        # Damaged settings make Django raise anything; without a damaged file it is our own fault.
        if not seal.problems:
            raise
        seal.problems.append(Problem(CONFIGURATION, f"the settings cannot be used: {problem}", Kind.MISSING))
    else:
        return _verify_contents(opened, seal, hashing=hashing)
    return report(seal.problems, [*seal.remarks, "Records and objects were not looked at."], {})


def _verify_contents(opened: Workspace, seal: "SealCheck", *, hashing: bool) -> VerificationReport:
    from django.db import connections

    from videtur.ledger.verification import verify_contents

    try:
        return verify_contents(opened, seal, hashing)
    finally:
        connections.close_all()


def _accept(root: Path, verdict: VerificationReport, reason: str) -> "list[Notice]":
    if not reason.strip():
        raise WrongUsage("A reason is needed", remedy="Say who changed what, and why")
    fatal = [problem for problem in verdict.problems if problem.kind is not Kind.SEAL]
    missing = [problem for problem in fatal if problem.what != "the file is missing"]
    if missing:
        _tell(verdict)
        raise VerificationFailed(
            f"{missing[0].path} cannot be accepted: {missing[0].what}", remedy="Restore it from a backup"
        )
    from videtur.ledger.seal import accept_changes

    return accept_changes(read_workspace(root), reason)


def _tell(verdict: VerificationReport) -> None:
    for problem in verdict.problems[:_MOST_LINES]:
        click.echo(f"DIFFERS  {problem.path}: {problem.what}")
    if len(verdict.problems) > _MOST_LINES:
        click.echo(f"... and {len(verdict.problems) - _MOST_LINES} more (all of them with --json)")
    for remark in verdict.remarks:
        click.echo(f"note     {remark}")
    for each, holds in verdict.properties.items():
        click.echo(f"{'holds   ' if holds else 'BROKEN  '} {each.value}: {MEANINGS[each]}")
    counts = ", ".join(f"{count} {name}" for name, count in verdict.counts.items())
    click.echo(f"{'All holds' if verdict.ok else f'{len(verdict.problems)} problems'}: {counts}")

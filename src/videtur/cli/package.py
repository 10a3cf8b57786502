"""`videtur package`: evidence packages, out and checked."""

from pathlib import Path

import click

from videtur.cli.environment import (
    Progress,
    acting,
    actor_option,
    json_option,
    open_store,
    open_workspace,
    print_json,
    workspace_option,
    writing,
)
from videtur.errors import VerificationFailed
from videtur.publication.package_verification import PackageVerdict, shown, verify_package


@click.group()
def group() -> None:
    """Evidence packages: a folder that a stranger can check with standard tools."""


@group.command("export")
@click.argument("case_name", metavar="CASE")
@click.argument("out", type=click.Path(path_type=Path))
@actor_option
@workspace_option
@json_option
def export(case_name: str, out: Path, username: str | None, workspace: Path | None, as_json: bool) -> None:
    """Write a case as an evidence package: a new folder OUT with everything needed to check it.

    It holds the originals, the record of the case, its report, and the proof that each entry stands in the
    ledger; nothing of other cases. It is a BagIt bag, and `sh verify.sh` inside it needs nothing but
    openssl and coreutils. OUT appears only when it is complete. The export is itself an entry of the
    ledger.
    """
    opened = open_workspace(workspace)
    from videtur.cases.queries import case_named
    from videtur.publication.services import House, export_package

    case, who, store = case_named(case_name), acting(username), open_store(opened)
    with writing(opened), Progress("Copying originals", counts_bytes=True) as progress:
        exported = export_package(who.actor, case, out, House(opened, store), progress.advance)
    row = exported.row
    if as_json:
        print_json(
            {
                "package": str(out),
                "case": case.slug,
                "items": row.item_count,
                "size": exported.size,
                "tag_manifest_sha256": row.tag_manifest_sha256,
                "checkpoint_size": row.checkpoint_size,
                "ledger_index": row.entry_index,
                "key_fingerprint": exported.key_fingerprint,
            }
        )
        return
    click.echo(f"{out}: {row.item_count} originals, {exported.size} bytes (entry {row.entry_index})")
    click.echo(f"Fingerprint of the key, to be told another way: {exported.key_fingerprint}")


@group.command("verify")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--key-fingerprint",
    metavar="HEX",
    help="The fingerprint of the ledger's key, as it reached you by another way than the package.",
)
@json_option
def verify(folder: Path, key_fingerprint: str | None, as_json: bool) -> None:
    """Check an evidence package, or any BagIt bag. Needs no workspace; nothing in the package is executed.

    Exit status 0 when nothing differs, 1 when something does; each problem names its file.
    """
    with Progress("Checking", counts_bytes=True) as progress:
        verdict = verify_package(folder, key_fingerprint, progress.advance)
    if as_json:
        print_json(verdict.as_json())
    else:
        _tell(verdict)
    if not verdict.ok:
        raise SystemExit(VerificationFailed.exit_status)


def _tell(verdict: PackageVerdict) -> None:
    for problem in verdict.report.problems:
        click.echo(shown(f"{problem.path or '.'}: {problem.what}"))
    words = {True: "holds", False: "does not hold", None: "not shown"}
    for name, holds in verdict.properties.items():
        click.echo(f"{name:18}{words[holds]}")
    for remark in verdict.report.remarks:
        click.echo(shown(remark), err=True)
    counts = ", ".join(f"{number} {what.replace('_', ' ')}" for what, number in verdict.report.counts.items())
    click.echo(f"{'OK' if verdict.ok else 'NOT OK'}: {counts}")

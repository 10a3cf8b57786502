"""`videtur key`: the key that signs the ledger."""

from pathlib import Path

import click

from videtur.cli.environment import json_option, print_json, workspace_option
from videtur.engines.custody.signing import Verifier
from videtur.workspace import find_workspace


@click.group()
def group() -> None:
    """The key that signs checkpoints and seals.

    Write its fingerprint down, or give it to somebody you trust: a package or a backup proves something
    only to a person who has the fingerprint from elsewhere.
    """


@group.command("show")
@workspace_option
@json_option
def show(workspace: Path | None, as_json: bool) -> None:
    """Show the public key: its fingerprint, and the form that tools for transparency logs take."""
    from videtur.ledger.keys import load_ledger_verifier

    _tell(load_ledger_verifier(find_workspace(workspace)), as_json=as_json)


@group.command("create")
@workspace_option
@json_option
def create(workspace: Path | None, as_json: bool) -> None:
    """Make the key, where there is none (init makes it for every new workspace)."""
    from videtur.ledger.keys import create_ledger_key

    _tell(create_ledger_key(find_workspace(workspace)), as_json=as_json)


def _tell(verifier: Verifier, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "name": verifier.name,
                "fingerprint": verifier.fingerprint,
                "verifier_key": verifier.as_text(),
                "public_key": verifier.as_pem().decode(),
            }
        )
        return
    click.echo(f"Ledger:      {verifier.name}")
    click.echo(f"Fingerprint: {verifier.fingerprint}  (SHA-256 of the public key as DER)")
    click.echo(f"As a note key: {verifier.as_text()}")

"""`videtur init`: make a workspace."""

import secrets
import shutil
import signal
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

import click

from videtur.cli.disks import refuse_network_disk
from videtur.cli.environment import json_option, load_apps, open_store, print_json, writing
from videtur.cli.passwords import Password, at_terminal, choose_password, password_file_option
from videtur.errors import StorageFailed, WrongUsage
from videtur.storage.durable_files import disk_errors, replace_file, sync_folder
from videtur.workspace import CONFIGURATION, Workspace, write_workspace

_MAKING = ".videtur-init-"


@dataclass(frozen=True, slots=True)
class FirstUser:
    """The account that a new workspace begins with."""

    username: str
    password: Password


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--database",
    metavar="URL",
    help="Where the records live, for many workers postgresql://USER@HOST/NAME. Default: a file in DIR.",
)
@click.option(
    "--objects", metavar="URL", help="Where the videos live: file:FOLDER. Default: the folder objects in DIR."
)
@click.option(
    "--username", help="Name of the first account, an administrator. Asked for at a terminal; else: admin."
)
@password_file_option
@json_option
def command(
    folder: Path,
    database: str | None,
    objects: str | None,
    username: str | None,
    password_file: Path | None,
    as_json: bool,
) -> None:
    """Make a workspace in DIR: one folder for videos, records, keys and models.

    DIR must not exist yet, or be empty. Everything else in it is made by the other commands; move or back
    up the folder as a whole. Its keys folder holds the key that seals your records: keep a copy of it
    where nobody else can reach it.
    """
    _refuse_what_cannot_be(folder, database)
    first = _first_user(username, password_file)
    with _terminated_like_interrupted():
        workspace = make_workspace(folder, database, objects, first)
    if as_json:
        generated = {"password": first.password.text} if first.password.made_here else {}
        print_json({"workspace": str(workspace.root), "username": first.username, **generated})
        return
    click.echo(f"Made the workspace {workspace.root}")
    click.echo(f"User name: {first.username}")
    if first.password.made_here:
        click.echo(f"Password (shown only now): {first.password.text}")
    click.echo(f"Take videos in: videtur intake PATH... --case NAME --workspace {folder}")


def make_workspace(folder: Path, database: str | None, objects: str | None, first: FirstUser) -> Workspace:
    """Build everything aside, then move it into place; its configuration comes last and makes it whole."""
    made_folder = not folder.exists()
    with disk_errors("make the folder", folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    making = folder / f"{_MAKING}{secrets.token_hex(4)}"
    parts: list[str] = []
    try:
        aside = write_workspace(making, database, objects)
        _fill(aside, first)
        with disk_errors("move into place", folder):
            parts = sorted((path.name for path in making.iterdir()), key=lambda name: name == CONFIGURATION)
            for part in parts:
                (making / part).rename(folder / part)
            making.rmdir()
        sync_folder(folder)
    except BaseException:  # whatever stops it, Ctrl-C included, leaves nothing behind
        for path in (making, *(folder / part for part in parts)):
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
        if made_folder:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    return replace(aside, root=folder.absolute())


def _fill(workspace: Workspace, first: FirstUser) -> None:
    with disk_errors("make the folder", workspace.root):
        workspace.root.chmod(0o700)
        workspace.keys.mkdir(mode=0o700)
        workspace.models.mkdir()
    replace_file(workspace.web_secret, secrets.token_urlsafe(48).encode("ascii"))
    load_apps(workspace)
    from django.db import DatabaseError, connection, transaction

    from videtur.ledger.keys import create_ledger_key
    from videtur.storage.ocfl import prepare_root

    create_ledger_key(workspace)
    store = open_store(workspace)
    prepare_root(store)
    store.close()  # its staging folder must not move with the workspace
    try:
        if connection.vendor == "sqlite":
            with writing(workspace):
                _make_records(first)
        else:
            _refuse_used_database()
            # A server keeps what was done before a failure, unless it is one step.
            with writing(workspace), transaction.atomic():
                _make_records(first)
    except DatabaseError as problem:
        raise StorageFailed(
            "The database could not be set up",
            str(problem).strip(),
            "Check its address and your rights on it",
        ) from problem
    finally:
        connection.close()


def _make_records(first: FirstUser) -> None:
    from django.core.management import call_command

    from videtur.people.models import system_actor
    from videtur.people.services import create_user

    call_command("migrate", verbosity=0, interactive=False)
    create_user(system_actor("init"), first.username, first.password.text, administrator=True)


def _refuse_used_database() -> None:
    from django.db import connection

    if "django_migrations" in connection.introspection.table_names():
        raise WrongUsage(
            "This database holds a workspace already",
            remedy="Make an empty one: one database for one workspace",
        )


def _refuse_what_cannot_be(folder: Path, database: str | None) -> None:
    if (folder / CONFIGURATION).exists():
        raise WrongUsage(f"{folder} already is a workspace", remedy="Choose another folder")
    if folder.is_dir() and (found := sorted(folder.iterdir())):
        left = [path for path in found if path.name.startswith(_MAKING)]
        if len(left) < len(found):
            raise WrongUsage(f"{folder} is not empty", remedy="Choose a new or an empty folder")
        for path in left:  # of an init that was killed
            shutil.rmtree(path, ignore_errors=True)
    if database is None:
        refuse_network_disk(folder)
    elif urlsplit(database).scheme not in ("sqlite", "postgresql"):
        raise WrongUsage(
            f"{database!r} is no database address", remedy="Use postgresql://USER@HOST/NAME, or leave it out"
        )


def _first_user(username: str | None, password_file: Path | None) -> FirstUser:
    if username is None:
        username = click.prompt("User name", default="admin", err=True) if at_terminal() else "admin"
    return FirstUser(username, choose_password(password_file))


@contextmanager
def _terminated_like_interrupted() -> Generator[None]:
    """SIGTERM and a closed terminal clean up as Ctrl-C does."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

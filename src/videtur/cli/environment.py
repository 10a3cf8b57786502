"""What the verbs of a workspace share: finding and opening it, who acts, output, progress, the seal.

Modules of the apps can be imported only after `open_workspace`, so verbs import them where they use them.
"""

import getpass
import json
import os
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import click
import rich.progress
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from videtur.errors import StorageFailed, VideturError, WrongUsage
from videtur.workspace import ENVIRONMENT_VARIABLE, Workspace, find_workspace

if TYPE_CHECKING:
    from videtur.people.models import User
    from videtur.storage.object_store import ObjectStore

SETTINGS = "videtur.web.settings"
PROGRESS_AFTER_SECONDS = 2.0
_Decorated = Callable[..., Any]


def workspace_option(command: _Decorated) -> _Decorated:
    """Add `--workspace DIR`, which arrives as `workspace: Path | None`."""
    return click.option(
        "--workspace",
        type=click.Path(path_type=Path, file_okay=False),
        envvar=ENVIRONMENT_VARIABLE,
        show_envvar=True,
        help="The workspace to work in. Default: the nearest folder upwards that holds a videtur.toml.",
    )(command)


def json_option(command: _Decorated) -> _Decorated:
    """Add `--json`, which arrives as `as_json: bool`."""
    return click.option(
        "--json", "as_json", is_flag=True, help="Print JSON for scripts instead of text for people."
    )(command)


def actor_option(command: _Decorated) -> _Decorated:
    """Add `--as USERNAME`, which arrives as `username: str | None`; see `acting`."""
    return click.option(
        "--as",
        "username",
        metavar="USERNAME",
        envvar="VIDETUR_USER",
        show_envvar=True,
        help="Who does this, for the record. Default: the one account there is; with several, the name of "
        "your login on this machine.",
    )(command)


def open_workspace(given: Path | None = None) -> Workspace:
    """Find the workspace and load the apps on its database. Everything else comes after this."""
    workspace = find_workspace(given)
    if (path := workspace.sqlite_path) is not None and not path.is_file():
        raise StorageFailed(f"The database {path} is missing", remedy="Restore it from a backup")
    load_apps(workspace)
    _check_database()
    return workspace


def load_apps(workspace: Workspace) -> None:
    """Let Django know the workspace and load the apps, without touching the database."""
    os.environ[ENVIRONMENT_VARIABLE] = str(workspace.root)
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    import django

    django.setup()


def _check_database() -> None:
    from django.db import DatabaseError, connection

    from videtur.ledger.services import size

    try:
        connection.ensure_connection()
    except DatabaseError as problem:
        raise StorageFailed(
            "The database of the workspace cannot be opened", str(problem).strip(), "Check that it runs"
        ) from problem
    try:
        size()
    except DatabaseError as problem:
        raise StorageFailed(
            "The database of the workspace cannot be read",
            str(problem).strip(),
            "Restore it from a backup, if it was damaged",
        ) from problem


def open_store(workspace: Workspace) -> "ObjectStore":
    """The object store of the workspace; what it keeps open is closed when the verb ends."""
    from videtur.storage.local_disk import LocalDisk
    from videtur.storage.object_store import open_object_store

    store = open_object_store(workspace.objects, workspace.root)
    if isinstance(store, LocalDisk):
        click.get_current_context().call_on_close(store.close)
    return store


@dataclass(frozen=True, slots=True)
class Acting:
    """Who does something at the command line. `actor` is the name for the ledger."""

    actor: str
    user: "User | None" = None


def acting(username: str | None) -> Acting:
    """The person named, else the only one with an account, else the login on this machine."""
    from videtur.people.models import User, system_actor
    from videtur.people.queries import user_named

    if username is not None:
        user = user_named(username)
        if not user.is_active:
            raise WrongUsage(f"The account {user.username} is disabled")
        return Acting(user.actor, user)
    people = list(User.objects.filter(is_active=True)[:2])
    if len(people) == 1:
        return Acting(people[0].actor, people[0])
    return Acting(system_actor(f"command-line/{_login()}"))


def _login() -> str:
    try:
        return getpass.getuser()[:60]
    except (KeyError, OSError):  # a user number without a name, as in containers
        return str(os.getuid())


@contextmanager
def writing(workspace: Workspace) -> Generator[None]:
    """Around every verb that writes: afterwards the workspace is sealed as it then is."""
    from videtur.ledger.seal import writing as writing_sealed

    with writing_sealed(workspace):
        yield


def print_json(value: object) -> None:
    """Print one JSON document, indented for the eye."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def print_json_line(value: object) -> None:
    """Print one line of JSON Lines in pure ASCII, and hand it over at once."""
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def complain(problem: VideturError | str) -> None:
    """Say one line on stderr."""
    text = problem if isinstance(problem, str) else problem.explain()
    click.echo(text.replace("\n", " "), err=True)


class Progress:
    """A line on a terminal's stderr once something takes longer than two seconds; elsewhere nothing.

    `total` is what `advance` counts up to, in whatever unit; None when it is not known.
    """

    def __init__(self, doing: str, total: int | None = None, *, counts_bytes: bool = False) -> None:
        amount = DownloadColumn(binary_units=True) if counts_bytes else MofNCompleteColumn()
        self._bar = rich.progress.Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            *([BarColumn()] if total is not None else []),
            amount,
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._doing = doing
        self._task = self._bar.add_task(doing, total=total)
        self._starts = time.monotonic() + PROGRESS_AFTER_SECONDS
        self._terminal = self._bar.console.is_terminal
        self._shown = False

    def advance(self, count: int = 1) -> None:
        """So much more is done. Cheap, and safe from any thread."""
        self._bar.advance(self._task, count)
        if self._terminal and not self._shown and time.monotonic() >= self._starts:
            self._shown = True
            self._bar.start()

    def say(self, state: str) -> None:
        """What is being done now, or how far it is in words."""
        self._bar.update(self._task, description=f"{self._doing}: {state}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:  # a bar that was never shown would still print an empty line
            self._bar.stop()

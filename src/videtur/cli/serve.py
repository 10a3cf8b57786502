"""`videtur serve`: the workbench, and a worker beside it."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
from ipaddress import ip_address
from pathlib import Path

import click

from videtur.cli.environment import complain, open_workspace, workspace_option, writing
from videtur.errors import WrongUsage
from videtur.storage.durable_files import replace_file
from videtur.workspace import ENVIRONMENT_VARIABLE, Workspace, find_workspace

APPLICATION = "videtur.web.wsgi:application"
THREADS = 8
WORKER_RESTARTS_AFTER = 5.0
WORKER_ENDS_WITHIN = 60.0


@click.command()
@workspace_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port to listen at; 0 takes a free one.",
)
@click.option(
    "--name",
    "names",
    multiple=True,
    help="Host name by which browsers reach this machine, if it is not the address itself. Repeatable.",
)
@click.option("--no-worker", is_flag=True, help="Start no worker: only show, let others examine.")
def command(workspace: Path | None, host: str, port: int, names: tuple[str, ...], no_worker: bool) -> None:
    """Open the workbench in the browser, until stopped (Ctrl-C, or SIGTERM).

    Listens on this machine alone unless told otherwise. A worker that examines what comes in is started
    beside it, and ends with it.
    """
    found = find_workspace(workspace)
    _make_secret(found)
    _allow_hosts(host, names)
    opened = open_workspace(found.root)
    _require_migrations()
    port = _free_port(host, port)
    if not _is_loopback(host):
        complain(
            f"Warning: anybody who reaches {host}:{port} can try to sign in, and what they send is not "
            "encrypted. Put a reverse proxy with HTTPS before it."
        )
    with writing(opened):
        worker = None if no_worker else Worker(opened)
        try:
            click.echo(f"Videtur is at http://{_as_url(host)}:{port}/  (stop it with Ctrl-C)")
            sys.stdout.flush()
            _serve(host, port)
        finally:
            if worker:
                worker.end()


class Worker:
    """A `videtur worker` beside the server: started again when it dies, ended when the server ends."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._ending = threading.Event()
        self._process = self._start()
        threading.Thread(target=self._watch, name="worker-watch", daemon=True).start()

    def end(self) -> None:
        """Let it finish the step it is at; kill it if that takes too long. Nothing is lost either way."""
        self._ending.set()
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(WORKER_ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _start(self) -> "subprocess.Popen[bytes]":
        program = "from videtur.cli.main import main; main()"
        return subprocess.Popen(
            [
                sys.executable,
                "-c",
                program,
                "worker",
                "--workspace",
                str(self._workspace.root),
                "--end-with",
                str(os.getpid()),
            ],
            stdin=subprocess.DEVNULL,
        )

    def _watch(self) -> None:
        while not self._ending.is_set():
            status = self._process.wait()
            if self._ending.wait(WORKER_RESTARTS_AFTER):
                return
            complain(f"The worker ended with status {status}; starting it again")
            self._process = self._start()


def _serve(host: str, port: int) -> None:
    """Answer requests until a signal. WSGI with threads: pages wait for the database and the disk."""
    os.environ["VIDETUR_SERVED_BY"] = str(os.getpid())
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    Granian(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    ).serve()


def _make_secret(workspace: Workspace) -> None:
    """The secret that signs sessions and forms: made by `init`; here for workspaces that lost it."""
    if not workspace.web_secret.exists():
        workspace.keys.mkdir(mode=0o700, exist_ok=True)
        replace_file(workspace.web_secret, secrets.token_urlsafe(48).encode("ascii"))


def _allow_hosts(host: str, names: tuple[str, ...]) -> None:
    given = [*names, *(() if _is_loopback(host) or host in ("0.0.0.0", "::") else (host,))]  # noqa: S104
    os.environ["VIDETUR_WEB_HOSTS"] = ",".join(given)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _as_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _free_port(host: str, port: int) -> int:
    """The port, once it is sure that nobody else listens there."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            return int(probe.getsockname()[1])
    except OSError as problem:
        raise WrongUsage(
            f"{host}:{port} cannot be listened at", os.strerror(problem.errno or 0), "Choose another --port"
        ) from problem


def _require_migrations() -> None:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise WrongUsage(
            "The database was made by another version of Videtur",
            "Its tables lack changes that this version needs",
            f"Back up the workspace, then run: {ENVIRONMENT_VARIABLE}=DIR "
            "DJANGO_SETTINGS_MODULE=videtur.web.settings python -m django migrate",
        )
    connection.close()

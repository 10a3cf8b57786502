"""Script: take things into a workspace in children that may be killed. Usage: durability_server.py DIR NOTES.

Reads lines from stdin, answers each with a line of JSON:
`write N`   fork a child that will take in number N; answers its process; it waits for
`go`        then works; answers how it ended, and whether it had said that N is safe
`check`     fork a child that verifies; answers the report
Starting Python once and forking makes hundreds of kills affordable.
"""

import json
import mmap
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(sys.argv[1])
NOTES = Path(sys.argv[2])
"""Where children leave word for the parent: never on the disk that is under test."""
SAFE = mmap.mmap(-1, 1)
"""Shared with the child: set once a number was acknowledged. Memory, so that no system call is added."""


def content_of(number: int) -> bytes:
    return f"film {number} ".encode() * 3000


def take_in(number: int) -> None:
    """What an intake does: bytes in place, then rows and entry, then the word that it is safe."""
    from videtur.evidence.models import Item
    from videtur.ledger.seal import writing
    from videtur.ledger.services import exclusively, record
    from videtur.storage.derivatives import put_derivative
    from videtur.storage.object_store import open_object_store
    from videtur.storage.ocfl import write_original
    from videtur.workspace import read_workspace

    workspace = read_workspace(ROOT)
    store = open_object_store(workspace.objects, ROOT)
    with writing(workspace, store):
        with store.stage() as staged:
            staged.write(content_of(number))
            digests = staged.finish()
            key = write_original(store, staged, digests, f"{number}.mp4", datetime.now(UTC))
        put_derivative(store, f"derived of {number}".encode())
        with exclusively():
            if not Item.objects.filter(sha256=digests.sha256).exists():
                item = Item(sha256=digests.sha256, sha512=digests.sha512, size=digests.size, object_key=key)
                record("evidence.item.received", "system:test", [item])
        SAFE[0] = 1


def child_writes(number: int, gate: int) -> None:
    from videtur.errors import VideturError

    os.read(gate, 1)
    try:
        take_in(number)
    except VideturError as problem:
        (NOTES / "said").write_text(problem.explain(), encoding="utf-8")
        os._exit(3)
    except BaseException as problem:  # noqa: BLE001 - told to the test, which fails
        (NOTES / "said").write_text(repr(problem), encoding="utf-8")
        os._exit(4)
    os._exit(0)


def child_checks() -> None:
    from django.db import connections

    from videtur.evidence.models import Item
    from videtur.ledger.verification import verify_workspace
    from videtur.workspace import read_workspace

    verdict = verify_workspace(read_workspace(ROOT)).as_json()
    verdict["items"] = sorted(Item.objects.values_list("sha256", flat=True))
    connections.close_all()
    (NOTES / "verdict").write_text(json.dumps(verdict), encoding="utf-8")
    os._exit(0)


def prepare() -> None:
    from videtur.workspace import write_workspace

    workspace = write_workspace(ROOT)
    os.environ["VIDETUR_WORKSPACE"] = str(ROOT)
    os.environ["DJANGO_SETTINGS_MODULE"] = "videtur.web.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from videtur.ledger.keys import create_ledger_key
    from videtur.ledger.seal import writing

    create_ledger_key(workspace)
    with writing(workspace):
        call_command("migrate", verbosity=0, interactive=False)
    take_in(0)


def answer(**line: Any) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def serve() -> None:
    child, gate = 0, 0
    for line in sys.stdin:
        match line.split():
            case ["write", number]:
                SAFE[0] = 0
                (NOTES / "said").unlink(missing_ok=True)
                reading, gate = os.pipe()
                child = os.fork()
                if child == 0:
                    child_writes(int(number), reading)
                os.close(reading)
                answer(process=child)
            case ["go"]:
                os.write(gate, b"x")
                os.close(gate)
                status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
                said = NOTES / "said"
                answer(status=status, safe=SAFE[0] == 1, said=said.read_text() if said.exists() else "")
            case _:
                checking = os.fork()
                if checking == 0:
                    child_checks()
                status = os.waitstatus_to_exitcode(os.waitpid(checking, 0)[1])
                verdict = NOTES / "verdict"
                answer(status=status, verdict=json.loads(verdict.read_text()) if status == 0 else None)


if __name__ == "__main__":
    prepare()
    from django.db import connections

    connections.close_all()
    answer(ready=True)
    serve()

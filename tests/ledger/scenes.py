"""Script: play one scene on a workspace and print its result as JSON. Usage: scenes.py DIR SCENE."""

import json
import os
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

ROOT = Path(sys.argv[1])


def take_in(number: int) -> None:
    from videtur.ledger.models import new_id
    from videtur.ledger.services import record
    from videtur.people.models import AccountEvent

    record(
        "people.account.created",
        "system:test",
        [AccountEvent(user_id=new_id(), username=f"more{number}", kind="created")],
    )


def verify() -> dict[str, Any]:
    from django.db import connections

    from videtur.ledger.verification import verify_workspace
    from videtur.workspace import read_workspace

    verdict = verify_workspace(read_workspace(ROOT)).as_json()
    connections.close_all()
    return verdict


def write() -> object:
    from videtur.ledger.seal import writing
    from videtur.workspace import read_workspace

    with writing(read_workspace(ROOT)):
        take_in(1)
    return verify()


def nested() -> object:
    from videtur.ledger.seal import writing
    from videtur.workspace import read_workspace

    workspace = read_workspace(ROOT)
    before = (ROOT / "seal.json").read_bytes()
    with writing(workspace):
        with writing(workspace):
            take_in(1)
        sealed_inside = (ROOT / "seal.json").read_bytes() != before
        during = verify()
        take_in(2)
    return {"sealed_inside": sealed_inside, "during": during, "after": verify()}


def failing() -> object:
    from videtur.ledger.seal import writing
    from videtur.workspace import read_workspace

    try:
        with writing(read_workspace(ROOT)):
            take_in(1)
            raise InterruptedError
    except InterruptedError:
        return verify()


def killed() -> object:
    from videtur.ledger.seal import writing
    from videtur.workspace import read_workspace

    with writing(read_workspace(ROOT)):
        take_in(1)
        os._exit(9)


def holding() -> object:
    """Work until a file called `stop` appears; write at the end."""
    from videtur.ledger.seal import writing
    from videtur.workspace import read_workspace

    with writing(read_workspace(ROOT)):
        (ROOT.parent / "started").touch()
        deadline = time.monotonic() + 60
        while not (ROOT.parent / "stop").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        take_in(1)
    return None


def rewritten() -> object:
    """One who has the database, and no key, writes another history and makes every hash of it right."""
    from videtur.engines.custody import merkle

    path = ROOT / "videtur.db"
    with closing(sqlite3.connect(path)) as handle:
        triggers = handle.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            handle.execute(f"DROP TRIGGER {name}")
        bodies = [row[0] for row in handle.execute('SELECT body FROM ledger_entry ORDER BY "index"')]
        bodies[0] = bodies[0].replace(b"user0", b"userX")
        handle.execute("UPDATE people_accountevent SET username = 'userX' WHERE username = 'user0'")
        nodes: dict[tuple[int, int], bytes] = {}

        def read(level: int, position: int) -> bytes:
            return nodes[level, position]

        handle.execute("DELETE FROM ledger_node")
        for index, body in enumerate(bodies):
            leaf = merkle.leaf_hash(body)
            handle.execute(
                'UPDATE ledger_entry SET body = ?, leaf = ? WHERE "index" = ?', (body, leaf, index)
            )
            for level, position, digest in merkle.nodes_completed_by(index, leaf, read):
                nodes[level, position] = digest
                if level:
                    insert = "INSERT INTO ledger_node (level, position, digest) VALUES (?, ?, ?)"
                    handle.execute(insert, (level, position, digest))
        for _, sql in triggers:
            handle.execute(sql)
        handle.commit()
        handle.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return verify()


def accepted() -> object:
    from videtur.ledger.seal import accept_changes
    from videtur.workspace import read_workspace

    return [notice.path for notice in accept_changes(read_workspace(ROOT), "I replaced it")]


def unsigned() -> object:
    """No key: nothing is sealed, and the command says so."""
    from videtur.errors import VideturError

    try:
        write()
    except VideturError as problem:
        return problem.explain()
    return None


def growing_wrongly() -> object:
    """The stored hash of a subtree is wrong: no checkpoint is signed over it."""
    from django.db import connection, transaction

    from videtur.errors import VerificationFailed
    from videtur.ledger.append_only import install_triggers
    from videtur.ledger.checkpoints import sign_checkpoint

    take_in(1)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER append_only_ledger_node_update")
        cursor.execute("UPDATE ledger_node SET digest = %s WHERE level = 3", [bytes(32)])
    install_triggers()
    try:
        sign_checkpoint()
    except VerificationFailed as problem:
        return problem.explain()
    return None


def main() -> None:
    os.environ["VIDETUR_WORKSPACE"] = str(ROOT)
    os.environ["DJANGO_SETTINGS_MODULE"] = "videtur.web.settings"
    import django

    django.setup()
    scenes = (
        write, nested, failing, killed, holding, rewritten, accepted, unsigned, growing_wrongly, verify
    )  # fmt: skip
    scene = {each.__name__: each for each in scenes}[sys.argv[2]]
    sys.stdout.write(json.dumps(scene()))


if __name__ == "__main__":
    main()

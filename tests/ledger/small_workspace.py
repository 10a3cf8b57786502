"""Script: make a workspace with a few items, derived files and rows. Usage: small_workspace.py DIR."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path


def build(root: Path) -> None:
    from videtur.workspace import write_workspace

    workspace = write_workspace(root)
    os.environ["VIDETUR_WORKSPACE"] = str(root)
    os.environ["DJANGO_SETTINGS_MODULE"] = "videtur.web.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from videtur.ledger.keys import create_ledger_key
    from videtur.ledger.seal import writing
    from videtur.storage.object_store import open_object_store

    create_ledger_key(workspace)
    (root / "models").mkdir()
    (root / "models" / "speech.onnx").write_bytes(bytes(range(256)))
    workspace.web_secret.write_text("not very secret", encoding="ascii")
    store = open_object_store(workspace.objects, root)
    with writing(workspace, store):
        call_command("migrate", verbosity=0, interactive=False)
        for number in range(3):
            take_in(number)
    with writing(workspace, store):
        take_in(3)


def take_in(number: int) -> None:
    """One item with its original, a capture of it and a derived file."""
    from videtur.evidence.models import Item
    from videtur.ledger.checkpoints import configured_workspace
    from videtur.ledger.models import new_id
    from videtur.ledger.services import record
    from videtur.people.models import AccountEvent
    from videtur.pipeline.models import Derivation
    from videtur.storage.derivatives import put_derivative
    from videtur.storage.object_store import open_object_store
    from videtur.storage.ocfl import write_original

    workspace = configured_workspace()
    store = open_object_store(workspace.objects, workspace.root)
    with store.batch() as batch, batch.stage() as staged:
        staged.write(f"film number {number} ".encode() * 40)
        digests = staged.finish()
        key = write_original(batch, staged, digests, f"film{number}.mp4", datetime.now(UTC))
        derived = put_derivative(batch, f"what was computed of {number}".encode())
    item = Item(sha256=digests.sha256, sha512=digests.sha512, size=digests.size, object_key=key)
    event = AccountEvent(user_id=new_id(), username=f"user{number}", kind="created")
    output = {"key": derived.key, "sha256": derived.sha256, "size": derived.size, "media_type": "text/plain"}
    derivation = Derivation(
        key=f"{number:064d}",
        input_sha256=digests.sha256,
        step="probe",
        engine_name="test",
        engine_version="1",
        outcome="done",
        outputs={"probe.json": output},
        summary={"number": number, "word": "плёнка"},
    )
    record("evidence.item.received", "system:test", [item, event], case="trial")
    record("pipeline.step.done", "system:test", [derivation], case="trial")
    store.close()


if __name__ == "__main__":
    build(Path(sys.argv[1]))

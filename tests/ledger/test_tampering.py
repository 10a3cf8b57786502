"""Every change of a byte, a row or a file of a workspace is found, and what was changed is named."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
SEALED_ALONE = {("ledger_checkpoint", "id"), ("ledger_node", "id")}
"""Numbers that the database gives and nothing refers to: a change is seen in the digest of its file."""


def tamper(workspace: Path, kind: str) -> Iterator[dict[str, Any]]:
    command = [sys.executable, str(HERE / "tampering.py"), str(workspace), kind]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for line in done.stdout.splitlines():
        yield json.loads(line)


def unnamed_files(changes: list[dict[str, Any]]) -> list[tuple[str, int]]:
    return [
        (change["file"], change["offset"])
        for change in changes
        if not any(problem["path"] == change["file"] for problem in change["problems"])
    ]


def test_a_changed_byte_of_any_file_is_named(workspace_copy: Path) -> None:
    changes = list(tamper(workspace_copy, "files"))
    assert len(changes) > 200
    kinds = {Path(change["file"]).name for change in changes}
    expected = {"seal.json", "videtur.toml", "ledger.pem", "ledger.pub.pem", "web.secret", "speech.onnx"}
    assert expected | {"original.mp4", "inventory.json", "0=ocfl_1.1", "8"} <= kinds
    assert unnamed_files(changes) == []


@pytest.mark.slow
def test_a_changed_byte_anywhere_in_the_database_is_named(workspace_copy: Path) -> None:
    changes = list(tamper(workspace_copy, "database"))
    assert len(changes) > 4000
    assert unnamed_files(changes) == []


def test_a_missing_file_is_named(workspace_copy: Path) -> None:
    changes = list(tamper(workspace_copy, "missing"))
    assert len(changes) > 30
    assert unnamed_files(changes) == []


def test_an_edited_row_is_named(workspace_copy: Path) -> None:
    changes = [*tamper(workspace_copy, "rows")]
    assert {"evidence_item", "pipeline_derivation", "people_accountevent", "ledger_entry"} <= {
        change["table"] for change in changes
    }
    unnamed: list[tuple[str, str]] = []
    for change in changes:
        assert {"videtur.db"} <= {problem["path"] for problem in change["problems"]}
        words = [f"{change['table']} ", *(["entries"] if change["table"] == "ledger_entry" else [])]
        if not any(word in problem["what"] for problem in change["problems"] for word in words):
            unnamed.append((change["table"], change["column"]))
    assert set(unnamed) == SEALED_ALONE


def test_a_removed_row_is_named(workspace_copy: Path) -> None:
    changes = list(tamper(workspace_copy, "removed rows"))
    assert len(changes) == 6
    for change in changes:
        word = "entries" if change["table"] == "ledger_entry" else change["table"]
        assert any(word in problem["what"] for problem in change["problems"]), change

"""`videtur match` with a picture descriptor: named outright, taken from a workspace, or left out."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.engines.copies.onnx_graphs import write_descriptor
from videtur.cli.main import cli
from videtur.errors import WrongUsage
from videtur.pipeline.model_registry import add_model
from videtur.workspace import ENVIRONMENT_VARIABLE, write_workspace


def match(clips: Path, *arguments: object) -> Result:
    names = (clips / "pattern-hd-no-bar.mp4", "--against", clips / "pattern-longer-no-bar.mp4")
    fixed = ("--modality", "picture", "--json", "--all")
    return CliRunner().invoke(cli, ["match", *map(str, names), *fixed, *map(str, arguments)])


def one_line(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    (line,) = result.stdout.splitlines()
    read: dict[str, Any] = json.loads(line)
    return read


def test_a_model_named_outright_is_named_in_the_answer(clips: Path, tmp_path: Path) -> None:
    graph = write_descriptor(tmp_path / "cells.onnx")
    line = one_line(match(clips, "--model", graph))
    model = line["engine"]["model"]
    assert model["name"] == "cells"
    assert len(model["sha256"]) == 64
    assert "a model finds the pictures alike" in json.dumps(line)


def test_the_model_of_a_workspace_is_used_only_when_one_is_named(
    clips: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = write_workspace(tmp_path / "workspace")
    workspace.models.mkdir()
    monkeypatch.delenv(ENVIRONMENT_VARIABLE, raising=False)
    graph = write_descriptor(tmp_path / "cells.onnx")
    kind = "picture-descriptor"
    add_model(workspace, graph, name="cells", version="1", kind=kind, licence="none", origin="a test")
    assert one_line(match(clips))["engine"]["model"] is None
    used = one_line(match(clips, "--workspace", workspace.root))["engine"]["model"]
    assert used["name"] == "cells 1"
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(workspace.root))
    assert one_line(match(clips))["engine"]["model"] == used
    assert one_line(match(clips, "--model", "none"))["engine"]["model"] is None
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(tmp_path / "gone"))
    told = match(clips)
    assert one_line(told)["engine"]["model"] is None
    assert ENVIRONMENT_VARIABLE in told.stderr


def test_a_model_that_is_none_is_wrong_usage_in_one_line(clips: Path, tmp_path: Path) -> None:
    (tmp_path / "no.onnx").write_bytes(b"no graph")
    for given in (tmp_path / "no.onnx", tmp_path / "nowhere", tmp_path):
        result = match(clips, "--model", given)
        assert isinstance(result.exception, WrongUsage)
        assert "\n" not in result.exception.explain()
        assert result.stdout == ""

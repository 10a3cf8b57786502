"""Models: brought, announced by packages, or broken; each known by what its files are."""

import sys
from pathlib import Path

import pytest
import tomli_w

from videtur.errors import WrongUsage
from videtur.pipeline.model_registry import (
    BrokenModel,
    InstalledModel,
    add_model,
    choose_model,
    digest_of,
    installed_models,
    verify,
)
from videtur.workspace import Workspace, write_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = write_workspace(tmp_path / "workspace")
    made.models.mkdir()
    return made


def model_folder(folder: Path, weights: bytes) -> Path:
    folder.mkdir(parents=True)
    (folder / "model.bin").write_bytes(weights)
    (folder / "config.json").write_text("{}")
    return folder


def add(workspace: Workspace, source: Path, name: str) -> InstalledModel:
    return add_model(workspace, source, name=name, version="1", kind="speech", licence="MIT", origin="a disk")


def test_the_largest_model_of_a_kind_is_used(workspace: Workspace, tmp_path: Path) -> None:
    assert choose_model(workspace, "speech") is None
    add(workspace, model_folder(tmp_path / "a", b"w" * 100), "large")
    add(workspace, model_folder(tmp_path / "b", b"w"), "zmall")
    chosen = choose_model(workspace, "speech")
    assert chosen is not None
    assert chosen.name == "large"
    assert verify(chosen) == []


def test_the_digest_changes_with_any_byte_or_name() -> None:
    digests = {
        digest_of(files)
        for files in ({"a": "1" * 64}, {"a": "2" * 64}, {"b": "1" * 64}, {"a": "1" * 64, "b": "1" * 64})
    }
    assert len(digests) == 4


def test_a_failed_copy_leaves_nothing(workspace: Workspace, tmp_path: Path) -> None:
    source = model_folder(tmp_path / "a", b"w")
    (source / "vocabulary.json").symlink_to(tmp_path / "nowhere")
    with pytest.raises(WrongUsage):
        add(workspace, source, "broken")
    assert not list(workspace.models.iterdir())


@pytest.mark.parametrize("name", ["../up", "", ".hidden", "a/b", "a b"])
def test_names_that_would_leave_the_folder(workspace: Workspace, tmp_path: Path, name: str) -> None:
    with pytest.raises(WrongUsage):
        add(workspace, model_folder(tmp_path / "a", b"w"), name)


@pytest.mark.parametrize(
    "manifest",
    [
        None,
        b"not toml = = =",
        b"\xff",
        b"[model]\nname = 'x'\n",
        tomli_w.dumps(
            {
                "model": dict.fromkeys(["name", "version", "kind", "licence", "origin", "sha256"], "x"),
                "files": {"../../keys/ledger.pem": "0" * 64},
            }
        ).encode(),
    ],
)
def test_a_broken_manifest_is_said_and_not_used(workspace: Workspace, manifest: bytes | None) -> None:
    folder = model_folder(workspace.models / "dropped in", b"w")
    if manifest is not None:
        (folder / "model.toml").write_bytes(manifest)
    (found,) = installed_models(workspace)
    assert isinstance(found, BrokenModel)
    assert choose_model(workspace, "speech") is None


def test_a_package_can_bring_a_model_without_being_run(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = add(workspace, model_folder(tmp_path / "a", b"w"), "carried")
    site = tmp_path / "site"
    package = site / "weights_of_somebody"
    package.mkdir(parents=True)
    added.folder.rename(package / "speech")
    (package / "__init__.py").write_text("raise AssertionError('a model package is never run')")
    metadata = site / "weights_of_somebody-1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: weights-of-somebody\nVersion: 1\n")
    (metadata / "entry_points.txt").write_text("[videtur.models]\nspeech = weights_of_somebody.speech\n")
    monkeypatch.setattr(sys, "path", [str(site), *sys.path])
    chosen = choose_model(workspace, "speech")
    assert chosen is not None
    assert (chosen.name, chosen.where) == ("carried", "the package weights-of-somebody")
    assert verify(chosen) == []

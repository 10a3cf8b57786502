"""How a Node is found, and when the front end is built anew."""

import importlib.util
import json
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    """scripts/build_frontend.py, loaded as the build of a wheel loads it."""
    spec = importlib.util.spec_from_file_location(
        "build_frontend", REPOSITORY / "scripts" / "build_frontend.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("version", "enough"),
    [
        ("v20.19.0\n", True),
        ("v20.18.9", False),
        ("v21.7.3", False),
        ("v22.11.0", False),
        ("v22.12.0", True),
        ("v24.19.0", True),
        ("v18.20.4", False),
        ("v26.0.0-nightly", True),
        ("", False),
        ("node", False),
    ],
)
def test_which_node_is_new_enough(builder: ModuleType, version: str, enough: bool) -> None:
    assert builder.new_enough(version) is enough


def test_an_old_node_on_the_path_is_passed_over(
    builder: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("node", "npm"):
        (tmp_path / name).write_text("#!/bin/sh\necho v16.20.2\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path) + os.pathsep + os.defpath)
    assert builder.node_of_the_machine() is None
    (tmp_path / "node").write_text("#!/bin/sh\necho v22.20.0\n")
    assert builder.node_of_the_machine().node == tmp_path / "node"


def test_the_node_of_the_wheel_brings_its_npm(builder: ModuleType) -> None:
    node = builder.node_of_the_wheel()
    if node is None:
        pytest.skip("the wheel of Node is not installed here (the machine's own Node is used)")
    assert all(Path(part).is_file() for part in (node.node, *node.npm))


def test_any_change_of_name_or_content_is_a_change(builder: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.ts").write_text("ab")
    seen = {builder.inputs_digest(tmp_path)}
    (tmp_path / "src" / "a.ts").write_text("a")
    seen.add(builder.inputs_digest(tmp_path))
    (tmp_path / "src" / "a.ts").rename(tmp_path / "src" / "b.ts")
    seen.add(builder.inputs_digest(tmp_path))
    (tmp_path / "package-lock.json").write_text("{}")
    seen.add(builder.inputs_digest(tmp_path))
    (tmp_path / "README").write_text("not an input")
    seen.add(builder.inputs_digest(tmp_path))
    assert len(seen) == 4


def test_the_lock_pins_every_package_and_names_no_host() -> None:
    lock = json.loads((REPOSITORY / "frontend" / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert len(packages) > 50
    assert all("integrity" in package for package in packages.values())
    assert not any("resolved" in package for package in packages.values())
    wanted = json.loads((REPOSITORY / "frontend" / "package.json").read_text())
    for version in {**wanted["dependencies"], **wanted["devDependencies"]}.values():
        assert version[0].isdigit(), "an exact version, not a range"

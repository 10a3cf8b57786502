"""The demo's builder: done work is kept, and another version's folder is not mixed with this one's."""

from pathlib import Path

import pytest

from scripts.sample_case.build import EDITION, build, password_of


def test_a_finished_demo_is_not_built_again(tmp_path: Path) -> None:
    (tmp_path / "built").write_text(EDITION, encoding="ascii")
    assert build(tmp_path) == tmp_path / "workspace"
    assert not (tmp_path / "workspace").exists()


@pytest.mark.parametrize("other", ["", "gold case 0"])
def test_the_demo_of_another_version_is_left_alone(tmp_path: Path, other: str) -> None:
    (tmp_path / "built").write_text(other, encoding="ascii")
    with pytest.raises(SystemExit, match="another version"):
        build(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["built"]


def test_the_password_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    first = password_of(tmp_path)
    assert len(first) >= 12
    assert password_of(tmp_path) == first
    assert (tmp_path / "password").stat().st_mode & 0o077 == 0

"""Walking folders full of traps: everything is either opened safely or refused in words."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from videtur.evidence.sources import FoundFile, UnfitFile, find_files, has_changed, place_of

FILM = b"\0\0\0\x18ftypisom" + bytes(range(256))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "folder"
    made.mkdir()
    return made


def found_in(*paths: Path, largest: int = 1 << 30, own: Path | None = None) -> list[FoundFile | UnfitFile]:
    found = list(find_files(paths, largest=largest, own_folder=own))
    for one in found:
        if isinstance(one, FoundFile):
            os.close(one.descriptor)
    return found


def reasons(found: list[FoundFile | UnfitFile]) -> dict[str, str]:
    return {one.path.name: one.reason if isinstance(one, UnfitFile) else "found" for one in found}


def test_traps_in_a_folder(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.mp4").write_bytes(FILM)
    (folder / "good.mp4").write_bytes(FILM)
    (folder / "empty.mp4").touch()
    (folder / "notes.txt").write_text("notes")
    (folder / "text.mp4").write_text("not a film")
    (folder / "link.mp4").symlink_to(outside / "secret.mp4")
    (folder / "linked folder").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe.mp4")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "socket"))
        found = found_in(folder, tmp_path / "missing")
    assert reasons(found) == {
        "good.mp4": "found",
        "empty.mp4": "empty",
        "notes.txt": "not_media",
        "text.mp4": "not_media",
        "link.mp4": "symbolic_link",
        "linked folder": "symbolic_link",
        "loop": "symbolic_link",
        "pipe.mp4": "not_a_file",
        "socket": "not_a_file",
        "missing": "missing",
    }
    counted = {one.path.name for one in found if isinstance(one, UnfitFile) and not one.counts}
    assert counted == {"notes.txt"}, "only what a folder merely also holds does not count"
    for one in found:
        if isinstance(one, UnfitFile):
            assert one.explain().count("\n") == 0
            assert one.path.name in one.explain()


def test_what_a_person_names_counts_whatever_it_is(folder: Path) -> None:
    (folder / "notes.txt").write_text("notes")
    (found,) = found_in(folder / "notes.txt")
    assert isinstance(found, UnfitFile)
    assert found.counts


def test_too_large_is_refused_without_being_read(folder: Path) -> None:
    with (folder / "sparse.mp4").open("wb") as file:
        file.truncate(1 << 40)
    assert reasons(found_in(folder, largest=1 << 39)) == {"sparse.mp4": "too_large"}


def test_a_name_without_the_right_to_read(folder: Path) -> None:
    (folder / "closed.mp4").write_bytes(FILM)
    (folder / "closed.mp4").chmod(0)
    if os.geteuid() != 0:
        assert reasons(found_in(folder)) == {"closed.mp4": "unreadable"}
        return
    for parent in (folder, *folder.parents):  # another user must get as far as the file
        mode = parent.stat().st_mode
        if mode & 0o055 != 0o055:
            parent.chmod(mode | 0o055)
    os.seteuid(65534)
    try:
        assert reasons(found_in(folder)) == {"closed.mp4": "unreadable"}
    finally:
        os.seteuid(0)


def test_the_workspace_is_not_taken_into_itself(folder: Path) -> None:
    own = folder / "workspace"
    own.mkdir()
    (own / "original.mp4").write_bytes(FILM)
    (folder / "good.mp4").write_bytes(FILM)
    assert reasons(found_in(folder, own=own)) == {"good.mp4": "found", "workspace": "own_workspace"}


def test_folders_without_end(folder: Path) -> None:
    deep = os.open(folder, os.O_RDONLY)
    for _ in range(130):
        os.mkdir("d", dir_fd=deep)
        below = os.open("d", os.O_RDONLY, dir_fd=deep)
        os.close(deep)
        deep = below
    os.close(deep)
    (found,) = found_in(folder)
    assert isinstance(found, UnfitFile)
    assert "folders deep" in found.why


@pytest.mark.parametrize(
    "name",
    [
        b"new\nline.mp4",
        b"\xff\xfe.mp4",
        b"-rf.mp4",
        b"..mp4",
        b"a" * 251 + b".mp4",
        "\u202emp4.exe.mp4".encode(),
    ],
)
def test_hostile_names_are_kept_byte_for_byte(folder: Path, name: bytes) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(FILM)
    (found,) = found_in(folder)
    assert isinstance(found, FoundFile)
    assert found.name == b"folder/" + name


def test_order_is_that_of_names(folder: Path) -> None:
    for name in ("b.mp4", "a.mp4", "c.mp4"):
        (folder / name).write_bytes(FILM)
    assert [one.path.name for one in found_in(folder)] == ["a.mp4", "b.mp4", "c.mp4"]


def test_a_place_is_the_same_however_it_is_written(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "way").symlink_to(folder)
    monkeypatch.chdir(tmp_path)
    places = {
        place_of(path)
        for path in (
            folder / "a.mp4",
            Path("folder/a.mp4"),
            Path("way/a.mp4"),
            folder / ".." / "folder" / "a.mp4",
        )
    }
    assert len(places) == 1
    assert place_of(folder / "b.mp4") not in places


@pytest.fixture
def opened(folder: Path) -> Iterator[FoundFile]:
    path = folder / "film.mp4"
    path.write_bytes(FILM)
    (found,) = find_files([path])
    assert isinstance(found, FoundFile)
    yield found
    os.close(found.descriptor)


def test_a_change_while_reading_is_seen(opened: FoundFile) -> None:
    assert not has_changed(opened, len(FILM))
    assert has_changed(opened, len(FILM) - 1)
    with opened.path.open("ab") as file:
        file.write(b"more")
    assert has_changed(opened, len(FILM))

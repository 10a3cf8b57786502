"""Bags that we write are bags to others and to us; a bag that was touched is none."""

import os
import shutil
from pathlib import Path

import bagit
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videtur.errors import StorageFailed, WrongUsage
from videtur.storage.bag_names import contained_path, is_plain_name
from videtur.storage.bag_writer import BagWriter
from videtur.storage.bagit import check_bag

INFORMATION = {"Bagging-Date": "2026-01-01", "External-Identifier": "a-case"}


def write_bag(place: Path, payload: dict[str, bytes], tags: dict[str, bytes] | None = None) -> Path:
    with BagWriter(place) as bag:
        for path, content in payload.items():
            bag.add(f"data/{path}", [content[:3], content[3:]])
        for path, content in (tags or {}).items():
            bag.add(path, [content])
        manifest = bag.close(INFORMATION)
        bag.add_unlisted("tagmanifest-sha256.txt.sig", manifest[:10])
        bag.make_durable()
        bag.move_into_place()
    return place


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    return write_bag(
        tmp_path / "bag", {"one.txt": b"one", "deep/two.bin": b"\0\xff" * 500}, {"proof/key": b"k"}
    )


@settings(max_examples=20, deadline=None)
@given(
    st.dictionaries(
        st.from_regex(r"[a-z0-9]{1,8}(\.[a-z]{1,3})?(/f[A-Z_-]{1,4})?", fullmatch=True),
        st.binary(max_size=99),
    )
)
def test_what_we_write_others_and_we_accept(
    tmp_path_factory: pytest.TempPathFactory, payload: dict[str, bytes]
) -> None:
    names = set(payload)
    payload = {
        name: data for name, data in payload.items() if "/" not in name or name.split("/")[0] not in names
    }
    place = write_bag(tmp_path_factory.mktemp("bags") / "bag", payload)
    bagit.Bag(str(place)).validate()
    report = check_bag(place)
    assert report.valid, report.problems
    assert report.version == (1, 0)
    assert report.algorithms == ("sha256", "sha512")
    assert report.payload == {f"data/{name}": len(data) for name, data in payload.items()}
    shutil.rmtree(place)


def test_progress_tells_of_every_byte_once(bag: Path) -> None:
    told: list[int] = []
    check_bag(bag, told.append)
    hashed = [path for path in bag.rglob("*") if path.is_file() and "tagmanifest" not in path.name]
    assert sum(told) == sum(path.stat().st_size for path in hashed)


def problems_of(bag: Path) -> set[str]:
    return {problem.path for problem in check_bag(bag).problems}


def test_changes_are_named(bag: Path) -> None:
    (bag / "data/one.txt").write_bytes(b"0ne")
    assert problems_of(bag) == {"data/one.txt"}
    (bag / "data/one.txt").unlink()
    assert "data/one.txt" in problems_of(bag)
    (bag / "data/one.txt").write_bytes(b"one")
    assert not problems_of(bag)
    (bag / "data/three").write_bytes(b"")
    assert "data/three" in problems_of(bag)


def test_a_changed_tag_file_is_named(bag: Path) -> None:
    (bag / "proof/key").write_bytes(b"K")
    assert problems_of(bag) == {"proof/key"}


def test_links_and_devices_are_not_opened(bag: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").write_bytes(b"one")
    (bag / "data/one.txt").unlink()
    (bag / "data/one.txt").symlink_to(tmp_path / "outside")
    os.mkfifo(bag / "data/pipe")
    assert {"data/one.txt", "data/pipe"} <= problems_of(bag)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bagit.txt", b""),
        ("bagit.txt", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: KLINGON\n"),
        ("bagit.txt", b"BagIt-Version: 9.9\nTag-File-Character-Encoding: UTF-8\n"),
        ("bagit.txt", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\nmore\n"),
        ("manifest-sha256.txt", b"\xff\xfe"),
        ("manifest-sha256.txt", b"nonsense\n"),
        ("manifest-sha256.txt", b"aa  ../../etc/passwd\n"),
        ("manifest-rot13.txt", b"aa  data/one.txt\n"),
        ("fetch.txt", b"https://example.org/ - ../outside\n"),
    ],
)
def test_nonsense_is_a_problem_of_the_file_that_holds_it(bag: Path, name: str, content: bytes) -> None:
    (bag / name).write_bytes(content)
    assert name in problems_of(bag)


def test_names_that_lead_out_are_told(bag: Path) -> None:
    for path in (
        "/x",
        "../x",
        "data/../../x",
        "~/x",
        "~root/x",
        "C:\\x",
        "\\\\host\\x",
        "%HomeDrive%\\x",
        "a//b",
        "",
    ):
        assert contained_path(path) is None, path
    assert contained_path("./data/x") == "data/x"


def test_names_that_we_write(bag: Path) -> None:
    assert all(map(is_plain_name, ("data/originals/ab.mp4", "VERIFY.txt", "proof/entries/0.tlog-proof")))
    assert not any(
        map(is_plain_name, ("", "/a", "a/../b", ".a", "a/.b", "a b", "a\n", "ä", "-" * 151, "a//b", "a/"))
    )


@pytest.mark.parametrize("name", ["data/a b", "../a", "data/.hidden", "data/one", "bagit\n.txt"])
def test_the_writer_refuses_odd_and_double_names(tmp_path: Path, name: str) -> None:
    with BagWriter(tmp_path / "bag") as bag:
        bag.add("data/one", [b"1"])
        with pytest.raises(StorageFailed):
            bag.add(name, [b"2"])
    assert list(tmp_path.iterdir()) == []


def make_and_fail(place: Path) -> None:
    with BagWriter(place) as bag:
        bag.add("data/one", [b"1"])
        raise RuntimeError("in the middle")


def test_an_unfinished_bag_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError):
        make_and_fail(tmp_path / "bag")
    assert list(tmp_path.iterdir()) == []


def test_a_name_taken_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    with BagWriter(tmp_path / "bag") as bag:
        bag.add("data/one", [b"1"])
        bag.close(INFORMATION)
        (tmp_path / "bag").mkdir()
        with pytest.raises(WrongUsage):
            bag.move_into_place()
    assert [path.name for path in tmp_path.iterdir()] == ["bag"]
    assert list((tmp_path / "bag").iterdir()) == []


def test_nobody_else_can_look_into_a_bag_in_the_making(tmp_path: Path) -> None:
    with BagWriter(tmp_path / "bag") as bag:
        bag.add("data/one", [b"1"])
        (partial,) = tmp_path.iterdir()
        assert partial.stat().st_mode & 0o077 == 0

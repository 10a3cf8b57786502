"""The store on a local disk: what it holds, what it refuses, what a crash leaves."""

import errno
import hashlib
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videtur.errors import StorageFailed
from videtur.storage import durable_files
from videtur.storage.derivatives import derivative_key, put_derivative
from videtur.storage.local_disk import LocalDisk, digests_of
from videtur.storage.object_store import open_object_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalDisk]:
    disk = LocalDisk(tmp_path / "objects")
    yield disk
    disk.close()


def everything(store: LocalDisk) -> list[str]:
    return [path.relative_to(store.root).as_posix() for path in store.root.rglob("*") if path.is_file()]


@given(parts=st.lists(st.binary(max_size=5000), max_size=8))
@settings(max_examples=30, deadline=None)
def test_bytes_come_back_with_their_digests(
    parts: list[bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = LocalDisk(tmp_path_factory.mktemp("store"))
    with store.stage() as staged:
        for part in parts:
            staged.write(part)
        digests = staged.finish()
        store.place(staged, "a/b")
    whole = b"".join(parts)
    assert digests.sha256 == hashlib.sha256(whole).hexdigest()
    assert digests.sha512 == hashlib.sha512(whole).hexdigest()
    assert digests.size == len(whole) == store.size("a/b")
    with store.open("a/b") as file:
        assert file.read() == whole
        file.seek(0)
        assert os.fstat(file.fileno()).st_size == len(whole)
    assert digests_of(store, "a/b") == digests
    store.close()
    assert everything(store) == ["a/b"]


def test_placed_bytes_are_read_only(store: LocalDisk) -> None:
    store.put("a/b", b"content")
    assert stat.S_IMODE(store.path("a/b").stat().st_mode) == 0o400


def test_a_key_is_never_given_to_other_bytes(store: LocalDisk) -> None:
    store.put("a/b", b"content")
    store.put("a/b", b"content")
    with pytest.raises(StorageFailed, match="already holds other bytes"):
        store.put("a/b", b"conTent")
    with store.open("a/b") as file:
        assert file.read() == b"content"


def test_what_is_not_placed_is_discarded(store: LocalDisk) -> None:
    with store.stage() as staged:
        staged.write(b"x")
    store.close()
    assert everything(store) == []


@pytest.mark.parametrize(
    "key", ["", "/a", "a/", "../a", "a/../b", "a//b", "a\nb", "ä", "a b", ".", "a/.", "staging/a", "x" * 121]
)
def test_a_name_that_is_no_key_is_refused(store: LocalDisk, key: str) -> None:
    with pytest.raises(StorageFailed):
        store.put(key, b"x")
    with pytest.raises(StorageFailed):
        store.open(key)


def test_a_missing_key_is_said_in_one_line(store: LocalDisk) -> None:
    with pytest.raises(StorageFailed, match="is missing"):
        store.open("a/b")
    with pytest.raises(StorageFailed, match="is missing"):
        store.size("a/b")
    assert not store.exists("a/b")


def test_a_batch_becomes_visible_at_its_end(store: LocalDisk) -> None:
    with store.batch() as batch:
        keys = [put_derivative(batch, f"content {number}".encode()).key for number in range(10)]
        again = put_derivative(batch, b"content 3")
        assert again.key == keys[3]
        assert list(store.keys()) == []
        assert sorted(batch.keys()) == sorted(keys)
        assert batch.exists(keys[0])
        assert batch.size(keys[0]) == 9
        with batch.open(keys[0]) as file:
            assert file.read() == b"content 0"
    assert sorted(store.keys("derivatives/")) == sorted(keys)
    store.close()
    assert sorted(everything(store)) == sorted(keys)


def test_a_failed_batch_leaves_nothing(store: LocalDisk) -> None:
    def interrupted() -> None:
        with store.batch() as batch:
            put_derivative(batch, b"content")
            raise InterruptedError

    with pytest.raises(InterruptedError):
        interrupted()
    store.close()
    assert everything(store) == []


def test_a_folder_is_placed_once_and_whole(store: LocalDisk) -> None:
    def folder() -> bool:
        files = {name: store.stage() for name in ("one", "two/three")}
        for name, staged in files.items():
            staged.write(name.encode())
        return store.place_folder("a/b", files)

    assert folder()
    assert not folder()
    store.close()
    assert sorted(everything(store)) == ["a/b/one", "a/b/two/three"]


def test_equal_derivatives_are_stored_once(store: LocalDisk) -> None:
    first, second = put_derivative(store, b"same"), put_derivative(store, b"same")
    assert first == second
    assert first.key == derivative_key(hashlib.sha256(b"same").hexdigest())
    assert list(store.keys()) == [first.key]


@pytest.mark.parametrize("call", ["fsync", "link", "write"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_errors_of_the_disk_are_one_line_and_leave_nothing(
    store: LocalDisk, call: str, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(durable_files.os, call, fail)
        with pytest.raises(StorageFailed) as caught:
            store.put("a/b", b"content")
    explanation = caught.value.explain()
    assert ("The disk is full" if number == errno.ENOSPC else "EIO") in explanation
    store.close()
    assert everything(store) == []
    store.put("a/b", b"content")


def test_staging_of_the_dead_is_cleaned_and_of_the_living_is_not(store: LocalDisk) -> None:
    script = (
        "import os, sys; from pathlib import Path; from videtur.storage.local_disk import LocalDisk\n"
        "LocalDisk(Path(sys.argv[1])).stage().write(b'half')\n"
        "os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", script, str(store.root)], check=False)
    with store.stage() as staged:
        staged.write(b"mine")
        assert len(everything(store)) == 4  # two locks, two halves
        LocalDisk(store.root)
        assert len(everything(store)) == 2
        store.place(staged, "a/b")
    store.close()
    assert everything(store) == ["a/b"]


def test_a_forked_child_leaves_its_parents_staging_alone(store: LocalDisk) -> None:
    with store.stage() as staged:
        staged.write(b"mine")
        child = os.fork()
        if child == 0:
            store.close()
            with store.stage() as other:
                other.write(b"the child's")
                store.place(other, "a/child")
            store.close()
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        store.place(staged, "a/parent")
    assert list(store.keys()) == ["a/child", "a/parent"]


def test_a_process_that_ends_removes_its_staging(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from videtur.storage.local_disk import LocalDisk\n"
        "LocalDisk(Path(sys.argv[1])).put('a', b'x')"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_the_configuration_names_the_store(tmp_path: Path) -> None:
    store = open_object_store("file:objects", tmp_path)
    store.put("a", b"x")
    assert (tmp_path / "objects" / "a").read_bytes() == b"x"

"""Originals as OCFL objects, judged by a peer's validator."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ocfl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from videtur.errors import StorageFailed
from videtur.storage.local_disk import LocalDisk
from videtur.storage.object_store import Digests, ObjectStore
from videtur.storage.ocfl import content_name, object_folder, write_original

NOW = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalDisk]:
    disk = LocalDisk(tmp_path / "objects")
    yield disk
    disk.close()


def take_in(store: ObjectStore, content: bytes, name: str = "film.MP4") -> tuple[str, Digests]:
    with store.stage() as staged:
        staged.write(content)
        digests = staged.finish()
        return write_original(store, staged, digests, name, NOW), digests


def judge(folder: Path) -> tuple[bool, list[str]]:
    """The peer's verdict on an object, and every error and warning it has."""
    peer: Any = ocfl  # it is not typed
    passed, validator = peer.Object().validate(str(folder), log_warnings=True)
    return passed, validator.log.messages


@pytest.mark.peers
@pytest.mark.parametrize("batched", [False, True])
def test_a_peer_finds_no_error_and_no_warning(
    store: LocalDisk, batched: bool, caplog: pytest.LogCaptureFixture
) -> None:
    names = ["film.mp4", "плёнка.MOV", "no extension", "a.b.c.tar.gz", "x\n../../y.mp4", "." * 200, ""]
    if batched:
        with store.batch() as batch:
            keys = [take_in(batch, name.encode(), name)[0] for name in names]
    else:
        keys = [take_in(store, name.encode(), name)[0] for name in names]
    store.close()
    for key in keys:
        passed, messages = judge(store.root / key.partition("/v1/")[0])
        assert passed
        assert messages == []
    with caplog.at_level(logging.WARNING):
        root = ocfl.StorageRoot(root=str(store.root / "originals"))
        assert root.validate(log_warnings=True, log_errors=True)
    assert (root.num_objects, root.good_objects) == (len(names), len(names))
    assert caplog.messages == []


@pytest.mark.peers
def test_the_peer_does_find_a_flipped_bit(store: LocalDisk) -> None:
    key, _ = take_in(store, b"content")
    path = store.path(key)
    path.chmod(0o600)
    path.write_bytes(b"contenT")
    passed, messages = judge(store.root / key.partition("/v1/")[0])
    assert not passed
    assert messages


def test_the_received_name_is_never_a_path(store: LocalDisk) -> None:
    key, digests = take_in(store, b"content", "../../etc/passwd\n.mp4")
    assert key == f"{object_folder(digests.sha256)}/v1/content/original.mp4"
    assert key.isascii()


@given(st.text())
def test_content_names_are_plain(name: str) -> None:
    plain = content_name(name)
    assert plain.isascii()
    assert plain.startswith("original.")
    assert plain.removeprefix("original.").isalnum()


def test_the_same_bytes_again_are_the_same_object(store: LocalDisk) -> None:
    first, _ = take_in(store, b"content", "a.mp4")
    second, _ = take_in(store, b"content", "b.mov")
    assert first == second
    with store.batch() as batch:
        third, _ = take_in(batch, b"other", "b.mov")
        fourth, _ = take_in(batch, b"other", "c.avi")
    assert third == fourth
    assert len([key for key in store.keys("originals/") if "/v1/content/" in key]) == 2


def test_other_bytes_in_the_place_of_an_object_are_refused(store: LocalDisk) -> None:
    key, _ = take_in(store, b"content")
    path = store.path(key)
    path.chmod(0o600)
    path.write_bytes(b"contenT")
    with pytest.raises(StorageFailed, match="no longer holds the bytes"):
        take_in(store, b"content")


def test_a_root_left_half_made_is_completed(store: LocalDisk) -> None:
    take_in(store, b"content")
    (store.root / "originals" / "0=ocfl_1.1").unlink()
    take_in(store, b"other")
    assert store.exists("originals/0=ocfl_1.1")

"""Unfinished uploads against a model: any sequence of pieces, broken connections and kills."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import new as new_hash
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videtur.errors import StorageFailed
from videtur.web.upload_shelf import ChecksumDiffers, Shelf, Upload, UploadBusy

DAY = timedelta(days=1)


class Pipe:
    """A request body that gives little at a time, and breaks off where it is told to."""

    def __init__(self, data: bytes, breaks_after: int | None = None, step: int = 7) -> None:
        self.left = data
        self.until = breaks_after
        self.step = step

    def read(self, size: int, /) -> bytes:
        if self.until is not None and self.until <= 0:
            raise OSError("the connection was reset")
        take = min(size, self.step, self.until if self.until is not None else size)
        block, self.left = self.left[:take], self.left[take:]
        if self.until is not None:
            self.until -= len(block)
        return block


def stored(shelf: Shelf, upload: Upload) -> bytes:
    return shelf.data(upload).read_bytes()[: upload.offset]


pieces = st.lists(
    st.tuples(
        st.integers(0, 60),
        st.one_of(st.none(), st.integers(0, 50)),
        st.sampled_from(["", "sha256", "sha1", "sha512", "wrong"]),
        st.booleans(),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(data=st.binary(max_size=200), sent=pieces)
def test_what_is_claimed_is_there_whatever_happens(
    data: bytes, sent: list[tuple[int, int | None, str, bool]]
) -> None:
    with TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder), DAY)
        upload = shelf.create("somebody", "case", b"name", len(data))
        for size, breaks_after, checksum, torn in sent:
            piece = data[upload.offset : upload.offset + size]
            before = upload.offset
            if torn:  # a kill between the bytes and their acknowledgement
                with shelf.data(upload).open("ab") as file:
                    file.write(b"torn write")
            given_sum = None
            if checksum:
                algorithm = "sha256" if checksum == "wrong" else checksum
                digest = new_hash(algorithm, piece, usedforsecurity=False).digest()
                given_sum = (algorithm, digest[::-1] if checksum == "wrong" else digest)
            try:
                with shelf.alone(upload.id):
                    upload = shelf.append(upload, Pipe(piece, breaks_after), size, given_sum)
            except ChecksumDiffers:
                assert upload.offset == before
                broken = breaks_after is not None and breaks_after < len(piece)
                assert checksum == "wrong" or broken
            found = shelf.find(upload.id)
            assert found == upload
            assert stored(shelf, upload) == data[: upload.offset]
        with shelf.alone(upload.id):
            upload = shelf.append(upload, Pipe(data[upload.offset :]), len(data))
        assert upload.complete
        assert shelf.data(upload).read_bytes() == data, "nothing of a torn write is left behind the end"


@settings(max_examples=20, deadline=None)
@given(st.binary(max_size=300))
def test_any_name_comes_back(name: bytes) -> None:
    with TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder), DAY)
        upload = shelf.create("somebody", "case", name, 1)
        found = shelf.find(upload.id)
        assert found is not None
        assert found.name == name
        assert sorted(os.listdir(folder)) == [upload.id]  # noqa: PTH208 - the names alone


@given(st.text(max_size=40))
def test_no_id_leads_out_of_the_folder(text: str) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder) / "uploads"
        root.mkdir()
        (Path(folder) / "about.json").write_text("{}")
        assert Shelf(root, DAY).find(text) is None
        assert Shelf(root, DAY).find("..") is None


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, DAY)
    upload = shelf.create("somebody", "case", b"name", 10)
    with shelf.alone(upload.id), pytest.raises(UploadBusy), shelf.alone(upload.id):
        pass
    with shelf.alone(upload.id):
        pass


def test_never_more_than_the_length(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, DAY)
    upload = shelf.create("somebody", "case", b"name", 10)
    with shelf.alone(upload.id):
        upload = shelf.append(upload, Pipe(b"x" * 50), 50)
    assert upload.offset == 10
    assert shelf.data(upload).stat().st_size == 10


def test_what_waited_too_long_goes_but_nothing_complete(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, DAY)
    young, old, complete, settled = (shelf.create("somebody", "case", b"name", 4) for _ in range(4))
    long_ago = (datetime.now(UTC) - DAY).isoformat()
    shelf.write(replace(old, expires=long_ago))
    shelf.write(replace(complete, expires=long_ago, offset=4))
    shelf.write(replace(settled, expires=long_ago, offset=4, item="ab"))
    assert shelf.discard_expired(datetime.now(UTC)) == 2
    assert [shelf.find(each.id) is not None for each in (young, old, complete, settled)] == [
        True,
        False,
        True,
        False,
    ]


def test_a_half_made_folder_is_no_upload(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, DAY)
    upload = shelf.create("somebody", "case", b"name", 4)
    (tmp_path / upload.id / "about.json").write_bytes(b'{"id": ')
    assert shelf.find(upload.id) is None
    assert shelf.discard_expired(datetime.now(UTC)) == 0


def test_no_room_is_said_before_the_first_byte(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match="no room"):
        Shelf(tmp_path, DAY).create("somebody", "case", b"name", 1 << 62)

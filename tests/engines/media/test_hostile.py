"""Files that want something else than to be looked at."""

import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest

from tests.engines.media.films import Film, write
from videtur.engines.media.first_pass import PassEnd, decode
from videtur.engines.media.limits import Limits
from videtur.engines.media.probe import probe
from videtur.engines.media.sandbox import DecodingSandbox
from videtur.errors import Refused


def _playlist(path: Path) -> None:
    path.write_text("#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n")


def _concat(path: Path) -> None:
    path.write_text("ffconcat version 1.0\nfile /etc/passwd\n")


def _drawing(path: Path) -> None:
    path.write_text('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>')


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _huge_picture(path: Path) -> None:
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0))
    rows = _chunk(b"IDAT", zlib.compress(bytes(1000)))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + header + rows + _chunk(b"IEND", b""))


def _archive(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../etc/passwd", "x")


def _text(path: Path) -> None:
    path.write_text("This is no film.\n" * 100)


def _noise(path: Path) -> None:
    path.write_bytes(np.random.default_rng(5).bytes(200_000))


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _index_missing(path: Path) -> None:
    whole = write(path.with_name("whole.mp4"), Film()).read_bytes()
    path.write_bytes(whole[: whole.index(b"moov") - 4])


def _nested_boxes(path: Path) -> None:
    data = b""
    for _ in range(2000):
        data = struct.pack(">I", len(data) + 8) + b"moov" + data
    path.write_bytes(struct.pack(">I", 20) + b"ftypisom" + bytes(8) + data)


HOSTILE: list[Callable[[Path], None]] = [
    _playlist,
    _concat,
    _drawing,
    _huge_picture,
    _archive,
    _text,
    _noise,
    _empty,
    _index_missing,
    _nested_boxes,
]


def _decode_all(source: BinaryIO, sandbox: DecodingSandbox) -> object:
    return list(decode(source, sandbox))


@pytest.mark.parametrize("make", HOSTILE, ids=lambda make: str(make.__name__).strip("_"))
@pytest.mark.parametrize("name", ["film.mp4", "film.png"])
def test_each_is_refused_in_one_line(
    tmp_path: Path, sandbox: DecodingSandbox, make: Callable[[Path], None], name: str
) -> None:
    path = tmp_path / name
    make(path)
    for look in (probe, _decode_all):
        with path.open("rb") as source, pytest.raises(Refused) as refused:
            look(source, sandbox)
        line = refused.value.explain()
        assert "\n" not in line
        assert "Traceback" not in line
        assert "passwd" not in line


def test_a_picture_just_above_the_limit_is_refused(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    path = write(tmp_path / "film.mkv", Film(pts=[0]))
    with path.open("rb") as source, pytest.raises(Refused, match="too large"):
        list(decode(source, sandbox, limits=Limits(pixels=128 * 48 - 1)))
    with path.open("rb") as source:
        assert list(decode(source, sandbox, limits=Limits(pixels=128 * 48)))


@pytest.mark.slow
def test_mutants_never_hurt(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    film = Film(sound_codec="aac", sound_seconds=0.5)
    kinds = {
        "film.mp4": film,
        "film.mkv": film,
        "film.ts": film,
        "film.avi": Film(codec="mpeg4", options={}, sound_codec="libmp3lame", sound_seconds=0.5),
    }
    seeds = [write(tmp_path / name, film).read_bytes() for name, film in kinds.items()]
    dice = np.random.default_rng(11)
    ended = refused = 0
    mutant = tmp_path / "mutant"
    for number in range(200):
        data = bytearray(seeds[number % len(seeds)])
        for _ in range(int(dice.choice((1, 4, 40)))):
            at = dice.integers(min(len(data), 3000) if dice.random() < 0.5 else len(data))
            data[at] = dice.integers(256)
        if dice.random() < 0.2:
            data = data[: dice.integers(len(data))]
        mutant.write_bytes(data)
        with mutant.open("rb") as source:
            try:
                last = list(decode(source, sandbox, limits=Limits(cpu_seconds=10, stall_seconds=20)))[-1]
            except Refused:
                refused += 1
            else:
                assert isinstance(last, PassEnd)
                ended += 1
    assert ended + refused == 200
    assert ended > 100, "mutants that are all refused test the demuxers' front door alone"

"""Everything that a film of our own making carries, box by box and stream by stream.

For showing that nothing rides along: what is not on the list of known boxes is named.
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from videtur.engines.media.job import plain
from videtur.engines.media.limits import Limits
from videtur.engines.media.sandbox import DecodingSandbox, answer

_INNER = frozenset({"moov", "trak", "edts", "mdia", "minf", "dinf", "stbl"})
"""Boxes that hold boxes."""
_TABLES = frozenset({"stsd", "stts", "stss", "ctts", "stsc", "stsz", "stco", "co64", "sgpd", "sbgp"})
_LEAVES = _TABLES | {"ftyp", "free", "mdat", "mvhd", "tkhd", "elst", "mdhd", "hdlr", "vmhd", "smhd", "dref"}
_DATED = frozenset({"mvhd", "tkhd", "mdhd"})
"""Boxes with times of creation and of change."""
_MOST_BOXES = 1000
_NO_TAGS = b"\0\0\0\x35meta\0\0\0\0\0\0\0\x21hdlr\0\0\0\0\0\0\0\0mdirappl\0\0\0\0\0\0\0\0\0\0\0\0\x08ilst"
"""What the muxer writes where it has no tags: an empty list of them."""


@dataclass(frozen=True, slots=True)
class Carried:
    """One stream."""

    kind: str
    """"picture", "sound", "subtitle", "data" or "attachment"."""
    codec: str | None
    tags: tuple[tuple[str, str], ...]
    disposition: int
    size: int
    """Bytes of all its packets."""
    units: tuple[int, ...]
    """Types of the NAL units in its packets, for H.264; -1 stands for one whose length is wrong."""


@dataclass(frozen=True, slots=True)
class Inventory:
    """What a film carries."""

    container: str
    tags: tuple[tuple[str, str], ...]
    chapters: int
    streams: tuple[Carried, ...]
    odd_boxes: tuple[str, ...]
    """Boxes that a plain film lacks, and what is odd about those it has."""
    media_bytes: int
    """Bytes in the boxes for media: all of them must belong to packets."""


def take_inventory(source: BinaryIO, sandbox: DecodingSandbox, limits: Limits | None = None) -> Inventory:
    """Look through a finished MP4. Raises Refused when it cannot be read to its end."""
    values, _ = answer(sandbox, "inventory", source, {}, limits or Limits())
    odd, media = _boxes(source.fileno())
    streams = [
        cast("dict[str, object]", each) for each in _list(values.get("streams")) if isinstance(each, dict)
    ]
    return Inventory(
        container=plain(values.get("container", "")),
        tags=_tags(values.get("tags")),
        chapters=int(str(values.get("chapters", 0))),
        streams=tuple(_carried(each) for each in streams),
        odd_boxes=odd,
        media_bytes=media,
    )


def _carried(values: dict[str, object]) -> Carried:
    codec = values.get("codec")
    return Carried(
        kind=plain(values.get("kind", "")),
        codec=None if codec is None else plain(codec),
        tags=_tags(values.get("tags")),
        disposition=int(str(values.get("disposition", 0))),
        size=int(str(values.get("bytes", 0))),
        units=tuple(int(str(each)) for each in _list(values.get("units"))),
    )


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def _tags(value: object) -> tuple[tuple[str, str], ...]:
    pairs = (_list(each) for each in _list(value))
    return tuple((plain(pair[0]), plain(pair[1])) for pair in pairs if len(pair) == 2)


def _boxes(descriptor: int) -> tuple[tuple[str, ...], int]:
    odd: list[str] = []
    media = 0
    size = os.fstat(descriptor).st_size
    for number, (name, start, end) in enumerate(_walk(descriptor, 0, size, odd)):
        if number >= _MOST_BOXES:
            odd.append("more boxes than a plain film has")
            break
        if name == "mdat":
            media += end - start
        elif name == "udta" and os.pread(descriptor, min(end - start, 100), start) == _NO_TAGS:
            continue
        elif name not in _LEAVES and name not in _INNER:
            odd.append(f"a box {name!r}")
        elif name == "free" and end - start:
            odd.append("a box 'free' that is not empty")
        elif name in _DATED and _date(descriptor, start):
            odd.append(f"a time of creation in {name!r}")
    return tuple(odd), media


def _date(descriptor: int, start: int) -> bool:
    long = os.pread(descriptor, 1, start) == b"\x01"
    return any(os.pread(descriptor, 16 if long else 8, start + 4))


def _walk(descriptor: int, start: int, end: int, odd: list[str]) -> Iterator[tuple[str, int, int]]:
    """(name, start of its content, its end) of each box, without trusting a single size."""
    at = start
    while at < end:
        head = os.pread(descriptor, 16, at)
        length, kind = struct.unpack(">I4s", head[:8]) if len(head) >= 8 else (0, b"")
        content = at + 8
        if length == 1 and len(head) == 16:
            length, content = struct.unpack(">Q", head[8:])[0], at + 16
        name = kind.decode("latin-1")
        if length < content - at or at + length > end:
            odd.append(f"a box of impossible size behind byte {at}")
            return
        yield name, content, at + length
        if name in _INNER:
            yield from _walk(descriptor, content, at + length, odd)
        at += length

"""What is kept of a film in order to find its copies, and its stored form: versioned bytes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.hashing import HASH_BYTES
from videtur.engines.copies.proxy import CodedProxy
from videtur.engines.media.timecode import MediaTime
from videtur.errors import Refused

if TYPE_CHECKING:
    from videtur.engines.copies.descriptor import Descriptors

ENGINE_NAME = "videtur-copies"
ENGINE_VERSION = "1"
"""Part of every derivation's key: any change of what the fingerprints hold raises it."""

_PICTURE_MAGIC = b"videtur-picture\x01"
_SOUND_MAGIC = b"videtur-sound\x00\x00\x01"


class FingerprintUnreadable(Refused):
    """Stored bytes are not a fingerprint of a version this engine reads."""


@dataclass(frozen=True)
class Still:
    """One hashed picture kept as a small JPEG, so that points in it can be matched later."""

    hash_index: int
    jpeg: bytes


@dataclass(frozen=True)
class PictureFingerprint:
    """Hashes at about two a second, a motion proxy at up to fifteen, and a few stills."""

    time_base: Fraction
    pts: NDArray[np.int64]
    hashes: NDArray[np.uint8]
    trimmed_hashes: NDArray[np.uint8]
    detail: NDArray[np.uint8]
    size: tuple[int, int]
    """Width and height of the analysed picture."""
    content: tuple[int, int, int, int]
    """Left, top, right, bottom of the picture inside flat borders, in the same pixels."""
    proxy: CodedProxy
    stills: tuple[Still, ...]

    @property
    def trimmed(self) -> bool:
        """Whether flat borders were found around the picture."""
        return self.content != (0, 0, *self.size)

    def to_bytes(self) -> bytes:
        """The stored form; the same fingerprint always gives the same bytes."""
        header = {
            "content": list(self.content),
            "proxy_shape": list(self.proxy.shape),
            "proxy_time_base": base_json(self.proxy.time_base),
            "size": list(self.size),
            "stills": [[still.hash_index, len(still.jpeg)] for still in self.stills],
            "time_base": base_json(self.time_base),
        }
        blobs = [
            self.pts.astype("<i8").tobytes(),
            self.hashes.tobytes(),
            self.trimmed_hashes.tobytes(),
            self.detail.tobytes(),
            self.proxy.pts.astype("<i8").tobytes(),
            self.proxy.coded,
            b"".join(still.jpeg for still in self.stills),
        ]
        return pack(_PICTURE_MAGIC, header, blobs)

    @classmethod
    def from_bytes(cls, data: bytes) -> "PictureFingerprint":
        """Read the stored form. Raises FingerprintUnreadable on anything else."""
        header, blobs = unpack(_PICTURE_MAGIC, data, 7)
        try:
            return cls._from_parts(header, blobs)
        except (KeyError, ValueError, TypeError, IndexError) as problem:
            raise unreadable("its parts do not fit together") from problem

    @classmethod
    def _from_parts(cls, header: Mapping[str, Any], blobs: Sequence[bytes]) -> "PictureFingerprint":
        pts = np.frombuffer(blobs[0], dtype="<i8").astype(np.int64)
        stills: list[Still] = []
        start = 0
        for index, length in header["stills"]:
            if not 0 <= index < len(pts):
                raise ValueError("a still belongs to no hash")
            stills.append(Still(int(index), blobs[6][start : start + length]))
            start += length
        height, width = header["proxy_shape"]
        left, top, right, bottom = header["content"]
        size_x, size_y = header["size"]
        detail = np.frombuffer(blobs[3], dtype=np.uint8)
        if len(detail) != len(pts):
            raise ValueError("there are more hashes than times")
        return cls(
            time_base=base_from(header["time_base"]),
            pts=pts,
            hashes=np.frombuffer(blobs[1], dtype=np.uint8).reshape(len(pts), HASH_BYTES),
            trimmed_hashes=np.frombuffer(blobs[2], dtype=np.uint8).reshape(len(pts), HASH_BYTES),
            detail=detail,
            size=(int(size_x), int(size_y)),
            content=(int(left), int(top), int(right), int(bottom)),
            proxy=CodedProxy(
                base_from(header["proxy_time_base"]),
                np.frombuffer(blobs[4], dtype="<i8").astype(np.int64),
                (int(height), int(width)),
                blobs[5],
            ),
            stills=tuple(stills),
        )


@dataclass(frozen=True)
class SoundFingerprint:
    """Landmarks: peaks of the spectrum with their time and pitch, and how loud each half second was."""

    start: MediaTime
    """The time of the first sample; `frames` count from it in steps of `hop` samples of 1/`rate` seconds."""
    rate: int
    hop: int
    frames: NDArray[np.int32]
    bins: NDArray[np.uint16]
    length: int
    """Number of steps in the whole sound."""

    def to_bytes(self) -> bytes:
        """The stored form; the same fingerprint always gives the same bytes."""
        header = {
            "hop": self.hop,
            "length": self.length,
            "rate": self.rate,
            "start": self.start.pts,
            "time_base": base_json(self.start.time_base),
        }
        return pack(
            _SOUND_MAGIC, header, [self.frames.astype("<i4").tobytes(), self.bins.astype("<u2").tobytes()]
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> "SoundFingerprint":
        """Read the stored form. Raises FingerprintUnreadable on anything else."""
        header, blobs = unpack(_SOUND_MAGIC, data, 2)
        try:
            frames = np.frombuffer(blobs[0], dtype="<i4").astype(np.int32)
            bins = np.frombuffer(blobs[1], dtype="<u2").astype(np.uint16)
            if len(frames) != len(bins):
                raise ValueError("there are more times than pitches")
            start = MediaTime(int(header["start"]), base_from(header["time_base"]))
            return cls(start, int(header["rate"]), int(header["hop"]), frames, bins, int(header["length"]))
        except (KeyError, ValueError, TypeError) as problem:
            raise unreadable("its parts do not fit together") from problem


@dataclass(frozen=True)
class Fingerprints:
    """What is known of one file: its picture, its sound, or both; and what a model made of its picture."""

    picture: PictureFingerprint | None = None
    sound: SoundFingerprint | None = None
    descriptors: "Descriptors | None" = None


def base_json(base: Fraction) -> list[int]:
    """A time base as it stands in a header."""
    return [base.numerator, base.denominator]


def base_from(value: Sequence[int]) -> Fraction:
    """A time base out of a header. Raises ValueError or TypeError when it is none."""
    numerator, denominator = value
    base = Fraction(int(numerator), int(denominator) or 1)
    if base <= 0:
        raise ValueError("a time base must be positive")
    return base


def pack(magic: bytes, header: Mapping[str, object], blobs: Sequence[bytes]) -> bytes:
    """The stored form of everything here: magic with a version, a JSON header, the blobs."""
    full = {**header, "blobs": [len(blob) for blob in blobs]}
    text = json.dumps(full, sort_keys=True, separators=(",", ":")).encode()
    return b"".join([magic, len(text).to_bytes(4, "little"), text, *blobs])


def unpack(magic: bytes, data: bytes, count: int) -> tuple[dict[str, Any], list[bytes]]:
    """Header and blobs of the stored form. Raises FingerprintUnreadable on anything else."""
    if data[: len(magic)] != magic:
        raise unreadable("it is of another kind or version")
    start = len(magic) + 4
    end = start + int.from_bytes(data[len(magic) : start], "little")
    try:
        header: dict[str, Any] = json.loads(data[start:end])
        lengths = [int(length) for length in header["blobs"]]
    except (ValueError, KeyError, TypeError) as problem:
        raise unreadable("its header is damaged") from problem
    if len(lengths) != count or min(lengths) < 0 or end + sum(lengths) != len(data):
        raise unreadable("it is cut short or too long")
    edges = np.cumsum([end, *lengths]).tolist()
    return header, [data[a:b] for a, b in pairwise(edges)]


def unreadable(why: str) -> FingerprintUnreadable:
    """The error for stored bytes that are no fingerprint."""
    return FingerprintUnreadable(
        "A stored fingerprint cannot be read", why, "Examine the file again with this version"
    )

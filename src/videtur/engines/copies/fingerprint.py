"""What is kept of a film in order to find its copies, and its stored form: versioned bytes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.hashing import HASH_BYTES
from videtur.engines.copies.proxy import PIECE_PICTURES, CodedProxy
from videtur.engines.copies.sound_fingerprint import SoundFingerprint as SoundFingerprint
from videtur.engines.copies.stored_form import FingerprintUnreadable as FingerprintUnreadable
from videtur.engines.copies.stored_form import base_from, base_json, pack, unpack, unreadable

if TYPE_CHECKING:
    from videtur.engines.copies.descriptor import Descriptors

ENGINE_NAME = "videtur-copies"
ENGINE_VERSION = "2"
"""Part of every derivation's key: any change of what the fingerprints hold raises it."""

_PICTURE_MAGIC = b"videtur-picture\x02"


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
            "proxy_pieces": [len(piece) for piece in self.proxy.pieces],
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
            b"".join(self.proxy.pieces),
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
        proxy_pts = np.frombuffer(blobs[4], dtype="<i8").astype(np.int64)
        lengths = [int(length) for length in header["proxy_pieces"]]
        if len(lengths) != -(-len(proxy_pts) // PIECE_PICTURES) or sum(lengths) != len(blobs[5]):
            raise ValueError("the motion proxy has other pieces than it states")
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
                proxy_pts,
                (int(height), int(width)),
                CodedProxy.cut(blobs[5], lengths),
            ),
            stills=tuple(stills),
        )


@dataclass(frozen=True)
class Fingerprints:
    """What is known of one file: its picture, its sound, or both; and what a model made of its picture."""

    picture: PictureFingerprint | None = None
    sound: SoundFingerprint | None = None
    descriptors: "Descriptors | None" = None

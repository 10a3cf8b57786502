"""What is kept of a sound in order to find its copies, and its stored form: versioned bytes."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.stored_form import base_from, base_json, pack, unpack, unreadable
from videtur.engines.media.timecode import MediaTime

TEXTURE_BITS = 32
"""Signs of one moment: how each of 33 bands of pitch stands to the next, against the half second around."""
TEXTURE_STEPS = 2
"""Steps of `hop` samples that one moment of the texture lasts."""

_MAGIC = b"videtur-sound\x00\x00\x02"


@dataclass(frozen=True)
class SoundFingerprint:
    """Landmarks to find a sound by, and a texture of signs to tell whether it is the same one."""

    start: MediaTime
    """The time of the first sample; `frames` count from it in steps of `hop` samples of 1/`rate` seconds."""
    rate: int
    hop: int
    frames: NDArray[np.int32]
    bins: NDArray[np.uint16]
    """Time and pitch of the spectrum's peaks."""
    texture: NDArray[np.uint8]
    """Each moment's signs: four bytes of which are up, four of which are up or down."""
    length: int
    """Number of steps in the whole sound."""

    @property
    def moments_per_second(self) -> float:
        """How many moments of the texture there are in a second."""
        return self.rate / (self.hop * TEXTURE_STEPS)

    def signs(self) -> NDArray[np.float32]:
        """The texture as one row a moment of -1, 0 and 1."""
        planes = np.unpackbits(self.texture, axis=1).astype(np.float32)
        return planes[:, TEXTURE_BITS:] * (2 * planes[:, :TEXTURE_BITS] - 1)

    def to_bytes(self) -> bytes:
        """The stored form; the same fingerprint always gives the same bytes."""
        header = {
            "hop": self.hop,
            "length": self.length,
            "rate": self.rate,
            "start": self.start.pts,
            "time_base": base_json(self.start.time_base),
        }
        blobs = [
            self.frames.astype("<i4").tobytes(),
            self.bins.astype("<u2").tobytes(),
            self.texture.tobytes(),
        ]
        return pack(_MAGIC, header, blobs)

    @classmethod
    def from_bytes(cls, data: bytes) -> "SoundFingerprint":
        """Read the stored form. Raises FingerprintUnreadable on anything else."""
        header, blobs = unpack(_MAGIC, data, 3)
        try:
            frames = np.frombuffer(blobs[0], dtype="<i4").astype(np.int32)
            bins = np.frombuffer(blobs[1], dtype="<u2").astype(np.uint16)
            texture = np.frombuffer(blobs[2], dtype=np.uint8).reshape(-1, TEXTURE_BITS // 4)
            if len(frames) != len(bins):
                raise ValueError("there are more times than pitches")
            rate, hop = int(header["rate"]), int(header["hop"])
            if rate <= 0 or hop <= 0:
                raise ValueError("a rate must be positive")
            start = MediaTime(int(header["start"]), base_from(header["time_base"]))
            return cls(start, rate, hop, frames, bins, texture, int(header["length"]))
        except (KeyError, ValueError, TypeError) as problem:
            raise unreadable("its parts do not fit together") from problem


def nothing_heard(rate: int, hop: int) -> SoundFingerprint:
    """The fingerprint of no sound at all."""
    return SoundFingerprint(
        MediaTime(0, Fraction(1, rate)),
        rate,
        hop,
        np.zeros(0, np.int32),
        np.zeros(0, np.uint16),
        np.zeros((0, TEXTURE_BITS // 4), np.uint8),
        0,
    )

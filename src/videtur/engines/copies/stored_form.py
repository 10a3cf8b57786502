"""The stored form that all fingerprints share: a mark of kind and version, a header, and parts."""

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from videtur.errors import Refused


class FingerprintUnreadable(Refused):
    """Stored bytes are not a fingerprint of a version this engine reads."""


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

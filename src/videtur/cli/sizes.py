"""Sizes in bytes, as people write and read them."""

import re

import click

_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
_WRITTEN = re.compile(r"([0-9]+)\s*([kmgt]?)(?:i?b)?", re.IGNORECASE)


def size(written: str) -> int:
    """The number of bytes in `500MB`, `64GiB` or plain digits; K, M, G, T are powers of 1024."""
    match = _WRITTEN.fullmatch(written.strip())
    if match is None:
        raise click.BadParameter(f"{written!r} is no size; write 500M, 64G or a number of bytes")
    return int(match[1]) * _UNITS[match[2].lower()]


def shown_size(count: int) -> str:
    """A size for the eye: `28.1 MiB`."""
    amount = float(count)
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if amount < 1024:
            return f"{amount:.0f} {unit}" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1024
    return f"{amount:.1f} TiB"

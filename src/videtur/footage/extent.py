"""From when to when an item has something to see or to hear, as the decode pass found it."""

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import cast

from videtur.engines.media.timecode import MediaInterval, MediaTime
from videtur.pipeline.derivations import DONE, of_inputs

_MICROSECOND = Fraction(1, 1_000_000)


def extent_of(sha256: str) -> MediaInterval | None:
    """The stretch between the first and the last moment of picture or sound; None when not decoded."""
    return extents_of([sha256]).get(sha256)


def extents_of(items: Sequence[str]) -> dict[str, MediaInterval]:
    """The extent of each of these items (SHA-256) that was decoded."""
    extents: dict[str, MediaInterval] = {}
    for row in of_inputs(items, "decode"):  # the oldest first: the newest stays
        edges = [*_picture_edges(row.summary), *_sound_edges(row.summary)]
        if row.outcome == DONE and edges:
            extents[row.input_sha256] = MediaInterval(min(edges), max(edges))
    return extents


def _picture_edges(summary: Mapping[str, object]) -> list[MediaTime]:
    match summary:
        case {"first_pts": int(first), "last_pts": int(last), "time_base": [int(over), int(under)]}:
            base = Fraction(over, under)
            start = MediaTime(first, base)
            edges = [start, MediaTime(last, base)]
            if duration := _time(summary.get("duration")):
                edges.append(_later(start, duration.instant))
            return edges
        case _:
            return []


def _sound_edges(summary: Mapping[str, object]) -> list[MediaTime]:
    start = _time(summary.get("sound_first"))
    if start is None:
        return []
    return [start, _later(start, Fraction(Decimal(str(summary.get("sound_seconds") or "0"))))]


def _later(time: MediaTime, seconds: Fraction) -> MediaTime:
    """The end, `seconds` after `time`, to the microsecond and never too early."""
    return MediaTime(math.ceil((time.instant + seconds) / _MICROSECOND), _MICROSECOND)


def _time(value: object) -> MediaTime | None:
    return MediaTime.from_json(cast("dict[str, object]", value)) if isinstance(value, dict) else None

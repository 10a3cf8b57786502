"""From when to when an item has something to see or to hear, as the decode pass found it."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import cast

from videtur.engines.media.timecode import MediaInterval, MediaTime
from videtur.pipeline.derivations import latest_done

_MICROSECOND = Fraction(1, 1_000_000)


def extent_of(sha256: str) -> MediaInterval | None:
    """The stretch between the first and the last moment of picture or sound; None when not decoded."""
    decoded = latest_done(sha256, "decode")
    if decoded is None:
        return None
    edges = [*_picture_edges(decoded.summary), *_sound_edges(decoded.summary)]
    return MediaInterval(min(edges), max(edges)) if edges else None


def duration_seconds(sha256: str) -> str | None:
    """The length of the stretch in seconds, for reading."""
    extent = extent_of(sha256)
    if extent is None:
        return None
    return MediaTime(1, extent.end.instant - extent.start.instant).seconds if _lasts(extent) else "0"


def _lasts(extent: MediaInterval) -> bool:
    return extent.start < extent.end


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
    return MediaTime((time.instant + seconds) // _MICROSECOND + 1, _MICROSECOND)


def _time(value: object) -> MediaTime | None:
    return MediaTime.from_json(cast("dict[str, object]", value)) if isinstance(value, dict) else None

"""Subtitles in place of sound: a draft from the machine's transcript, on the clock of a masked copy.

A machine's transcript is a lead. The draft says so in its first lines, and nothing hands it out: a person
checks every word against the original, takes out names, and brings the text as sentences of a release.
"""

import json
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, cast

from videtur.engines.media.timecode import MediaTime
from videtur.footage.derived import mapping_of, open_store
from videtur.pipeline.models import Derivation
from videtur.pipeline.redaction_files import SEALED_FILE

_HEAD = """WEBVTT

NOTE
Draft of a machine, not checked by anybody. Check every word against the original, take out every name,
place and number that tells who somebody is, and have a linguist read it before anybody else does.
"""
_SHORTEST = Fraction(1, 2)


def draft_of(made: Derivation) -> str | None:
    """A WebVTT draft for a masked copy (W3C, WebVTT 1); None where nothing was transcribed."""
    transcript = mapping_of(made.input_sha256, "speech", "transcript.json")
    segments = cast("list[Mapping[str, Any]]", transcript.get("segments") or [])
    cues = list(_cues(segments, _start_of(made))) if segments else []
    return _HEAD + "".join(cues) if cues else None


def _cues(segments: list[Mapping[str, Any]], start: Fraction) -> Iterator[str]:
    for segment in segments:
        begin, end = (MediaTime.from_json(segment[name]).instant - start for name in ("start", "end"))
        text = " ".join(str(segment["text"]).split()).replace("-->", "→")
        if text and end > 0:
            begin = max(begin, Fraction(0))
            yield f"\n{_clock(begin)} --> {_clock(max(end, begin + _SHORTEST))}\n{_escaped(text)}\n"


def _start_of(made: Derivation) -> Fraction:
    """The time of the film at which the copy's clock stands at zero."""
    with open_store().open(made.outputs[SEALED_FILE]["key"]) as file:
        offset = json.load(file)["offset"]
    top, bottom = offset["time_base"]
    return Fraction(int(offset["pts"]) * int(top), int(bottom))


def _clock(seconds: Fraction) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

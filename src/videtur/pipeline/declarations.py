"""The run that reads what a file says of itself: `probe` and `metadata`."""

from typing import BinaryIO

from videtur.engines.media.metadata import read_metadata
from videtur.engines.media.probe import Probe, probe
from videtur.errors import Refused
from videtur.pipeline.services import Result
from videtur.pipeline.tools import Run, json_bytes


def declarations(run: Run) -> list[Result]:
    """Probe, then read the technical metadata. Raises Refused when the input is no media."""
    results: list[Result] = []
    with run.open_input() as source:
        if "probe" in run.wanted:
            facts = probe(source, run.tools.sandbox)
            results.append(run.keep("probe", _summary(facts), {"probe.json": json_bytes(facts.as_json())}))
        if "metadata" in run.wanted:
            source.seek(0)
            results.append(_metadata(run, source))
    return results


def _metadata(run: Run, source: BinaryIO) -> Result:
    try:
        found = read_metadata(source, run.tools.sandbox)
    except Refused as problem:
        if "probe" not in run.wanted:
            raise
        return run.fail("metadata", problem)
    files = {"metadata.json": json_bytes(found.as_json())}
    return run.keep("metadata", {"tag_count": found.tag_count}, files)


def _summary(facts: Probe) -> dict[str, object]:
    return {
        "container": facts.container,
        "duration_seconds": facts.duration.seconds if facts.duration else None,
        "width": facts.width,
        "height": facts.height,
        "rotation": facts.rotation,
        "picture_codec": facts.picture_codec,
        "sound_codec": facts.sound_codec,
        "has_picture": facts.has_picture,
        "has_sound": facts.has_sound,
    }

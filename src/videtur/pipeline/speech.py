"""The run that turns speech into text, where a model for it is installed."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from videtur.engines.leads.speech import WhisperTranscriber
from videtur.engines.media.events import PassRequest, SoundBlock
from videtur.engines.media.first_pass import decode
from videtur.pipeline.derivations import latest_done
from videtur.pipeline.model_registry import checked, choose_model
from videtur.pipeline.services import Result
from videtur.pipeline.tools import Run, json_bytes

STEP = "speech"


def speech(run: Run) -> list[Result]:
    """Read what is said. Skipped when no model is installed, or when there is nothing to hear."""
    if STEP not in run.wanted:
        return []
    decoded = latest_done(run.job.input_sha256, "decode")
    if decoded is None or decoded.summary.get("sound_first") is None:
        return run.skip((STEP,), "no sound")
    model = choose_model(run.tools.workspace, STEP)
    if model is None or run.wanted[STEP].model is None:
        return run.skip((STEP,), "no model")
    transcript = _transcriber(checked(model)).transcribe(_sound(run))
    files = {"transcript.json": json_bytes(transcript.as_json())}
    return [run.keep(STEP, {"segment_count": len(transcript.segments)}, files)]


def _sound(run: Run) -> Iterator[SoundBlock]:
    """The sound once more: what speech needs is far more than the first look could keep."""
    with run.open_input() as source:
        for event in decode(source, run.tools.sandbox, PassRequest(picture=False)):
            if isinstance(event, SoundBlock):
                yield event


@cache
def _transcriber(folder: Path) -> WhisperTranscriber:
    return WhisperTranscriber(folder)

"""The run that turns speech into text, where a model for it is installed."""

from videtur.pipeline.services import Result
from videtur.pipeline.tools import Run


def speech(run: Run) -> list[Result]:
    """Skipped when no model is installed, or when there is nothing to hear."""
    return run.skip(("speech",), "no model")

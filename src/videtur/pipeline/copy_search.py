"""The run that searches an input's copies among all fingerprints there are."""

from videtur.pipeline.services import Result
from videtur.pipeline.tools import Run


def copy_search(run: Run) -> list[Result]:
    """."""
    return run.skip(("copy_search",), "no")

"""What is handed from process to process: names of things, never the things."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Job:
    """One input to examine: its digest, and its key in the object store."""

    input_sha256: str
    object_key: str

"""What a run over an input gets to work with, and how it keeps what it made."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from videtur.engines.media.sandbox import DecodingSandbox
from videtur.errors import VideturError
from videtur.pipeline.derivations import DONE, FAILED, SKIPPED, Work
from videtur.pipeline.jobs import Job
from videtur.pipeline.models import OutputRecord
from videtur.pipeline.services import Result
from videtur.storage.derivatives import put_derivative
from videtur.storage.object_store import ObjectStore, Staged
from videtur.workspace import Workspace

MEDIA_TYPES = {
    ".json": "application/json",
    ".bin": "application/octet-stream",
    ".jpg": "image/jpeg",
    ".mp4": "video/mp4",
}


@dataclass(frozen=True, slots=True)
class Tools:
    """What one process examines with."""

    store: ObjectStore
    sandbox: DecodingSandbox
    cache: Path
    """Folder of files that can be rebuilt from the records at any time."""
    workspace: Workspace


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a group of steps: the input, and the work that is wanted of it, by name of step."""

    job: Job
    wanted: Mapping[str, Work]
    tools: Tools

    def open_input(self) -> BinaryIO:
        """The input's bytes, with a real file descriptor."""
        return self.tools.store.open(self.job.object_key)

    def keep(self, step: str, summary: Mapping[str, object], files: Mapping[str, bytes | Staged]) -> Result:
        """Make a step's files durable and return its result."""
        return Result(self.wanted[step], DONE, summary=summary, outputs=self._stored(files))

    def _stored(self, files: Mapping[str, bytes | Staged]) -> dict[str, OutputRecord]:
        outputs: dict[str, OutputRecord] = {}
        for name, content in files.items():
            stored = put_derivative(self.tools.store, content)
            outputs[name] = OutputRecord(
                key=stored.key,
                sha256=stored.sha256,
                size=stored.size,
                media_type=MEDIA_TYPES[Path(name).suffix],
            )
        return outputs

    def fail(
        self, step: str, problem: VideturError, files: Mapping[str, bytes | Staged] | None = None
    ) -> Result:
        """The result of a step that this input does not allow; `files` tell more of why."""
        return Result(self.wanted[step], FAILED, problem.explain(), outputs=self._stored(files or {}))

    def skip(self, steps: Iterable[str], reason: str) -> list[Result]:
        """Results for those of `steps` that are wanted and that this input gives no ground for."""
        return [Result(self.wanted[step], SKIPPED, reason) for step in steps if step in self.wanted]


def json_bytes(value: object) -> bytes:
    """JSON for an output file: compact, keys in order, so that the same value gives the same bytes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

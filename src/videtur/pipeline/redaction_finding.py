"""The run that finds what must not be shown, where somebody asked for it: the machine's plan."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from videtur.engines.redaction.finding import FindRequest, Found, Persons, find
from videtur.engines.redaction.plan import RedactionPlan
from videtur.engines.redaction.plan_form import plan_as_json
from videtur.pipeline.face_detectors import load_detectors
from videtur.pipeline.redaction_files import FIND, PLAN_FILE, UNSURE_FILE
from videtur.pipeline.services import Result
from videtur.pipeline.tools import Run, json_bytes

_LENGTH_BYTES = 4


class BoxesOnDisk:
    """Boxes as they are found, in a file beside the cache: a run that was killed goes on where it was."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def append(self, record: bytes) -> None:
        """Keep one more record. What the machine's end cuts off is left out on reading."""
        with self._path.open("ab") as file:
            file.write(len(record).to_bytes(_LENGTH_BYTES, "little") + record)

    def records(self) -> Iterator[bytes]:
        """Those kept, in order; the file is cut where one is not whole."""
        if not self._path.is_file():
            return
        whole = 0
        with self._path.open("rb") as file:
            while len(head := file.read(_LENGTH_BYTES)) == _LENGTH_BYTES:
                size = int.from_bytes(head, "little")
                record = file.read(size)
                if len(record) < size:
                    break
                whole = file.tell()
                yield record
        if whole < self._path.stat().st_size:
            os.truncate(self._path, whole)

    def forget(self) -> None:
        """The run came to its end."""
        self._path.unlink(missing_ok=True)


def redaction_find(run: Run) -> list[Result]:
    """Look at every picture. Fails, and makes no plan, where a detector is missing or fails."""
    if FIND not in run.wanted:
        return []
    work = run.wanted[FIND]
    request = request_of(work.parameters)
    detectors = load_detectors(text=request.text)
    boxes = BoxesOnDisk(run.tools.cache / f"redaction-{work.key}.boxes")
    with run.open_input() as source:
        found = find(source, run.tools.sandbox, detectors, request, checkpoint=boxes)
    unsure = [[each.start, each.end, each.reason] for each in found.unsure]
    files = {
        PLAN_FILE: json_bytes(plan_as_json(_plan(work.input_sha256, found))),
        UNSURE_FILE: json_bytes(unsure),
    }
    summary: dict[str, object] = {
        "track_count": len(found.tracks),
        "shot_count": len(found.shots),
        "detection_count": found.detections,
        "frame_count": found.frames,
        "damage": found.damage or "",
    }
    result = run.keep(FIND, summary, files)
    boxes.forget()
    return [result]


def request_of(parameters: object) -> FindRequest:
    """What was asked for, out of a step's parameters."""
    asked = cast("dict[str, object]", parameters)
    return FindRequest(cast("Persons", asked.get("persons", "heads")), bool(asked.get("text", False)))


def _plan(input_sha256: str, found: Found) -> RedactionPlan:
    return RedactionPlan(input_sha256, found.picture, found.tracks, found.shots, detectors=found.detectors)

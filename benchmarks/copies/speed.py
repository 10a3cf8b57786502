"""CPU time of reading the same files, decoding included: the engine's fingerprints beside vpdq's hashes."""

import importlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import av
import cv2

from benchmarks.copies.engine import own_cpu
from videtur.engines.copies.reading import fingerprints_of
from videtur.engines.media.sandbox import DecodingSandbox


def _ours(path: Path, sandbox: DecodingSandbox) -> float:
    before = own_cpu() + sandbox.cpu_seconds
    with path.open("rb") as source:
        fingerprints_of(source, sandbox)
    return own_cpu() + sandbox.cpu_seconds - before


def _vpdq(path: Path) -> float:
    vpdq: Any = importlib.import_module("vpdq")
    before = own_cpu()
    vpdq.computeHash(str(path), seconds_per_hash=1, thread_count=1)
    return own_cpu() - before


def _seconds(path: Path) -> float:
    with av.open(str(path)) as container:
        return float(container.duration or 0) / 1_000_000


def beside_vpdq(files: Sequence[Path], rounds: int = 2) -> dict[str, Any]:
    """Both read every file in turn, one thread each; the best round of each file counts, against load."""
    if importlib.util.find_spec("vpdq") is None:
        return {"left out": "vpdq is not installed"}
    cv2.setNumThreads(1)
    ours = dict.fromkeys(files, float("inf"))
    theirs = dict.fromkeys(files, float("inf"))
    with DecodingSandbox() as sandbox:
        # The first file of a process also pays for its imports and tables.
        _ours(files[0], sandbox)
        for _ in range(rounds):
            for path in files:
                ours[path] = min(ours[path], _ours(path, sandbox))
                theirs[path] = min(theirs[path], _vpdq(path))
    mine, other = sum(ours.values()), sum(theirs.values())
    return {
        "files": len(files),
        "seconds of film": sum(_seconds(path) for path in files),
        "this engine, CPU s": mine,
        "vpdq, CPU s": other,
        "times vpdq": mine / other if other else None,
    }

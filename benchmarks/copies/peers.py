"""Other finders of copies, run on the same files and scored on the same pairs."""

import importlib
import importlib.util
import os
import pickle
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.copies.truth import Modality

Bits = NDArray[np.uint8]
_PDQ_NEAR, _PDQ_DETAIL = 31, 50
_PHASH_RATE = 4.0


@dataclass(frozen=True)
class Peer:
    """A method: what it keeps of a file, how it scores two, and why it is not here when it is not."""

    name: str
    modality: Modality
    describe: Callable[[Path], Any]
    score: Callable[[Any, Any], float]
    missing: str = ""


def _pictures(path: Path, every: float) -> list[NDArray[np.uint8]]:
    """Pictures of a film, one at least every so many seconds apart, as it is meant to be shown."""
    found: list[NDArray[np.uint8]] = []
    due = -1e9
    with av.open(str(path)) as container:
        container.streams.video[0].thread_type = "NONE"
        for frame in container.decode(video=0):
            seconds = frame.time or 0.0
            if seconds < due:
                continue
            due = seconds + every - 1e-3
            scale = min(1.0, 512 / max(frame.width, frame.height))
            picture = frame.to_ndarray(
                width=max(2, int(frame.width * scale)),
                height=max(2, int(frame.height * scale)),
                format="rgb24",
            )
            found.append(np.ascontiguousarray(np.rot90(picture, round(frame.rotation / 90))).astype(np.uint8))
    return found


def _stacked(rows: list[Bits], width: int) -> Bits:
    return np.stack(rows) if rows else np.zeros((0, width), np.uint8)


def _distances(query: Bits, reference: Bits) -> NDArray[np.int64]:
    return np.bitwise_count(query[:, None] ^ reference[None]).sum(axis=2, dtype=np.int64)


def _shared(bits: NDArray[np.int64], near: int) -> float:
    """The greater share of either film's pictures that have a near one; the least distance breaks ties."""
    if not bits.size:
        return 0.0
    share = max(float((bits.min(axis=1) <= near).mean()), float((bits.min(axis=0) <= near).mean()))
    return (share + 0.01 * (1 - float(bits.min()) / 256)) / 1.01


def _pdq(path: Path, *, mirrored: bool) -> tuple[Bits, Bits]:
    """PDQ of one picture a second that has enough detail, and of the mirrored ones."""
    pdq: Any = importlib.import_module("pdqhash")
    plain: list[Bits] = []
    turned: list[Bits] = []
    for picture in _pictures(path, 1.0):
        for kept, image in ((plain, picture), (turned, np.ascontiguousarray(picture[:, ::-1]))):
            if kept is turned and not mirrored:
                continue
            bits, quality = pdq.compute(image)
            if quality >= _PDQ_DETAIL:
                kept.append(np.packbits(np.asarray(bits, dtype=np.uint8)))
    return _stacked(plain, 32), _stacked(turned, 32)


def _pdq_score(query: tuple[Bits, Bits], reference: tuple[Bits, Bits]) -> float:
    return _shared(_distances(query[0], reference[0]), _PDQ_NEAR)


def _pdq_mirror_score(query: tuple[Bits, Bits], reference: tuple[Bits, Bits]) -> float:
    return max(_shared(_distances(side, reference[0]), _PDQ_NEAR) for side in query)


def _phash(path: Path) -> Bits:
    """64 bits of the low cosine terms of a small grey picture, four a second."""
    found: list[Bits] = []
    for picture in _pictures(path, 1 / _PHASH_RATE):
        grey = cv2.resize(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), (32, 32), interpolation=cv2.INTER_AREA)
        low = cv2.dct(grey.astype(np.float32))[:8, :8]
        found.append(np.packbits((low > np.median(low)).ravel().astype(np.uint8)))
    return _stacked(found, 8)


def _phash_score(query: Bits, reference: Bits) -> float:
    """One less the mean distance along the best line of equal pace, over half of the shorter film."""
    if not len(query) or not len(reference):
        return 0.0
    bits = _distances(query, reference)
    least = max(2, min(bits.shape) // 2)
    lines = [
        float(np.diagonal(bits, shift).mean())
        for shift in range(-bits.shape[0] + 1, bits.shape[1])
        if len(np.diagonal(bits, shift)) >= least
    ]
    return max(0.0, 1 - min(lines, default=64.0) / 32)


def _vpdq(path: Path) -> Bits:
    """vpdq's own reading of a file, one picture a second, with its rule of quality."""
    vpdq: Any = importlib.import_module("vpdq")
    try:
        features: Any = vpdq.computeHash(str(path), seconds_per_hash=1, thread_count=1)
    except Exception:  # noqa: BLE001 - it raises nothing narrower for a file that it cannot read
        features = []
    rows = [np.frombuffer(bytes.fromhex(one.hex), np.uint8) for one in features if one.quality >= _PDQ_DETAIL]
    return _stacked(rows, 32)


def _vpdq_score(query: Bits, reference: Bits) -> float:
    return _shared(_distances(query, reference), _PDQ_NEAR)


def _fpcalc(path: Path) -> NDArray[np.uint32]:
    """Chromaprint's raw numbers, about eight a second; none when the file has no sound."""
    command = ["fpcalc", "-raw", "-plain", "-length", "600", str(path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    # It may end with an error after the last frame, having told everything before.
    if not ran.stdout.strip():
        return np.zeros(0, np.uint32)
    return np.array([int(value) % (1 << 32) for value in ran.stdout.strip().split(",")], dtype=np.uint32)


def _fpcalc_score(query: NDArray[np.uint32], reference: NDArray[np.uint32]) -> float:
    """One less twice the share of wrong bits at the best offset, over 3 s or half of the shorter."""
    least = max(8, min(24, min(len(query), len(reference)) // 2))
    if min(len(query), len(reference)) < least:
        return 0.0
    bits = np.bitwise_count(query[:, None] ^ reference[None])
    best = 0.0
    for shift in range(-len(query) + least, len(reference) - least + 1):
        line = np.diagonal(bits, shift)
        # Equal numbers in a row are silence or a steady tone: they say nothing.
        best = max(best, 1 - float(line.mean()) / 16)
    return best if len(np.unique(query)) > least // 2 else 0.0


def peers() -> list[Peer]:
    """All that can be here; those that are not say why."""
    pdq = "" if importlib.util.find_spec("pdqhash") else "pdqhash is not installed (extra `benchmark`; C++)"
    vpdq = (
        ""
        if importlib.util.find_spec("vpdq")
        else "vpdq is not installed (extra `benchmark-vpdq`; C++, CMake, libav)"
    )
    heard = "" if shutil.which("fpcalc") else "fpcalc is not here (Debian: libchromaprint-tools)"
    return [
        Peer("vpdq", "picture", _vpdq, _vpdq_score, vpdq),
        Peer("PDQ", "picture", _pdq_plain, _pdq_score, pdq),
        Peer("PDQ, mirrored too", "picture", _pdq_both, _pdq_mirror_score, pdq),
        Peer("pHash sequence", "picture", _phash, _phash_score),
        Peer("Chromaprint", "sound", _fpcalc, _fpcalc_score, heard),
    ]


def _pdq_plain(path: Path) -> tuple[Bits, Bits]:
    return _pdq(path, mirrored=False)


def _pdq_both(path: Path) -> tuple[Bits, Bits]:
    return _pdq(path, mirrored=True)


def described(film: tuple[Path, str], kept: Path) -> tuple[str, dict[str, Any]]:
    """Under the file's name: what every peer keeps of it, and the CPU seconds with children's; kept too."""
    path, name = film
    place = kept / f"{name}.pickle"
    # Written by this benchmark itself.
    found: dict[str, Any] = pickle.loads(place.read_bytes()) if place.exists() else {}  # noqa: S301
    changed = False
    for peer in peers():
        if peer.missing or peer.name in found:
            continue
        before = os.times()
        said = peer.describe(path)
        after = os.times()
        found[peer.name] = (said, sum(after[:4]) - sum(before[:4]))
        changed = True
    if changed:
        kept.mkdir(parents=True, exist_ok=True)
        draft = place.with_suffix(".part")
        draft.write_bytes(pickle.dumps(found))
        draft.replace(place)
    return name, found

"""Copies: recall per attack and false merges on real clips, beside a peer's picture hash. One command:

    python benchmarks/copies.py --clips DIR [--work DIR] [--share 1.0] [--out FILE.json]

Queries are attacked parts of the clips (tests/engines/copies/attacks.py, seeded). The gallery holds every
clip; of four long recordings only the first 45 per cent, and parts of the rest are hard negatives: the
same camera, other moments. The takes of one room are hard negatives of one another.
"""

import argparse
import csv
import hashlib
import importlib
import importlib.util
import json
import sys
import time
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.engines.copies.attacks import ATTACKS, Part, make, read_part
from videtur.engines.copies.fingerprint import (
    ENGINE_VERSION,
    Fingerprints,
    PictureFingerprint,
    SoundFingerprint,
)
from videtur.engines.copies.index import CopyIndex
from videtur.engines.copies.picture import PictureFingerprinter
from videtur.engines.copies.sound import SoundFingerprinter
from videtur.engines.media.events import AnalysisFrame, ProxyFrame, SoundBlock
from videtur.engines.media.first_pass import decode
from videtur.engines.media.sandbox import DecodingSandbox

CUT_AT = {
    "one-by-one-person-detection.mp4": 62.0,
    "bottle-detection.mp4": 18.0,
    "demo.mp4": 27.0,
    "demo.3gp": 27.0,
    "earth-at-night.avi": 13.5,
}
OTHER_PARTS = {
    "one-by-one-person-detection.mp4": [(80.0, 85.0), (110.0, 115.0), (130.0, 135.0)],
    "bottle-detection.mp4": [(22.0, 27.0), (34.0, 39.0)],
    "demo.mp4": [(40.0, 45.0)],
    "earth-at-night.avi": [(18.0, 23.0)],
}
OTHER_PART_ATTACKS = ("re-encode", "crop", "mirror", "filmed screen", "speed 1.1", "overlay")
FILES_OF_ONE_FILM = {"band", "pattern"}
HOSTS = ("WolfgangLanger_Pexels.mp4", "05_default_juggle.mp4")
LONGEST = 5.0
REAL_CLIPS = Path(__file__).resolve().parents[2] / "shared" / "data" / "clips"
PDQ_NEAR = 31
PDQ_DETAIL = 50


@dataclass
class Query:
    """One attacked part, its truth, and what each method says of each reference it names."""

    name: str
    clip: str
    attack: str
    negative: bool
    carried: tuple[float, float]
    half: str
    ours: dict[str, float] = field(default_factory=dict[str, float])
    sound: dict[str, float] = field(default_factory=dict[str, float])
    peer: dict[str, float] = field(default_factory=dict[str, float])
    overlap: float | None = None
    seconds: float = 0.0


def seed_of(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)


def span_of(clip: str, seconds: float) -> tuple[float, float]:
    """The part of a clip that becomes queries; of a long recording it lies inside the gallery's part."""
    length = min(LONGEST, seconds)
    room = max(0.0, CUT_AT.get(clip, seconds) - length)
    first = room * (seed_of(clip) % 1000) / 1000
    return first, first + length


def fingerprints(
    path: Path, sandbox: DecodingSandbox, cache: Path, until: float | None = None
) -> Fingerprints:
    """Fingerprints through the real decode pass, kept in the work folder."""
    kept = cache / f"{path.name}.{ENGINE_VERSION}.{until or 'all'}"
    picture, sound = kept.with_name(kept.name + ".picture"), kept.with_name(kept.name + ".sound")
    if not picture.exists():
        pictures, sounds = PictureFingerprinter(), SoundFingerprinter()
        with path.open("rb") as source:
            for event in decode(source, sandbox):
                timed = isinstance(event, AnalysisFrame | ProxyFrame | SoundBlock)
                if timed and until is not None and float(event.time.instant) >= until:
                    continue
                if isinstance(event, AnalysisFrame | ProxyFrame):
                    pictures.add(event)
                elif isinstance(event, SoundBlock):
                    sounds.add(event)
        sound.write_bytes(sounds.finish().to_bytes())
        picture.write_bytes(pictures.finish().to_bytes())
    return Fingerprints(
        PictureFingerprint.from_bytes(picture.read_bytes()), SoundFingerprint.from_bytes(sound.read_bytes())
    )


def pdq_hashes(path: Path, until: float | None = None) -> NDArray[np.uint8]:
    """The peer: PDQ of one picture a second, at least two, with its own rule of quality."""
    if importlib.util.find_spec("pdqhash") is None:
        print(
            "pdqhash is not installed (extra `benchmark`, needs a C++ compiler): the peer finds nothing here"
        )
        return np.zeros((0, 32), np.uint8)
    pdq: Any = importlib.import_module("pdqhash")
    found: list[NDArray[np.uint8]] = []
    due = -1e9
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            seconds = frame.time or 0.0
            if seconds < due or (until is not None and seconds >= until):
                continue
            due = seconds + 0.999
            picture = frame.to_ndarray(format="rgb24")
            scale = min(1.0, 512 / max(picture.shape[:2]))
            small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            bits, quality = pdq.compute(small)
            if quality >= PDQ_DETAIL:
                found.append(np.packbits(np.asarray(bits, dtype=np.uint8)))
    return np.stack(found) if found else np.zeros((0, 32), np.uint8)


def pdq_score(query: NDArray[np.uint8], reference: NDArray[np.uint8]) -> float:
    """Share of the query's pictures with a near one in the reference, as vPDQ counts."""
    if not len(query) or not len(reference):
        return 0.0
    bits = np.bitwise_count(query[:, None] ^ reference[None]).sum(axis=2)
    return float((bits.min(axis=1) <= PDQ_NEAR).mean())


def queries_of(manifest: dict[str, dict[str, str]], share: float) -> list[Query]:
    groups = sorted({row["group"] for row in manifest.values()}, key=seed_of)
    half = {group: ("tuned on" if index % 2 else "held out") for index, group in enumerate(groups)}
    found: list[Query] = []
    for clip, row in manifest.items():
        for number in range(1 + len(OTHER_PARTS.get(clip, []))):
            for attack in ATTACKS if number == 0 else OTHER_PART_ATTACKS:
                name = f"{clip}__{number}__{attack.replace(' ', '_').replace(',', '')}"
                if seed_of("drawn " + name) % 1000 < share * 1000:
                    found.append(Query(name, clip, attack, number > 0, (0, 0), half[row["group"]]))
    # In an order of its own, so that a run that is cut short has seen something of every clip.
    return sorted(found, key=lambda query: seed_of("ordered " + query.name))


def build(
    query: Query,
    clips: Path,
    seconds: float,
    folder: Path,
    parts: dict[tuple[str, float], Part],
) -> Path:
    """The query's file, made when it is not there yet."""
    target = folder / f"{query.name}.mp4"
    truth = folder / f"{query.name}.json"
    if not truth.exists():
        number = int(query.name.split("__")[1])
        first, last = span_of(query.clip, seconds) if number == 0 else OTHER_PARTS[query.clip][number - 1]
        if (query.clip, first) not in parts:
            parts.clear()
            parts[query.clip, first] = read_part(clips / query.clip, first, last)
        host = read_part(clips / HOSTS[query.clip == HOSTS[0]], 0, 3)
        carried = make(parts[query.clip, first], ATTACKS[query.attack], seed_of(query.name), target, host)
        truth.write_text(json.dumps(carried))
    query.carried = tuple(json.loads(truth.read_text()))
    return target


def related(query: Query, reference: str, manifest: dict[str, dict[str, str]]) -> str:
    """What the truth says of a pair: copy, hard negative, or not counted."""
    group = manifest[query.clip]["group"]
    same_group = manifest[reference]["group"] == group
    if not query.negative and (reference == query.clip or (same_group and group in FILES_OF_ONE_FILM)):
        return "copy"
    host = HOSTS[query.clip == HOSTS[0]]
    if reference == host and query.attack in ("picture in picture", "insert"):
        return "not counted"
    if query.negative and group in FILES_OF_ONE_FILM and same_group:
        return "other part"
    return (
        "other take" if same_group and not query.negative else ("other part" if same_group else "unrelated")
    )


def overlap_of(spans: list[tuple[float, float]], truth: tuple[float, float]) -> float:
    """Intersection over union of found and true seconds of the reference."""
    covered = sum(max(0.0, min(b, truth[1]) - max(a, truth[0])) for a, b in spans)
    union = max(truth[1], *(b for _, b in spans)) - min(truth[0], *(a for a, _ in spans))
    return min(1.0, covered / union) if union > 0 else 0.0


def run(arguments: argparse.Namespace) -> list[Query]:
    clips, work = Path(arguments.clips), Path(arguments.work)
    (work / "queries").mkdir(parents=True, exist_ok=True)
    cache = work / "fingerprints"
    cache.mkdir(exist_ok=True)
    with (clips / "MANIFEST.csv").open() as listing:
        manifest = {row["file"]: row for row in csv.DictReader(listing)}
    done: list[Query] = []
    parts: dict[tuple[str, float], Part] = {}
    with DecodingSandbox() as sandbox:
        index = CopyIndex()
        peers: dict[str, NDArray[np.uint8]] = {}
        for clip in manifest:
            index.add(clip, fingerprints(clips / clip, sandbox, cache, CUT_AT.get(clip)))
            peers[clip] = pdq_hashes(clips / clip, CUT_AT.get(clip))
        deadline = time.monotonic() + arguments.minutes * 60
        for query in queries_of(manifest, arguments.share):
            if time.monotonic() > deadline:
                break
            path = build(query, clips, float(manifest[query.clip]["seconds"]), work / "queries", parts)
            own = fingerprints(path, sandbox, cache)
            start = time.process_time()
            for shared in index.search(own):
                for relation in shared.relations:
                    scores = query.ours if relation.modality == "picture" else query.sound
                    scores[shared.name] = float(relation.score)
                    if shared.name == query.clip and relation.accepted and relation.modality == "picture":
                        spans = [
                            (float(s.reference.start.instant), float(s.reference.end.instant))
                            for s in relation.segments
                        ]
                        query.overlap = overlap_of(spans, query.carried)
            query.seconds = time.process_time() - start
            hashes = pdq_hashes(path)
            query.peer = {clip: pdq_score(hashes, known) for clip, known in peers.items()}
            done.append(query)
            print(len(done), query.name, query.ours.get(query.clip), file=sys.stderr, flush=True)
    return done


def summarise(queries: list[Query], manifest: dict[str, dict[str, str]]) -> dict[str, Any]:
    """Recall per attack and false merges, at each method's own threshold, by half."""
    table: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0, 0]))
    false: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0, 0, 0]))
    heard: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    merges: list[dict[str, object]] = []
    for query in queries:
        for reference in manifest:
            truth = related(query, reference, manifest)
            ours, peer = query.ours.get(reference, 0.0) >= 0.5, query.peer.get(reference, 0.0) >= 0.5
            if truth == "copy":
                cell = table[query.half][query.attack]
                cell[0] += 1
                cell[1] += ours
                cell[2] += peer
            elif truth != "not counted":
                entry = false[query.half][truth]
                entry[0] += 1
                entry[1] += ours
                entry[2] += peer
                entry[3] += query.sound.get(reference, 0.0) >= 0.5
                if ours:
                    merges.append(
                        {"query": query.name, "reference": reference, "score": query.ours[reference]}
                    )
        with_sound = manifest[query.clip]["has_audio"] == "1" and not query.negative
        if with_sound and query.attack not in ("sound replaced", "insert"):
            heard[query.half][0] += 1
            heard[query.half][1] += query.sound.get(query.clip, 0.0) >= 0.5
    overlaps = [query.overlap for query in queries if query.overlap is not None]
    return {
        "recall (pairs, ours, PDQ)": {half: dict(cells) for half, cells in table.items()},
        "false merges (pairs, ours, PDQ, our sound)": {half: dict(cells) for half, cells in false.items()},
        "merges": merges,
        "sound found (queries, ours)": dict(heard),
        "median overlap of the interval in the reference": round(float(np.median(overlaps)), 3)
        if overlaps
        else None,
        "search seconds of CPU, median": round(float(np.median([query.seconds for query in queries])), 3),
    }


def show(summary: dict[str, Any]) -> None:
    table: dict[str, dict[str, list[int]]] = summary["recall (pairs, ours, PDQ)"]
    halves = sorted(table)
    print(f"{'attack':22}" + "".join(f"{half + ': ours':>18}{'PDQ':>8}{'pairs':>7}" for half in halves))
    totals = {half: np.zeros(3, int) for half in halves}
    for attack in ATTACKS:
        line = f"{attack:22}"
        for half in halves:
            pairs, ours, peer = table[half].get(attack, [0, 0, 0])
            totals[half] += [pairs, ours, peer]
            line += f"{ours / max(1, pairs):18.2f}{peer / max(1, pairs):8.2f}{pairs:7}"
        print(line)
    line = f"{'all':22}"
    for half in halves:
        pairs, ours, peer = totals[half]
        line += f"{ours / max(1, pairs):18.3f}{peer / max(1, pairs):8.3f}{pairs:7}"
    print(line)
    for key, value in summary.items():
        if key != "recall (pairs, ours, PDQ)":
            print(f"{key}: {json.dumps(value)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--clips", default=str(REAL_CLIPS), help="folder of the test clips")
    parser.add_argument("--work", default="build/benchmark-copies")
    parser.add_argument("--share", type=float, default=1.0, help="which share of the queries to draw")
    parser.add_argument("--minutes", type=float, default=1e6, help="draw no further query after so long")
    parser.add_argument("--out", default="")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    queries = run(arguments)
    with (Path(arguments.clips) / "MANIFEST.csv").open() as listing:
        manifest = {row["file"]: row for row in csv.DictReader(listing)}
    summary = summarise(queries, manifest)
    show(summary)
    if arguments.out:
        result = {
            "engine_version": ENGINE_VERSION,
            "share": arguments.share,
            "queries_done": len(queries),
            "summary": summary,
            "queries": [asdict(query) for query in queries],
        }
        Path(arguments.out).write_text(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()

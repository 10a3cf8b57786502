"""A picture descriptor by itself: how well it ranks copies, with and without takes of one room. One command:

    python benchmarks/copies_descriptor.py --model FILE.onnx [--clips DIR] [--work DIR] [--share 0.5]

Queries are attacked parts of the clips (tests/engines/copies/attacks.py, seeded); the gallery holds every
clip, of long recordings only the beginning, and later parts of those are hard negatives like other takes
of one room. No decision by motion takes part: this measures what the model proposes. What a query needs
is kept in the work folder, so a run that was stopped goes on where it was.
"""

import argparse
import csv
import hashlib
import json
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.engines.copies.attacks import ATTACKS, make, read_part
from videtur.engines.copies.descriptor import Descriptors, PictureDescriber
from videtur.engines.copies.descriptor_match import DescriptorFinder
from videtur.engines.copies.descriptor_model import DescriptorModel
from videtur.engines.media.events import AnalysisFrame, PassRequest
from videtur.engines.media.first_pass import decode
from videtur.engines.media.sandbox import DecodingSandbox
from videtur.pipeline.descriptor_folder import place_at

CLIPS = Path(__file__).resolve().parents[2] / "shared" / "data" / "clips"
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
HARD = ("other take", "other part")


@dataclass(frozen=True)
class Query:
    """One attacked part; `part` is 0 for what the gallery holds, else a part that it does not."""

    clip: str
    part: int
    attack: str

    @property
    def name(self) -> str:
        return f"{self.clip}__{self.part}__{self.attack.replace(' ', '_').replace(',', '')}"

    @property
    def host(self) -> str:
        return HOSTS[self.clip == HOSTS[0]]


@dataclass(frozen=True)
class Pair:
    """A query and a file of the gallery: what is true, and how strongly the model points to it."""

    strength: float
    truth: str
    attack: str


def seed_of(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)


def queries_of(clips: dict[str, dict[str, str]], share: float) -> list[Query]:
    """A seeded draw, clip by clip."""
    every = [
        Query(clip, part, attack)
        for clip in clips
        for part in range(1 + len(OTHER_PARTS.get(clip, [])))
        for attack in (ATTACKS if part == 0 else OTHER_PART_ATTACKS)
    ]
    drawn = [query for query in every if seed_of("drawn " + query.name) % 1000 < share * 1000]
    return sorted(drawn, key=lambda query: (seed_of(f"o{query.clip}{query.part}"), seed_of(query.name)))


def span_of(query: Query, seconds: float) -> tuple[float, float]:
    if query.part:
        return OTHER_PARTS[query.clip][query.part - 1]
    length = min(LONGEST, seconds)
    room = max(0.0, CUT_AT.get(query.clip, seconds) - length)
    first = room * (seed_of(query.clip) % 1000) / 1000
    return first, first + length


def truth_of(query: Query, reference: str, clips: dict[str, dict[str, str]]) -> str:
    same_group = clips[reference]["group"] == clips[query.clip]["group"]
    one_film = clips[reference]["group"] in FILES_OF_ONE_FILM
    if not query.part and (reference == query.clip or (same_group and one_film)):
        return "copy"
    if reference == query.host and query.attack in ("picture in picture", "insert"):
        return "not counted"
    if not same_group:
        return "stranger"
    return HARD[1] if query.part else HARD[0]


class Described:
    """Descriptors of files, kept in the work folder; counts what describing cost."""

    def __init__(self, model: DescriptorModel, work: Path, sandbox: DecodingSandbox) -> None:
        self._model, self._work, self._sandbox = model, work, sandbox
        self.rows, self.cpu, self.seconds = 0, 0.0, 0.0

    def read(self, path: Path, until: float | None = None) -> Descriptors:
        kept = self._work / f"{path.name}.{self._model.sha256[:12]}"
        if not kept.exists():
            describer = PictureDescriber(self._model, self._model.sha256)
            last = 0.0
            with path.open("rb") as source:
                for event in decode(source, self._sandbox, PassRequest(sound=False)):
                    if not isinstance(event, AnalysisFrame):
                        continue
                    seconds = float(event.time.instant)
                    if until is None or seconds < until:
                        began = time.thread_time()
                        describer.add(event)
                        self.cpu += time.thread_time() - began
                        last = seconds
            found = describer.finish()
            self.rows += len(found.pts)
            self.seconds += last
            kept.write_bytes(found.to_bytes())
        return Descriptors.from_bytes(kept.read_bytes())


def figures(pairs: list[Pair]) -> dict[str, float]:
    """muAP, and recall at three precisions, pooled over all pairs; of equals the negatives come first."""
    ordered = sorted(pairs, key=lambda pair: (-pair.strength, pair.truth == "copy"))
    right = np.array([pair.truth == "copy" for pair in ordered])
    precision = np.cumsum(right) / np.arange(1, len(right) + 1)
    recall = np.cumsum(right) / max(1, int(right.sum()))
    found = {"muAP": float(precision[right].mean()) if right.any() else 0.0}
    for wanted in (1.0, 0.99, 0.95):
        found[f"recall at {wanted}"] = float(recall[precision >= wanted].max(initial=0.0))
    return {name: round(value, 3) for name, value in found.items()}


def run(arguments: argparse.Namespace) -> dict[str, object]:
    work, folder = Path(arguments.work), Path(arguments.clips)
    for name in ("queries", "described"):
        (work / name).mkdir(parents=True, exist_ok=True)
    with (folder / "MANIFEST.csv").open() as listing:
        clips = {row["file"]: row for row in csv.DictReader(listing)}
    model = place_at(Path(arguments.model)).load()
    pairs: list[Pair] = []
    done = 0
    deadline = time.monotonic() + arguments.minutes * 60
    with DecodingSandbox() as sandbox:
        described = Described(model, work / "described", sandbox)
        finder = DescriptorFinder(model.sha256, model.background)
        for number, clip in enumerate(clips):
            finder.add(number, described.read(folder / clip, CUT_AT.get(clip)))
        for query in queries_of(clips, arguments.share):
            target = work / "queries" / f"{query.name}.mp4"
            if not target.exists() and time.monotonic() > deadline:
                continue
            if not target.exists():
                part = read_part(folder / query.clip, *span_of(query, float(clips[query.clip]["seconds"])))
                host = read_part(folder / query.host, 0, 3)
                make(part, ATTACKS[query.attack], seed_of(query.name), target, host)
            strengths = finder.find(described.read(target), len(clips))
            done += 1
            for number, clip in enumerate(clips):
                truth = truth_of(query, clip, clips)
                if truth != "not counted":
                    pairs.append(Pair(float(strengths[number]), truth, query.attack))
    by_truth: dict[str, list[float]] = defaultdict(list)
    by_attack: dict[str, list[float]] = defaultdict(list)
    for pair in pairs:
        by_truth[pair.truth].append(pair.strength)
        if pair.truth == "copy":
            by_attack[pair.attack].append(pair.strength)
    return {
        "queries": done,
        "with other takes and other parts": figures(pairs),
        "without": figures([pair for pair in pairs if pair.truth not in HARD]),
        "strength by truth (pairs, least, median, greatest)": {
            truth: [len(values), *(round(float(value), 2) for value in np.percentile(values, (0, 50, 100)))]
            for truth, values in sorted(by_truth.items())
        },
        "strength of copies by attack (pairs, least)": {
            attack: [len(values), round(min(values), 2)] for attack, values in sorted(by_attack.items())
        },
        "described now: CPU ms a picture, CPU ms a second of film": [
            round(1000 * described.cpu / max(1, described.rows), 1),
            round(1000 * described.cpu / max(1e-9, described.seconds), 1),
        ],
        "providers": list(model.providers),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--model", required=True, help="a descriptor's .onnx file or folder")
    parser.add_argument("--clips", default=str(CLIPS))
    parser.add_argument("--work", default="build/benchmark-descriptor")
    parser.add_argument("--share", type=float, default=0.5, help="which share of the queries to draw")
    parser.add_argument("--minutes", type=float, default=1e6, help="make no further query after so long")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    print(json.dumps(run(arguments), indent=1))


if __name__ == "__main__":
    main()

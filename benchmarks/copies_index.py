"""The index of copies as its gallery grows: which planted films stay candidates, how fast, how large.

    python benchmarks/copies_index.py --clips DIR [--sizes 1000 100000 1000000] [--share 0.15] [--out FILE]

Planted are the real clips; queries are parts of them under every attack of tests/engines/copies/attacks.py
and some more, at two pictures a second, each through a poor JPEG in place of a codec. Distractors are films
of signs made from those of real pictures: hashes are real ones with 12 to 45 of 100 bits changed that then
wander from picture to picture; a point's code is that of a description put together of quarters of four real
ones, at a real point's place. So they crowd where real signs crowd, which uniform noise would not.
"""

import argparse
import csv
import hashlib
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import cv2
import faiss
import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.engines.copies.attacks import ATTACKS, Draw, Part, Picture, crop, picture_in_picture, read_part
from tests.engines.copies.films import Frame
from videtur.engines.copies.film import Film
from videtur.engines.copies.fingerprint import Fingerprints, PictureFingerprint
from videtur.engines.copies.hash_rows import ListedRows, nearest_exact
from videtur.engines.copies.hash_views import asked
from videtur.engines.copies.index import CopyIndex
from videtur.engines.copies.picture import PictureFingerprinter
from videtur.engines.copies.point_signs import DIRECTIONS, MEAN, Points, codes_of, reference_points
from videtur.engines.copies.postings import shapes_of
from videtur.engines.copies.reading import fingerprints_of
from videtur.engines.copies.segment import SOUND, FilmSigns
from videtur.engines.media.sandbox import DecodingSandbox
from videtur.engines.media.timecode import MediaTime
from videtur.pipeline.stored_copies import StoredCopies

REAL_CLIPS = Path(__file__).resolve().parents[2] / "shared" / "data" / "clips"
HOSTS = ("WolfgangLanger_Pexels.mp4", "05_default_juggle.mp4", "short-video.mp4")
BAND = {"demo.mp4", "demo.3gp"}
SAME_SOURCE = {"demo.mp4": BAND, "demo.3gp": BAND}
FRAMES_A_FILM = 200
Change = Callable[[list[Picture], Draw], list[Picture]]


@dataclass(frozen=True)
class Query:
    clip: str
    attack: str
    fingerprint: PictureFingerprint


def each(change: Callable[[Picture], Picture]) -> Change:
    return lambda pictures, draw: [np.ascontiguousarray(change(picture)) for picture in pictures]


MORE: dict[str, tuple[Change | None, float]] = {
    "inset of 34 %": (None, 0.34),
    "inset of 56 %": (None, 0.56),
    "mirrored inset of 42 %": (each(lambda picture: picture[:, ::-1]), 0.42),
    "half turn": (each(lambda picture: picture[::-1, ::-1]), 0.0),
    "negative": (each(lambda picture: np.asarray(255 - picture, np.uint8)), 0.0),
    "crop, colour, blur": (
        lambda pictures, draw: changed("blur", changed("colour", crop(pictures, draw), draw), draw),
        0.0,
    ),
}
SOUND_OR_PACE = ("speed 1.1", "speed 0.9", "half rate", "sound replaced", "other codec")


def changed(attack: str, pictures: list[Picture], draw: Draw) -> list[Picture]:
    change = ATTACKS[attack].change
    return pictures if change is None else change(pictures, draw)


def seed_of(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)


def hashed(seconds: NDArray[np.float64], pictures: list[Picture]) -> PictureFingerprint:
    taker = PictureFingerprinter()
    for second, picture in zip(seconds, pictures, strict=True):
        _, coded = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 32])
        poor = np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)[..., ::-1]
        scale = min(1.0, 320 / max(poor.shape[:2]))
        small = cv2.resize(np.ascontiguousarray(poor), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        time_of = MediaTime(round(float(second) * 1000), Fraction(1, 1000))
        taker.add(Frame(time_of, np.zeros((90, 160), np.uint8)))
        taker.add(Frame(time_of, np.asarray(small, np.uint8)))
    return taker.finish()


def sampled(part: Part) -> tuple[NDArray[np.float64], list[Picture]]:
    """Two pictures a second."""
    step = max(1, round(len(part.pictures) / max(0.5, part.span[1] - part.span[0]) / 2))
    return part.seconds[::step], part.pictures[::step]


def queries_of(clips: Path, share: float) -> Iterator[Query]:
    with (clips / "MANIFEST.csv").open() as listing:
        lengths = {row["file"]: float(row["seconds"]) for row in csv.DictReader(listing)}
    hosts = {name: sampled(read_part(clips / name, 0, 4))[1] for name in HOSTS}
    recipes: dict[str, tuple[Change | None, float]] = {
        name: (recipe.change, recipe.around) for name, recipe in ATTACKS.items() if name not in SOUND_OR_PACE
    }
    for clip, length in lengths.items():
        span = min(3.0 if seed_of(clip) % 2 else 5.0, length)
        first = (length - span) * (seed_of(clip) % 1000) / 1000
        part: Part | None = None
        for attack, (change, around) in {**recipes, **MORE}.items():
            if seed_of(f"index {clip} {attack}") % 1000 >= share * 1000:
                continue
            part = part or read_part(clips / clip, first, first + span)
            seconds, pictures = sampled(part)
            draw = np.random.default_rng(seed_of(clip + attack))
            if attack == "cut":
                seconds, pictures = seconds[:4], pictures[:4]
            if change is not None:
                pictures = change(pictures, draw)
            host = hosts[[name for name in HOSTS if name != clip][seed_of(clip + attack) % 2]]
            if around:
                pictures = picture_in_picture(pictures, host, draw, around)
            if attack == "insert":
                size = pictures[0].shape[1], pictures[0].shape[0]
                strange = [np.asarray(cv2.resize(picture, size), np.uint8) for picture in host]
                pictures = [*strange, *pictures, *strange]
                seconds = np.arange(len(pictures)) / 2
            yield Query(clip, attack, hashed(seconds - seconds[0], pictures))


class Distractors:
    """Films of signs made from real ones."""

    def __init__(self, planted: dict[str, Fingerprints], points_a_frame: float) -> None:
        pictures = [each.picture for each in planted.values() if each.picture is not None]
        found: list[Points] = [reference_points(picture) for picture in pictures]
        self._descriptions = np.concatenate([points.descriptions for points in found]).reshape(-1, 4, 4, 8)
        self._shapes = np.concatenate([shapes_of(points) for points in found])
        self._bits = np.unpackbits(np.concatenate([picture.hashes for picture in pictures]), axis=1)
        self._points = int(points_a_frame * FRAMES_A_FILM)
        self._draw = np.random.default_rng(77)

    def film(self) -> FilmSigns:
        draw = self._draw
        wander = draw.random((FRAMES_A_FILM, 256)) < draw.uniform(0.05, 0.12)
        wander[0] = draw.random(256) < draw.uniform(0.12, 0.45)
        bits = self._bits[draw.integers(len(self._bits))] ^ (np.cumsum(wander, axis=0) % 2).astype(np.uint8)
        mixed = np.empty((self._points, 4, 4, 8), np.float32)
        for down in (0, 2):
            for right in (0, 2):
                rows = draw.integers(0, len(self._descriptions), self._points)
                quarter = np.s_[:, down : down + 2, right : right + 2]
                mixed[quarter] = self._descriptions[rows][quarter]
        mixed /= np.linalg.norm(mixed.reshape(self._points, -1), axis=1)[:, None, None, None]
        values = (mixed.reshape(self._points, -1) - MEAN) @ DIRECTIONS.T
        shapes = self._shapes[draw.integers(0, len(self._shapes), self._points)]
        return FilmSigns(np.packbits(bits, axis=1), codes_of(values), shapes, np.zeros(0, dtype=SOUND), b"")


def measure(index: CopyIndex, queries: list[Query], long_query: PictureFingerprint) -> dict[str, Any]:
    """Recall among the best 20 and 40, by attack, and the time of a search for a minute of film."""
    ranks: dict[str, list[int]] = {}
    spent = time.process_time()
    for query in queries:
        names = index.candidates(Fingerprints(query.fingerprint), sound=False, most=40).by_picture
        wanted = SAME_SOURCE.get(query.clip, {query.clip})
        rank = next((place for place, name in enumerate(names) if name in wanted), 999)
        ranks.setdefault(query.attack, []).append(rank)
    spent = (time.process_time() - spent) / max(1, len(queries))
    timed: list[tuple[float, float, float]] = []
    for _ in range(3):
        begun, wall = time.process_time(), time.perf_counter()
        index.gallery.by_hashes(long_query)
        middle = time.process_time()
        index.gallery.by_points(Film(long_query))
        timed.append((middle - begun, time.process_time() - middle, time.perf_counter() - wall))
    hashes, points, wall = (float(np.median(column)) for column in zip(*timed, strict=True))
    everything = [rank for ranks_of_one in ranks.values() for rank in ranks_of_one]
    return {
        "recall at 20": round(float(np.mean([rank < 20 for rank in everything])), 4),
        "recall at 40": round(float(np.mean([rank < 40 for rank in everything])), 4),
        "missed at 20": {
            a: f"{sum(r >= 20 for r in rs)} of {len(rs)}" for a, rs in ranks.items() if max(rs) >= 20
        },
        "CPU seconds a query of 3-5 s": round(spent, 3),
        "CPU seconds, 60 s query": {"hashes": round(hashes, 3), "points": round(points, 3)},
        "wall seconds, 60 s query": round(wall, 3),
    }


def stored_sizes(index: CopyIndex, frames: int) -> dict[str, float]:
    """Bytes a frame by what they are for, the time to store all, and to map and check it in a new process."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        StoredCopies(Path(folder)).save(index.gallery)
        stored = time.perf_counter() - begun
        begun = time.perf_counter()
        again = CopyIndex()
        StoredCopies(Path(folder)).refresh(again.gallery)
        opened = time.perf_counter() - begun
        columns: dict[str, int] = {}
        for segment, _, _ in again.gallery.segments():
            for name, column in segment.columns().items():
                columns[name] = columns.get(name, 0) + column.nbytes
            if segment.listed is not None:
                columns["lists"] = columns.get("lists", 0) + 40 * len(segment.listed)
        points = sum(columns[name] for name in ("codes", "films", "shapes", "table"))
        hashes = columns.get("lists", 0) or columns["hashes"]
        return {
            "hashes searched": round(hashes / frames, 1),
            "hashes kept for joining": round(columns["hashes"] / frames, 1),
            "points": round(points / frames, 1),
            "seconds to store": round(stored, 2),
            "seconds to open and check": round(opened, 2),
        }


def lists_beside_exact(index: CopyIndex) -> dict[str, Any]:
    """How many planted near hashes the lists find beside all rows, and milliseconds for one hash."""
    rows = np.concatenate([np.asarray(s.hashes.rows, np.uint8) for s, _, _ in index.gallery.segments()])
    begun = time.perf_counter()
    lists = ListedRows.build(rows)
    built = time.perf_counter() - begun
    draw = np.random.default_rng(5)
    found: dict[str, Any] = {"seconds to build the lists": round(built, 1)}
    for changed_bits in (10, 24, 40):
        wanted = draw.integers(0, len(rows), 200)
        mask = np.zeros((200, 256), np.uint8)
        for row in mask:
            row[draw.permutation(256)[:changed_bits]] = 1
        query = rows[wanted] ^ np.packbits(mask, axis=1)
        begun = time.process_time()
        _, near = lists.nearest(query)
        listed = time.process_time() - begun
        begun = time.process_time()
        _, exact = nearest_exact(query, rows)
        spent = time.process_time() - begun
        found[f"{changed_bits} bits changed"] = {
            "lists": round(float((near == wanted[:, None]).any(axis=1).mean()), 3),
            "exact": round(float((exact == wanted[:, None]).any(axis=1).mean()), 3),
            "ms": [round(listed * 5, 3), round(spent * 5, 3)],
        }
    return found


def planted_in(clips: Path) -> dict[str, Fingerprints]:
    planted: dict[str, Fingerprints] = {}
    with DecodingSandbox() as sandbox, (clips / "MANIFEST.csv").open() as listing:
        for row in csv.DictReader(listing):
            with (clips / row["file"]).open("rb") as source:
                planted[row["file"]] = fingerprints_of(source, sandbox, sound=False)
    return planted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--clips", default=str(REAL_CLIPS))
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--share", type=float, default=0.15, help="which share of the queries to draw")
    parser.add_argument("--points", type=float, default=10.0, help="points a frame of a distractor")
    parser.add_argument("--out", default="")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    cast("Any", faiss).omp_set_num_threads(1)
    clips = Path(arguments.clips)
    planted = planted_in(clips)
    queries = list(queries_of(clips, arguments.share))
    index = CopyIndex()
    for name, fingerprints in planted.items():
        index.add(name, fingerprints)
    minute = planted["demo.mp4"].picture
    assert minute is not None
    print(
        f"{len(queries)} queries; {len(asked(minute).hashes)} hashes asked for a minute of film", flush=True
    )
    distractors = Distractors(planted, arguments.points)
    results: list[dict[str, Any]] = []
    frames = sum(len(s.hashes.rows) for s, _, _ in index.gallery.segments())
    for size in arguments.sizes:
        while frames < size:
            index.gallery.add(f"distractor {frames}", distractors.film())
            frames += FRAMES_A_FILM
        segments = index.gallery.segments()
        result: dict[str, Any] = {
            "frames": frames,
            "films": len(index),
            "points": sum(len(segment.postings) for segment, _, _ in segments),
            **measure(index, queries, minute),
            "bytes a frame": stored_sizes(index, frames),
        }
        if size >= 100_000:
            result["lists beside exact"] = lists_beside_exact(index)
        result["peak MB of this process"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        results.append(result)
        print(json.dumps(result, indent=1), flush=True)
    if arguments.out:
        Path(arguments.out).write_text(json.dumps({"queries": len(queries), "results": results}, indent=1))


if __name__ == "__main__":
    main()

"""Copies by sound among very many: recall and CPU of the landmarks among thousands of minutes. One command:

    python benchmarks/copies_sound_scale.py --data ../shared/data [--more DIR] [--minutes 10000]

The tuning half's gallery (`copies_sound.py`) stands among distractors: minutes cut anywhere from its own
landmarks, shifted in pitch, every peak moved a little in time and pitch. No query matches those by right.
"""

import argparse
import resource
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.copies_sound import NEVER, fingerprinted, first_part, queries
from benchmarks.copies_sound_attacks import Attacker
from benchmarks.copies_sound_material import halves, sources, talkers
from videtur.engines.copies.sound_fingerprint import SoundFingerprint
from videtur.engines.copies.sound_landmarks import Landmarks, Pairs
from videtur.engines.copies.sound_texture import PACES

STEPS = 2400


def distractor(draw: np.random.Generator, known: SoundFingerprint) -> SoundFingerprint:
    first = int(draw.integers(0, known.length - STEPS))
    inside = (known.frames >= first) & (known.frames < first + STEPS)
    count = int(inside.sum())
    frames = np.maximum(known.frames[inside] - first + draw.integers(-1, 2, count), 0)
    pitch = known.bins[inside].astype(np.int64) + draw.integers(-12, 13) + draw.integers(-3, 4, count)
    order = np.lexsort((pitch, frames))
    bins = np.clip(pitch[order], 1, 255).astype(np.uint16)
    return replace(known, frames=frames[order].astype(np.int32), bins=bins, length=STEPS)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--more", type=Path)
    arguments.add_argument("--minutes", type=int, default=10_000)
    arguments.add_argument("--share", type=float, default=0.1)
    chosen = arguments.parse_args()
    tuning, _ = halves(list(sources(chosen.data, chosen.more)))
    spent: list[float] = []
    gallery = [fingerprinted(first_part(source), spent).fingerprint for source in tuning]
    starts = np.cumsum([0, *(one.length for one in gallery)])
    known = replace(
        gallery[0],
        frames=np.concatenate([one.frames + at for one, at in zip(gallery, starts, strict=False)]),
        bins=np.concatenate([one.bins for one in gallery]),
        length=int(starts[-1]),
    )
    landmarks = Landmarks()
    for number, one in enumerate(gallery):
        landmarks.add(number, Pairs.of(one))
    draw = np.random.default_rng(5)
    for number in range(chosen.minutes):
        landmarks.add(len(gallery) + number, Pairs.of(distractor(draw, known)))
    count = len(gallery) + chosen.minutes
    minute = Pairs.of(distractor(draw, known))
    landmarks.find(minute, count, PACES)  # sorts what was added
    names = [source.name for source in tuning]
    ranks: list[int] = []
    took: list[float] = []
    for query in queries(tuning, Attacker(talkers(chosen.data)), chosen.share):
        if query.true and query.source.kind not in NEVER and query.seconds >= 7.99:
            pairs = Pairs.of(fingerprinted(query.samples, spent).fingerprint)
            began = time.process_time()
            strength = landmarks.find(pairs, count, PACES)
            took.append(time.process_time() - began)
            mine = strength[names.index(query.source.name)]
            ranks.append(int((strength > mine).sum()) if mine > 0 else count)
    began = time.process_time()
    landmarks.find(minute, count, PACES)
    whole = time.process_time() - began
    for most in (1, 20, 40):
        print(f"true sound among the first {most}: {sum(rank < most for rank in ranks)} of {len(ranks)}")
    print(
        f"CPU of finding a query of 8 to 12 s among {count} sounds: {np.mean(took):.2f} s; "
        f"of 60 s: {whole:.2f} s"
    )
    print(f"memory of the whole run: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


if __name__ == "__main__":
    main()

"""Copies by sound: recall per attack, false matches and cost, beside Chromaprint. One command:

    python benchmarks/copies_sound.py --data ../shared/data [--more DIR] [--half tuning|sealed] [--share 1.0]

Every recording of 20 s or more is in the gallery with its first 55 per cent; queries are attacked cuts of
8 to 12 s of that, and cuts of the rest are negatives: the same voice, song, room or motor, at other moments.
`--more` names a folder of further real music (WAV), such as Debian's asterisk-moh-opsound-wav. Recordings are
split by speaker, clip, song or seed into a half to tune on and a sealed one.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
import wave
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.copies_sound_attacks import ATTACKS, Attacker
from benchmarks.copies_sound_material import RATE, Source, Wave, halves, seeded, sources, talkers
from videtur.engines.copies.decision import SharedFootage
from videtur.engines.copies.sound import SoundFingerprinter
from videtur.engines.copies.sound_landmarks import Landmarks
from videtur.engines.copies.sound_match import Sound, compare_sounds
from videtur.engines.copies.sound_texture import PACES
from videtur.engines.media.timecode import MediaTime

PART = 0.55
OTHER_PART_ATTACKS = ("plain", "aac 24", "noise", "talk", "speed")
NEVER = {"loop", "hum", "silence"}
"""Kinds whose own copy need not be found: one part of them is like another."""
PRECISIONS = (1.0, 0.99)


@dataclass(frozen=True)
class Query:
    source: Source
    attack: str
    samples: Wave
    true: bool
    """Whether it is cut from what the gallery holds."""
    at: float = 0.0
    offset: float = 0.0
    """Seconds of the gallery's sound at the query's second `at`."""
    pace: float = 1.0
    seconds: float = 0.0


@dataclass(frozen=True)
class Pair:
    query: str
    kind: str
    attack: str
    reference: str
    label: str
    """true, false, or left out."""
    why: str
    score: float
    peer: float | None
    offset_error: float | None
    overlap: float | None
    long: bool
    """Whether at least 8 s are shared, of which four fifths are no silence."""


@dataclass(frozen=True)
class Block:
    time: MediaTime
    samples: NDArray[np.int16]


def fingerprinted(samples: Wave, spent: list[float]) -> Sound:
    began = time.process_time()
    taker = SoundFingerprinter()
    whole = samples.astype(np.int16)
    for first in range(0, len(whole), RATE // 4):
        taker.add(Block(MediaTime(first, Fraction(1, RATE)), whole[first : first + RATE // 4]))
    made = taker.finish()
    spent.append((time.process_time() - began) / max(0.1, len(whole) / RATE))
    return Sound(made)


def first_part(source: Source) -> Wave:
    return (
        source.samples[: int(len(source.samples) * PART)]
        if len(source.samples) >= 20 * RATE
        else source.samples
    )


def queries(half: Sequence[Source], attacker: Attacker, share: float) -> Iterator[Query]:
    for source in half:
        held = first_part(source)
        for attack in ATTACKS[:2] if source.kind in NEVER else ATTACKS:
            draw = seeded("query", source.name, attack)
            if draw.random() >= share and source.kind not in NEVER:
                continue
            length = draw.uniform(4, 8) if attack.startswith("partial") else draw.uniform(8.8, 12)
            length = min(len(held), int(length * RATE))
            first = int(draw.integers(0, len(held) - length + 1))
            done = attacker.make(attack, held[first : first + length], draw)
            yield Query(source, attack, done.samples, True, done.at, first / RATE, done.pace, done.seconds)
        rest = source.samples[len(held) + RATE :]
        for attack in OTHER_PART_ATTACKS if len(rest) >= 8 * RATE else ():
            draw = seeded("rest", source.name, attack)
            if draw.random() >= share:
                continue
            length = min(len(rest), int(draw.uniform(8, 12) * RATE))
            first = int(draw.integers(0, len(rest) - length + 1))
            done = attacker.make(attack, rest[first : first + length], draw)
            yield Query(source, attack, done.samples, False)


def label_of(query: Query, reference: Source) -> tuple[str, str]:
    source = query.source
    if reference.name == source.name:
        if query.true:
            return ("left out", "one part is like another") if source.kind in NEVER else ("true", "copy")
        return "false", f"other part: {source.kind}"
    if reference.group == source.group:
        if source.kind == "clip":
            return "left out", "the same film in another file"
        return "false", "the same voice" if source.kind == "voice" else "the same song"
    return "false", "both hum or silent" if {source.kind, reference.kind} <= {"hum", "silence"} else "other"


def is_audible(samples: Wave) -> bool:
    levels = np.sqrt((samples[: len(samples) // 4000 * 4000].reshape(-1, 4000) ** 2).mean(axis=1))
    return bool((levels > 8).mean() >= 0.8)


def checked(query: Query, found: SharedFootage) -> tuple[float, float]:
    """How far the offset is off in seconds, and the overlap of the interval found with the true one."""
    first, last = found.segments[0].query, found.segments[-1].query
    start, end = float(first.start.instant), float(last.end.instant)
    reference = found.segments[0].reference
    middle = (start + float(first.end.instant)) / 2
    there = (float(reference.start.instant) + float(reference.end.instant)) / 2
    error = abs(there - (query.offset + (middle - query.at) * query.pace))
    lowest, highest = query.at, query.at + query.seconds
    shared = max(0.0, min(end, highest) - max(start, lowest))
    return error, shared / (max(end, highest) - min(start, lowest))


class Chromaprint:
    """Debian's fpcalc, compared bit by bit at the best offset, over at least 3 s."""

    def __init__(self, program: str) -> None:
        self.program = program

    def of(self, samples: Wave) -> NDArray[np.float32]:
        with tempfile.NamedTemporaryFile(suffix=".wav") as file:
            with wave.open(file.name, "wb") as out:
                out.setnchannels(1)
                out.setsampwidth(2)
                out.setframerate(RATE)
                out.writeframes(samples.astype("<i2").tobytes())
            ran = subprocess.run(
                [self.program, "-raw", "-json", "-length", "0", file.name], capture_output=True, check=False
            )
        # Debian's build says 3 at the end of every file, and still prints all of it.
        if not ran.stdout.startswith(b"{"):
            return np.zeros((0, 32), np.float32)
        words = np.array(json.loads(ran.stdout)["fingerprint"], dtype="<u4")
        return np.unpackbits(words.view(np.uint8)).reshape(-1, 32).astype(np.float32) * 2 - 1

    @staticmethod
    def likeness(query: NDArray[np.float32], reference: NDArray[np.float32]) -> float:
        least = min(24, len(query), len(reference))
        if least < 10:
            return 0.0
        best = 0.0
        for offset in range(least - len(query), len(reference) - least + 1):
            a, b = max(0, offset), min(len(reference), offset + len(query))
            agree = np.einsum("ij,ij->i", query[a - offset : b - offset], reference[a:b]) / 32
            total = np.cumsum(np.concatenate([[0.0], agree]))
            # The best stretch no shorter than the least, longer ones counting for more.
            for span in {least, (least + len(agree)) // 2, len(agree)}:
                means = (total[span:] - total[:-span]) / span
                best = max(best, float(means.max()) * min(1.0, (span / 60) ** 0.5))
        return best


def recall_at(pairs: Sequence[Pair], precision: float, scores: Sequence[float]) -> tuple[float, float]:
    """The greatest recall at a precision, and the score it is reached at."""
    positives = sum(pair.label == "true" for pair in pairs)
    best = (0.0, 2.0)
    right = wrong = 0
    order = sorted(range(len(pairs)), key=lambda index: -scores[index])
    for place, index in enumerate(order):
        right += pairs[index].label == "true"
        wrong += pairs[index].label == "false"
        last = place + 1 == len(order) or scores[order[place + 1]] < scores[index]
        if last and scores[index] > 0 and right / max(1, right + wrong) >= precision:
            best = (right / max(1, positives), scores[index])
    return best


def report(pairs: Sequence[Pair]) -> None:
    for title, chosen in (
        ("8 s or more, audible", [p for p in pairs if p.label == "false" or (p.label == "true" and p.long)]),
        ("all, also 4 to 8 s", [p for p in pairs if p.label != "left out"]),
    ):
        true = [pair for pair in chosen if pair.label == "true"]
        print(f"\n{title}: {len(true)} true pairs, {len(chosen) - len(true)} false ones")
        for name, scores in (
            ("ours", [pair.score for pair in chosen]),
            ("Chromaprint", [pair.peer or 0.0 for pair in chosen]),
        ):
            if name == "Chromaprint" and pairs[0].peer is None:
                print("  Chromaprint: skipped, there is no fpcalc (Debian: libchromaprint-tools)")
                continue
            figures = ", ".join(
                "at precision {}: {:.3f} (score {:.3f})".format(p, *recall_at(chosen, p, scores))
                for p in PRECISIONS
            )
            print(f"  {name}: recall {figures}")
        said = [pair for pair in chosen if pair.score >= 0.5]
        print(f"  at our own threshold: {sum(p.label == 'true' for p in said)} of {len(true)} found")
    false = [pair for pair in pairs if pair.label == "false"]
    print(f"\nfalse matches at our threshold: {sum(p.score >= 0.5 for p in false)} of {len(false)}")
    for why, count in sorted(Counter(pair.why for pair in false).items()):
        mine = [pair for pair in false if pair.why == why]
        print(
            f"  {why:28s} {sum(p.score >= 0.5 for p in mine)} of {count}, "
            f"highest {max(p.score for p in mine):.3f}"
        )
    limit = recall_at(
        [p for p in pairs if p.label != "left out"],
        0.99,
        [p.peer or 0.0 for p in pairs if p.label != "left out"],
    )[1]
    for field in ("attack", "kind"):
        print(f"\nby {field}: found at our threshold (Chromaprint at its precision 0.99)")
        groups: dict[str, list[Pair]] = defaultdict(list)
        for pair in pairs:
            if pair.label == "true":
                groups[getattr(pair, field)].append(pair)
        for name, mine in groups.items():
            peer = sum((pair.peer or 0.0) >= limit for pair in mine)
            ours = sum(pair.score >= 0.5 for pair in mine)
            low = min(pair.score for pair in mine)
            print(f"  {name:30s} {ours:3d} of {len(mine):3d} ({peer}); lowest score {low:.2f}")
    good = [pair for pair in pairs if pair.label == "true" and pair.score >= 0.5]
    errors = np.array([pair.offset_error for pair in good], dtype=float)
    overlaps = np.array([pair.overlap for pair in good], dtype=float)
    if len(good):
        print(
            f"\noffsets off by {np.median(errors):.3f} s in the middle, "
            f"{np.percentile(errors, 95):.3f} s at 95 %, "
            f"over 0.1 s: {(errors > 0.1).sum()}; "
            f"overlap with the true interval {np.median(overlaps):.2f}"
        )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--more", type=Path)
    arguments.add_argument("--half", choices=("tuning", "sealed"), default="tuning")
    arguments.add_argument("--share", type=float, default=1.0)
    arguments.add_argument("--out", type=Path)
    chosen = arguments.parse_args()
    tuning, sealed = halves(list(sources(chosen.data, chosen.more)))
    half = sealed if chosen.half == "sealed" else tuning
    program = shutil.which("fpcalc")
    peer = Chromaprint(program) if program else None
    spent: list[float] = []
    compared: list[float] = []
    gallery = [(source, fingerprinted(first_part(source), spent)) for source in half]
    finder = Landmarks()
    for number, (_, sound) in enumerate(gallery):
        finder.add(number, sound.pairs)
    peers = [peer.of(first_part(source)) for source in half] if peer else []
    pairs: list[Pair] = []
    retrieved: list[bool] = []
    for query in queries(half, Attacker(talkers(chosen.data)), chosen.share):
        mine = fingerprinted(query.samples, spent)
        mine_peer = peer.of(query.samples) if peer else None
        strengths = finder.find(mine.pairs, len(gallery), PACES)
        for number, (reference, theirs) in enumerate(gallery):
            label, why = label_of(query, reference)
            began = time.process_time()
            found = compare_sounds(mine, theirs)
            compared.append(time.process_time() - began)
            right = checked(query, found) if label == "true" and found and found.segments else (None, None)
            if label == "true":
                retrieved.append(bool(strengths[number] > 0))
            pairs.append(
                Pair(
                    query.source.name,
                    query.source.kind,
                    query.attack,
                    reference.name,
                    label,
                    why,
                    float(found.score) if found else 0.0,
                    peer.likeness(mine_peer, peers[number]) if peer and mine_peer is not None else None,
                    *right,
                    query.seconds >= 7.99 and is_audible(query.samples),
                )
            )
    print(f"{chosen.half} half: {', '.join(source.name for source in half)}")
    report(pairs)
    held = [sound.fingerprint for _, sound in gallery]
    hours = sum(len(first_part(source)) for source in half) / RATE / 3600
    print(f"\npointed at by the finder: {sum(retrieved)} of {len(retrieved)} true pairs")
    print(f"CPU of a fingerprint: {1000 * float(np.median(spent)):.2f} ms a second of sound")
    mean, high = 1000 * float(np.mean(compared)), 1000 * float(np.percentile(compared, 95))
    print(f"CPU of a comparison: {mean:.1f} ms, 95 % under {high:.1f} ms")
    print(f"stored: {sum(len(one.to_bytes()) for one in held) / hours / 1e6:.2f} MB an hour")
    if chosen.out:
        chosen.out.write_text(json.dumps([asdict(pair) for pair in pairs], indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()

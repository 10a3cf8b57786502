"""Sounds for `copies_sound.py`: real recordings and generated ones.

Everything is drawn by seed. `halves` splits by group, so that a speaker or a clip is in one half only.
"""

import hashlib
import io
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

RATE = 16000
Wave = NDArray[np.float32]
Draw = np.random.Generator


@dataclass(frozen=True)
class Source:
    """One recording; those of a group are of one speaker, clip or song."""

    name: str
    group: str
    kind: str
    samples: Wave


def seeded(*words: object) -> Draw:
    return np.random.default_rng(zlib.crc32("/".join(str(word) for word in words).encode()))


def read(path: Path | io.BytesIO) -> Wave:
    """All of a file's sound, mono at 16 kHz."""
    resampler = av.AudioResampler("s16", "mono", RATE)
    pieces: list[NDArray[np.int16]] = []
    with av.open(path if isinstance(path, io.BytesIO) else str(path), "r") as container:
        for frame in container.decode(audio=0):
            pieces += [part.to_ndarray()[0] for part in resampler.resample(frame)]
        pieces += [part.to_ndarray()[0] for part in resampler.resample(None)]
    return np.concatenate(pieces).astype(np.float32)


def sources(data: Path, more: Path | None) -> Iterator[Source]:
    """Real recordings below `data` and `more`, then generated ones."""
    for path in sorted((data / "clips").iterdir()):
        if path.suffix in {".csv", ".md"}:
            continue
        with av.open(str(path), "r") as container:
            heard = bool(container.streams.audio)
        if heard and np.sqrt((wave := read(path)) @ wave / len(wave)) > 2:
            yield Source(path.name, path.name.split("-")[0].split(".")[0], "clip", wave)
    for folder in sorted((data / "voices").iterdir()):
        spoken = sorted(folder.glob("*.flac")) if folder.is_dir() else []
        for part in (0, 1) if spoken else ():
            # The last utterance of each speaker is kept for talking over others.
            yield Source(
                f"{folder.name}/{part}", folder.name, "voice", joined(spoken[part * 5 : part * 4 + 5])
            )
    prompts = sorted((data / "speech" / "ru").glob("*.wav"))
    for part in range(4):
        yield Source(f"prompts/{part}", "prompts", "voice", joined(prompts[part::4]))
    for path in sorted(more.rglob("*.wav")) if more else ():
        yield Source(path.name, path.stem, "real music", read(path)[: RATE * 100])
    for kind, make in GENERATED.items():
        for number in range(6):
            draw = seeded(kind, number)
            yield Source(f"{kind}/{number}", f"{kind}/{number}", kind, make(draw, 36.0))


def talkers(data: Path) -> list[Wave]:
    """Speech that no source holds, to lay over others."""
    return [read(path) for path in sorted((data / "voices").glob("*/*-0009.flac"))]


def joined(paths: Sequence[Path]) -> Wave:
    gap = np.random.default_rng(len(paths)).normal(0, 4, int(RATE * 0.35)).astype(np.float32)
    return np.concatenate([piece for path in paths for piece in (read(path), gap)])


def halves(every: Sequence[Source]) -> tuple[list[Source], list[Source]]:
    """Tuning and sealed: of each kind, groups in the order of their names' digests, in turn."""
    groups: dict[str, set[str]] = defaultdict(set)
    for source in every:
        groups[source.kind].add(source.group)
    tuning = {
        (kind, group)
        for kind, names in groups.items()
        for group in sorted(names, key=lambda name: hashlib.sha256(name.encode()).digest())[::2]
    }
    first = [source for source in every if (source.kind, source.group) in tuning]
    return first, [source for source in every if (source.kind, source.group) not in tuning]


# ---- generated sounds ----


def _tone(draw: Draw, pitch: float, seconds: float) -> Wave:
    clock = np.arange(int(seconds * RATE)) / RATE
    fall = np.exp(-clock * draw.uniform(1.5, 6))
    wave = sum(draw.uniform(0.2, 1) / n * np.sin(2 * np.pi * pitch * n * clock) for n in range(1, 6))
    return np.asarray(wave * fall * np.minimum(1, clock * 80), np.float32)


def _put(track: Wave, at: float, piece: Wave, gain: float) -> None:
    first = max(0, int(at * RATE))
    length = min(len(piece), len(track) - first)
    if length > 0:
        track[first : first + length] += gain * piece[:length]


def music(draw: Draw, seconds: float) -> Wave:
    """Chords, a melody and drums on a beat; phrases come back with changes, as in songs."""
    track = np.zeros(int(seconds * RATE), np.float32)
    beat = 60 / draw.uniform(75, 150)
    root = draw.uniform(110, 220)
    scale = np.array([0, 2, 4, 5, 7, 9, 11, 12, 14, 16])
    chords = draw.integers(0, 6, 4)
    kick = np.asarray(np.sin(np.cumsum(np.geomspace(0.06, 0.012, 3200))) * np.geomspace(1, 0.01, 3200))
    hat = np.asarray(draw.normal(0, 1, 800) * np.geomspace(1, 0.01, 800), np.float32)
    for number in range(int(seconds / beat)):
        at = number * beat + draw.normal(0, 0.004)
        _put(track, at, kick.astype(np.float32), 1.2 if number % 2 == 0 else 0.0)
        _put(track, at + beat / 2, hat, float(draw.uniform(0.2, 0.5)))
        for degree in (0, 2, 4) if number % 4 == 0 else ():
            pitch = float(root) * 2 ** (scale[chords[number // 4 % 4] + degree] / 12)
            _put(track, at, _tone(draw, float(pitch), beat * 4), 0.35)
        if draw.random() < 0.8:
            pitch = 2 * float(root) * 2 ** (scale[int(draw.integers(0, 10))] / 12)
            _put(track, at + float(draw.integers(0, 2)) * beat / 2, _tone(draw, float(pitch), beat), 0.6)
    return np.asarray(track / np.abs(track).max() * 9000, np.float32)


def loop(draw: Draw, seconds: float) -> Wave:
    """Two bars over and over: any part of it is like any other."""
    bars = music(draw, draw.uniform(2, 4))
    return np.asarray(np.tile(bars, int(seconds * RATE / len(bars)) + 1)[: int(seconds * RATE)])


def ambience(draw: Draw, seconds: float) -> Wave:
    """Coloured noise that swells, with knocks and distant calls at random."""
    wave = coloured(draw, int(seconds * RATE), draw.uniform(0.4, 1.0))
    swell = np.interp(
        np.arange(len(wave)),
        np.arange(0, len(wave) + RATE, RATE // 2),
        draw.uniform(0.4, 1, 2 * int(seconds) + 3)[: len(np.arange(0, len(wave) + RATE, RATE // 2))],
    )
    wave *= swell.astype(np.float32) * 300
    for _ in range(int(seconds * draw.uniform(0.3, 1.2))):
        _put(
            wave,
            float(draw.uniform(0, seconds)),
            _tone(draw, draw.uniform(200, 2500), 0.4),
            float(draw.uniform(100, 900)),
        )
    return wave


def machinery(draw: Draw, seconds: float) -> Wave:
    """A motor: harmonics of a slowly wandering pitch, strokes, and noise."""
    count = int(seconds * RATE)
    wander = np.interp(np.arange(count), np.linspace(0, count, 40), draw.normal(0, 0.02, 40))
    phase = np.cumsum(2 * np.pi * draw.uniform(40, 140) * (1 + wander) / RATE)
    wave = sum(draw.uniform(0.1, 1) / n**0.5 * np.sin(n * phase + draw.uniform(0, 6)) for n in range(1, 14))
    strokes = np.maximum(0, np.sin(phase / draw.integers(6, 20))) ** 8
    return np.asarray(wave * (300 + 900 * strokes) + coloured(draw, count, 0.5) * 150, np.float32)


def hum(draw: Draw, seconds: float) -> Wave:
    """Mains hum and its harmonics over the faint noise of an input left open."""
    clock = np.arange(int(seconds * RATE)) / RATE
    base = draw.choice([50.0, 60.0]) * (1 + draw.normal(0, 2e-4))
    wave = sum(draw.uniform(0.1, 1) / n * np.sin(2 * np.pi * base * n * clock) for n in range(1, 12))
    return np.asarray(wave * 400 + draw.normal(0, draw.uniform(0.5, 4), len(clock)), np.float32)


def silence(draw: Draw, seconds: float) -> Wave:
    """Nothing, dither, or the noise of a quiet input."""
    count = int(seconds * RATE)
    return np.rint(draw.normal(0, 1, count) * draw.choice([0.0, 0.5, 1.0])).astype(np.float32)


def coloured(draw: Draw, count: int, slope: float) -> Wave:
    spectrum = np.fft.rfft(draw.normal(0, 1, count))
    spectrum /= np.maximum(20, np.arange(len(spectrum)) * RATE / count) ** slope
    wave = np.fft.irfft(spectrum, count)
    return np.asarray(wave / wave.std(), np.float32)


GENERATED: dict[str, Callable[[Draw, float], Wave]] = {
    "music": music,
    "loop": loop,
    "ambience": ambience,
    "machinery": machinery,
    "hum": hum,
    "silence": silence,
}

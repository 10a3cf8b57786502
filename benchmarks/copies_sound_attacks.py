"""What people and machines do to a sound, for `copies_sound.py`; drawn by seed."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import av
import av.error
import av.filter
import numpy as np
from numpy.typing import NDArray

from benchmarks.copies_sound_material import RATE, Draw, Wave, coloured, music, read


@dataclass(frozen=True)
class Attacked:
    """The query's sound; seconds of the query and of the part where the shared stretch begins; its pace."""

    samples: Wave
    at: float
    pace: float
    seconds: float
    """Length of the shared stretch in the query."""


class Attacker:
    """Does to a stretch of sound what people and machines do."""

    def __init__(self, talk: Sequence[Wave]) -> None:
        self.talk = talk

    def make(self, name: str, wave: Wave, draw: Draw) -> Attacked:
        at, pace = 0.0, 1.0
        length = len(wave)
        for step in name.split(" + "):
            if step in {"speed", "tempo"}:
                pace = float(draw.choice([-1, 1]) * draw.uniform(0.04, 0.1) + 1)
                wave = (resampled if step == "speed" else tempo)(wave, pace)
                at /= pace
            elif step == "partial":
                before, after = (music_or_talk(self.talk, draw) for _ in range(2))
                level = max(30.0, float(wave.std()))
                wave = np.concatenate([_levelled(before, level), wave, _levelled(after, level)])
                at = len(before) / RATE
            else:
                wave = self._step(step, wave, draw)
        return Attacked(_clipped(wave), at, pace, length / pace / RATE)

    def _step(self, step: str, wave: Wave, draw: Draw) -> Wave:
        kind, _, rest = step.partition(" ")
        if kind in CODECS:
            return coded(wave, kind, int(rest or 0))
        if kind == "noise":
            return _mixed(wave, coloured(draw, len(wave), draw.choice([0.0, 0.5])), draw.uniform(0, 10))
        if kind == "talk":
            return _mixed(
                wave, _long(self.talk[int(draw.integers(len(self.talk)))], len(wave)), draw.uniform(-3, 6)
            )
        if kind == "music":
            return _mixed(wave, _long(music(draw, 14), len(wave)), draw.uniform(0, 9))
        if kind == "phone":
            return phone(wave, draw)
        if kind == "echo":
            return echo(wave, draw)
        if kind == "gain":
            return np.asarray(wave * 10 ** (draw.choice([-18, -10, 8, 14]) / 20), np.float32)
        if kind == "level":
            return levelled_by_itself(wave)
        if kind == "room":
            return _mixed(echo(phone(wave, draw), draw), coloured(draw, len(wave), 0.5), draw.uniform(4, 12))
        assert kind == "plain"
        return wave


CODECS = {"aac": "adts", "libmp3lame": "mp3", "libopus": "ogg", "libopencore_amrnb": "amr"}
ATTACKS = (
    "plain",
    "aac 24",
    "aac 64",
    "libmp3lame 32",
    "libopus 24",
    "libopencore_amrnb 12",
    "speed",
    "tempo",
    "noise",
    "talk",
    "music",
    "phone",
    "echo",
    "gain",
    "level",
    "partial",
    "room",
    "partial + speed",
    "talk + aac 32",
    "speed + noise + libmp3lame 32",
    "tempo + music + libopus 32",
)


def coded(wave: Wave, codec: str, kilobits: int) -> Wave:
    rate = {"libopus": 48000, "libopencore_amrnb": 8000}.get(codec, 32000)
    store = io.BytesIO()
    with av.open(store, "w", format=CODECS[codec]) as container:
        stream = container.add_stream(codec, rate=rate)
        assert isinstance(stream, av.AudioStream)
        stream.bit_rate = 12200 if codec == "libopencore_amrnb" else kilobits * 1000
        stream.layout = "mono"
        resampler = av.AudioResampler(stream.format.name, "mono", rate)
        frame = av.AudioFrame.from_ndarray(_clipped(wave)[None].astype(np.int16), "s16", "mono")
        frame.sample_rate, frame.time_base, frame.pts = RATE, Fraction(1, RATE), 0
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    store.seek(0)
    return read(store)


def resampled(wave: Wave, pace: float) -> Wave:
    wanted = np.arange(int(len(wave) / pace)) * pace
    return np.interp(wanted, np.arange(len(wave)), wave).astype(np.float32)


def tempo(wave: Wave, pace: float) -> Wave:
    """Faster or slower at the same pitch, as ffmpeg does it."""
    graph = av.filter.Graph()
    chain = [
        graph.add_abuffer(sample_rate=RATE, format="s16", layout="mono", time_base=Fraction(1, RATE)),
        graph.add("atempo", str(pace)),
        graph.add("abuffersink"),
    ]
    graph.link_nodes(*chain).configure()
    frame = av.AudioFrame.from_ndarray(_clipped(wave)[None].astype(np.int16), "s16", "mono")
    frame.sample_rate, frame.time_base, frame.pts = RATE, Fraction(1, RATE), 0
    graph.push(frame)
    graph.push(None)
    pieces: list[NDArray[np.int16]] = []
    while True:
        try:
            part = graph.pull()
        except (av.error.EOFError, av.error.BlockingIOError):
            break
        assert isinstance(part, av.AudioFrame)
        pieces.append(part.to_ndarray()[0])
    return np.concatenate(pieces).astype(np.float32)


def phone(wave: Wave, draw: Draw) -> Wave:
    """300 to 3400 Hz with the rough steps of a telephone's logarithmic coding."""
    spectrum = np.fft.rfft(wave)
    pitch = np.arange(len(spectrum)) * RATE / len(wave)
    spectrum[(pitch < draw.uniform(250, 400)) | (pitch > draw.uniform(2800, 3400))] = 0
    narrow = np.fft.irfft(spectrum, len(wave))
    level = np.abs(narrow).max() + 1
    bent = np.sign(narrow) * np.log1p(255 * np.abs(narrow) / level) / np.log(256)
    steps = np.rint(bent * 127) / 127
    return np.asarray(np.sign(steps) * np.expm1(np.abs(steps) * np.log(256)) / 255 * level, np.float32)


def echo(wave: Wave, draw: Draw) -> Wave:
    """A hard echo, and a room that rings."""
    count = int(RATE * 0.6)
    answer = draw.normal(0, 1, count) * np.exp(-np.arange(count) / RATE / draw.uniform(0.05, 0.15)) * 0.06
    answer[0] = 1
    answer[int(draw.uniform(0.08, 0.3) * RATE)] += draw.uniform(0.3, 0.6)
    size = 1 << int(np.ceil(np.log2(len(wave) + count)))
    full = np.fft.irfft(np.fft.rfft(wave, size) * np.fft.rfft(answer, size), size)
    return np.asarray(full[: len(wave)], np.float32)


def levelled_by_itself(wave: Wave) -> Wave:
    """An automatic level control: quiet parts come up, loud ones down."""
    power = np.convolve(wave**2, np.ones(3200) / 3200, mode="same")
    return np.asarray(wave * 3000 / np.sqrt(power + 100**2), np.float32)


def music_or_talk(talk: Sequence[Wave], draw: Draw) -> Wave:
    seconds = draw.uniform(3, 7)
    if draw.random() < 0.5:
        return music(draw, seconds)
    return _long(talk[int(draw.integers(len(talk)))], int(seconds * RATE))


def _long(wave: Wave, count: int) -> Wave:
    return np.tile(wave, count // len(wave) + 1)[:count]


def _levelled(wave: Wave, level: float) -> Wave:
    return np.asarray(wave / (wave.std() + 1e-6) * level, np.float32)


def _mixed(wave: Wave, other: Wave, decibels: float) -> Wave:
    """The sound with another laid over it, so many decibels weaker."""
    return np.asarray(wave + _levelled(other, float(wave.std()) * 10 ** (-decibels / 20)), np.float32)


def _clipped(wave: Wave) -> Wave:
    return np.asarray(np.clip(np.rint(wave), -32768, 32767), np.float32)

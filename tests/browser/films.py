"""Films for the browser tests: every picture carries its number, so that a test can read which is shown."""

import wave
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

WIDTH, HEIGHT = 320, 180
DIGITS = 10
"""Binary digits of the number, as black and white blocks along the upper edge."""
BLOCK = WIDTH // DIGITS
BAND = 24
TICKS = 1000
STEPS = (33, 33, 50, 17, 120, 40)
"""Milliseconds between pictures, over and over: no frame rate describes this film, as with telephones."""

Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class Numbered:
    """A film whose picture `n` is shown at `times[n]` thousandths of a second."""

    path: Path
    times: tuple[int, ...]


def uneven_times(count: int) -> tuple[int, ...]:
    """Presentation times at uneven distances, from 0."""
    times = [0]
    while len(times) < count:
        times.append(times[-1] + STEPS[len(times) % len(STEPS)])
    return tuple(times)


def numbered_picture(number: int, scenery: Picture) -> Picture:
    """The scenery, moved on a little, with the number's binary digits above."""
    picture = np.roll(scenery, (number // 2, number * 2), axis=(0, 1))[:HEIGHT, :WIDTH].copy()
    for digit in range(DIGITS):
        lit = number >> (DIGITS - 1 - digit) & 1
        picture[:BAND, digit * BLOCK : (digit + 1) * BLOCK] = 235 if lit else 16
    return picture


def scenery(seed: int) -> Picture:
    """A soft, colourful pattern that one film has and another has not."""
    noise = np.random.default_rng(seed).integers(0, 255, (15, 24, 3)).astype(np.uint8)
    large = cv2.resize(noise, (WIDTH * 2, HEIGHT * 2), interpolation=cv2.INTER_CUBIC)
    return np.asarray(large, np.uint8)


def write_film(path: Path, seed: int, pictures: int = 180, quality: str = "23") -> Numbered:
    """A film of uneven times, with a rising tone."""
    times = uneven_times(pictures)
    ground = scenery(seed)
    with av.open(str(path), "w", options={"movie_timescale": str(TICKS)}) as container:
        stream: VideoStream = container.add_stream(
            "libx264", rate=25, options={"crf": quality, "preset": "veryfast"}
        )
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.time_base = Fraction(1, TICKS)
        sound = container.add_stream("aac", rate=16_000, layout="mono")
        for number, time in enumerate(times):
            frame = av.VideoFrame.from_ndarray(numbered_picture(number, ground), format="rgb24")
            frame.pts, frame.time_base = time, Fraction(1, TICKS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        for frame in _sound(times[-1] / TICKS, seed):
            container.mux(sound.encode(frame))
        container.mux(sound.encode(None))
    return Numbered(path, times)


def write_sound(path: Path, seconds: float = 4.0) -> Path:
    """A sound without a picture."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(_tone(seconds, 7).tobytes())
    return path


def write_bulk(path: Path, size: int) -> Path:
    """A film of raw pictures, as large as wanted: for an upload that takes a while."""
    pictures = size // (WIDTH * HEIGHT * 3 // 2) + 1
    ground = scenery(11)
    with av.open(str(path), "w") as container:
        stream: VideoStream = container.add_stream("rawvideo", rate=25)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for number in range(pictures):
            frame = av.VideoFrame.from_ndarray(numbered_picture(number, ground), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def _tone(seconds: float, seed: int) -> NDArray[np.int16]:
    times = np.arange(int(seconds * 16_000)) / 16_000
    sweep = np.sin(2 * np.pi * (200 + 40 * seed) * times * (1 + 0.2 * times / max(seconds, 1)))
    return (sweep * 9_000 * (0.6 + 0.4 * np.sin(2 * np.pi * 1.5 * times))).astype(np.int16)


def _sound(seconds: float, seed: int) -> Iterator[av.AudioFrame]:
    samples = _tone(seconds, seed)
    for start in range(0, len(samples), 1024):
        part = np.ascontiguousarray(samples[start : start + 1024]).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(part, format="s16", layout="mono")
        frame.sample_rate, frame.pts = 16_000, start
        frame.time_base = Fraction(1, 16_000)
        yield frame

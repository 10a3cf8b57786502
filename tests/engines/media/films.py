"""Films made at test time: every frame carries its number, every time is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

BITS = 8
CELL = 16
WIDTH, HEIGHT = BITS * CELL, 48


def numbered(number: int, width: int = WIDTH, height: int = HEIGHT) -> NDArray[np.uint8]:
    """A picture whose upper half spells its number in black and white cells; the lower half is busy."""
    image = np.full((height, width, 3), 90, np.uint8)
    for bit in range(BITS):
        image[: height // 2, bit * width // BITS : (bit + 1) * width // BITS] = 230 * (number >> bit & 1) + 10
    noise = np.random.default_rng(number).integers(0, 255, (height // 8, width // 8, 3), np.uint8)
    lower = noise.repeat(4, axis=0).repeat(8, axis=1)
    image[height // 2 : height // 2 + lower.shape[0], : lower.shape[1]] = lower
    return image


def number_in(image: NDArray[np.uint8]) -> int:
    """Read the number back from a picture, grey or colour, of any size."""
    grey = image.mean(axis=2) if image.ndim == 3 else image
    height, width = grey.shape
    row = grey[height // 8 : height * 3 // 8].mean(axis=0)
    return sum(1 << bit for bit in range(BITS) if row[int((bit + 0.5) * width / BITS)] > 125)


def clicks(seconds: float, rate: int, channels: int, every: float = 0.5) -> NDArray[np.int16]:
    """Near silence with a short burst at each multiple of `every` seconds: [samples, channels]."""
    count = int(seconds * rate)
    sound = np.zeros((count, channels), np.int16)
    burst = (12000 * np.sin(2 * np.pi * 1000 * np.arange(int(0.02 * rate)) / rate)).astype(np.int16)
    for start in range(0, count, int(every * rate)):
        end = min(count, start + len(burst))
        sound[start:end] = burst[: end - start, None]
    return sound


@dataclass(frozen=True)
class Film:
    """What to write."""

    pts: Sequence[int] = tuple(range(30))
    time_base: Fraction = Fraction(1, 30)
    codec: str | None = "libx264"
    pixel_format: str = "yuv420p"
    options: dict[str, str] = field(default_factory=lambda: {"preset": "ultrafast", "bf": "0", "g": "10"})
    rate: Fraction = Fraction(30)
    width: int = WIDTH
    height: int = HEIGHT
    sound_codec: str | None = None
    sound_rate: int = 44_100
    sound_layout: str = "stereo"
    sound_seconds: float = 1.0
    sound_start: Fraction = Fraction(0)
    container: dict[str, str] = field(default_factory=dict[str, str])
    turned: int = 0
    tags: dict[str, str] = field(default_factory=dict[str, str])


def write(path: Path, film: Film, form: str | None = None) -> Path:
    """Encode the film to a file."""
    with av.open(str(path), "w", format=form, options=film.container) as output:
        output.metadata.update(film.tags)
        picture = None
        if film.codec:
            picture = output.add_stream(film.codec, film.rate, film.options)
            assert isinstance(picture, av.VideoStream)
            context = picture.codec_context
            context.width, context.height, context.pix_fmt = film.width, film.height, film.pixel_format
            context.time_base = film.time_base
            context.thread_count = 1
            picture.time_base = film.time_base
            if film.turned:
                picture.set_display_rotation(film.turned)
        sound = None
        if film.sound_codec:
            sound = output.add_stream(film.sound_codec, film.sound_rate, layout=film.sound_layout)
            assert isinstance(sound, av.AudioStream)
        if picture is not None:
            for number, pts in enumerate(film.pts):
                frame = av.VideoFrame.from_ndarray(
                    np.ascontiguousarray(numbered(number, film.width, film.height)), format="rgb24"
                ).reformat(format=film.pixel_format)
                frame.pts, frame.time_base = pts, film.time_base
                output.mux(picture.encode(frame))
            output.mux(picture.encode(None))
        if sound is not None:
            channels = sound.codec_context.layout.nb_channels
            samples = clicks(film.sound_seconds, film.sound_rate, channels)
            start = round(film.sound_start * film.sound_rate)
            for at in range(0, len(samples), 1024):
                part = np.ascontiguousarray(samples[at : at + 1024].reshape(1, -1))
                block = av.AudioFrame.from_ndarray(part, format="s16", layout=film.sound_layout)
                block.sample_rate, block.time_base = film.sound_rate, Fraction(1, film.sound_rate)
                block.pts = start + at
                output.mux(sound.encode(block))
            output.mux(sound.encode(None))
    return path


def packet_times(path: Path) -> list[int]:
    """The presentation times the container itself holds for the picture, without decoding."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        return sorted(
            packet.pts
            for packet in container.demux(stream)
            if packet.pts is not None and not packet.is_discard
        )


def fit_in(size: tuple[int, int], side: int) -> tuple[int, int]:
    """The larger side at most `side`."""
    scale = min(1.0, side / max(size))
    return round(size[0] * scale), round(size[1] * scale)

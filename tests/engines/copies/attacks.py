"""Attacked copies made from real clips: each a small file with a known truth, the same for the same seed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Draw = np.random.Generator
SOUND_RATE = 44100
_LONGEST_SIDE = 480


@dataclass(frozen=True)
class Part:
    """A stretch of a clip: pictures with their seconds, counted from the start of the clip, and its sound."""

    name: str
    seconds: NDArray[np.float64]
    pictures: list[Picture]
    sound: NDArray[np.int16]

    @property
    def span(self) -> tuple[float, float]:
        """First and last second."""
        return float(self.seconds[0]), float(self.seconds[-1])


@dataclass(frozen=True)
class Recipe:
    """How the pictures, the pace, the coding and the sound of a part are changed."""

    change: Callable[[list[Picture], Draw], list[Picture]] | None = None
    speed: float = 1.0
    crf: int = 28
    codec: str = "libx264"
    thin: int = 1
    sound: str = "kept"
    keep: float = 1.0
    around: float = 0.0
    options: dict[str, str] = field(default_factory=dict[str, str])


def read_part(path: Path, first: float, last: float) -> Part:
    """Decode a stretch. Its true times are those decoded, never those asked for."""
    seconds: list[float] = []
    pictures: list[Picture] = []
    sounds: list[NDArray[np.int16]] = []
    with av.open(str(path)) as container:
        resampler = av.AudioResampler("s16", "mono", SOUND_RATE)
        streams = [*container.streams.video[:1], *container.streams.audio[:1]]
        for frame in container.decode(streams):
            if not isinstance(frame, av.VideoFrame | av.AudioFrame):
                continue
            if frame.time is None or not first <= frame.time < last:
                continue
            if isinstance(frame, av.VideoFrame):
                if seconds and frame.time <= seconds[-1]:
                    continue
                scale = min(1.0, _LONGEST_SIDE / max(frame.width, frame.height))
                size = int(frame.width * scale) // 2 * 2, int(frame.height * scale) // 2 * 2
                picture = frame.to_ndarray(
                    width=size[0], height=size[1], format="rgb24", interpolation="AREA"
                )
                pictures.append(picture.astype(np.uint8))
                seconds.append(frame.time)
            else:
                sounds += [piece.to_ndarray()[0].astype(np.int16) for piece in resampler.resample(frame)]
    sound = np.concatenate(sounds) if sounds else np.zeros(0, np.int16)
    return Part(path.name, np.array(seconds), pictures, sound)


def make(
    part: Part, recipe: Recipe, seed: int, target: Path, other: Part | None = None
) -> tuple[float, float]:
    """Write the attacked copy; return the seconds of the clip that it carries."""
    draw = np.random.default_rng(seed)
    seconds, pictures, sound = part.seconds, part.pictures, part.sound
    if recipe.keep < 1:
        count = max(2, int(len(pictures) * recipe.keep))
        start = int(draw.integers(0, len(pictures) - count + 1))
        seconds, pictures = seconds[start : start + count], pictures[start : start + count]
        share = len(part.pictures)
        sound = sound[len(sound) * start // share : len(sound) * (start + count) // share]
    carried = float(seconds[0]), float(seconds[-1])
    seconds, pictures = seconds[:: recipe.thin], pictures[:: recipe.thin]
    if recipe.change is not None:
        pictures = recipe.change(pictures, draw)
    if recipe.around and other is not None:
        pictures = picture_in_picture(pictures, other.pictures, draw, recipe.around)
    times = (seconds - seconds[0]) / recipe.speed
    sound = _sound(sound, recipe, draw)
    if recipe.sound == "inserted" and other is not None:
        height, width = pictures[0].shape[:2]
        strange = [cv2.resize(picture, (width, height)).astype(np.uint8) for picture in other.pictures]
        before = other.seconds - other.seconds[0]
        gap = float(before[-1]) + 0.04
        times = np.concatenate([before, times + gap, before + gap + times[-1] + 0.04])
        pictures = [*strange, *pictures, *strange]
        sound = np.zeros(0, np.int16)
    write_film(target, times, pictures, sound, recipe)
    return carried


def _sound(sound: NDArray[np.int16], recipe: Recipe, draw: Draw) -> NDArray[np.int16]:
    if not len(sound):
        return sound
    if recipe.sound == "replaced":
        return (draw.normal(0, 2000, int(len(sound) / recipe.speed))).astype(np.int16)
    if recipe.speed != 1:
        wanted = np.arange(int(len(sound) / recipe.speed)) * recipe.speed
        return np.interp(wanted, np.arange(len(sound)), sound.astype(np.float64)).astype(np.int16)
    return sound


def write_film(
    target: Path,
    times: NDArray[np.float64],
    pictures: list[Picture],
    sound: NDArray[np.int16],
    recipe: Recipe,
) -> None:
    """Encode pictures at their times, and the sound, into one file."""
    height, width = pictures[0].shape[0] // 2 * 2, pictures[0].shape[1] // 2 * 2
    with av.open(str(target), "w") as container:
        stream = cast("av.VideoStream", container.add_stream(recipe.codec, rate=30))
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        stream.codec_context.thread_count = 1
        stream.options = {"crf": str(recipe.crf), "preset": "veryfast", **recipe.options}
        if recipe.codec == "mpeg4":
            stream.options = {"qscale": "8"}
            stream.codec_context.bit_rate = 300_000
        track = container.add_stream("aac", rate=SOUND_RATE) if len(sound) else None
        if track is not None:
            track.layout = "mono"
        for time, picture in zip(times, pictures, strict=True):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture[:height, :width]), format="rgb24")
            frame.pts, frame.time_base = round(float(time) * 1000), Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if track is not None:
            for first in range(0, len(sound), 1024):
                piece = av.AudioFrame.from_ndarray(
                    sound[None, first : first + 1024], format="s16", layout="mono"
                )
                piece.sample_rate, piece.pts = SOUND_RATE, first
                piece.time_base = Fraction(1, SOUND_RATE)
                container.mux(track.encode(piece))
            container.mux(track.encode(None))


def _each(change: Callable[[Picture], Picture]) -> Callable[[list[Picture], Draw], list[Picture]]:
    return lambda pictures, draw: [np.ascontiguousarray(change(picture)) for picture in pictures]


def resize(pictures: list[Picture], draw: Draw) -> list[Picture]:
    """Scale to a height of 160 to 300."""
    height = int(draw.integers(80, 151)) * 2
    width = int(pictures[0].shape[1] * height / pictures[0].shape[0]) // 2 * 2
    return [
        cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8)
        for picture in pictures
    ]


def crop(pictures: list[Picture], draw: Draw) -> list[Picture]:
    """Cut 20 to 40 per cent of width and height away, anywhere."""
    height, width = pictures[0].shape[:2]
    keep_x, keep_y = float(draw.uniform(0.6, 0.8)), float(draw.uniform(0.6, 0.8))
    left = int(draw.uniform(0, 1 - keep_x) * width)
    top = int(draw.uniform(0, 1 - keep_y) * height)
    right, bottom = left + int(keep_x * width) // 2 * 2, top + int(keep_y * height) // 2 * 2
    return [np.ascontiguousarray(picture[top:bottom, left:right]) for picture in pictures]


def vertical(pictures: list[Picture], draw: Draw) -> list[Picture]:
    """A narrower frame out of the picture: 4:5 of what was wide, or the upright middle made narrower."""
    height, width = pictures[0].shape[:2]
    keep = int(min(height * 4 / 5, width * 0.62)) // 2 * 2
    left = int(draw.uniform(0, 1) * (width - keep))
    return [np.ascontiguousarray(picture[:, left : left + keep]) for picture in pictures]


def letterbox(pictures: list[Picture], draw: Draw) -> list[Picture]:
    """Black bars: the canvas 1.25 to 1.75 times one side."""
    height, width = pictures[0].shape[:2]
    factor = float(draw.uniform(1.25, 1.75))
    tall = int(height * factor) // 2 * 2 if draw.random() < 0.5 else height
    wide = int(width * factor) // 2 * 2 if tall == height else width
    top, left = (tall - height) // 2, (wide - width) // 2
    found: list[Picture] = []
    for picture in pictures:
        canvas = np.zeros((tall, wide, 3), np.uint8)
        canvas[top : top + height, left : left + width] = picture
        found.append(canvas)
    return found


def blurred_padding(pictures: list[Picture], draw: Draw) -> list[Picture]:
    """A square or upright canvas with the enlarged, blurred picture behind."""
    height, width = pictures[0].shape[:2]
    side = int(max(height, width) * draw.uniform(1.0, 1.4)) // 2 * 2
    size = (width, side) if width >= height else (side, height)
    found: list[Picture] = []
    for picture in pictures:
        behind = cv2.GaussianBlur(cv2.resize(picture, size), (0, 0), 12).astype(np.uint8)
        top, left = (size[1] - height) // 2, (size[0] - width) // 2
        behind[top : top + height, left : left + width] = picture
        found.append(behind)
    return found


def overlay(pictures: list[Picture], draw: Draw) -> list[Picture]:
    """A bar with text at the foot, and a logo in a corner."""
    height, width = pictures[0].shape[:2]
    bar = int(height * draw.uniform(0.10, 0.24))
    found: list[Picture] = []
    for index, picture in enumerate(pictures):
        changed = picture.copy()
        changed[height - bar :] = (20, 20, 60)
        words = ("THEY SAID SO", "IN THE MORNING", "NOBODY SAW IT")[index // 40 % 3]
        cv2.putText(
            changed, words, (6, height - bar // 3), cv2.FONT_HERSHEY_SIMPLEX, width / 500, (255, 255, 0), 2
        )
        cv2.circle(changed, (width - width // 10, height // 10), width // 16, (200, 30, 30), -1)
        found.append(changed)
    return found


def picture_in_picture(
    pictures: list[Picture], around: list[Picture], draw: Draw, share: float
) -> list[Picture]:
    """The pictures as an inset in a corner of another film."""
    height, width = around[0].shape[:2]
    inner = int(width * share) // 2 * 2
    high = min(height - 8, int(inner * pictures[0].shape[0] / pictures[0].shape[1])) // 2 * 2
    left = 4 if draw.random() < 0.5 else width - inner - 4
    top = 4 if draw.random() < 0.5 else height - high - 4
    found: list[Picture] = []
    for index, picture in enumerate(pictures):
        canvas = around[index % len(around)].copy()
        canvas[top : top + high, left : left + inner] = cv2.resize(picture, (inner, high))
        found.append(canvas)
    return found


def filmed_screen(pictures: list[Picture], draw: Draw) -> list[Picture]:
    """Filmed off a screen: perspective, tilt, a swaying hand, noise, washed colours, soft focus."""
    height, width = pictures[0].shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = corners * 0.86 + np.array([width, height], np.float32) * 0.07
    moved += draw.uniform(-0.06, 0.06, (4, 2)).astype(np.float32) * np.array([width, height], np.float32)
    phase = draw.uniform(0, 6, 2)
    found: list[Picture] = []
    for index, picture in enumerate(pictures):
        sway = np.array([np.sin(index / 11 + phase[0]), np.cos(index / 17 + phase[1])]) * width * 0.004
        matrix = cv2.getPerspectiveTransform(corners, (moved + sway).astype(np.float32))
        laid = cv2.warpPerspective(picture, matrix, (width, height), borderValue=(35, 30, 28))
        soft = cv2.GaussianBlur(laid, (0, 0), 1.1).astype(np.float32) * 0.75 + 40
        noisy = soft + draw.normal(0, 5, soft.shape)
        found.append(np.clip(noisy, 0, 255).astype(np.uint8))
    return found


def colour(pictures: list[Picture], draw: Draw) -> list[Picture]:
    """Grey or turned hue, with other contrast and brightness."""
    gain, lift = float(draw.uniform(0.7, 1.3)), float(draw.uniform(-30, 30))
    grey = draw.random() < 0.5

    def change(picture: Picture) -> Picture:
        base = (
            picture[..., [2, 0, 1]] if not grey else np.repeat(picture.mean(axis=2, keepdims=True), 3, axis=2)
        )
        return np.clip(base.astype(np.float32) * gain + lift, 0, 255).astype(np.uint8)

    return [change(picture) for picture in pictures]


def blur(pictures: list[Picture], draw: Draw) -> list[Picture]:
    """A box blur of radius 2 to 6."""
    side = int(draw.integers(2, 7)) * 2 + 1
    return [cv2.blur(picture, (side, side)).astype(np.uint8) for picture in pictures]


def mirror_crop_text(pictures: list[Picture], draw: Draw) -> list[Picture]:
    """Three changes at once."""
    return overlay([np.ascontiguousarray(picture[:, ::-1]) for picture in crop(pictures, draw)], draw)


ATTACKS: dict[str, Recipe] = {
    "re-encode": Recipe(crf=36),
    "other codec": Recipe(codec="mpeg4"),
    "resize": Recipe(resize, crf=32),
    "crop": Recipe(crop),
    "mirror": Recipe(_each(lambda picture: picture[:, ::-1])),
    "vertical crop": Recipe(vertical),
    "letterbox": Recipe(letterbox),
    "blurred padding": Recipe(blurred_padding),
    "overlay": Recipe(overlay),
    "picture in picture": Recipe(around=0.5),
    "filmed screen": Recipe(filmed_screen),
    "speed 1.1": Recipe(speed=1.1),
    "speed 0.9": Recipe(speed=0.9),
    "cut": Recipe(keep=0.45),
    "insert": Recipe(sound="inserted"),
    "blur": Recipe(blur),
    "colour": Recipe(colour),
    "half rate": Recipe(thin=2),
    "turned 90": Recipe(_each(np.rot90)),
    "mirror, crop, text": Recipe(mirror_crop_text),
    "sound replaced": Recipe(sound="replaced"),
}

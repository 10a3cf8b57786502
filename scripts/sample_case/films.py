"""Writes the sample clips: each stand-in film in the versions in which footage travels."""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from scripts.sample_case.scene import HEIGHT, RATE, WIDTH, Picture, Scene, ground_of, picture
from scripts.sample_case.speech import speak

SOUND_RATE = 22050
Change = Callable[[Picture, int], Picture]
Sound = NDArray[np.int16]


def pictures(scene: Scene, start: int = 0, end: int | None = None) -> Iterator[Picture]:
    """The scene's pictures from second `start` to second `end`."""
    ground = ground_of(scene)
    for index in range(start * RATE, (end or scene.seconds) * RATE):
        yield picture(scene, ground, index)


def sound_track(scene: Scene, lines: Iterable[tuple[float, str, str]]) -> Sound:
    """Soft noise with spoken lines (second, language, text); mono at SOUND_RATE, as long as the scene."""
    noise = np.random.default_rng(scene.seed).normal(0, 260, scene.seconds * SOUND_RATE)
    track = np.convolve(noise, np.ones(24) / 24, mode="same") * 4
    for second, language, text in lines:
        voice, rate = speak(text, language)
        positions = np.arange(0, len(voice), rate / SOUND_RATE)
        samples = np.interp(positions, np.arange(len(voice)), voice) * 0.6
        begin = int(second * SOUND_RATE)
        samples = samples[: max(0, len(track) - begin)]
        track[begin : begin + len(samples)] += samples
    return np.clip(track, -32768, 32767).astype(np.int16)


def tune(seconds: int, seed: int) -> Sound:
    """Plain music to stand in for a replaced sound track."""
    random = np.random.default_rng(seed)
    time = np.arange(int(SOUND_RATE * 0.5)) / SOUND_RATE
    notes = [
        np.sin(2 * np.pi * 220 * 2 ** (step / 12) * time) * np.exp(-3 * time)
        for step in random.choice([0, 2, 4, 7, 9, 12], seconds * 2)
    ]
    return (np.concatenate(notes) * 9000).astype(np.int16)


def write_film(path: Path, frames: Iterable[Picture], sound: Sound | None, quality: int = 23) -> None:
    """Encode H.264 (constant rate factor `quality`) and AAC into `path`."""
    with av.open(str(path), "w", options={"movflags": "faststart"}) as container:
        video = container.add_stream("libx264", rate=RATE)
        video.pix_fmt = "yuv420p"
        video.options = {"crf": str(quality), "preset": "veryfast"}
        audio = container.add_stream("aac", rate=SOUND_RATE, layout="mono") if sound is not None else None
        for index, frame in enumerate(frames):
            height, width = frame.shape[0] & ~1, frame.shape[1] & ~1
            if index == 0:
                video.height, video.width = height, width
            even = np.ascontiguousarray(frame[:height, :width])
            container.mux(video.encode(av.VideoFrame.from_ndarray(even, format="rgb24")))
        container.mux(video.encode())
        if audio is not None and sound is not None:
            for begin in range(0, len(sound), 1024):
                block = av.AudioFrame.from_ndarray(
                    sound[None, begin : begin + 1024], format="s16", layout="mono"
                )
                block.sample_rate, block.pts, block.time_base = SOUND_RATE, begin, Fraction(1, SOUND_RATE)
                container.mux(audio.encode(block))
            container.mux(audio.encode())


def mirrored(frame: Picture, _index: int) -> Picture:
    """Left and right exchanged."""
    return np.ascontiguousarray(frame[:, ::-1])


def subtitled(frame: Picture, _index: int) -> Picture:
    """A bar with a line of text across the foot, and a corner mark."""
    out = frame.copy()
    font = cv2.FONT_HERSHEY_DUPLEX
    cv2.rectangle(out, (0, HEIGHT - 64), (WIDTH, HEIGHT), (12, 12, 12), -1)
    cv2.putText(out, "watch until the end - share", (90, HEIGHT - 24), font, 1.0, (250, 220, 60), 2)
    cv2.putText(out, "@channel", (WIDTH - 160, 40), font, 0.8, (255, 255, 255), 2)
    return out


def off_a_screen(frame: Picture, index: int) -> Picture:
    """Filmed off a screen by hand: perspective, sway, washed colours, noise."""
    sway = np.array([0.6 * np.sin(index / 11), 0.5 * np.cos(index / 8)])
    corners = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], np.float32)
    seen = np.array([[38, 24], [WIDTH - 44, 12], [WIDTH - 28, HEIGHT - 20], [46, HEIGHT - 30]])
    matrix = cv2.getPerspectiveTransform(corners, (seen + sway).astype(np.float32))
    out = cv2.warpPerspective(frame, matrix, (WIDTH, HEIGHT), borderValue=(24, 22, 20))
    washed = cv2.GaussianBlur(out, (3, 3), 0).astype(np.float32) * 0.78 + 34
    noise: NDArray[np.float64] = np.random.default_rng(index).normal(0, 3, (HEIGHT, WIDTH, 3))
    return np.clip(washed + noise, 0, 255).astype(np.uint8)


def halved(frame: Picture, _index: int) -> Picture:
    """Half the size."""
    return np.asarray(cv2.resize(frame, (WIDTH // 2, HEIGHT // 2), interpolation=cv2.INTER_AREA), np.uint8)


def changed(frames: Iterable[Picture], change: Change) -> Iterator[Picture]:
    """Each picture through `change`."""
    for index, frame in enumerate(frames):
        yield change(frame, index)

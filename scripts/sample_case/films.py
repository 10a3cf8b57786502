"""Writes the sample clips: each stand-in film in the versions in which footage travels."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Self

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from scripts.sample_case.scene import HEIGHT, RATE, WIDTH, Picture, Scene, ground_of, marked, picture
from scripts.sample_case.speech import speak

SOUND_RATE = 22050
Change = Callable[[Picture, int], Picture]
Sound = NDArray[np.int16]
Line = tuple[float, str, str]
"""Second, language and text of something said."""


@dataclass(frozen=True, slots=True)
class Version:
    """One file that shows a part of a film, and what is known of how it came to us."""

    name: str
    start: int
    end: int
    quality: int = 23
    """Constant rate factor: higher is worse."""
    changes: tuple[Change, ...] = ()
    sound: str = "own"
    """own, replaced or none."""
    kept: float = 1.0
    """Share of the file's bytes that arrived."""
    source: str = ""
    url: str = ""
    posted_at: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Film:
    """One recording: what is seen, what is said, and the files in which it travels."""

    scene: Scene
    lines: tuple[Line, ...]
    versions: tuple[Version, ...]


def write_versions(film: Film, folder: Path) -> None:
    """Write the versions that `folder` lacks. The film is drawn once, for all of them together."""
    missing = [version for version in film.versions if not (folder / version.name).exists()]
    if not missing:
        return
    own = sound_track(film.scene, film.lines)
    paths = {version.name: folder / f"unfinished-{version.name}" for version in missing}
    with ExitStack() as open_files:
        writers = [
            (
                version,
                open_files.enter_context(_Writer(paths[version.name], version, _sound_of(version, own))),
            )
            for version in missing
        ]
        first, last = min(each.start for each in missing), max(each.end for each in missing)
        for number, frame in enumerate(pictures(film.scene, first, last), first * RATE):
            for version, writer in writers:
                if version.start * RATE <= number < version.end * RATE:
                    writer.add(frame)
    for version in missing:
        if version.kept < 1:
            content = paths[version.name].read_bytes()
            paths[version.name].write_bytes(content[: int(len(content) * version.kept)])
        paths[version.name].rename(folder / version.name)


def _sound_of(version: Version, own: Sound) -> Sound | None:
    if version.sound == "none":
        return None
    if version.sound == "replaced":
        return tune(version.end - version.start, len(version.name))
    return own[version.start * SOUND_RATE : version.end * SOUND_RATE]


class _Writer:
    """One file being encoded: H.264, and AAC where there is sound."""

    def __init__(self, path: Path, version: Version, sound: Sound | None) -> None:
        self._path, self._version, self._sound, self._index = path, version, sound, 0

    def __enter__(self) -> Self:
        self._container = av.open(str(self._path), "w", options={"movflags": "faststart"})
        self._video = self._container.add_stream("libx264", rate=RATE)
        self._video.pix_fmt = "yuv420p"
        self._video.options = {"crf": str(self._version.quality), "preset": "veryfast"}
        if self._sound is not None:
            self._audio = self._container.add_stream("aac", rate=SOUND_RATE, layout="mono")
        return self

    def add(self, frame: Picture) -> None:
        """One more picture, changed as the version says."""
        for change in self._version.changes:
            frame = change(frame, self._index)
        if self._version.changes:
            # A change may make the film's own mark unreadable; no version goes without one.
            frame = marked(np.ascontiguousarray(frame), "STAND-IN", foot=True)
        height, width = frame.shape[0] & ~1, frame.shape[1] & ~1
        if self._index == 0:
            self._video.height, self._video.width = height, width
        self._index += 1
        even = np.ascontiguousarray(frame[:height, :width])
        self._container.mux(self._video.encode(av.VideoFrame.from_ndarray(even, format="rgb24")))

    def __exit__(self, *_error: object) -> None:
        self._container.mux(self._video.encode())
        if self._sound is not None:
            for begin in range(0, len(self._sound), 1024):
                block = av.AudioFrame.from_ndarray(
                    self._sound[None, begin : begin + 1024], format="s16", layout="mono"
                )
                block.sample_rate, block.pts, block.time_base = SOUND_RATE, begin, Fraction(1, SOUND_RATE)
                self._container.mux(self._audio.encode(block))
            self._container.mux(self._audio.encode())
        self._container.close()


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


def mirrored(frame: Picture, _index: int) -> Picture:
    """Left and right exchanged."""
    return np.ascontiguousarray(frame[:, ::-1])


def subtitled(frame: Picture, _index: int) -> Picture:
    """A bar with a line of text across the foot, and a corner mark."""
    out = frame.copy()
    font = cv2.FONT_HERSHEY_DUPLEX
    cv2.rectangle(out, (0, HEIGHT - 48), (WIDTH, HEIGHT), (12, 12, 12), -1)
    cv2.putText(out, "watch until the end - share", (68, HEIGHT - 18), font, 0.75, (250, 220, 60), 1)
    cv2.putText(out, "@channel", (WIDTH - 120, 48), font, 0.6, (255, 255, 255), 1)
    return out


def watermarked(frame: Picture, _index: int) -> Picture:
    """A channel's mark in a corner of the foot."""
    out = frame.copy()
    cv2.putText(out, "@sample-channel", (16, HEIGHT - 18), cv2.FONT_HERSHEY_DUPLEX, 0.7, (235, 235, 90), 1)
    return out


def off_a_screen(frame: Picture, index: int) -> Picture:
    """Filmed off a screen by hand: perspective, sway, washed colours, noise."""
    sway = np.array([0.6 * np.sin(index / 11), 0.5 * np.cos(index / 8)])
    corners = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], np.float32)
    seen = np.array([[28, 18], [WIDTH - 33, 9], [WIDTH - 21, HEIGHT - 15], [34, HEIGHT - 22]])
    matrix = cv2.getPerspectiveTransform(corners, (seen + sway).astype(np.float32))
    out = cv2.warpPerspective(frame, matrix, (WIDTH, HEIGHT), borderValue=(24, 22, 20))
    washed = cv2.GaussianBlur(out, (3, 3), 0).astype(np.float32) * 0.78 + 34
    noise: NDArray[np.float64] = np.random.default_rng(index).normal(0, 3, (HEIGHT, WIDTH, 3))
    return np.clip(washed + noise, 0, 255).astype(np.uint8)


def halved(frame: Picture, _index: int) -> Picture:
    """Half the size."""
    return np.asarray(cv2.resize(frame, (WIDTH // 2, HEIGHT // 2), interpolation=cv2.INTER_AREA), np.uint8)

"""Films drawn for tests: shapes that move along seeded paths, and their fingerprints without a decoder."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.fingerprint import Fingerprints, PictureFingerprint, SoundFingerprint
from videtur.engines.copies.picture import PictureFingerprinter
from videtur.engines.copies.reading import fingerprints_of
from videtur.engines.copies.sound import SoundFingerprinter
from videtur.engines.media.sandbox import DecodingSandbox
from videtur.engines.media.timecode import MediaTime

BASE = Fraction(1, 600)


@dataclass(frozen=True)
class Frame:
    """What a fingerprinter takes."""

    time: MediaTime
    image: NDArray[np.uint8]


@dataclass(frozen=True)
class Block:
    """What a sound fingerprinter takes."""

    time: MediaTime
    samples: NDArray[np.int16]


def drawn(
    take: int, seconds: float, *, scene: int = 1, first: float = 0.0
) -> list[tuple[float, NDArray[np.uint8]]]:
    """Grey pictures, 15 a second: a textured scene, and three discs whose paths belong to the take."""
    place = np.random.default_rng(scene)
    ground = cv2.resize(
        place.integers(40, 200, (12, 20)).astype(np.uint8), (320, 180), interpolation=cv2.INTER_CUBIC
    )
    way = np.random.default_rng(take)
    rates = way.uniform(0.4, 1.6, (3, 4))
    phases = way.uniform(0, 6.28, (3, 4))
    found: list[tuple[float, NDArray[np.uint8]]] = []
    for index in range(int(seconds * 15)):
        time = first + index / 15
        picture = ground.copy()
        for disc in range(3):
            swing = np.sin(rates[disc] * time * 2.2 + phases[disc]) @ np.array([0.7, 0.3, 0, 0])
            lift = np.sin(rates[disc] * time * 1.7 + phases[disc]) @ np.array([0, 0, 0.6, 0.4])
            centre = (int(160 + 140 * swing), int(90 + 75 * lift))
            cv2.circle(picture, centre, 22, int(60 + 80 * disc), -1)
        found.append((time, picture.astype(np.uint8)))
    return found


def fingerprint(pictures: list[tuple[float, NDArray[np.uint8]]]) -> PictureFingerprint:
    """Feed pictures as the decode pass would: small grey ones always, a colour one every half second."""
    taker = PictureFingerprinter()
    due = pictures[0][0] if pictures else 0.0
    for seconds, picture in pictures:
        time = MediaTime(round(seconds * 600), BASE)
        taker.add(Frame(time, cv2.resize(picture, (160, 90), interpolation=cv2.INTER_AREA).astype(np.uint8)))
        if seconds >= due - 1e-6:
            taker.add(Frame(time, np.repeat(picture[..., None], 3, axis=2)))
            due += 0.5
    return taker.finish()


def melody(seed: int, seconds: float) -> NDArray[np.int16]:
    """Notes of random pitch, a quarter of a second each, over a little noise."""
    draw = np.random.default_rng(seed)
    notes = draw.uniform(200, 3000, (int(seconds * 4) + 1, 3))
    clock = np.arange(int(seconds * 16000)) / 16000
    voices = [np.sin(2 * np.pi * notes[(clock * 4).astype(int), voice] * clock) for voice in range(3)]
    return (np.sum(voices, axis=0) * 4000 + draw.normal(0, 30, len(clock))).astype(np.int16)


def sound_fingerprint(samples: NDArray[np.int16], block: int = 1600, start: int = 0) -> SoundFingerprint:
    """Feed samples in blocks of a size."""
    taker = SoundFingerprinter()
    for first in range(0, len(samples), block):
        time = MediaTime(start + first, Fraction(1, 16000))
        taker.add(Block(time, samples[first : first + block]))
    return taker.finish()


def read(path: Path, sandbox: DecodingSandbox) -> Fingerprints:
    """Fingerprints of a real file."""
    with path.open("rb") as source:
        return fingerprints_of(source, sandbox)

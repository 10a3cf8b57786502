"""What one decode pass tells, event by event."""

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from videtur.engines.media.timecode import MediaTime

SOUND_RATE = 16_000


@dataclass(frozen=True, slots=True)
class PassRequest:
    """What the one decode pass is to bring out of a file."""

    analysis_rate: Fraction = Fraction(2)
    """Colour frames per second of presentation time; the first frame always."""
    analysis_side: int = 320
    """Their longest side, never larger than the picture."""
    proxy_rate: Fraction = Fraction(15)
    """Grey frames per second of presentation time, at most."""
    proxy_side: int = 160
    sound: bool = True
    picture: bool = True


@dataclass(frozen=True, slots=True)
class PictureStream:
    """Announces the picture, before its first frame. Width and height are as shown, upright."""

    time_base: Fraction
    width: int
    height: int
    rotation: int
    """Quarter turns clockwise already applied to the frames, in degrees: 0, 90, 180 or 270."""


@dataclass(frozen=True, slots=True)
class SoundStream:
    """Announces the sound, before its first block."""

    time_base: Fraction
    rate: int = SOUND_RATE


@dataclass(frozen=True, slots=True, eq=False)
class AnalysisFrame:
    """A colour picture at a low rate: uint8 [height, width, 3], RGB, upright, square pixels."""

    time: MediaTime
    image: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class ProxyFrame:
    """A small grey picture at up to 15 a second: uint8 [height, width], upright, square pixels."""

    time: MediaTime
    image: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class SoundBlock:
    """Mono sound at 16 kHz: int16 [n]; `time` is that of its first sample, so gaps show."""

    time: MediaTime
    samples: NDArray[np.int16]


@dataclass(frozen=True, slots=True, eq=False)
class PresentationTimes:
    """Presentation times of the next picture frames, strictly increasing: int64 [n]."""

    pts: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that could not be decoded, or not be trusted, and when it would have been shown."""

    time: MediaTime | None
    what: str

    def as_json(self) -> dict[str, object]:
        """The form kept in damage.json."""
        return {"time": self.time.as_json() if self.time else None, "what": self.what}


@dataclass(frozen=True, slots=True)
class PassEnd:
    """The last event: what came out in all."""

    picture_frames: int
    first: MediaTime | None
    """Time of the first picture frame; of the first sound where there is no picture."""
    last: MediaTime | None
    """Time of the last picture frame; of the end of the sound where there is no picture."""
    duration: MediaTime | None
    """From `first` to the end of the last frame (or of the sound, if no picture)."""
    sound_samples: int
    sound_first: MediaTime | None
    sound_seconds: str
    damage_count: int
    times_from_order: bool
    """The stream gave no presentation times: they follow decode order at the declared rate."""
    notes: tuple[str, ...] = ()


PassEvent: TypeAlias = (
    PictureStream
    | SoundStream
    | AnalysisFrame
    | ProxyFrame
    | SoundBlock
    | PresentationTimes
    | Damage
    | PassEnd
)

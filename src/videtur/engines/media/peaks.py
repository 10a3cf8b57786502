"""Loudest and lowest sample of each short stretch of sound, for drawing a waveform."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from videtur.engines.media.events import SOUND_RATE, SoundBlock
from videtur.engines.media.timecode import MediaTime

ENGINE_VERSION = "1"
_RATES = (100, 50, 25, 5, 1)
"""Each divides the one before and the rate of sound."""


@dataclass(frozen=True, slots=True)
class SoundPeaks:
    """(lowest, highest) of each stretch, -128..127, `per_second` of them a second from `start`."""

    start: MediaTime
    per_second: int
    peaks: tuple[tuple[int, int], ...]

    def as_json(self) -> dict[str, object]:
        """The form kept in peaks.json."""
        return {
            "per_second": self.per_second,
            "start": self.start.as_json(),
            "peaks": [list(pair) for pair in self.peaks],
        }


class Peaks:
    """Collects peaks; their number is bounded whatever the length of the sound."""

    def __init__(self, most: int = 12_000) -> None:
        self._most = most
        self._rates = iter(_RATES)
        self._per_second = next(self._rates)
        self._start: MediaTime | None = None
        self._low: list[int] = []
        self._high: list[int] = []
        self._left: NDArray[np.int16] = np.zeros(0, np.int16)
        self._counted = 0

    def add(self, block: SoundBlock) -> None:
        """Take the next block, in presentation order. A gap before it draws as silence."""
        if self._start is None:
            self._start = block.time
        at = block.time.rescaled(Fraction(1, SOUND_RATE)).pts - self._first_sample()
        samples = block.samples
        if at < self._counted:  # told twice: the first word counts
            samples = samples[self._counted - at :]
        elif at > self._counted:
            self._pass_over(at - self._counted)
        self._take(samples)

    def finish(self) -> SoundPeaks | None:
        """Return the peaks; None when there was no sound."""
        if self._start is None:
            return None
        if len(self._left):
            self._take(np.zeros(self._stretch - len(self._left), np.int16))
        pairs = tuple((low >> 8, high >> 8) for low, high in zip(self._low, self._high, strict=True))
        return SoundPeaks(self._start, self._per_second, pairs)

    @property
    def _stretch(self) -> int:
        return SOUND_RATE // self._per_second

    def _first_sample(self) -> int:
        assert self._start is not None  # noqa: S101 -- set by the caller
        return self._start.rescaled(Fraction(1, SOUND_RATE)).pts

    def _pass_over(self, samples: int) -> None:
        """Silence for the length of a gap, without ever holding it all."""
        while samples > 0:
            part = min(samples, SOUND_RATE * 60)
            self._take(np.zeros(part, np.int16))
            samples -= part

    def _take(self, samples: NDArray[np.int16]) -> None:
        self._counted += len(samples)
        joined = np.concatenate((self._left, samples)) if len(self._left) else samples
        whole = len(joined) // self._stretch * self._stretch
        self._left = joined[whole:].copy()
        if whole:
            stretches = joined[:whole].reshape(-1, self._stretch)
            self._low += stretches.min(axis=1).tolist()
            self._high += stretches.max(axis=1).tolist()
        while len(self._low) > self._most and self._coarsen():
            pass

    def _coarsen(self) -> bool:
        """Join neighbours so that fewer peaks cover the same time."""
        rate = next(self._rates, None)
        if rate is None:
            return False
        factor = self._per_second // rate
        keep = len(self._low) // factor * factor
        rest = range(keep, len(self._low))
        # Peaks that fill no stretch of the new length go back in front of the samples as they were heard.
        back = [value for at in rest for value in self._restored(at)]
        self._left = np.concatenate((np.array(back, np.int16), self._left))
        self._low = [min(self._low[at : at + factor]) for at in range(0, keep, factor)]
        self._high = [max(self._high[at : at + factor]) for at in range(0, keep, factor)]
        self._per_second = rate
        return True

    def _restored(self, at: int) -> list[int]:
        """Samples with the same lowest and highest value as the stretch that was heard."""
        return [self._low[at]] * (self._stretch - 1) + [self._high[at]]

"""Builds a sound fingerprint: peaks of the spectrum over time, as landmarks to match by."""

from array import array
from fractions import Fraction
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.fingerprint import SoundFingerprint
from videtur.engines.media.timecode import MediaTime

RATE = 16000
HOP = 400
_WINDOW = 1024
_BINS = 256
_CHUNK = 160
"""Steps (four seconds) whose peaks are picked at once; the choice never depends on the size of blocks."""
_AROUND = 6
_REACH_BINS = 9
_PEAKS_PER_SECOND = 14
_AUDIBLE = 5.0
"""Log magnitude below which nothing counts: 16-bit dither and the noise of silent tracks lie under it."""
_GAP_FILLED_SECONDS = 600


class TimedSound(Protocol):
    """A block of mono sound at 16 kHz."""

    @property
    def time(self) -> MediaTime:
        """The time of its first sample."""
        ...

    @property
    def samples(self) -> NDArray[np.int16]:
        """Its samples."""
        ...


class SoundFingerprinter:
    """Fed with blocks of sound in order; keeps only the landmarks."""

    def __init__(self) -> None:
        self._start: MediaTime | None = None
        self._taken = 0
        self._samples = np.zeros(0, dtype=np.int16)
        self._rows = np.zeros((0, _BINS), dtype=np.float32)
        self._rows_gone = 0
        self._steps = 0
        self._frames = array("i")
        self._bins = array("H")
        self._window = np.hanning(_WINDOW).astype(np.float32)

    def add(self, block: TimedSound) -> None:
        """Take the next block; a hole of up to ten minutes becomes silence, what overlaps is dropped."""
        samples = block.samples
        if self._start is None:
            self._start = block.time
        expected = int((block.time.instant - self._start.instant) * RATE)
        hole = expected - self._taken
        if RATE // 20 < hole <= _GAP_FILLED_SECONDS * RATE:
            self._take(np.zeros(hole, dtype=np.int16))
        elif hole < -RATE // 20:
            samples = samples[-hole:]
        self._take(samples)

    def finish(self) -> SoundFingerprint:
        """Return the fingerprint of everything taken in."""
        self._pick(last=True)
        return SoundFingerprint(
            start=self._start or MediaTime(0, Fraction(1, RATE)),
            rate=RATE,
            hop=HOP,
            frames=np.array(self._frames, dtype=np.int32),
            bins=np.array(self._bins, dtype=np.uint16),
            length=self._steps,
        )

    def _take(self, samples: NDArray[np.int16]) -> None:
        self._taken += len(samples)
        self._samples = np.concatenate([self._samples, samples])
        # In slices, so that a long silence put in for a hole needs no more memory than a block.
        while len(self._samples) >= _WINDOW:
            count = min((len(self._samples) - _WINDOW) // HOP + 1, 4 * _CHUNK)
            windows = np.lib.stride_tricks.sliding_window_view(self._samples, _WINDOW)[: count * HOP : HOP]
            spectrum = np.abs(np.fft.rfft(windows * self._window, axis=1)[:, 1 : _BINS + 1])
            self._rows = np.concatenate([self._rows, np.log(spectrum + 1).astype(np.float32)])
            self._steps += count
            self._samples = self._samples[count * HOP :]
            self._pick(last=False)

    def _pick(self, *, last: bool) -> None:
        """Pick the peaks of every whole chunk, with a margin on both sides; at the end, of the rest."""
        while True:
            margin = _AROUND if self._rows_gone else 0
            ready = len(self._rows) - margin
            if ready <= 0 or (not last and ready < _CHUNK + _AROUND):
                return
            count = min(_CHUNK, ready)
            self._pick_chunk(self._rows[: margin + count + _AROUND], margin, count)
            kept_from = max(0, margin + count - _AROUND)
            self._rows = self._rows[kept_from:]
            self._rows_gone += count

    def _pick_chunk(self, rows: NDArray[np.float32], margin: int, count: int) -> None:
        kernel = np.ones((2 * _AROUND + 1, 2 * _REACH_BINS + 1), dtype=np.uint8)
        highest = np.asarray(cv2.dilate(rows, kernel))
        peaks = (rows >= highest) & (rows > _AUDIBLE) & (rows > rows.mean(axis=1, keepdims=True) + 1.0)
        steps, bins = np.nonzero(peaks[margin : margin + count])
        if not len(steps):
            return
        limit = max(1, _PEAKS_PER_SECOND * count * HOP // RATE)
        strength = rows[margin + steps, bins]
        chosen = np.sort(np.argsort(-strength, kind="stable")[:limit])
        self._frames.extend((steps[chosen] + self._rows_gone).tolist())
        self._bins.extend(bins[chosen].tolist())

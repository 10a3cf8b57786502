"""Builds a sound fingerprint: peaks of the spectrum to find it by, signs of its texture to tell it by."""

from array import array
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.sound_fingerprint import (
    TEXTURE_BITS,
    TEXTURE_STEPS,
    SoundFingerprint,
    nothing_heard,
)
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
BAND_EDGES = (250.0, 3800.0)
"""Hertz: what a telephone passes, and where speech and most other sounds are."""
_FLOOR = 1e4
"""Power below which nothing counts: dither and the noise of an open input lie under it."""
_STANDS_OUT = 0.2
"""How far a sign must stand out, in log power, to be up or down."""
_MOMENTS_AROUND = 5
_AT_ONCE = 16
_MOMENTS = _CHUNK // TEXTURE_STEPS


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
        self._bands = _bands()
        self._levels = np.zeros((0, TEXTURE_BITS + 1), dtype=np.float32)
        self._levels_before = 0
        self._texture: list[NDArray[np.uint8]] = []

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
        if self._start is None:
            return nothing_heard(RATE, HOP)
        self._pick(last=True)
        self._weave(last=True)
        return SoundFingerprint(
            start=self._start,
            rate=RATE,
            hop=HOP,
            frames=np.array(self._frames, dtype=np.int32),
            bins=np.array(self._bins, dtype=np.uint16),
            texture=np.concatenate([np.zeros((0, TEXTURE_BITS // 4), np.uint8), *self._texture]),
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
            self._level(self._rows[margin : margin + count])
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

    def _level(self, rows: NDArray[np.float32]) -> None:
        """The log power of each band in each moment of a chunk."""
        # A few rows at a time: larger products would wake BLAS threads that cost more than they do.
        padded = np.pad(rows, ((0, -len(rows) % _AT_ONCE), (0, 0))).reshape(-1, _AT_ONCE, _BINS)
        power = (np.exp(2 * padded) @ self._bands).reshape(-1, TEXTURE_BITS + 1)[: len(rows)]
        whole = power[: len(power) // TEXTURE_STEPS * TEXTURE_STEPS]
        moments = whole.reshape(-1, TEXTURE_STEPS, TEXTURE_BITS + 1).mean(axis=1)
        self._levels = np.concatenate([self._levels, np.log(moments + _FLOOR)])
        self._weave(last=False)

    def _weave(self, *, last: bool) -> None:
        """Turn levels into signs wherever half a second around is known."""
        while True:
            ready = len(self._levels) - self._levels_before
            if ready <= 0 or (not last and ready < _MOMENTS + _MOMENTS_AROUND):
                return
            count = min(_MOMENTS, ready)
            before, after = self._levels_before, min(_MOMENTS_AROUND, ready - count)
            self._texture.append(_signs(self._levels[: before + count + after], before, after))
            kept_from = max(0, before + count - _MOMENTS_AROUND)
            self._levels_before = before + count - kept_from
            self._levels = self._levels[kept_from:]


def _signs(levels: NDArray[np.float32], before: int, after: int) -> NDArray[np.uint8]:
    """The packed signs of the levels between those before and those after, which are only looked at."""
    padded = np.pad(levels, ((_MOMENTS_AROUND - before, _MOMENTS_AROUND - after), (0, 0)), mode="edge")
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * _MOMENTS_AROUND + 1, axis=0).mean(axis=-1)
    slope = np.diff(levels[before : len(levels) - after] - around, axis=1)
    return np.concatenate(
        [np.packbits(slope > 0, axis=1), np.packbits(np.abs(slope) > _STANDS_OUT, axis=1)], axis=1
    )


def _bands() -> NDArray[np.float32]:
    """Weights of the spectrum's bins in overlapping bands, equally wide in pitch."""
    centres = np.log(np.geomspace(*BAND_EDGES, TEXTURE_BITS + 3))
    bins = np.arange(1, _BINS + 1) * RATE / _WINDOW
    step = centres[1] - centres[0]
    width = np.maximum(step, np.log1p(RATE / _WINDOW / np.exp(centres[1:-1])))
    weights = np.maximum(0, 1 - np.abs(np.log(bins)[:, None] - centres[1:-1]) / width)
    return np.asarray(weights / weights.sum(axis=0), dtype=np.float32)

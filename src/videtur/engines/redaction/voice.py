"""Voices: silence, and a disguise that lowers recognition by ear. Only silence protects.

A disguise is weak: an attacker who knows the method still names many speakers (equal error rate 33 % where
50 % would be chance, measured with coefficients drawn at random; 4 % with a fixed one). So it is drawn anew
every few seconds, and is never offered for a person at risk.

McAdams' coefficient: the angles of the resonances of speech are raised to a power near one, which moves
formants; before it, pitch and formants are moved together by stretching and resampling.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from videtur.engines.redaction.plan import Voice

ENGINE_VERSION = "1"
DISGUISE_RATE = 16_000
"""Samples a second at which voices are disguised: speech needs no more, and more would tell more."""
Samples = NDArray[np.int16]

_ORDER = 20
_FRAME, _HOP, _FFT = 512, 128, 4096
_LONGEST_POLE = 0.985
"""Poles are pulled back to this radius: at 16 kHz a resonance then dies within 60 ms, whatever it was."""
_COEFFICIENTS = ((0.62, 0.80), (1.18, 1.35))
"""Of McAdams: away from one on either side, and not so far that words are lost."""
_SEMITONES = ((-4.0, -2.0), (2.0, 4.0))
_SECONDS = (3.0, 7.0)
"""How long one draw lasts."""
_CROSS = 320
"""Samples over which one draw passes into the next: 20 ms."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is done with the sound from sample `start` up to but not including `end`."""

    start: int
    end: int
    voice: Voice


def treated(
    blocks: Iterable[tuple[int, Samples]], stretches: tuple[Stretch, ...], outside: Voice, seed: bytes
) -> Iterator[tuple[int, Samples]]:
    """The sound as it may leave: (time in samples, samples), in order of time, of the same total length.

    `blocks` are given in order and may leave gaps; where disguise is asked for they must be at
    `DISGUISE_RATE`. Where stretches lie over one another, the later in their order counts. `seed` draws the
    disguise; who has it can undo part of it, so it is thrown away.
    """
    disguise = Disguise(seed)
    held: list[Samples] = []
    held_from = held_to = 0
    for at, samples in blocks:
        for start, end, voice in _cut(at, at + len(samples), stretches, outside):
            piece = samples[start - at : end - at]
            if held and (voice != "disguise" or start != held_to):
                yield from disguise.apply(held_from, np.concatenate(held))
                held = []
            if voice == "disguise":
                held_from = held_from if held else start
                held.append(piece)
                held_to = end
                if held_to - held_from > 60 * DISGUISE_RATE:  # never more than a minute in memory
                    yield from disguise.apply(held_from, np.concatenate(held))
                    held = []
            else:
                yield start, piece if voice == "keep" else np.zeros(len(piece), np.int16)
    if held:
        yield from disguise.apply(held_from, np.concatenate(held))


def _cut(
    start: int, end: int, stretches: tuple[Stretch, ...], outside: Voice
) -> Iterator[tuple[int, int, Voice]]:
    touching = [each for each in stretches if each.start < end and each.end > start]
    edges = {start, end}
    for each in touching:
        edges |= {max(each.start, start), min(each.end, end)}
    for one, two in pairwise(sorted(edges)):
        voice: Voice = outside
        for each in touching:
            if each.start <= one and each.end >= two:
                voice = each.voice
        yield one, two, voice


class Disguise:
    """Draws a new voice every few seconds. `seed` decides all the draws."""

    def __init__(self, seed: bytes) -> None:
        self._random = random.Random(seed)  # noqa: S311 -- drawn from a secret seed, and forgotten

    def apply(self, at: int, samples: Samples) -> Iterator[tuple[int, Samples]]:
        """Speech at `DISGUISE_RATE`, disguised: (time in samples, samples), as long as it was."""
        done = 0
        tail: NDArray[np.float64] | None = None
        while done < len(samples):
            length = int(self._random.uniform(*_SECONDS) * DISGUISE_RATE)
            end = len(samples) if len(samples) - done < length + DISGUISE_RATE else done + length
            ahead = min(_CROSS, len(samples) - end)
            sound = self._drawn(samples[done : end + ahead].astype(np.float64))
            if tail is not None:
                fade = np.linspace(0, 1, len(tail))
                sound[: len(tail)] = sound[: len(tail)] * fade + tail * (1 - fade)
            tail = sound[end - done :] if ahead else None
            yield at + done, np.clip(np.rint(sound[: end - done]), -32768, 32767).astype(np.int16)
            done = end

    def _drawn(self, samples: NDArray[np.float64]) -> NDArray[np.float64]:
        coefficient = self._random.uniform(*self._random.choice(_COEFFICIENTS))
        semitones = self._random.uniform(*self._random.choice(_SEMITONES))
        if len(samples) < 2 * _FRAME:  # too short to hold a voice, and to treat
            return np.zeros_like(samples)
        moved = mcadams(shifted(samples, 2 ** (semitones / 12)), coefficient)
        loud, now = float(np.sqrt(np.mean(samples**2))), float(np.sqrt(np.mean(moved**2)))
        return moved * (loud / now if now > 0 else 0.0)


def shifted(samples: NDArray[np.float64], factor: float) -> NDArray[np.float64]:
    """Pitch and formants times `factor` (0.5 to 2), the same length: stretched in time, then resampled."""
    stretched = _stretched(samples, factor)
    return np.interp(np.arange(len(samples)) * factor, np.arange(len(stretched)), stretched)


def _stretched(samples: NDArray[np.float64], factor: float) -> NDArray[np.float64]:
    """Longer by `factor` at the same pitch: pieces laid over one another where they fit best (WSOLA)."""
    step, search = _FRAME // 2, 160
    window = np.hanning(_FRAME + 1)[:_FRAME]
    padded = np.concatenate([samples, np.zeros(2 * _FRAME + search)])
    count = int(len(samples) * factor) // step + 1
    out = np.zeros(count * step + _FRAME)
    following = 0
    for number in range(count):
        wanted = min(int(number * step / factor), len(samples))
        if number:
            # The piece that best goes on from where the last one would have gone.
            target = padded[following : following + _FRAME]
            low = max(0, wanted - search)
            around = padded[low : wanted + search + _FRAME]
            fit = np.correlate(around, target, "valid")
            wanted = low + int(np.argmax(fit))
        out[number * step : number * step + _FRAME] += window * padded[wanted : wanted + _FRAME]
        following = min(wanted + step, len(samples) + search)
    return out


def mcadams(samples: NDArray[np.float64], coefficient: float) -> NDArray[np.float64]:
    """Formants moved by raising the angle of each resonance to the power `coefficient` (0.5 to 1.5).

    In each frame the sound is divided by its own resonances and multiplied by the moved ones. Both are done
    on the spectrum, with room for the longest resonance to die, so that nothing can build up.
    """
    window = np.hanning(_FRAME + 1)[:_FRAME]
    room = np.concatenate([np.zeros(_FRAME), samples, np.zeros(_FRAME)])
    count = (len(room) - _FRAME) // _HOP + 1
    starts = np.arange(count) * _HOP
    out = np.zeros(len(room) + _FFT)
    weight = _FRAME / _HOP / 2  # what overlapping windows add up to
    for first in range(0, count, 256):
        some = starts[first : first + 256]
        frames = room[some[:, None] + np.arange(_FRAME)] * window
        prediction = _prediction(frames)
        moved = _moved(prediction, coefficient)
        spectrum = np.fft.rfft(frames, _FFT)
        loud = np.linalg.norm(spectrum, axis=1, keepdims=True)
        spectrum = spectrum * np.fft.rfft(prediction, _FFT) / np.fft.rfft(moved, _FFT)
        # A moved resonance may meet a strong harmonic: each frame stays as loud as it was.
        spectrum *= loud / np.maximum(np.linalg.norm(spectrum, axis=1, keepdims=True), 1e-9)
        for start, sound in zip(some, np.fft.irfft(spectrum, _FFT), strict=True):
            out[start : start + _FFT] += sound / weight
    return out[_FRAME : _FRAME + len(samples)]


def _prediction(frames: NDArray[np.float64]) -> NDArray[np.float64]:
    """Coefficients of linear prediction, 1 first, of each frame: [n, order + 1]."""
    power = np.abs(np.fft.rfft(frames, 2 * _FRAME)) ** 2
    correlation = np.fft.irfft(power)[:, : _ORDER + 1]
    # A little white noise keeps the equations solvable, in silence too.
    correlation[:, 0] = correlation[:, 0] * 1.0001 + 1e-3
    lags = np.abs(np.arange(_ORDER)[:, None] - np.arange(_ORDER))
    solved = np.linalg.solve(correlation[:, lags], -correlation[:, 1:, None])[..., 0]
    made = np.ones((len(frames), _ORDER + 1))
    made[:, 1:] = solved
    return made


def _moved(prediction: NDArray[np.float64], coefficient: float) -> NDArray[np.float64]:
    companion = np.zeros((len(prediction), _ORDER, _ORDER))
    companion[:, 0] = -prediction[:, 1:]
    companion[:, np.arange(1, _ORDER), np.arange(_ORDER - 1)] = 1
    poles = np.linalg.eigvals(companion)
    radius, angle = np.minimum(np.abs(poles), _LONGEST_POLE), np.abs(np.angle(poles))
    turned = np.where(np.abs(poles.imag) > 1e-9, np.minimum(angle**coefficient, np.pi - 1e-3), angle)
    poles = radius * np.exp(1j * np.where(poles.imag < 0, -turned, turned))
    product = np.ones((len(prediction), 1), np.complex128)
    for each in range(_ORDER):
        longer = np.zeros((len(prediction), product.shape[1] + 1), np.complex128)
        longer[:, :-1] += product
        longer[:, 1:] -= poles[:, each, None] * product
        product = longer
    return product.real

"""Sound drawn by seed: music, something like speech, a street; and what is done to the sound of a copy."""

import numpy as np
from numpy.typing import NDArray

from benchmarks.copies.films import SOUND_RATE, Draw, Sound

KINDS = ("voices", "music", "street")
_FORMANTS = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480), (570, 840, 2410))


def _whole(wave: NDArray[np.float64], level: float) -> Sound:
    return (wave / max(1e-9, float(np.abs(wave).max())) * level * 32767).astype(np.int16)


def _shaped(draw: Draw, count: int, low: float, high: float) -> NDArray[np.float64]:
    """Noise between two frequencies."""
    spectrum = np.fft.rfft(draw.normal(0, 1, count))
    pitch = np.fft.rfftfreq(count, 1 / SOUND_RATE)
    spectrum *= 1 / (1 + (pitch / high) ** 4) * (pitch / low) ** 2 / (1 + (pitch / low) ** 2)
    return np.fft.irfft(spectrum, count) * 3


def music(draw: Draw, seconds: float) -> Sound:
    """Chords, a tune and a beat, in a key and at a pace of its own."""
    count = int(seconds * SOUND_RATE)
    wave = np.zeros(count)
    beat = float(draw.uniform(0.22, 0.5))
    scale = 220 * 2 ** ((np.array([0, 2, 3, 5, 7, 8, 10, 12, 14, 15]) + draw.integers(0, 12)) / 12)
    timbre = draw.uniform(0.2, 1, 5) / np.arange(1, 6)
    for number in range(int(seconds / beat) + 1):
        first = int(number * beat * SOUND_RATE)
        length = int(min(beat * float(draw.choice([1, 1, 2])) * SOUND_RATE, count - first))
        if length <= 0:
            break
        clock = np.arange(length) / SOUND_RATE
        for pitch in draw.choice(scale, int(draw.integers(1, 4))):
            tone = sum(
                timbre[k] * np.sin(2 * np.pi * pitch * (k + 1) * clock + draw.uniform(0, 6)) for k in range(5)
            )
            wave[first : first + length] += tone * np.exp(-clock * 3)
        hit = min(length, 4000)
        wave[first : first + hit] += draw.normal(0, draw.uniform(0, 0.8), hit) * np.exp(-np.arange(hit) / 500)
    return _whole(wave, 0.5)


def voices(draw: Draw, seconds: float) -> Sound:
    """Syllables with pitch and formants, pauses between phrases, some room noise."""
    count = int(seconds * SOUND_RATE)
    wave = _shaped(draw, count, 80, 3000) * 0.01
    at, base = float(draw.uniform(0, 0.2)), float(draw.uniform(95, 230))
    while at < seconds:
        length = float(draw.uniform(0.09, 0.3))
        first, size = int(at * SOUND_RATE), int(length * SOUND_RATE)
        size = min(size, count - first)
        if size <= 10:
            break
        clock = np.arange(size) / SOUND_RATE
        pitch = base * float(draw.uniform(0.8, 1.35))
        phase = 2 * np.pi * (pitch * clock + pitch * draw.uniform(-0.6, 0.6) * clock**2)
        formants = np.array(_FORMANTS[int(draw.integers(len(_FORMANTS)))]) * draw.uniform(0.85, 1.2)
        for k in range(1, int(4000 / pitch)):
            strength = sum(np.exp(-(((k * pitch - f) / 130) ** 2)) for f in formants) + 0.02
            wave[first : first + size] += (
                strength / k**0.5 * np.sin(k * phase) * np.sin(np.pi * clock / length)
            )
        if draw.random() < 0.4:
            hiss = min(size, int(0.07 * SOUND_RATE))
            wave[first : first + hiss] += _shaped(draw, hiss, 3000, 8000) * 0.2
        at += length + (
            float(draw.uniform(0.3, 0.9)) if draw.random() < 0.12 else float(draw.uniform(0, 0.06))
        )
    return _whole(wave, 0.45)


def street(draw: Draw, seconds: float) -> Sound:
    """Traffic that swells, steps, clangs and a horn."""
    count = int(seconds * SOUND_RATE)
    clock = np.arange(count) / SOUND_RATE
    swell = 1 + 0.7 * np.sin(2 * np.pi * clock * draw.uniform(0.1, 0.4) + draw.uniform(0, 6))
    wave = _shaped(draw, count, 60, 900) * swell * 0.3
    for _ in range(int(seconds * 3)):
        first = int(draw.uniform(0, max(0.1, seconds - 0.5)) * SOUND_RATE)
        length = min(int(draw.uniform(0.1, 0.8) * SOUND_RATE), count - first)
        tick = np.arange(length) / SOUND_RATE
        if draw.random() < 0.5:
            ring = sum(np.sin(2 * np.pi * p * tick) for p in draw.uniform(400, 5000, 4))
            wave[first : first + length] += (
                ring * np.exp(-tick * draw.uniform(6, 30)) * draw.uniform(0.1, 0.5)
            )
        else:
            knock = draw.normal(0, 1, length) * np.exp(-tick * 50)
            wave[first : first + length] += knock * draw.uniform(0.3, 1.2)
    return _whole(wave, 0.45)


def drawn(kind: str, seed: int, seconds: float) -> Sound:
    """A sound of a kind, always the same for the same seed."""
    draw = np.random.default_rng(seed)
    return {"music": music, "voices": voices, "street": street}[kind](draw, seconds)


def level(sound: Sound) -> float:
    """Loudness in decibels below full scale."""
    if not len(sound):
        return -120.0
    return float(20 * np.log10(np.sqrt(np.mean((sound.astype(np.float64) / 32768) ** 2)) + 1e-6))


def resampled(sound: Sound, speed: float) -> Sound:
    """Played faster or slower, the pitch going with it."""
    if not len(sound):
        return sound
    wanted = np.arange(int(len(sound) / speed)) * speed
    return np.interp(wanted, np.arange(len(sound)), sound.astype(np.float64)).astype(np.int16)


def stretched(sound: Sound, speed: float) -> Sound:
    """Played faster or slower at the same pitch: overlapped pieces, each shifted to where it fits best."""
    size, reach = 2048, 512
    hop = size // 2
    if len(sound) < size * 4:
        return resampled(sound, speed)
    source = np.concatenate([sound.astype(np.float64), np.zeros(size * 2)])
    window = np.hanning(size)
    count = int(len(sound) / speed / hop)
    found = np.zeros(count * hop + size)
    follow = source[:size]
    for number in range(count):
        middle = int(number * hop * speed)
        first = max(0, middle - reach)
        area = source[first : middle + reach + size]
        if len(area) < size:
            break
        fit = np.correlate(area[::4], follow[::4], "valid")
        begin = first + int(np.argmax(fit)) * 4
        found[number * hop : number * hop + size] += source[begin : begin + size] * window
        follow = source[begin + hop : begin + hop + size]
        if len(follow) < size:
            break
    return np.clip(found[: int(len(sound) / speed)], -32768, 32767).astype(np.int16)


def mixed(sound: Sound, other: Sound, decibels: float) -> Sound:
    """A sound with another laid over it, so many decibels weaker."""
    other = np.resize(other, len(sound))
    gain = 10 ** ((level(sound) - level(other) - decibels) / 20)
    return np.clip(sound.astype(np.float64) + other * gain, -32768, 32767).astype(np.int16)

"""Lays the texture of one sound over that of another: searched at many paces, then followed along a line.

A texture is a row of signs for each twentieth of a second. Two recordings of the same words agree no better
than chance, since chance here is a voice's breath and a room's air; the same recording agrees through codecs,
noise and other voices.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.sound import BAND_EDGES
from videtur.engines.copies.sound_fingerprint import TEXTURE_BITS

PACES = (1.0, 0.97, 1.03, 0.94, 1.06, 0.91, 1.09, 0.88, 1.12, 0.85, 1.15, 0.82, 1.18, 0.8, 1.21, 1.25)
"""Seconds of the reference for one second of the query; the true one lies at most 0.016 from one of these."""
_SAME_PITCH = 0.035
"""Paces so near to 1 that both pitches are as good as one."""
_COARSE = 2
"""Rows taken together in the search."""
_CHUNK = 30
_EDGE = 20
_BLOCK = 3000
_LIVELY = 0.08
"""Share of the signs that must be up or down for a stretch to be heard as anything."""
_LEAST_Z = 3.5
_MOST_HITS = 48
_LAGS = 4
_WINDOW = 10
_HOPELESS = 3.5
"""Agreement, as a multiple of the spread of signs at random, below which a line is not followed."""
_PITCH_STEP = float(np.log(BAND_EDGES[1] / BAND_EDGES[0]) / (TEXTURE_BITS + 2))

Signs = NDArray[np.float32]


@dataclass(frozen=True)
class Line:
    """Row n of the query lies on row `pace * n + offset` of the reference."""

    pace: float
    offset: float
    pitch_kept: bool


@dataclass(frozen=True)
class Hit:
    """A stretch of the query that one place of the reference resembles most, and how far beyond chance."""

    line: Line
    centre: float
    z: float


@dataclass(frozen=True)
class Laid:
    """The query laid over the reference along a line, row by row."""

    line: Line
    agreement: NDArray[np.float64]
    """Sum of the products of signs in each row of the query."""
    mine: NDArray[np.float64]
    theirs: NDArray[np.float64]
    """How many signs are up or down in each row of the query, and of the reference there."""


def ways(paces: Sequence[float]) -> Iterator[tuple[float, bool]]:
    """Every pace with its pitch changed and kept."""
    for pace in paces:
        for pitch_kept in (True,) if abs(pace - 1) <= _SAME_PITCH else (False, True):
            yield pace, pitch_kept


def repitched(rows: Signs, pace: float, *, pitch_kept: bool) -> Signs:
    """The query's rows as they would be at the reference's pitch."""
    if pitch_kept or pace == 1.0:
        return rows
    places = np.arange(TEXTURE_BITS) + np.log(pace) / _PITCH_STEP
    low = np.floor(places).astype(int)
    share = np.asarray(places - low, dtype=np.float32)
    padded = np.pad(rows, ((0, 0), (4, 5)))
    return np.asarray(padded[:, low + 4] * (1 - share) + padded[:, low + 5] * share, np.float32)


def repaced(rows: Signs, pace: float) -> Signs:
    """The query's rows as they would fall at the reference's pace."""
    if pace == 1.0 or len(rows) < 2:
        return rows
    places = np.minimum(np.arange(int(len(rows) * pace)) / pace, len(rows) - 1.001)
    low = places.astype(int)
    share = np.asarray(places - low, dtype=np.float32)[:, None]
    return np.asarray(rows[low] * (1 - share) + rows[low + 1] * share, np.float32)


def search(query: Signs, reference: Signs, paces: Sequence[float]) -> list[Hit]:
    """Where chunks of the query lie best, at every pace; the strongest of them, first the strongest."""
    chunks: list[Signs] = []
    made: list[tuple[float, bool, int]] = []
    length = min(_CHUNK, max(1, int(len(query) * min(paces)) // _COARSE))
    for pace, pitch_kept in ways(paces):
        coarse = _coarse(repaced(repitched(query, pace, pitch_kept=pitch_kept), pace), 0, length)
        for first in _starts(len(coarse) - length, length):
            chunks.append(coarse[first : first + length].ravel())
            made.append((pace, pitch_kept, first))
    stacked = np.stack(chunks)
    energy = np.sqrt((stacked**2).sum(axis=1))
    lively = energy**2 > _LIVELY * _COARSE * stacked.shape[1]
    if not lively.any():
        return []
    stacked = stacked[lively] / energy[lively, None]
    made = [made[index] for index in np.flatnonzero(lively)]
    best, place = _correlated(stacked, reference, length)
    order = np.argsort(-best, kind="stable")[:_MOST_HITS]
    hits: list[Hit] = []
    for index in order[best[order] > _LEAST_Z]:
        pace, pitch_kept, first = made[int(index)]
        line = Line(pace, float(place[index] - first) * _COARSE, pitch_kept)
        hits.append(Hit(line, (first + length / 2) * _COARSE / pace, float(best[index])))
    return hits


def _coarse(rows: Signs, before: int, after: int) -> Signs:
    """Rows taken together, with silence before and after."""
    whole = rows[: len(rows) // _COARSE * _COARSE].reshape(-1, _COARSE, TEXTURE_BITS).sum(axis=1)
    return np.pad(whole, ((before, after), (0, 0)))


def _starts(rows: int, length: int) -> range:
    """Where chunks begin: one after another; of a short sound, half over one another."""
    if rows >= 2 * length:
        return range(0, rows - length // 3, length)
    return range(0, max(1, rows - length + 1), max(1, length // 2))


def _correlated(
    chunks: Signs, reference: Signs, length: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """For each chunk its highest correlation, as a multiple of the common spread, and its place."""
    coarse = _coarse(reference, _EDGE, _EDGE + length)
    weight = np.cumsum(np.concatenate([[0.0], (coarse.astype(np.float64) ** 2).sum(axis=1)]))
    energy = weight[length:] - weight[:-length]
    norms = np.sqrt(np.maximum(energy, _LIVELY * _COARSE * length * TEXTURE_BITS)).astype(np.float32)
    best = np.full(len(chunks), -np.inf)
    place = np.zeros(len(chunks), dtype=np.int64)
    spread, count = 0.0, 0
    for first in range(0, len(coarse) - length, _BLOCK):
        rows = np.ascontiguousarray(coarse[first : first + _BLOCK + length])
        windows = np.lib.stride_tricks.sliding_window_view(rows.ravel(), length * TEXTURE_BITS)[
            ::TEXTURE_BITS
        ]
        found = (chunks @ np.ascontiguousarray(windows).T) / norms[first : first + len(windows)]
        spread += float(np.square(found).sum(dtype=np.float64))
        count += found.size
        here = found.argmax(axis=1)
        highest = found[np.arange(len(found)), here]
        better = highest > best
        best[better], place[better] = highest[better], here[better] + first - _EDGE
    return best / max(np.sqrt(spread / max(1, count)), 1e-6), place


def refined(query: Signs, reference: Signs, hit: Hit) -> Line | None:
    """The line through a hit that agrees best, followed from there outwards; None where it leads nowhere."""
    line = hit.line
    rows = repitched(query, line.pace, pitch_kept=line.pitch_kept)
    reach = 0.0
    for half in (40, 160, 640, 2560):
        first, last = max(0, int(hit.centre - half)), min(len(query), int(hit.centre + half))
        lagged = _lagged(rows[first:last], reference, line, first)
        count = len(lagged[0]) // _WINDOW
        if not count:
            break
        windows = lagged[:, : count * _WINDOW].reshape(len(lagged), count, _WINDOW).sum(axis=2)
        middles = np.asarray(first + (np.arange(count) + 0.5) * _WINDOW - hit.centre, np.float64)
        line = _better(line, windows, middles, hit.centre, float(np.abs(middles).max(initial=1.0)))
        energy = float(np.square(rows[first:last]).sum(dtype=np.float64))
        if half > _WINDOW * 4 and windows[_LAGS - 1 : _LAGS + 2].sum(axis=1).max() < _HOPELESS * energy**0.5:
            return None
        if last - first <= reach:
            break
        reach = last - first
    return line


def finer(query: Signs, reference: Signs, line: Line, first: int, last: int) -> Line:
    """The line moved by parts of a row, as the stretch from one row to another has it."""
    rows = repitched(query, line.pace, pitch_kept=line.pitch_kept)
    lagged = _lagged(rows[first:last], reference, line, first)
    count = len(lagged[0]) // _WINDOW
    if not count:
        return line
    windows = lagged[:, : count * _WINDOW].reshape(len(lagged), count, _WINDOW).sum(axis=2)
    centre = (first + last) / 2
    middles = np.asarray(first + (np.arange(count) + 0.5) * _WINDOW - centre, np.float64)
    return _better(line, windows, middles, centre, 5 * float(np.abs(middles).max(initial=1.0)), 0.2)


def _better(
    line: Line,
    windows: NDArray[np.float64],
    middles: NDArray[np.float64],
    centre: float,
    half: float,
    grain: float = 1.0,
) -> Line:
    tilts = np.linspace(-3, 3, 13) / max(half, _WINDOW)
    shifts = np.linspace(-2, 2, 9) * grain
    lags = shifts[:, None, None] + tilts[None, :, None] * middles
    nearest = np.clip(np.rint(lags), 1 - _LAGS, _LAGS - 1).astype(int)
    off = np.clip(lags - nearest, -1.0, 1.0)
    columns = np.arange(len(middles))
    before, at, after = (windows[nearest + _LAGS + step, columns] for step in (-1, 0, 1))
    # A parabola through three lags: a straight line would never leave whole ones.
    sums = (at + off * (after - before) / 2 + off**2 * (after + before - 2 * at) / 2).sum(axis=2)
    shift, tilt = np.unravel_index(int(sums.argmax()), sums.shape)
    slope = float(tilts[tilt])
    return Line(line.pace + slope, line.offset + float(shifts[shift]) - slope * centre, line.pitch_kept)


def _lagged(rows: Signs, reference: Signs, line: Line, first: int) -> NDArray[np.float64]:
    """The agreement of each row at every lag from the line."""
    places = line.pace * (first + np.arange(len(rows))) + line.offset
    low = np.floor(places).astype(int)
    share = places - low
    low = np.clip(low, -_LAGS - 1, len(reference) + _LAGS)
    base = max(0, int(low.min()) - _LAGS)
    padded = np.pad(
        reference[base : int(low.max()) + _LAGS + 2],
        ((max(0, _LAGS - int(low.min())), max(0, int(low.max()) + _LAGS + 2 - len(reference))), (0, 0)),
    )
    starts = low - int(low.min())
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * _LAGS + 2, axis=0)[starts]
    products = np.einsum("ij,ijk->ki", rows, windows).astype(np.float64)
    return products[:-1] * (1 - share) + products[1:] * share


def laid(query: Signs, reference: Signs, line: Line) -> Laid:
    """The whole query along a line."""
    rows = repitched(query, line.pace, pitch_kept=line.pitch_kept)
    places = line.pace * np.arange(len(rows)) + line.offset
    low = np.floor(places).astype(int)
    share = np.asarray(places - low, dtype=np.float32)[:, None]
    padded = np.pad(reference, ((1, 1), (0, 0)))
    there = padded[np.clip(low + 1, 0, len(padded) - 1)] * (1 - share)
    there += padded[np.clip(low + 2, 0, len(padded) - 1)] * share
    return Laid(
        line,
        np.einsum("ij,ij->i", rows, there).astype(np.float64),
        np.square(rows).sum(axis=1, dtype=np.float64),
        np.square(there).sum(axis=1, dtype=np.float64),
    )


def elsewhere(stretch: Signs, sound: Signs) -> NDArray[np.float64]:
    """The correlation of a stretch with every place of a sound, from wholly before it to wholly after."""
    size = 1 << int(np.ceil(np.log2(len(stretch) + len(sound))))
    mine = np.fft.rfft(stretch[::-1], size, axis=0)
    products = (mine * np.fft.rfft(sound, size, axis=0)).sum(axis=1)
    sums = np.fft.irfft(products, size)[: len(stretch) + len(sound) - 1]
    energy = np.square(sound).sum(axis=1, dtype=np.float64)
    weight = np.cumsum(np.concatenate([[0.0], np.pad(energy, (len(stretch) - 1,) * 2)]))
    there = weight[len(stretch) :] - weight[: -len(stretch)]
    own = float(np.square(stretch).sum(dtype=np.float64))
    return np.asarray(sums / np.sqrt(max(own, 1.0) * np.maximum(there, own / 3 + 1.0)))

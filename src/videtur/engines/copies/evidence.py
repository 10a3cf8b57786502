"""What a person can look at: times, places and windows of a relation, told from query to reference."""

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.decision import Evidence, SharedSegment, Window, thousandths
from videtur.engines.copies.film import RATE, Film
from videtur.engines.copies.motion import WINDOW_FRAMES
from videtur.engines.copies.registration import Matrix, Proposal, Registration, matched_places
from videtur.engines.copies.verification import Found
from videtur.engines.media.timecode import MediaInterval, MediaTime

_SHOWN = (0.5, 0.15, 0.85)
_MOST_POINTS = 40
_MOST_WINDOWS = 600
_SAME_PLACE = 0.03


class Told:
    """Turns seconds of source and target into times of query and reference."""

    def __init__(self, source: Film, target: Film, *, swapped: bool) -> None:
        self._source, self._target, self._swapped = source, target, swapped

    def segment(self, entry: Found) -> SharedSegment:
        """The stretch, in the times of both files."""
        mine = MediaInterval(*(self._source.time_of(second) for second in entry.source_span))
        other = MediaInterval(*(self._target.time_of(second) for second in entry.target_span))
        query, reference = (other, mine) if self._swapped else (mine, other)
        return SharedSegment(query, reference, thousandths(entry.verdict.score))

    def of_stretch(self, entry: Found) -> Evidence:
        """The alignment, the agreement of motion over time, and three aligned moments of a stretch."""
        first, last = entry.source_span
        moments = [first + part * (last - first) for part in _SHOWN]
        stills = self._stills_near(entry)
        frames = [(second, entry.line.speed * second + entry.line.offset) for second in moments]
        points: NDArray[np.float64] = np.zeros((0, 4))
        if stills is not None:
            points = self._points(stills, entry.registration)
            mine, other = self._source.still_seconds[stills[0]], self._target.still_seconds[stills[1]]
            frames = [(float(mine), float(other)), *frames] if len(points) else frames
        return Evidence(
            matrix=self._matrix(entry.registration.matrix),
            windows=self._windows(entry),
            frames=tuple(self._pair(*pair) for pair in frames),
            points=self._told_points(points),
        )

    def of_proposal(self, proposal: Proposal) -> Evidence:
        """The moments and the map that make two pictures look alike, where nothing moves alike."""
        return Evidence(
            matrix=self._matrix(proposal.registration.matrix),
            windows=(),
            frames=(self._pair(proposal.source, proposal.target),),
        )

    def _pair(self, source: float, target: float) -> tuple[MediaTime, MediaTime]:
        mine, other = self._source.time_of(source), self._target.time_of(target)
        return (other, mine) if self._swapped else (mine, other)

    def _windows(self, entry: Found) -> tuple[Window, ...]:
        step = WINDOW_FRAMES / RATE
        seen = entry.seen
        alone = len(seen.moving) == entry.verdict.last - entry.verdict.first
        numbers = range(len(seen.moving)) if alone else range(entry.verdict.first, entry.verdict.last)
        begin = entry.source_from + (entry.verdict.first * step if alone else 0.0)
        windows: list[Window] = []
        for number in numbers[:_MOST_WINDOWS]:
            second = begin + (number + 0.5) * step
            pair = self._pair(second, entry.line.speed * second + entry.line.offset)
            likeness = thousandths(float(np.clip(seen.likeness[number], -1, 1)))
            windows.append(Window(*pair, likeness, bool(seen.moving[number])))
        return tuple(windows)

    def _matrix(self, matrix: Matrix) -> tuple[Decimal, ...]:
        told = np.linalg.inv(matrix) if self._swapped else matrix
        scaled = told / told[2, 2] if abs(told[2, 2]) > 1e-9 else told
        return tuple(Decimal(round(float(value) * 10**6)).scaleb(-6) for value in scaled.ravel())

    def _stills_near(self, entry: Found) -> tuple[int, int] | None:
        """The two stills nearest to one aligned moment; None where the stretch has none."""
        there = self._target.still_seconds
        best: tuple[float, int, int] | None = None
        for number, second in enumerate(self._source.still_seconds):
            if not entry.source_span[0] <= second <= entry.source_span[1] or not len(there):
                continue
            miss = np.abs(there - (entry.line.speed * second + entry.line.offset))
            nearest = int(miss.argmin())
            if best is None or float(miss[nearest]) < best[0]:
                best = float(miss[nearest]), number, nearest
        return best[1:] if best else None

    def _points(self, stills: tuple[int, int], registration: Registration) -> NDArray[np.float64]:
        mine, other = self._source.points_of(stills[0]), self._target.points_of(stills[1])
        if registration.negative:
            mine = mine.negated()
        return matched_places(mine, other, registration.matrix, _SAME_PLACE)[:_MOST_POINTS]

    def _told_points(
        self, points: NDArray[np.float64]
    ) -> tuple[tuple[Decimal, Decimal, Decimal, Decimal], ...]:
        order = [2, 3, 0, 1] if self._swapped else [0, 1, 2, 3]
        told: list[tuple[Decimal, Decimal, Decimal, Decimal]] = []
        for row in points[:, order]:
            x, y, across, down = (thousandths(float(value)) for value in row)
            told.append((x, y, across, down))
        return tuple(told)

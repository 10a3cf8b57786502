"""A fingerprint made ready for comparing: the proxy on an even clock, and points found in its stills."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.fingerprint import PictureFingerprint
from videtur.engines.copies.proxy import PIECE_PICTURES
from videtur.engines.copies.still_points import AT_A_GLANCE, StillPoints, points_in
from videtur.engines.media.timecode import MediaTime

RATE = 15.0
_COARSE_SIDE = 64
_PIECES_KEPT = 8
"""Some 80 seconds of film: a long one is never decoded as a whole at full size."""
_REDUCTION_STEP = 1.1
_POINTS = 300
_TURNED_DIRECTIONS = [0, 7, 6, 5, 4, 3, 2, 1]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Points:
    """The strongest points of one still, the strongest first: places as parts of the picture's width and
    height, and their descriptions."""

    seconds: float
    places: Floats
    words: Floats

    def mirrored(self) -> "Points":
        """As the mirrored still would have them: a description is four rows across its own direction, four
        columns along it, eight directions; a mirror turns the rows and the directions round."""
        cells = self.words.reshape(-1, 4, 4, 8)[:, ::-1, :, _TURNED_DIRECTIONS]
        places = self.places.copy()
        places[:, 0] = 1 - places[:, 0]
        return Points(self.seconds, places, np.ascontiguousarray(cells).reshape(-1, 128))

    def negated(self) -> "Points":
        """As the negative of the still would have them: directions turn by half, and the cells with them."""
        cells = self.words.reshape(-1, 4, 4, 8)[:, ::-1, ::-1]
        return Points(self.seconds, self.places, np.ascontiguousarray(cells).reshape(-1, 128))


class Film:
    """One picture fingerprint, with everything derived from it computed at most once."""

    def __init__(self, fingerprint: PictureFingerprint) -> None:
        self.fingerprint = fingerprint
        self._pieces: dict[int, NDArray[np.uint8]] = {}
        self._small_pieces: dict[tuple[int, tuple[int, int]], Floats] = {}
        self._small_coarse: dict[tuple[int, int], Floats] = {}
        self._points: dict[int, Points] = {}
        self._found: dict[int, StillPoints] = {}

    @cached_property
    def hash_seconds(self) -> NDArray[np.float64]:
        """Times of the hashes in seconds."""
        return np.asarray(self.fingerprint.pts * float(self.fingerprint.time_base), dtype=np.float64)

    @cached_property
    def _coarse(self) -> tuple[float, NDArray[np.uint8]]:
        times = self.fingerprint.proxy.seconds
        height, width = self.coarse_shape
        if not len(times):
            return 0.0, np.zeros((0, height, width), dtype=np.uint8)
        count = int((times[-1] - times[0]) * RATE + 1e-6) + 1
        wanted = times[0] + np.arange(count) / RATE
        mixed = np.empty((count, height, width), dtype=np.uint8)
        for first in range(0, count, PIECE_PICTURES):
            cut = slice(first, first + PIECE_PICTURES)
            for index, picture in enumerate(self.at(wanted[cut])):
                mixed[first + index] = (
                    cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA) + 0.5
                )
        return float(times[0]), mixed

    @property
    def start(self) -> float:
        """Seconds of the first picture."""
        return self._coarse[0]

    @property
    def coarse(self) -> NDArray[np.uint8]:
        """The whole film, small, at an even fifteen pictures a second, (n, height, width)."""
        return self._coarse[1]

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.coarse) / RATE

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of the proxy."""
        return self.fingerprint.proxy.shape

    @cached_property
    def coarse_shape(self) -> tuple[int, int]:
        """Height and width of the small film."""
        height, width = self.shape
        scale = min(1.0, _COARSE_SIDE / max(height, width, 1))
        return max(4, round(height * scale)), max(4, round(width * scale))

    def coarse_smaller(self, reduction: float) -> Floats:
        """The whole small film, made smaller still: see `smaller_shape`."""
        shape = smaller_shape(self.coarse_shape, reduction)
        if shape not in self._small_coarse:
            self._small_coarse[shape] = _shrunk(self.coarse, shape)
        return self._small_coarse[shape]

    def coarse_at(self, seconds: NDArray[np.float64]) -> Floats:
        """Small pictures at any times inside the film, mixed from the two nearest."""
        position = np.clip((seconds - self.start) * RATE, 0, len(self.coarse) - 1)
        lower = np.floor(position).astype(np.intp)
        upper = np.minimum(lower + 1, len(self.coarse) - 1)
        return _mixed(self.coarse[lower], self.coarse[upper], position - lower)

    def at(self, seconds: NDArray[np.float64], reduction: float = 1.0) -> Floats:
        """Pictures of the proxy at any times inside the film, mixed from the two nearest.

        They are made smaller by about `reduction` before they are mixed: see `smaller_shape`.
        """
        times = self.fingerprint.proxy.seconds
        shape = smaller_shape(self.shape, reduction)
        upper = np.clip(np.searchsorted(times, seconds), min(1, len(times) - 1), len(times) - 1)
        lower = np.maximum(upper - 1, 0)
        gap = np.maximum(times[upper] - times[lower], 1e-9)
        return _mixed(
            self._pictures(lower, shape),
            self._pictures(upper, shape),
            np.clip((seconds - times[lower]) / gap, 0, 1),
        )

    def nearest(self, seconds: NDArray[np.float64]) -> tuple[Floats, NDArray[np.float64]]:
        """Pictures of the proxy as they are, those nearest to the given times, and their own times."""
        times = self.fingerprint.proxy.seconds
        after = np.clip(np.searchsorted(times, seconds), min(1, len(times) - 1), len(times) - 1)
        before = np.maximum(after - 1, 0)
        numbers = np.where(seconds - times[before] < times[after] - seconds, before, after)
        return self._pictures(numbers, self.shape), times[numbers]

    def _pictures(self, numbers: NDArray[np.intp], shape: tuple[int, int]) -> Floats:
        found = np.empty((len(numbers), *shape), dtype=np.float32)
        pieces = numbers // PIECE_PICTURES
        for piece in np.unique(pieces):
            here = pieces == piece
            found[here] = self._small_piece(int(piece), shape)[numbers[here] % PIECE_PICTURES]
        return found

    def _small_piece(self, number: int, shape: tuple[int, int]) -> NDArray[np.uint8] | Floats:
        """A piece at a smaller size: a pair of films is laid over one another often at nearly one size."""
        if shape == self.shape:
            return self._piece(number)
        if (number, shape) not in self._small_pieces:
            if len(self._small_pieces) >= 4 * _PIECES_KEPT:
                self._small_pieces.pop(next(iter(self._small_pieces)))
            self._small_pieces[number, shape] = _shrunk(self._piece(number), shape)
        return self._small_pieces[number, shape]

    def rest(self) -> None:
        """Let go of what is quickly made again, until the film is compared with the next one."""
        self._pieces.clear()
        self._small_pieces.clear()
        self._small_coarse.clear()
        self._found.clear()

    def _piece(self, number: int) -> NDArray[np.uint8]:
        if number not in self._pieces:
            if len(self._pieces) >= _PIECES_KEPT:
                self._pieces.pop(next(iter(self._pieces)))
            self._pieces[number] = self.fingerprint.proxy.piece(number)
        return self._pieces[number]

    def time_of(self, seconds: float) -> MediaTime:
        """The nearest tick of the film's own time base: records hold ticks, not seconds."""
        base = self.fingerprint.proxy.time_base
        first, last = int(self.fingerprint.proxy.pts[0]), int(self.fingerprint.proxy.pts[-1])
        ticks = round(Fraction(seconds) / base)
        return MediaTime(min(max(ticks, first), last + max(1, round(Fraction(1, 15) / base))), base)

    @cached_property
    def points(self) -> tuple[Points, ...]:
        """Points of every still."""
        return tuple(self.points_of(number) for number in range(len(self.fingerprint.stills)))

    def points_of(self, number: int) -> Points:
        """Points of one still."""
        if number not in self._points:
            self._points[number] = self._strongest(number)
        return self._points[number]

    def found_in(self, number: int) -> StillPoints:
        """All that was found in one still, looked at closely; kept until the film rests."""
        if number not in self._found:
            self._found[number] = points_in(self.fingerprint.stills[number].jpeg)
        return self._found[number]

    @cached_property
    def still_seconds(self) -> NDArray[np.float64]:
        """Times of the stills in seconds."""
        return self.hash_seconds[[still.hash_index for still in self.fingerprint.stills]]

    def _strongest(self, number: int) -> Points:
        still = self.fingerprint.stills[number]
        found = self._found.get(number)
        if found is None:
            found = points_in(still.jpeg, AT_A_GLANCE)
        strongest = np.argsort(-found.strengths, kind="stable")[:_POINTS]
        places = found.places[strongest] / np.array([found.width, found.height], dtype=np.float32)
        return Points(float(self.hash_seconds[still.hash_index]), places, found.descriptions[strongest])


class NegativeFilm(Film):
    """A film seen as its negative: light for dark."""

    def __init__(self, film: Film) -> None:
        super().__init__(film.fingerprint)
        self._film = film

    def points_of(self, number: int) -> Points:
        """Points of one still of the negative."""
        return self._film.points_of(number).negated()

    def _piece(self, number: int) -> NDArray[np.uint8]:
        return 255 - super()._piece(number)


def smaller_shape(shape: tuple[int, int], reduction: float) -> tuple[int, int]:
    """Height and width of pictures made smaller by steps of a tenth, by no more than `reduction`.

    What is to be laid onto a coarser grid is shrunk by area first, or fine detail would turn into flicker.
    """
    if reduction < _REDUCTION_STEP:
        return shape
    factor = _REDUCTION_STEP ** int(np.log(reduction) / np.log(_REDUCTION_STEP) + 1e-9)
    return max(4, round(shape[0] / factor)), max(4, round(shape[1] / factor))


def _shrunk(pictures: NDArray[np.uint8], shape: tuple[int, int]) -> Floats:
    """Not rounded to whole grey levels: slow motion is less than one."""
    small = np.empty((len(pictures), *shape), dtype=np.float32)
    for index in range(len(pictures)):
        picture = pictures[index].astype(np.float32)
        cv2.resize(picture, (shape[1], shape[0]), small[index], interpolation=cv2.INTER_AREA)
    return small


def _mixed(
    lower: NDArray[np.uint8] | Floats, upper: NDArray[np.uint8] | Floats, part: NDArray[np.float64]
) -> Floats:
    weight = part.astype(np.float32)[:, None, None]
    return (lower * (1 - weight) + upper * weight).astype(np.float32)

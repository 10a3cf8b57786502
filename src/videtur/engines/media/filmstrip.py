"""A strip of small pictures along the time of a film, and one poster picture."""

from dataclasses import dataclass
from fractions import Fraction

import cv2
import numpy as np
from numpy.typing import NDArray

from videtur.engines.media.events import AnalysisFrame
from videtur.engines.media.images import encode_jpeg

ENGINE_VERSION = "1"
_COLUMNS = 10


@dataclass(frozen=True, slots=True)
class FilmstripLayout:
    """Where each tile stands in the sprite: left to right, top to bottom, `columns` in a row."""

    time_base: Fraction
    tile_width: int
    tile_height: int
    columns: int
    pts: tuple[int, ...]

    def as_json(self) -> dict[str, object]:
        """The form kept in filmstrip.json."""
        return {
            "time_base": [self.time_base.numerator, self.time_base.denominator],
            "tile": [self.tile_width, self.tile_height],
            "columns": self.columns,
            "tiles": [{"pts": pts} for pts in self.pts],
        }


@dataclass(frozen=True, slots=True)
class FinishedFilmstrip:
    """The sprite and the poster as JPEG, with the layout."""

    sprite: bytes
    layout: FilmstripLayout
    poster: bytes


class Filmstrip:
    """Collects tiles; their number is bounded whatever the length of the film.

    Every frame offered is kept until there are twice as many as wanted; then every other one goes, and
    from there on only every second is taken, and so on. What is left is evenly spread.
    """

    def __init__(self, most_tiles: int = 120, tile_side: int = 160) -> None:
        self._most = most_tiles
        self._side = tile_side
        self._tiles: list[tuple[int, NDArray[np.uint8]]] = []
        self._every = 1
        self._offered = 0
        self._time_base: Fraction | None = None
        self._size = (1, 1)
        self._poster: NDArray[np.uint8] | None = None
        self._poster_worth = -1.0

    def add(self, frame: AnalysisFrame) -> None:
        """Take the next frame, in presentation order."""
        if self._time_base is None:
            self._time_base = frame.time.time_base
            height, width = frame.image.shape[:2]
            scale = min(1.0, self._side / max(height, width))
            self._size = (max(1, round(width * scale)), max(1, round(height * scale)))
        if self._offered % self._every == 0:
            tile = cv2.resize(frame.image, self._size, interpolation=cv2.INTER_AREA)
            self._tiles.append((frame.time.pts, np.asarray(tile, np.uint8)))
            self._consider_poster(frame.image, self._tiles[-1][1])
            if len(self._tiles) >= 2 * self._most:
                self._tiles = self._tiles[::2]
                self._every *= 2
        self._offered += 1

    def finish(self) -> FinishedFilmstrip | None:
        """Return sprite, layout and poster; None when there was no frame."""
        if self._time_base is None or self._poster is None:
            return None
        tiles = self._tiles
        if len(tiles) > self._most:
            tiles = [tiles[at * len(tiles) // self._most] for at in range(self._most)]
        width, height = self._size
        columns = min(len(tiles), _COLUMNS)
        rows = -(-len(tiles) // columns)
        sprite = np.zeros((rows * height, columns * width, 3), np.uint8)
        for number, (_, image) in enumerate(tiles):
            top, left = number // columns * height, number % columns * width
            sprite[top : top + height, left : left + width] = image
        layout = FilmstripLayout(self._time_base, width, height, columns, tuple(pts for pts, _ in tiles))
        return FinishedFilmstrip(encode_jpeg(sprite, 75), layout, encode_jpeg(self._poster, 85))

    def _consider_poster(self, image: NDArray[np.uint8], tile: NDArray[np.uint8]) -> None:
        """The poster is the first frame with clearly more to see than those before: no black, no fade."""
        worth = float(tile.std())
        if worth > 1.5 * self._poster_worth or self._poster is None:
            self._poster, self._poster_worth = image, worth

"""A strip of small pictures along the time of a film, and one poster picture."""

from dataclasses import dataclass
from fractions import Fraction

from videtur.engines.media.events import AnalysisFrame

ENGINE_VERSION = "1"


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
    """Collects tiles; their number is bounded whatever the length of the film."""

    def __init__(self, most_tiles: int = 120, tile_side: int = 160) -> None:
        self.most_tiles = most_tiles
        self.tile_side = tile_side

    def add(self, frame: AnalysisFrame) -> None:
        """Take the next frame, in presentation order."""
        raise NotImplementedError

    def finish(self) -> FinishedFilmstrip | None:
        """Return sprite, layout and poster; None when there was no frame."""
        raise NotImplementedError

"""Where one shot ends and the next begins."""

from dataclasses import dataclass
from fractions import Fraction

from videtur.engines.media.events import ProxyFrame
from videtur.engines.media.timecode import MediaTime

ENGINE_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Shot:
    """From `start_pts` up to but not including `end_pts`."""

    start_pts: int
    end_pts: int


@dataclass(frozen=True, slots=True)
class Shots:
    """All shots of one picture stream, without gaps."""

    time_base: Fraction
    shots: tuple[Shot, ...]

    def as_json(self) -> dict[str, object]:
        """The form kept in shots.json."""
        return {
            "time_base": [self.time_base.numerator, self.time_base.denominator],
            "shots": [{"start_pts": shot.start_pts, "end_pts": shot.end_pts} for shot in self.shots],
        }


class ShotFinder:
    """Finds cuts, one proxy frame at a time."""

    def add(self, frame: ProxyFrame) -> None:
        """Take the next frame, in presentation order."""
        raise NotImplementedError

    def finish(self, end: MediaTime | None = None) -> Shots | None:
        """Return all shots; None when there was no frame. `end` closes the last shot when known."""
        raise NotImplementedError

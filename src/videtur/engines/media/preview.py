"""A small copy of a film that any browser plays, with its presentation times kept."""

from dataclasses import dataclass
from fractions import Fraction
from typing import BinaryIO

from videtur.engines.media.limits import Limits
from videtur.engines.media.sandbox import DecodingSandbox

ENGINE_VERSION = "1"


@dataclass(frozen=True, slots=True)
class PreviewFacts:
    """Preview second t shows the original's pts with t = (pts - offset_pts) * time_base."""

    offset_pts: int
    time_base: Fraction
    width: int | None
    height: int | None
    has_picture: bool
    has_sound: bool

    def as_json(self) -> dict[str, object]:
        """The summary kept with the derivation."""
        return {
            "offset_pts": self.offset_pts,
            "time_base": [self.time_base.numerator, self.time_base.denominator],
            "width": self.width,
            "height": self.height,
            "has_picture": self.has_picture,
            "has_sound": self.has_sound,
        }


def render_preview(
    source: BinaryIO,
    destination: BinaryIO,
    sandbox: DecodingSandbox,
    limits: Limits | None = None,
) -> PreviewFacts:
    """Write an MP4 (H.264, AAC, at most 480 pixels a side) to `destination`, from its start on."""
    raise NotImplementedError

"""A small copy of a film that any browser plays, with its presentation times kept."""

import shutil
import tempfile
from dataclasses import dataclass
from fractions import Fraction
from typing import BinaryIO

from videtur.engines.media.limits import Limits
from videtur.engines.media.sandbox import DecodingSandbox, answer
from videtur.errors import Refused

ENGINE_VERSION = "1"
_CHUNK = 1 << 20


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
    # The child writes to a file without a name; only finished previews reach the destination.
    with tempfile.TemporaryFile() as spool:
        values, _ = answer(sandbox, "preview", source, {}, limits or Limits(), spool.fileno())
        match values:
            case {"offset": int(offset), "time_base": [int(top), int(bottom)]} if top > 0 and bottom > 0:
                spool.seek(0)
                shutil.copyfileobj(spool, destination, _CHUNK)
            case _:
                raise Refused("The preview could not be made", why="the encoder's answer makes no sense")
    width, height = values.get("width"), values.get("height")
    has_picture = isinstance(width, int) and isinstance(height, int)
    return PreviewFacts(
        offset_pts=offset,
        time_base=Fraction(top, bottom),
        width=width if isinstance(width, int) else None,
        height=height if isinstance(height, int) else None,
        has_picture=has_picture,
        has_sound=values.get("has_sound") is True,
    )

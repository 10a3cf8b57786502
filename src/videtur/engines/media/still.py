"""One picture of a film, exactly the one shown at a presentation time."""

from typing import BinaryIO

from videtur.engines.media.images import encode_jpeg, upright
from videtur.engines.media.limits import Limits
from videtur.engines.media.sandbox import DecodingSandbox, answer
from videtur.engines.media.timecode import MediaTime
from videtur.errors import Refused

ENGINE_VERSION = "1"
_QUALITY = 95


def still(source: BinaryIO, time: MediaTime, sandbox: DecodingSandbox, limits: Limits | None = None) -> bytes:
    """Return as JPEG, upright and full size, the frame shown at `time`.

    That is the last frame whose presentation time is not after `time`; the first frame before that.
    """
    values, blobs = answer(sandbox, "still", source, {"instant": str(time.instant)}, limits or Limits())
    match values:
        case {
            "width": int(width),
            "height": int(height),
            "row": int(row),
            "orientation": [bool(a), bool(b), bool(c)],
        }:
            pixels = memoryview(b"".join(blobs))
            if width > 0 and height > 0 and row >= 3 * width and len(pixels) == row * height:
                turn = (a, b, c)
                return encode_jpeg(upright(pixels, width, height, row, 3, turn), _QUALITY)
        case _:
            pass
    raise Refused("The picture could not be read", why="the decoder's answer makes no sense")

"""What lies under a solid fill does not reach the copy: not by a pixel, not by the encoder's choices."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from tests.engines.redaction.moving import HEIGHT, UNEVEN, WIDTH, picture, plan_for, rendered
from videtur.engines.media.sandbox import DecodingSandbox
from videtur.engines.redaction.plan import Box


def _without_loss(path: Path, faces: int, place: Box) -> Path:
    """The same film but for what stands in one place: drawn anew for each number of `faces`."""
    draws = np.random.default_rng(faces)
    with av.open(str(path), "w") as output:
        stream = output.add_stream("ffv1", 25)
        assert isinstance(stream, av.VideoStream)
        context = stream.codec_context
        context.width, context.height, context.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        context.time_base = stream.time_base = Fraction(1, 1000)
        for number, pts in enumerate(UNEVEN):
            plain = av.VideoFrame.from_ndarray(picture(number), format="rgb24").reformat(format="yuv420p")
            planes = plain.to_ndarray()
            top, bottom, left, right = map(int, (place.top, place.bottom, place.left, place.right))
            if faces:
                planes[top:bottom, left:right] = draws.integers(16, 235, (bottom - top, right - left))
                chroma = planes[HEIGHT:].reshape(2, HEIGHT // 2, WIDTH // 2)
                drawn = draws.integers(16, 240, (2, (bottom - top) // 2, (right - left) // 2))
                chroma[:, top // 2 : bottom // 2, left // 2 : right // 2] = drawn
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts, frame.time_base = pts, Fraction(1, 1000)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


@pytest.mark.parametrize("place", [Box(64, 32, 96, 80), Box(65, 33, 95, 79)])
def test_whatever_lies_under_a_mask_the_copy_is_the_same_byte_for_byte(
    tmp_path: Path, sandbox: DecodingSandbox, place: Box
) -> None:
    copies: list[bytes] = []
    for faces in (0, 1, 2):
        path = _without_loss(tmp_path / f"{faces}.mkv", faces, Box(64, 32, 96, 80))
        with rendered(path, sandbox, plan_for(path, sandbox, [place] * len(UNEVEN))) as (copy, _):
            copy.seek(0)
            copies.append(copy.read())
    assert copies[0] == copies[1] == copies[2]


def test_without_a_mask_it_is_another(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    copies: list[bytes] = []
    for faces in (1, 2):
        path = _without_loss(tmp_path / f"{faces}.mkv", faces, Box(64, 32, 96, 80))
        with rendered(path, sandbox, plan_for(path, sandbox, [Box(0, 0, 8, 8)] * len(UNEVEN))) as (copy, _):
            copy.seek(0)
            copies.append(copy.read())
    assert copies[0] != copies[1]

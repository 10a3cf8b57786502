"""A film with a coloured square that moves over a busy ground, and the plan that covers it."""

import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
from numpy.typing import NDArray

from videtur.engines.media.events import PictureStream, PresentationTimes
from videtur.engines.media.frames import every_frame
from videtur.engines.media.sandbox import DecodingSandbox
from videtur.engines.redaction.checking import Checked, check
from videtur.engines.redaction.plan import (
    Box,
    KeyFrame,
    PictureFacts,
    RedactionPlan,
    Shot,
    Track,
    digest_of_times,
)
from videtur.engines.redaction.rendering import Rendered, UnsignedShots, render

SIDE = 24
UNEVEN = (0, 40, 73, 120, 133, 200, 240, 280, 413, 433, 466, 500, 540, 573, 600)
"""Presentation times in milliseconds: a rate that varies."""
WIDTH, HEIGHT = 176, 120
GREEN = (20, 220, 40)


def corner(number: int) -> tuple[int, int]:
    """Left and top of the square in picture `number`, as stored."""
    return 8 + 9 * number, 20 + 4 * number


def picture(number: int) -> NDArray[np.uint8]:
    """Busy ground, and the square."""
    ground = np.random.default_rng(7).integers(60, 255, (HEIGHT // 8, WIDTH // 8, 3), np.uint8)
    ground[:, :, 1] //= 3  # nothing but the square is green
    image = ground.repeat(8, axis=0).repeat(8, axis=1)
    left, top = corner(number)
    image[top : top + SIDE, left : left + SIDE] = GREEN
    return image


def write_moving(
    path: Path, times: Sequence[int] = UNEVEN, turned: int = 0, sound: bool = False, options: str = "0"
) -> Path:
    """The film; its sound, if any, is a tone."""
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", 25, {"preset": "ultrafast", "crf": "10", "bf": options})
        context = stream.codec_context
        context.width, context.height, context.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        context.time_base = stream.time_base = Fraction(1, 1000)
        context.thread_count = 1
        if turned:
            stream.set_display_rotation(turned)
        heard = output.add_stream("aac", 44_100, layout="stereo") if sound else None
        for number, pts in enumerate(times):
            frame = av.VideoFrame.from_ndarray(picture(number), format="rgb24").reformat(format="yuv420p")
            frame.pts, frame.time_base = pts, Fraction(1, 1000)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
        if heard is not None:
            seconds = (times[-1] - times[0]) / 1000 + 0.1
            tone = (8000 * np.sin(np.arange(int(seconds * 44_100)) * 0.06)).astype(np.int16)
            start = times[0] * 44_100 // 1000
            for at in range(0, len(tone) - 1023, 1024):
                block = av.AudioFrame.from_ndarray(
                    np.repeat(tone[at : at + 1024], 2).reshape(1, -1), format="s16", layout="stereo"
                )
                block.sample_rate, block.time_base = 44_100, Fraction(1, 44_100)
                block.pts = start + at
                output.mux(heard.encode(block))
            output.mux(heard.encode(None))
    return path


def facts_of(path: Path, sandbox: DecodingSandbox) -> tuple[PictureFacts, list[int]]:
    """What a plan says of the picture, and the presentation times."""
    times: list[int] = []
    size, base = (0, 0), Fraction(1)
    with path.open("rb") as source:
        for event in every_frame(source, sandbox):
            if isinstance(event, PictureStream):
                size, base = (event.width, event.height), event.time_base
            elif isinstance(event, PresentationTimes):
                times += event.pts.tolist()
    return PictureFacts(*size, base, len(times), digest_of_times(times)), times


def plan_for(path: Path, sandbox: DecodingSandbox, boxes: Sequence[Box]) -> RedactionPlan:
    """One track with a box for each picture; one shot, not signed; mute."""
    facts, times = facts_of(path, sandbox)
    frames = tuple(KeyFrame(pts, box, 0.9) for pts, box in zip(times, boxes, strict=True))
    return RedactionPlan(
        input_sha256="0" * 64,
        picture=facts,
        tracks=(Track("one", "head", frames, "test@0"),),
        shots=(Shot(times[0], times[-1] + 1),),
        detectors=("test 1 0",),
    )


def squares(count: int = len(UNEVEN), margin: int = 4) -> list[Box]:
    """The square's place in each picture, as stored, with a margin."""
    return [
        Box(left - margin, top - margin, left + SIDE + margin, top + SIDE + margin)
        for left, top in map(corner, range(count))
    ]


@contextmanager
def rendered(
    path: Path,
    sandbox: DecodingSandbox,
    plan: RedactionPlan,
    unsigned_shots: UnsignedShots = "show",
    kept: Path | None = None,
) -> Generator[tuple[BinaryIO, Rendered]]:
    """The copy as an open file."""
    with tempfile.TemporaryFile() as target, path.open("rb") as source:
        made = render(source, target.fileno(), sandbox, plan, seed=b"s" * 16, unsigned_shots=unsigned_shots)
        if kept is not None:
            target.seek(0)
            kept.write_bytes(target.read())
        yield target, made


def checked(path: Path, sandbox: DecodingSandbox, made_for: RedactionPlan, held_to: RedactionPlan) -> Checked:
    """Render by one plan, check by another: as if the rendering had gone wrong."""
    with rendered(path, sandbox, made_for) as (copy, made):
        return check(copy, sandbox, held_to, made)


def shifted(plan: RedactionPlan, across: float = 0, pictures: int = 0) -> RedactionPlan:
    """The plan with its masks moved: in pixels, or by a number of key frames later."""
    track = plan.tracks[0]
    frames = track.key_frames
    moved: list[KeyFrame] = []
    for number, frame in enumerate(frames):
        left, top, right, bottom = frames[max(0, number - pictures)].box.corners
        moved.append(KeyFrame(frame.pts, Box(left + across, top, right + across, bottom)))
    return replace(plan, tracks=(replace(track, key_frames=tuple(moved)),))


def greenest(image: NDArray[np.uint8]) -> float:
    """The share of the picture that has the square's colour, 0 to 1."""
    near = np.abs(image.astype(int) - np.array(GREEN)).max(axis=2) < 60
    return float(near.mean())

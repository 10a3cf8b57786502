"""The clip of faces in the test data, its boxes, and what may be done to it before it is looked at."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

CLIP = Path("faces/videos/short_hamilton_clip.mp4")
Corners = tuple[float, float, float, float]


@dataclass(frozen=True)
class Clip:
    """A film and where the faces are in it, by number of the picture."""

    path: Path
    width: int
    height: int
    faces: Mapping[int, Mapping[str, Corners]]


def annotated(folder: Path) -> Clip:
    """The clip as it is. Pictures that nobody annotated are left out."""
    path = folder / CLIP
    told: dict[str, Any] = json.loads(path.with_suffix(".gt.json").read_text())
    faces = {
        int(frame["index"]): {name: tuple(each["box"]) for name, each in frame["boxes"].items()}
        for frame in told["frames"]
        if frame["annotated"]
    }
    return Clip(path, int(told["width"]), int(told["height"]), faces)


def degraded(
    clip: Clip,
    path: Path,
    height: int,
    crf: int,
    *,
    first: int = 0,
    count: int | None = None,
    times: Callable[[int], int] | None = None,
    turned: int = 0,
    tiles: int = 1,
    light: float = 1,
    mirrored: bool = False,
) -> Clip:
    """Encode it anew, smaller and worse, its presentation times kept or given in milliseconds by number.

    `turned`: stored on its side, with the note to turn it back by so many degrees. `tiles`: so many small
    copies across and down, every other one mirrored: many small faces. `light`: brightness to so much of it.
    """
    one = (round(clip.width * height / clip.height / tiles / 2) * 2, height // tiles)
    width, height = one[0] * tiles, one[1] * tiles
    with av.open(str(clip.path)) as source, av.open(str(path), "w") as output:
        picture = source.streams.video[0]
        stream = output.add_stream("libx264", picture.average_rate, {"crf": str(crf), "preset": "medium"})
        context = stream.codec_context
        base = picture.time_base if times is None else Fraction(1, 1000)
        assert base is not None
        context.time_base = stream.time_base = base
        context.thread_count = 1
        context.pix_fmt = "yuv420p"
        context.width, context.height = (height, width) if turned % 180 else (width, height)
        if turned:
            stream.set_display_rotation(turned)
        behind = None if count is None else first + count
        for number, frame in enumerate(islice(source.decode(picture), first, behind)):
            small = frame.reformat(*one, "rgb24").to_ndarray().astype(np.float32) * light
            rows = [
                np.hstack([small[:, ::-1] if _flipped(at, mirrored) else small for at in row])
                for row in _grid(tiles)
            ]
            stored = np.ascontiguousarray(np.rot90(np.vstack(rows), -turned // 90), np.uint8)
            made = av.VideoFrame.from_ndarray(stored, format="rgb24").reformat(format="yuv420p")
            made.pts, made.time_base = frame.pts if times is None else times(number), base
            output.mux(stream.encode(made))
        output.mux(stream.encode(None))
    faces: dict[int, dict[str, Corners]] = {}
    for number, boxes in clip.faces.items():
        if first <= number and (count is None or number < first + count):
            faces[number - first] = {
                f"{name} {at}" if tiles > 1 else name: _placed(
                    clip, box, one, at, tiles, _flipped(at, mirrored)
                )
                for name, box in boxes.items()
                for at in range(tiles * tiles)
            }
    return Clip(path, width, height, faces)


def _grid(tiles: int) -> list[list[int]]:
    return [[row * tiles + column for column in range(tiles)] for row in range(tiles)]


def _flipped(at: int, mirrored: bool) -> bool:
    return bool(at % 2) ^ mirrored


def _placed(clip: Clip, box: Corners, one: tuple[int, int], at: int, tiles: int, flipped: bool) -> Corners:
    across, down = one[0] / clip.width, one[1] / clip.height
    left, right = box[0] * across, box[2] * across
    if flipped:
        left, right = one[0] - right, one[0] - left
    x, y = at % tiles * one[0], at // tiles * one[1]
    return left + x, box[1] * down + y, right + x, box[3] * down + y


@dataclass(frozen=True)
class Score:
    """How well the faces of a clip are covered."""

    persons: int
    protected: int
    """Persons of whom at least nine tenths of the face are covered in every picture."""
    boxes: int
    covered: int
    false_area: float
    """Mean share of the picture that is covered outside of twice the face boxes. Faces that nobody
    annotated count as false."""


def score(clip: Clip, masks: Mapping[int, list[Corners]]) -> Score:
    """Hold masks, by number of the picture, against the clip's faces."""
    whole: dict[str, bool] = {}
    boxes = covered = 0
    false: list[float] = []
    for number, faces in clip.faces.items():
        masked = _drawn(clip, masks.get(number, []))
        near = _drawn(clip, [_twice(box) for box in faces.values()])
        false.append(float((masked & ~near).mean()))
        for name, box in faces.items():
            left, top, right, bottom = (round(side) for side in _inside(clip, box))
            part = masked[top:bottom, left:right]
            kept = not part.size or float(part.mean()) >= 0.9
            boxes += 1
            covered += kept
            whole[name] = whole.get(name, True) and kept
    return Score(len(whole), sum(whole.values()), boxes, covered, float(np.mean(false)))


def _drawn(clip: Clip, boxes: list[Corners]) -> NDArray[np.bool_]:
    drawn = np.zeros((clip.height, clip.width), np.bool_)
    for box in boxes:
        left, top, right, bottom = _inside(clip, box)
        drawn[int(top) : int(np.ceil(bottom)), int(left) : int(np.ceil(right))] = True
    return drawn


def _inside(clip: Clip, box: Corners) -> Corners:
    left, top, right, bottom = box
    return (
        min(max(left, 0), clip.width),
        min(max(top, 0), clip.height),
        min(max(right, 0), clip.width),
        min(max(bottom, 0), clip.height),
    )


def _twice(box: Corners) -> Corners:
    left, top, right, bottom = box
    across, down = (right - left) / 2, (bottom - top) / 2
    return left - across, top - down, right + across, bottom + down


def times_of(path: Path) -> Iterator[int]:
    """Presentation times in the order of the pictures, without our own decoder."""
    with av.open(str(path)) as source:
        for frame in source.decode(video=0):
            assert frame.pts is not None
            yield frame.pts

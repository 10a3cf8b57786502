"""Draws the stand-in films: plain figures in a yard. Nothing is real or graphic; nobody is harmed."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Colour = tuple[int, int, int]
WIDTH, HEIGHT, RATE = 640, 360, 15
_CANVAS_WIDTH = 1050
_SCALE = HEIGHT / 480
"""Lengths below are those of a picture 480 high."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One drawn place with walkers; all of it follows from the seed."""

    seed: int
    seconds: int
    caption: str
    lying: int = 0
    """Figures that lie on the ground from the beginning, facing down, moving a little."""
    brought: tuple[float, ...] = ()
    """Seconds at which one more figure comes from the van and lies down beside the others."""


def ground_of(scene: Scene) -> Picture:
    """The still part of the scene, to be given to `picture`."""
    random = np.random.default_rng(scene.seed)
    canvas = np.zeros((HEIGHT, _CANVAS_WIDTH, 3), np.uint8)
    horizon = int(HEIGHT * random.uniform(0.38, 0.5))
    sky_top, sky_low = random.integers(90, 160, 3), random.integers(160, 225, 3)
    blend = np.linspace(0, 1, horizon)[:, None, None]
    canvas[:horizon] = (sky_top * (1 - blend) + sky_low * blend).astype(np.uint8)
    earth = random.integers(60, 130, 3)
    coarse = random.normal(0, 9, (HEIGHT // 9, _CANVAS_WIDTH // 9))
    texture = cv2.resize(coarse, (_CANVAS_WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)[..., None]
    grain = random.normal(0, 3, (HEIGHT, _CANVAS_WIDTH, 1))
    canvas[horizon:] = np.clip(earth + (texture + grain)[horizon:], 0, 255).astype(np.uint8)
    for _ in range(7):
        _house(canvas, random, horizon)
    for _ in range(16):
        _tree(canvas, random, horizon)
    for _ in range(45):
        _crate(canvas, random, horizon)
    if scene.brought:
        _van(canvas)
    return canvas


def picture(scene: Scene, ground: Picture, index: int) -> Picture:
    """Picture number `index`: the place under a swaying camera, its people, the mark of a stand-in."""
    random = np.random.default_rng(scene.seed + 1)
    time = index / RATE
    canvas = ground.copy()
    for place in range(scene.lying):
        _lying(canvas, place, time)
    for order, second in enumerate(scene.brought):
        _brought(canvas, scene.lying + order, time - second)
    for walker in range(9):
        start, pace = random.uniform(0, _CANVAS_WIDTH), random.uniform(-38, 38) * _SCALE
        depth, phase = random.uniform(0.6, 0.95), random.uniform(0, 6)
        coat = _colour(random.integers(30, 150, 3))
        pause = 1.0 if (time + phase) % 9 > 2.5 else 0.15
        x = int((start + pace * time * pause) % _CANVAS_WIDTH)
        size = int((60 + 75 * depth) * _SCALE)
        _figure(canvas, x, int(HEIGHT * depth), size, coat, time * (1.4 + walker / 9) + phase)
    left = int((_CANVAS_WIDTH - WIDTH) / 2 * (1 + 0.15 * np.sin(time / 6.5 + scene.seed)))
    lift = (3.0 * np.sin(time * 2.1) + 2.0 * np.sin(time * 3.7)) * _SCALE
    matrix = np.array([[1, 0.004 * np.sin(time), -left], [0, 1, lift]], np.float64)
    view = cv2.warpAffine(canvas, matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT)
    return marked(np.asarray(view, np.uint8), scene.caption)


def marked(view: Picture, caption: str, foot: bool = False) -> Picture:
    """The picture with a caption on a dark ground, above at the left or at its foot at the right."""
    font, size, ink = cv2.FONT_HERSHEY_SIMPLEX, 0.45 * view.shape[0] / HEIGHT, (250, 250, 250)
    (width, height), below = cv2.getTextSize(caption, font, size, 1)
    x, y = (view.shape[1] - width - 8, view.shape[0] - below - 6) if foot else (8, height + 8)
    cv2.rectangle(view, (x - 4, y - height - 4), (x + width + 4, y + below), (24, 24, 26), -1)
    cv2.putText(view, caption, (x, y), font, size, ink, 1, cv2.LINE_AA)
    return view


def _colour(values: NDArray[np.int64]) -> Colour:
    red, green, blue = (int(value) for value in values)
    return red, green, blue


def _house(canvas: Picture, random: np.random.Generator, horizon: int) -> None:
    x, width = int(random.integers(0, _CANVAS_WIDTH - 45)), int(random.integers(52, 142))
    foot = horizon + 9
    top = foot - int(random.integers(38, 105))
    cv2.rectangle(canvas, (x, top), (x + width, foot), _colour(random.integers(95, 205, 3)), -1)
    roof = np.array([[x - 6, top], [x + width + 6, top], [x + width // 2, top - 32]], np.int32)
    cv2.fillPoly(canvas, [roof], _colour(random.integers(60, 130, 3)))
    for left in range(x + 9, x + width - 15, 22):
        cv2.rectangle(canvas, (left, top + 15), (left + 10, top + 30), (45, 52, 66), -1)


def _tree(canvas: Picture, random: np.random.Generator, horizon: int) -> None:
    x, size = int(random.integers(0, _CANVAS_WIDTH)), int(random.integers(9, 35))
    cv2.line(canvas, (x, horizon + 6), (x, horizon - size), (70, 50, 35), 3)
    green = _colour(random.integers((20, 60, 20), (60, 120, 60)))
    cv2.circle(canvas, (x, horizon - size), size // 2 + 5, green, -1)


def _crate(canvas: Picture, random: np.random.Generator, horizon: int) -> None:
    x, y = int(random.integers(0, _CANVAS_WIDTH - 38)), int(random.integers(horizon + 15, HEIGHT - 15))
    width, height = int(random.integers(8, 35)), int(random.integers(6, 23))
    cv2.rectangle(canvas, (x, y - height), (x + width, y), _colour(random.integers(30, 230, 3)), -1)
    ink = _colour(random.integers(0, 255, 3))
    for _ in range(3):
        ends = random.integers((x, y - height), (x + width, y + 1), (2, 2)).tolist()
        cv2.line(canvas, ends[0], ends[1], ink, 2)


_VAN = (700, 250)
"""Where the van stands on the canvas: its near lower corner."""


def _van(canvas: Picture) -> None:
    x, y = _VAN
    cv2.rectangle(canvas, (x, y - 62), (x + 120, y - 10), (96, 108, 112), -1)
    cv2.rectangle(canvas, (x + 92, y - 54), (x + 114, y - 34), (52, 62, 74), -1)
    for wheel in (24, 98):
        cv2.circle(canvas, (x + wheel, y - 8), 10, (28, 28, 30), -1, cv2.LINE_AA)


def _berth(place: int) -> tuple[int, int]:
    """Where the figure number `place` lies: two rows in the middle of the yard."""
    return 380 + 62 * (place % 5), 300 + 34 * (place // 5)


def _lying(canvas: Picture, place: int, time: float) -> None:
    x, y = _berth(place)
    stir = int(2.4 * np.sin(time * (0.9 + place * 0.23) + place) + 1.6 * np.sin(time * (2.3 - place * 0.19)))
    coat = (70 + 9 * place, 84, 60 + 6 * place)
    cv2.line(canvas, (x, y), (x + 26, y), coat, 9, cv2.LINE_AA)
    cv2.line(canvas, (x + 26, y), (x + 48, y + stir), (44, 46, 42), 6, cv2.LINE_AA)
    cv2.circle(canvas, (x - 8, y + stir // 2), 6, (150, 128, 112), -1, cv2.LINE_AA)


def _brought(canvas: Picture, place: int, since: float) -> None:
    """One more figure: walks from the van to its place in six seconds, then lies there."""
    if since < 0:
        return
    if since >= 6:
        _lying(canvas, place, since)
        return
    (x, y), share = _berth(place), since / 6
    walked = int(_VAN[0] + (x - _VAN[0]) * share), int(_VAN[1] + (y - _VAN[1]) * share)
    _figure(canvas, *walked, 74, (70 + 9 * place, 84, 60 + 6 * place), since * 2)


def _figure(canvas: Picture, x: int, y: int, size: int, coat: Colour, phase: float) -> None:
    swing = int(size * 0.16 * np.sin(phase * 3))
    hip, neck = (x, y - size // 3), (x, y - int(size * 0.8))
    cv2.line(canvas, hip, (x - swing, y), (40, 40, 46), 4, cv2.LINE_AA)
    cv2.line(canvas, hip, (x + swing, y), (40, 40, 46), 4, cv2.LINE_AA)
    cv2.line(canvas, neck, hip, coat, max(5, size // 6), cv2.LINE_AA)
    cv2.line(canvas, (x, neck[1] + 6), (x + swing, hip[1] - 3), coat, 4, cv2.LINE_AA)
    cv2.circle(canvas, (x, neck[1] - size // 9), size // 8, (176, 150, 130), -1, cv2.LINE_AA)

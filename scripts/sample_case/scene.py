"""Draws the stand-in films: plain figures walking through a drawn yard. Nothing is real or graphic."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Colour = tuple[int, int, int]
WIDTH, HEIGHT, RATE = 854, 480, 25
_CANVAS_WIDTH = 1400


@dataclass(frozen=True, slots=True)
class Scene:
    """One drawn place with walkers; all of it follows from the seed."""

    seed: int
    seconds: int
    caption: str


def ground_of(scene: Scene) -> Picture:
    """The still part of the scene, to be given to `picture`."""
    random = np.random.default_rng(scene.seed)
    canvas = np.zeros((HEIGHT, _CANVAS_WIDTH, 3), np.uint8)
    horizon = int(HEIGHT * random.uniform(0.38, 0.5))
    sky_top, sky_low = random.integers(90, 160, 3), random.integers(160, 225, 3)
    blend = np.linspace(0, 1, horizon)[:, None, None]
    canvas[:horizon] = (sky_top * (1 - blend) + sky_low * blend).astype(np.uint8)
    earth = random.integers(60, 130, 3)
    coarse = random.normal(0, 9, (HEIGHT // 12, _CANVAS_WIDTH // 12))
    texture = cv2.resize(coarse, (_CANVAS_WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)[..., None]
    grain = random.normal(0, 3, (HEIGHT, _CANVAS_WIDTH, 1))
    canvas[horizon:] = np.clip(earth + (texture + grain)[horizon:], 0, 255).astype(np.uint8)
    for _ in range(7):
        _house(canvas, random, horizon)
    for _ in range(16):
        _tree(canvas, random, horizon)
    for _ in range(45):
        _crate(canvas, random, horizon)
    return canvas


def picture(scene: Scene, ground: Picture, index: int) -> Picture:
    """Picture number `index`: the place under a swaying camera, walkers, the mark of a stand-in."""
    random = np.random.default_rng(scene.seed + 1)
    time = index / RATE
    canvas = ground.copy()
    for walker in range(9):
        start, pace = random.uniform(0, _CANVAS_WIDTH), random.uniform(-38, 38)
        depth, phase = random.uniform(0.6, 0.95), random.uniform(0, 6)
        coat = _colour(random.integers(30, 150, 3))
        pause = 1.0 if (time + phase) % 9 > 2.5 else 0.15
        x = int((start + pace * time * pause) % _CANVAS_WIDTH)
        _figure(canvas, x, int(HEIGHT * depth), int(60 + 75 * depth), coat, time * (1.4 + walker / 9) + phase)
    left = int((_CANVAS_WIDTH - WIDTH) / 2 * (1 + 0.15 * np.sin(time / 6.5 + scene.seed)))
    lift = 3.0 * np.sin(time * 2.1) + 2.0 * np.sin(time * 3.7)
    matrix = np.array([[1, 0.004 * np.sin(time), -left], [0, 1, lift]], np.float64)
    view = cv2.warpAffine(canvas, matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT)
    cv2.putText(view, scene.caption, (14, 26), cv2.FONT_HERSHEY_SIMPLEX, 0.55, (20, 20, 20), 4, cv2.LINE_AA)
    cv2.putText(
        view, scene.caption, (14, 26), cv2.FONT_HERSHEY_SIMPLEX, 0.55, (250, 250, 250), 1, cv2.LINE_AA
    )
    return np.asarray(view, np.uint8)


def _colour(values: NDArray[np.int64]) -> Colour:
    red, green, blue = (int(value) for value in values)
    return red, green, blue


def _house(canvas: Picture, random: np.random.Generator, horizon: int) -> None:
    x, width = int(random.integers(0, _CANVAS_WIDTH - 60)), int(random.integers(70, 190))
    foot = horizon + 12
    top = foot - int(random.integers(50, 140))
    cv2.rectangle(canvas, (x, top), (x + width, foot), _colour(random.integers(95, 205, 3)), -1)
    roof = np.array([[x - 8, top], [x + width + 8, top], [x + width // 2, top - 42]], np.int32)
    cv2.fillPoly(canvas, [roof], _colour(random.integers(60, 130, 3)))
    for left in range(x + 12, x + width - 20, 30):
        cv2.rectangle(canvas, (left, top + 20), (left + 14, top + 40), (45, 52, 66), -1)


def _tree(canvas: Picture, random: np.random.Generator, horizon: int) -> None:
    x, size = int(random.integers(0, _CANVAS_WIDTH)), int(random.integers(12, 46))
    cv2.line(canvas, (x, horizon + 8), (x, horizon - size), (70, 50, 35), 4)
    green = _colour(random.integers((20, 60, 20), (60, 120, 60)))
    cv2.circle(canvas, (x, horizon - size), size // 2 + 6, green, -1)


def _crate(canvas: Picture, random: np.random.Generator, horizon: int) -> None:
    x, y = int(random.integers(0, _CANVAS_WIDTH - 50)), int(random.integers(horizon + 20, HEIGHT - 20))
    width, height = int(random.integers(10, 46)), int(random.integers(8, 30))
    cv2.rectangle(canvas, (x, y - height), (x + width, y), _colour(random.integers(30, 230, 3)), -1)
    ink = _colour(random.integers(0, 255, 3))
    for _ in range(3):
        ends = random.integers((x, y - height), (x + width, y + 1), (2, 2)).tolist()
        cv2.line(canvas, ends[0], ends[1], ink, 2)


def _figure(canvas: Picture, x: int, y: int, size: int, coat: Colour, phase: float) -> None:
    swing = int(size * 0.16 * np.sin(phase * 3))
    hip, neck = (x, y - size // 3), (x, y - int(size * 0.8))
    cv2.line(canvas, hip, (x - swing, y), (40, 40, 46), 5, cv2.LINE_AA)
    cv2.line(canvas, hip, (x + swing, y), (40, 40, 46), 5, cv2.LINE_AA)
    cv2.line(canvas, neck, hip, coat, max(7, size // 6), cv2.LINE_AA)
    cv2.line(canvas, (x, neck[1] + 8), (x + swing, hip[1] - 4), coat, 5, cv2.LINE_AA)
    cv2.circle(canvas, (x, neck[1] - size // 9), size // 8, (176, 150, 130), -1, cv2.LINE_AA)

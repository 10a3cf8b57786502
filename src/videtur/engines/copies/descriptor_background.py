"""Pictures of nothing in particular, drawn by ourselves: what a likeness is measured against.

They stand for what looks like much else: bare walls, skies, dark rooms, blurred shapes, crowds of leaves,
lines of text, figures before a wall. No footage, so no licence and nobody's face; the same every time.
"""

from collections.abc import Callable, Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
_SIZE = (180, 320)
_EACH = 12


def drawn_pictures() -> Iterator[Picture]:
    """The pictures, always the same, RGB."""
    for number in range(_EACH * len(_KINDS)):
        draw = np.random.default_rng([20261128, number])
        picture = _KINDS[number % len(_KINDS)](draw)
        tint = draw.uniform(0.75, 1.0, 3)
        noisy = picture * tint + draw.normal(0, draw.uniform(1, 6), picture.shape)
        yield np.clip(noisy, 0, 255).astype(np.uint8)


def _slope(draw: np.random.Generator) -> NDArray[np.float64]:
    """Light that falls off over a bare surface."""
    rows, columns = np.mgrid[0 : _SIZE[0], 0 : _SIZE[1]] / _SIZE[1]
    way = draw.normal(0, 1, 2)
    light = way[0] * rows + way[1] * columns
    light = (light - light.min()) / max(float(np.ptp(light)), 1e-6)
    low, high = np.sort(draw.uniform(10, 250, 2))
    return (low + (high - low) * light)[..., None].repeat(3, axis=2)


def _clouds(draw: np.random.Generator) -> NDArray[np.float64]:
    """Noise with the spectrum of natural pictures: foliage, smoke, rubble."""
    across = np.hypot(np.fft.fftfreq(_SIZE[0])[:, None] * _SIZE[0], np.fft.rfftfreq(_SIZE[1]) * _SIZE[1])
    weight = 1 / np.maximum(across, 1) ** draw.uniform(0.8, 1.8)
    planes: list[NDArray[np.float64]] = []
    for _ in range(3):
        noise = np.fft.rfft2(draw.normal(0, 1, _SIZE)) * weight
        plane = np.fft.irfft2(noise, s=_SIZE)
        planes.append((plane - plane.mean()) / plane.std())
    mixed = planes[0][..., None] + 0.3 * np.stack(planes, axis=2)
    return draw.uniform(70, 170) + draw.uniform(20, 55) * mixed


def _leaves(draw: np.random.Generator) -> NDArray[np.float64]:
    """Shapes that cover one another: what an untidy room looks like from far away."""
    picture = np.full((*_SIZE, 3), draw.uniform(40, 200), np.float64)
    for _ in range(int(draw.integers(60, 260))):
        centre = (int(draw.uniform(0, _SIZE[1])), int(draw.uniform(0, _SIZE[0])))
        axes = (int(4 + draw.pareto(1.6) * 8) % 120, int(4 + draw.pareto(1.6) * 8) % 120)
        colour = tuple(float(value) for value in draw.uniform(0, 255, 3))
        cv2.ellipse(picture, centre, axes, float(draw.uniform(0, 180)), 0, 360, colour, -1)
    return picture


def _boxes(draw: np.random.Generator) -> NDArray[np.float64]:
    """Upright rectangles: walls, doors, windows, a city."""
    picture = _slope(draw)
    for _ in range(int(draw.integers(6, 40))):
        left, top = draw.uniform(0, _SIZE[1]), draw.uniform(0, _SIZE[0])
        right, bottom = left + draw.uniform(8, 130), top + draw.uniform(8, 130)
        colour = tuple(float(value) for value in draw.uniform(0, 255, 3))
        cv2.rectangle(picture, (int(left), int(top)), (int(right), int(bottom)), colour, -1)
    return picture


def _figures(draw: np.random.Generator) -> NDArray[np.float64]:
    """A floor, a wall, and figures that stand before it."""
    picture = _slope(draw) * 0.5 + draw.uniform(20, 110)
    floor = int(_SIZE[0] * draw.uniform(0.5, 0.85))
    picture[floor:] = picture[floor:] * draw.uniform(0.4, 0.9)
    for _ in range(int(draw.integers(1, 6))):
        tall = draw.uniform(50, 150)
        foot = (int(draw.uniform(20, _SIZE[1] - 20)), min(_SIZE[0] - 1, floor + int(draw.uniform(0, 40))))
        body, head = float(draw.uniform(0, 200)), float(draw.uniform(60, 220))
        middle = (foot[0], int(foot[1] - tall * 0.42))
        cv2.ellipse(picture, middle, (int(tall * 0.15), int(tall * 0.42)), 0, 0, 360, (body,) * 3, -1)
        top = (foot[0], int(foot[1] - tall * 0.92))
        cv2.circle(picture, top, int(tall * 0.09), (head, head * 0.8, head * 0.7), -1)
    return cv2.GaussianBlur(picture, (0, 0), float(draw.uniform(0.5, 2.5))).astype(np.float64)


def _text(draw: np.random.Generator) -> NDArray[np.float64]:
    """Lines of writing, as on title cards and screens."""
    card = (_slope(draw) * 0.3).astype(np.uint8)
    light = float(draw.uniform(180, 255))
    for line in range(int(draw.integers(2, 8))):
        letters = "".join(chr(int(code)) for code in draw.integers(65, 91, int(draw.integers(4, 22))))
        place = (int(draw.uniform(4, 60)), 24 + line * 22)
        size = float(draw.uniform(0.4, 1.0))
        cv2.putText(card, letters, place, cv2.FONT_HERSHEY_SIMPLEX, size, (light,) * 3, 2)
    return card.astype(np.float64)


def _night(draw: np.random.Generator) -> NDArray[np.float64]:
    """Darkness with a few blurred lights."""
    picture = np.full((*_SIZE, 3), draw.uniform(4, 22), np.float64)
    for _ in range(int(draw.integers(1, 12))):
        centre = (int(draw.uniform(0, _SIZE[1])), int(draw.uniform(0, _SIZE[0])))
        colour = tuple(float(value) for value in draw.uniform(90, 255, 3))
        cv2.circle(picture, centre, int(draw.uniform(2, 24)), colour, -1)
    return cv2.GaussianBlur(picture, (0, 0), float(draw.uniform(2, 14))).astype(np.float64)


def _blurred(draw: np.random.Generator) -> NDArray[np.float64]:
    """A picture out of focus: padding of upright films, a shaken camera."""
    plain = (_leaves, _boxes, _figures)[int(draw.integers(0, 3))](draw)
    return cv2.GaussianBlur(plain, (0, 0), float(draw.uniform(6, 24))).astype(np.float64)


_KINDS: tuple[Callable[[np.random.Generator], NDArray[np.float64]], ...] = (
    _slope,
    _clouds,
    _leaves,
    _boxes,
    _figures,
    _text,
    _night,
    _blurred,
)

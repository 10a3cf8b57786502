"""What is done to the pictures of a copy. Each change draws its parameters once, then changes them all."""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np

from benchmarks.copies.films import Draw, Film, Picture, fitted

Change = Callable[[Picture, float], Picture]
"""A picture and its second, changed."""
Maker = Callable[[Draw, Film, Film], Change]
"""Draws the parameters for a film, with other footage at hand."""

_SAYINGS = (
    "Nobody saw them after the morning",
    "They said it was an order",
    "BREAKING: footage from the scene",
    "Очевидець зняв це вранці біля школи",
    "Ніхто не знає, де вони тепер",
    "СРОЧНО: кадры с места событий",
    "Подписывайтесь на наш канал",
    "Source: social networks",
)


def _even(value: float) -> int:
    return max(2, int(value) // 2 * 2)


def _scaled(picture: Picture, width: int, height: int) -> Picture:
    way = cv2.INTER_AREA if width < picture.shape[1] else cv2.INTER_LINEAR
    return cv2.resize(picture, (width, height), interpolation=way).astype(np.uint8, copy=False)


def words(
    picture: Picture, text: str, place: tuple[int, int], high: int, colour: tuple[int, int, int]
) -> None:
    """Write a line, in Latin or Cyrillic, with a dark edge."""
    face: Any = cv2.FontFace("sans")
    write: Any = cv2.putText
    for dx, dy in ((-1, -1), (1, 1), (1, -1), (-1, 1)):
        write(picture, text, (place[0] + dx, place[1] + dy), (10, 10, 10), face, high, 600)
    write(picture, text, place, colour, face, high, 600)


def resize(draw: Draw, film: Film, other: Film) -> Change:
    """A height of 160 to 300."""
    width, height = film.size
    high = _even(float(draw.uniform(160, 301)))
    wide = _even(width * high / height)
    return lambda picture, _: _scaled(picture, wide, high)


def crop(draw: Draw, film: Film, other: Film) -> Change:
    """20 to 40 per cent of width and of height cut away, anywhere."""
    width, height = film.size
    wide, high = _even(width * draw.uniform(0.6, 0.8)), _even(height * draw.uniform(0.6, 0.8))
    left, top = int(draw.uniform(0, width - wide)), int(draw.uniform(0, height - high))
    return lambda picture, _: picture[top : top + high, left : left + wide]


def mirror(draw: Draw, film: Film, other: Film) -> Change:
    """Left for right."""
    return lambda picture, _: picture[:, ::-1]


def reframe(draw: Draw, film: Film, other: Film) -> Change:
    """9:16 or 4:5 out of a wider picture, anywhere; of an upright one a square."""
    width, height = film.size
    shape = float(draw.choice([9 / 16, 4 / 5]))
    if width / height <= shape * 1.2:
        wide, high = width, _even(width * draw.uniform(0.9, 1.1))
        high = min(high, height)
    else:
        wide, high = _even(height * shape), height
    left, top = int(draw.uniform(0, width - wide + 1)), int(draw.uniform(0, height - high + 1))
    return lambda picture, _: picture[top : top + high, left : left + wide]


def bars(draw: Draw, film: Film, other: Film) -> Change:
    """Letterbox or pillarbox: the canvas 1.25 to 1.75 times one side."""
    width, height = film.size
    factor, flat = float(draw.uniform(1.25, 1.75)), draw.random() < 0.5
    wide, high = (width, _even(height * factor)) if flat else (_even(width * factor), height)
    colour = (0, 0, 0) if draw.random() < 0.8 else (255, 255, 255)
    left, top = (wide - width) // 2, (high - height) // 2

    def change(picture: Picture, second: float) -> Picture:
        return cv2.copyMakeBorder(
            picture, top, high - height - top, left, wide - width - left, cv2.BORDER_CONSTANT, value=colour
        ).astype(np.uint8, copy=False)

    return change


def padding(draw: Draw, film: Film, other: Film) -> Change:
    """A 9:16 canvas, or 16:9 for an upright film, with the enlarged blurred picture behind."""
    width, height = film.size
    wide, high = (width, _even(width * 16 / 9)) if width >= height else (_even(height * 16 / 9), height)
    scale = min(1.0, 640 / max(wide, high))
    canvas = _even(wide * scale), _even(high * scale)
    inner = _even(width * scale), _even(height * scale)
    left, top = (canvas[0] - inner[0]) // 2, (canvas[1] - inner[1]) // 2

    def change(picture: Picture, second: float) -> Picture:
        small = _scaled(picture, max(2, canvas[0] // 8), max(2, canvas[1] // 8))
        behind = cv2.resize(cv2.blur(small, (5, 5)), canvas, interpolation=cv2.INTER_LINEAR)
        behind[top : top + inner[1], left : left + inner[0]] = _scaled(picture, *inner)
        return behind.astype(np.uint8, copy=False)

    return change


def overlay(draw: Draw, film: Film, other: Film) -> Change:
    """A bar of 10 to 24 per cent of the height, changing subtitles in Latin or Cyrillic, a logo."""
    width, height = film.size
    bar = int(height * draw.uniform(0.10, 0.24))
    colour = tuple(int(value) for value in draw.integers(0, 120, 3))
    lines = [str(line) for line in draw.permutation(np.array(_SAYINGS))[:4]]
    corner, radius = (int(width * float(draw.choice([0.1, 0.9]))), height // 10), width // 14
    solid, high = draw.random() < 0.6, max(9, int(min(bar * 0.5, width / 18)))

    def change(picture: Picture, second: float) -> Picture:
        changed = picture.copy()
        if solid:
            changed[height - bar :] = colour
        line = lines[int(second / 1.7) % len(lines)]
        words(changed, line, (8, height - bar // 3), high, (255, 240, 60))
        cv2.circle(changed, corner, radius, (200, 30, 30), -1)
        cv2.circle(changed, corner, radius // 2, (250, 250, 250), 3)
        return changed

    return change


def top_text(draw: Draw, film: Film, other: Film) -> Change:
    """Text burnt in at the top, standing still, with a date."""
    width, _ = film.size
    high = max(9, int(width / draw.uniform(14, 22)))
    line, date = str(draw.choice(_SAYINGS)), f"{draw.integers(1, 29):02}.{draw.integers(1, 13):02}.2022"

    def change(picture: Picture, second: float) -> Picture:
        changed = picture.copy()
        words(changed, line, (6, high + 6), high, (255, 255, 255))
        words(changed, date, (6, 2 * high + 14), high, (240, 240, 80))
        return changed

    return change


def stickers(draw: Draw, film: Film, other: Film) -> Change:
    """Two to five faces and hearts stuck on; one of them bounces."""
    width, height = film.size
    spots = draw.uniform(0.1, 0.9, (int(draw.integers(2, 6)), 2)) * [width, height]
    radius = int(min(width, height) * draw.uniform(0.07, 0.13))

    def change(picture: Picture, second: float) -> Picture:
        changed = picture.copy()
        for number, (x, y) in enumerate(spots):
            lift = int(radius * 0.4 * np.sin(second * 5)) if number == 0 else 0
            middle = int(x), int(y) + lift
            cv2.circle(changed, middle, radius, (250, 210, 40), -1, cv2.LINE_AA)
            for side in (-1, 1):
                eye = middle[0] + side * radius // 3, middle[1] - radius // 4
                cv2.circle(changed, eye, radius // 7 + 1, (40, 30, 20), -1)
            cv2.ellipse(changed, middle, (radius // 2, radius // 2), 0, 20, 160, (40, 30, 20), 2)
        return changed

    return change


def inset(draw: Draw, film: Film, other: Film) -> Change:
    """Picture in picture: 34 to 56 per cent of the width, any corner, other footage around."""
    width, height = other.size
    wide = _even(width * draw.uniform(0.34, 0.56))
    high = _even(wide * film.size[1] / film.size[0])
    if high > height * 0.9:
        wide, high = _even(wide * height * 0.9 / high), _even(height * 0.9)
    edge = int(width * 0.02)
    left = int(draw.choice([edge, width - wide - edge]))
    top = int(draw.choice([edge, max(edge, height - high - edge)]))
    top = min(top, height - high)

    def change(picture: Picture, second: float) -> Picture:
        canvas = other.at(second).copy()
        canvas[top : top + high, left : left + wide] = _scaled(picture, wide, high)
        return canvas

    return change


def split(draw: Draw, film: Film, other: Film) -> Change:
    """Two films in one frame, above one another or side by side, under a headline as the news has it."""
    width, height = film.size
    share = float(draw.uniform(0.55, 0.75))
    above, first = width >= height, draw.random() < 0.5
    head = _even(height * 0.12)
    inner = _even(width * share), _even(height * share)
    canvas = (inner[0], inner[1] * 2 + head) if above else (inner[0] * 2, inner[1] + head)
    line = str(draw.choice(_SAYINGS))

    def change(picture: Picture, second: float) -> Picture:
        both = [_scaled(picture, *inner), fitted(other.at(second), *inner)]
        both = both if first else both[::-1]
        body = np.concatenate(both, axis=0 if above else 1)
        frame = np.zeros((canvas[1], canvas[0], 3), np.uint8)
        frame[:head] = (150, 20, 20)
        words(frame, line, (6, head - head // 3), max(8, min(head // 2, canvas[0] // 22)), (255, 255, 255))
        frame[head:] = body
        return frame

    return change


def filmed_screen(draw: Draw, film: Film, other: Film) -> Change:
    """Corners moved up to 13 per cent, tilt up to 3.5 degrees, a swaying hand, noise, washed, soft."""
    width, height = film.size
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    inward = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])
    moved = corners + inward * draw.uniform(-0.02, 0.13, (4, 2)) * [width, height]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(draw.uniform(-3.5, 3.5)), 1.0)
    moved = moved @ turn[:, :2].T + turn[:, 2]
    phase, sway = draw.uniform(0, 6, 4), width * float(draw.uniform(0.001, 0.005))
    soft, wash = float(draw.uniform(0.6, 1.3)), float(draw.uniform(0.65, 0.9))
    lift = float(draw.uniform(15, 50))
    grain = np.clip(draw.normal(128, draw.uniform(3, 8), (3, height + 8, width + 8, 3)), 0, 255).astype(
        np.uint8
    )
    shade = tuple(int(value) for value in draw.integers(10, 60, 3))

    def change(picture: Picture, second: float) -> Picture:
        hand = np.array([np.sin(second * 2.7 + phase[0]), np.cos(second * 1.8 + phase[1])]) * sway
        matrix = cv2.getPerspectiveTransform(corners, (moved + hand).astype(np.float32))
        laid = cv2.warpPerspective(picture, matrix, (width, height), borderValue=shade)
        laid = cv2.convertScaleAbs(cv2.GaussianBlur(laid, (0, 0), soft), alpha=wash, beta=lift)
        number, shift = int(second * 997) % 3, int(second * 613) % 8
        part = grain[number, shift : shift + height, shift : shift + width]
        return cv2.addWeighted(laid, 1, part, 1, -128).astype(np.uint8, copy=False)

    return change


def blur(draw: Draw, film: Film, other: Film) -> Change:
    """A box blur of radius 2 to 6."""
    side = int(draw.integers(2, 7)) * 2 + 1
    return lambda picture, _: cv2.blur(picture, (side, side)).astype(np.uint8, copy=False)


def colour(draw: Draw, film: Film, other: Film) -> Change:
    """Grey, hue turned, contrast, gamma, brightness or negative; one or two of them."""
    ways = draw.permutation(np.array(["grey", "hue", "contrast", "gamma", "brightness", "negative"]))[
        : int(draw.integers(1, 3))
    ]
    turn, gain = (
        int(draw.integers(20, 160)),
        float(draw.choice([draw.uniform(0.5, 0.8), draw.uniform(1.25, 1.7)])),
    )
    power = float(draw.choice([draw.uniform(0.5, 0.8), draw.uniform(1.3, 2.0)]))
    lift = float(draw.choice([-1, 1]) * draw.uniform(25, 60))
    table = np.arange(256, dtype=np.float64)
    for way in ways:
        match way:
            case "contrast":
                table = (table - 128) * gain + 128
            case "gamma":
                table = 255 * (np.clip(table, 0, 255) / 255) ** power
            case "brightness":
                table = table + lift
            case "negative":
                table = 255 - table
            case _:
                pass
    lookup = np.clip(table, 0, 255).astype(np.uint8)

    def change(picture: Picture, second: float) -> Picture:
        if "hue" in ways:
            hue = cv2.cvtColor(picture, cv2.COLOR_RGB2HSV)
            hue[..., 0] = ((hue[..., 0].astype(np.int16) + turn) % 180).astype(np.uint8)
            picture = cv2.cvtColor(hue, cv2.COLOR_HSV2RGB).astype(np.uint8, copy=False)
        if "grey" in ways:
            grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
            picture = cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB).astype(np.uint8, copy=False)
        return lookup[picture]

    return change


def quarter_turn(draw: Draw, film: Film, other: Film) -> Change:
    """Turned by 90 degrees one way or the other, burnt in."""
    times = int(draw.choice([1, 3]))
    return lambda picture, _: np.rot90(picture, times)


def half_turn(draw: Draw, film: Film, other: Film) -> Change:
    """Upside down, burnt in."""
    return lambda picture, _: picture[::-1, ::-1]


def squeeze(draw: Draw, film: Film, other: Film) -> Change:
    """Another shape without cutting: one side 1.2 to 1.5 times."""
    width, height = film.size
    factor = float(draw.uniform(1.2, 1.5))
    wide, high = (width, _even(height / factor)) if draw.random() < 0.5 else (_even(width / factor), height)
    return lambda picture, _: _scaled(picture, wide, high)


def sharp_noise(draw: Draw, film: Film, other: Film) -> Change:
    """Sharpened, then film grain over it."""
    width, height = film.size
    strength = float(draw.uniform(0.8, 1.8))
    grain = np.clip(draw.normal(128, draw.uniform(8, 16), (4, height, width, 3)), 0, 255).astype(np.uint8)

    def change(picture: Picture, second: float) -> Picture:
        soft = cv2.GaussianBlur(picture, (0, 0), 2)
        sharp = cv2.addWeighted(picture, 1 + strength, soft, -strength, 0)
        return cv2.addWeighted(sharp, 1, grain[int(second * 1009) % 4], 1, -128).astype(np.uint8, copy=False)

    return change


def drift(draw: Draw, film: Film, other: Film) -> Change:
    """As stabilised or zoomed by an editor: enlarged, place and size drifting slowly."""
    width, height = film.size
    base, grow = float(draw.uniform(1.08, 1.2)), float(draw.uniform(0.02, 0.12))
    pace, phase = draw.uniform(0.3, 1.1, 3), draw.uniform(0, 6, 3)

    def change(picture: Picture, second: float) -> Picture:
        wave = np.sin(pace * second * 2 + phase)
        turn = cv2.getRotationMatrix2D(
            (width / 2, height / 2), float(wave[2] * 0.8), base + grow * second / film.end
        )
        turn[:, 2] += wave[:2] * width * 0.02
        return cv2.warpAffine(picture, turn, (width, height), borderMode=cv2.BORDER_REFLECT).astype(
            np.uint8, copy=False
        )

    return change


def fade(draw: Draw, film: Film, other: Film) -> Change:
    """In from black and out to black, 0.5 to 1.5 seconds each."""
    rise, fall = float(draw.uniform(0.5, 1.5)), float(draw.uniform(0.5, 1.5))

    def change(picture: Picture, second: float) -> Picture:
        share = min(1.0, second / rise, (film.end - second) / fall)
        return cv2.convertScaleAbs(picture, alpha=max(0.0, share)).astype(np.uint8, copy=False)

    return change

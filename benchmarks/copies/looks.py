"""Footage drawn by seed: places with depth, figures and things that move in them, cameras of many habits."""

from dataclasses import dataclass, field
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.copies.films import Draw, Picture

PLACES = ("room", "street", "field", "yard")
CAMERAS = ("still", "sway", "pan", "walk")
RATES = (24.0, 25.0, 30.0, 60.0, 0.0)
"""Pictures a second; nought is a rate that varies."""


@dataclass(frozen=True)
class Look:
    """What a piece of drawn footage looks like: the place comes from `seed`, the movement from the take."""

    seed: int
    place: str
    camera: str
    figures: int
    things: int
    vigour: float
    light: float
    noise: float
    width: int
    height: int
    rate: float
    seconds: float
    sound: str

    def times(self) -> NDArray[np.float64]:
        """When its pictures stand."""
        if self.rate:
            return np.arange(int(self.seconds * self.rate)) / self.rate
        steps = np.random.default_rng(self.seed + 5).choice([1 / 30, 1 / 30, 1 / 24, 1 / 15, 1 / 60], 2000)
        times = np.concatenate([[0.0], np.cumsum(steps)])
        return times[times < self.seconds]


@dataclass(frozen=True)
class Stand:
    """Where a camera stands and what it is like, against the first camera of the place."""

    aside: float = 0.0
    up: float = 0.0
    zoom: float = 1.0
    roll: float = 0.0
    gain: float = 1.0
    warmth: float = 0.0
    seed: int = 0
    later: float = 0.0


def look_of(seed: int, number: int) -> Look:
    """A look; the number runs through places, cameras and rates, so that all occur."""
    draw = np.random.default_rng(seed)
    width, height = [(640, 360), (480, 270), (360, 480), (480, 360), (270, 480)][number % 5]
    return Look(
        seed,
        PLACES[number % 4],
        CAMERAS[(number // 2) % 4],
        int(draw.integers(0, 3)) if number % 3 else 2,
        int(draw.integers(1, 4)),
        0.25 if number % 7 == 3 else float(draw.uniform(0.7, 1.3)),
        0.3 if number % 6 == 4 else float(draw.uniform(0.8, 1.1)),
        float(draw.uniform(1.5, 6.0)),
        width,
        height,
        RATES[(number * 2 + number // 5) % 5],
        float(draw.uniform(8.4, 10.0)) if number % 4 in (0, 3) else float(draw.uniform(4.5, 6.5)),
        ("voices", "street", "", "music")[(number + number // 4) % 4],
    )


def wandering(draw: Draw, size: int, pace: float) -> "Wander":
    """A path of its own: sines of unrelated pace."""
    return Wander(draw.uniform(0.25, 1.6, (size, 4)) * pace, draw.uniform(0, 6.28, (size, 4)))


@dataclass(frozen=True)
class Wander:
    """Values that wander smoothly between about -1 and 1."""

    pace: NDArray[np.float64]
    phase: NDArray[np.float64]

    def at(self, second: float) -> NDArray[np.float64]:
        """All values at a second."""
        waves = np.sin(self.pace * second * 2.4 + self.phase) * np.array([0.5, 0.3, 0.25, 0.15])
        return waves.sum(axis=1)


@dataclass
class Layer:
    """A cut-out of the place at a depth; pixels without cover are seen through."""

    picture: Picture
    cover: NDArray[np.uint8] | None
    depth: float


@dataclass
class Stage:
    """A place made ready: its layers from far to near, and who moves in it in one take."""

    look: Look
    layers: list[Layer]
    figures: list["Figure"] = field(default_factory=list["Figure"])
    things: list["Thing"] = field(default_factory=list["Thing"])


def texture(draw: Draw, height: int, width: int, base: NDArray[np.float64], contrast: float) -> Picture:
    """Fractal noise about a colour, with stains and grain."""
    total = np.zeros((height, width), np.float32)
    for octave in (4, 9, 20, 45, 110):
        rows, columns = max(2, octave * height // width), max(2, octave)
        part = draw.normal(0, 1, (rows, columns)).astype(np.float32)
        total += cv2.resize(part, (width, height), interpolation=cv2.INTER_CUBIC) / octave**0.45
    total += draw.normal(0, 0.25, (height, width)).astype(np.float32)
    total = total / float(total.std()) * contrast
    tint = draw.uniform(0.7, 1.3, 3)
    return np.clip(base + total[..., None] * tint, 0, 255).astype(np.uint8)


def _colour(draw: Draw) -> tuple[int, int, int]:
    return int(draw.integers(20, 236)), int(draw.integers(20, 236)), int(draw.integers(20, 236))


def _furnish(draw: Draw, picture: Picture, place: str) -> None:
    """Windows, boards, tiles, lettering: the edges a place has."""
    height, width = picture.shape[:2]
    if place in ("room", "yard"):
        floor = int(height * draw.uniform(0.55, 0.75))
        picture[floor:] = (picture[floor:] * draw.uniform(0.5, 0.8, 3)).astype(np.uint8)
        boards = int(draw.integers(12, 30))
        for board in range(boards):
            x = -width + 3 * width * board / (boards - 1)
            cv2.line(
                picture, (int(width / 2 + (x - width / 2) * 0.5), floor), (int(x), height), _colour(draw), 1
            )
    columns, rows = int(draw.integers(3, 9)), int(draw.integers(1, 4))
    if place == "street":
        wall = _colour(draw)
        for column in range(columns):
            for row in range(rows + 2):
                x, y = int(column * width / columns + 6), int(row * height * 0.16 + 10)
                cv2.rectangle(picture, (x, y), (x + width // columns // 2, y + height // 10), wall, -1)
                cv2.rectangle(picture, (x, y), (x + width // columns // 2, y + height // 10), (30, 30, 30), 2)
    for _ in range(int(draw.integers(5, 14))):
        place_x, place_y = draw.random(2).tolist()
        x, y = int(place_x * width), int(place_y * height * 0.8)
        size = int(draw.uniform(0.03, 0.16) * width)
        match int(draw.integers(4)):
            case 0:
                cv2.rectangle(
                    picture, (x, y), (x + size, y + int(size * draw.uniform(0.4, 2))), _colour(draw), -1
                )
                cv2.rectangle(picture, (x + 5, y + 5), (x + size - 5, y + size // 2), _colour(draw), 2)
            case 1:
                cv2.ellipse(
                    picture,
                    (x, y),
                    (size // 2, size // 3),
                    float(draw.uniform(0, 180)),
                    0,
                    360,
                    _colour(draw),
                    -1,
                )
            case 2:
                word = "".join(draw.choice(list("ABEHKMOPCTX0123456789"), 5))
                cv2.putText(picture, word, (x, y), cv2.FONT_HERSHEY_SIMPLEX, size / 90, _colour(draw), 2)
            case _:
                points = (draw.uniform(-1, 1, (5, 2)) * size + [x, y]).astype(np.int32)
                cv2.fillConvexPoly(picture, cv2.convexHull(points), _colour(draw))


def stage(look: Look, take: int) -> Stage:
    """Build the place, which belongs to the look, and the cast, whose movements belong to the take."""
    draw = np.random.default_rng(look.seed)
    height, width = int(look.height * 1.5), int(look.width * 1.5)
    far = texture(draw, height, width, draw.uniform(60, 190, 3), float(draw.uniform(12, 30)))
    slope = np.linspace(1.25, 0.75, height)[:, None, None]
    far = np.clip(far * slope, 0, 255).astype(np.uint8)
    _furnish(draw, far, look.place)
    layers = [Layer(far, None, 12.0)]
    for depth in (7.0, 4.5):
        picture = texture(draw, height, width, draw.uniform(40, 200, 3), 25)
        cover = np.zeros((height, width), np.uint8)
        for _ in range(int(draw.integers(2, 5))):
            x, y = int(draw.uniform(0, width)), int(draw.uniform(0.45, 0.9) * height)
            w, h = int(draw.uniform(0.06, 0.2) * width), int(draw.uniform(0.1, 0.35) * height)
            if draw.random() < 0.5:
                cv2.rectangle(cover, (x, y - h), (x + w, y + h // 3), 255, -1)
                cv2.rectangle(picture, (x + 4, y - h + 4), (x + w - 4, y), _colour(draw), 3)
            else:
                cv2.ellipse(cover, (x, y), (w, h // 2), 0, 0, 360, 255, -1)
                cv2.line(picture, (x - w, y), (x + w, y - h // 3), _colour(draw), 4)
        layers.append(Layer(picture, cover, depth))
    dress = [np.random.default_rng((look.seed, 7, n)) for n in range(look.figures + look.things)]
    moves = [np.random.default_rng((look.seed, 11, take, n)) for n in range(look.figures + look.things)]
    figures = [Figure.drawn(dress[n], moves[n], look) for n in range(look.figures)]
    things = [Thing.drawn(dress[n], moves[n], look) for n in range(look.figures, look.figures + look.things)]
    return Stage(look, layers, figures, things)


@dataclass
class Figure:
    """Somebody with a head, a trunk and jointed limbs."""

    size: float
    depth: float
    home: tuple[float, float]
    colours: list[tuple[int, int, int]]
    body: Wander
    limbs: Wander
    vigour: float

    @staticmethod
    def drawn(dress: Draw, move: Draw, look: Look) -> "Figure":
        """The clothes belong to the place, the movement to the take."""
        home = float(dress.uniform(0.25, 0.75)), float(dress.uniform(0.42, 0.6))
        colours = [_colour(dress) for _ in range(4)]
        size, depth = float(dress.uniform(0.28, 0.5)), float(dress.uniform(3.2, 5.5))
        pace = look.vigour**0.5
        return Figure(
            size, depth, home, colours, wandering(move, 2, pace), wandering(move, 8, pace * 1.3), look.vigour
        )

    def put(self, picture: Picture, second: float, shift: tuple[float, float], scale: float) -> None:
        """Draw the figure as it stands at a second."""
        height, width = picture.shape[:2]
        body, limbs = self.body.at(second) * self.vigour, self.limbs.at(second) * self.vigour
        unit = self.size * height * scale
        x = (self.home[0] + 0.16 * body[0]) * width + shift[0]
        y = (self.home[1] + 0.03 * body[1]) * height + shift[1]
        thick = max(2, int(unit * 0.11))
        hip = np.array([x, y + unit * 0.35])
        neck = np.array([x + limbs[0] * unit * 0.1, y - unit * 0.1])
        for side, (a, b) in ((-1, (4, 5)), (1, (6, 7))):
            knee = hip + unit * 0.36 * np.array(
                [np.sin(side * 0.15 + limbs[a] * 0.7), np.cos(limbs[a] * 0.7)]
            )
            foot = knee + unit * 0.36 * np.array([np.sin(limbs[b] * 0.5), np.cos(limbs[b] * 0.5)])
            _limb(picture, (hip, knee, foot), self.colours[1], thick)
        _limb(picture, (hip, neck), self.colours[0], thick * 3)
        for stripe in (0.25, 0.5, 0.75):
            middle = hip + (neck - hip) * stripe
            cv2.line(
                picture,
                _point(middle - [thick, 0]),
                _point(middle + np.array([thick, 3])),
                self.colours[3],
                2,
                8,
                4,
            )
        for side, (a, b) in ((-1, (0, 1)), (1, (2, 3))):
            shoulder = neck + np.array([side * unit * 0.14, unit * 0.03])
            turn = side * 0.5 + limbs[a] * 1.6
            elbow = shoulder + unit * 0.28 * np.array([np.sin(turn), np.cos(turn)])
            bend = turn + limbs[b] * 1.9
            hand = elbow + unit * 0.27 * np.array([np.sin(bend), np.cos(bend)])
            _limb(picture, (shoulder, elbow, hand), self.colours[2], thick)
        head = neck - np.array([0, unit * 0.16])
        cv2.circle(picture, _point(head), int(unit * 1.76), (150, 120, 100), -1, cv2.LINE_AA, 4)
        cap = _point(head - [0, unit * 0.05])
        cv2.circle(picture, cap, int(unit * 1.6), self.colours[3], thick // 3 + 1, 8, 4)


def _point(place: NDArray[np.float64]) -> tuple[int, int]:
    return round(float(place[0]) * 16), round(float(place[1]) * 16)


def _limb(
    picture: Picture, joints: tuple[NDArray[np.float64], ...], colour: tuple[int, int, int], thick: int
) -> None:
    for a, b in pairwise(joints):
        cv2.line(picture, _point(a), _point(b), (25, 25, 25), thick + 2, cv2.LINE_AA, 4)
        cv2.line(picture, _point(a), _point(b), colour, thick, cv2.LINE_AA, 4)


@dataclass
class Thing:
    """A textured thing that moves and turns."""

    picture: Picture
    cover: NDArray[np.uint8]
    depth: float
    home: tuple[float, float]
    path: Wander
    vigour: float

    @staticmethod
    def drawn(dress: Draw, move: Draw, look: Look) -> "Thing":
        """Its looks belong to the place, its path to the take."""
        side = int(look.height * dress.uniform(0.14, 0.32))
        picture = texture(dress, side, side, dress.uniform(40, 220, 3), 40)
        cv2.line(picture, (0, side // 3), (side, side // 2), _colour(dress), side // 10 + 1)
        cover = np.zeros((side, side), np.uint8)
        if dress.random() < 0.5:
            cv2.circle(cover, (side // 2, side // 2), side // 2 - 1, 255, -1)
        else:
            cv2.rectangle(cover, (2, side // 5), (side - 3, side - side // 5), 255, -1)
        home = float(dress.uniform(0.25, 0.75)), float(dress.uniform(0.35, 0.75))
        return Thing(picture, cover, float(dress.uniform(3, 8)), home, wandering(move, 3, 1.0), look.vigour)

    def put(self, picture: Picture, second: float, shift: tuple[float, float], scale: float) -> None:
        """Lay the thing where it is at a second."""
        height, width = picture.shape[:2]
        way = self.path.at(second) * self.vigour
        side = self.picture.shape[0]
        x = (self.home[0] + 0.3 * way[0]) * width + shift[0]
        y = (self.home[1] + 0.2 * way[1]) * height + shift[1]
        turn = cv2.getRotationMatrix2D((side / 2, side / 2), float(way[2] * 90), scale)
        reach = int(side * 0.75)
        left, top = int(x) - reach, int(y) - reach
        turn[:, 2] += np.array([x - left, y - top]) - side / 2
        laid = cv2.warpAffine(self.picture, turn, (2 * reach, 2 * reach))
        cover = cv2.warpAffine(self.cover, turn, (2 * reach, 2 * reach), flags=cv2.INTER_NEAREST)
        a, b = (
            slice(max(0, top), min(height, top + 2 * reach)),
            slice(max(0, left), min(width, left + 2 * reach)),
        )
        if a.stop > a.start and b.stop > b.start:
            inside = slice(a.start - top, a.stop - top), slice(b.start - left, b.stop - left)
            np.copyto(picture[a, b], laid[inside], where=cover[inside][..., None] > 0)

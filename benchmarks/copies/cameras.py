"""Films the drawn places: a camera's own movement, parallax by depth, light, noise."""

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.copies.films import Draw, Picture
from benchmarks.copies.looks import Figure, Layer, Look, Stage, Stand, Thing, Wander, stage, wandering

_FOCUS = 4.2
"""The depth at which a second camera is pointed: things there stand at the same place in both."""


class Camera:
    """One camera in one take."""

    def __init__(self, look: Look, stand: Stand, take: int) -> None:
        self.look, self.stand = look, stand
        draw: Draw = np.random.default_rng((look.seed, 23, stand.seed, take))
        self.hand: Wander = wandering(draw, 4, 1.6 if look.camera == "walk" else 0.9)
        self.pan = float(draw.choice([-1, 1]) * draw.uniform(0.012, 0.03)) if look.camera == "pan" else 0.0
        self.reach = {"still": 0.0, "sway": 0.008, "pan": 0.003, "walk": 0.025}[look.camera]
        grain = draw.normal(128, look.noise, (4, look.height + 16, look.width + 16, 3))
        self.grain = np.clip(grain, 0, 255).astype(np.uint8)
        self.laid: dict[int, tuple[tuple[float, float], Picture, NDArray[np.uint8] | None]] = {}
        self.draw = draw

    def shift(self, second: float, depth: float) -> tuple[float, float]:
        """By how many pixels something at a depth is displaced."""
        look, hand = self.look, self.hand.at(second)
        near = 4.0 / depth
        side = self.reach * hand[0] * (0.5 + 0.5 * near) + self.pan * (second - look.seconds / 2)
        lift = self.reach * hand[1] * (0.5 + 0.5 * near)
        side += self.stand.aside * (1 / depth - 1 / _FOCUS)
        lift += self.stand.up * (1 / depth - 1 / _FOCUS)
        return side * look.width, lift * look.width

    def picture(self, place: Stage, second: float) -> Picture:
        """What the camera sees at a second."""
        look = self.look
        seen = np.zeros((look.height, look.width, 3), np.uint8)
        movers: list[Figure | Thing] = sorted([*place.figures, *place.things], key=lambda mover: -mover.depth)
        layers = list(place.layers)
        for depth in sorted({*(m.depth for m in movers), *(n.depth for n in layers)}, reverse=True):
            side, lift = self.shift(second, depth)
            for layer in layers:
                if layer.depth == depth:
                    laid, cover = self._laid(layer, side, lift)
                    if cover is None:
                        seen = laid.copy()
                    else:
                        cv2.copyTo(laid, cover, seen)
            for mover in movers:
                if mover.depth == depth:
                    mover.put(seen, second, (side, lift), 1.0)
        return self._developed(seen, second)

    def _laid(self, layer: Layer, side: float, lift: float) -> tuple[Picture, NDArray[np.uint8] | None]:
        """A layer where it stands in the picture; kept while the camera does not move."""
        known = self.laid.get(id(layer))
        if known and known[0] == (side, lift):
            return known[1], known[2]
        high, wide = layer.picture.shape[:2]
        size = self.look.width, self.look.height
        place = np.array([[1, 0, side - (wide - size[0]) / 2], [0, 1, lift - (high - size[1]) / 2]])
        laid = cv2.warpAffine(layer.picture, place, size, borderMode=cv2.BORDER_REFLECT).astype(np.uint8)
        cover = None
        if layer.cover is not None:
            cover = cv2.warpAffine(layer.cover, place, size, flags=cv2.INTER_NEAREST).astype(np.uint8)
        self.laid[id(layer)] = (side, lift), laid, cover
        return laid, cover

    def _developed(self, seen: Picture, second: float) -> Picture:
        """The lens and the sensor: roll, zoom, light, colour, noise."""
        look, stand = self.look, self.stand
        roll = stand.roll + (self.reach * 40 * float(self.hand.at(second)[2]) if self.reach > 0.005 else 0.0)
        if roll or stand.zoom != 1:
            turn = cv2.getRotationMatrix2D((look.width / 2, look.height / 2), roll, stand.zoom * 1.03)
            seen = cv2.warpAffine(
                seen, turn, (look.width, look.height), borderMode=cv2.BORDER_REFLECT
            ).astype(np.uint8)
        gain = look.light * stand.gain * np.array([1 + stand.warmth, 1.0, 1 - stand.warmth])
        table = np.clip(np.arange(256)[None, :, None] * gain, 0, 255).astype(np.uint8)
        lit = cv2.LUT(seen, table)
        number = int(self.draw.integers(4))
        y, x = (int(value) for value in self.draw.integers(0, 16, 2))
        grain = self.grain[number, y : y + look.height, x : x + look.width]
        return cv2.addWeighted(lit, 1, grain, 1, -128).astype(np.uint8, copy=False)


def filmed(look: Look, take: int = 0, stand: Stand | None = None, since: float = 0.0) -> list[Picture]:
    """The pictures of one take from one stand, at the times of the look, from a second on."""
    stand = stand or Stand()
    place, camera = stage(look, take), Camera(look, stand, take)
    return [camera.picture(place, since + stand.later + float(time)) for time in look.times()]

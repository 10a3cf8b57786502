"""Where one picture lies in another: points, their mirror, refinement on aligned pictures, and depth."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.engines.copies.films import drawn, fingerprint
from videtur.engines.copies.film import Film
from videtur.engines.copies.refinement import refined
from videtur.engines.copies.registration import point_registrations
from videtur.engines.copies.second_camera import Depth, depth
from videtur.engines.copies.verification import edges

SQUARE = np.array([[[0.0, 0], [1, 0], [1, 1], [0, 1]]])


def corners(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(cv2.perspectiveTransform(SQUARE, matrix)[0], dtype=np.float64)


def textured(seed: int, height: int = 90, width: int = 160) -> NDArray[np.float32]:
    noise = np.random.default_rng(seed).normal(0, 1, (height, width)).astype(np.float32)
    soft = cv2.GaussianBlur(noise, (0, 0), 2.0)
    return np.asarray(128 + 40 * soft / soft.std(), dtype=np.float32)


def test_mirrored_points_are_those_of_the_mirrored_picture() -> None:
    plain = drawn(3, 1.2, scene=2)
    film = Film(fingerprint(plain))
    turned = Film(fingerprint([(time, np.ascontiguousarray(picture[:, ::-1])) for time, picture in plain]))
    mine, other = film.points[0].mirrored(), turned.points[0]
    likeness = mine.words @ other.words.T
    nearest = likeness.argmax(axis=1)
    near = np.abs(other.places[nearest] - mine.places).max(axis=1) < 0.02
    assert near.mean() > 0.7
    assert np.median(likeness.max(axis=1)[near]) > 0.95


def test_an_inset_is_found_where_it_lies() -> None:
    inner = drawn(1, 1.2, scene=3)
    outer = drawn(5, 1.2, scene=1)
    shown = [(time, around.copy()) for (time, around) in outer]
    for (_, canvas), (_, picture) in zip(shown, inner, strict=True):
        height, width = canvas.shape[:2]
        small = cv2.resize(picture, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
        canvas[height - height // 2 - 4 : height - 4, 4 : 4 + width // 2] = small
    maps = point_registrations(Film(fingerprint(inner)), Film(fingerprint(shown)))
    assert maps
    found = corners(maps[0][0].matrix)
    height, width = shown[0][1].shape[:2]
    wanted = SQUARE[0] * 0.5 + [4 / width, (height - height // 2 - 4) / height]
    assert np.abs(found - wanted).max() < 0.03


@pytest.mark.parametrize("perspective", [False, True])
def test_a_rough_map_is_refined_to_a_fraction_of_a_pixel(perspective: bool) -> None:
    target = np.stack([textured(seed) for seed in range(4)])
    height, width = target.shape[1:]
    true = np.array([[0.6, 0.02, 0.2], [-0.01, 0.62, 0.15], [0.02 * perspective, -0.03 * perspective, 1]])
    scale = np.diag([width, height, 1.0])
    pixels = scale @ np.linalg.inv(true) @ np.linalg.inv(scale)
    source = np.stack([cv2.warpPerspective(picture, pixels, (width, height)) for picture in target])
    rough = true.copy()
    rough[0, 2] += 0.02
    rough[0, 0] -= 0.02
    found = refined((source * 0.7 + 30).astype(np.float32), target, rough, perspective=perspective)
    assert found is not None
    assert np.abs(corners(found) - corners(true)).max() * width < 1.0
    assert np.abs(corners(rough) - corners(true)).max() * width > 3


def test_depth_tells_a_second_camera_from_a_copy_and_from_what_is_laid_over_a_copy() -> None:
    far = np.stack([textured(seed, 90, 200) for seed in range(6)])
    near = np.stack([textured(seed + 50, 90, 200) for seed in range(6)])

    def seen(aside: int) -> NDArray[np.float32]:
        picture = far[:, :, 20:180].copy()
        picture[:, 45:, 30:110] = near[:, 45:, 50 + aside : 130 + aside]
        return picture

    def shifted(mine: NDArray[np.float32], other: NDArray[np.float32]) -> Depth:
        return depth([(mine, other)] * 2, np.eye(3))

    one = seen(0)
    copy = shifted(one, np.clip(one * 0.9 + 10, 0, 255).astype(np.float32))
    assert copy.judged
    assert copy.displaced < 0.2
    barred = one.copy()
    barred[:, 70:] = textured(99)[70:]
    assert shifted(one, barred).displaced < 0.2
    beside = shifted(one, seen(2))
    assert beside.judged
    assert beside.displaced > 0.45
    flat = np.full_like(one, 128)
    assert not shifted(flat, flat).judged


def test_a_stretch_ends_where_the_pictures_part() -> None:
    alike = np.r_[np.full(13, 0.1), np.full(40, 0.95), np.full(9, 0.2)]
    assert edges(alike, 16, 48) == (13, 53)
    assert edges(np.full(30, 0.9), 8, 24) == (0, 30)


def test_points_of_a_negative_are_those_of_the_picture_turned_round() -> None:
    plain = drawn(3, 1.2, scene=2)
    film = Film(fingerprint(plain))
    turned = Film(fingerprint([(time, 255 - picture) for time, picture in plain]))
    mine, other = film.points[0].negated(), turned.points[0]
    likeness = mine.words @ other.words.T
    near = np.abs(other.places[likeness.argmax(axis=1)] - mine.places).max(axis=1) < 0.02
    assert near.mean() > 0.7

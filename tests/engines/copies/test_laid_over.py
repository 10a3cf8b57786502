"""What lies over one of two aligned films: told of the right one, and not told of a bad copy."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.engines.copies.galleries import scene
from videtur.engines.copies.laid_over import Covered, covered

Floats = NDArray[np.float32]


def panning(aside: int = 4) -> Floats:
    """A film whose picture moves on: six pictures of a wide scene."""
    wide = cv2.resize(scene(3, 180, 480), (240, 90), interpolation=cv2.INTER_AREA)
    return np.stack([wide[:, step * aside : step * aside + 160] for step in range(6)]).astype(np.float32)


def titled(pictures: Floats) -> Floats:
    laid = pictures.astype(np.uint8)
    for picture in laid:
        cv2.rectangle(picture, (20, 66), (140, 86), 30, -1)
        cv2.putText(picture, "CHANNEL 7", (24, 82), cv2.FONT_HERSHEY_SIMPLEX, 0.55, 250, 2)
    return laid.astype(np.float32)


def said(source: Floats, target: Floats) -> Covered:
    return covered([(source[:3], target[:3]), (source[3:], target[3:])], np.eye(3))


@pytest.mark.parametrize("aside", [0, 4])
def test_a_title_is_told_of_the_film_that_has_it(aside: int) -> None:
    plain = panning(aside)
    over = said(titled(plain), plain)
    assert 0.05 < over.source < 0.35
    assert over.target == 0
    assert said(plain, titled(plain)) == over.turned()


def test_a_bad_copy_is_not_covered() -> None:
    plain = panning()
    soft = plain.copy()
    for picture in soft:
        picture[:] = cv2.GaussianBlur(picture, (0, 0), 1.5) * 0.6 + 50
    noisy = (plain + np.random.default_rng(1).normal(0, 12, plain.shape)).astype(np.float32)
    nothing = Covered(0.0, 0.0)
    assert said(soft, plain) == nothing
    assert said(noisy, plain) == nothing
    assert said(plain, plain[::-1].copy()) == nothing

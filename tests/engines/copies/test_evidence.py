"""What a relation gives a person to look at, told from query to reference whichever of them is longer."""

import json

import cv2
import numpy as np
import pytest

from tests.engines.copies.films import drawn, fingerprint
from tests.engines.copies.test_comparison import Film
from videtur.engines.copies.comparison import compare
from videtur.engines.copies.decision import SharedFootage
from videtur.engines.copies.fingerprint import Fingerprints

START = 3.0


@pytest.fixture(scope="module")
def films() -> tuple[Film, Film]:
    """A mirrored part, and the whole."""
    whole = drawn(7, 10)
    part = [(t - START, np.ascontiguousarray(p[:, ::-1])) for t, p in whole if START <= t < START + 4]
    return part, whole


def shared(query: Film, reference: Film) -> SharedFootage:
    found = compare(Fingerprints(fingerprint(query)), Fingerprints(fingerprint(reference)))
    assert found
    return found[0]


@pytest.mark.parametrize("turned", [False, True])
def test_evidence_is_told_from_query_to_reference(films: tuple[Film, Film], turned: bool) -> None:
    relation = shared(*(films[::-1] if turned else films))
    assert relation.outcome == "same_footage"
    evidence = relation.evidence
    assert evidence is not None
    shift = -START if turned else START
    for here, there in [*evidence.frames[1:], *((w.query, w.reference) for w in evidence.windows)]:
        assert float(there.instant - here.instant) == pytest.approx(shift, abs=0.1)
    moving = [float(window.likeness) for window in evidence.windows if window.moving]
    assert len(moving) >= 4
    assert min(moving) > 0.6
    assert len(evidence.points) >= 8
    matrix = np.array([float(value) for value in evidence.matrix]).reshape(3, 3)
    places = np.array([[float(value) for value in point] for point in evidence.points])
    moved = cv2.perspectiveTransform(places[None, :, :2], matrix)[0]
    assert np.abs(moved - places[:, 2:]).max() < 0.04
    assert matrix[0, 0] == pytest.approx(-1, abs=0.05)


def test_evidence_is_stored_as_text_and_ticks(films: tuple[Film, Film]) -> None:
    told = json.dumps(shared(*films).as_json()["evidence"])

    def refused(text: str) -> float:
        raise AssertionError(f"{text} is a float in a record")

    assert {"matrix", "windows", "frames", "points"} == set(json.loads(told, parse_float=refused))


def test_another_take_shows_the_scene_and_says_so() -> None:
    relation = shared(drawn(1, 5), drawn(51, 5))
    assert relation.outcome == "same_scene"
    assert relation.score < 0.5
    assert relation.evidence is not None
    assert relation.evidence.frames

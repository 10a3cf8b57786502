"""Real films: true copies are found, attacked copies too, and other takes or other parts never merged."""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from tests.engines.copies.attacks import ATTACKS, make, read_part
from tests.engines.copies.films import read
from videtur.engines.copies.comparison import compare
from videtur.engines.copies.decision import SharedFootage
from videtur.engines.copies.fingerprint import Fingerprints
from videtur.engines.copies.picture import PictureFingerprinter
from videtur.engines.media.events import AnalysisFrame, PassRequest, ProxyFrame
from videtur.engines.media.first_pass import decode
from videtur.engines.media.sandbox import DecodingSandbox

TAKES = ["again", "brother", "help", "no", "student", "yes", "book", "learn", "school", "walk"]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[DecodingSandbox]:
    with DecodingSandbox() as ready:
        yield ready


def of_modality(found: tuple[SharedFootage, ...], modality: str) -> SharedFootage | None:
    return next((shared for shared in found if shared.modality == modality), None)


def parts_of(path: Path, sandbox: DecodingSandbox, edges: list[float]) -> list[Fingerprints]:
    """Fingerprints of stretches of one film that share no frame, from one decode."""
    takers = [PictureFingerprinter() for _ in edges[1:]]
    with path.open("rb") as source:
        for event in decode(source, sandbox, PassRequest(sound=False)):
            if not isinstance(event, AnalysisFrame | ProxyFrame):
                continue
            seconds = float(event.time.instant)
            for taker, first, last in zip(takers, edges[:-1], edges[1:], strict=True):
                if first <= seconds < last:
                    taker.add(event)
    return [Fingerprints(taker.finish()) for taker in takers]


def test_one_film_in_two_formats_is_one_footage_by_picture_and_by_sound(
    clips: Path, sandbox: DecodingSandbox
) -> None:
    found = compare(read(clips / "demo.3gp", sandbox), read(clips / "demo.mp4", sandbox))
    picture, sound = of_modality(found, "picture"), of_modality(found, "sound")
    assert picture is not None
    assert picture.outcome == "same_footage"
    (segment,) = picture.segments
    assert float(segment.query.end.instant - segment.query.start.instant) > 55
    assert abs(float(segment.query.start.instant - segment.reference.start.instant)) < 0.1
    assert sound is not None
    assert sound.outcome == "same_sound"


def test_the_longer_clip_contains_the_shorter(clips: Path, sandbox: DecodingSandbox) -> None:
    found = compare(
        read(clips / "pattern-hd-no-bar.mp4", sandbox), read(clips / "pattern-longer-no-bar.mp4", sandbox)
    )
    picture = of_modality(found, "picture")
    assert picture is not None
    assert picture.outcome == "same_footage"
    assert sum(float(s.query.end.instant - s.query.start.instant) for s in picture.segments) > 5


def test_no_two_takes_in_one_room_are_merged(clips: Path, sandbox: DecodingSandbox) -> None:
    read_once = {name: read(clips / f"{name}.mkv", sandbox) for name in TAKES}
    merged = [
        (a, b, shared.score)
        for a, b in combinations(TAKES, 2)
        for shared in compare(read_once[a], read_once[b])
        if shared.accepted
    ]
    assert merged == []
    itself = compare(read_once["book"], read_once["book"])
    assert itself[0].accepted


@pytest.mark.parametrize(
    ("name", "edges"),
    [
        ("one-by-one-person-detection.mp4", [0.0, 45.0, 90.0, 135.0]),
        ("bottle-detection.mp4", [0.0, 13.0, 26.0, 39.0]),
    ],
)
def test_parts_of_a_fixed_camera_that_share_no_frame_are_not_merged(
    clips: Path, sandbox: DecodingSandbox, name: str, edges: list[float]
) -> None:
    parts = parts_of(clips / name, sandbox, edges)
    merged = [shared for a, b in combinations(parts, 2) for shared in compare(a, b) if shared.accepted]
    assert merged == []


@pytest.mark.parametrize(
    ("attack", "named"),
    [
        ("re-encode", None),
        ("mirror", "mirror"),
        ("letterbox", "padding"),
        ("overlay", None),
        ("crop", "crop"),
        ("filmed screen", None),
        ("speed 1.1", "speed"),
        ("sound replaced", None),
    ],
)
def test_an_attacked_copy_is_found_where_it_belongs(
    clips: Path, sandbox: DecodingSandbox, tmp_path: Path, attack: str, named: str | None
) -> None:
    part = read_part(clips / "bigbuckbunny.mp4", 0.8, 4.8)
    carried = make(part, ATTACKS[attack], 5, tmp_path / "copy.mp4")
    found = compare(read(tmp_path / "copy.mp4", sandbox), read(clips / "bigbuckbunny.mp4", sandbox))
    picture = of_modality(found, "picture")
    assert picture is not None
    assert picture.accepted, picture.reasons
    assert named is None or named in picture.transform
    first = min(float(segment.reference.start.instant) for segment in picture.segments)
    last = max(float(segment.reference.end.instant) for segment in picture.segments)
    assert first == pytest.approx(carried[0], abs=0.8)
    assert last == pytest.approx(carried[1], abs=0.8)
    sound = of_modality(found, "sound")
    heard = sound is not None and sound.accepted
    assert heard is (attack != "sound replaced")

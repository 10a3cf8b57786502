"""Finding in a whole film, with a detector that knows one thing: a green square."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from tests.engines.redaction.faces import times_of
from tests.engines.redaction.moving import SIDE, UNEVEN, write_moving
from videtur.engines.media.events import AnalysisFrame
from videtur.engines.media.frames import every_frame
from videtur.engines.media.sandbox import DecodingSandbox
from videtur.engines.redaction.detectors import Boxes, Detectors, Picture
from videtur.engines.redaction.finding import FindRequest, Found, find
from videtur.errors import Refused

LATE = tuple(850 + 40 * number for number in range(15))


def _green(picture: Picture) -> tuple[int, int, int, int] | None:
    """Left, top, right, bottom of what is green."""
    red, green, blue = (picture[..., colour].astype(np.int16) for colour in range(3))
    rows, columns = np.nonzero((green > 140) & (red < 110) & (blue < 130))
    if len(rows) < 8:
        return None
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


@dataclass
class Eyes:
    """Finds the square at each `nth` look of those it is asked for; may break at one."""

    nth: int = 1
    breaks_at: int | None = None
    asked: int = 0
    name: str = "eyes"
    version: str = "1"
    sha256: str = "e" * 64

    def __call__(self, picture: Picture) -> Boxes:
        self.asked += 1
        if self.asked == self.breaks_at:
            raise Refused("A detector failed")
        place = _green(picture)
        if place is None or self.asked % self.nth:
            return np.zeros((0, 5), np.float32)
        return np.array([[*place, 0.9]], np.float32)


class Kept:
    """A checkpoint in memory."""

    def __init__(self, records: list[bytes] | None = None) -> None:
        self.kept = list(records or [])

    def append(self, record: bytes) -> None:
        self.kept.append(record)

    def records(self) -> Iterator[bytes]:
        yield from self.kept


def _find(path: Path, sandbox: DecodingSandbox, eyes: Eyes | None = None, kept: Kept | None = None) -> Found:
    with path.open("rb") as source:
        return find(source, sandbox, Detectors(eyes or Eyes()), checkpoint=kept)


def _uncovered(path: Path, sandbox: DecodingSandbox, found: Found) -> list[int]:
    """Times of pictures in which any of the square is outside the masks."""
    bare: list[int] = []
    with path.open("rb") as source:
        for event in every_frame(source, sandbox):
            if not isinstance(event, AnalysisFrame):
                continue
            picture = event.image.copy()
            for track in found.tracks:
                if (box := track.box_at(event.time.pts)) is not None:
                    left, top = max(0, int(box.left)), max(0, int(box.top))
                    picture[top : max(0, int(box.bottom)), left : max(0, int(box.right))] = 255
            if _green(picture) is not None:
                bare.append(event.time.pts)
    return bare


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
@pytest.mark.parametrize("times", [UNEVEN, LATE], ids=["uneven", "late"])
def test_masks_stay_on_a_thing_that_moves(
    tmp_path: Path, sandbox: DecodingSandbox, times: tuple[int, ...], turned: int
) -> None:
    path = write_moving(tmp_path / "film.mp4", times, turned=turned)
    found = _find(path, sandbox)
    assert found.frames == len(times)
    assert found.picture.frames == len(times)
    assert (found.picture.width < found.picture.height) == (turned % 180 == 90)
    assert found.damage is None
    assert _uncovered(path, sandbox, found) == []
    area = sum(track.key_frames[0].box.area for track in found.tracks)
    assert area < 16 * SIDE * SIDE  # and not by masking everything


def test_masks_by_the_number_of_the_picture_would_not(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    """What the tests above would not see if they could not fail: all times moved by one picture."""
    path = write_moving(tmp_path / "film.mp4", UNEVEN)
    found = _find(path, sandbox)
    late = write_moving(tmp_path / "late.mp4", tuple(pts + 300 for pts in UNEVEN))
    assert _uncovered(late, sandbox, found) != []


def test_what_is_seen_now_and_then_is_followed_between(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    path = write_moving(tmp_path / "film.mp4", LATE)
    found = _find(path, sandbox, Eyes(nth=2))
    # It moves by a third of its size from picture to picture, and nobody sees it in the last one.
    assert set(_uncovered(path, sandbox, found)) <= set(list(times_of(path))[-2:])


@pytest.mark.parametrize("whole", [0, 1, 2, 9, 15, 16])
def test_a_run_that_was_ended_goes_on_to_the_same_result(
    tmp_path: Path, sandbox: DecodingSandbox, whole: int
) -> None:
    path = write_moving(tmp_path / "film.mp4", UNEVEN)
    kept = Kept()
    at_once = _find(path, sandbox, Eyes(), kept)
    assert len(kept.kept) == 1 + len(UNEVEN)
    again, eyes = Kept(kept.kept[:whole]), Eyes()
    assert _find(path, sandbox, eyes, again) == at_once
    assert again.kept == kept.kept
    if whole == 16:
        assert eyes.asked == 0  # everything was looked at already


def test_a_checkpoint_of_another_request_or_film_is_refused(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    kept = Kept()
    path = write_moving(tmp_path / "film.mp4", UNEVEN)
    _find(path, sandbox, Eyes(), kept)
    other = write_moving(tmp_path / "other.mp4", LATE)
    with pytest.raises(Refused, match="another run"):
        _find(other, sandbox, Eyes(), Kept(kept.kept))
    with path.open("rb") as source, pytest.raises(Refused, match="another run"):
        find(source, sandbox, Detectors(Eyes()), FindRequest("bodies"), checkpoint=Kept(kept.kept))
    with path.open("rb") as source, pytest.raises(Refused, match="another run"):
        find(source, sandbox, Detectors(Eyes(sha256="f" * 64)), checkpoint=Kept(kept.kept))
    broken = Kept([*kept.kept[:3], kept.kept[3][:-3]])
    with pytest.raises(Refused, match="another run"):
        _find(path, sandbox, Eyes(), broken)


def test_a_detector_that_fails_in_the_middle_ends_the_run(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    path = write_moving(tmp_path / "film.mp4", UNEVEN)
    with pytest.raises(Refused, match="detector failed"):
        _find(path, sandbox, Eyes(breaks_at=9))


def test_damage_is_told_and_the_rest_is_masked(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    path = write_moving(tmp_path / "film.mkv", UNEVEN)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 7 // 10])
    found = _find(path, sandbox)
    assert 0 < found.frames < len(UNEVEN)
    assert found.damage
    assert _uncovered(path, sandbox, found) == []


def test_bodies_reach_from_the_head_down(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    path = write_moving(tmp_path / "film.mp4", UNEVEN)
    with path.open("rb") as source:
        found = find(source, sandbox, Detectors(Eyes()), FindRequest("bodies"))
    assert {track.kind for track in found.tracks} == {"person"}
    assert all(track.key_frames[0].box.height > 7 * SIDE for track in found.tracks)


def test_writing_is_looked_for_on_request_alone(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    path = write_moving(tmp_path / "film.mp4", UNEVEN)
    eyes = Eyes(nth=10**9)
    with path.open("rb") as source:
        found = find(source, sandbox, Detectors(eyes, text=Eyes()), FindRequest(text=True))
    assert {track.kind for track in found.tracks} == {"text"}
    with path.open("rb") as source:
        assert find(source, sandbox, Detectors(eyes, text=Eyes())).tracks == ()
    with path.open("rb") as source, pytest.raises(Refused, match="no detector for text"):
        find(source, sandbox, Detectors(eyes), FindRequest(text=True))


def test_progress_is_told_in_seconds_of_film(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    path = write_moving(tmp_path / "film.mp4", tuple(850 + 150 * number for number in range(15)))
    told: list[Fraction] = []
    with path.open("rb") as source:
        find(source, sandbox, Detectors(Eyes()), told=told.append)
    assert told == sorted(told)
    assert 3 <= len(told) <= 5
    assert told[-1] <= Fraction(21, 10)

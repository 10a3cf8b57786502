"""A picture descriptor out of a folder: an ONNX graph, and a declaration of what it takes and gives.

Any graph that turns one picture into one vector whose product with another says how alike they are will
do (SSCD is the best known). `descriptor.toml` declares what a graph cannot say of itself; what it can say
may be left out. Nothing is ever fetched.
"""

import importlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.descriptor import Floats, Picture
from videtur.engines.copies.descriptor_background import drawn_pictures
from videtur.errors import Refused, WrongUsage

DECLARATION = "descriptor.toml"
BACKGROUND = "background.npy"
_PROVIDERS = (
    "CUDAExecutionProvider",
    "MIGraphXExecutionProvider",
    "ROCMExecutionProvider",
    "CoreMLExecutionProvider",
    "OpenVINOExecutionProvider",
    "CPUExecutionProvider",
)
"""The best first; those that this machine's ONNX Runtime does not have are passed over."""
_TYPES = {"tensor(uint8)": "uint8", "tensor(float)": "float32", "tensor(float16)": "float16"}
_BATCH = 16
_FIELDS = frozenset(
    {
        "file",
        "input",
        "output",
        "layout",
        "type",
        "size",
        "colours",
        "scale",
        "mean",
        "deviation",
        "dimension",
    }
)


class _Port(Protocol):
    name: str
    shape: Sequence[object]
    type: str


class _Session(Protocol):
    def get_inputs(self) -> Sequence[_Port]: ...

    def get_outputs(self) -> Sequence[_Port]: ...

    def get_providers(self) -> Sequence[str]: ...

    def run(self, names: Sequence[str], feed: Mapping[str, NDArray[Any]]) -> Sequence[NDArray[Any]]: ...


class _Library(Protocol):
    def get_available_providers(self) -> Sequence[str]: ...

    def SessionOptions(self) -> Any: ...  # noqa: N802 -- their name

    def InferenceSession(self, path: str, options: Any, providers: Sequence[str]) -> _Session: ...  # noqa: N802


@dataclass(frozen=True)
class Declaration:
    """What the graph takes and gives."""

    file: str
    input: str
    output: str
    layout: str
    type: str
    size: tuple[int, int] | None
    """Height and width; None when it takes a picture of any size."""
    colours: str
    scale: float
    mean: tuple[float, float, float]
    deviation: tuple[float, float, float]
    dimension: int


class DescriptorModel:
    """A model ready to describe pictures. Raises WrongUsage when the folder holds none that can be used."""

    def __init__(self, path: Path, *, sha256: str, threads: int = 1) -> None:
        """`path`: the folder, or the graph itself; `sha256`: what the model is known by."""
        self.sha256 = sha256
        self._folder = path if path.is_dir() else path.parent
        given = _declared(path)
        self._session = _session(self._folder / str(given["file"]), threads)
        self.declaration = _completed(given, self._session)
        self._check()

    @property
    def providers(self) -> tuple[str, ...]:
        """What the graph runs on, for the record."""
        return tuple(self._session.get_providers())

    @cached_property
    def background(self) -> Floats:
        """Descriptors of pictures that belong to no case, for judging how much a likeness means.

        `background.npy` beside the graph, made from footage of one's own; else pictures drawn by us.
        """
        path = self._folder / BACKGROUND
        if not path.is_file():
            return self(list(drawn_pictures()))
        try:
            rows = np.asarray(np.load(path, allow_pickle=False), dtype=np.float32)
        except (OSError, ValueError) as problem:
            raise WrongUsage(f"{path} cannot be read", str(problem), "Make it anew") from problem
        if rows.ndim != 2 or rows.shape[1] != self.declaration.dimension or len(rows) < 20:
            raise WrongUsage(
                f"{path} does not fit its model",
                f"It needs 20 rows or more of {self.declaration.dimension} numbers",
                "Make it anew",
            )
        return _of_length_one(rows)

    def __call__(self, pictures: Sequence[Picture]) -> Floats:
        """Describe RGB pictures: one row of length 1 for each."""
        declared = self.declaration
        found = np.zeros((len(pictures), declared.dimension), dtype=np.float32)
        prepared = [self._prepared(picture) for picture in pictures]
        for rows in _batches(prepared):
            feed = np.stack([prepared[row] for row in rows])
            answers = self._run({declared.input: feed})
            found[rows] = answers.reshape(len(rows), -1)
        return _of_length_one(found)

    def _prepared(self, picture: Picture) -> NDArray[Any]:
        declared = self.declaration
        shown = picture
        if declared.size is not None and picture.shape[:2] != declared.size:
            height, width = declared.size
            smaller = height * width < picture.shape[0] * picture.shape[1]
            how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
            shown = np.asarray(cv2.resize(picture, (width, height), interpolation=how), dtype=np.uint8)
        if declared.colours == "BGR":
            shown = shown[..., ::-1]
        values: NDArray[Any] = shown
        if declared.type != "uint8":
            mean, deviation = np.array(declared.mean, np.float32), np.array(declared.deviation, np.float32)
            values = ((shown.astype(np.float32) / declared.scale - mean) / deviation).astype(declared.type)
        return np.ascontiguousarray(values if declared.layout == "NHWC" else values.transpose(2, 0, 1))

    def _run(self, feed: Mapping[str, NDArray[Any]]) -> Floats:
        try:
            (answer,) = self._session.run([self.declaration.output], feed)
        except Exception as problem:  # ONNX Runtime has classes of its own without a base
            raise Refused("The picture model failed", _one_line(problem), "Try another model") from problem
        return np.asarray(answer, dtype=np.float32)

    def _check(self) -> None:
        """One picture through it: a wrong declaration is said now and not in the midst of a film."""
        picture = np.full((96, 128, 3), 90, np.uint8)
        picture[20:70, 30:90] = (200, 160, 40)
        dimension = self.declaration.dimension
        answer = self._run({self.declaration.input: self._prepared(picture)[None]})
        if answer.shape != (1, dimension) or not np.isfinite(answer).all() or not answer.any():
            raise WrongUsage(
                f"{self._folder / self.declaration.file} is no picture descriptor as declared",
                f"For one picture it gave {answer.shape} where (1, {dimension}) was declared, or no numbers",
                f"Correct {DECLARATION}",
            )


def _declared(path: Path) -> dict[str, Any]:
    """What `descriptor.toml` says, and which file the graph is."""
    folder = path if path.is_dir() else path.parent
    given: dict[str, Any] = {}
    declaration = folder / DECLARATION
    if declaration.is_file():
        try:
            given = dict(tomllib.loads(declaration.read_text(encoding="utf-8"))["descriptor"])
        except (
            OSError,
            UnicodeDecodeError,
            tomllib.TOMLDecodeError,
            KeyError,
            TypeError,
            ValueError,
        ) as problem:
            raise WrongUsage(f"{declaration} cannot be read", str(problem), "See its how-to") from problem
        if unknown := given.keys() - _FIELDS:
            raise WrongUsage(f"{declaration}: no such entry: {', '.join(sorted(unknown))}")
    if path.is_file():
        given["file"] = path.name
    if "file" not in given:
        graphs = sorted(each.name for each in folder.glob("*.onnx"))
        if len(graphs) != 1:
            raise WrongUsage(
                f"{folder} does not say which graph to use",
                f"It holds {', '.join(graphs) or 'no .onnx file'}",
                f"Name it in {DECLARATION}, or give the file itself",
            )
        given["file"] = graphs[0]
    if Path(str(given["file"])).name != str(given["file"]):
        raise WrongUsage(f"{declaration} names a graph outside its folder")
    return given


def _session(graph: Path, threads: int) -> _Session:
    try:
        library = cast("_Library", importlib.import_module("onnxruntime"))
    except ImportError as problem:
        raise WrongUsage(
            "A picture model needs ONNX Runtime", remedy="pip install 'videtur[copies-model]'"
        ) from problem
    if not graph.is_file():
        raise WrongUsage(f"{graph} is not there", remedy="Give a folder that holds the graph")
    options = library.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    present = set(library.get_available_providers())
    try:
        return library.InferenceSession(str(graph), options, [name for name in _PROVIDERS if name in present])
    except Exception as problem:  # ONNX Runtime has classes of its own without a base
        raise WrongUsage(
            f"{graph} cannot be used", _one_line(problem), "Get a graph that this ONNX Runtime reads"
        ) from problem


def _completed(given: Mapping[str, Any], session: _Session) -> Declaration:
    """The declaration with what the graph itself says filled in. Raises WrongUsage where they disagree."""
    port = _port(session.get_inputs(), given.get("input"), "input")
    out = _port(session.get_outputs(), given.get("output"), "output")
    shape = [value if isinstance(value, int) else None for value in port.shape]
    if len(shape) != 4 or port.type not in _TYPES:
        raise WrongUsage(f"The input {port.name} is no picture", f"It is {port.type} of {list(port.shape)}")
    layout = str(given.get("layout") or ("NCHW" if shape[1] == 3 else "NHWC"))
    if layout not in ("NHWC", "NCHW") or shape[1 if layout == "NCHW" else 3] not in (3, None):
        raise WrongUsage(f"The input {port.name} is of {list(port.shape)}, not {layout} with three colours")
    kind = _TYPES[port.type]
    if given.get("type", kind) != kind:
        raise WrongUsage(f"The input {port.name} takes {kind}, not {given['type']} as declared")
    if kind != "uint8" and not {"mean", "deviation"} <= given.keys():
        raise WrongUsage(
            f"The input {port.name} takes {kind} numbers, and a graph does not say how they are normalised",
            remedy=f"Say it in {DECLARATION}: scale = 255.0, mean = [r, g, b], deviation = [r, g, b]",
        )
    own = (shape[1], shape[2]) if layout == "NHWC" else (shape[2], shape[3])
    try:
        size = _size(given.get("size"), own)
        last = out.shape[-1] if out.shape else None
        dimension = int(given.get("dimension") or (last if isinstance(last, int) else 0))
        mean, deviation = _triple(given.get("mean", (0, 0, 0))), _triple(given.get("deviation", (1, 1, 1)))
        scale = float(given.get("scale", 255))
    except (TypeError, ValueError) as problem:
        raise WrongUsage(f"{DECLARATION} is not as it should be", str(problem), "See its how-to") from problem
    colours = str(given.get("colours", "RGB"))
    if colours not in ("RGB", "BGR") or scale <= 0 or min(deviation) <= 0 or dimension <= 0:
        raise WrongUsage(
            f"{DECLARATION} is not as it should be",
            "colours is RGB or BGR; scale, deviation and dimension are above 0",
        )
    return Declaration(
        str(given["file"]),
        port.name,
        out.name,
        layout,
        kind,
        size,
        colours,
        scale,
        mean,
        deviation,
        dimension,
    )


def _port(ports: Sequence[_Port], name: object, what: str) -> _Port:
    named = [port for port in ports if name is None or port.name == name]
    if len(named) != 1:
        known = ", ".join(port.name for port in ports)
        raise WrongUsage(f"The graph has the {what}s {known}", remedy=f"Name the {what} in {DECLARATION}")
    return named[0]


def _size(given: object, own: tuple[int | None, int | None]) -> tuple[int, int] | None:
    """The declared size, else the graph's own, else none: any."""
    if given is None:
        height, width = own
        return None if height is None or width is None else (height, width)
    height, width = (int(value) for value in cast("Sequence[int]", given))
    if not (16 <= height <= 2048 and 16 <= width <= 2048):
        raise ValueError("size is height and width, 16 to 2048 each")
    if any(mine not in (None, theirs) for mine, theirs in zip(own, (height, width), strict=True)):
        raise ValueError(f"the graph takes {list(own)} and not the declared size")
    return height, width


def _triple(value: object) -> tuple[float, float, float]:
    red, green, blue = (float(each) for each in cast("Sequence[float]", value))
    return red, green, blue


def _batches(prepared: Sequence[NDArray[Any]]) -> Iterator[list[int]]:
    """Rows of one shape together, few enough for the memory."""
    by_shape: dict[tuple[int, ...], list[int]] = {}
    for row, values in enumerate(prepared):
        by_shape.setdefault(values.shape, []).append(row)
    for rows in by_shape.values():
        for first in range(0, len(rows), _BATCH):
            yield rows[first : first + _BATCH]


def _of_length_one(rows: NDArray[np.float32]) -> Floats:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def _one_line(problem: Exception) -> str:
    return " ".join(str(problem).split())[:300]

"""An ONNX graph made to take pictures of any size, and the session that runs it.

CenterFace was exported for one size and with its weights listed as inputs: ONNX Runtime then refuses every
other size, and may not fold a weight into the step before it. Both are taken out here, field by field of
the file's own form (protocol buffers; the numbers are those of `onnx.proto`), so that no further package is
needed. Folded, one picture takes about half the time.
"""

import importlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from videtur.errors import Refused, WrongUsage

_VARINT, _EIGHT_BYTES, _LENGTH, _FOUR_BYTES = 0, 1, 2, 5
_MODEL_GRAPH = 7
_GRAPH_INITIALIZER, _GRAPH_INPUT, _GRAPH_OUTPUT, _GRAPH_VALUE = 5, 11, 12, 13
_TENSOR_NAME, _VALUE_NAME, _VALUE_TYPE = 8, 1, 2
_TYPE_TENSOR, _TENSOR_SHAPE = 1, 2


class Session(Protocol):
    """What we use of ONNX Runtime's session."""

    def run(self, names: Sequence[str] | None, feed: Mapping[str, NDArray[Any]]) -> Sequence[NDArray[Any]]:
        """The outputs named, for the inputs given."""
        ...


class _Library(Protocol):
    def SessionOptions(self) -> Any: ...  # noqa: N802 -- their name

    def InferenceSession(self, graph: bytes, options: Any, providers: Sequence[str]) -> Session: ...  # noqa: N802


def session(graph: bytes, threads: int = 1) -> Session:
    """Load a graph to run on the CPU. Raises WrongUsage when it cannot be."""
    try:
        library = cast("_Library", importlib.import_module("onnxruntime"))
    except ImportError as problem:
        raise WrongUsage(
            "Finding faces needs ONNX Runtime", remedy="pip install 'videtur[redaction]'"
        ) from problem
    options = library.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        return library.InferenceSession(graph, options, ["CPUExecutionProvider"])
    except Exception as problem:  # ONNX Runtime has classes of its own without a base
        raise WrongUsage("The detector's graph cannot be used", one_line(problem)) from problem


def outputs(running: Session, names: Sequence[str] | None, feed: Mapping[str, NDArray[Any]]) -> list[Any]:
    """Run it. Raises Refused when it fails: a picture that was not looked at is no picture without faces."""
    try:
        return [np.asarray(each) for each in running.run(names, feed)]
    except Exception as problem:  # ONNX Runtime has classes of its own without a base
        raise Refused("A detector failed", one_line(problem), "Try again, or mask by hand") from problem


def one_line(problem: Exception) -> str:
    """The first words of what a library says."""
    return " ".join(str(problem).split())[:300]


def of_any_size(model: bytes, *, folded: bool = True) -> bytes:
    """The model with no fixed size. Raises WrongUsage when it is no model.

    `folded`: with its weights as constants; else they stay inputs, which is slower (for comparison).
    """
    try:
        return b"".join(
            _field(
                number, kind, _graph(value, folded) if number == _MODEL_GRAPH and kind == _LENGTH else value
            )
            for number, kind, value in _fields(model)
        )
    except (IndexError, ValueError) as problem:
        raise WrongUsage("The detector's file is no ONNX graph", str(problem)) from problem


def _graph(graph: bytes, folded: bool) -> bytes:
    fields = list(_fields(graph))
    weights = {_text(value, _TENSOR_NAME) for number, _, value in fields if number == _GRAPH_INITIALIZER}
    kept: list[bytes] = []
    for number, kind, value in fields:
        weight = number == _GRAPH_INPUT and _text(value, _VALUE_NAME) in weights
        if number == _GRAPH_VALUE or (weight and folded):
            continue
        told = _without_shape(value) if number in (_GRAPH_INPUT, _GRAPH_OUTPUT) and not weight else value
        kept.append(_field(number, kind, told))
    return b"".join(kept)


def _without_shape(value: bytes) -> bytes:
    """A graph's input or output whose tensor may have any shape."""
    return _changed(value, _VALUE_TYPE, _of_no_shape)


def _of_no_shape(type_: bytes) -> bytes:
    return _changed(type_, _TYPE_TENSOR, _no_shape)


def _no_shape(tensor: bytes) -> bytes:
    return b"".join(
        _field(number, kind, each) for number, kind, each in _fields(tensor) if number != _TENSOR_SHAPE
    )


def _changed(message: bytes, wanted: int, change: Callable[[bytes], bytes]) -> bytes:
    return b"".join(
        _field(number, kind, change(value) if number == wanted and kind == _LENGTH else value)
        for number, kind, value in _fields(message)
    )


def _text(message: bytes, wanted: int) -> str:
    for number, kind, value in _fields(message):
        if number == wanted and kind == _LENGTH:
            return value.decode()
    return ""


def _fields(message: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(number, kind, content) of each field; the content of a number in the form it is stored in."""
    at = 0
    while at < len(message):
        key, at = _number(message, at)
        kind, begin = key & 7, at
        if kind == _VARINT:
            _, at = _number(message, at)
        elif kind in (_EIGHT_BYTES, _FOUR_BYTES):
            at += 8 if kind == _EIGHT_BYTES else 4
        elif kind == _LENGTH:
            size, begin = _number(message, at)
            at = begin + size
        else:
            raise ValueError(f"a field of unknown kind {kind}")
        if at > len(message):
            raise ValueError("a field goes on behind the end")
        yield key >> 3, kind, message[begin:at]


def _field(number: int, kind: int, content: bytes) -> bytes:
    size = _varint(len(content)) if kind == _LENGTH else b""
    return _varint(number << 3 | kind) + size + content


def _number(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)

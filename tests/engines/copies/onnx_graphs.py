"""Small real ONNX graphs, written byte by byte: a descriptor for tests without weights or further tools.

What it makes of a picture: the mean colours of an eight by eight grid, their own mean taken off, to length 1.
"""

from pathlib import Path

SIDE = 64
DIMENSION = 192
FLOAT, UINT8 = 1, 2
_INT, _INTS = 2, 7


def write_descriptor(path: Path, *, floats: bool = False, any_size: bool = False) -> Path:
    """Bytes as (batch, height, width, 3), or floats as (batch, 3, height, width)."""
    side: int | None = None if any_size else SIDE
    shape: list[int | None] = [None, 3, side, side] if floats else [None, side, side, 3]
    before = (
        [_node("Identity", "image", "planes")]
        if floats
        else [
            _node("Cast", "image", "numbers", _attribute("to", FLOAT)),
            _node("Transpose", "numbers", "planes", _attribute("perm", [0, 3, 1, 2])),
        ]
    )
    cell = SIDE // 8
    nodes = [
        *before,
        _node(
            "AveragePool",
            "planes",
            "cells",
            _attribute("kernel_shape", [cell, cell]),
            _attribute("strides", [cell, cell]),
        ),
        _node("Flatten", "cells", "row", _attribute("axis", 1)),
        _node("ReduceMean", "row", "mean", _attribute("axes", [1]), _attribute("keepdims", 1)),
        _node("Sub", ("row", "mean"), "centred"),
        _node("LpNormalization", "centred", "embedding", _attribute("axis", 1), _attribute("p", 2)),
    ]
    graph = b"".join(_part(1, node) for node in nodes)
    graph += _text(2, "cells of a grid")
    graph += _part(11, _value("image", FLOAT if floats else UINT8, shape))
    graph += _part(12, _value("embedding", FLOAT, [None, DIMENSION]))
    model = _number(1, 8) + _part(7, graph) + _part(8, _text(1, "") + _number(2, 13))
    path.write_bytes(model)
    return path


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _part(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _text(field: int, content: str) -> bytes:
    return _part(field, content.encode())


def _attribute(name: str, value: int | list[int]) -> bytes:
    if isinstance(value, int):
        return _text(1, name) + _number(3, value) + _number(20, _INT)
    return _text(1, name) + b"".join(_number(8, each) for each in value) + _number(20, _INTS)


def _node(kind: str, given: str | tuple[str, ...], made: str, *attributes: bytes) -> bytes:
    inputs = (given,) if isinstance(given, str) else given
    content = b"".join(_text(1, name) for name in inputs) + _text(2, made) + _text(4, kind)
    return content + b"".join(_part(5, attribute) for attribute in attributes)


def _value(name: str, kind: int, shape: list[int | None]) -> bytes:
    sides = b"".join(_part(1, _text(2, "any") if side is None else _number(1, side)) for side in shape)
    return _text(1, name) + _part(2, _part(1, _number(1, kind) + _part(2, sides)))

"""Canonical JSON (RFC 8785): one value, one sequence of bytes."""

from collections.abc import Mapping

import rfc8785


def canonical_json(value: Mapping[str, object]) -> bytes:
    """Serialise by RFC 8785. Floats are refused: a record holds integers and decimal strings.

    Raises ValueError for a value that has no canonical form.
    """
    _refuse_floats(value)
    try:
        return rfc8785.dumps(value)  # pyright: ignore[reportArgumentType]
    except rfc8785.CanonicalizationError as problem:
        raise ValueError(str(problem)) from problem


def _refuse_floats(value: object) -> None:
    match value:
        case float():
            raise ValueError(f"a record holds no floats: {value!r}")
        case Mapping():
            for part in value.values():  # pyright: ignore[reportUnknownVariableType]
                _refuse_floats(part)  # pyright: ignore[reportUnknownArgumentType]
        case list() | tuple():
            for part in value:  # pyright: ignore[reportUnknownVariableType]
                _refuse_floats(part)  # pyright: ignore[reportUnknownArgumentType]
        case _:
            return

"""The vocabularies of the method: data with a version, from `vocabulary.yaml`."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, cast

import yaml


@cache
def _content() -> Mapping[str, Any]:
    text = files("videtur.engines.method").joinpath("vocabulary.yaml").read_text(encoding="utf-8")
    return MappingProxyType(cast("dict[str, Any]", yaml.safe_load(text)))


def version() -> str:
    """The schema and version of the vocabularies, for a record: "videtur-vocab/0.1 version 1"."""
    content = _content()
    return f"{content['schema']} version {content['version']}"


def names() -> tuple[str, ...]:
    """The name of each vocabulary."""
    return tuple(name for name in _content() if name not in ("schema", "version"))


def table(name: str) -> Any:
    """A vocabulary as it stands in the data: a list of words, of records, or a mapping."""
    return _content()[name]


@cache
def words(name: str) -> tuple[str, ...]:
    """The words of a vocabulary, in its order. Raises KeyError when there is no such vocabulary."""
    content = _content()[name]
    if isinstance(content, dict):
        return tuple(str(word) for word in cast("dict[object, object]", content))
    return tuple(_word(entry) for entry in cast("list[object]", content))


def tolerance(qualifier: str) -> tuple[float | None, float | None]:
    """How far a quantity may be from its number, in percent below and above; None is without limit.

    A house rule, not a standard: "roughly 20" is 20 -25 % to 20 +25 %.
    """
    low, high = cast("Mapping[str, list[float | None]]", _content()["qty_qualifier"])[qualifier]
    return low, high


def rank_of_standard(standard: str) -> int:
    """How high a standard of proof stands: 0 for none, 5 for what only courts reach."""
    entries = cast("list[dict[str, Any]]", _content()["standard_of_proof"])
    return next(int(entry["rank"]) for entry in entries if entry["id"] == standard)


def question_of_aspect(aspect: str) -> str:
    """What an aspect of footage asks."""
    entries = cast("list[dict[str, Any]]", _content()["aspects"])
    return next(str(entry["q"]) for entry in entries if entry["id"] == aspect)


def _word(entry: object) -> str:
    return str(cast("dict[str, object]", entry)["id"]) if isinstance(entry, dict) else str(entry)

"""What the steps of the pipeline found about an item, read back for a page."""

import json
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import cast

from django.conf import settings

from videtur.pipeline.derivations import latest_done
from videtur.pipeline.models import OutputRecord
from videtur.storage.object_store import ObjectStore, open_object_store

LARGEST_DOCUMENT = 64 << 20


@cache
def open_store() -> ObjectStore:
    """The workspace's object store; opened once a process."""
    return open_object_store(settings.WORKSPACE.objects, settings.WORKSPACE.root)


def output_of(item_sha256: str, step: str, name: str) -> OutputRecord | None:
    """The newest file of that name that the step made of the item."""
    derivation = latest_done(item_sha256, step)
    return derivation.outputs.get(name) if derivation else None


def document_of(item_sha256: str, step: str, name: str) -> object:
    """The content of a JSON output; None when there is none."""
    found = output_of(item_sha256, step, name)
    if found is None or found["size"] > LARGEST_DOCUMENT:
        return None
    with open_store().open(found["key"]) as file:
        return json.load(file)


def mapping_of(item_sha256: str, step: str, name: str) -> Mapping[str, object]:
    """Like `document_of`, for documents that are JSON objects; an empty one when there is none."""
    content = document_of(item_sha256, step, name)
    return cast("dict[str, object]", content) if isinstance(content, dict) else {}


def summary_of(item_sha256: str, step: str) -> Mapping[str, object]:
    """The small facts of the newest successful result of a step; empty when there is none."""
    derivation = latest_done(item_sha256, step)
    return derivation.summary if derivation else {}


def time_base_of(item_sha256: str) -> Fraction | None:
    """The time base of the item's picture, None when it has none."""
    summary = summary_of(item_sha256, "decode")
    match summary.get("time_base"), summary.get("frame_count"):
        case [int(numerator), int(denominator)], int(frames) if denominator and frames:
            return Fraction(numerator, denominator)
        case _:
            return None

"""What the truth says of a query and a film of the gallery, by picture and by sound apart."""

from typing import Literal

from benchmarks.copies.films import Span
from benchmarks.copies.queries import SILENT, Query
from benchmarks.copies.sources import Source

Modality = Literal["picture", "sound"]
COPY, UNRELATED, UNDEFINED = "copy", "unrelated", "undefined"
HARD = ("other take", "other part", "second camera")
"""Pairs of one scene that share no frame."""
_ONE_FILM_TWICE = "band"
_CONTAINED, _CONTAINER, _PATTERN = "pattern-hd-no-bar.mp4", "pattern-longer-no-bar.mp4", "pattern"


def truth_of(query: Query, reference: Source, modality: Modality) -> str:
    """A copy, one of the hard negatives, unrelated, or undefined: then the pair counts neither way."""
    if query.host_group == reference.group:
        # The film around an inset or an insert is itself shown, or heard: a true match of what is shown.
        return UNDEFINED
    if query.group != reference.group:
        return UNRELATED
    if query.relation != COPY:
        return _of_negative(query, reference, modality)
    carried = query.spans if modality == "picture" else query.heard
    if not carried:
        return UNRELATED
    if modality == "sound" and query.heard_level < SILENT:
        return UNDEFINED
    if reference.name == query.source or reference.group == _ONE_FILM_TWICE:
        return COPY
    if reference.group == _PATTERN:
        # A part of the longer clip may lie outside the shorter one.
        return COPY if query.source == _CONTAINED and reference.name == _CONTAINER else UNDEFINED
    return "other take"


def _of_negative(query: Query, reference: Source, modality: Modality) -> str:
    if modality == "picture":
        return query.relation
    # A second camera hears the same event, and the music of a real recording may come again.
    return UNDEFINED if query.relation == "second camera" or reference.real else query.relation


def spans_of(query: Query, reference: Source, modality: Modality) -> tuple[Span, ...]:
    """The true intervals of a copy; none where only the fact is known, not the place."""
    if reference.name != query.source and reference.group != _ONE_FILM_TWICE:
        return ()
    return query.spans if modality == "picture" else query.heard

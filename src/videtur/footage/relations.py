"""Copy relations as the searches found them, read from the records."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import cast

from django.conf import settings

from videtur.engines.copies.placement import turned_names
from videtur.engines.media.timecode import MediaInterval, MediaTime
from videtur.footage.evidence_shown import Evidence, Matrix, evidence_of, inverse_of, matrix_of
from videtur.pipeline.derivations import DONE, of_inputs
from videtur.storage.object_store import open_object_store

ACCEPTED = ("same_footage", "same_sound")
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class SharedStretch:
    """One stretch that both items carry, in the times of each."""

    this: MediaInterval
    other: MediaInterval
    score: Decimal

    def as_json(self) -> dict[str, object]:
        """For the browser: both intervals and the score."""
        return {"this": self.this.as_json(), "other": self.other.as_json(), "score": str(self.score)}


@dataclass(frozen=True, slots=True)
class CopyRelation:
    """What a search says of two items. `outcome` is `unrelated` for a mere hint."""

    this: str
    other: str
    modality: str
    outcome: str
    stretches: tuple[SharedStretch, ...]
    transform: tuple[str, ...]
    speed: Fraction
    """Seconds of `other` for one second of `this`."""
    score: Decimal
    reasons: tuple[str, ...]
    matrix: Matrix | None = None
    """From places in the picture of `this` to places in that of `other`, row by row."""
    found_in: tuple[str, str] = ("", "")
    """The item whose search found it, and the object that holds what the search found."""

    @property
    def accepted(self) -> bool:
        """Whether the engine says yes at its own threshold."""
        return self.outcome in ACCEPTED

    @property
    def joins(self) -> bool:
        """Whether it says that both carry one recording: by picture alone, since sounds are used again."""
        return self.modality == "picture" and self.outcome == "same_footage"

    @property
    def pair(self) -> Pair:
        """The two items, in one order."""
        return pair_of(self.this, self.other)

    def turned(self) -> "CopyRelation":
        """The same relation, told from the other item."""
        return replace(
            self,
            this=self.other,
            other=self.this,
            stretches=tuple(SharedStretch(each.other, each.this, each.score) for each in self.stretches),
            transform=turned_names(self.transform),
            speed=1 / self.speed,
            matrix=inverse_of(self.matrix) if self.matrix else None,
        )


def pair_of(one: str, other: str) -> Pair:
    """Two items in one order, whichever was named first."""
    return (one, other) if one <= other else (other, one)


def relations_among(items: Collection[str]) -> list[CopyRelation]:
    """What the searches found between any two of these items (SHA-256), hints included, the best first.

    Where both searches saw the other, the one that scores better stands for both.
    """
    best: dict[tuple[Pair, str], CopyRelation] = {}
    for relation in _found_from(items):
        key = (relation.pair, relation.modality)
        if relation.other in items and (key not in best or best[key].score < relation.score):
            best[key] = relation
    return sorted(best.values(), key=lambda relation: (-relation.score, relation.pair, relation.modality))


def relations_of(item: str, among: Collection[str]) -> list[CopyRelation]:
    """The relations of one item with others of `among`, each told from this item."""
    return [
        relation if relation.this == item else relation.turned()
        for relation in relations_among({item, *among})
        if item in relation.pair
    ]


def evidence_for(relation: CopyRelation) -> Evidence | None:
    """What a person can look at, told from the relation's `this`. Read anew: there is much of it."""
    searched, key = relation.found_in
    if not key:
        return None
    sought = relation.other if relation.this == searched else relation.this
    for told in _stored(key):
        if told["other"] == sought and told["modality"] == relation.modality:
            found = evidence_of(told.get("evidence"))
            return found.turned() if found and relation.this != searched else found
    return None


def _found_from(items: Collection[str]) -> Iterable[CopyRelation]:
    """Everything found by the latest search from each item."""
    latest = {
        row.input_sha256: row for row in of_inputs(list(items), "copy_search") if row.outcome == DONE
    }  # of_inputs gives the oldest first
    for sha256, row in sorted(latest.items()):
        if row.summary.get("hint_count") or row.summary.get("relation_count"):
            yield from _read(sha256, row.outputs["relations.json"]["key"])


@lru_cache(maxsize=4096)  # the key names immutable bytes
def _read(sha256: str, key: str) -> tuple[CopyRelation, ...]:
    found = _stored(key)
    return tuple(_relation(sha256, key, each) for each in found)


def _stored(key: str) -> list[dict[str, object]]:
    workspace = settings.WORKSPACE
    with open_object_store(workspace.objects, workspace.root).open(key) as file:
        return cast("list[dict[str, object]]", json.load(file))


def _relation(this: str, key: str, told: Mapping[str, object]) -> CopyRelation:
    return CopyRelation(
        this=this,
        other=str(told["other"]),
        modality=str(told["modality"]),
        outcome=str(told["outcome"]),
        stretches=tuple(_stretch(each) for each in cast("list[dict[str, object]]", told["segments"])),
        transform=tuple(cast("list[str]", told["transform"])),
        speed=Fraction(str(told["speed"])),
        score=Decimal(str(told["score"])),
        reasons=tuple(cast("list[str]", told["reasons"])),
        matrix=matrix_of(told.get("evidence")),
        found_in=(this, key),
    )


def _stretch(told: Mapping[str, object]) -> SharedStretch:
    return SharedStretch(_interval(told["this"]), _interval(told["other"]), Decimal(str(told["score"])))


def _interval(value: object) -> MediaInterval:
    start, end = cast("list[dict[str, object]]", value)
    return MediaInterval(MediaTime.from_json(start), MediaTime.from_json(end))

"""Conflicts that arithmetic and fixed rules find, each with the recorded conflict that covers it.

All of them are house rules (domain model, section 9). A detected conflict is a lead for a person, who records
it and later settles it; detection changes no status.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from videtur.engines.method.accountability.effects import said_by_a_side
from videtur.engines.method.accountability.sides import concern_the_same
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.dates import days_of
from videtur.engines.method.entities.accountability import Commitment, Statement
from videtur.engines.method.entities.evidence import Item
from videtur.engines.method.entities.footage import (
    FootageFamily,
    Observation,
    PlaceClaim,
    PlaceMatch,
    TimeClaim,
    Utterance,
)
from videtur.engines.method.entities.verification import Claim, Conflict
from videtur.engines.method.house_rules import house_rules
from videtur.engines.method.membership import items_of
from videtur.engines.method.quantities import Range, great_circle_km, range_of

ONE_TRUE_TIME = ("event", "recording", "first_known_upload")
"""Kinds of time of which footage has one. It is uploaded, published and collected many times."""
OPPOSED: Mapping[frozenset[str], str] = {
    # Of one side on one matter. What accepts that something happened stands against what calls it staged.
    frozenset(("commitment", "staged_claim")): "authenticity",
    frozenset(("condemnation", "staged_claim")): "authenticity",
    frozenset(("condemnation", "denial")): "fact",
}
BODY_WORDS: tuple[tuple[str, frozenset[str]], ...] = (
    # A small lexicon for English translations; words of one line name one part of the body.
    ("head", frozenset({"head", "heads", "face", "faces", "skull", "forehead"})),
    ("nose", frozenset({"nose", "noses", "nostril", "nostrils"})),
    ("eye", frozenset({"eye", "eyes"})),
    ("ear", frozenset({"ear", "ears"})),
    ("mouth", frozenset({"mouth", "teeth", "tooth", "jaw", "lip", "lips", "tongue"})),
    ("neck", frozenset({"neck", "throat"})),
    ("torso", frozenset({"chest", "torso", "belly", "stomach", "abdomen", "ribs", "rib"})),
    ("back", frozenset({"back", "spine"})),
    ("arm", frozenset({"arm", "arms", "elbow", "elbows", "shoulder", "shoulders"})),
    ("hand", frozenset({"hand", "hands", "finger", "fingers", "wrist", "wrists"})),
    ("leg", frozenset({"leg", "legs", "shin", "shins", "calf", "calves"})),
    ("thigh", frozenset({"thigh", "thighs"})),
    ("knee", frozenset({"knee", "knees", "kneecap", "kneecaps"})),
    ("foot", frozenset({"foot", "feet", "toe", "toes", "ankle", "ankles", "heel", "heels"})),
    ("groin", frozenset({"groin", "genitals"})),
)


@dataclass(frozen=True, slots=True)
class DetectedConflict:
    """Things that do not agree, by which rule, and the recorded conflict that covers them."""

    kind: str
    between: tuple[str, ...]
    why: str
    recorded: str | None
    status: str | None
    """The status of the recorded conflict."""

    def as_json(self) -> dict[str, Any]:
        """What a page shows."""
        return {
            "kind": self.kind,
            "between": list(self.between),
            "why": self.why,
            "recorded": self.recorded,
            "status": self.status,
        }


_Found = tuple[str, tuple[str, ...], str]


def detected(case: CaseFile) -> tuple[DetectedConflict, ...]:
    """Every conflict that the rules find, in the order of the rules and of the case."""
    found = (
        *_times(case),
        *_counts(case),
        *_places(case),
        *_opposed(case),
        *_durations(case),
        *_translations(case),
    )
    return tuple(_with_record(case, kind, between, why) for kind, between, why in dict.fromkeys(found))


def _with_record(case: CaseFile, kind: str, between: tuple[str, ...], why: str) -> DetectedConflict:
    for name, conflict in case.named(Conflict).items():
        needed = 1 if kind == "translation" else 2
        if conflict.kind == kind and len(set(between) & set(conflict.between)) >= needed:
            return DetectedConflict(kind, between, why, name, conflict.status)
    return DetectedConflict(kind, between, why, None, None)


def _times(case: CaseFile) -> Iterator[_Found]:
    claims: list[tuple[str, str, str, str]] = [
        (name, claim.footage, claim.kind, claim.edtf)
        for name, claim in case.named(TimeClaim).items()
        if claim.kind in ONE_TRUE_TIME
    ]
    for name, family in case.named(FootageFamily).items():
        for kind, dated in (
            ("recording", family.recording),
            ("first_known_upload", family.first_known_upload),
        ):
            if dated is not None:
                claims.append((name, name, kind, dated.edtf))
    for one, two in combinations(claims, 2):
        if one[1:3] == two[1:3] and days_of(one[3]).is_disjoint_from(days_of(two[3])):
            what = one[2].replace("_", " ")
            yield "date", (one[0], two[0]), f"{one[3]} and {two[3]} for the {what} share no day"


def _counts(case: CaseFile) -> Iterator[_Found]:
    seen = {
        name: each
        for name, each in case.named(Observation).items()
        if each.count is not None and each.withdrawn_because is None
    }
    for (one, first), (two, second) in combinations(seen.items(), 2):
        if two not in first.same_persons_as and one not in second.same_persons_as:
            continue
        for (low, fewer), (high, more) in (((one, first), (two, second)), ((two, second), (one, first))):
            most = fewer.count.max if fewer.count else None
            least = more.count.min if more.count else None
            if most is not None and least is not None and most < least:
                why = f"{low} counts at most {most} and {high} at least {least} of the same persons"
                yield "count", (one, two), why


def _places(case: CaseFile) -> Iterator[_Found]:
    placed: list[tuple[str, str, PlaceMatch]] = []
    for name, match in case.named(PlaceMatch).items():
        claim = case.get(PlaceClaim, match.claim)
        footage = match.footage or (claim.footage if claim else None)
        if footage and match.match not in ("contradicted", "not_attempted"):
            placed.append((name, footage, match))
    for (one, film, first), (two, other_film, second) in combinations(placed, 2):
        if film != other_film or first.place_role != second.place_role:
            continue
        apart = great_circle_km(first.lat, first.lon, second.lat, second.lon)
        allowed = float(first.radius_km + second.radius_km)
        if apart > allowed:
            role = first.place_role.replace("_", " ")
            why = f"Two for the {role} are {apart:.1f} km apart, their errors together {allowed:g} km"
            yield "place", (one, two), why


def _opposed(case: CaseFile) -> Iterator[_Found]:
    said: list[tuple[str, str, str, tuple[str | None, ...]]] = [
        (name, commitment.by, "commitment", (commitment.about,))
        for name, commitment in case.named(Commitment).items()
    ]
    for name, each, side in said_by_a_side(case):
        if isinstance(each, Claim):
            said.append((name, side, each.kind, (each.about,)))
        elif not _announces(each):
            said.append((name, side, each.kind, each.about or (None,)))
    for (one, side, kind, about), (two, other, other_kind, other_about) in combinations(said, 2):
        conflict = OPPOSED.get(frozenset((kind, other_kind)))
        if conflict is None or side != other or kind == other_kind:
            continue
        if any(concern_the_same(case, first, second) for first in about for second in other_about):
            first_words, second_words = (word.replace("_", " ") for word in sorted((kind, other_kind)))
            yield conflict, _ordered(case, (one, two)), f"{side} gave a {first_words} and a {second_words}"


def _announces(said: Statement) -> bool:
    """A statement that announces a commitment is that commitment's and is not counted beside it."""
    return said.kind == "commitment" and said.commitment is not None


def _ordered(case: CaseFile, names: Iterable[str]) -> tuple[str, ...]:
    order = {placed.reference: number for number, placed in enumerate(case.placed)}
    return tuple(sorted(names, key=lambda name: order.get(name, len(order))))


def _durations(case: CaseFile) -> Iterator[_Found]:
    for name, family in case.named(FootageFamily).items():
        lengths: dict[str, Range] = {
            version.ref: range_of(version.duration_s, version.qualifier)
            for version in family.members_reported_elsewhere
            if version.duration_s is not None
        }
        for item_name in items_of(case, name):
            item = case.get(Item, item_name)
            if item is not None and item.duration_s is not None:
                lengths[item_name] = range_of(item.duration_s, "exact")
        yield from _versions(name, lengths, house_rules(case).version_difference_seconds)


def _versions(family: str, lengths: dict[str, Range], allowed: float) -> Iterator[_Found]:
    """One conflict for all copies of a family of which some cannot be of one length."""
    differ = {
        name
        for one, two in combinations(lengths, 2)
        if lengths[one].gap(lengths[two]) > allowed
        for name in (one, two)
    }
    if differ:
        between = tuple(name for name in lengths if name in differ)
        yield "version", between, f"Lengths given for {family} lie more than {allowed:g} seconds apart"


def _translations(case: CaseFile) -> Iterator[_Found]:
    for name, utterance in case.named(Utterance).items():
        if utterance.translation_en is None or utterance.second_translation_en is None:
            continue
        first, second = body_parts(utterance.translation_en), body_parts(utterance.second_translation_en)
        if first != second:
            told = [", ".join(parts) or "no part of the body" for parts in (first, second)]
            yield (
                "translation",
                (name, f"second translation of {name}"),
                f"One translation names {told[0]}, the other {told[1]}",
            )


def body_parts(text: str) -> Sequence[str]:
    """The parts of the body that an English text names, in the lexicon's order."""
    words = set(re.findall(r"[a-z]+", text.casefold()))
    return tuple(part for part, names in BODY_WORDS if words & names)

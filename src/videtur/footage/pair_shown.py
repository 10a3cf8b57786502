"""Two items side by side: what a comparison says of them, and what a person can look at to judge it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.urls import reverse
from django.utils.translation import gettext as _

from videtur.cases.models import Case
from videtur.cases.sentences import told
from videtur.engines.copies.views import outline
from videtur.engines.media.timecode import MediaTime
from videtur.evidence.models import Item
from videtur.footage.blind_viewing import Shown
from videtur.footage.derived import summary_of, time_base_of
from videtur.footage.drawings import Agreement, Curve, agreement, curve
from videtur.footage.evidence_shown import Evidence, Point
from videtur.footage.extent import extents_of
from videtur.footage.families_shown import file_names, proposals_of
from videtur.footage.relations import CopyRelation, SharedStretch, evidence_for, relations_of
from videtur.footage.words import OUTCOMES
from videtur.people.models import User

_NEEDED = re.compile(r"motion agrees .*\(([01]\.\d+) needed\)")
_MOSTLY_NEEDED = 0.8
HEIGHT, GAP = 360, 24
"""Of the drawing of two stills: height of each, and what stands between them."""
_MOST_MOMENTS, _MOST_POINTS = 12, 80
_PLAIN = (16, 9)
_SHORT = 12
_MICROSECOND = Fraction(1, 1_000_000)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two."""

    sha256: str
    label: str
    address: str
    width: int
    """Of its still in the drawing."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The same moment in both, by the comparison."""

    number: int
    this: str
    other: str
    this_still: str
    other_still: str


@dataclass(frozen=True, slots=True)
class Match:
    """A matched point, as a line between the two stills."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Compared:
    """What one comparison, of pictures or of sounds, says."""

    modality: str
    outcome: str
    outcome_in_words: str
    score: Decimal
    reasons: tuple[str, ...]
    transform: tuple[str, ...]
    speed: str
    parts: tuple[tuple[str, str], ...]
    curve: Curve | None
    agreement: Agreement | None


@dataclass(frozen=True, slots=True)
class PairOfItems:
    """Everything on the page of two items."""

    this: Side
    other: Side
    named: bool
    """Whether the names and reasons of people may be told to the viewer."""
    compared: tuple[Compared, ...]
    moments: tuple[Moment, ...]
    matches: tuple[Match, ...]
    frame: str
    """The corners of where the first picture lies in the second; empty where no map is known."""
    decision: Mapping[str, object] | None
    width: int
    height: int = HEIGHT

    @property
    def other_left(self) -> int:
        """Where the second still begins."""
        return self.this.width + GAP


def pair_shown(user: User, case: Case, item: Item, other: Item) -> PairOfItems:
    """The two as that person may see them. Both must be open to the person."""
    shown, names = Shown(user, case), file_names(case)
    named = shown.names(item.sha256) and shown.names(other.sha256)
    relations = [each for each in relations_of(item.sha256, [other.sha256]) if each.other == other.sha256]
    relations.sort(key=lambda relation: relation.modality != "picture")
    pictures = next((each for each in relations if each.modality == "picture"), None)
    evidence = evidence_for(pictures) if pictures else None
    sides = [_side(case, each, names, shown) for each in (item, other)]
    moments = _moments(case, item, other, pictures, evidence)
    return PairOfItems(
        this=sides[0],
        other=sides[1],
        named=named,
        compared=tuple(_compared(each, evidence if each is pictures else None) for each in relations),
        moments=moments,
        matches=_matches(evidence.points, sides) if evidence and moments else (),
        frame=_frame(evidence, sides) if evidence and moments else "",
        decision=_decision(case, item, other, named=named),
        width=sides[0].width + GAP + sides[1].width,
    )


def _side(case: Case, item: Item, names: Mapping[str, str], shown: Shown) -> Side:
    probe = summary_of(item.sha256, "probe")
    width, height = probe.get("width"), probe.get("height")
    if not isinstance(width, int) or not isinstance(height, int) or not width or not height:
        width, height = _PLAIN
    label = names[item.sha256] if shown.names(item.sha256) else item.sha256[:_SHORT]
    address = reverse("item", args=[case.slug, item.sha256])
    return Side(item.sha256, label, address, max(1, round(HEIGHT * width / height)))


def _compared(relation: CopyRelation, evidence: Evidence | None) -> Compared:
    extents = extents_of([relation.this, relation.other])
    stretches = [(each.this, each.other) for each in relation.stretches]
    windows = evidence.windows if evidence else ()
    drawn = None
    if stretches and len(extents) == 2:
        drawn = curve(windows, stretches, extents[relation.this], extents[relation.other])
    return Compared(
        modality=relation.modality,
        outcome=relation.outcome,
        outcome_in_words=_(OUTCOMES[relation.outcome]) if relation.outcome in OUTCOMES else relation.outcome,
        score=relation.score,
        reasons=tuple(told(reason) for reason in relation.reasons),
        transform=relation.transform,
        speed="" if relation.speed == 1 else f"{float(relation.speed):.3f}",
        parts=tuple(
            (
                f"{_rounded(here.start)}–{_rounded(here.end)} s",
                f"{_rounded(there.start)}–{_rounded(there.end)} s",
            )
            for here, there in stretches
        ),
        curve=drawn,
        agreement=agreement(windows, needed_for(relation.reasons)),
    )


def needed_for(reasons: Sequence[str]) -> float:
    """From which agreement on the engine speaks of one recording, as it says itself."""
    found = next((match for each in reasons if (match := _NEEDED.fullmatch(each))), None)
    return float(found[1]) if found else _MOSTLY_NEEDED


def _moments(
    case: Case, item: Item, other: Item, relation: CopyRelation | None, evidence: Evidence | None
) -> tuple[Moment, ...]:
    """Moments worth seeing: those the engine names; else start, middle and end of each shared stretch."""
    bases = time_base_of(item.sha256), time_base_of(other.sha256)
    if relation is None or bases[0] is None or bases[1] is None:
        return ()
    chosen: list[tuple[MediaTime, MediaTime]] = list(evidence.frames) if evidence else []
    if not chosen:
        chosen = [moment for each in relation.stretches for moment in _within(each)]
    return tuple(
        Moment(
            number,
            _rounded(here),
            _rounded(there),
            reverse("still", args=[case.slug, item.sha256, here.rescaled(bases[0]).pts]),
            reverse("still", args=[case.slug, other.sha256, there.rescaled(bases[1]).pts]),
        )
        for number, (here, there) in enumerate(chosen[:_MOST_MOMENTS], 1)
    )


def _within(stretch: SharedStretch) -> list[tuple[MediaTime, MediaTime]]:
    """Near its start, at its middle and near its end: the very edges may lie a picture off."""
    found: list[tuple[MediaTime, MediaTime]] = []
    for part in (Fraction(1, 8), Fraction(1, 2), Fraction(7, 8)):
        here, there = (
            each.start.instant + part * (each.end.instant - each.start.instant)
            for each in (stretch.this, stretch.other)
        )
        found.append((_time(here), _time(there)))
    return found


def _rounded(time: MediaTime) -> str:
    """Seconds to the thousandth, for reading: no picture lasts less."""
    return f"{float(time.instant):.3f}"


def _time(seconds: Fraction) -> MediaTime:
    return MediaTime(round(seconds / _MICROSECOND), _MICROSECOND)


def _matches(points: Sequence[Point], sides: Sequence[Side]) -> tuple[Match, ...]:
    drawn = points[:: 1 + len(points) // _MOST_POINTS]
    left = sides[0].width + GAP
    return tuple(
        Match(
            round(float(x) * sides[0].width, 1),
            round(float(y) * HEIGHT, 1),
            round(left + float(x_there) * sides[1].width, 1),
            round(float(y_there) * HEIGHT, 1),
        )
        for x, y, x_there, y_there in drawn
    )


def _frame(evidence: Evidence, sides: Sequence[Side]) -> str:
    corners = outline(evidence.matrix) if evidence.matrix else None
    left = sides[0].width + GAP
    return " ".join(f"{left + x * sides[1].width:.1f},{y * HEIGHT:.1f}" for x, y in corners or [])


def _decision(case: Case, item: Item, other: Item, *, named: bool) -> Mapping[str, object] | None:
    """The latest word of a person; why, only where names and reasons may be told."""
    found = next((each for each in proposals_of(case, item) if each["other"] == other.sha256), None)
    if found is None or not found["decision"]:
        return None
    return found if named else {**found, "reason": ""}

"""Where each item of a family lies on the family's one time line, and what of it each covers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from videtur.engines.copies.records import Dated
from videtur.engines.copies.views import WHOLE, Box
from videtur.engines.media.timecode import MediaInterval, MediaTime

EDGE_SECONDS = Fraction(3, 2)
"""What is nearer to the end of a file than this counts as its end."""
_SAME_OFFSET = Fraction(1, 5)
_SAME_RATE = Fraction(1, 500)
Pair = tuple[str, str]
Span = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class FamilyItem:
    """An item as families see it: its length, its picture, and the records of when it was there."""

    name: str
    start: MediaTime
    duration: MediaTime
    records: tuple[Dated, ...] = ()
    """The records that the caller trusts."""
    size: tuple[int, int] | None = None
    """Width and height of the picture as shown."""
    content: Box = WHOLE
    """The part of the picture that is no constant border."""

    @property
    def span(self) -> Span:
        """From its first to its last moment, on its own clock."""
        return self.start.instant, self.start.instant + self.duration.instant


_TURNED = {"crop": "padding", "padding": "crop", "overlay": "uncovered", "uncovered": "overlay"}


@dataclass(frozen=True)
class FamilyRelation:
    """What a comparison of two items said. Only the same footage, by picture, joins them."""

    a: str
    b: str
    segments: tuple[tuple[MediaInterval, MediaInterval], ...]
    speed: Fraction
    """Seconds of `b` for one second of `a`."""
    score: Decimal
    transform: tuple[str, ...] = ()
    """What was done to `a` to make it of `b`."""
    outcome: str = "same_footage"
    modality: str = "picture"
    matrix: tuple[Decimal, ...] | None = None
    """Nine numbers, row by row: from places in the picture of `a` to places in that of `b`."""

    @property
    def joins(self) -> bool:
        """Whether it says that both carry one recording."""
        return self.modality == "picture" and self.outcome == "same_footage"

    @property
    def pair(self) -> Pair:
        """The two items, in one order."""
        return pair_of(self.a, self.b)


@dataclass(frozen=True)
class _Piece:
    """A stretch of an item on the family's time line: family second = rate * own second + offset."""

    first: Fraction
    last: Fraction
    rate: Fraction
    offset: Fraction

    def at(self, own: Fraction) -> Fraction:
        return self.rate * own + self.offset

    def continues(self, other: "_Piece") -> bool:
        """Whether the other goes on where this one would, so that both are one piece."""
        near = abs(self.at(other.first) - other.at(other.first)) <= _SAME_OFFSET
        return near and abs(self.rate - other.rate) <= _SAME_RATE


@dataclass(frozen=True)
class Placement:
    """An item on the family's time line. An edited item may lie there in several pieces."""

    pieces: tuple[_Piece, ...]
    transform: tuple[str, ...]
    """How its picture differs from the base's."""

    @property
    def mirrored(self) -> bool:
        """Whether left and right are exchanged against the base."""
        return "mirror" in self.transform

    def at(self, own: Fraction) -> Fraction:
        """The family's second of an own second: by the piece that holds it, or the nearest."""
        return self._piece(own).at(own)

    def rate(self, own: Fraction) -> Fraction:
        """Seconds of the family for one of its own, there."""
        return self._piece(own).rate

    def laid(self, spans: Iterable[Span]) -> list[Span]:
        """Own spans on the family's clock, cut where one piece gives way to the next."""
        pieces = self.pieces
        cuts = [(a.last + b.first) / 2 for a, b in pairwise(pieces)]
        found: list[Span] = []
        for first, last in spans:
            edges = [first, *(cut for cut in cuts if first < cut < last), last]
            for start, end in pairwise(edges):
                piece = self._piece((start + end) / 2)
                found.append((piece.at(start), piece.at(end)))
        return joined(found)

    def _piece(self, own: Fraction) -> _Piece:
        return min(self.pieces, key=lambda piece: max(piece.first - own, own - piece.last, Fraction(0)))


def pair_of(a: str, b: str) -> Pair:
    """Two items in one order, whichever was named first."""
    return (a, b) if a <= b else (b, a)


def turned_names(transform: Iterable[str]) -> tuple[str, ...]:
    """What was done to one picture to make it of another, told from the other."""
    return tuple(_TURNED.get(name, name) for name in transform)


def turned(link: FamilyRelation, name: str) -> FamilyRelation:
    """The relation with that item as `a`."""
    if link.a == name:
        return link
    return FamilyRelation(
        link.b,
        link.a,
        tuple((there, here) for here, there in link.segments),
        1 / link.speed,
        link.score,
        turned_names(link.transform),
        link.outcome,
        link.modality,
        None,
    )


def placed(base: FamilyItem, links: Sequence[FamilyRelation]) -> dict[str, Placement]:
    """Lay every item on the base's clock, over the fewest links and among those the strongest."""
    first, last = base.span
    found = {base.name: Placement((_Piece(first, last, Fraction(1), Fraction(0)),), ())}
    left = sorted(
        (link for link in links if link.segments), key=lambda link: (-link.score, link.pair, link.a)
    )
    reached: set[str] = set()
    while reached != set(found):
        reached = set(found)
        for link in left:
            known, new = (link.a, link.b) if link.a in reached else (link.b, link.a)
            if known in reached and new not in found:
                found[new] = _across(turned(link, known), found[known])
    return found


def _across(link: FamilyRelation, known: Placement) -> Placement:
    """The place of `b`, by that of `a`. Where an own second would lie twice, the longer stretch counts."""
    pieces: list[_Piece] = []
    for here, there in sorted(link.segments, key=lambda pair: (-_length_of(pair[1]), pair[1].start)):
        middle, mine = middle_of(here), middle_of(there)
        # A second of `b` is the speed times that of `a`; the middles lie upon one another.
        rate = known.rate(middle) / link.speed
        piece = _Piece(there.start.instant, there.end.instant, rate, known.at(middle) - rate * mine)
        if all(piece.last <= other.first or other.last <= piece.first for other in pieces):
            pieces.append(piece)
    return Placement(_merged(pieces), _changes_across(turned_names(link.transform), known.transform))


def _merged(pieces: Iterable[_Piece]) -> tuple[_Piece, ...]:
    merged: list[_Piece] = []
    for piece in sorted(pieces, key=lambda piece: piece.first):
        if merged and merged[-1].continues(piece):
            merged[-1] = _Piece(merged[-1].first, piece.last, merged[-1].rate, merged[-1].offset)
        else:
            merged.append(piece)
    return tuple(merged)


def _changes_across(link: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    """Twice mirrored is not mirrored; what lies over the other alone is gone; every other change stays."""
    mirrored = ("mirror" in known) != ("mirror" in link)
    gone = {"overlay"} if "uncovered" in link else set[str]()
    others = {*known, *link} - {"mirror", "uncovered"} - gone
    return tuple(sorted(others | ({"mirror"} if mirrored else set())))


def covered(
    item: FamilyItem,
    placement: Placement | None,
    links: Sequence[FamilyRelation],
    items: Mapping[str, FamilyItem],
) -> list[Span]:
    """What the item carries of the recording, on the family's clock; nothing where its place is not known.

    A shared stretch that comes to an end because one of the two files does is taken to go on in the
    other; one that ends inside both is not, for there something else was cut in.
    """
    if placement is None:
        return []
    start, end = item.span
    spans: list[Span] = []
    for link in links:
        if item.name not in (link.a, link.b):
            continue
        told = turned(link, item.name)
        other_start, other_end = items[told.b].span
        for mine, theirs in told.segments:
            opens = min(mine.start.instant - start, theirs.start.instant - other_start)
            closes = min(end - mine.end.instant, other_end - theirs.end.instant)
            first = start if opens <= EDGE_SECONDS else mine.start.instant
            last = end if closes <= EDGE_SECONDS else mine.end.instant
            spans.append((first, max(first, last)))
    return placement.laid(joined(spans) or [(start, end)])


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same stretches in order, those that touch as one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def length(spans: Iterable[Span]) -> Fraction:
    """Seconds in all of stretches that do not overlap."""
    return sum((end - start for start, end in spans), Fraction(0))


def missing(spans: Sequence[Span], held: Sequence[Span]) -> list[Span]:
    """The stretches of `spans` that lie in none of `held`; slivers at their edges are none."""
    found: list[Span] = []
    for start, end in joined(spans):
        at = start
        for first, last in joined(held):
            if last <= at or first >= end:
                continue
            if first > at:
                found.append((at, first))
            at = max(at, last)
        if at < end:
            found.append((at, end))
    return [(start, end) for start, end in found if end - start > EDGE_SECONDS]


def middle_of(interval: MediaInterval) -> Fraction:
    """Its middle, in seconds."""
    return (interval.start.instant + interval.end.instant) / 2


def _length_of(interval: MediaInterval) -> Fraction:
    return interval.end.instant - interval.start.instant

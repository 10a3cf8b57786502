"""Families of footage: items that carry one recording, on one common timeline, with what each covers.

People decide: a confirmed pair belongs together, a rejected pair is never joined directly, and a chain
that would join a rejected pair is cut at its weakest proposed link.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from videtur.engines.media.timecode import MediaInterval, MediaTime

FAMILY_TIME_BASE = Fraction(1, 90_000)
_EDGE_SECONDS = Fraction(3, 2)
Pair = tuple[str, str]


@dataclass(frozen=True)
class FamilyItem:
    """An item as families see it: how long it is, and its earliest trusted record, if there is one."""

    name: str
    start: MediaTime
    duration: MediaTime
    trusted: datetime | None = None
    """The earliest time a record that the caller trusts places this item at."""
    trusted_by: str = ""
    """What that record is, for the reason."""


@dataclass(frozen=True)
class FamilyRelation:
    """An accepted picture relation between two items: where they carry the same footage."""

    a: str
    b: str
    segments: tuple[tuple[MediaInterval, MediaInterval], ...]
    speed: Fraction
    """Seconds of `b` for one second of `a`."""
    score: Decimal
    transform: tuple[str, ...] = ()


@dataclass(frozen=True)
class Member:
    """An item in a family: what it covers of the common timeline, and how it was changed from the base."""

    name: str
    covers: tuple[MediaInterval, ...]
    transform: tuple[str, ...]


@dataclass(frozen=True)
class Family:
    """Items that carry one recording. `earliest` and `most_complete` are leads with reasons, not proof."""

    name: str
    members: tuple[Member, ...]
    earliest: str | None
    most_complete: str
    why: tuple[str, ...]


def families(
    items: Iterable[FamilyItem],
    relations: Iterable[FamilyRelation],
    confirmed: Collection[Pair] = (),
    rejected: Collection[Pair] = (),
) -> tuple[Family, ...]:
    """Group items; every item is in exactly one family, alone if need be. The order given does not matter."""
    known = {item.name: item for item in items}
    yes = {_pair(*pair) for pair in confirmed}
    no = {_pair(*pair) for pair in rejected} - yes
    links = sorted(
        (link for link in relations if link.a in known and link.b in known and link.a != link.b),
        key=lambda link: (_pair(link.a, link.b) not in yes, -link.score, _pair(link.a, link.b), link.a),
    )
    groups = _Groups(known, no)
    used: list[FamilyRelation] = []
    for pair in sorted(yes):
        if pair[0] in known and pair[1] in known:
            groups.join(*pair, decided=True)
    for link in links:
        pair = _pair(link.a, link.b)
        if pair not in no and groups.join(link.a, link.b, decided=pair in yes):
            used.append(link)
    found = [_family([known[name] for name in group], used, yes) for group in groups.all()]
    return tuple(sorted(found, key=lambda family: family.name))


def _pair(a: str, b: str) -> Pair:
    return (a, b) if a <= b else (b, a)


class _Groups:
    """Disjoint sets that refuse a union which would bring a rejected pair together."""

    def __init__(self, names: Iterable[str], rejected: Collection[Pair]) -> None:
        self._members: dict[str, set[str]] = {name: {name} for name in names}
        self._rejected = rejected

    def join(self, a: str, b: str, *, decided: bool) -> bool:
        mine, other = self._members[a], self._members[b]
        if mine is other:
            return True
        clash = any(_pair(one, two) in self._rejected for one in mine for two in other)
        if clash and not decided:
            return False
        mine |= other
        for name in other:
            self._members[name] = mine
        return True

    def all(self) -> list[list[str]]:
        return sorted({id(group): sorted(group) for group in self._members.values()}.values())


@dataclass(frozen=True)
class _Clock:
    """Family second = rate * own second + offset."""

    rate: Fraction
    offset: Fraction


def _family(items: Sequence[FamilyItem], used: Sequence[FamilyRelation], yes: Collection[Pair]) -> Family:
    names = {item.name for item in items}
    own = [link for link in used if link.a in names and link.b in names]
    base = max(items, key=lambda item: (item.duration.instant, item.name))
    clocks, transforms = _clocks(base.name, own)
    by_name = {item.name: item for item in items}
    covers = {item.name: _covers(item, clocks.get(item.name), own, by_name) for item in items}
    first = min((spans[0][0] for spans in covers.values() if spans), default=Fraction(0))
    members = tuple(
        Member(
            item.name,
            tuple(_interval(start - first, end - first) for start, end in covers[item.name]),
            transforms.get(item.name, ()),
        )
        for item in sorted(items, key=lambda item: item.name)
    )
    complete = max(
        items, key=lambda item: (_length(covers[item.name]), -len(transforms.get(item.name, ())), item.name)
    )
    dated = [(item.trusted, item.name, item) for item in items if item.trusted is not None]
    earliest = min(dated)[2] if dated else None
    return Family(
        name=min(names),
        members=members,
        earliest=earliest.name if earliest else None,
        most_complete=complete.name,
        why=_why(items, own, yes, earliest, complete, _length(covers[complete.name])),
    )


def _clocks(
    base: str, links: Sequence[FamilyRelation]
) -> tuple[dict[str, _Clock], dict[str, tuple[str, ...]]]:
    """Lay every item on the base's clock, over the fewest links and among those the strongest."""
    clocks = {base: _Clock(Fraction(1), Fraction(0))}
    transforms: dict[str, tuple[str, ...]] = {base: ()}
    left = sorted(
        (link for link in links if link.segments),
        key=lambda link: (-link.score, _pair(link.a, link.b), link.a),
    )
    reached: set[str] = set()
    while reached != set(clocks):
        reached = set(clocks)
        for link in left:
            known, new = (link.a, link.b) if link.a in reached else (link.b, link.a)
            if known in reached and new not in clocks:
                clocks[new] = _clock_across(link, new, clocks[known])
                transforms[new] = _changes_across(link, transforms[known])
    return clocks, transforms


def _clock_across(link: FamilyRelation, new: str, clock: _Clock) -> _Clock:
    longest = max(link.segments, key=lambda pair: pair[0].end.instant - pair[0].start.instant)
    # A second of `b` is the speed times that of `a`, shifted.
    shift = longest[1].start.instant - link.speed * longest[0].start.instant
    if new == link.b:
        rate = clock.rate / link.speed
        return _Clock(rate, clock.offset - rate * shift)
    return _Clock(clock.rate * link.speed, clock.offset + clock.rate * shift)


def _changes_across(link: FamilyRelation, known: tuple[str, ...]) -> tuple[str, ...]:
    """Twice mirrored is not mirrored; every other change stays."""
    mirrored = ("mirror" in known) != ("mirror" in link.transform)
    others = {*known, *link.transform} - {"mirror"}
    return tuple(sorted(others | ({"mirror"} if mirrored else set())))


def _covers(
    item: FamilyItem,
    clock: _Clock | None,
    links: Sequence[FamilyRelation],
    by_name: Mapping[str, FamilyItem],
) -> list[tuple[Fraction, Fraction]]:
    """What the item carries of the recording, on the family's clock.

    A shared stretch that comes to an end because one of the two files does is taken to go on in the
    other; one that ends inside both is not, for there something else was cut in.
    """
    if clock is None:
        return []
    start, end = item.start.instant, item.start.instant + item.duration.instant
    spans: list[tuple[Fraction, Fraction]] = []
    for link in links:
        if item.name not in (link.a, link.b):
            continue
        other = by_name[link.b if link.a == item.name else link.a]
        for segment in link.segments:
            mine, theirs = segment if link.a == item.name else (segment[1], segment[0])
            other_end = other.start.instant + other.duration.instant
            opens = min(mine.start.instant - start, theirs.start.instant - other.start.instant)
            closes = min(end - mine.end.instant, other_end - theirs.end.instant)
            first = start if opens <= _EDGE_SECONDS else mine.start.instant
            last = end if closes <= _EDGE_SECONDS else mine.end.instant
            spans.append((first, max(first, last)))
    joined = _joined(spans) or [(start, end)]
    return [(clock.rate * a + clock.offset, clock.rate * b + clock.offset) for a, b in joined]


def _joined(spans: Sequence[tuple[Fraction, Fraction]]) -> list[tuple[Fraction, Fraction]]:
    joined: list[tuple[Fraction, Fraction]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _length(spans: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    return sum((end - start for start, end in spans), Fraction(0))


def _interval(start: Fraction, end: Fraction) -> MediaInterval:
    return MediaInterval(_ticks(start), _ticks(end))


def _ticks(seconds: Fraction) -> MediaTime:
    return MediaTime(round(seconds / FAMILY_TIME_BASE), FAMILY_TIME_BASE)


def _why(
    items: Sequence[FamilyItem],
    links: Sequence[FamilyRelation],
    yes: Collection[Pair],
    earliest: FamilyItem | None,
    complete: FamilyItem,
    length: Fraction,
) -> tuple[str, ...]:
    if len(items) == 1:
        return ("no other item was shown to carry this footage",)
    people = sum(1 for link in links if _pair(link.a, link.b) in yes)
    reasons = [f"{len(items)} items joined by {len(links)} relations of picture, {people} of them confirmed"]
    if links:
        weakest = min(links, key=lambda link: (link.score, link.a, link.b))
        reasons.append(f"the weakest relation used scores {weakest.score}: {weakest.a} and {weakest.b}")
    if earliest is not None and earliest.trusted is not None:
        by = f" ({earliest.trusted_by})" if earliest.trusted_by else ""
        reasons.append(f"earliest trusted record: not later than {earliest.trusted.isoformat()}{by}")
    else:
        reasons.append("no trusted record tells which is earliest")
    reasons.append(f"most complete: {complete.name} covers {float(length):.2f} s of the common timeline")
    return tuple(reasons)

"""Families of footage: items that carry one recording, on one common timeline, with what each covers.

People decide: a confirmed pair belongs together, a rejected pair is never joined directly, and a chain
that would join a rejected pair is cut at its weakest proposed link. What is the same sound, or the same
scene, joins nothing.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from videtur.engines.copies.contradictions import (
    contradictions_of_decisions,
    contradictions_of_kind,
    contradictions_of_time,
)
from videtur.engines.copies.lineage import (
    Laid,
    Lead,
    Lineage,
    descents,
    earliest_known,
    most_complete,
    posted_before_origin,
)
from videtur.engines.copies.placement import (
    FamilyItem,
    FamilyRelation,
    Pair,
    covered,
    pair_of,
    placed,
)
from videtur.engines.media.timecode import MediaInterval, MediaTime

__all__ = ["Family", "FamilyItem", "FamilyRelation", "Member", "Pair", "families"]
FAMILY_TIME_BASE = Fraction(1, 90_000)


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
    lineage: Lineage


def families(
    items: Iterable[FamilyItem],
    relations: Iterable[FamilyRelation],
    confirmed: Collection[Pair] = (),
    rejected: Collection[Pair] = (),
) -> tuple[Family, ...]:
    """Group items; every item is in exactly one family, alone if need be. The order given does not matter.

    Relations of every outcome may be given: those that do not join tell what contradicts a family.
    """
    known = {item.name: item for item in items}
    yes = {pair_of(*pair) for pair in confirmed}
    no = {pair_of(*pair) for pair in rejected} - yes
    told = sorted(
        (link for link in relations if link.a in known and link.b in known and link.a != link.b),
        key=lambda link: (link.pair not in yes, not link.joins, -link.score, link.pair, link.a),
    )
    groups = _Groups(known, no)
    used: list[FamilyRelation] = []
    left_out: list[FamilyRelation] = []
    for pair in sorted(yes):
        if pair[0] in known and pair[1] in known:
            groups.join(*pair, decided=True)
    for link in told:
        decided = link.pair in yes
        # What a person confirmed is laid on the time line by any comparison of the pictures.
        if not link.joins and not (decided and link.modality == "picture"):
            continue
        if link.pair not in no and groups.join(link.a, link.b, decided=decided):
            used.append(link)
        else:
            left_out.append(link)
    context = _Context(told, used, left_out, yes, no)
    found = [_family([known[name] for name in group], context) for group in groups.all()]
    return tuple(sorted(found, key=lambda family: family.name))


class _Groups:
    """Disjoint sets that refuse a union which would bring a rejected pair together."""

    def __init__(self, names: Iterable[str], rejected: Collection[Pair]) -> None:
        self._members: dict[str, set[str]] = {name: {name} for name in names}
        self._rejected = rejected

    def join(self, a: str, b: str, *, decided: bool) -> bool:
        mine, other = self._members[a], self._members[b]
        if mine is other:
            return True
        clash = any(pair_of(one, two) in self._rejected for one in mine for two in other)
        if clash and not decided:
            return False
        mine |= other
        for name in other:
            self._members[name] = mine
        return True

    def all(self) -> list[list[str]]:
        return sorted({id(group): sorted(group) for group in self._members.values()}.values())


@dataclass(frozen=True)
class _Context:
    """What was said of all items: by comparisons, and by people."""

    told: Sequence[FamilyRelation]
    used: Sequence[FamilyRelation]
    left_out: Sequence[FamilyRelation]
    yes: Collection[Pair]
    no: Collection[Pair]


def _family(items: Sequence[FamilyItem], context: _Context) -> Family:
    names = {item.name for item in items}
    own = [link for link in context.used if link.a in names and link.b in names]
    base = max(items, key=lambda item: (item.duration.instant, item.name))
    places = placed(base, own)
    by_name = {item.name: item for item in items}
    covers = {item.name: covered(item, places.get(item.name), own, by_name) for item in items}
    first = min((spans[0][0] for spans in covers.values() if spans), default=Fraction(0))
    covers = {name: [(start - first, end - first) for start, end in spans] for name, spans in covers.items()}
    laid = Laid(by_name, covers, places, own)
    members = tuple(
        Member(
            name,
            tuple(_interval(start, end) for start, end in covers[name]),
            places[name].transform if name in places else (),
        )
        for name in sorted(names)
    )
    lineage = _lineage(laid, context)
    return Family(
        name=min(names),
        members=members,
        earliest=lineage.earliest.item,
        most_complete=lineage.most_complete.item or base.name,
        why=_why(items, own, context.yes, lineage),
        lineage=lineage,
    )


def _lineage(laid: Laid, context: _Context) -> Lineage:
    names = set(laid.items)
    left_out = tuple(contradictions_of_decisions(names, context.left_out, context.no))
    earliest = earliest_known(list(laid.items.values()))
    if len(names) == 1:
        (name,) = names
        return Lineage(earliest, Lead(name, (), ()), (), left_out, (), ())
    told = descents(laid)
    compared = tuple(sorted({link.pair for link in laid.links if link.joins}))
    every = sorted(pair_of(a, b) for a in names for b in names if a < b)
    contradictions = (
        *posted_before_origin(laid, told),
        *contradictions_of_time(laid.links, laid.places),
        *contradictions_of_kind(laid.covers, context.told, context.yes, context.no),
        *left_out,
    )
    apart = tuple(pair for pair in every if pair not in compared)
    return Lineage(earliest, most_complete(laid), told, contradictions, compared, apart)


def _interval(start: Fraction, end: Fraction) -> MediaInterval:
    return MediaInterval(_ticks(start), _ticks(end))


def _ticks(seconds: Fraction) -> MediaTime:
    return MediaTime(round(seconds / FAMILY_TIME_BASE), FAMILY_TIME_BASE)


def _why(
    items: Sequence[FamilyItem], links: Sequence[FamilyRelation], yes: Collection[Pair], lineage: Lineage
) -> tuple[str, ...]:
    if len(items) == 1:
        return ("no other item was shown to carry this footage",)
    people = sum(1 for link in links if link.pair in yes)
    reasons = [f"{len(items)} items joined by {len(links)} relations of picture, {people} of them confirmed"]
    if links:
        weakest = min(links, key=lambda link: (link.score, link.a, link.b))
        reasons.append(f"the weakest relation used scores {weakest.score}: {weakest.a} and {weakest.b}")
    if lineage.by_way_of_others:
        reasons.append(
            f"{len(lineage.compared)} pairs were compared and shown to be the same footage;"
            f" {len(lineage.by_way_of_others)} are joined only by way of others"
        )
    return (*reasons, *lineage.earliest.reasons, *lineage.most_complete.reasons)

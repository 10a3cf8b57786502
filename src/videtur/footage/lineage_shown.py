"""The page of a family of copies: its time line, which is earliest and most complete, who came from whom."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from django.urls import reverse

from videtur.cases.models import Case
from videtur.cases.sentences import told
from videtur.engines.copies.families import Member
from videtur.engines.copies.lineage import Descent, Lineage
from videtur.footage.blind_viewing import Shown
from videtur.footage.drawings import Graph, TimeLine, clock, graph, time_line
from videtur.footage.families_shown import file_names, label_of
from videtur.footage.queries import ItemFamily
from videtur.people.models import User

_DIGEST = re.compile(r"[0-9a-f]{64}")
_SHORT = 12


@dataclass(frozen=True, slots=True)
class MemberShown:
    """One item of the family, by its number on this page."""

    number: int
    sha256: str
    label: str
    address: str
    parts: tuple[str, ...]
    transform: tuple[str, ...]
    posted_at: str
    duration: str | None
    earliest: bool
    most_complete: bool
    may_be_earliest: bool


@dataclass(frozen=True, slots=True)
class DescentShown:
    """Whether one item can have been cut from another, with the reasons."""

    item: int
    source: int
    verdict: str
    direct: bool
    reasons: tuple[str, ...]
    pair_address: str


@dataclass(frozen=True, slots=True)
class PairShown:
    """Two items, with the page on which they stand side by side."""

    one: int
    other: int
    direct: bool
    address: str


@dataclass(frozen=True, slots=True)
class FamilyShown:
    """What a person sees of a family. Where something is kept from them, only what pictures show is told."""

    id: str
    name: str
    members: tuple[MemberShown, ...]
    hidden: int
    """How many items of it are not open to the person."""
    whole: bool
    """Whether everything that is known may be told."""
    drawing: TimeLine | None
    graph: Graph | None
    reasons: tuple[str, ...] = ()
    earliest: tuple[str, ...] = ()
    most_complete: tuple[str, ...] = ()
    can: tuple[DescentShown, ...] = ()
    cannot: tuple[DescentShown, ...] = ()
    contradictions: tuple[str, ...] = ()
    pairs: tuple[PairShown, ...] = ()


def family_shown(user: User, case: Case, family: ItemFamily) -> FamilyShown:
    """The family for that person: without items that are closed to them, without words kept from them."""
    shown, names = Shown(user, case), file_names(case)
    opened = [member for member in family.family.members if shown.opens(member.name)]
    lineage = family.family.lineage
    whole = len(opened) == len(family.items) and all(shown.names(each) for each in family.items)
    order = sorted(opened, key=_place)
    numbers = {member.name: number for number, member in enumerate(order, 1)}
    members = tuple(
        MemberShown(
            number=numbers[member.name],
            sha256=member.name,
            label=names[member.name] if shown.names(member.name) else member.name[:_SHORT],
            address=reverse("item", args=[case.slug, member.name]),
            parts=tuple(f"{clock(part.start)}–{clock(part.end)}" for part in member.covers),
            transform=member.transform,
            posted_at=(family.posted_at(member.name) or "") if whole else "",
            duration=family.duration(member.name),
            earliest=whole and member.name == lineage.earliest.item,
            most_complete=member.name == lineage.most_complete.item,
            may_be_earliest=whole and member.name in lineage.earliest.beside,
        )
        for member in order
    )
    drawn = [
        (
            each.number,
            member.covers,
            "earliest" if each.earliest else "complete" if each.most_complete else "",
        )
        for each, member in zip(members, order, strict=True)
    ]
    seen = FamilyShown(
        id=family.name,
        name=label_of(family, names) if whole else shown.of(order[0].name).reference or family.name,
        members=members,
        hidden=len(family.items) - len(opened),
        whole=whole,
        drawing=time_line(drawn),
        graph=None,
        pairs=_pairs(case, lineage, numbers),
    )
    return _with_lineage(seen, case, family, numbers, names) if whole else seen


def _with_lineage(
    seen: FamilyShown, case: Case, family: ItemFamily, numbers: Mapping[str, int], names: Mapping[str, str]
) -> FamilyShown:
    lineage = family.family.lineage

    def in_words(reason: str) -> str:
        return _DIGEST.sub(lambda found: names.get(found[0], found[0][:_SHORT]), told(reason))

    leads = {*lineage.earliest.reasons, *lineage.most_complete.reasons}
    descents = [_descent(case, each, numbers, in_words) for each in lineage.descents]
    can = {(each.item, each.source) for each in lineage.descents if each.verdict == "can"}
    return replace(
        seen,
        graph=graph(numbers, can),
        reasons=tuple(in_words(reason) for reason in family.family.why if reason not in leads),
        earliest=tuple(map(in_words, lineage.earliest.reasons)),
        most_complete=tuple(map(in_words, lineage.most_complete.reasons)),
        can=tuple(each for each in descents if each.verdict == "can"),
        cannot=tuple(each for each in descents if each.verdict != "can"),
        contradictions=tuple(in_words(each.text) for each in lineage.contradictions),
    )


def _descent(
    case: Case, told_of: Descent, numbers: Mapping[str, int], in_words: Callable[[str], str]
) -> DescentShown:
    return DescentShown(
        numbers[told_of.item],
        numbers[told_of.source],
        told_of.verdict,
        told_of.direct,
        tuple(map(in_words, told_of.reasons)),
        reverse("pair", args=[case.slug, told_of.item, told_of.source]),
    )


def _pairs(case: Case, lineage: Lineage, numbers: Mapping[str, int]) -> tuple[PairShown, ...]:
    found = [
        PairShown(numbers[a], numbers[b], direct, reverse("pair", args=[case.slug, a, b]))
        for pairs, direct in ((lineage.compared, True), (lineage.by_way_of_others, False))
        for a, b in pairs
        if a in numbers and b in numbers
    ]
    return tuple(sorted(found, key=lambda pair: (not pair.direct, pair.one, pair.other)))


def _place(member: Member) -> tuple[bool, Fraction, str]:
    """By where it begins on the time line; last what has no place there."""
    start = member.covers[0].start.instant if member.covers else Fraction(0)
    return not member.covers, start, member.name

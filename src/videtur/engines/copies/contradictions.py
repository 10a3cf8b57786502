"""What does not fit together in a family: shown to people, never smoothed over."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from videtur.engines.copies.placement import (
    EDGE_SECONDS,
    FamilyRelation,
    Pair,
    Placement,
    Span,
    middle_of,
    pair_of,
)

_SAME_MOMENT = Fraction(3, 4)
Kind = Literal["posted_before_origin", "mirror", "offset", "not_shown", "decided_apart", "left_out"]


@dataclass(frozen=True)
class Contradiction:
    """Something that cannot all be true, and between which items."""

    kind: Kind
    items: tuple[str, ...]
    text: str


def contradictions_of_time(
    links: Sequence[FamilyRelation], places: Mapping[str, Placement]
) -> Iterator[Contradiction]:
    """Two ways from one item to another that do not end at the same moment, or the same way round."""
    for link in sorted(links, key=lambda link: link.pair):
        if link.a not in places or link.b not in places:
            continue
        a, b = places[link.a], places[link.b]
        between = (link.a, link.b)
        if (a.mirrored != b.mirrored) != ("mirror" in link.transform):
            yield Contradiction(
                "mirror",
                between,
                f"{link.a} and {link.b}: compared with one another and by way of the others, left and right"
                " do not agree",
            )
        apart = max(
            (abs(a.at(middle_of(here)) - b.at(middle_of(there))) for here, there in link.segments),
            default=Fraction(0),
        )
        if apart > _SAME_MOMENT:
            yield Contradiction(
                "offset",
                between,
                f"{link.a} and {link.b}: compared with one another and by way of the others, their times"
                f" lie {float(apart):.1f} s apart",
            )


def contradictions_of_kind(
    covers: Mapping[str, Sequence[Span]],
    relations: Sequence[FamilyRelation],
    yes: Collection[Pair],
    no: Collection[Pair],
) -> Iterator[Contradiction]:
    """Members whose own comparison says less than the family they are in, or whom a person set apart.

    Two parts of one recording that lie apart share no moment: that they show one scene contradicts nothing.
    """
    names = covers.keys()
    joined = {link.pair for link in relations if link.joins}
    inside = [link for link in relations if link.a in names and link.b in names]
    for link in sorted(inside, key=lambda link: (link.pair, link.outcome)):
        said_less = link.modality == "picture" and link.outcome == "same_scene"
        if said_less and link.pair not in joined | set(yes) and _meet(covers[link.a], covers[link.b]):
            yield Contradiction(
                "not_shown",
                link.pair,
                f"{link.pair[0]} and {link.pair[1]}: compared with one another they show the same scene, and"
                " are not shown to be the same footage; only other items join them",
            )
    for a, b in sorted(no):
        if a in names and b in names:
            yield Contradiction(
                "decided_apart",
                (a, b),
                f"{a} and {b}: a person said that they are not the same footage, and decisions on other"
                " pairs join them",
            )


def _meet(spans: Sequence[Span], others: Sequence[Span]) -> bool:
    """Whether both hold the same moments, for more than a sliver; or may, where their place is not known."""
    if not spans or not others:
        return True
    return any(min(end, b) - max(start, a) > EDGE_SECONDS for start, end in spans for a, b in others)


def contradictions_of_decisions(
    names: Collection[str], left_out: Sequence[FamilyRelation], no: Collection[Pair]
) -> Iterator[Contradiction]:
    """What the comparison says is the same footage, and a person's "not the same" keeps apart."""
    for link in sorted(left_out, key=lambda link: link.pair):
        if (link.a in names) == (link.b in names):
            continue
        if pair_of(link.a, link.b) in no:
            text = (
                f"{link.pair[0]} and {link.pair[1]}: the comparison says the same footage, a person said that"
                " it is not; the person's word counts"
            )
        else:
            text = (
                f"{link.pair[0]} and {link.pair[1]}: the comparison says the same footage; to join them would"
                " bring together what a person set apart"
            )
        yield Contradiction("left_out", link.pair, text)

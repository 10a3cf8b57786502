"""Lineage: which item of a family is earliest known, which most complete, who can have been cut from whom.

All of it is leads with reasons, never proof of origin: a copy that nobody has found is always possible.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations
from typing import Literal

from videtur.engines.copies.contradictions import Contradiction
from videtur.engines.copies.placement import (
    EDGE_SECONDS,
    FamilyItem,
    FamilyRelation,
    Pair,
    Placement,
    Span,
    joined,
    length,
    missing,
    pair_of,
    turned_names,
)
from videtur.engines.copies.records import Dated, Kind, first_posted, order, surest
from videtur.engines.copies.views import WHOLE, View, view

Verdict = Literal["can", "cannot", "unknown"]
MOST_FULLY_TOLD = 24
"""In a larger family only pairs that were compared are told one by one."""
_ALL_OF_IT = 0.94
_MORE_PIXELS = 1.12
_FEWER_PIXELS = 0.9
_ONLY_ARRIVALS = (
    "no trusted record tells which is earliest: no posting is known, and what came in here first need not"
    " have been made first"
)


@dataclass(frozen=True)
class Lead:
    """One item named first, those that may be it as well, and why."""

    item: str | None
    beside: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Descent:
    """Whether one item can have been cut from another, by what is known of both."""

    item: str
    source: str
    verdict: Verdict
    direct: bool
    """Whether the two were compared with one another and shown to be the same footage."""
    reasons: tuple[str, ...]
    by_picture: bool = False
    """Whether time line and picture allow it, whatever the dates."""


@dataclass(frozen=True)
class Lineage:
    """What is known of how the items of a family came from one another."""

    earliest: Lead
    most_complete: Lead
    descents: tuple[Descent, ...]
    contradictions: tuple[Contradiction, ...]
    compared: tuple[Pair, ...]
    """Pairs that were compared with one another and found to be the same footage."""
    by_way_of_others: tuple[Pair, ...]
    """Pairs that only other items, or a person, join."""


@dataclass(frozen=True)
class Laid:
    """The items of one family on its time line, and the relations between them."""

    items: Mapping[str, FamilyItem]
    covers: Mapping[str, Sequence[Span]]
    places: Mapping[str, Placement]
    links: Sequence[FamilyRelation]


def earliest_known(items: Sequence[FamilyItem]) -> Lead:
    """The item that a record shows earliest; beside it those that may have been there as early."""
    posted = {item.name: first_posted(item.records) for item in items}
    first = _first(items, "posted")
    arrived = _first(items, "received")
    # An arrival counts where it is certainly before every posting that is known; else the postings tell.
    if arrived and (first is None or order(arrived[1], posted[first[0]]) == "before"):
        after = [name for name, record in posted.items() if order(arrived[1], record) == "before"]
        first = arrived if after else None
    if first is None:
        return Lead(None, (), (_ONLY_ARRIVALS if arrived else "no trusted record tells which is earliest",))
    name, record = first
    others = [item.name for item in items if item.name != name]
    orders = {other: order(record, posted[other]) for other in others}
    until = record.not_after
    moment = until.isoformat() if until else ""
    reasons = [f"earliest trusted record: {name}, not later than {moment} ({record.words})"]
    beside = tuple(other for other in others if orders[other] == "open" and posted[other] is not None)
    undated = [other for other in others if posted[other] is None]
    in_one_zone = [other for other in others if orders[other] == "before_in_one_zone"]
    reasons += [
        f"{name} and {other} cannot be ordered: {record.words}, and {_words(posted[other])}"
        for other in beside
    ]
    reasons += [
        f"{name} is before {other} if both dates are told in one time zone: {record.words}, and"
        f" {_words(posted[other])}"
        for other in in_one_zone
    ]
    if undated:
        reasons.append(f"nothing is known of when these were posted: {', '.join(undated)}")
    return Lead(name, beside, tuple(reasons))


def _first(items: Sequence[FamilyItem], kind: Kind) -> tuple[str, Dated] | None:
    """The item, and its record of that kind, that is surely there first."""
    found = [
        (_last_of(record), record.words, item.name, record)
        for item in items
        if (record := surest(each for each in item.records if each.kind == kind)) is not None
    ]
    return min(found, key=lambda each: each[:3])[2:] if found else None


def most_complete(laid: Laid) -> Lead:
    """The item that covers most of the family's time line; then least cropped; then the best resolution."""
    whole = length(joined(span for spans in laid.covers.values() for span in spans))
    lengths = {name: length(spans) for name, spans in laid.covers.items()}
    longest = max(lengths.values())
    rivals = [name for name in laid.items if longest - lengths[name] <= EDGE_SECONDS]
    reasons: list[str] = []
    chosen = min(rivals, key=lambda name: (_losses(laid, name, rivals), -lengths[name], name))
    beside = tuple(
        name
        for name in rivals
        if name != chosen and _losses(laid, name, rivals) == _losses(laid, chosen, rivals)
    )
    reasons.append(
        f"most complete: {chosen} covers {float(lengths[chosen]):.2f} s of the {float(whole):.2f} s that the"
        " family holds in all"
    )
    if len(rivals) > 1 and not beside:
        reasons.append(
            f"{len(rivals)} items cover as much; {chosen} is the least cropped of them, or has the most"
            " pixels, or is the least changed"
        )
    reasons += [f"{name} is as complete as {chosen}, by all that is compared" for name in beside]
    for name, spans in sorted(laid.covers.items()):
        if lack := missing(spans, laid.covers[chosen]):
            reasons.append(f"{name} holds {float(length(lack)):.2f} s that {chosen} lacks")
    others = [span for name, spans in laid.covers.items() if name != chosen for span in spans]
    if alone := missing(laid.covers[chosen], others):
        reasons.append(
            f"{float(length(alone)):.2f} s of {chosen} are in no other item, so nothing confirms them"
        )
    return Lead(chosen, beside, tuple(reasons))


def descents(laid: Laid) -> tuple[Descent, ...]:
    """For every two items of a family whether the one can have been cut from the other."""
    direct = {link.pair: link for link in laid.links}
    told: list[Descent] = []
    for name, source in permutations(sorted(laid.items), 2):
        link = direct.get(pair_of(name, source))
        if link is not None or len(laid.items) <= MOST_FULLY_TOLD:
            told.append(_descent(laid, name, source, link))
    return tuple(told)


def posted_before_origin(laid: Laid, told: Sequence[Descent]) -> list[Contradiction]:
    """Items that were there before every item which, by picture and time line, they can come from."""
    found: list[Contradiction] = []
    able = {(each.item, each.source) for each in told if each.direct and each.by_picture}
    for name in sorted(laid.items):
        origins = [source for item, source in sorted(able) if item == name]
        record = surest(laid.items[name].records)
        postings = {source: first_posted(laid.items[source].records) for source in origins}
        if not origins or any((source, name) in able for source in origins):
            continue  # there is nothing it can come from, or it is as good as what it can come from
        if all(order(record, posted) == "before" for posted in postings.values()):
            later = "; ".join(f"{source}: {_words(posted)}" for source, posted in postings.items())
            found.append(
                Contradiction(
                    "posted_before_origin",
                    (name, *origins),
                    f"{name} was there ({_words(record)}) before every item that it can have been cut from"
                    f" ({later}), so an earlier copy is not here",
                )
            )
    return found


def _descent(laid: Laid, name: str, source: str, link: FamilyRelation | None) -> Descent:
    lack = missing(laid.covers[name], laid.covers[source])
    against: list[str] = []
    if lack:
        against.append(f"it holds {float(length(lack)):.2f} s that {source} lacks")
    if not laid.covers[name] or not laid.covers[source]:
        return Descent(
            name, source, "unknown", link is not None, ("no comparison says which part both hold",)
        )
    in_favour: list[str] = []
    if link is not None:
        _judge_picture(laid, name, source, link, against, in_favour)
    by_picture = not against and link is not None
    record, posted = surest(laid.items[name].records), first_posted(laid.items[source].records)
    when = order(record, posted)
    if when == "before":
        against.append(f"it was there before {source} was posted ({_words(record)}, and {_words(posted)})")
    if against:
        return Descent(name, source, "cannot", link is not None, tuple(against), by_picture)
    if link is None:
        reason = f"not compared with {source} so as to show the same footage: only others join them"
        return Descent(name, source, "unknown", False, (reason,))
    if when == "before_in_one_zone":
        in_favour.append(
            f"the dates speak against it if both are told in one time zone ({_words(record)}, and"
            f" {_words(posted)})"
        )
    reasons = ("its part of the time line lies within that of the other", *in_favour)
    return Descent(name, source, "can", True, reasons, by_picture)


def _judge_picture(
    laid: Laid, name: str, source: str, link: FamilyRelation, against: list[str], in_favour: list[str]
) -> None:
    """What the two pictures, laid over one another, say against such a cut, or of how it was made."""
    seen = _view(laid, name, source, link)
    if not seen.measured and seen.inside < _ALL_OF_IT:
        against.append(f"its picture reaches beyond that of {source}")
    elif seen.inside < _ALL_OF_IT:
        against.append(f"{100 * (1 - seen.inside):.0f} % of its picture lie outside that of {source}")
    if seen.pixels is not None and seen.pixels > _MORE_PIXELS:
        enlarged = (
            f"it has {seen.pixels:.1f} times the pixels of {source} along an edge, for the same view: it"
            " would have been enlarged"
        )
        # A part cut out of a picture is often enlarged to the size of the whole; a whole picture is not.
        (against if seen.shows >= _ALL_OF_IT else in_favour).append(enlarged)
    if not seen.measured and seen.shows < _ALL_OF_IT:
        in_favour.append("its picture shows a part of the other's")
    elif seen.shows < _ALL_OF_IT:
        in_favour.append(f"its picture shows {100 * seen.shows:.0f} % of the other's")
    if seen.mirrored:
        in_favour.append("left and right are exchanged between the two")
    told = link.transform if link.a == name else turned_names(link.transform)
    if "overlay" in told:
        in_favour.append("something seems to lie over its picture and not over the other's")
    if "uncovered" in told:
        in_favour.append("something seems to lie over the other's picture and not over its own: a doubt")
    if seen.pixels is not None and seen.pixels < _FEWER_PIXELS:
        in_favour.append("it has fewer pixels for the same view")


def _view(laid: Laid, name: str, source: str, link: FamilyRelation) -> View:
    """How the item's picture lies over the source's: by the map, else by the words of the comparison."""
    a, b = laid.items[link.a], laid.items[link.b]
    found = view(link.matrix, a.content, b.content, (a.size, b.size)) if link.matrix else None
    if found is None:
        less, more = "crop" in link.transform, "padding" in link.transform
        found = View(
            0.0
            if more and a.content == WHOLE
            else 1.0,  # a border of its own reaches beyond, and is no picture
            0.0 if less and b.content == WHOLE else 1.0,
            _pixels(a, b) if not less and not more else None,
            "mirror" in link.transform,
            measured=False,
        )
    return found if link.a == name else found.turned()


def _pixels(a: FamilyItem, b: FamilyItem) -> float | None:
    if a.size is None or b.size is None:
        return None
    return float(Fraction(a.size[0] * a.size[1], b.size[0] * b.size[1])) ** 0.5


def _losses(laid: Laid, name: str, rivals: Sequence[str]) -> tuple[int, int, int]:
    """Against how many rivals it shows less of the picture, or has fewer pixels; how much was done to it."""
    cropped = fewer = 0
    for link in laid.links:
        if name not in link.pair or not set(link.pair) <= set(rivals):
            continue
        seen = _view(laid, name, link.b if link.a == name else link.a, link)
        cropped += seen.shows < _ALL_OF_IT <= seen.inside
        fewer += seen.pixels is not None and seen.pixels < _FEWER_PIXELS
    place = laid.places.get(name)
    return cropped, fewer, len(place.transform) if place else 0


def _words(record: Dated | None) -> str:
    return record.words if record else ""


def _last_of(record: Dated) -> float:
    return record.not_after.timestamp() if record.not_after else float("inf")

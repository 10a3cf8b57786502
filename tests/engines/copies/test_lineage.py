"""Lineage: earliest with its uncertainty, most complete, who was cut from whom, and what does not fit."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from videtur.engines.copies.families import Family, FamilyItem, FamilyRelation, families
from videtur.engines.copies.lineage import Descent
from videtur.engines.copies.records import Dated, order
from videtur.engines.copies.views import view
from videtur.engines.media.timecode import MediaInterval, MediaTime

MILLI = Fraction(1, 1000)
SAME = ("1", "0", "0", "0", "1", "0", "0", "0", "1")
LEFT_HALF = ("0.5", "0", "0", "0", "1", "0", "0", "0", "1")
MIRRORED = ("-1", "0", "1", "0", "1", "0", "0", "0", "1")


def day(number: int, first: int = 0, last: int = 24) -> Dated:
    """Between two hours of a day of March 2022, by a clock that nobody named."""
    start = datetime(2022, 3, number, tzinfo=UTC)
    words = f"{number} March, {first} to {last} h"
    return Dated(start + timedelta(hours=first), start + timedelta(hours=last), zoned=False, words=words)


def moment(number: int, hour: int) -> Dated:
    at = datetime(2022, 3, number, hour, tzinfo=UTC)
    return Dated(at, at, zoned=True, words=at.isoformat())


def received(number: int) -> Dated:
    at = datetime(2022, 3, number, tzinfo=UTC)
    return Dated(None, at, zoned=True, words=f"received on {number} March", kind="received")


def item(name: str, seconds: float, *records: Dated, size: tuple[int, int] = (640, 360)) -> FamilyItem:
    duration = MediaTime(round(seconds * 1000), MILLI)
    return FamilyItem(name, MediaTime(0, MILLI), duration, records, size)


def span(first: float, last: float) -> MediaInterval:
    return MediaInterval(MediaTime(round(first * 1000), MILLI), MediaTime(round(last * 1000), MILLI))


def link(
    a: str,
    b: str,
    here: tuple[float, float],
    there: tuple[float, float],
    *,
    matrix: tuple[str, ...] | None = SAME,
    transform: tuple[str, ...] = (),
    outcome: str = "same_footage",
    modality: str = "picture",
    score: str = "0.9",
) -> FamilyRelation:
    numbers = tuple(map(Decimal, matrix)) if matrix else None
    stretches = ((span(*here), span(*there)),)
    return FamilyRelation(a, b, stretches, Fraction(1), Decimal(score), transform, outcome, modality, numbers)


def descent(family: Family, name: str, source: str) -> Descent:
    return next(each for each in family.lineage.descents if (each.item, each.source) == (name, source))


def gold(*, short: tuple[Dated, ...], full: Dated) -> Family:
    """The versions of the gold case: two short clips, 3:38, about five minutes, nearly six."""
    items = [
        item("short-1", 40, *short, size=(320, 180)),
        item("short-2", 65, *short, size=(320, 180)),
        item("v1", 218, day(30)),
        item("v2", 300, day(28)),
        item("v3", 355, full),
    ]
    relations = [
        link("short-1", "v3", (0, 40), (140, 180)),
        link("short-2", "v3", (0, 65), (60, 125)),
        link("v1", "v3", (0, 218), (0, 218)),
        link("v2", "v3", (0, 300), (20, 320)),
        link("short-1", "v1", (0, 40), (140, 180), score="0.8"),
        link("short-1", "v2", (0, 40), (120, 160), score="0.8"),
        link("short-2", "v1", (0, 65), (60, 125), score="0.8"),
        link("short-2", "v2", (0, 65), (40, 105), score="0.8"),
        link("v2", "v1", (0, 198), (20, 218), score="0.8"),
    ]
    (family,) = families(items, relations)
    return family


def test_the_gold_case_with_its_morning() -> None:
    family = gold(short=(day(27, 0, 12),), full=day(27))
    assert family.earliest == "short-1"
    assert set(family.lineage.earliest.beside) == {"short-2", "v3"}
    told = "; ".join(family.lineage.earliest.reasons)
    assert "short-1 and v3 cannot be ordered" in told
    assert "short-1 is before v2 if both dates are told in one time zone" in told
    assert "v1" not in told, "30 March is after that morning on every clock there is"
    assert family.most_complete == "v3"
    assert family.lineage.most_complete.beside == ()
    can = {(each.item, each.source) for each in family.lineage.descents if each.verdict == "can"}
    assert can == {
        ("short-1", "v2"),
        ("short-1", "v3"),
        ("short-2", "v2"),
        ("short-2", "v3"),
        ("v1", "v3"),
        ("v2", "v3"),
    }
    assert "before v1 was posted" in "; ".join(descent(family, "short-1", "v1").reasons)
    assert "one time zone" in "; ".join(descent(family, "short-1", "v2").reasons)
    assert "37.00 s that v1 lacks" not in "; ".join(descent(family, "v2", "v1").reasons)
    assert descent(family, "v3", "v1").verdict == "cannot"
    assert family.lineage.contradictions == ()


def test_a_clip_that_was_there_before_everything_it_can_come_from_is_pointed_out() -> None:
    family = gold(short=(moment(27, 6),), full=moment(27, 15))
    (found, other) = family.lineage.contradictions
    assert {found.kind, other.kind} == {"posted_before_origin"}
    assert found.items == ("short-1", "v1", "v2", "v3")
    assert "an earlier copy is not here" in found.text
    assert descent(family, "short-1", "v3").verdict == "cannot"
    assert descent(family, "short-1", "v3").by_picture


def test_what_was_cropped_away_was_not_made_from_what_is_left() -> None:
    items = [item("whole", 20), item("part", 20, size=(320, 360))]
    (family,) = families(items, [link("part", "whole", (0, 20), (0, 20), matrix=LEFT_HALF)])
    assert descent(family, "part", "whole").verdict == "can"
    assert "its picture shows 50 % of the other's" in descent(family, "part", "whole").reasons
    back = descent(family, "whole", "part")
    assert back.verdict == "cannot"
    assert back.reasons == ("50 % of its picture lie outside that of part",)
    assert family.most_complete == "whole"
    assert any("least cropped" in reason for reason in family.why)


def test_what_has_more_pixels_was_not_made_from_what_has_fewer() -> None:
    items = [item("large", 20, size=(1280, 720)), item("small", 20, size=(640, 360))]
    (family,) = families(
        items, [link("small", "large", (0, 20), (0, 20), matrix=MIRRORED, transform=("mirror",))]
    )
    assert descent(family, "small", "large").verdict == "can"
    assert "left and right are exchanged between the two" in descent(family, "small", "large").reasons
    assert "2.0 times the pixels" in "; ".join(descent(family, "large", "small").reasons)
    assert family.most_complete == "large"


def test_a_part_may_have_been_enlarged_to_the_size_of_the_whole() -> None:
    items = [item("whole", 20), item("part", 20)]
    (family,) = families(items, [link("part", "whole", (0, 20), (0, 20), matrix=LEFT_HALF)])
    found = descent(family, "part", "whole")
    assert found.verdict == "can"
    assert "would have been enlarged" in "; ".join(found.reasons)
    assert descent(family, "whole", "part").verdict == "cannot"


def test_without_a_map_the_words_of_the_comparison_are_all_there_is() -> None:
    items = [item("whole", 20), item("part", 20)]
    (family,) = families(items, [link("part", "whole", (0, 20), (0, 20), matrix=None, transform=("crop",))])
    assert descent(family, "part", "whole").verdict == "can"
    assert descent(family, "whole", "part").reasons == ("its picture reaches beyond that of part",)


def test_a_border_is_no_picture_that_the_other_lacks() -> None:
    framed = replace(item("framed", 20), content=(0.0, 0.25, 1.0, 0.75))
    over = ("1", "0", "0", "0", "2", "-0.5", "0", "0", "1")
    (family,) = families(
        [framed, item("plain", 20)], [link("framed", "plain", (0, 20), (0, 20), matrix=over)]
    )
    assert descent(family, "framed", "plain").verdict == "can"


def test_equal_copies_cannot_be_told_apart() -> None:
    (family,) = families([item("a", 20), item("b", 20)], [link("a", "b", (0, 20), (0, 20))])
    assert {each.verdict for each in family.lineage.descents} == {"can"}
    assert family.lineage.most_complete.beside == ("b",)


def test_pairs_that_only_others_join_are_said_to_be_so() -> None:
    items = [item(name, 20) for name in "abc"]
    (family,) = families(items, [link("a", "b", (0, 20), (0, 20)), link("b", "c", (0, 20), (0, 20))])
    assert family.lineage.compared == (("a", "b"), ("b", "c"))
    assert family.lineage.by_way_of_others == (("a", "c"),)
    assert descent(family, "a", "c").verdict == "unknown"
    assert not descent(family, "a", "c").direct
    assert any("1 are joined only by way of others" in reason for reason in family.why)


def test_neither_sound_nor_scene_joins() -> None:
    items = [item(name, 20) for name in "abc"]
    relations = [
        link("a", "b", (0, 20), (0, 20), outcome="same_sound", modality="sound"),
        link("b", "c", (0, 20), (0, 20), outcome="same_scene"),
    ]
    assert [len(family.members) for family in families(items, relations)] == [1, 1, 1]


def test_a_pair_that_was_not_shown_itself_is_pointed_out() -> None:
    items = [item(name, 20) for name in "abc"]
    relations = [
        link("a", "b", (0, 20), (0, 20)),
        link("b", "c", (0, 20), (0, 20)),
        link("a", "c", (0, 20), (0, 20), outcome="same_scene"),
    ]
    (family,) = families(items, relations)
    (found,) = family.lineage.contradictions
    assert (found.kind, found.items) == ("not_shown", ("a", "c"))
    (decided,) = families(items, relations, confirmed=[("a", "c")])
    assert decided.lineage.contradictions == ()


def test_parts_that_lie_apart_show_one_scene_and_contradict_nothing() -> None:
    items = [item("full", 60), item("early", 10), item("late", 10)]
    relations = [
        link("early", "full", (0, 10), (5, 15)),
        link("late", "full", (0, 10), (30, 40)),
        link("early", "late", (0, 10), (0, 10), outcome="same_scene"),
    ]
    (family,) = families(items, relations)
    assert family.lineage.contradictions == ()


@pytest.mark.parametrize(
    ("moved", "transform", "kind"),
    [((2, 22), (), "offset"), ((0, 20), ("mirror",), "mirror"), ((0.5, 20.5), (), None)],
)
def test_two_ways_that_disagree_are_pointed_out(
    moved: tuple[float, float], transform: tuple[str, ...], kind: str | None
) -> None:
    items = [item("a", 40), item("b", 30), item("c", 20)]
    relations = [
        link("b", "a", (0, 30), (0, 30)),
        link("c", "a", (0, 20), (0, 20)),
        link("c", "b", (0, 20), moved, transform=transform, score="0.6"),
    ]
    (family,) = families(items, relations)
    assert [each.kind for each in family.lineage.contradictions] == ([kind] if kind else [])


def test_what_people_decided_against_a_comparison_is_pointed_out() -> None:
    items = [item(name, 20) for name in "abc"]
    relations = [
        link("a", "b", (0, 20), (0, 20), score="0.9"),
        link("b", "c", (0, 20), (0, 20), score="0.8"),
    ]
    first, second = families(items, relations, rejected=[("a", "c")])
    assert [member.name for member in first.members] == ["a", "b"]
    (left_out,) = second.lineage.contradictions
    assert (left_out.kind, left_out.items) == ("left_out", ("b", "c"))
    (joined,) = families(items, relations, confirmed=[("a", "b"), ("b", "c")], rejected=[("a", "c")])
    assert [each.kind for each in joined.lineage.contradictions] == ["decided_apart"]


def test_an_edited_item_lies_in_pieces_and_holds_what_it_holds() -> None:
    edited = FamilyRelation(
        "edited",
        "full",
        ((span(0, 8), span(0, 8)), (span(8, 18), span(30, 40))),
        Fraction(1),
        Decimal("0.9"),
    )
    items = [item("full", 60), item("edited", 18)]
    (family,) = families(items, [edited])
    told = {member.name: member.covers for member in family.members}
    assert [(float(c.start.instant), float(c.end.instant)) for c in told["edited"]] == [(0, 8), (30, 40)]
    assert family.lineage.contradictions == ()


@pytest.mark.parametrize(
    ("a", "b", "earliest"),
    [
        ((received(5),), (received(4),), None),
        ((received(4),), (day(9), received(12)), "a"),
        ((received(12),), (day(11), received(12)), "b"),
        ((received(4),), (), None),
    ],
)
def test_an_arrival_shows_by_when_and_never_since_when(
    a: tuple[Dated, ...], b: tuple[Dated, ...], earliest: str | None
) -> None:
    (family,) = families([item("a", 9, *a), item("b", 9, *b)], [link("a", "b", (0, 9), (0, 9))])
    assert family.earliest == earliest


def test_dates_are_ordered_only_where_every_clock_agrees() -> None:
    assert order(day(27), day(30)) == "before"
    assert order(day(27), day(28)) == "before_in_one_zone"
    assert order(day(27, 0, 12), day(27)) == "open"
    assert order(moment(27, 6), moment(27, 15)) == "before"
    assert order(moment(27, 12), day(28)) == "open"
    assert order(day(27), None) == "open"
    assert order(day(27), received(30)) == "open"


def test_a_map_says_how_much_is_seen() -> None:
    seen = view(tuple(map(Decimal, LEFT_HALF)), sizes=((320, 360), (640, 360)))
    assert seen is not None
    assert (round(seen.inside, 6), round(seen.shows, 6), seen.pixels, seen.mirrored) == (1.0, 0.5, 1.0, False)
    assert view((Decimal(0),) * 9) is None
    mirrored = view(tuple(map(Decimal, MIRRORED)))
    assert mirrored is not None
    assert mirrored.mirrored
    assert mirrored.inside == 1.0

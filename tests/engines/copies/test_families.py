"""Families: people decide, order does not matter, and each item lies where it belongs on one timeline."""

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from videtur.engines.copies.families import FamilyItem, FamilyRelation, families
from videtur.engines.copies.records import Dated
from videtur.engines.media.timecode import MediaInterval, MediaTime

MILLI = Fraction(1, 1000)


def item(name: str, seconds: float, posted: datetime | None = None) -> FamilyItem:
    records = (Dated(posted, posted, zoned=True, words="a post"),) if posted else ()
    return FamilyItem(name, MediaTime(0, MILLI), MediaTime(round(seconds * 1000), MILLI), records)


def span(first: float, last: float) -> MediaInterval:
    return MediaInterval(MediaTime(round(first * 1000), MILLI), MediaTime(round(last * 1000), MILLI))


def relation(
    a: str,
    b: str,
    here: tuple[float, float],
    there: tuple[float, float],
    score: str = "0.9",
    speed: str = "1",
) -> FamilyRelation:
    return FamilyRelation(a, b, ((span(*here), span(*there)),), Fraction(speed), Decimal(score))


def covers(family_members: dict[str, list[tuple[float, float]]], name: str) -> list[tuple[float, float]]:
    return family_members[name]


def laid_out(
    items: list[FamilyItem], relations: list[FamilyRelation]
) -> dict[str, list[tuple[float, float]]]:
    return {
        member.name: [(float(c.start.instant), float(c.end.instant)) for c in member.covers]
        for family in families(items, relations)
        for member in family.members
    }


def test_a_clip_lies_inside_the_full_film() -> None:
    items = [item("full", 60), item("clip", 10), item("quick", 20)]
    relations = [
        relation("clip", "full", (0, 10), (25, 35)),
        relation("quick", "full", (0, 20), (10, 32), speed="11/10"),
    ]
    found = laid_out(items, relations)
    assert found == {"full": [(0, 60)], "clip": [(25, 35)], "quick": [(10, 32)]}
    (family,) = families(items, relations)
    assert family.most_complete == "full"
    assert family.earliest is None
    assert any("no trusted record" in reason for reason in family.why)


def test_what_was_cut_in_from_elsewhere_is_not_covered() -> None:
    items = [item("full", 60), item("edited", 30)]
    link = FamilyRelation(
        "edited",
        "full",
        ((span(0, 8), span(0, 8)), (span(20, 30), span(20, 30))),
        Fraction(1),
        Decimal("0.9"),
    )
    assert laid_out(items, [link])["edited"] == [(0, 8), (20, 30)]


def test_the_earliest_is_the_earliest_trusted_record() -> None:
    items = [
        item("a", 5, datetime(2022, 5, 2, tzinfo=UTC)),
        item("b", 9, datetime(2022, 5, 1, tzinfo=UTC)),
        item("c", 9),
    ]
    relations = [relation("a", "b", (0, 5), (0, 5)), relation("c", "b", (0, 9), (0, 9))]
    (family,) = families(items, relations)
    assert family.earliest == "b"
    assert any("2022-05-01" in reason and "a post" in reason for reason in family.why)


def test_people_decide() -> None:
    items = [item(name, 5) for name in "abcd"]
    relations = [relation("a", "b", (0, 5), (0, 5), "0.6"), relation("b", "c", (0, 5), (0, 5), "0.8")]
    assert [len(family.members) for family in families(items, relations)] == [3, 1]
    parted = families(items, relations, rejected=[("c", "a")])
    # The chain that would join the rejected pair gives way at its weaker link.
    assert [sorted(member.name for member in family.members) for family in parted] == [
        ["a"],
        ["b", "c"],
        ["d"],
    ]
    joined = families(items, [], confirmed=[("d", "a")])
    assert ["a", "d"] in [[member.name for member in family.members] for family in joined]
    assert all(len(family.members) == 1 for family in families(items, [], rejected=[("a", "b")]))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_order_of_what_comes_in_does_not_matter(data: st.DataObject) -> None:
    names = [f"i{number}" for number in range(data.draw(st.integers(1, 7)))]
    items = [item(name, 5 + index) for index, name in enumerate(names)]
    pairs = st.tuples(st.sampled_from(names), st.sampled_from(names)).filter(lambda pair: pair[0] < pair[1])
    drawn = data.draw(st.lists(pairs, unique=True, max_size=8)) if len(names) > 1 else []
    scores = data.draw(st.lists(st.integers(500, 999), min_size=len(drawn), max_size=len(drawn), unique=True))
    links = [
        relation(a, b, (0, 4), (1, 5), str(Decimal(score).scaleb(-3)))
        for (a, b), score in zip(drawn, scores, strict=True)
    ]
    rejected = data.draw(st.lists(pairs, unique=True, max_size=3)) if len(names) > 1 else []
    first = families(items, links, rejected=rejected)
    again = families(
        data.draw(st.permutations(items)),
        data.draw(st.permutations(links)),
        rejected=list(reversed(rejected)),
    )
    assert first == again
    members = [member.name for family in first for member in family.members]
    assert sorted(members) == sorted(names)
    for family in first:
        inside = {member.name for member in family.members}
        assert not any({a, b} <= inside for a, b in rejected)


def test_twice_mirrored_is_not_mirrored_and_the_shortest_way_to_the_base_tells() -> None:
    def changed(a: str, b: str, score: str, *transform: str) -> FamilyRelation:
        return FamilyRelation(
            a, b, ((span(0, 20), span(0, 20)),), Fraction(1), Decimal(score), transform=transform
        )

    items = [
        item(name, 60 if name == "full" else 20) for name in ("full", "mirrored", "titled", "back", "bare")
    ]
    relations = [
        changed("mirrored", "full", "0.8", "mirror"),
        changed("titled", "mirrored", "0.9", "mirror"),
        changed("titled", "full", "0.6", "overlay"),
        changed("titled", "bare", "0.7", "overlay"),
        changed("back", "mirrored", "0.9", "mirror", "crop"),
    ]
    (family,) = families(items, relations)
    told = {member.name: member.transform for member in family.members}
    assert told == {
        "full": (),
        "mirrored": ("mirror",),
        "titled": ("overlay",),
        "back": ("crop",),
        "bare": (),
    }

"""Relations and families: symmetrical, decided by people in the end, and closed to other cases."""

from collections.abc import Callable
from datetime import UTC, datetime
from fractions import Fraction

import pytest

from videtur.cases.models import Case
from videtur.cases.services import add_member, create_case
from videtur.evidence.models import Item
from videtur.footage.posting import dated
from videtur.footage.queries import (
    ItemFamily,
    families_among,
    families_of_case,
    items_visible_to,
)
from videtur.footage.relations import relations_among, relations_of
from videtur.footage.services import decide_copy, merge_families, split_family
from videtur.people.models import User

ACTOR = "system:test"
MakeItem = Callable[..., Item]
RecordSearch = Callable[..., None]


def grouped(families: list[ItemFamily]) -> set[frozenset[str]]:
    return {frozenset(family.items) for family in families}


def test_a_relation_is_told_from_either_side(
    case: Case, make_item: MakeItem, record_search: RecordSearch
) -> None:
    one, other = make_item(case, b"one"), make_item(case, b"other")
    record_search(one, (other, "picture", "same_footage", "0.9"))
    record_search(other, (one, "picture", "same_footage", "0.8"))  # it saw the first one, too
    (relation,) = relations_of(other.sha256, [one.sha256])
    assert (relation.this, relation.other) == (other.sha256, one.sha256)
    assert str(relation.score) == "0.9"
    assert relation.transform == ("padding",)  # what is a crop from one side
    assert relation.turned().transform == ("crop",)
    assert relation.speed == Fraction(1)


def test_families_join_accepted_pictures_alone(
    case: Case, make_item: MakeItem, record_search: RecordSearch
) -> None:
    one, two, three, four = (make_item(case, name) for name in (b"1", b"2", b"3", b"4"))
    record_search(one)
    record_search(two, (one, "picture", "same_footage", "0.9"))
    record_search(three, (one, "sound", "same_sound", "0.9"), (two, "picture", "unrelated", "0.4"))
    families = families_of_case(case)
    assert grouped(families) == {
        frozenset({one.sha256, two.sha256}),
        frozenset({three.sha256}),
        frozenset({four.sha256}),
    }
    assert len({family.name for family in families}) == 3
    assert families[0].duration(one.sha256) == "10"
    assert [relation.outcome for relation in relations_among({two.sha256, three.sha256})] == ["unrelated"]


def test_sound_and_scene_never_join(case: Case, make_item: MakeItem, record_search: RecordSearch) -> None:
    film, tape, other = make_item(case, b"film"), make_item(case, b"tape"), make_item(case, b"other")
    record_search(film, (tape, "sound", "same_sound", "0.9"), (other, "picture", "same_scene", "0.4"))
    assert len(families_of_case(case)) == 3
    decide_copy(ACTOR, case, film, tape, "same_footage", "The tape is the sound of the film")
    assert frozenset({film.sha256, tape.sha256}) in grouped(families_of_case(case))


def test_people_have_the_last_word(case: Case, make_item: MakeItem, record_search: RecordSearch) -> None:
    one, two, three = (make_item(case, name) for name in (b"1", b"2", b"3"))
    record_search(two, (one, "picture", "same_footage", "0.9"))
    decide_copy(ACTOR, case, one, two, "not_the_same_footage", "Two takes of one scene")
    decide_copy(ACTOR, case, two, three, "same_footage", "The same dog barks")
    assert grouped(families_of_case(case)) == {
        frozenset({one.sha256}),
        frozenset({two.sha256, three.sha256}),
    }
    decide_copy(ACTOR, case, one, two, "same_footage", "One take after all")
    assert grouped(families_of_case(case)) == {frozenset({one.sha256, two.sha256, three.sha256})}


def test_other_cases_do_not_show_through(
    case: Case, make_item: MakeItem, record_search: RecordSearch
) -> None:
    other_case = create_case(ACTOR, "Another")
    mine, theirs = make_item(case, b"mine"), make_item(other_case, b"theirs", posted_at="2022-03-27")
    record_search(mine, (theirs, "picture", "same_footage", "0.9"))
    assert grouped(families_of_case(case)) == {frozenset({mine.sha256})}
    user = User.objects.create_user("reader")
    assert list(items_visible_to(user)) == []
    add_member(ACTOR, case, user, "auditor")
    assert list(items_visible_to(user)) == [mine]
    (both,) = families_among([mine.sha256, theirs.sha256])
    assert set(both.items) == {mine.sha256, theirs.sha256}


def test_the_earliest_is_the_one_posted_first(
    case: Case, make_item: MakeItem, record_search: RecordSearch
) -> None:
    late = make_item(case, b"late", posted_at="28 March 2022")
    early = make_item(case, b"early", posted_at="2022-03-27T10:00:00Z")
    unknown = make_item(case, b"unknown", posted_at="yesterday")
    record_search(
        late, (early, "picture", "same_footage", "0.9"), (unknown, "picture", "same_footage", "0.9")
    )
    (family,) = families_of_case(case)
    assert family.family.earliest == early.sha256
    assert family.posted_at(late.sha256) == "2022-03-28"
    assert family.posted_at(unknown.sha256) == "yesterday"


def test_an_item_that_was_never_decoded_is_a_family_of_one(case: Case, make_item: MakeItem) -> None:
    item = make_item(case, b"broken", decoded=False)
    (family,) = families_of_case(case)
    assert family.items == (item.sha256,)
    assert family.duration(item.sha256) is None


@pytest.mark.parametrize(
    ("edtf", "words", "first", "last"),
    [
        (
            "2022-03-27T10:00:00+03:00",
            "",
            datetime(2022, 3, 27, 7, tzinfo=UTC),
            datetime(2022, 3, 27, 7, tzinfo=UTC),
        ),
        ("2022-03-27", "", datetime(2022, 3, 26, 10, tzinfo=UTC), datetime(2022, 3, 28, 12, tzinfo=UTC)),
        (
            "2022-03-25/2022-03-26",
            "",
            datetime(2022, 3, 24, 10, tzinfo=UTC),
            datetime(2022, 3, 27, 12, tzinfo=UTC),
        ),
        ("2022-03", "", datetime(2022, 2, 28, 10, tzinfo=UTC), datetime(2022, 4, 1, 12, tzinfo=UTC)),
        ("2022-03-25/..", "", datetime(2022, 3, 24, 10, tzinfo=UTC), None),
        ("9999-12-31", "", datetime(9999, 12, 30, 10, tzinfo=UTC), None),
        (
            "",
            "27 March 2022, morning",
            datetime(2022, 3, 26, 10, tzinfo=UTC),
            datetime(2022, 3, 28, tzinfo=UTC),
        ),
        (
            "",
            "27 березня 2022, вранці",
            datetime(2022, 3, 26, 10, tzinfo=UTC),
            datetime(2022, 3, 28, tzinfo=UTC),
        ),
        ("", "27 марта 2022 утром", datetime(2022, 3, 26, 10, tzinfo=UTC), datetime(2022, 3, 28, tzinfo=UTC)),
        (
            "",
            "27 March 2022, evening",
            datetime(2022, 3, 27, 2, tzinfo=UTC),
            datetime(2022, 3, 28, 12, tzinfo=UTC),
        ),
        (
            "",
            "March 2022, morning",
            datetime(2022, 2, 28, 10, tzinfo=UTC),
            datetime(2022, 4, 1, 12, tzinfo=UTC),
        ),
    ],
)
def test_a_date_lies_between_the_moments_it_allows_on_any_clock(
    edtf: str, words: str, first: datetime, last: datetime | None
) -> None:
    record = dated(edtf, words)
    assert record is not None
    assert (record.not_before, record.not_after) == (first, last)


@pytest.mark.parametrize("told", ["2022-03-27~", "2022-03-27?", "", "nonsense"])
def test_a_date_in_doubt_says_nothing(told: str) -> None:
    assert dated(told) is None
    assert dated("", "some morning") is None


def test_the_words_of_a_posting_are_shown_as_they_were(case: Case, make_item: MakeItem) -> None:
    item = make_item(case, b"short", posted_at="27 March 2022, morning")
    (family,) = families_of_case(case)
    assert family.posted_at(item.sha256) == "27 March 2022, morning"
    assert family.family.earliest == item.sha256


def test_a_split_family_stays_split_when_more_comes_in_and_joins_when_people_say_so(
    case: Case, make_item: MakeItem, record_search: RecordSearch
) -> None:
    one, two, three = (make_item(case, name) for name in (b"1", b"2", b"3"))
    record_search(two, (one, "picture", "same_footage", "0.9"), (three, "picture", "same_footage", "0.9"))
    assert len(families_of_case(case)[0].items) == 3
    split_family(ACTOR, case, [one], [two, three], "Another camera")
    apart = {frozenset({one.sha256}), frozenset({two.sha256, three.sha256})}
    assert grouped(families_of_case(case)) == apart
    late = make_item(case, b"late")
    # It looks like both sides, and like the one that stands alone the most.
    record_search(late, (one, "picture", "same_footage", "0.99"), (two, "picture", "same_footage", "0.95"))
    # Examined again, the comparison says once more what people set aside.
    record_search(two, (one, "picture", "same_footage", "0.97"), (three, "picture", "same_footage", "0.9"))
    assert grouped(families_of_case(case)) == {
        frozenset({one.sha256, late.sha256}),
        frozenset({two.sha256, three.sha256}),
    }
    decide_copy(ACTOR, case, late, one, "undecided", "To be looked at again")
    merge_families(ACTOR, case, [one], [two, three], "One camera after all")
    (family,) = families_of_case(case)
    assert set(family.items) == {one.sha256, two.sha256, three.sha256, late.sha256}


def test_a_word_taken_back_leaves_it_to_the_comparison(
    case: Case, make_item: MakeItem, record_search: RecordSearch
) -> None:
    one, two = make_item(case, b"1"), make_item(case, b"2")
    record_search(two, (one, "picture", "same_footage", "0.9"))
    decide_copy(ACTOR, case, one, two, "not_the_same_footage", "Two takes")
    assert len(families_of_case(case)) == 2
    decide_copy(ACTOR, case, one, two, "undecided", "Not sure any more")
    assert len(families_of_case(case)) == 1

"""Only what is recorded as independent counts, and copies never do."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videtur.engines.method import vocabulary
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.base import Entity
from videtur.engines.method.entities.evidence import Independence, Item, Source
from videtur.engines.method.entities.footage import FootageFamily, ReportedVersion
from videtur.engines.method.independence import are_independent, independent_origins, independent_source_count

DEPENDENT = [word for word in vocabulary.words("dependence") if word != "independent"]


def case_of(*relations: tuple[str, str, str], extra: tuple[Entity, ...] = ()) -> CaseFile:
    names = sorted({name for first, second, _ in relations for name in (first, second)})
    known = {entity.reference for entity in extra}
    return CaseFile.of_entities(
        "c",
        [
            *extra,
            *(Source(id=name, kind="interview") for name in names if name not in known),
            *(
                Independence(id=f"IN{number}", between=(first, second), relation=relation)
                for number, (first, second, relation) in enumerate(relations)
            ),
        ],
    )


def test_only_independent_counts() -> None:
    assert are_independent(case_of(("A", "B", "independent")), "A", "B")
    assert are_independent(case_of(("A", "B", "independent")), "B", "A")
    assert not are_independent(case_of(("A", "B", "independent")), "A", "A")
    assert not are_independent(case_of(("A", "B", "independent")), "A", "C")


@pytest.mark.parametrize("relation", DEPENDENT)
def test_everything_else_is_dependent_even_beside_a_word_of_independence(relation: str) -> None:
    assert not are_independent(case_of(("A", "B", relation)), "A", "B")
    assert not are_independent(case_of(("A", "B", "independent"), ("B", "A", relation)), "A", "B")


def test_copies_versions_and_sources_of_one_recording_are_one() -> None:
    family = FootageFamily(
        id="FF1",
        kind="footage_family",
        items=("IT1",),
        members_reported_elsewhere=(ReportedVersion(ref="V1", reported_by="a newspaper"),),
    )
    extra = (
        family,
        Item(id="IT1"),
        Item(id="IT2", footage="FF1"),
        Source(id="S1", kind="footage", footage="FF1"),
        Source(id="S2", kind="footage", footage="FF1"),
    )
    case = case_of(("S1", "S2", "independent"), ("S1", "A", "independent"), extra=extra)
    copies = ("FF1", "IT1", "IT2", "V1", "S1", "S2")
    assert len(independent_origins(case, copies)) == 1
    for one, two in combinations(copies, 2):
        assert not are_independent(case, one, two)
    for copy in copies:
        assert are_independent(case, copy, "A")
    assert independent_origins(case, (*copies, "A")) == {frozenset(copies), frozenset(("A",))}
    assert independent_source_count(case, "FF1") == 1


def test_a_placeholder_and_what_is_not_there_have_no_count() -> None:
    case = case_of(extra=(FootageFamily(id="FG2", kind="placeholder_set"),))
    assert independent_source_count(case, "FG2") is None
    assert independent_source_count(case, "FF9") is None


def test_a_relay_is_its_original_and_speaks_for_itself_alone() -> None:
    extra = (
        Source(id="R", kind="media_report", relays="A"),
        Source(id="RR", kind="media_report", relays="R"),
    )
    case = case_of(("A", "B", "independent"), extra=extra)
    assert not are_independent(case, "R", "A")
    assert not are_independent(case, "RR", "R")
    assert are_independent(case, "RR", "B")
    assert len(independent_origins(case, ("A", "R", "RR"))) == 1
    told = case_of(("R", "B", "independent"), extra=(*extra, Source(id="A", kind="interview")))
    assert not are_independent(told, "A", "B")


def test_relays_in_a_circle_come_to_an_end() -> None:
    extra = (Source(id="R", kind="media_report", relays="Q"), Source(id="Q", kind="media_report", relays="R"))
    assert len(independent_origins(case_of(extra=extra), ("R", "Q"))) >= 1


@given(
    st.integers(1, 9).flatmap(
        lambda size: st.tuples(
            st.just([f"S{number}" for number in range(size)]),
            st.lists(st.booleans(), min_size=size * (size - 1) // 2, max_size=size * (size - 1) // 2),
        )
    )
)
def test_as_many_as_the_largest_set_that_is_independent_throughout(
    given_: tuple[list[str], list[bool]],
) -> None:
    names, edges = given_
    pairs = [pair for pair, yes in zip(combinations(names, 2), edges, strict=True) if yes]
    extra = tuple(Source(id=name, kind="interview") for name in names)
    case = case_of(*((a, b, "independent") for a, b in pairs), extra=extra)
    groups = independent_origins(case, reversed(names))
    linked = set(pairs)
    best = max(
        size
        for size in range(1, len(names) + 1)
        if any(all(pair in linked for pair in combinations(each, 2)) for each in combinations(names, size))
    )
    assert len(groups) == best
    assert sorted(name for group in groups for name in group) == names
    assert groups == independent_origins(case, names)


def test_many_origins_are_counted_quickly_and_never_too_many() -> None:
    names = [f"S{number:02}" for number in range(40)]
    case = case_of(*((a, b, "independent") for a, b in combinations(names, 2)))
    assert len(independent_origins(case, names)) == 40
    half = case_of(*((a, b, "independent") for a, b in combinations(names[:20], 2)), extra=())
    assert len(independent_origins(half, names[:20])) == 20

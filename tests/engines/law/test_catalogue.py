"""The catalogue of law: whole, consistent, and honest about how far it was checked."""

from dataclasses import FrozenInstanceError
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videtur.engines.law.catalogue import CATALOGUE, instrument, provision
from videtur.engines.law.parties import status_at
from videtur.errors import WrongUsage

PROVISIONS = list(CATALOGUE.provisions.values())


def test_the_catalogue_is_whole() -> None:
    assert (len(CATALOGUE.provisions), len(CATALOGUE.instruments), len(CATALOGUE.maps)) == (121, 8, 7)
    assert len(CATALOGUE.enums["tags"]) == 49


def test_each_provision_keeps_to_the_enumerations() -> None:
    enums = CATALOGUE.enums
    for row in PROVISIONS:
        assert row.instrument in CATALOGUE.instruments, row.id
        assert row.id.startswith(row.instrument), row.id
        assert row.nature in enums["nature"], row.id
        assert row.binds in enums["binds"], row.id
        assert row.protects in enums["protects"], row.id
        assert set(row.applies) <= set(enums["applies"]), row.id
        assert row.tags, row.id
        assert set(row.tags) <= set(enums["tags"]), row.id
        assert row.title, row.id
        assert row.paraphrase, row.id


def test_no_row_claims_to_have_been_checked_against_the_original() -> None:
    assert all(row.text_checked is not True for row in PROVISIONS)
    assert [row.id for row in PROVISIONS if row.text_checked] == ["GC3-13"]
    assert all(row.certainty in ("high", "medium", "low") for row in PROVISIONS)
    assert "not legal advice" in CATALOGUE.notice


def test_every_provision_that_a_map_names_exists() -> None:
    for each in CATALOGUE.maps:
        assert each.candidates, each.id
        for name in each.candidates:
            assert provision(name).id == name


@pytest.mark.parametrize("cited", ["GC3-13", "GC3-14", "GC3-121", "CIHL-158"])
def test_what_the_gold_case_cites_is_there(cited: str) -> None:
    assert provision(cited).id == cited


def test_values_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        provision("GC3-13").title = "other"  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(TypeError):
        CATALOGUE.provisions["X"] = provision("GC3-13")  # pyright: ignore[reportIndexIssue]


def test_what_is_not_there_is_refused_with_a_remedy() -> None:
    with pytest.raises(WrongUsage, match="no provision"):
        provision("GC3-999")
    with pytest.raises(WrongUsage) as refused:
        instrument("GC9")
    assert "GC3" in refused.value.remedy


def test_look_ups() -> None:
    assert {row.instrument for row in CATALOGUE.of_instrument("CAT")} == {"CAT"}
    assert "GC3-13" in {row.id for row in CATALOGUE.tagged("public-curiosity")}
    assert {"GC3-13", "GC3-14"} & {row.id for row in CATALOGUE.searched("public curiosity")}


@pytest.mark.parametrize(
    ("law", "party", "on", "state"),
    [
        ("ECHR", "RU", "2022-03-28", "party"),
        ("ECHR", "RU", "2022-09-16", "party"),
        ("ECHR", "RU", "2022-09-17", "not_party"),
        ("ECHR", "RU", "1990-01-01", "not_party"),
        ("ECHR", "UA", "2022-03-28", "party"),
        ("ROME", "UA", "2022-03-28", "not_party"),
        ("ROME", "UA", "2024-12-31", "not_party"),
        ("ROME", "UA", "2025-01-01", "party"),
        ("ROME", "RU", "2025-01-01", "not_party"),
        ("GC3", "UA", "2022-03-28", "party"),
        ("GC3", "RU", "2022-03-28", "party"),
        ("GC3", "UA", "1950-01-01", "not_party"),
        ("GC3", "UA", "1954-10-01", "unknown"),
        ("CIHL", "UA", "2022-03-28", "bound_as_custom"),
        ("CIHL", "XX", "2022-03-28", "bound_as_custom"),
        ("CAT", "XX", "2022-03-28", "unknown"),
    ],
)
def test_how_a_party_stood_on_a_day(law: str, party: str, on: str, state: str) -> None:
    found = status_at(law, party, date.fromisoformat(on))
    assert found.state == state
    assert found.basis
    assert found.certainty
    assert found.bound is (None if state == "unknown" else state != "not_party")


def test_declarations_are_noted_beside_the_status() -> None:
    found = status_at("ROME", "UA", date(2022, 3, 28))
    assert found.bound is False
    assert "12(3)" in found.declarations


def test_every_status_in_the_data_is_read_by_a_rule() -> None:
    for law in CATALOGUE.instruments.values():
        for party in law.parties:
            assert status_at(law.id, party, date(2022, 3, 28)).state != "unknown", (law.id, party)


@given(st.sampled_from(sorted(CATALOGUE.instruments)), st.sampled_from(["RU", "UA", "XX"]), st.dates())
def test_a_status_is_given_for_any_day(law: str, party: str, on: date) -> None:
    assert status_at(law, party, on).basis

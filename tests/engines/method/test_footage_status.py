"""The table of section 3, line by line."""

from typing import Any

import pytest

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.base import Entity
from videtur.engines.method.entities.evidence import Fixity, Item, Source
from videtur.engines.method.entities.footage import FootageFamily
from videtur.engines.method.entities.verification import Arbitration, LaterClaim, Review
from videtur.engines.method.footage_status import footage_status, is_preserved, restated
from videtur.errors import WrongUsage

NOW = "2024-03-10T12:00:00+00:00"
BAR = {
    "integrity": "probable",
    "provenance": "probable",
    "date": "established",
    "location": "established",
    "event": "established",
    "completeness": "indeterminate",
}


def family(*others: Entity, **fields: Any) -> CaseFile:
    whole = {"id": "FF1", "kind": "footage_family", "preserved": True, **fields}
    return CaseFile.of_entities("c", [FootageFamily.model_validate(whole), *others])


def reviews(second: dict[str, Any] | None = None, **of_second: Any) -> list[Entity]:
    given = {"of": "FF1", "submitted": NOW, "aspects": BAR}
    both = (
        {"id": "RV1", "role": "analyst_1", "by": "one", **given},
        {"id": "RV2", "role": "analyst_2", "by": "two", **given, **(second or {}), **of_second},
    )
    return [Review.model_validate(each) for each in both]


def item(name: str = "IT1", **fields: Any) -> Item:
    digest = "a" * 64
    whole: dict[str, Any] = {
        "id": name,
        "sha256": digest,
        "footage": "FF1",
        "ledger_index": 3,
        "fixity": (Fixity(checked_at=NOW, sha256=digest),),
    }
    return Item.model_validate({**whole, **fields})


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"preserved": False}, "received"),
        ({"preserved": False, "aspects": {"date": "established"}}, "received"),
        ({"preserved": None, "aspects": {}}, "received"),
        ({"preserved": None, "aspects": {"date": "established"}}, "in_process"),
        ({"preserved": None, "aspects": {"date": "contradicted"}}, "in_process"),
        ({}, "preserved"),
        ({"aspects": {"date": "not_examined"}}, "preserved"),
        ({"aspects": {"motivation": "in_progress"}}, "in_process"),
        ({"aspects": {"date": "probable", "location": "probable", "event": "probable"}}, "in_process"),
        ({"aspects": {"affiliation": "established", "source": "established"}}, "in_process"),
        ({"aspects": {"date": "established"}}, "partly_verified"),
        ({"aspects": {"location": "established"}, "review_closed": True}, "partly_verified"),
        ({"aspects": {"event": "established", "integrity": "indeterminate"}}, "partly_verified"),
        ({"aspects": {"date": "probable"}, "review_closed": True}, "inconclusive"),
        ({"aspects": {}, "review_closed": True}, "inconclusive"),
        ({"aspects": {"affiliation": "contradicted"}, "review_closed": True}, "in_process"),
        ({"aspects": {"date": "contradicted"}}, "false_context"),
        ({"aspects": {"location": "contradicted", "date": "established"}}, "false_context"),
        ({"aspects": {"integrity": "contradicted", "date": "established"}}, "manipulated"),
        ({"aspects": {"integrity": "contradicted", "location": "contradicted"}}, "manipulated"),
        ({"aspects": {"event": "contradicted"}}, "in_process"),
        ({"aspects": {"event": "contradicted", "date": "established"}}, "partly_verified"),
        ({"aspects": BAR}, "partly_verified"),
        ({"aspects": BAR, "set_status": "withdrawn", "set_because": "asked by the family"}, "withdrawn"),
        ({"set_status": "triaged_out", "set_because": "not of this war"}, "triaged_out"),
        ({"kind": "placeholder_set"}, "in_process"),
        ({"kind": "placeholder_set", "aspects": BAR, "described": True}, "in_process"),
    ],
)
def test_the_table(fields: dict[str, Any], status: str) -> None:
    assert footage_status(family(**fields), "FF1") == status


def test_verified_needs_two_concurring_reviews_of_which_the_second_is_blind() -> None:
    assert footage_status(family(*reviews(), aspects=BAR), "FF1") == "verified"


@pytest.mark.parametrize(
    "second",
    [
        {"by": "one"},
        {"role": "linguist"},
        {"role": "analyst_1"},
        {"blind": False},
        {"saw_before": ["first_review"]},
        {"saw_before": ["claimed_party"]},
        {"submitted": None},
        {"withdrawn_because": "was hasty"},
        {"by_machine": True},
        {"of": "FF2"},
        {"aspects": {**BAR, "date": "probable"}},
        {"aspects": {**BAR, "motivation": "established"}},
        {"aspects": {**BAR, "integrity": "contradicted"}},
        {"aspects": {}},
    ],
)
def test_a_second_review_that_does_not_count_verifies_nothing(second: dict[str, Any]) -> None:
    assert footage_status(family(*reviews(second), aspects=BAR), "FF1") == "partly_verified"


@pytest.mark.parametrize("name", list(BAR))
def test_every_part_of_the_bar_is_needed(name: str) -> None:
    lowered = {**BAR, name: "in_progress"}
    assert footage_status(family(*reviews(aspects=lowered), aspects=lowered), "FF1") == "partly_verified"
    assert footage_status(family(*reviews(), aspects=lowered), "FF1") == "partly_verified"


def test_affiliation_is_not_needed_for_verified() -> None:
    aspects = {**BAR, "affiliation": "contradicted"}
    assert footage_status(family(*reviews(), aspects=aspects), "FF1") == "verified"


def test_an_arbiter_settles_what_two_reviews_differ_on() -> None:
    differing = reviews(aspects={**BAR, "date": "contradicted"})
    settled = {"id": "AR1", "of": "FF1", "between": ("RV1", "RV2"), "by": "three", "reason": "the shadows"}
    by_arbiter = Arbitration.model_validate({**settled, "aspects": {"date": "established"}})
    assert footage_status(family(*differing, by_arbiter, aspects=BAR), "FF1") == "verified"
    for bad in ({"by": "one"}, {"aspects": {"location": "established"}}, {"aspects": {"date": "probable"}}):
        arbitration = Arbitration.model_validate({**settled, "aspects": {"date": "established"}, **bad})
        assert footage_status(family(*differing, arbitration, aspects=BAR), "FF1") == "partly_verified"


def test_staging_is_for_named_experts_to_establish() -> None:
    aspects = {"event": "contradicted"}
    said = LaterClaim(id="K1", date="2024-03-01", by="an official", kind="staged_claim", gist="staged")
    assert footage_status(family(said, aspects=aspects, named_expert_evidence=("K1",)), "FF1") == "in_process"
    opinion = Source(id="SR1", kind="medical_opinion")
    case = family(opinion, aspects=aspects, named_expert_evidence=("SR1",))
    assert footage_status(case, "FF1") == "staged_established"
    report = Review.model_validate(
        {"id": "RX", "of": "FF1", "role": "weapons_expert", "by": "an_expert", "submitted": NOW}
    )
    case = family(report, aspects=aspects, named_expert_evidence=("RX",))
    assert footage_status(case, "FF1") == "staged_established"
    newspaper = Source(id="SR1", kind="media_report")
    assert (
        footage_status(family(newspaper, aspects=aspects, named_expert_evidence=("SR1",)), "FF1")
        == "in_process"
    )


@pytest.mark.parametrize(
    ("items", "preserved"),
    [
        ([item()], True),
        ([item(), item("IT2", sha256=None, fixity=())], True),
        ([item(ledger_index=None)], False),
        ([item(fixity=())], False),
        ([item(sha256=None, fixity=())], False),
        ([item(), item("IT2", fixity=(Fixity(checked_at=NOW, sha256="b" * 64),))], False),
    ],
)
def test_preserved_is_a_digest_a_ledger_entry_and_a_check_of_the_bytes(
    items: list[Item], preserved: bool
) -> None:
    case = family(*items, preserved=None, aspects={"date": "established"})
    assert is_preserved(case, "FF1") is preserved
    assert footage_status(case, "FF1") == ("partly_verified" if preserved else "received")


def test_a_written_status_that_no_longer_fits_is_restated() -> None:
    case = family(aspects={"date": "established"}, status_at_as_of="in_process", independent_source_count=3)
    (new,) = restated(case)
    assert (new.status_at_as_of, new.independent_source_count) == ("partly_verified", 1)
    assert restated(case.with_entity(new)) == ()
    assert restated(family(aspects={"date": "established"})) == ()


def test_there_is_no_status_of_footage_that_is_not_there() -> None:
    with pytest.raises(WrongUsage, match="no footage 'FF9'"):
        footage_status(family(), "FF9")

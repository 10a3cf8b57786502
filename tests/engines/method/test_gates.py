"""Gates: each condition of each standard by itself, and what comes down when one no longer holds."""

import random

import pytest

from tests.engines.method.generated import COMPLETE, STANDARDS, Plan
from tests.engines.method.generated_case import build
from tests.engines.method.mutated import (
    Mutation,
    adding,
    changed,
    on_corroboration,
    on_finding_review,
    setting,
)
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.accountability import Correction
from videtur.engines.method.entities.case import Allegation
from videtur.engines.method.entities.evidence import Fixity, Item
from videtur.engines.method.entities.publication import Release
from videtur.engines.method.entities.verification import Arbitration, Conflict, Finding, Hypothesis, Review
from videtur.engines.method.gates import carries, consequences, downgrades, gate, gates_of
from videtur.engines.method.hypotheses import lacks, matrix
from videtur.engines.method.rules.catalogue import violations_of
from videtur.errors import WrongUsage

SUSPECT, BELIEVE, BALANCE, CLEAR = STANDARDS
BEYOND = "beyond_reasonable_doubt"
NOW = "2024-03-10T12:00:00+00:00"


def case_at(standard: str, seed: int = 4, without_footage: bool = False) -> CaseFile:
    return build(
        Plan(seed, 2, COMPLETE, (standard,), without_footage, releases=1, accountability=True, details=True)
    )


def unmet(case: CaseFile, standard: str | None = None) -> set[str]:
    return {condition.id for condition in gate(case, "FI1", standard).unmet}


def mutated(case: CaseFile, *mutations: Mutation) -> CaseFile:
    for mutation in mutations:
        case = mutation(case, random.Random(1))  # noqa: S311
    return case


def open_conflict(**fields: object) -> Mutation:
    given = {"id": "XX", "kind": "fact", "between": ["AL1", "the word of another"], "status": "open"}
    return lambda case, dice: case.with_entity(Conflict.model_validate({**given, **fields}))


def broken_fixity(case: CaseFile, dice: random.Random) -> CaseFile:
    broken = Fixity(checked_at=NOW, sha256="f" * 64)
    name = next(name for name, item in case.named(Item).items() if item.footage == "FF1")
    item = case.get(Item, name)
    assert item is not None
    return case.with_entity(item.model_copy(update={"fixity": (*item.fixity, broken)}))


@pytest.mark.parametrize("standard", STANDARDS)
@pytest.mark.parametrize("seed", range(5))
def test_a_finding_that_meets_everything_passes(standard: str, seed: int) -> None:
    passed = gate(case_at(standard, seed), "FI1")
    assert passed.passed
    assert passed.unmet == ()
    assert all(
        condition.house_rule and condition.sentence and not condition.missing
        for condition in passed.conditions
    )


def test_two_independent_sources_at_b3_are_enough_without_footage() -> None:
    case = case_at(BELIEVE, without_footage=True)
    assert case.get(Finding, "FI1") is not None
    assert unmet(case) == set()
    graded = [name for name, each in case.named(Finding).items() if not each.footage]
    assert graded == ["FI1"]


@pytest.mark.parametrize(
    ("standard", "mutations", "missing"),
    [
        (
            SUSPECT,
            [setting("FI1", footage=["FF3"])],
            {"preserved_footage", "date_place_or_event"},
        ),
        (
            SUSPECT,
            [setting("FF1", aspects={"date": "probable", "integrity": "contradicted"})],
            {"integrity", "date_place_or_event"},
        ),
        (SUSPECT, [setting("FF1", aspects={"date": "indeterminate"})], {"date_place_or_event"}),
        (BELIEVE, [on_corroboration("unknown")], {"basis"}),
        (BELIEVE, [setting("FI1", sources=[])], {"basis"}),
        (BELIEVE, [setting("FF1", aspects={"date": "established"})], {"basis"}),
        (BELIEVE, [setting("FI1", sources=["SFFF1"])], {"basis"}),
        (BELIEVE, [on_finding_review(withdrawn_because="was hasty")], {"blind_reviews"}),
        (BELIEVE, [on_finding_review(submitted=None)], {"blind_reviews"}),
        (BELIEVE, [on_finding_review(blind=False)], {"blind_reviews"}),
        (BELIEVE, [on_finding_review(by_machine=True)], {"blind_reviews"}),
        (BELIEVE, [on_finding_review(concurs=False)], {"blind_reviews", "dissent"}),
        (BELIEVE, [open_conflict()], {"conflicts"}),
        (BELIEVE, [open_conflict(status="irreducible_reported")], {"conflicts"}),
        (BELIEVE, [open_conflict(between=["FF1", "K1"])], {"conflicts"}),
        (BELIEVE, [setting("FI1", comment=None, comment_not_sought_because=None)], {"comment"}),
        (BELIEVE, [setting("FI1", comment="RFC2", comment_not_sought_because=None)], {"comment"}),
        (
            BELIEVE,
            [setting("FI1", comment="RFC1", comment_not_sought_because=None), setting("RFC1", to="NEWS")],
            {"comment"},
        ),
        (
            BELIEVE,
            [
                setting("FI1", comment="RFC1", comment_not_sought_because=None),
                setting("RFC1", status="drafted"),
            ],
            {"comment"},
        ),
        (BELIEVE, [open_conflict(), setting("FI1", conflicts_shown=["XX", "X1"])], {"conflicts"}),
        (BELIEVE, [setting("FI1", legal_reviewer=None)], {"legal_reviewer"}),
        (BELIEVE, [setting("FI1", legal_reviewer="person_analyst_2")], {"legal_reviewer"}),
        (BELIEVE, [setting("FI1", scope="attribution_to_unit")], {"scope"}),
        (BALANCE, [setting("FI1", external_record=None)], {"external_record"}),
        (BALANCE, [setting("FI1", external_record="K1")], {"external_record"}),
        (BALANCE, [setting("FI1", external_record="AL1")], {"external_record"}),
        (BALANCE, [setting("FI1", external_record="FF1")], {"external_record"}),
        (BALANCE, [setting("FI1", external_record="SFFF1")], {"external_record"}),
        (BALANCE, [setting("FI1", arbiter=None)], {"arbiter"}),
        (BALANCE, [setting("FI1", arbiter="person_analyst_1")], {"arbiter"}),
        (BALANCE, [setting("FI1", scope="individual_responsibility")], {"scope"}),
        (CLEAR, [setting("FI1", access="restricted")], {"sealed"}),
        (CLEAR, [setting("FI1", mandated_body=None)], {"mandated_body"}),
        (CLEAR, [setting("FI1", arbiter=None, legal_reviewer=None)], {"arbiter", "legal_reviewer"}),
    ],
)
def test_each_condition_stands_for_itself(
    standard: str, mutations: list[Mutation], missing: set[str]
) -> None:
    case = mutated(case_at(standard), *mutations)
    assert unmet(case) == missing
    for condition in gate(case, "FI1").unmet:
        assert condition.missing
        assert condition.remedy


@pytest.mark.parametrize(
    "mutations",
    [
        [open_conflict(status="resolved", result="the longer version settles it")],
        [open_conflict(status="explained_by_versions")],
        [open_conflict(material=False)],
        [open_conflict(between=["FF3", "the word of another"])],
        [
            open_conflict(status="irreducible_reported"),
            setting("FI1", conflicts_shown=["XX", "X1", "X2", "X3"]),
        ],
        [setting("FI1", comment=None, comment_not_sought_because="unreachable")],
        [setting("FI1", scope="attribution_to_party")],
    ],
)
def test_what_is_settled_or_said_stands_in_nobodys_way(mutations: list[Mutation]) -> None:
    assert unmet(mutated(case_at(BELIEVE), *mutations)) == set()


def test_a_claim_that_does_not_say_what_it_is_about_may_be_about_this() -> None:
    case = mutated(case_at(BELIEVE), setting("K1", about=None), open_conflict(between=["K1", "FF3"]))
    assert unmet(case) == {"conflicts"}


def test_a_dissent_waits_for_an_arbiter() -> None:
    against = Review(id="RX", of="FI1", role="weapons_expert", by="an_expert", submitted=NOW, concurs=False)
    case = case_at(BELIEVE).with_entity(against)
    assert unmet(case) == {"dissent"}
    upheld = Arbitration(
        id="AX", of="FI1", between=("RX", "RV3"), by="an_arbiter", concurs=True, reason="seen"
    )
    assert unmet(case.with_entity(upheld)) == set()
    assert unmet(case.with_entity(upheld.model_copy(update={"concurs": False}))) == {"dissent"}


@pytest.mark.parametrize("standard", STANDARDS)
def test_only_a_court_goes_beyond_reasonable_doubt(standard: str) -> None:
    assert unmet(case_at(standard), BEYOND) == {"courts_only"}
    assert not carries(mutated(case_at(standard), setting("FI1", standard=BEYOND)), "FI1", SUSPECT)


def test_a_finding_whose_gate_no_longer_holds_carries_nothing() -> None:
    case = case_at(BALANCE)
    assert carries(case, "FI1", BELIEVE)
    assert carries(case, "FI1", BALANCE)
    assert not carries(case, "FI1", CLEAR)
    assert not carries(case, None)
    for change in (setting("FI1", arbiter=None), setting("FI1", status="under_review"), open_conflict()):
        assert not carries(mutated(case, change), "FI1", SUSPECT)


def test_each_standard_asks_all_that_the_lower_ones_ask() -> None:
    case = case_at(CLEAR)
    asked = [
        {c.id for c in gate(case, "FI1", each).conditions} - {"scope"} for each in (BELIEVE, BALANCE, CLEAR)
    ]
    assert asked[0] < asked[1] < asked[2]


def test_a_gate_of_nothing_is_wrong_usage() -> None:
    with pytest.raises(WrongUsage, match="no finding 'FI9'"):
        gate(case_at(BELIEVE), "FI9")
    with pytest.raises(WrongUsage, match="no standard"):
        gate(case_at(BELIEVE), "FI1", "certain")


def test_gates_are_given_for_every_finding_at_its_own_standard() -> None:
    case = build(Plan(4, 2, COMPLETE, (SUSPECT, BALANCE), False, 0, accountability=False, details=False))
    assert [(each.finding, each.standard) for each in gates_of(case)] == [("FI1", SUSPECT), ("FI2", BALANCE)]


@pytest.mark.parametrize(
    "mutation",
    [
        on_finding_review(withdrawn_because="was hasty"),
        open_conflict(),
        broken_fixity,
    ],
)
def test_what_no_longer_holds_comes_down_with_all_that_stood_on_it(mutation: Mutation) -> None:
    case = changed(case_at(BELIEVE), "AL1", standard=BELIEVE)
    assert downgrades(case) == ()
    fallen = mutated(case, mutation)
    (first, *others) = downgrades(fallen)
    assert first.finding == "FI1"
    assert first.because
    assert first.releases == ("RL1",)
    assert others == []
    assert violations_of(fallen)
    after = fallen
    for entity in consequences(fallen):
        after = after.with_entity(entity)
    finding, allegation = after.get(Finding, "FI1"), after.get(Allegation, "AL1")
    release, task = after.get(Release, "RL1"), after.get(Correction, "RL1-correction")
    assert finding is not None
    assert allegation is not None
    assert release is not None
    assert task is not None
    assert (finding.status, allegation.standard, release.status) == ("under_review", "none", "flagged")
    assert (task.release, task.finding) == ("RL1", "FI1")
    assert downgrades(after) == ()
    assert consequences(after) == ()
    assert {each.rule for each in violations_of(after)} <= {"F02", "I8"}


def test_a_release_that_hides_a_new_conflict_is_flagged_by_itself() -> None:
    case = mutated(case_at(BELIEVE), open_conflict(between=["FF2", "the word of another"]))
    (only,) = downgrades(case)
    assert (only.finding, only.releases) == ("", ("RL1",))
    assert [type(entity) for entity in consequences(case)] == [Release, Correction]


def test_the_matrix_shows_every_piece_of_evidence_beside_every_hypothesis() -> None:
    case = changed(
        case_at(BELIEVE),
        "HY1",
        evidence_for=[{"evidence": "O1", "why": "it is seen"}],
        evidence_against=[{"evidence": "K1", "why": "he denies it"}],
    )
    case = changed(case, "HY2", evidence_for=[{"evidence": "K1"}], evidence_against=[])
    case = changed(case, "HY3", evidence_for=[], evidence_against=[])
    shown = matrix(case, "FI1")
    assert [each.id for each in shown.hypotheses] == ["HY1", "HY2", "HY3"]
    bearings = {row.evidence: row.bearing for row in shown.rows}
    assert bearings["O1"] == {"HY1": "for", "HY2": None, "HY3": None}
    assert bearings["K1"] == {"HY1": "against", "HY2": "for", "HY3": None}
    assert {row.evidence: row.why for row in shown.rows}["O1"] == {"HY1": "it is seen"}
    with pytest.raises(WrongUsage):
        matrix(case, "FI9")


def test_hypotheses_lack_what_nobody_recorded_or_examined() -> None:
    case = case_at(BELIEVE)
    assert lacks(case, "FI1") == ()
    assert len(lacks(case.without("HY2"), "FI1")) == 1
    assert len(lacks(case.without("HY2").without("HY3"), "FI1")) == 3
    new = Hypothesis(id="HX", finding="FI1", kind="other", text="an accident")
    (lack,) = lacks(case.with_entity(new), "FI1")
    assert lack.hypothesis == "HX"
    assert (
        lacks(
            mutated(
                case,
                adding(Hypothesis, id="HX", finding="FI1", kind="other", text="an accident", examined=True),
            ),
            "FI1",
        )
        == ()
    )

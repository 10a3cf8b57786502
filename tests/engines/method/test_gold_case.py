"""The gold case: it reads, writes back, breaks nothing, and each known mutation of it is caught."""

from pathlib import Path

import pytest

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.case_file.reading import read_case
from videtur.engines.method.case_file.writing import write_case
from videtur.engines.method.footage_status import footage_status, restated
from videtur.engines.method.gates import consequences, downgrades, gates_of
from videtur.engines.method.independence import independent_source_count
from videtur.engines.method.rules.catalogue import violations_of

TEXT = (Path(__file__).parents[3] / "scripts" / "sample_case" / "gold_case.yaml").read_text(encoding="utf-8")
_TOLERANCE = "qualifier: roughly, tolerance_pct: [-25, 25]"
_DATASET = '{dataset: "Natural Earth 1:50m (npm world-atlas 2.0.2)", km: 25.7'
_O3 = 'basis: stated_by_source}, hedge: H1_appears, note: "article wording'
_CALL = "to: [RU, UA], text_same_for_all: true"
_STATUS = "status_at_as_of: in_process\n"
_BOUNDS = "qualifier: nearly, min_s: 324"
_X4 = 'status: resolved, result: "at least three'
_AL1 = "hedge: H1_appears, standard: none"


def case_of(text: str) -> CaseFile:
    reading = read_case(text)
    assert reading.problems == ()
    return reading.case


def rules_broken(text: str) -> set[str]:
    return {violation.rule for violation in violations_of(case_of(text))}


def test_it_breaks_nothing() -> None:
    assert violations_of(case_of(TEXT)) == ()


def test_it_is_written_back_as_it_was_read() -> None:
    case = case_of(TEXT)
    assert case_of(write_case(case)) == case


def test_its_statuses_are_derived_as_written() -> None:
    case = case_of(TEXT)
    assert [footage_status(case, name) for name in ("FF1", "FG2")] == ["in_process", "in_process"]
    assert [independent_source_count(case, name) for name in ("FF1", "FG2")] == [1, None]
    assert gates_of(case) == ()
    assert downgrades(case) == ()
    assert restated(case) == ()
    assert consequences(case) == ()


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        pytest.param(_STATUS, "status_at_as_of: verified\n", {"I8"}, id="status set to verified"),
        pytest.param(_STATUS, "status_at_as_of: staged_established\n", {"F24"}, id="status set to staged"),
        pytest.param(
            "recording: {edtf: ../2022-03-27",
            "recording: {edtf: 2022-03-28",
            {"F11"},
            id="recorded after upload",
        ),
        pytest.param(
            "independent_source_count: 1",
            "independent_source_count: 3",
            {"F10"},
            id="copies counted as sources",
        ),
        pytest.param(
            "independent_source_count: unknown",
            "independent_source_count: 2",
            {"F10"},
            id="nobody knows how many sources",
        ),
        pytest.param('render: "at least two"', 'render: "two"', {"F08"}, id="a minimum said as exact"),
        pytest.param(
            'render: "at least two"', 'render: "at least three"', {"F08"}, id="more than the minimum"
        ),
        pytest.param(
            _CALL, "to: [RU], text_same_for_all: true", {"F16", "M10.addressee"}, id="one-sided call"
        ),
        pytest.param(
            "{RU: issued, UA: issued}", "{RU: issued, UA: approved}", {"F16"}, id="issued to one side"
        ),
        pytest.param(
            "status: announced, legal_step: null",
            "status: legal_step_evidenced, legal_step: null",
            {"F15"},
            id="promise shown as opened",
        ),
        pytest.param(
            "status: announced, legal_step: null",
            "status: in_progress_evidenced, legal_step: {authority: a prosecutor}",
            {"F15"},
            id="an authority without number or notice",
        ),
        pytest.param(
            _AL1,
            "hedge: H1_appears, standard: beyond_reasonable_doubt",
            {"F13"},
            id="beyond reasonable doubt",
        ),
        pytest.param(
            _AL1,
            "hedge: H1_appears, standard: reasonable_grounds_to_believe",
            {"F06"},
            id="reasonable grounds without a finding",
        ),
        pytest.param(_AL1, "hedge: H4_established, standard: none", {"F01"}, id="allegation worded as fact"),
        pytest.param(
            "overall: in_process, standard: none",
            "overall: in_process, standard: reasonable_grounds_to_suspect",
            {"F06"},
            id="verification beyond its findings",
        ),
        pytest.param(_O3, _O3.replace(" hedge: H1_appears,", ""), {"F01"}, id="hedge removed"),
        pytest.param(_O3, _O3.replace("H1_appears", "H4_established"), {"F01"}, id="observation at H4"),
        pytest.param(_O3, _O3.replace("H1_appears", "H5_finding"), {"F01"}, id="observation at H5"),
        pytest.param(_DATASET, "{km: 25.7", {"F32"}, id="distance without a boundary set"),
        pytest.param(_DATASET, '{dataset: " ", km: 25.7', {"F32"}, id="distance with a blank boundary set"),
        pytest.param(
            _TOLERANCE, _TOLERANCE.replace("25", "10"), {"M4.quantity"}, id="ten percent for roughly"
        ),
        pytest.param(
            "ratio: 0.80, result: within_tolerance",
            "ratio: 0.80, result: inconsistent",
            {"M4.quantity"},
            id="a result that does not follow",
        ),
        pytest.param(
            '{original: "roughly 20 miles from the Russian border", value: 20, unit: mi, km: 32.19',
            '{original: "roughly 20 miles from the Russian border", value: 20, unit: mi, km: 20.0',
            {"M4.quantity"},
            id="miles taken for kilometres",
        ),
        pytest.param(_BOUNDS, "qualifier: nearly, min_s: 300", {"M4.duration"}, id="nearly taken for about"),
        pytest.param(
            "injury: {region: knee,", "injury: {region: knee, cause: gunshot,", {"F21"}, id="a cause"
        ),
        pytest.param(
            "modality: visual, act: firing_at_person",
            "modality: audible, act: firing_at_person",
            {"F22"},
            id="an act told from sound",
        ),
        pytest.param(
            "named_private_persons: none", "named_private_persons: somebody", {"F26"}, id="a person is named"
        ),
        pytest.param(
            _X4, 'status: resolved, lesson: "at least three', {"M9.conflict"}, id="resolved by nothing"
        ),
        pytest.param(
            "status: not_sought_with_reason, required: true, note:",
            "status: not_sought_with_reason, required: true, about:",
            {"M10.comment"},
            id="nobody asked, and no reason",
        ),
    ],
)
def test_a_mutation_is_caught_by_its_rule(old: str, new: str, rules: set[str]) -> None:
    assert TEXT.count(old) >= 1
    assert rules_broken(TEXT.replace(old, new, 1)) == rules


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("injury: {region: knee, timing: seen_to_occur}", "injury: {region: knee}", "is missing"),
        ("modality: visual, act: firing_at_person", "modality: visual, act: execution", "execution"),
        ("  - {id: O5,", "  - {id: O4,", "names two things"),
        (
            "    kind: footage_family\n",
            "    kind: footage_family\n    set_status: withdrawn\n",
            "needs a reason",
        ),
    ],
)
def test_what_no_case_can_say_is_refused_when_it_is_read(old: str, new: str, what: str) -> None:
    problems = read_case(TEXT.replace(old, new, 1)).problems
    assert any(what in problem.what for problem in problems)


def test_each_refusal_says_what_would_satisfy_it() -> None:
    (violation,) = violations_of(
        case_of(TEXT.replace("{RU: issued, UA: issued}", "{RU: issued, UA: drafted}"))
    )
    assert violation.where == "C1"
    assert "not to UA" in violation.why
    assert "Address UA" in violation.remedy
    assert violation.explain().startswith("F16 at C1: ")

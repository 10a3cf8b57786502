"""Conflicts that rules find, and quantities in the words of their source."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engines.method.cases import GOLD, case_of, gold, sides
from videtur.engines.method import vocabulary
from videtur.engines.method.conflicts import body_parts, detected
from videtur.engines.method.entities.footage import DistanceClaim
from videtur.engines.method.quantities import (
    Range,
    distance_result,
    great_circle_km,
    problems_of_quantities,
    range_of,
)

MILES = DistanceClaim(original="roughly 20 miles", value=20, unit="mi", qualifier="roughly")


def kinds(more: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.kind, each.between) for each in detected(sides(more))]


def test_the_gold_conflicts_are_found_and_known() -> None:
    assert [(each.kind, each.recorded, each.status) for each in detected(gold())] == [
        ("authenticity", "X2", "open"),
        ("version", "X3", "explained_by_versions"),
    ]


def test_a_conflict_that_nobody_recorded_is_still_found() -> None:
    text = "\n".join(line for line in GOLD.splitlines() if "{id: X2," not in line and "{id: X3," not in line)
    assert [(each.kind, each.recorded) for each in detected(case_of(text))] == [
        ("authenticity", None),
        ("version", None),
    ]


TIMES = """\
time_claims:
- {id: T1, footage: FF1, kind: %s, edtf: %s}
- {id: T2, footage: %s, kind: %s, edtf: %s}
"""


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        (("recording", "2024-01-01"), ("FF1", "recording", "2024-01-03"), True),
        (("recording", "2024-01-01/2024-01-03"), ("FF1", "recording", "2024-01-03"), False),
        (("recording", "../2024-01-01"), ("FF1", "recording", "2024-01-02/.."), True),
        (("recording", "2024-01-01"), ("FF1", "event", "2024-01-03"), False),
        (("recording", "2024-01-01"), ("FF2", "recording", "2024-01-03"), False),
        (("upload", "2024-01-01"), ("FF1", "upload", "2024-01-03"), False),
    ],
)
def test_times_that_share_no_day(first: tuple[str, ...], second: tuple[str, ...], found: bool) -> None:
    assert kinds(TIMES % (*first, *second)) == ([("date", ("T1", "T2"))] if found else [])


def test_a_family_s_own_time_counts_as_a_claim() -> None:
    text = GOLD + "time_claims:\n- {id: T1, footage: FF1, kind: recording, edtf: 2022-03-29}\n"
    assert ("date", ("T1", "FF1")) in [(each.kind, each.between) for each in detected(case_of(text))]


COUNTS = """\
observations:
- {id: O1, footage: FF1, modality: visual, count: {%s, basis: simultaneously_visible}}
- {id: O2, footage: FF1, modality: visual, count: {%s, basis: simultaneously_visible}%s}
"""


@pytest.mark.parametrize(
    ("first", "second", "same", "found"),
    [
        ("max: 2", "min: 3", ", same_persons_as: [O1]", True),
        ("min: 3", "max: 2", ", same_persons_as: [O1]", True),
        ("max: 2", "min: 3", "", False),
        ("max: 3", "min: 3", ", same_persons_as: [O1]", False),
        ("min: 2", "min: 3", ", same_persons_as: [O1]", False),
    ],
)
def test_counts_of_the_same_persons(first: str, second: str, same: str, found: bool) -> None:
    assert kinds(COUNTS % (first, second, same)) == ([("count", ("O1", "O2"))] if found else [])


PLACES = """\
place_claims:
- {id: PC1, name_original: There, kind: media_claim, place_role: place_of_recording, footage: FF1}
place_matches:
- {id: PM1, claim: PC1, place_role: place_of_recording, lat: 50.0, lon: 36.0, radius_km: 1, match: %s, by: p1,
   reason: a}
- {id: PM2, claim: PC1, place_role: %s, lat: %s, lon: 36.0, radius_km: 1, match: candidate, by: p2, reason: b}
"""


@pytest.mark.parametrize(
    ("match", "role", "lat", "found"),
    [
        ("probable", "place_of_recording", "50.1", True),
        ("probable", "place_of_recording", "50.01", False),
        ("probable", "place_of_operation", "50.1", False),
        ("contradicted", "place_of_recording", "50.1", False),
    ],
)
def test_places_of_one_role_too_far_apart(match: str, role: str, lat: str, found: bool) -> None:
    assert kinds(PLACES % (match, role, lat)) == ([("place", ("PM1", "PM2"))] if found else [])


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("by: AA minister, kind: staged_claim", [("authenticity", ("CM1", "K1"))]),
        ("by: BB minister, kind: staged_claim", []),
        ("by: AA minister, kind: staged_claim, about: AL2", []),
        ("by: AA minister, kind: denial", []),
    ],
)
def test_opposed_words_of_one_side(said: str, found: list[tuple[str, tuple[str, ...]]]) -> None:
    more = (
        "commitments:\n- {id: CM1, by: AA, what: an inquiry, about: AL1, announced: 2024-01-10}\n"
        "statements:\n"
        "- {id: S1, speaker: Minister, body: AA, kind: commitment, date: 2024-01-10, commitment: CM1}\n"
        f"claims:\n- {{id: K1, date: 2024-01-11, gist: words, {said}}}\n"
    )
    assert kinds(more) == found


def test_condemned_and_denied_by_one_side() -> None:
    more = (
        "claims:\n"
        "- {id: K1, date: 2024-01-11, by: AA minister, kind: condemnation, gist: words, about: AL1}\n"
        "- {id: K2, date: 2024-01-12, by: AA general, kind: denial, gist: words, about: FF1}\n"
    )
    assert kinds(more) == [("fact", ("K1", "K2"))]


ABOUT = "{ref: V2, duration_s: 110, qualifier: about, reported_by: b}"
VERSIONS = "footage:\n  - {id: FF1, kind: footage_family, members_reported_elsewhere: [%s]}\n"


@pytest.mark.parametrize(
    ("versions", "found"),
    [
        ("{ref: V1, duration_s: 100, reported_by: a}, {ref: V2, duration_s: 103, reported_by: b}", True),
        ("{ref: V1, duration_s: 100, reported_by: a}, {ref: V2, duration_s: 102, reported_by: b}", False),
        (f"{{ref: V1, duration_s: 99, reported_by: a}}, {ABOUT}", False),
        ("{ref: V1, reported_by: a}, {ref: V2, duration_s: 103, reported_by: b}", False),
    ],
)
def test_lengths_of_one_recording(versions: str, found: bool) -> None:
    text = GOLD.partition("footage:\n")[0] + VERSIONS % versions + "  - {id: FG2, kind: placeholder_set}\n"
    assert [each.between for each in detected(case_of(text))] == ([("V1", "V2")] if found else [])


def test_the_house_says_how_far_lengths_may_differ() -> None:
    more = "items:\n- {id: I1, footage: FF1, duration_s: 10}\n- {id: I2, footage: FF1, duration_s: 15}\n"
    assert kinds(more) == [("version", ("I1", "I2"))]
    assert kinds(more + "house_rules: {version_difference_seconds: 5}\n") == []


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ("shot in the nose", "shot in the legs", True),
        ("my leg, my leg", "my legs!", False),
        ("my leg", "help me", True),
        ("help", "help me", False),
    ],
)
def test_injury_words_of_two_translations(first: str, second: str, found: bool) -> None:
    more = (
        "utterances:\n- {id: U1, kind: cry_of_pain, language: ru, "
        f'translation_en: "{first}", second_translation_en: "{second}"}}\n'
    )
    assert kinds(more) == ([("translation", ("U1", "second translation of U1"))] if found else [])


def test_parts_of_the_body_are_whole_words() -> None:
    assert body_parts("The legend of a handsome backer") == ()
    assert body_parts("Hand, FOOT and mouth") == ("mouth", "hand", "foot")


@pytest.mark.parametrize(
    ("km", "dataset", "result"),
    [
        (25.7, "Natural Earth", "within_tolerance"),
        (28.1, "OpenStreetMap", "within_tolerance"),
        (20 * 1.609344 * 0.75, "x", "within_tolerance"),
        (20 * 1.609344 * 0.74, "x", "inconsistent"),
        (20 * 1.609344 * 1.26, "x", "inconsistent"),
        (20 * 1.609344, "x", "consistent"),
        (25.7, None, "not_checkable"),
        (25.7, "", "not_checkable"),
    ],
)
def test_what_a_distance_check_says(km: float, dataset: str | None, result: str) -> None:
    assert distance_result(MILES, km, dataset) == result


def test_a_strict_tolerance_would_wrongly_flag_the_article() -> None:
    strict = MILES.model_copy(update={"tolerance_pct": (-10, 10)})
    assert distance_result(strict, 25.7, "Natural Earth") == "inconsistent"


def test_the_numbers_of_the_gold_case_follow_from_their_words() -> None:
    assert list(problems_of_quantities(gold())) == []
    written = "ratio: 0.80, result: within_tolerance"
    wrong = GOLD.replace(written, written.replace("within_tolerance", "inconsistent"))
    assert [each.where for each in problems_of_quantities(case_of(wrong))] == ["DC1"]
    longer = GOLD.replace("min_s: 324, max_s: 360", "min_s: 360, max_s: 400")
    assert len(list(problems_of_quantities(case_of(longer)))) == 2


@given(st.floats(0.1, 1e6), st.sampled_from(vocabulary.words("qty_qualifier")))
def test_a_quantity_allows_its_own_number(value: float, qualifier: str) -> None:
    assert range_of(value, qualifier).holds(value)


@given(*(st.one_of(st.none(), st.floats(-1e6, 1e6)) for _ in range(4)))
def test_the_gap_of_two_ranges_is_the_same_both_ways(
    a: float | None, b: float | None, c: float | None, d: float | None
) -> None:
    one, two = Range(a, b), Range(c, d)
    assert one.gap(two) == two.gap(one) >= 0


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(-90, 90), st.floats(-180, 180))
def test_distances_on_the_sphere(lat: float, lon: float, other_lat: float, other_lon: float) -> None:
    there = great_circle_km(lat, lon, other_lat, other_lon)
    assert there == pytest.approx(great_circle_km(other_lat, other_lon, lat, lon), abs=1e-6)
    assert 0 <= there <= math.pi * 6371.01
    assert great_circle_km(lat, lon, lat, lon) == 0


def test_the_two_places_of_the_gold_case_are_as_far_apart_as_it_says() -> None:
    assert great_circle_km(49.98769, 36.51372, 49.93784, 36.4894) == pytest.approx(5.8, abs=0.1)

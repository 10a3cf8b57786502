"""Agreement beyond chance, and impartiality as it is measured."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engines.method.cases import gold, sides
from tests.engines.method.generated import Plan, plans
from tests.engines.method.generated_case import build
from videtur.engines.method.agreement import agreement, kappa, pair_of_reviews
from videtur.engines.method.impartiality import METHOD_EQUAL, access_asymmetry, measures

words = st.sampled_from(["established", "probable", "indeterminate", "contradicted"])
pairs = st.lists(st.tuples(words, words), max_size=30)


def test_kappa_of_a_worked_example() -> None:
    """Of 50 pairs 35 agree; the marginals are 25/25 and 30/20, so chance gives one half."""
    given_pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    found = kappa(given_pairs)
    assert (found.pairs, found.agreed) == (50, 35)
    assert found.expected == pytest.approx(0.5)
    assert found.kappa == pytest.approx(0.4)


def test_where_kappa_says_nothing_it_is_none() -> None:
    assert kappa([]).kappa is None
    always = kappa([("y", "y")] * 5)
    assert (always.kappa, always.agreed, always.expected) == (None, 5, 1.0)
    assert always.why


def test_agreement_all_along_and_none_at_all() -> None:
    assert kappa([("y", "y"), ("n", "n")]).kappa == 1
    assert kappa([("y", "n"), ("n", "y")]).kappa == -1
    assert kappa([("y", "n"), ("y", "n")]).kappa == 0


@given(pairs)
def test_kappa_keeps_its_bounds(given_pairs: list[tuple[str, str]]) -> None:
    found = kappa(given_pairs)
    if found.kappa is not None:
        assert -1 <= found.kappa <= 1
        assert (found.kappa == 1) == (found.agreed == found.pairs)
    assert found.pairs == len(given_pairs)


@given(pairs)
def test_kappa_does_not_depend_on_who_is_first_or_on_order(given_pairs: list[tuple[str, str]]) -> None:
    assert kappa([(two, one) for one, two in given_pairs]) == kappa(given_pairs)
    assert kappa(given_pairs[::-1]) == kappa(given_pairs)


REVIEWS = """\
reviews:
- {id: V1, of: FF1, role: analyst_1, by: p1, submitted: 2024-01-01T00:00:00+00:00, aspects: {date: probable, event: established}}
- {id: V2, of: FF1, role: analyst_2, by: p2, submitted: 2024-01-02T00:00:00+00:00, aspects: {date: probable, event: probable}%s}
- {id: V3, of: FF2, role: analyst_1, by: p1, submitted: 2024-01-03T00:00:00+00:00, aspects: {date: contradicted}}
- {id: V4, of: FF2, role: analyst_2, by: p2, submitted: 2024-01-04T00:00:00+00:00, aspects: {date: contradicted, event: probable}}
"""  # noqa: E501


def test_agreement_is_told_for_each_aspect_and_each_party() -> None:
    found = agreement(sides(REVIEWS % ""))
    assert (found.overall.pairs, found.overall.agreed) == (3, 2)
    assert (found.by_aspect["date"].pairs, found.by_aspect["date"].kappa) == (2, 1)
    assert (found.by_aspect["event"].pairs, found.by_aspect["location"].pairs) == (1, 0)
    assert [(party, each.pairs, each.agreed) for party, each in found.by_party.items()] == [
        ("AA", 2, 1),
        ("BB", 1, 1),
    ]
    assert found.as_json()["by_party"]["AA"]["pairs"] == 2


@pytest.mark.parametrize(
    "flaw",
    [
        ", withdrawn_because: mistaken",
        ", by_machine: true",
        ", blind: false",
        ", saw_before: [first_review]",
    ],
)
def test_only_two_blind_reviews_by_people_count(flaw: str) -> None:
    assert pair_of_reviews(sides(REVIEWS % flaw), "FF1") is None
    assert agreement(sides(REVIEWS % flaw)).by_party["AA"].pairs == 0


def test_the_measures_of_the_gold_case() -> None:
    russia, ukraine = measures(gold())
    assert [russia.party, ukraine.party] == ["RU", "UA"]
    assert (russia.allegations, ukraine.allegations) == (1, 1)
    assert (russia.comment_sought, ukraine.comment_sought) == (0, 1)
    assert (russia.allegations_without_comment, ukraine.allegations_without_comment) == (1, 0)
    assert (russia.calls_issued, ukraine.calls_issued) == (1, 1)
    assert (russia.first_look_hours, russia.redaction_rate) == (None, None)
    assert (russia.access.granted, ukraine.access.granted) == ("no", "yes")
    assert russia.access.source == "FU6"
    assert "RU: no, UA: yes" in access_asymmetry(gold())
    assert "outcome is free" in METHOD_EQUAL


def test_what_nobody_said_of_access_is_unknown() -> None:
    assert [each.access.granted for each in measures(sides())] == ["unknown", "unknown"]
    assert "not known" in access_asymmetry(sides())


def test_the_measures_count_what_is_there() -> None:
    more = REVIEWS % "" + (
        "items:\n- {id: I1, footage: FF1, received: 2024-01-01T00:00:00+00:00}\n"
        "- {id: I2, footage: FF1, received: 2024-01-01T00:00:00+00:00}\n"
        "observations:\n- {id: O1, footage: FF1, modality: visual, at: 2024-01-01T06:00:00+00:00}\n"
        "sources:\n- {id: SO1, kind: footage, footage: FF1}\n- {id: SO2, kind: interview}\n"
        "source_grades:\n"
        "- {id: G1, source: SO1, source_reliability: B, information_credibility: 3, by: p, "
        "at: 2024-01-01, reason: r}\n"
        "- {id: G2, source: SO2, source_reliability: C, information_credibility: 3, by: p, "
        "at: 2024-01-01, reason: r}\n"
        "releases:\n"
        "- id: RL1\n  title: A report\n  status: released\n"
        "  sentences: [{id: S1, text: words, level: H1_appears, parties_named: [AA]}]\n"
        "  media: [{item: I1, redaction: RD1}, {item: I2}]\n"
        "redactions:\n- {id: RD1, item: I1}\n"
        "conflicts:\n- {id: X1, kind: fact, between: [O1, V1], status: open}\n"
        "- {id: X2, kind: fact, between: [O1, V2], status: resolved}\n"
    )
    first, second = measures(sides(more))
    assert (first.items_in, first.first_look_hours, first.share_reviewed_twice) == (2, 6.0, 1.0)
    assert (dict(first.grades), dict(first.hedges_at_release)) == ({"B3": 1}, {"H1_appears": 1})
    assert (first.redaction_rate, first.conflicts_open) == (0.5, 1)
    assert (second.items_in, second.first_look_hours, second.conflicts_open) == (0, None, 0)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plans())
def test_parties_always_stand_in_alphabetical_order(plan: Plan) -> None:
    case = build(plan)
    parties = [each.party for each in measures(case)]
    assert parties == sorted(parties)
    assert list(agreement(case).by_party) == parties

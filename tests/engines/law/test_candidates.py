"""From observed facts to candidate provisions: gaps always shown, nothing concluded."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videtur.engines.law import candidates as law
from videtur.engines.law.candidates import FOR_COURTS, Candidate, Observed, Shown, candidates
from videtur.engines.law.catalogue import CATALOGUE

ON = date(2022, 3, 27)
SIDES = ("UA", "RU")
CAPTIVE = "apparent_captive"

EXAMPLES = {
    "firing_weapon_at_person + apparent captive": [
        Observed("O3", "FF1", "visual", "firing_at_person", "apparent_captor", CAPTIVE)
    ],
    "apparent_wound untreated for a stated span": [
        Observed("O2", "FF1", "visual", role=CAPTIVE, injury_sign="heavy_blood_visible", untreated_span=True)
    ],
    "questioning + apparent captive + force or threat": [
        Observed("O5", "FF1", "audible", "questioning", "apparent_captor", CAPTIVE),
        Observed("O6", "FF1", "visual", "striking_hand", "apparent_captor", CAPTIVE),
    ],
    "identifiable apparent captive filmed and published": [
        Observed("O7", "FF1", "visual", role=CAPTIVE, identifiable=True, published=True)
    ],
    "head_covered or stripped or forced recital": [
        Observed("O8", "FF1", "visual", role=CAPTIVE, states=frozenset({"head_covered"}))
    ],
    "death or serious injury of prisoner alleged": [
        Observed("AL1", alleges="serious_injury", has_basis=True)
    ],
    "breach by other side pleaded in excuse": [Observed("S9", pleads_breach_of_other_side=True)],
}


def needs(found: tuple[Candidate, ...]) -> dict[str, str]:
    return {need.need: need.met for candidate in found for need in candidate.needs}


@pytest.mark.parametrize("each", CATALOGUE.maps, ids=lambda each: each.id)
def test_each_map_leads_to_its_provisions_and_no_other(each: law.ObservationMap) -> None:
    found = candidates(EXAMPLES[each.observed], ON, SIDES)
    assert tuple(candidate.provision.id for candidate in found) == each.candidates
    assert {candidate.map_id for candidate in found} == {each.id}
    for candidate in found:
        assert tuple(need.need for need in candidate.needs) == each.needs
        assert [status.party for status in candidate.party_status] == ["RU", "UA"]
        assert candidate.because


def test_nothing_observed_gives_no_candidate() -> None:
    assert candidates([], ON, SIDES) == ()
    neutral = Observed("O1", "FF1", "visual", role=CAPTIVE, states=frozenset({"lying"}))
    assert candidates([neutral], ON, SIDES) == ()


def test_firing_at_somebody_not_captive_leads_nowhere() -> None:
    shot = Observed("O1", "FF1", "visual", "firing_at_person", "apparent_captor", "unclear")
    assert candidates([shot], ON, SIDES) == ()


def test_force_in_another_film_does_not_colour_questioning() -> None:
    asked = Observed("O1", "FF1", "audible", "questioning", "apparent_captor", CAPTIVE)
    struck = Observed("O2", "FF2", "visual", "striking_hand", "apparent_captor", CAPTIVE)
    assert candidates([asked, struck], ON, SIDES) == ()


def test_what_nobody_showed_stays_a_gap() -> None:
    found = candidates(EXAMPLES["firing_weapon_at_person + apparent captive"], ON, SIDES)
    assert needs(found) == {
        "IAC in force": "met",
        "person in enemy power or surrendered": "unknown",
        "act happened (not staged)": "unknown",
        "author attributable to a party": "unknown",
        FOR_COURTS: "unknown",
    }
    assert FOR_COURTS in found[0].gaps


def test_a_need_that_people_showed_is_met_with_its_evidence() -> None:
    shown = {"act happened (not staged)": Shown(("FN1",), "Finding")}
    found = candidates(EXAMPLES["firing_weapon_at_person + apparent captive"], ON, SIDES, shown)
    need = next(each for each in found[0].needs if each.need == "act happened (not staged)")
    assert (need.met, need.evidence) == ("met", ("FN1",))


def test_a_need_shown_without_evidence_is_not_shown() -> None:
    found = candidates(
        EXAMPLES["firing_weapon_at_person + apparent captive"],
        ON,
        SIDES,
        {"act happened (not staged)": Shown(())},
    )
    assert needs(found)["act happened (not staged)"] == "unknown"


def test_intent_is_never_met_here() -> None:
    shown = {need: Shown(("FN1",)) for each in CATALOGUE.maps for need in each.needs}
    for facts in EXAMPLES.values():
        for candidate in candidates(facts, ON, SIDES, shown):
            for need in candidate.needs:
                assert need.met == ("unknown" if need.need == FOR_COURTS else "met")


@pytest.mark.parametrize(
    ("on", "parties", "met"),
    [
        (date(2022, 3, 27), ("UA", "RU"), "met"),
        (date(2022, 2, 23), ("UA", "RU"), "unknown"),
        (date(2022, 3, 27), ("UA", "XX"), "unknown"),
    ],
)
def test_the_conflict_is_as_the_catalogue_classifies_it(on: date, parties: tuple[str, ...], met: str) -> None:
    found = candidates(EXAMPLES["firing_weapon_at_person + apparent captive"], on, parties)
    assert needs(found)["IAC in force"] == met


def test_an_allegation_without_any_basis_leaves_the_gap() -> None:
    found = candidates([Observed("AL1", alleges="death")], ON, SIDES)
    assert needs(found) == {"allegation with some basis": "unknown"}
    assert "a call may be issued without any finding" in found[0].effect


def test_a_heard_question_is_needed() -> None:
    facts = EXAMPLES["questioning + apparent captive + force or threat"]
    assert needs(candidates(facts, ON, SIDES)) == {"question heard": "met", "coercion seen or heard": "met"}


@given(
    st.lists(
        st.builds(
            Observed,
            reference=st.sampled_from(["O1", "O2", "O3"]),
            footage=st.sampled_from(["FF1", "FF2"]),
            modality=st.sampled_from(["visual", "audible"]),
            act=st.sampled_from(["", "firing_at_person", "questioning", "striking_hand", "covering_head"]),
            role=st.sampled_from(["", CAPTIVE, "apparent_captor"]),
            target=st.sampled_from(["", CAPTIVE]),
            injury_sign=st.sampled_from(["", "blood_visible", "none_visible"]),
            untreated_span=st.booleans(),
            published=st.booleans(),
            identifiable=st.booleans(),
            alleges=st.sampled_from(["", "death", "serious_injury"]),
        ),
        max_size=5,
    )
)
def test_more_facts_never_take_a_candidate_away(facts: list[Observed]) -> None:
    def names(given: list[Observed]) -> set[tuple[str, str]]:
        return {(each.map_id, each.provision.id) for each in candidates(given, ON, SIDES)}

    assert names(facts[:-1]) <= names(facts)

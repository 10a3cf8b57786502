"""A case file is loaded whole, in one entry, or not at all; and comes back as it was."""

import pytest
import yaml

from tests.method_case import ACTOR, BRIDGE, GOLD, read_well
from videtur.cases.case_file import case_file_of
from videtur.cases.loading import load_case
from videtur.cases.models import Allegation, Case, CaseDate, Party
from videtur.cases.queries import parties_of, roles_in
from videtur.engines.method.case_file.reading import CaseFileRefused, read_case
from videtur.engines.method.case_file.writing import write_case
from videtur.errors import WrongUsage
from videtur.ledger.services import size
from videtur.people.services import create_user

pytestmark = pytest.mark.django_db


def test_the_gold_case_comes_back_as_it_was_from_one_entry() -> None:
    before = size()
    loaded = load_case(ACTOR, None, read_well(GOLD))
    assert loaded.new
    assert size() == before + 1
    assert yaml.safe_load(write_case(case_file_of(loaded.case))) == yaml.safe_load(GOLD)
    assert loaded.case.slug == "gold-2022-03-28-pow-videos"


def test_the_same_file_again_writes_nothing_and_another_of_that_name_is_refused() -> None:
    first = load_case(ACTOR, None, read_well(BRIDGE))
    before = size()
    again = load_case(ACTOR, None, read_well(BRIDGE))
    assert (again.new, again.case.thing) == (False, first.case.thing)
    with pytest.raises(WrongUsage) as refused:
        load_case(ACTOR, None, read_well(BRIDGE.replace("Zeta", "Other")))
    assert "case show" in refused.value.explain()
    assert size() == before
    assert Case.objects.count() == 1


def test_whoever_loads_it_leads_it_and_its_parties_are_those_of_reports() -> None:
    user = create_user(ACTOR, "olena", "horse-battery-47-staple")
    loaded = load_case(user.actor, user, read_well(BRIDGE))
    assert roles_in(user, loaded.case) == {"case_lead"}
    assert [party.code for party in parties_of(loaded.case)] == ["AA", "MM", "ZZ"]


@pytest.mark.parametrize(
    ("spoiled", "rules"),
    [
        (BRIDGE.replace("kind: state}", "kind: empire}", 1), {"grammar"}),
        (BRIDGE.replace("against: AA", "against: QQ"), {"reference"}),
        (BRIDGE.replace("id: AA,", f"id: {'A' * 21},").replace("AA,", f"{'A' * 21},"), {"grammar"}),
        (BRIDGE.replace("id: bridge", "id: ' bridge '"), {"grammar"}),
    ],
)
def test_a_file_with_anything_wrong_leaves_nothing_behind(spoiled: str, rules: set[str]) -> None:
    assert spoiled != BRIDGE
    before = size()
    with pytest.raises(CaseFileRefused) as refused:
        load_case(ACTOR, None, read_case(spoiled))
    assert rules <= {problem.rule for problem in refused.value.problems}
    assert all(problem.line for problem in refused.value.problems)
    assert size() == before
    for model in (Case, Party, Allegation, CaseDate):
        assert not model.objects.exists()


def test_a_forbidden_state_is_refused_at_its_line() -> None:
    spoiled = BRIDGE + "findings:\n- {id: FD1, allegation: AL1, text: x, standard: beyond_reasonable_doubt}\n"
    with pytest.raises(CaseFileRefused) as refused:
        load_case(ACTOR, None, read_case(spoiled))
    found = {problem.rule: problem for problem in refused.value.problems}
    assert found["F13"].line == spoiled.count("\n")


def test_what_is_sealed_has_an_entry_of_its_own() -> None:
    before = size()
    sealed = "- {id: SX, kind: interview, access: sealed, private_name: N. N.}\nsource_grades:"
    loaded = load_case(ACTOR, None, read_well(BRIDGE.replace("source_grades:", sealed)))
    assert size() == before + 2
    assert case_file_of(loaded.case).find("SX") is not None
    assert case_file_of(loaded.case, ("public", "internal", "restricted")).find("SX") is None

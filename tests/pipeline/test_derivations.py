"""The key of a derivation, and that each attempt at a key exists once."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videtur.ledger.services import size
from videtur.pipeline.derivations import DONE, FAILED, SKIPPED, Model, Work, latest_attempt
from videtur.pipeline.models import Derivation
from videtur.pipeline.services import Result, record_results

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)
PARAMETERS = st.dictionaries(st.text(max_size=4), VALUES, max_size=3)
WORKS = st.builds(
    Work,
    st.text(max_size=8),
    st.text(max_size=8),
    st.text(max_size=8),
    st.text(max_size=8),
    PARAMETERS,
    st.none() | st.builds(Model, st.text(max_size=4), st.text(max_size=4)),
)


def shuffled(value: Any) -> Any:
    """The same value with every mapping in another order."""
    match value:
        case dict():
            pairs: list[tuple[str, Any]] = list(value.items())  # pyright: ignore[reportUnknownArgumentType]
            return {key: shuffled(part) for key, part in reversed(pairs)}
        case list():
            return [shuffled(part) for part in value]  # pyright: ignore[reportUnknownVariableType]
        case _:
            return value


@given(WORKS)
def test_the_key_does_not_depend_on_order_or_on_the_models_name(work: Work) -> None:
    assert replace(work, parameters=shuffled(dict(work.parameters))).key == work.key
    if work.model is not None:
        assert replace(work, model=Model("another name", work.model.sha256)).key == work.key


CHANGES = st.sampled_from(["input_sha256", "step", "engine_name", "engine_version"])


@given(WORKS, CHANGES, st.text(max_size=8))
def test_any_change_of_a_name_changes_the_key(work: Work, field: str, value: str) -> None:
    changed = replace(work, **{field: value})
    assert (changed.key == work.key) == (getattr(changed, field) == getattr(work, field))


def canonical(value: object) -> object:
    """A value in which what is not the same in JSON is not the same in Python: True is not 1."""
    match value:
        case bool():
            return ("truth", value)
        case Mapping():
            return {key: canonical(part) for key, part in value.items()}  # pyright: ignore[reportUnknownArgumentType,reportUnknownVariableType]
        case list():
            return [canonical(part) for part in value]  # pyright: ignore[reportUnknownVariableType,reportUnknownArgumentType]
        case _:
            return value


@given(WORKS, PARAMETERS)
def test_any_change_of_parameters_changes_the_key(work: Work, parameters: dict[str, object]) -> None:
    changed = replace(work, parameters=parameters)
    same = canonical(parameters) == canonical(dict(work.parameters))
    assert (changed.key == work.key) == same


@given(WORKS, st.none() | st.text(max_size=4))
def test_another_model_changes_the_key(work: Work, digest: str | None) -> None:
    changed = replace(work, model=None if digest is None else Model("model", digest))
    before = None if work.model is None else work.model.sha256
    assert (changed.key == work.key) == (digest == before)


def test_a_float_has_no_place_in_a_key() -> None:
    with pytest.raises(ValueError, match="float"):
        _ = Work("input", "step", "engine", "1", {"threshold": 0.5}).key


WORK = Work("a" * 64, "decode", "engine", "1")


@pytest.mark.django_db
def test_a_result_recorded_twice_is_stored_once() -> None:
    for outcome in (DONE, DONE, FAILED, SKIPPED):
        record_results([Result(WORK, outcome, "reason")], {})
    assert [(row.attempt, row.outcome) for row in Derivation.objects.all()] == [(1, DONE)]
    assert size() == 1


@pytest.mark.django_db
def test_a_failure_may_be_tried_again_and_attempts_count_up() -> None:
    record_results([Result(WORK, FAILED, "first")], {})
    record_results([Result(WORK, FAILED, "a twin of the first")], {})
    record_results([Result(WORK, FAILED, "second", attempt=2)], {})
    record_results([Result(WORK, DONE, attempt=3)], {})
    rows = Derivation.objects.order_by("attempt").values_list("attempt", "reason", "outcome")
    assert list(rows) == [(1, "first", FAILED), (2, "second", FAILED), (3, "", DONE)]
    latest = latest_attempt(WORK)
    assert latest is not None
    assert latest.outcome == DONE


@pytest.mark.django_db
def test_results_of_one_run_share_one_entry_and_a_reason_is_one_line() -> None:
    others = [replace(WORK, step=step) for step in ("shots", "peaks")]
    record_results([Result(work, SKIPPED, "no\npicture\t at all") for work in (WORK, *others)], {"os": "x"})
    rows = list(Derivation.objects.all())
    assert {row.entry_index for row in rows} == {0}
    assert {row.reason for row in rows} == {"no picture at all"}
    assert {row.key for row in rows} == {work.key for work in (WORK, *others)}

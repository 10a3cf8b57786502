"""A form of an entity takes what the entity takes, and gives back what it was opened with."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import QueryDict
from pydantic import ValidationError

from tests.conftest import REPOSITORY
from videtur.engines.method import vocabulary
from videtur.engines.method.case_file.model import KINDS, CaseFile
from videtur.engines.method.case_file.reading import read_case
from videtur.engines.method.entities.base import Entity
from videtur.engines.method.entities.footage import FootageFamily, Observation
from videtur.engines.method.entities.verification import Finding
from videtur.verification.forms.reading import read_form
from videtur.verification.forms.shapes import parts_of
from videtur.verification.forms.shown import Box, boxes_of, errors_of

GOLD = REPOSITORY / "scripts" / "sample_case" / "gold_case.yaml"


@pytest.fixture(scope="module")
def gold() -> CaseFile:
    return read_case(GOLD.read_text(encoding="utf-8")).case


def typed(boxes: list[Box]) -> Iterator[tuple[str, str]]:
    """What a browser would send of the fields."""
    for box in boxes:
        chosen = [choice.value for group in box.choices for choice in group.choices if choice.chosen]
        if box.kind == "rows":
            yield f"{box.name}.rows", str(len(box.rows))
            for row in box.rows:
                yield from typed(row)
        elif box.boxes:
            if box.kind == "mapping":
                yield from ((f"{box.name}.keys", key) for key in box.keys)
            yield from typed(box.boxes)
        elif box.choices:
            yield from ((box.name, value) for value in chosen)
        else:
            yield box.name, box.value


def posted(pairs: dict[str, str] | Iterator[tuple[str, str]]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in pairs.items() if isinstance(pairs, dict) else pairs:
        data.appendlist(name, value)
    return data


def test_an_unchanged_form_gives_the_same_entity(gold: CaseFile) -> None:
    assert len(gold.placed) > 50
    for placed in gold.placed:
        kind: type[Entity] = type(placed.entity)
        given = placed.entity.as_json()
        data = posted(typed(boxes_of(kind, gold, given)))
        again = kind.model_validate(read_form(kind, data, given))
        assert again.as_json() == given, placed.reference


def test_every_kind_has_a_form(gold: CaseFile) -> None:
    for kind in KINDS:
        names = {box.name for box in boxes_of(kind, gold)}
        wanted = {field.alias or name for name, field in kind.model_fields.items()} - {"unquoted"}
        assert names == wanted


def test_a_word_of_a_vocabulary_is_chosen_not_typed() -> None:
    shapes = {part.name: part.shape for part in parts_of(Observation)}
    assert shapes["modality"].words == vocabulary.words("modality")
    assert shapes["state"].of is not None
    assert shapes["state"].of.words == vocabulary.words("person_state")
    assert {part.name for part in shapes["injury"].parts} >= {"region", "sign", "timing"}
    assert {part.name: part.shape.words for part in parts_of(FootageFamily)}["aspects"] == vocabulary.words(
        "aspects"
    )


def test_an_error_stands_beside_its_field_and_what_was_typed_stays(gold: CaseFile) -> None:
    data: dict[str, Any] = {
        "id": "O9",
        "footage": "FF1",
        "modality": "visual",
        "injury.region": "knee",
        "count.min": "three",
        "count.basis": "estimated",
    }
    given = read_form(Observation, posted(data))
    with pytest.raises(ValidationError) as refused:
        Observation.model_validate(given)
    errors = errors_of(refused.value, given)
    assert errors["injury.timing"] == ["This is needed"]
    assert errors["count.min"] == ["Write a whole number"]
    boxes = {box.name: box for box in boxes_of(Observation, gold, given, errors)}
    count = {box.name: box for box in boxes["count"].boxes}
    assert count["count.min"].value == "three"
    assert count["count.min"].errors == ["Write a whole number"]
    injury = {box.name: box for box in boxes["injury"].boxes}
    assert injury["injury.timing"].errors == ["This is needed"]


def test_a_row_can_be_dropped_and_one_more_is_offered(gold: CaseFile) -> None:
    family = gold.get(FootageFamily, "FF1")
    assert family is not None
    given = family.as_json()
    boxes = boxes_of(FootageFamily, gold, given, more="members_reported_elsewhere")
    rows = next(box for box in boxes if box.name == "members_reported_elsewhere").rows
    assert len(rows) == len(family.members_reported_elsewhere) + 2
    data = posted(typed(boxes))
    data["members_reported_elsewhere.0.drop"] = "yes"
    left = FootageFamily.model_validate(read_form(FootageFamily, data, given)).members_reported_elsewhere
    assert left == family.members_reported_elsewhere[1:]


def test_what_is_left_blank_is_not_said() -> None:
    data = {"id": "FD1", "allegation": "AL1", "text": "Something", "standard": "none", "status": "drafted"}
    given = read_form(Finding, posted(data))
    assert "footage" not in given
    assert "status" not in given
    assert Finding.model_validate(given).status == "drafted"


def test_a_document_that_cannot_be_read_is_refused_and_kept(gold: CaseFile) -> None:
    kind = next(each for each in KINDS if each.section == "followups")
    given = read_form(kind, posted({"date": "2022-04-01", "fact": "Something", "effect": "CM1 repeated: ["}))
    with pytest.raises(ValidationError) as refused:
        kind.model_validate(given)
    boxes = boxes_of(kind, gold, given, errors_of(refused.value, given))
    effect = next(box for box in boxes if box.name == "effect")
    assert effect.errors
    assert effect.value == "CM1 repeated: ["

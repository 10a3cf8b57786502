"""An item belongs to the footage that lists it, also where the item itself does not say so."""

from datetime import UTC, datetime

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.deadlines import deadlines_of
from videtur.engines.method.entities.evidence import Item
from videtur.engines.method.entities.footage import FootageFamily
from videtur.engines.method.membership import family_of
from videtur.engines.method.rules.catalogue import violations_of

NOW = datetime(2022, 3, 28, 12, tzinfo=UTC)


def case_of(*, thumbnail: str = "blurred") -> CaseFile:
    given = {"id": "I1", "received": "2022-03-27T10:00:00+00:00", "thumbnail": thumbnail}
    item = Item.model_validate(given)
    family = FootageFamily.model_validate(
        {"id": "FF1", "kind": "footage_family", "distress": "severe", "items": ["I1"]}
    )
    return CaseFile.of_entities("case", [item, family])


def test_severe_footage_makes_its_files_severe() -> None:
    case = case_of()
    assert family_of(case, "I1") == "FF1"
    (look,) = [each for each in deadlines_of(case, NOW) if each.kind == "first_look"]
    assert look.due == datetime(2022, 3, 28, 10, tzinfo=UTC)
    assert [each.rule for each in violations_of(case_of(thumbnail="shown"))] == ["F31"]

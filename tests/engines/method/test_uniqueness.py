"""An item that alone comes from its place, day and kind of source can be told apart, and is told of."""

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.base import Entity
from videtur.engines.method.entities.evidence import Item, Publication, Source
from videtur.engines.method.entities.footage import FootageFamily, PlaceClaim
from videtur.engines.method.entities.publication import Release
from videtur.engines.method.uniqueness import alike


def _case(*days: str) -> CaseFile:
    made: list[Entity] = []
    for number, day in enumerate(days):
        made += [
            Item(id=f"IT{number}"),
            FootageFamily(id=f"FF{number}", kind="footage_family", items=(f"IT{number}",)),
            Source(id=f"SR{number}", kind="footage", footage=f"FF{number}"),
            PlaceClaim(
                id=f"PC{number}",
                name_original="Olhivka",
                kind="uploader_caption",
                place_role="place_of_recording",
                footage=f"FF{number}",
            ),
            Publication(id=f"PU{number}", item=f"IT{number}", url="https://example.org/", posted_at=day),
        ]
    media = [{"item": f"IT{number}"} for number in range(len(days))]
    made.append(Release.model_validate({"id": "RL1", "title": "A report", "media": media}))
    return CaseFile.of_entities("c", made)


def _counts(*days: str) -> list[tuple[int, bool]]:
    case = _case(*days)
    release = case.get(Release, "RL1")
    assert release is not None
    return [(each.count, each.rare) for each in alike(case, release)]


def test_one_of_a_kind_is_rare_and_one_of_many_is_not() -> None:
    assert _counts("2022-03-27", "2022-03-27", "2022-03-27", "2022-03-28") == [
        (3, False),
        (3, False),
        (3, False),
        (1, True),
    ]


def test_an_uncertain_day_is_no_day() -> None:
    assert _counts("2022-03", "2022-03-27/2022-03-28", "2022-03") == [(3, False)] * 3

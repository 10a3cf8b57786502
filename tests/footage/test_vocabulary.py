"""The vocabulary is that of the domain model; the forbidden words are found, quotations left alone."""

import re
from pathlib import Path

import pytest

from videtur.footage import vocabulary
from videtur.footage.vocabulary import WordGroup, forbidden_words


@pytest.fixture
def published(test_data: Path) -> str:
    path = test_data.parent / "domain" / "vocab.yaml"
    if not path.is_file():
        pytest.skip(f"no vocabulary at {path}")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("modality", vocabulary.MODALITIES),
        ("persons_role_apparent", vocabulary.ROLES_APPARENT),
        ("person_state", vocabulary.PERSON_STATES),
        ("act", vocabulary.ACTS),
        ("injury_region", vocabulary.INJURY_REGIONS),
        ("injury_sign", vocabulary.INJURY_SIGNS),
        ("injury_timing", vocabulary.INJURY_TIMINGS),
        ("count_basis", vocabulary.COUNT_BASES),
    ],
)
def test_each_list_is_the_published_one(published: str, name: str, ours: tuple[str, ...]) -> None:
    line = re.search(rf"^{name}: \[([^\]]*)\]", published, re.MULTILINE)
    assert line is not None
    assert tuple(word.strip() for word in line.group(1).split(",")) == ours


def test_the_hedges_are_the_published_ladder(published: str) -> None:
    assert tuple(re.findall(r"\{id: (H\d_\w+)", published)) == vocabulary.HEDGES


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("A person is executed by another", WordGroup.LEGAL_LABEL),
        ("What looks like torture", WordGroup.LEGAL_LABEL),
        ("The video PROVES it", WordGroup.CERTAINTY),
        ("This clearly shows a rifle", WordGroup.CERTAINTY),
        ("Terrorists stand by the wall", WordGroup.ONE_SIDED_NAME),
        ("An orc lies there", WordGroup.ONE_SIDED_NAME),
        ("The captive admitted the shelling", WordGroup.WORDS_OF_CAPTIVES),
        ("Пленный подвергается пыткам", WordGroup.LEGAL_LABEL),
        ("Террористы у стены", WordGroup.ONE_SIDED_NAME),
        ("Полонений зізнався", WordGroup.WORDS_OF_CAPTIVES),
    ],
)
def test_a_forbidden_word_is_found_with_its_place(text: str, group: WordGroup) -> None:
    (word,) = forbidden_words(text)
    assert word.group is group
    assert text[word.start : word.end] == word.word
    assert word.word in word.why


@pytest.mark.parametrize(
    "text",
    [
        "What appear to be two persons lie on the ground",
        "A voice says “they will execute us”, and repeats it",
        'A voice says "you terrorists" off camera',
        "Голос говорит «террористы»",
        "The executive car is improved and approved",  # parts of other words
        "The orchard behind the house",
        "Видно укриття біля дороги",
    ],
)
def test_neutral_words_and_quotations_pass(text: str) -> None:
    assert not list(forbidden_words(text))

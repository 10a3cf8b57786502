"""Every word of the method can be read in three languages: vocabularies, fields, sections, questions."""

import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from babel.messages.pofile import read_po
from django.utils.translation import override

from tests.conftest import REPOSITORY
from videtur.cases import labels, words
from videtur.engines.method import vocabulary
from videtur.engines.method.case_file.model import KINDS
from videtur.engines.method.entities.case import CaseDate

LOCALE = REPOSITORY / "src" / "videtur" / "web" / "locale"
OF_UKRAINIAN_ALONE = "іїєґІЇЄҐ"
OF_RUSSIAN_ALONE = "ыэъёЫЭЪЁ"
NAMES = ("ICD 203", "SHA-256", "URL", "EDTF", "GeoNames", "pts")
"""What stays as it is in every language: names of standards, and of a unit."""


def translations(language: str) -> Iterator[tuple[str, str]]:
    content = (LOCALE / language / "LC_MESSAGES" / "django.po").read_bytes()
    for message in read_po(BytesIO(content), locale=language):
        strings = message.string if isinstance(message.string, list | tuple) else (message.string,)
        if message.id:
            yield from ((str(message.id), text or "") for text in strings)


def without_names(text: str) -> str:
    for name in NAMES:
        text = text.replace(name, "")
    return re.sub(r"^[A-F]: ", "", text)  # the letter of an Admiralty grade


def in_english(texts: Iterator[str]) -> list[str]:
    return [text for text in texts if re.search("[A-Za-z]", without_names(text))]


@pytest.mark.parametrize("language", ["uk", "ru"])
def test_every_word_of_every_vocabulary_has_its_translation(language: str) -> None:
    with override(language):
        assert in_english(words.term(word) for word in words.TERMS) == []


@pytest.mark.parametrize("language", ["uk", "ru"])
def test_every_field_and_section_and_question_has_its_translation(language: str) -> None:
    sections = [kind.section for kind in (*KINDS, CaseDate)]
    with override(language):
        assert in_english(labels.label(field) for field in labels.fields_of_entities()) == []
        assert in_english(labels.section_name(section) for section in sections) == []
        assert in_english(labels.entity_name(section) for section in sections) == []
        assert in_english(words.aspect_question(aspect) for aspect in vocabulary.words("aspects")) == []


@pytest.mark.parametrize(("language", "foreign"), [("uk", OF_RUSSIAN_ALONE), ("ru", OF_UKRAINIAN_ALONE)])
def test_no_catalogue_holds_letters_of_the_other_language(language: str, foreign: str) -> None:
    assert [text for _, text in translations(language) if set(text) & set(foreign)] == []


@pytest.mark.parametrize("language", ["uk", "ru"])
def test_every_translation_keeps_the_placeholders_of_its_english(language: str) -> None:
    wrong: list[str] = []
    for english, text in translations(language):
        placeholders = set(re.findall(r"%\(\w+\)s|\{\w*\}", english))
        if text and set(re.findall(r"%\(\w+\)s|\{\w*\}", text)) != placeholders:
            wrong.append(text)
    assert wrong == []


def test_every_kind_of_entity_has_a_name_of_its_own() -> None:
    sections = {kind.section for kind in (*KINDS, CaseDate)}
    assert sections == set(labels.SECTIONS)
    names = [plural for plural, _ in labels.SECTIONS.values()]
    assert len(set(names)) == len(names)


def test_labels_and_readings_are_of_things_that_exist() -> None:
    assert set(labels.FIELDS) <= set(labels.fields_of_entities())
    assert set(words.READINGS) <= set(words.TERMS)


def test_a_label_reads_like_a_sentence_and_not_like_a_field() -> None:
    read = [labels.label_in_english(field) for field in labels.fields_of_entities()]
    assert [label for label in read if "_" in label or not label[0].isupper()] == []


@pytest.mark.parametrize(
    ("word", "english"),
    [
        ("H1_appears", "appears"),
        ("not_examined", "not examined"),
        ("F", "F: cannot be judged"),
        ("1", "1: confirmed by other independent sources"),
        ("analyst_2", "second analyst"),
        ("reasonable_grounds_to_believe", "reasonable grounds to believe"),
    ],
)
def test_a_word_for_an_english_reader(word: str, english: str) -> None:
    with override("en"):
        assert words.term(word) == english


def test_each_vocabulary_is_shown_or_left_out_for_a_reason() -> None:
    assert set(vocabulary.names()) - set(words.SPOKEN) == {
        "count_render",
        "incompatible_roles_same_item",
        "time_form",
    }


def test_two_words_of_one_vocabulary_never_read_alike() -> None:
    for name in words.SPOKEN:
        for language in ("en", "uk", "ru"):
            with override(language):
                read = [words.term(word) for word in vocabulary.words(name)]
            assert len(set(read)) == len(read), (name, language)


def test_choices_keep_the_order_of_the_vocabulary() -> None:
    with override("ru"):
        assert words.choices_of("modality")[:2] == [("visual", "видно"), ("audible", "слышно")]

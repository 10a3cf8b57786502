"""What engines say reaches people in their language, with the names and numbers left as they are."""

import random
import re

import pytest
from django.utils.translation import override

from tests.engines.method.generated import COMPLETE, STANDARDS, Plan
from tests.engines.method.generated_case import build
from tests.engines.method.mutations_of_demands import WAYS_TO_BREAK
from tests.engines.method.mutations_of_states import WAYS_INTO
from videtur.cases import law_words
from videtur.cases.sentences import templates, told
from videtur.engines.law.catalogue import CATALOGUE
from videtur.engines.method.conditions import CONDITIONS
from videtur.engines.method.rules.catalogue import RULES, violations_of


def test_an_english_reader_gets_what_the_engine_said() -> None:
    with override("en"):
        assert told("UA has not been asked for comment") == "UA has not been asked for comment"


@pytest.mark.parametrize(
    ("language", "sentence", "expected"),
    [
        ("uk", "Two blind reviews concur", "Дві перевірки наосліп погоджуються"),
        ("ru", "Two blind reviews concur", "Две проверки вслепую согласны"),
        ("uk", "UA has not been asked for comment", "не запитано коментаря: UA"),
        ("ru", "material conflicts are open: CF1, CF2", "открытые существенные противоречия: CF1, CF2"),
        (
            "uk",
            "It calls FF1 verified, which is in_process",
            "Тут FF1 названо верифікованим, а стан такий: у роботі",
        ),
        (
            "ru",
            "the finding is not sealed; no mandated body is named",
            "вывод не имеет закрытого доступа; орган с мандатом не назван",
        ),
        ("uk", "F29: It rests on nothing", "F29: Це ні на чому не ґрунтується"),
        (
            "uk",
            "Confidential access for independent monitors, as stated by others: RU: no, UA: yes.",
            "Конфіденційний доступ незалежних спостерігачів, за заявами інших: RU: ні, UA: так.",
        ),
        (
            "ru",
            "“executed” is a legal label; say what is seen or heard, and leave the law to a finding",
            "“executed” — правовое название; скажите, что видно или слышно, а право оставьте выводу",
        ),
        ("ru", "No pair of reviews. Choose another", "Нет пары проверок. Выберите другое"),
    ],
)
def test_a_sentence_is_told_with_its_names(language: str, sentence: str, expected: str) -> None:
    with override(language):
        assert told(sentence) == expected


@pytest.mark.parametrize(
    "text", ["", "The words of somebody, of which no engine knows", "Сказано українською"]
)
def test_what_no_engine_says_stays_as_it_is(text: str) -> None:
    with override("ru"):
        assert told(text) == text


@pytest.mark.parametrize("language", ["uk", "ru"])
def test_every_rule_and_condition_is_told(language: str) -> None:
    sentences = {rule.sentence for rule in RULES}
    sentences |= {row[1] for rows in CONDITIONS.values() for row in rows}
    with override(language):
        assert [each for each in sorted(sentences) if told(each) == each] == []


def test_every_refusal_of_a_rule_is_told() -> None:
    plan = Plan(7, 2, COMPLETE, STANDARDS[1:2], False, releases=1, accountability=True, details=True)
    whole = build(plan)
    refused = {
        text
        for ways in (*WAYS_INTO.values(), *WAYS_TO_BREAK.values())
        for way in ways
        for violation in violations_of(way(whole, random.Random(7)))  # noqa: S311
        for text in (violation.why, violation.remedy)
    }
    assert len(refused) > 100
    with override("uk"):
        assert [text for text in sorted(refused) if told(text) == text] == []


@pytest.mark.parametrize("language", ["uk", "ru"])
def test_every_template_finds_itself_again(language: str) -> None:
    """A more greedy template may not take the sentence of another."""
    with override(language):
        for template in templates():
            if not re.search("[a-z]{2}", template):  # names alone: "{1}; ICD 203"
                continue
            filled = re.sub(r"\{(\d+)\}", r"X\1", template)
            assert told(filled) != filled, template


@pytest.mark.parametrize("language", ["uk", "ru"])
def test_the_catalogue_of_law_can_be_read(language: str) -> None:
    with override(language):
        for word in law_words.LAW_WORDS:
            read = law_words.law_word(word).replace("hors de combat", "")
            assert not re.search("[A-Za-z]", read), word
        for provision in CATALOGUE.provisions.values():
            assert not re.search("[A-Za-z]", law_words.law_text(provision.title)), provision.id

"""The workbench speaks English, Ukrainian and Russian, in full."""

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils.translation import ngettext, override

from tests.conftest import REPOSITORY
from videtur.cases.words import term
from videtur.evidence.models import Item
from videtur.footage.words import TERMS

if TYPE_CHECKING:
    from tests.web.conftest import House


def test_every_string_is_translated_and_compiled() -> None:
    checked = subprocess.run(
        [sys.executable, REPOSITORY / "scripts" / "translations.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize(("language", "title"), [("en", "Cases"), ("uk", "Справи"), ("ru", "Дела")])
def test_pages_come_in_the_readers_language(client: Client, language: str, title: str) -> None:
    html = client.get("/", headers={"Accept-Language": language}).content.decode()
    assert f'<html lang="{language}">' in html
    assert f"<h1>{title}</h1>" in html


def test_a_chosen_language_stays(house: "House", client: Client) -> None:
    client.post("/language/", {"language": "uk", "next": "/"})
    assert "<h1>Справи</h1>" in client.get("/").content.decode()
    elsewhere = client.post("/language/", {"language": "uk", "next": "https://elsewhere.example/"})
    assert "elsewhere" not in elsewhere["Location"]


@pytest.mark.parametrize("language", ["uk", "ru"])
def test_no_english_is_left_on_the_item_page(client: Client, item: Item, language: str) -> None:
    html = client.get(
        f"/cases/the-first-case/items/{item.sha256}/", headers={"Accept-Language": language}
    ).content.decode()
    headings = re.findall(r"<(?:h2|h3|dt|th|summary|label)[^>]*>([^<]+)", html)
    technical = {"SHA-256", "SHA-512"}
    assert headings
    assert [
        text for text in headings if re.search("[A-Za-z]{3}", text) and text.strip() not in technical
    ] == []


@pytest.mark.parametrize("language", ["uk", "ru"])
def test_every_word_of_a_record_can_be_read(language: str) -> None:
    with override(language):
        assert [word for word in TERMS if re.search("[A-Za-z]", term(word))] == []


@pytest.mark.parametrize(
    ("language", "number", "words"),
    [("uk", 1, "файл"), ("uk", 3, "файли"), ("uk", 11, "файлів"), ("ru", 22, "файла"), ("ru", 5, "файлов")],
)
def test_plurals(language: str, number: int, words: str) -> None:
    with override(language):
        text = ngettext("%(items)s item", "%(items)s items", number) % {"items": number}
    assert text == f"{number} {words}"

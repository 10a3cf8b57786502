"""Every page of the method, walked from link to link with the gold case, holds no English of ours.

What stands in `<bdi>` or is marked as English is the case's own: names, texts and dates as they were given.
"""

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser

from django.test import Client

from tests.web import test_method_pages
from tests.web.office import GOLD, Office

office = test_method_pages.office

OURS = re.compile(r"[A-Za-z]{3,}")
REFERENCE = re.compile(r"\b(?:[A-Z]{1,5}|board)[-\d][-.\w]*")
"""The name of an entity or of a provision."""
NAMES = {
    "Videtur",
    "SHA",
    "URL",
    "EDTF",
    "GeoNames",
    "pts",
    "ICD",
    "UTC",
    "Europe",
    "Kyiv",
    "Ctrl",
    "English",
    *("Lead", "First", "Second", "Arbiter", "Lawyer", "Auditor"),
}
"""Names of standards, units and notations, the same in every language; and of accounts."""
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
NOT_READ = {"bdi", "script", "style", "code", "kbd", "textarea", "title"}


class Words(HTMLParser):
    """The text of a page that is ours, and the addresses it leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self.path: list[tuple[str, bool]] = []

    @property
    def unread(self) -> bool:
        return any(skipped for _, skipped in self.path)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        skipped = tag in NOT_READ or given.get("lang") == "en" or "numeric" in str(given.get("class")).split()
        if not (skipped or self.unread):
            self.texts += [
                str(given[name]) for name in ("aria-label", "placeholder", "title") if given.get(name)
            ]
        if tag not in VOID:
            self.path.append((tag, skipped))

    def handle_endtag(self, tag: str) -> None:
        while self.path and self.path.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self.unread and data.strip():
            self.texts.append(data.strip())


def walked(client: Client, start: str) -> Iterator[tuple[str, Words]]:
    """Each page of the method that can be reached from the first one."""
    waiting, seen = [start], {start}
    while waiting:
        address = waiting.pop(0)
        answer = client.get(address)
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            assert answer.status_code in (200, 302), address
            continue
        words = Words()
        words.feed(answer.content.decode())
        yield address, words
        for link in words.links:
            target = unescape(link).split("#")[0].split("?")[0]
            if target.startswith(start) and target not in seen:
                seen.add(target)
                waiting.append(target)


def english_in(text: str, case: str) -> bool:
    """Whether a text holds English that is not the case's own."""
    if " · " in text:  # a choice: the name of an entity, and what the case says of it
        return False
    for piece in re.split(r": |[«»…()]", REFERENCE.sub("", text)):
        if piece.strip() and piece.strip() not in case and set(OURS.findall(piece)) - NAMES:
            return True
    return False


def test_no_english_is_left_on_any_page_of_the_method(office: Office) -> None:
    """In Ukrainian; the catalogues of both languages hold the same strings (`scripts/translations.py`)."""
    client = office.browser(office.lead)
    client.post("/language/", {"language": "uk", "next": "/"})
    case = GOLD.read_text(encoding="utf-8")
    case += case.replace("_", " ")  # as a page reads the words of a record
    left: dict[str, str] = {}
    pages = 0
    for address, words in walked(client, office.method):
        pages += 1
        for text in words.texts:
            if english_in(text, case):
                left.setdefault(text, address)
    assert pages > 100
    assert not left, "\n".join(f"{text!r} on {address}" for text, address in sorted(left.items()))

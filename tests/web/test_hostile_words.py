"""Words from outside that try to act, to hide or to reorder: shown in full, and harmless, on every page."""

import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from videtur.evidence.models import Item
from videtur.evidence.services import CaptureFacts
from videtur.footage.models import CopyDecision
from videtur.footage.services import decide_copy
from videtur.web.templatetags.videtur import shown

if TYPE_CHECKING:
    from tests.web.conftest import House

SCRIPT = "<script>alert(1)</script>"
BREAKOUT = "\"'><img src=x onerror=alert(1)>"
TURNED = "\u202e4pm.exe"
FORMULA = "=cmd|'/C calc'!A0"
TEMPLATE = "{{ settings.SECRET_KEY }}{% load i18n %}"
INVISIBLE = "\u200b\u2066\x07\x1b[31m\u2028\ufeff"
EVERYTHING = SCRIPT + BREAKOUT + TURNED + FORMULA + TEMPLATE + INVISIBLE
SHOWABLE = SCRIPT + BREAKOUT + FORMULA + TEMPLATE
FORBIDDEN_ON_SCREEN = re.compile(
    "[\u202a-\u202e\u2066-\u2069\u200b-\u200f\u2028\u2029\ufeff\x00-\x08\x0b-\x1f]"
)


class Page(HTMLParser):
    """The elements and attributes a browser would see, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.scripts: list[str | None] = []
        self.handlers: list[str] = []
        self.images: list[str | None] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "script":
            self.scripts.append(named.get("src"))
        if tag == "img":
            self.images.append(named.get("src"))
        self.handlers.extend(name for name in named if name.startswith("on") or name == "style")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.fixture
def hostile(house: "House") -> Item:
    """An item all of whose words are hostile."""
    facts = CaptureFacts(source=SHOWABLE, note=EVERYTHING, posted_at=SHOWABLE)
    item = house.take(b"\x00\x00\x00\x18ftypmp42hostile", EVERYTHING.encode(), facts)
    house.examine(item)
    tags = {EVERYTHING: EVERYTHING, "comment": [EVERYTHING], "title": "</table>" + SCRIPT}
    house.derive(item, "metadata", {"tag_count": 3}, {"metadata.json": {"tags": tags}})
    speech = {
        "language": "ru",
        "language_confidence": "0.9",
        "segments": [{"start": {"pts": 0, "time_base": [1, 1]}, "text": EVERYTHING}],
    }
    house.derive(item, "speech", {"segment_count": 1}, {"transcript.json": speech})
    twin = house.take(b"\x00\x00\x00\x18ftypmp42twin", b"twin" + EVERYTHING.encode())
    decide_copy(house.lead.actor, house.case, item, twin, CopyDecision.DECISIONS[0], EVERYTHING)
    observation = {
        "start": {"pts": 0, "time_base": [1, 12800]},
        "end": {"pts": 12800, "time_base": [1, 12800]},
        "modality": "visual",
        "role": "apparent_captive",
        "text": EVERYTHING,
    }
    answer = house.browser(house.lead).post(
        f"/api/cases/the-first-case/items/{item.sha256}/observations",
        observation,
        content_type="application/json",
    )
    assert answer.status_code == 201, answer.content
    return item


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/cases/the-first-case/",
        "/cases/the-first-case/?text=%3Cscript%3Ealert(1)%3C/script%3E%22%3E&source=%22onload=x",
        "/cases/the-first-case/upload/",
        "/cases/the-first-case/items/{sha256}/",
        "/cases/the-first-case/%3Cscript%3E/",
    ],
)
@pytest.mark.parametrize("language", ["en", "uk", "ru"])
def test_no_page_lets_words_act(client: Client, hostile: Item, path: str, language: str) -> None:
    answer = client.get(path.format(sha256=hostile.sha256), headers={"Accept-Language": language})
    html = answer.content.decode()
    page = Page(html)
    assert all(source and source.startswith("/static/") for source in page.scripts)
    assert all(source and source.startswith("/cases/") for source in page.images)
    assert not page.handlers
    assert not FORBIDDEN_ON_SCREEN.search(html)
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy + ";"


def test_what_is_hidden_is_shown(client: Client, hostile: Item) -> None:
    text = "".join(Page(client.get(f"/cases/the-first-case/items/{hostile.sha256}/").content.decode()).words)
    assert SCRIPT in text
    assert FORMULA in text
    assert TEMPLATE in text
    assert "⟨U+202E⟩4pm.exe" in text
    assert "\\u202e4pm.exe" in text, "the file name keeps the escapes of its record"
    assert "⟨U+001B⟩" in text


def test_the_interface_is_json_and_nothing_else(client: Client, hostile: Item) -> None:
    answer = client.get(f"/api/cases/the-first-case/items/{hostile.sha256}/timeline")
    assert answer["Content-Type"] == "application/json"
    assert answer["X-Content-Type-Options"] == "nosniff"
    document = json.loads(answer.content)
    assert document["transcript"]["segments"][0]["text"] == EVERYTHING
    assert document["observations"][0]["text"].startswith(SCRIPT)


def test_the_download_name_is_tame(client: Client, hostile: Item) -> None:
    answer = client.get(f"/cases/the-first-case/items/{hostile.sha256}/media/original")
    answer.close()
    header = answer["Content-Disposition"]
    assert header.startswith("attachment; ")
    assert not re.search(r"[<>\r\n\u202e]", header)
    assert answer["Content-Type"] == "application/octet-stream"


def test_no_refusal_lets_words_act(house: "House", client: Client) -> None:
    from pathlib import Path

    from videtur.evidence.services import refuse
    from videtur.evidence.sources import UnfitFile

    name = EVERYTHING.encode()
    refuse(
        house.lead.actor,
        house.case,
        [UnfitFile(Path("x"), name, "p" * 64, "not_media", f"is {SCRIPT}", "Nothing")],
    )
    html = client.get("/cases/the-first-case/upload/").content.decode()
    assert SCRIPT not in html
    assert "&lt;script&gt;" in html
    assert not FORBIDDEN_ON_SCREEN.search(html)


@pytest.mark.parametrize(
    ("text", "visible"),
    [
        ("plain", "plain"),
        ("Привіт, їжаче\n", "Привіт, їжаче\n"),
        ("a\u202eb", "a⟨U+202E⟩b"),
        ("a\x00b", "a⟨U+0000⟩b"),
        ("\U000e0041", "⟨U+E0041⟩"),
        ("e\u0301", "e\u0301"),
    ],
)
def test_shown_makes_the_invisible_visible(text: str, visible: str) -> None:
    assert shown(text) == visible

"""The report: every statement has its evidence, nothing is raised, and nothing in the page is alive."""

import hashlib
import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.publication.conftest import ACTOR, CANARIES, SEEN, Made, examine, receive
from videtur.cases.services import add_member, add_party, create_case
from videtur.errors import NotPermitted, WrongUsage
from videtur.footage.services import add_observation, decide_copy
from videtur.ledger.models import Checkpoint, Entry
from videtur.ledger.services import entry_content, size
from videtur.people.services import create_user
from videtur.publication.families import families_of
from videtur.publication.models import ReportIssue
from videtur.publication.record import read_case
from videtur.publication.report import make_report
from videtur.publication.report_forms import as_html
from videtur.publication.services import issue_report

pytestmark = pytest.mark.django_db


class Page(HTMLParser):
    """What stands in the page: elements, attributes, and the text of each paragraph with its classes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.statements: list[str] = []
        self.loose: list[str] = []
        self._open: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        kind = dict(attrs).get("class") or ""
        if tag not in ("meta", "link", "br"):
            self._open.append((tag, kind))
        if kind == "statement":
            self.statements.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        kinds = {kind for _, kind in self._open}
        if "statement" in kinds:
            self.statements[-1] += data
        elif (
            data.strip()
            and "note" not in kinds
            and self._open[-1][0] in ("p", "div", "section", "main", "body")
        ):
            self.loose.append(data)


@pytest.fixture
def page(made: Made) -> str:
    return (made.package / "data/record/report.html").read_text()


@pytest.fixture
def report(made: Made) -> dict[str, Any]:
    return json.loads((made.package / "data/record/report.json").read_text())


def test_every_statement_names_its_evidence_and_nothing_else_is_said(page: str) -> None:
    found = Page(page)
    assert len(found.statements) > 20
    for statement in found.statements:
        assert "[entry " in statement or "[entries " in statement, statement
    assert found.loose == []


def statements_of(section: dict[str, Any]) -> list[dict[str, Any]]:
    return [*section["statements"], *(one for part in section["parts"] for one in statements_of(part))]


def test_every_reference_is_an_entry_of_the_package(made: Made, report: dict[str, Any]) -> None:
    inside = {int(path.stem) for path in (made.package / "proof/entries").glob("*.entry")}
    told = [one for section in report["sections"] for one in statements_of(section)]
    assert len(told) > 20
    for statement in told:
        assert statement["references"]
        assert {reference["ledger_index"] for reference in statement["references"]} <= inside, statement


def test_observations_have_time_codes_words_and_level(page: str) -> None:
    text = next(statement for statement in Page(page).statements if "lie on the ground" in statement)
    assert "00:00:01.000 to 00:00:02.000 (pts 25 to 50, time base 1/25 s)" in text
    assert "number: at least 2, simultaneously visible" in text
    assert "H1, appears" in text
    assert "visual; apparent captive; lying" in text
    assert "What appear to be persons lie on the ground\n<b>not bold</b>" in text


def test_a_withdrawn_observation_stands_apart_without_its_words(page: str) -> None:
    assert "it was in another film" in page
    assert "is heard" not in page


def test_machine_output_is_counted_and_not_cited(page: str) -> None:
    assert "Leads, not findings" in page
    assert "Item 1: 3 shots." in page


def test_damage_failures_and_refusals_are_told(page: str) -> None:
    assert "at 2 places it is damaged" in page
    assert "The step peaks failed: the sound stream is broken." in page
    assert "“notes.txt” was refused (not media)" in page


def test_parties_stand_in_alphabetical_order(page: str) -> None:
    assert page.index("Alpha side") < page.index("Zeta side")


def test_the_page_is_dead_paper(page: str) -> None:
    found = Page(page)
    assert not {"script", "img", "iframe", "link", "object", "video", "form", "base"} & set(found.tags)
    assert not [
        name for name, _ in found.attributes if name.startswith("on") or name in ("src", "style", "srcset")
    ]
    assert all((value or "").startswith("#") for name, value in found.attributes if name == "href")
    policy = next(
        value for name, value in found.attributes if name == "content" and value and "default-src" in value
    )
    assert "default-src 'none'" in policy
    assert "url(" not in page
    assert "@import" not in page


def test_hostile_names_are_shown_harmless(page: str) -> None:
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "\u202e" not in page
    assert "\x1b" not in page
    assert "https://example.org/v?x=&lt;1&gt;&amp;y" in page


def test_sources_notes_and_people_are_not_printed(page: str) -> None:
    assert "a private person" not in page
    assert not [canary for canary in CANARIES if canary in page]


def test_it_ends_with_what_to_check_it_against(made: Made, page: str, report: dict[str, Any]) -> None:
    assert made.exported.key_fingerprint in page[-1500:]
    assert f"<dd>{made.exported.row.checkpoint_size}</dd>" in page
    assert report["key_fingerprint"] == made.exported.key_fingerprint


def test_the_same_record_gives_the_same_report(made: Made, tmp_path: Path) -> None:
    row = issue_report(ACTOR, made.case, tmp_path / "a.html", made.house)
    content = entry_content(Entry.objects.get(index=row.entry_index))
    assert (content["verb"], content["case"]) == ("publication.report.issued", made.case.slug)
    assert ReportIssue.objects.get(id=row.id).form == "html"
    assert hashlib.sha256((tmp_path / "a.html").read_bytes()).hexdigest() == row.sha256
    record = read_case(made.case, Checkpoint.objects.get(size=made.exported.row.checkpoint_size))
    again = make_report(record, families_of(record), made.exported.key_fingerprint)
    assert as_html(again) == (made.package / "data/record/report.html").read_bytes()


def test_swapping_two_parties_changes_nothing_but_the_names(made: Made, tmp_path: Path) -> None:
    """Two cases alike in all but which party is which: their reports differ in the names alone."""
    texts: list[str] = []
    for number, (one, two) in enumerate((("Alpha", "Beta"), ("Beta", "Alpha"))):
        case = create_case(ACTOR, f"Swapped {number}")
        for name in (one, two):
            add_party(ACTOR, case, name[0] * 2, name, "state")
        item = receive(case, b"swap", b"swap.mp4")
        if number == 0:
            examine(item)
        add_observation(
            ACTOR, case, item, replace(SEEN, text=f"What appears to be a vehicle; {one} is said to hold it")
        )
        out = tmp_path / f"{number}.json"
        issue_report(ACTOR, case, out, made.house)
        report = json.loads(out.read_text())
        kept = [
            words_of(section)
            for section in report["sections"]
            if section["heading"] in ("Parties", "Observations")
        ]
        texts.append(json.dumps(kept))
    swapped = texts[1].replace("Alpha", "\0").replace("Beta", "Alpha").replace("\0", "Beta")
    parties = [json.loads(text)[0] for text in texts]
    assert parties[0] == parties[1]  # alphabetical, whatever the order of entry
    assert json.loads(texts[0])[1] == json.loads(swapped)[1]


def words_of(section: dict[str, Any]) -> list[tuple[object, object, object]]:
    return [(one["text"], one["quotation"], one["level"]) for one in statements_of(section)]


def test_families_are_hedged_by_who_says_so(made: Made, tmp_path: Path) -> None:
    case = create_case(ACTOR, "Families")
    items = [receive(case, f"film {number}".encode() * 9, b"film.mp4") for number in range(3)]
    for item in items:
        examine(item)
    decide_copy(ACTOR, case, items[0], items[1], "same_footage", "the same scratch")
    decide_copy(ACTOR, case, items[0], items[2], "not_the_same_footage", "another room")
    out = tmp_path / "families.html"
    issue_report(ACTOR, case, out, made.house)
    page = out.read_text()
    assert "Item 1 and Item 2 appear to hold the same footage, by decision of people." in page
    assert "appears to be the most complete version held in this case" in page
    assert "Item 1 and Item 3 do not hold the same footage, for this reason:" in page
    assert "for this reason:</bdi>" in page
    assert "another room" in page
    assert items[0].sha256 not in "".join(Page(page).statements)


def test_a_family_that_the_machine_found_says_so(page: str) -> None:
    statements = Page(page).statements
    told = next(one for one in statements if "appear to hold the same footage" in one)
    assert "Item 1, Item 2 and Item 3 appear to hold the same footage, in part by decision of people" in told
    assert any(
        one.startswith("Item 2 appears to hold, of the family's time line, 00:00:00.000 to")
        for one in statements
    )
    assert any(one.startswith("Item 3 appears to be in it") for one in statements)
    assert any("Reason: 3 items joined" in one for one in statements)


def test_only_known_forms_are_written_and_nothing_is_replaced(made: Made, tmp_path: Path) -> None:
    before = size()
    with pytest.raises(WrongUsage, match="not there yet"):
        issue_report(ACTOR, made.case, tmp_path / "report.pdf", made.house)
    with pytest.raises(WrongUsage, match="does not say in which form"):
        issue_report(ACTOR, made.case, tmp_path / "report", made.house)
    with pytest.raises(WrongUsage, match="is not a folder"):
        issue_report(ACTOR, made.case, tmp_path / "no/report.html", made.house)
    with pytest.raises(WrongUsage, match="inside the workspace"):
        issue_report(ACTOR, made.case, made.house.workspace.root / "report.html", made.house)
    (tmp_path / "taken.html").write_text("kept")
    with pytest.raises(WrongUsage, match="is there already"):
        issue_report(ACTOR, made.case, tmp_path / "taken.html", made.house)
    assert (tmp_path / "taken.html").read_text() == "kept"
    assert [path.name for path in tmp_path.iterdir()] == ["taken.html"]
    assert size() == before


def test_only_who_may_export_a_case_gets_its_report(made: Made, tmp_path: Path) -> None:
    approver, analyst = (create_user(ACTOR, name, f"{name} 29fk-lkjw") for name in ("approver", "analyst"))
    add_member(ACTOR, made.case, approver, "publication_approver")
    add_member(ACTOR, made.case, analyst, "analyst_1")
    with pytest.raises(NotPermitted):
        issue_report(analyst.actor, made.case, tmp_path / "a.html", made.house)
    issue_report(approver.actor, made.case, tmp_path / "b.html", made.house)
    assert [path.name for path in tmp_path.iterdir()] == ["b.html"]

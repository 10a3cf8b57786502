"""Every step of docs/tutorial/gold-case.md, in a real browser: the demo's case, with films of two seconds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from scripts.sample_case.build import CASE as GOLD
from scripts.sample_case.build import CASE_FILE, GOLD_FILMS, PRACTICE, PRACTICE_FILMS, step, take_in, videtur
from scripts.sample_case.films import Film, write_versions
from scripts.sample_case.people import LEAD, Person
from scripts.screenshot import served, sign_in
from scripts.walkthrough import SHOTS, Shot, act_on, follow, send
from tests.conftest import REPOSITORY

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

PASSWORD = "quiet-lantern-97-harbour"
FILM = "03-observations"
"""The player has tests of its own, with films that are examined."""
SAYS = {
    "01-overview": "Ask RU for comment",
    "02-family": "At least one of date, location and event",
    "02-files": "Versions that others report",
    "04-sources": "unknown counts as dependent",
    "05-blind-review": "The reviews of others, so that yours is your own.",
    "06-reviews": "What leads to the scene is not in the film",
    "07-hypotheses": "An official says that such films are staged",
    "08-gate": "no legal reviewer is named",
    "08-refused": "This was not saved",
    "09-law": "Candidates, never conclusions.",
    "10-calls": "The call reaches every party they concern",
    "11-commitment": "nobody may write that a case was opened",
    "11-refused": "This was not saved",
    "12-requests": "answered off the point",
    "13-board-first-day": "announced",
    "14-board-a-year-later": "as expected",
    "15-timeline": "Days stand in their order",
    "16-impartiality": "Swap test",
}
"""What each step must say, in words of the page."""


@dataclass
class Walk:
    """The served case, and a page for each person who is signed in."""

    address: str
    browser: Browser
    pages: dict[Person, Page]

    def page_of(self, person: Person) -> Page:
        """The person's page; they sign in the first time."""
        if person not in self.pages:
            page = self.browser.new_context().new_page()
            sign_in(page, self.address, person.username, PASSWORD)
            self.pages[person] = page
        return self.pages[person]

    def at(self, shot: Shot) -> Page:
        """The page of a step, after what is done there."""
        page = self.page_of(shot.person)
        follow(page, self.address, shot.through)
        if shot.act is not None:
            shot.act(page)
        return page


@pytest.fixture(scope="module")
def walk(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """The demo's case as the demo builds it, but with short films that nothing examines."""
    folder = tmp_path_factory.mktemp("walk")
    workspace, password = folder / "workspace", folder / "password"
    password.write_text(PASSWORD)
    for film in (*GOLD_FILMS, PRACTICE_FILMS[-1]):
        write_versions(_short(film), folder)
    videtur(
        workspace,
        "init",
        str(workspace),
        "--username",
        LEAD.username,
        "--password-file",
        str(password),
    )
    videtur(workspace, "case", "load", str(CASE_FILE))
    take_in(folder, workspace, GOLD_FILMS, GOLD)
    take_in(folder, workspace, PRACTICE_FILMS[-1:], PRACTICE)
    step(workspace, "walk", str(password), "--without-observations")
    with served(workspace) as address:
        yield Walk(address, chromium, {})


def _short(film: Film) -> Film:
    versions = tuple(replace(version, start=0, end=2) for version in film.versions)
    return Film(replace(film.scene, seconds=2, brought=()), (), versions)


@pytest.mark.parametrize("shot", [shot for shot in SHOTS if shot.name != FILM], ids=lambda shot: shot.name)
def test_each_step_is_reached_by_its_links_and_says_what_it_must(walk: Walk, shot: Shot) -> None:
    page = walk.at(shot)
    expect(page.locator(".method-page")).to_contain_text(SAYS[shot.name])


def test_the_second_reviewer_reads_nothing_of_the_first(walk: Walk) -> None:
    blind = next(shot for shot in SHOTS if shot.name == "05-blind-review")
    first = "what other explanations there are was weighed"
    assert first not in walk.at(blind).content()
    assert first in walk.at(replace(blind, person=LEAD)).content()


def test_a_refusal_says_what_would_satisfy_it_and_changes_nothing(walk: Walk) -> None:
    shots = {shot.name: shot for shot in SHOTS}
    page = walk.at(shots["08-refused"])
    expect(page.locator("#refused")).to_contain_text("What would satisfy it")
    follow(page, walk.address, shots["08-gate"].through)
    expect(page.locator(".item-head")).to_contain_text("under review")


def test_a_call_to_one_side_alone_does_not_go_out(walk: Walk) -> None:
    page = walk.page_of(LEAD)
    follow(page, walk.address, ("Calls",))
    form = act_on(page, "Draft a call")
    form.locator("[name=to][value=UA]").check()
    form.locator("[name=about][value=AL1]").check()
    form.locator("[name=asks]").fill("Investigate what the film appears to show")
    form.locator("[name=basis]").fill("Reasonable concern, no finding")
    form.locator("form button").last.click()
    expect(page.get_by_text("The call is drafted.")).to_be_visible()
    follow(page, walk.address, ("Calls", "C2"))
    act_on(page, "Approve the call").locator("form button").last.click()
    form = act_on(page, "Issue the call")
    form.locator("[name=date]").fill("2022-03-29")
    send(page, form)
    expect(page.locator("#refused")).to_contain_text("F16")
    expect(page.locator("#refused")).to_contain_text("RU")


def test_every_picture_of_the_page_is_one_that_the_script_takes() -> None:
    page = (REPOSITORY / "docs" / "tutorial" / "gold-case.md").read_text(encoding="utf-8")
    shown = re.findall(r"images/walkthrough/([^)]+)\.png", page)
    assert shown == [shot.name for shot in SHOTS]
    for name in shown:
        picture = REPOSITORY / "docs" / "images" / "walkthrough" / f"{name}.png"
        assert picture.stat().st_size <= 150_000, name
        assert _width(picture) <= 1200, name


def _width(picture: Path) -> int:
    return int.from_bytes(picture.read_bytes()[16:20], "big")

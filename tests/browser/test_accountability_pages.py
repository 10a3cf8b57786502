"""The pages of accountability in a real browser: by keyboard alone, and open to everybody."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import House
from tests.browser.keyboard import active_matches, tab_to
from tests.browser.test_pages import serious
from tests.conftest import REPOSITORY

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

GOLD = REPOSITORY / "scripts" / "sample_case" / "gold_case.yaml"
CASE = "gold-for-accountability"
METHOD = f"/cases/{CASE}/method/"
PAGES = [
    "",
    "statements/",
    "calls/",
    "calls/C1/",
    "commitments/",
    "commitments/CM1/",
    "requests/",
    "requests/RFC1/",
    "deadlines/",
    "follow-ups/",
    "board/?on=2023-03-24",
    "timeline/",
    "impartiality/?first=RU&second=UA",
    "house-rules/",
    "assignments/",
]


@pytest.fixture(scope="module")
def gold(house: House, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The gold case under a name of its own, loaded by the command line."""
    told = GOLD.read_text(encoding="utf-8")
    file = tmp_path_factory.mktemp("case") / "gold.yaml"
    file.write_text(told.replace("id: gold-2022-03-28-pow-videos", f"id: {CASE}", 1), encoding="utf-8")
    house.run("case", "load", str(file))
    return METHOD


def test_the_board_of_a_day_is_reached_and_read_by_keyboard(signed_in: Page, gold: str) -> None:
    page = signed_in
    page.goto(gold)
    tab_to(page, f"a[href='{gold}board/']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Board")
    tab_to(page, "input[type=date]")
    page.keyboard.type("03242023")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"on=2023-03-24"))
    expect(page.get_by_text("as expected")).to_be_visible()
    tab_to(page, "table.board summary")
    page.keyboard.press("Enter")
    expect(page.locator("table.board details").first).to_have_attribute("open", "")
    tab_to(page, "table.board details a[href$='/K3/']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("K3")


def test_a_refused_quotation_is_put_right_by_keyboard(signed_in: Page, gold: str) -> None:
    page = signed_in
    page.goto(f"{gold}statements/")
    before = page.locator("tbody tr").count()
    tab_to(page, "details.act > summary")
    page.keyboard.press("Enter")
    for field, text in (
        ("speaker", "spokesperson of a ministry"),
        ("date", "2022-04-02"),
        ("gist", "They answered"),
        ("quote", "word " * 26),
    ):
        tab_to(page, f"[name={field}]")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    refusal = page.get_by_role("alert")
    expect(refusal).to_contain_text("F33")
    expect(refusal).to_contain_text("What would satisfy it")
    expect(page.locator("details.act")).to_have_attribute("open", "")
    expect(page.locator("[name=gist]")).to_have_value(re.compile("They answered"))
    tab_to(page, "[name=quote]")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The statement is recorded.")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(before + 1)


def test_a_reading_is_accepted_by_keyboard(signed_in: Page, gold: str) -> None:
    page = signed_in
    page.goto(f"{gold}follow-ups/")
    fact = "section.panel:has(h2 a[href$='/FU7/'])"
    tab_to(page, f"{fact} details.act > summary", most=90)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert active_matches(page, f"{fact} button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The reading is accepted.")).to_be_visible()
    expect(page.locator(f"{fact} details.act")).to_have_count(0)


@pytest.mark.parametrize("look", ["dark", "light"])
def test_nothing_serious_keeps_anybody_out(signed_in: Page, gold: str, look: str) -> None:
    page = signed_in
    page.emulate_media(color_scheme="light" if look == "light" else "dark", reduced_motion="reduce")
    for address in PAGES:
        page.goto(gold + address)
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert serious(page) == [], address


def test_the_pages_work_without_scripts(signed_in: Page, gold: str, house: House) -> None:
    """What a page shows is in the page itself: nothing of it is drawn by script."""
    signed_in.goto(f"{gold}timeline/")
    marks = signed_in.locator("svg.timeline circle").count()
    served = signed_in.request.get(f"{house.address}{gold}timeline/").text()
    assert served.count("<circle") == marks > 20

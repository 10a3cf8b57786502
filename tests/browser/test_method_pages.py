"""Verification in a real browser: a review and a refused finding by keyboard alone; open to everybody."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import House
from tests.browser.keyboard import tab_to
from tests.browser.test_pages import serious
from tests.conftest import REPOSITORY

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

GOLD = REPOSITORY / "scripts" / "sample_case" / "gold_case.yaml"
CASE = "gold-for-verification"
"""A case of its own: other tests of the same house write in theirs."""
METHOD = f"/cases/{CASE}/method/"
PAGES = [
    "footage/",
    "footage/FF1/",
    "sources/",
    "claims/",
    "conflicts/X1/",
    "reviews/",
    "reviews/FF1/",
    "hypotheses/",
    "findings/",
    "law/",
    "law/of/FF1/",
    "records/",
    "records/observations/",
    "records/observations/of/O2/",
    "records/observations/add/",
    "records/place_claims/change/PC1/",
]


@pytest.fixture(scope="module")
def gold(house: House, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The gold case under its own name, with somebody who analyses in it."""
    told = GOLD.read_text(encoding="utf-8")
    file = tmp_path_factory.mktemp("case") / "gold.yaml"
    file.write_text(told.replace("id: gold-2022-03-28-pow-videos", f"id: {CASE}", 1), encoding="utf-8")
    house.run("case", "load", str(file))
    for role in ("analyst_1", "publication_approver", "case_lead"):
        house.run("case", "grant", CASE, "ana", role)
    return METHOD


def open_act(page: Page, key: str) -> None:
    """Go to the summary of a form and open it, by keyboard."""
    tab_to(page, f"details:has(input[name=do][value='{key}']) > summary", most=160)
    page.keyboard.press("Enter")


def test_a_review_is_written_without_a_mouse(signed_in: Page, gold: str) -> None:
    page = signed_in
    page.goto(gold + "reviews/")
    tab_to(page, f"a[href='{gold}reviews/FF1/']", most=120)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{gold}reviews/FF1/")
    open_act(page, "begin-analyst_1")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("this is kept from you")).to_be_visible()
    open_act(page, "submit")
    tab_to(page, "[name='submit.aspects.location']")
    page.keyboard.type("probable")
    tab_to(page, "main details[open] button.main", most=60)
    page.keyboard.press("Enter")
    expect(page.locator(".refusal")).to_contain_text("reason")
    expect(page.locator("[name='submit.aspects.location']")).to_have_value("probable")
    tab_to(page, "[name='submit.reason']", most=120)
    page.keyboard.type("The roofs fit the imagery")
    tab_to(page, "main details[open] button.main")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Side by side")).to_be_visible()
    expect(page.get_by_text("The roofs fit the imagery")).to_be_visible()


def test_a_finding_that_may_not_be_made_is_refused_in_its_place(signed_in: Page, gold: str) -> None:
    page = signed_in
    page.goto(gold + "findings/")
    tab_to(page, f"a[href='{gold}records/findings/add/']", most=120)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{gold}records/findings/add/")
    name = page.locator("[name=id]").input_value()
    tab_to(page, "[name=allegation]", most=120)
    page.keyboard.type("AL1")
    tab_to(page, "[name=text]")
    page.keyboard.type("Persons under guard were wounded")
    tab_to(page, "form.entity-form button.main", most=200)
    page.keyboard.press("Enter")
    expect(page.locator("#f-standard-error")).to_be_visible()
    expect(page.locator("[name=text]")).to_have_value("Persons under guard were wounded")
    tab_to(page, "[name=standard]", most=160)
    page.keyboard.type("reasonable grounds to believe")
    tab_to(page, "form.entity-form button.main", most=200)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{gold}records/findings/")
    page.goto(f"{gold}findings/{name}/")
    expect(page.get_by_role("heading", name=re.compile("The gate"))).to_contain_text("not met")
    assert serious(page) == []
    open_act(page, "approve")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    refusal = page.locator(".refusal")
    expect(refusal).to_contain_text("What would satisfy it")
    assert serious(page) == []


def test_nothing_serious_keeps_anybody_out_of_the_method(signed_in: Page, gold: str) -> None:
    for path in PAGES:
        answer = signed_in.goto(gold + path)
        assert answer is not None
        assert answer.status == 200, path
        assert serious(signed_in) == [], path


@pytest.mark.parametrize("path", ["footage/FF1/", "records/observations/add/", "law/of/FF1/"])
def test_the_light_look_of_the_method_is_legible_too(signed_in: Page, gold: str, path: str) -> None:
    signed_in.emulate_media(color_scheme="light")
    signed_in.goto(gold + path)
    assert serious(signed_in) == []

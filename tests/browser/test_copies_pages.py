"""Two items side by side, and a family's page, in a real browser: hidden until asked, open to everybody."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import CASE, House
from tests.browser.keyboard import tab_to
from tests.browser.test_pages import serious

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def pair(house: House) -> str:
    return f"/cases/{CASE}/items/{house.items['street-again.mp4']}/with/{house.items['street.mp4']}/"


def family(house: House) -> str:
    return f"/cases/{CASE}/items/{house.items['street.mp4']}/family/"


def test_stills_are_blurred_and_grey_until_asked_for(signed_in: Page, house: House) -> None:
    page = signed_in
    page.goto(pair(house))
    still = page.locator(".stills image").first
    look = "element => getComputedStyle(element).filter"
    assert "blur" in still.evaluate(look)
    page.keyboard.press("g")
    assert "blur" in still.evaluate(look), "colour alone shows nothing"
    page.keyboard.press("g")
    page.keyboard.press("b")
    assert still.evaluate(look) == "grayscale(1)"
    page.keyboard.press("g")
    assert still.evaluate(look) == "none"
    page.reload()
    assert "blur" in still.evaluate(look)


def test_both_stills_are_there_at_the_same_moment(signed_in: Page, house: House) -> None:
    page = signed_in
    page.goto(pair(house))
    sizes = page.evaluate(
        """async () => Promise.all([...document.querySelectorAll('.stills image')].map(async (each) => {
            const image = new Image();
            image.src = each.getAttribute('href');
            await image.decode();
            return [image.naturalWidth, image.naturalHeight];
        }))"""
    )
    assert sizes == [[320, 180], [320, 180]]


def test_moments_are_stepped_through_by_keyboard(signed_in: Page, house: House) -> None:
    page = signed_in
    page.goto(pair(house))
    moments = page.locator(".moment")
    count = moments.count()
    assert count > 1
    expect(page.locator(".moment:visible")).to_have_count(1)
    page.keyboard.press("ArrowRight")
    expect(moments.nth(0)).to_be_hidden()
    expect(moments.nth(1)).to_be_visible()
    page.keyboard.press("End")
    expect(moments.nth(count - 1)).to_be_visible()
    page.keyboard.press("Home")
    expect(moments.nth(0)).to_be_visible()


def test_a_decision_is_made_without_a_mouse(signed_in: Page, house: House) -> None:
    page = signed_in
    page.goto(pair(house))
    tab_to(page, "textarea#reason", most=120)
    page.keyboard.type("The same digits at the same moments")
    tab_to(page, "button[value=undecided]")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your decision is recorded.")).to_be_visible()
    expect(page.locator("main .panel .tag").first).to_have_text("undecided")


def test_a_family_page_reads_without_a_script(signed_in: Page, house: House) -> None:
    page = signed_in
    page.route("**/*.js", lambda route: route.abort())
    page.goto(family(house))
    expect(page.locator("svg.family-line rect.cover")).to_have_count(2)
    expect(page.locator("main")).to_contain_text("can have been cut from it")
    page.goto(pair(house))
    assert page.locator(".moment:visible").count() == page.locator(".moment").count()
    page.locator("#reveal").check()
    assert page.locator(".stills image").first.evaluate("e => getComputedStyle(e).filter") == "grayscale(1)"
    page.unroute("**/*.js")


@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_nothing_serious_keeps_anybody_out(signed_in: Page, house: House, language: str, scheme: str) -> None:
    page = signed_in
    page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
    page.locator("select#language").select_option(language)
    page.locator("form.language button").click()
    for address in (pair(house), family(house)):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        for details in page.locator("main details").all():
            details.evaluate("each => each.open = true")
        assert serious(page) == [], address
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(family(house))
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
        "wider than a telephone"
    )

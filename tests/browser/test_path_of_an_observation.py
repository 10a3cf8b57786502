"""From sign-in to a saved observation, by keyboard alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import CASE, PASSWORD, House
from tests.browser.films import BAND, DIGITS, WIDTH
from tests.browser.keyboard import number_on_screen, tab_to, where

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TEXT = "A pattern of colours appears to move from left to right."


def wait_until_on_screen(page: Page, frame: int) -> None:
    """Wait until the browser says that picture `frame` is on the screen."""
    page.wait_for_function(
        """(frame) => {
          const bench = document.querySelector("videtur-workbench")?.renderRoot;
          const player = bench?.querySelector("videtur-player");
          const mark = player?.renderRoot.querySelector("[data-confirmed]");
          return mark?.dataset.confirmed === "true"
            && player.renderRoot.querySelector("[data-frame]").textContent === String(frame);
        }""",
        arg=frame,
    )


def test_from_sign_in_to_a_saved_observation_without_a_mouse(page: Page, house: House) -> None:
    page.goto("/")
    tab_to(page, "input[name=login]")
    page.keyboard.type("ana")
    tab_to(page, "input[name=password]")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{house.address}/")

    tab_to(page, f"main a[href='/cases/{CASE}/']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{CASE}/")
    tab_to(page, ".card h2 a")
    # The arrow keys go from card to card, and Enter opens the one with the focus.
    wanted = house.items["street.mp4"]
    for _ in range(4):
        if page.evaluate("(item) => document.activeElement.href.includes(item)", wanted):
            break
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/items/{wanted}/")

    wait_until_on_screen(page, 0)
    for _ in range(3):
        page.keyboard.press(".")
    page.keyboard.press("i")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("o")
    out_frame, _pts, _confirmed = where(page)
    page.keyboard.press("n")
    page.keyboard.type("visual")
    page.keyboard.press("Tab")
    page.keyboard.type("unclear")
    tab_to(page, "[name=states][value=standing]")
    page.keyboard.press("Space")
    tab_to(page, "[name='count.min']")
    page.keyboard.type("2")
    tab_to(page, "[name='count.basis']")
    page.keyboard.type("simul")
    tab_to(page, "textarea")
    page.keyboard.type(TEXT)
    page.keyboard.press("Control+Enter")

    saved = page.locator("videtur-lists [data-observation]")
    expect(saved).to_have_count(1)
    expect(saved).to_contain_text(TEXT)
    index = saved.locator("[data-ledger]").text_content() or ""
    assert re.fullmatch(r"\d+", index)
    expect(page.locator("videtur-observation-form output")).to_contain_text(index)

    # What was recorded is exact: from the picture at the in point up to the one after the out point.
    page.reload()
    expect(page.locator("videtur-lists [data-observation]")).to_contain_text(TEXT)
    record = page.evaluate(
        "async (url) => (await (await fetch(url)).json()).observations[0]", _observations(house)
    )
    base = record["start"]["time_base"]
    assert record["start"]["pts"] * 1000 * base[0] == house.film.times[3] * base[1]
    assert record["end"]["pts"] * 1000 * base[0] == house.film.times[out_frame + 1] * base[1]
    assert record["count"] == {"min": 2, "max": None, "basis": "simultaneously_visible"}
    assert record["hedge"] == "H1_appears"
    expect(page.locator("ol.trail")).to_contain_text(f"#{index}")
    house.run("verify")


def test_every_step_shows_exactly_the_next_picture(signed_in: Page, house: House) -> None:
    page = signed_in
    page.goto(house.item("street.mp4"))
    wait_until_on_screen(page, 0)
    for number in (*range(1, 13), *range(11, 5, -1)):
        page.keyboard.press("." if number > where(page)[0] else ",")
        wait_until_on_screen(page, number)
        assert number_on_screen(page, DIGITS, WIDTH, BAND) == number
    page.keyboard.press("End")
    last = len(house.film.times) - 1
    wait_until_on_screen(page, last)
    assert number_on_screen(page, DIGITS, WIDTH, BAND) == last
    page.keyboard.press("Home")
    wait_until_on_screen(page, 0)


def test_the_keys_work_on_a_cyrillic_layout_and_can_be_switched_off(signed_in: Page, house: House) -> None:
    page = signed_in
    page.goto(house.item("street.mp4"))
    wait_until_on_screen(page, 0)
    press = "([key, code]) => window.dispatchEvent(new KeyboardEvent('keydown', {key, code, bubbles: true}))"
    page.evaluate(press, ["ю", "Period"])
    wait_until_on_screen(page, 1)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("checkbox", name="Single keys").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press(".")
    page.wait_for_timeout(200)
    assert where(page)[0] == 1


def test_problems_stand_beside_their_fields_and_nothing_is_saved(signed_in: Page, house: House) -> None:
    page = signed_in
    page.goto(house.item("yard.mp4"))
    wait_until_on_screen(page, 0)
    form = page.locator("videtur-observation-form")
    page.keyboard.press("n")
    page.keyboard.press("Control+Enter")
    expect(form.locator("[data-problem=start]")).to_contain_text("Mark the stretch")
    page.keyboard.press("Escape")
    page.keyboard.press("i")
    page.keyboard.press("End")
    page.keyboard.press("o")
    form.locator("[name=modality]").select_option("visual")
    form.locator("[name=role]").select_option("unclear")
    form.locator("[name='injury.region']").select_option("hand")
    form.locator("textarea").fill("This is murder.")
    form.locator("textarea").press("Control+Enter")
    expect(form.locator("[data-problem='injury.timing']")).to_be_visible()
    form.locator("[name='injury.timing']").select_option("unknown")
    form.locator("textarea").press("Control+Enter")
    # This one only the server can know.
    expect(form.locator("[data-problem=text]")).to_contain_text("legal label")
    expect(form.locator("textarea")).to_be_focused()
    expect(page.locator("videtur-lists [data-observation]")).to_have_count(0)


def _observations(house: House) -> str:
    return f"/api/cases/{CASE}/items/{house.items['street.mp4']}/observations"

"""What the pages show, hide and keep to themselves."""

import json
import re
from pathlib import Path
from typing import Any, cast

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import CASE, House
from tests.browser.films import write_sound
from tests.browser.keyboard import active_matches, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def serious(page: Page) -> list[str]:
    """What axe finds that would keep somebody out."""
    found = cast("list[dict[str, Any]]", Axe().run(page).response["violations"])
    return [
        f"{each['id']}: {each['help']} {json.dumps([node['target'] for node in each['nodes']][:3])}"
        for each in found
        if each["impact"] in ("serious", "critical")
    ]


def test_pictures_are_hidden_until_asked_for_on_this_page(signed_in: Page, house: House) -> None:
    page = signed_in
    page.goto(f"/cases/{CASE}/")
    poster = page.locator(".poster").first
    blur = "element => getComputedStyle(element).filter"
    assert "blur" in poster.evaluate(blur)
    page.keyboard.press("b")
    expect(page.locator("videtur-grid")).to_have_class("revealed")
    assert "blur" not in poster.evaluate(blur)
    page.keyboard.press("b")
    assert "blur" in poster.evaluate(blur)
    page.keyboard.press("b")
    page.reload()
    assert "blur" in poster.evaluate(blur)


def test_the_item_page_is_veiled_grey_small_and_silent_until_asked(signed_in: Page, house: House) -> None:
    page = signed_in
    page.goto(house.item("street.mp4"))
    video = page.locator("videtur-player video")
    expect(video).to_be_visible()
    state = "v => [getComputedStyle(v).filter, v.muted, v.paused, v.autoplay, v.clientWidth]"
    look, muted, paused, autoplay, width = video.evaluate(state)
    assert "blur" in look
    assert "grayscale" in look
    assert (muted, paused, autoplay) == (True, True, False)
    assert width <= 480
    page.keyboard.press("b")
    expect(page.get_by_role("button", name="Hide the picture")).to_be_visible()
    look = str(video.evaluate("v => getComputedStyle(v).filter"))
    assert "blur" not in look
    assert "grayscale" in look
    page.keyboard.press("b")
    hold = page.get_by_role("button", name="Hold to see")
    hold.hover()
    page.mouse.down()
    assert "blur" not in video.evaluate("v => getComputedStyle(v).filter")
    page.mouse.up()
    assert "blur" in video.evaluate("v => getComputedStyle(v).filter")


def test_filtering_keeps_the_cards_in_reach_of_the_arrow_keys(signed_in: Page, house: House) -> None:
    page = signed_in
    page.goto(f"/cases/{CASE}/")
    expect(page.locator(".card").nth(len(house.items) - 1)).to_be_visible()
    page.get_by_label("Name or digest").fill("yard")
    expect(page.locator(".card")).to_have_count(1)
    tab_to(page, ".card h2 a")
    page.keyboard.press("ArrowDown")
    assert active_matches(page, ".card h2 a")
    assert page.locator(".card h2 a:not([tabindex='-1'])").count() == 1


def test_what_comes_in_appears_by_itself_and_takes_no_focus(
    signed_in: Page, house: House, tmp_path: Path
) -> None:
    page = signed_in
    page.goto(f"/cases/{CASE}/")
    page.wait_for_load_state("networkidle")
    before = page.locator(".card").count()
    tab_to(page, ".card h2 a")
    page.keyboard.press("ArrowRight")
    here = page.evaluate("document.activeElement.href")
    house.run("intake", str(write_sound(tmp_path / "second-voice.wav", 2.0)), "--case", CASE)
    # Coming back to the tab asks at once; otherwise it is asked every few seconds.
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator(".card")).to_have_count(before + 1)
    expect(page.locator("#progress")).to_have_count(1)
    assert page.evaluate("document.activeElement.href") == here


def test_the_family_lane_leads_to_the_other_copy_at_the_same_moment(signed_in: Page, house: House) -> None:
    page = signed_in
    page.goto(house.item("street-again.mp4"))
    lists = page.locator("videtur-lists")
    lists.get_by_role("tab", name="Family").click()
    link = lists.locator("li.pair a").first
    expect(link).to_be_visible()
    link.click()
    page.wait_for_url(re.compile(house.items["street.mp4"] + "/#t="))
    expect(page.locator("videtur-lanes canvas[data-lane=family]")).to_have_count(2)


def test_sound_without_a_picture_has_its_own_bench(signed_in: Page, house: House) -> None:
    page = signed_in
    page.goto(house.item("voice.wav"))
    expect(page.locator("videtur-player audio")).to_have_count(1)
    expect(page.locator("videtur-lanes canvas[data-lane=peaks]")).to_have_count(1)
    expect(page.locator("videtur-player [data-clock]")).to_have_text("0:00:00.000")
    page.keyboard.press("ArrowRight")
    expect(page.locator("videtur-player [data-clock]")).to_have_text("0:00:01.000")


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
def test_nothing_serious_keeps_anybody_out(page: Page, house: House, language: str) -> None:
    page.goto("/accounts/login/")
    page.locator("select#language").select_option(language)
    page.locator("form.language button").click()
    assert serious(page) == []
    page.locator("[name=login]").fill("ana")
    page.locator("[name=password]").fill("quiet-lantern-97-harbour")
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(f"{house.address}/")
    for address in ("/", f"/cases/{CASE}/", f"/cases/{CASE}/upload/", house.item("street.mp4")):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert serious(page) == [], address
    for tab in ("transcript", "family", "shots"):
        page.locator(f"videtur-lists #tab-{tab}").click()
        assert serious(page) == [], tab
    page.keyboard.press("?")
    assert serious(page) == []


def test_the_light_look_is_legible_too(signed_in: Page, house: House) -> None:
    page = signed_in
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.goto(house.item("street.mp4"))
    page.wait_for_load_state("networkidle")
    assert serious(page) == []

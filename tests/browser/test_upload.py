"""Uploads in the browser: interrupted, resumed, refused."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import CASE, House
from tests.browser.films import write_bulk, write_film

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PIECE = 8 * 1024 * 1024


def test_an_upload_goes_on_where_it_was_after_a_reload(signed_in: Page, house: House, tmp_path: Path) -> None:
    page = signed_in
    film = write_bulk(tmp_path / "long.avi", 2 * PIECE + PIECE // 2)
    page.goto(f"/cases/{CASE}/upload/")
    pieces = 0

    def break_off(route: Route) -> None:
        nonlocal pieces
        if route.request.method == "PATCH":
            pieces += 1
            if pieces > 1:
                route.abort("connectionreset")
                return
        route.continue_()

    page.route("**/uploads/**", break_off)
    page.locator("videtur-upload input[type=file]").set_input_files(film)
    page.wait_for_function("() => document.querySelector('videtur-upload').transfers[0]?.sent >= 8388608")
    # Leaving while it runs is asked about first.
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.unroute("**/uploads/**")
    expect(page.locator("videtur-upload .unfinished")).to_contain_text("long.avi")
    page.locator("videtur-upload input[type=file]").set_input_files(film)
    row = page.locator("videtur-upload li[data-state=done]")
    expect(row).to_be_visible(timeout=30_000)
    expect(row.locator("[data-resumed]")).to_have_attribute("data-resumed", str(PIECE))
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("long.avi")


def test_many_files_each_have_their_own_fate(signed_in: Page, house: House, tmp_path: Path) -> None:
    page = signed_in
    good = write_film(tmp_path / "gate.mp4", seed=5, pictures=30).path
    empty = tmp_path / "empty.mp4"
    empty.touch()
    text = tmp_path / "notes.txt"
    text.write_text("not a film")
    page.goto(f"/cases/{CASE}/upload/")
    page.locator("videtur-upload input[type=file]").set_input_files([good, empty, text])
    rows = page.locator("videtur-upload ol > li")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_have_attribute("data-state", "done")
    expect(rows.nth(1)).to_contain_text("empty")
    expect(rows.nth(2)).to_contain_text("neither video nor sound")
    expect(page.locator("videtur-upload p[role=status]")).to_contain_text("1")

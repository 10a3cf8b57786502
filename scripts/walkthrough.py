"""Takes the pictures of docs/tutorial/gold-case.md anew.

Usage: python -m scripts.walkthrough [--folder DIR] [NAME...]

Builds the demo first where it is not built. NAME picks pictures, such as 08-gate. The stills stay blurred.
A step that cannot be taken is said, its picture is left as it was, and the exit status is 1.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright
from playwright.sync_api import Error as BrowserError

from scripts.palette_png import reduced
from scripts.sample_case.build import CASE, REPOSITORY, build, password_of
from scripts.sample_case.people import ANALYST_ONE, ANALYST_TWO, APPROVER, LEAD, LEGAL, Person
from scripts.screenshot import served, sign_in

PICTURES = REPOSITORY / "docs" / "images" / "walkthrough"
WIDEST = 1100
LARGEST_BYTES = 150_000
PATIENCE_MS = 8_000


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: who looks, which links lead there from the overview, and what is done there first."""

    name: str
    person: Person
    through: tuple[str, ...]
    act: Callable[[Page], None] | None = None
    height: int = 820


def _open_film(page: Page) -> None:
    page.goto(page.url.split("/method/")[0] + "/")
    page.get_by_role("link", name="V3-nearly-six-minutes.mp4", exact=True).first.click()
    page.locator("videtur-player video").wait_for()
    page.wait_for_timeout(3000)  # the lanes arrive one by one, and a long film never leaves the line idle


def _from_the_files(page: Page) -> None:
    heading = page.get_by_role("heading", name="How many independent sources")
    heading.evaluate("element => element.scrollIntoView({block: 'start'})")


def _on(day: str) -> Callable[[Page], None]:
    def choose(page: Page) -> None:
        field = page.locator(".method-page input[type=date]").first
        field.fill(day)
        field.press("Enter")
        page.wait_for_load_state("networkidle")

    return choose


def _ask_for_approval(page: Page) -> None:
    send(page, act_on(page, "Approve the finding"))


def _promise_as_opened(page: Page) -> None:
    form = act_on(page, "Record a further step")
    form.locator("[name=status]").select_option("legal_step_evidenced")
    form.locator("[name=because]").fill("An adviser said so")
    send(page, form)


def act_on(page: Page, summary: str) -> Locator:
    """Open the form of that name."""
    found = page.locator("details.act", has_text=summary).first
    found.locator("summary").click()
    return found


def send(page: Page, form: Locator) -> None:
    """Send a form that is to be refused."""
    form.locator("form button").last.click()
    page.locator("#refused").wait_for()


SHOTS = (
    Shot("01-overview", ANALYST_ONE, ()),
    Shot("02-family", ANALYST_ONE, ("Footage", "FF1"), height=1100),
    Shot("02-files", ANALYST_ONE, ("Footage", "FF1"), _from_the_files),
    Shot("03-observations", ANALYST_ONE, (), _open_film, height=1000),
    Shot("04-sources", ANALYST_ONE, ("Sources",), height=700),
    Shot("05-blind-review", ANALYST_TWO, ("Reviews", "F-1"), height=760),
    Shot("06-reviews", LEAD, ("Reviews", "FF1"), height=760),
    Shot("07-hypotheses", ANALYST_ONE, ("Hypotheses", "F-1")),
    Shot("08-gate", APPROVER, ("Findings", "F-1"), height=1100),
    Shot("08-refused", APPROVER, ("Findings", "F-1"), _ask_for_approval, height=900),
    Shot("09-law", LEGAL, ("Law", "FF1"), height=1000),
    Shot("10-calls", ANALYST_ONE, ("Calls", "C1")),
    Shot("11-commitment", ANALYST_ONE, ("Commitments", "CM1"), height=1000),
    Shot("11-refused", ANALYST_ONE, ("Commitments", "CM1"), _promise_as_opened, height=620),
    Shot("12-requests", ANALYST_ONE, ("Requests for comment",)),
    Shot("13-board-first-day", ANALYST_ONE, ("Board",), _on("2022-03-28")),
    Shot("14-board-a-year-later", ANALYST_ONE, ("Board",), _on("2023-03-24")),
    Shot("15-timeline", ANALYST_ONE, ("Timeline",)),
    Shot("16-impartiality", ANALYST_ONE, ("Impartiality",), height=900),
)
"""In the order of the page. Links: a step of the method, then the name of a thing on the page it leads to."""


def follow(page: Page, address: str, through: Sequence[str]) -> None:
    """Go from the case's overview along links of those names."""
    opened = page.goto(f"{address}/cases/{CASE}/method/")
    if opened is None or not opened.ok:
        raise BrowserError("the overview of the method did not open")
    for place, words in enumerate(through):
        within = page.locator("nav.method-steps" if place == 0 else ".method-page")
        link = within.get_by_role("link", name=words, exact=place == 0).first
        link.click(timeout=PATIENCE_MS)
        page.wait_for_load_state("networkidle")


def take(page: Page, address: str, shot: Shot) -> int:
    """Take one picture; its size in bytes."""
    page.set_viewport_size({"width": 1280, "height": shot.height})
    follow(page, address, shot.through)
    if shot.act is not None:
        shot.act(page)
    if (refusal := page.locator("#refused")).count():
        refusal.first.evaluate("element => element.scrollIntoView({block: 'start'})")
    elif shot.act is None:
        page.evaluate("window.scrollTo(0, 0)")
    page.wait_for_timeout(400)
    small = reduced(page.screenshot(), WIDEST)
    if len(small) > LARGEST_BYTES:
        small = reduced(small, WIDEST * 3 // 4)
    (PICTURES / f"{shot.name}.png").write_bytes(small)
    return len(small)


def take_all(browser: Browser, address: str, password: str, shots: Sequence[Shot]) -> list[str]:
    """Every picture, one person after another; what could not be taken, and why."""
    failed: list[str] = []
    for person in dict.fromkeys(shot.person for shot in shots):
        context = browser.new_context(color_scheme="dark")
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        sign_in(page, address, person.username, password)
        for shot in (each for each in shots if each.person == person):
            try:
                size = take(page, address, shot)
            except BrowserError as problem:
                failed.append(f"{shot.name}: {str(problem).splitlines()[0]}")
            else:
                print(f"  {shot.name}.png  {size // 1000} kB", flush=True)
        context.close()
    return failed


def main() -> None:
    """Build, serve, look, keep the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only these pictures")
    parser.add_argument(
        "--folder", type=Path, default=REPOSITORY / "demo-workspace", help="where the demo is"
    )
    options = parser.parse_args()
    folder = options.folder.absolute()
    chromium = os.environ.get("VIDETUR_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        sys.exit("No Chromium here. Install it with: sudo apt-get install chromium")
    os.chdir(REPOSITORY)
    folder.mkdir(parents=True, exist_ok=True)
    PICTURES.mkdir(parents=True, exist_ok=True)
    shots = [shot for shot in SHOTS if not options.names or shot.name in options.names]
    with served(build(folder)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--mute-audio"])
        failed = take_all(browser, address, password_of(folder), shots)
        browser.close()
    if failed:
        sys.exit("Not taken:\n  " + "\n  ".join(failed))


if __name__ == "__main__":
    main()

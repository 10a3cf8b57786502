"""Takes docs/images/workbench.png anew from the demo. Usage: python -m scripts.screenshot [--folder DIR]

Builds the demo first where it is not built. The clips are the drawn stand-ins: nothing graphic is shown.
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

from playwright.sync_api import Page, sync_playwright

from scripts.palette_png import reduced
from scripts.sample_case.build import CASE, REPOSITORY, VIDETUR, build, password_of
from scripts.sample_case.people import ANALYST_ONE

PICTURE = REPOSITORY / "docs" / "images" / "workbench.png"
ITEM = "V3-nearly-six-minutes.mp4"
SIZE = {"width": 1440, "height": 1120}
MINUTE_TENTHS = 600


@contextmanager
def served(workspace: Path) -> Generator[str]:
    """The workbench on a free port, for as long as the block runs."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [str(VIDETUR), "serve", "--workspace", str(workspace), "--port", str(port), "--no-worker"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(MINUTE_TENTHS):
            try:
                urllib.request.urlopen(f"{address}/healthz", timeout=2).close()  # noqa: S310 - loopback
                break
            except (URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(20)


def sign_in(page: Page, address: str, username: str, password: str) -> None:
    """Sign in as a person would."""
    page.goto(f"{address}/accounts/login/")
    page.locator("[name=login]").fill(username)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(f"{address}/")


def arrange(page: Page, address: str, password: str) -> None:
    """Sign in and bring the item page into the state that says most about it."""
    sign_in(page, address, ANALYST_ONE.username, password)
    page.goto(f"{address}/cases/{CASE}/")
    page.get_by_role("link", name=ITEM, exact=True).click()
    page.locator("videtur-player video").wait_for()
    page.wait_for_timeout(3000)  # the lanes arrive one by one
    page.keyboard.press("b")
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "i", "ArrowRight", "ArrowRight", ".", ".", "o"):
        page.keyboard.press(key)
        page.wait_for_timeout(150)
    # The item's name and the bench below it; the page's head is the same everywhere.
    page.evaluate("window.scrollTo(0, 0)")
    page.wait_for_timeout(800)


def main() -> None:
    """Build, serve, look, keep the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--folder", type=Path, default=REPOSITORY / "demo-workspace", help="where the demo is"
    )
    folder = parser.parse_args().folder.absolute()
    chromium = os.environ.get("VIDETUR_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        sys.exit("No Chromium here. Install it with: sudo apt-get install chromium")
    os.chdir(REPOSITORY)
    folder.mkdir(parents=True, exist_ok=True)
    with served(build(folder)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--mute-audio"])
        page = browser.new_page(
            viewport={"width": SIZE["width"], "height": SIZE["height"]}, color_scheme="dark"
        )
        arrange(page, address, password_of(folder))
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        PICTURE.write_bytes(reduced(page.screenshot(), SIZE["width"]))
        browser.close()
    print(f"Wrote {PICTURE.relative_to(REPOSITORY)}")


if __name__ == "__main__":
    main()

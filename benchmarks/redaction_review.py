"""A scripted reviewer masks the clip of the test data in the browser, only through the pages. One command:

    python benchmarks/redaction_review.py [--only NAME ...] [--out FILE.json]

It asks for a plan, confirms every track, and then looks for faces that are bare: it knows where they are from
the annotation, as a person would from the picture. For each it goes to the picture, draws a box, has it
followed, and looks again; where a box was lost it draws the next. Then it signs each shot, makes the copy and
masks what was seen again, until the copy is found in order. Bare faces are counted in the plan that the copy
was made of, in every annotated picture, and in the copy itself by the engine's own check.

Wants Chromium, the detectors (requirements/models.txt) and the test data.
"""

import argparse
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.engines.redaction.faces import Clip, Corners, annotated, degraded, score, times_of
from videtur.engines.redaction.plan import Box, KeyFrame, Track

DATA = Path(os.environ.get("VIDETUR_TEST_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
PASSWORD = secrets.token_urlsafe(16)
VERSIONS = {"360p crf33": (360, 33), "240p crf33": (240, 33), "180p crf34": (180, 34)}
MOST_BOXES = 120
ROUNDS = 8
Bare = tuple[int, str, Corners]
"""Number of the picture, who, and where."""


@dataclass(frozen=True)
class Review:
    """What came of one clip."""

    persons: int
    protected_before: int
    protected_after: int
    bare_before: int
    bare_after: int
    boxes_drawn: int
    tracks_confirmed: int
    rounds: int
    review_seconds: float
    """Of the script; a person looks longer."""


def videtur(workspace: Path, *words: str) -> str:
    environment = {**os.environ, "VIDETUR_WORKSPACE": str(workspace)}
    command = [sys.executable, "-c", "from videtur.cli.main import main; main()", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False).stdout


@contextmanager
def served(workspace: Path) -> Generator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = {**os.environ, "VIDETUR_WORKSPACE": str(workspace)}
    words = ["serve", "--port", str(port)]
    command = [sys.executable, "-c", "from videtur.cli.main import main; main()", *words]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(150):
            try:
                urllib.request.urlopen(f"{address}/healthz", timeout=2).close()  # noqa: S310 - loopback
                break
            except OSError:
                time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait(20)


class Reviewer:
    """One person at one page."""

    def __init__(self, page: Page, clip: Clip, address: str) -> None:
        self.page, self.clip, self.address = page, clip, address
        self.times = list(times_of(clip.path))
        self.drawn = self.confirmed = 0

    def open(self) -> None:
        self.page.goto(self.address)
        self.page.locator("videtur-redaction .counts").wait_for()
        ready = "element => element.readyState >= 2"
        video = self.page.locator("videtur-redaction-stage video")
        self._until(lambda: bool(video.evaluate(ready)))

    def bare(self) -> tuple[list[Bare], int]:
        """Faces that the masks on the page leave bare, and how many persons are whole."""
        told: dict[str, Any] = self.page.evaluate("fetch('plan/').then((answer) => answer.json())")
        tracks = [_track(each) for each in told["plan"]["tracks"] if not each["shown"]]
        masks = {
            number: [box.corners for track in tracks if (box := track.box_at(pts)) is not None]
            for number, pts in enumerate(self.times)
        }
        found: list[Bare] = []
        for number, faces in self.clip.faces.items():
            for name, box in faces.items():
                one = Clip(self.clip.path, self.clip.width, self.clip.height, {number: {name: box}})
                if not score(one, masks).covered:
                    found.append((number, name, box))
        return found, score(self.clip, masks).protected

    def settle(self) -> None:
        """Confirm whatever waits."""
        counts = self.page.locator("videtur-redaction .counts")
        while waiting := int(counts.get_attribute("data-waiting") or 0):
            self.page.keyboard.press("n")
            self.page.keyboard.press("Enter")
            self.confirmed += 1
            self._until(lambda before=waiting: int(counts.get_attribute("data-waiting") or 0) != before)

    def draw(self, number: int, face: Corners) -> None:
        """Go to a picture and draw a head around a face."""
        self.go_to(number)
        before = self.page.locator(".track").count()
        self.page.keyboard.press("d")
        stage = self.page.locator("videtur-redaction-stage svg").bounding_box()
        assert stage is not None
        box = Box(*face).grown(0.35, 0.45, 0.35)
        left, top = max(box.left, 0), max(box.top, 0)
        right, bottom = min(box.right, self.clip.width), min(box.bottom, self.clip.height)
        across, down = stage["width"] / self.clip.width, stage["height"] / self.clip.height
        self.page.mouse.move(stage["x"] + left * across, stage["y"] + top * down)
        self.page.mouse.down()
        self.page.mouse.move(stage["x"] + right * across, stage["y"] + bottom * down)
        self.page.mouse.up()
        self.page.keyboard.press("Enter")
        self._until(lambda: self.page.locator(".track").count() > before)
        self.drawn += 1

    def go_to(self, number: int) -> None:
        """Step to a picture by keys, from the first one."""
        self.page.keyboard.press("Home")
        for _ in range(number):
            self.page.keyboard.press(".")
        shown = self.page.locator("videtur-redaction [data-pts]")
        self._until(lambda: shown.inner_text() == str(self.times[number]))

    def sign(self) -> None:
        """Sign every shot that is not."""
        shots = self.page.locator(".shots li")
        for place in range(shots.count()):
            shot = shots.nth(place)
            if "waits" in (shot.locator(".tag").get_attribute("class") or ""):
                shot.get_by_role("button", name="Sign this shot").click()
                self._until(
                    lambda one=shot: "waits" not in (one.locator(".tag").get_attribute("class") or "")
                )

    def _until(self, holds: Any) -> None:
        for _ in range(600):
            if holds():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError("the page did not follow within half a minute")


def _track(told: dict[str, Any]) -> Track:
    frames = tuple(
        KeyFrame(pts, Box(left, top, right, bottom), None, outside)
        for pts, left, top, right, bottom, outside in told["key_frames"]
    )
    return Track(told["id"], told["kind"], frames, "page")


def review(clip: Clip, folder: Path) -> Review:
    workspace = folder / "workspace"
    secret = folder / "password"
    secret.write_text(PASSWORD)
    videtur(workspace, "init", str(workspace), "--username", "ana", "--password-file", str(secret))
    (line,) = videtur(workspace, "intake", str(clip.path), "--case", "review", "--json").splitlines()
    videtur(workspace, "examine", "--wait")
    item = json.loads(line)["item"]
    with served(workspace) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--mute-audio"]
        )
        page = browser.new_context(base_url=address, viewport={"width": 1600, "height": 1100}).new_page()
        page.goto("/accounts/login/")
        page.get_by_label("Username").fill("ana")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_label("Password").press("Enter")
        page.wait_for_url(f"{address}/")
        reviewer = Reviewer(page, clip, f"/cases/review/items/{item}/redaction/")
        page.goto(reviewer.address)
        page.get_by_label("Also writing").uncheck()
        page.get_by_role("button", name="Look for what must not be shown").click()
        videtur(workspace, "examine", "--wait")
        reviewer.open()
        bare, whole = reviewer.bare()
        before, first = len(bare), whole
        begun = time.monotonic()
        reviewer.settle()
        while bare and reviewer.drawn < MOST_BOXES:
            number, _, face = bare[len(bare) // 2]
            reviewer.draw(number, face)
            bare, whole = reviewer.bare()
        reviewer.sign()
        lasted = time.monotonic() - begun
        rounds = _copies(page, reviewer, workspace)
        bare, whole = reviewer.bare()
        browser.close()
    persons = len({name for faces in clip.faces.values() for name in faces})
    return Review(
        persons, first, whole, before, len(bare), reviewer.drawn, reviewer.confirmed, rounds, round(lasted, 1)
    )


def _copies(page: Page, reviewer: Reviewer, workspace: Path) -> int:
    """Make the copy until it is found in order; how often that took."""
    for number in range(1, ROUNDS + 1):
        page.get_by_role("button", name="Make the masked copy").click()
        videtur(workspace, "examine", "--wait")
        reviewer.open()
        if page.get_by_text("Watch the masked copy").count():
            return number
        page.get_by_role("button", name="Mask what was seen again").click()
        reviewer.open()
        reviewer.settle()
        reviewer.sign()
    raise AssertionError("the copy was never found in order")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="*", choices=list(VERSIONS), default=list(VERSIONS))
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    results: dict[str, Review] = {}
    whole = annotated(DATA)
    for name in arguments.only:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            height, crf = VERSIONS[name]
            results[name] = review(degraded(whole, folder / "clip.mp4", height, crf), folder)
        one = results[name]
        print(
            f"{name}: persons protected {one.protected_before} -> {one.protected_after} of {one.persons}; "
            f"bare faces {one.bare_before} -> {one.bare_after}; {one.boxes_drawn} boxes drawn, "
            f"{one.tracks_confirmed} tracks confirmed, {one.rounds} copies made, {one.review_seconds} s"
        )
    if arguments.out:
        arguments.out.write_text(json.dumps({name: asdict(one) for name, one in results.items()}, indent=1))


if __name__ == "__main__":
    main()

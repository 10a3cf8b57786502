"""A real workspace, served by the real command, in front of a real Chromium."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.browser.films import Numbered, write_film, write_sound

PASSWORD = "quiet-lantern-97-harbour"
CASE = "browser-case"
SWITCHES = [
    # A test runs as whoever it runs as; Chromium refuses its own sandbox to root.
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--mute-audio",
]


@dataclass(frozen=True)
class House:
    """A served workspace and what is in it."""

    address: str
    root: Path
    items: dict[str, str]
    """File name -> digest."""
    film: Numbered
    environment: dict[str, str]

    def item(self, name: str) -> str:
        """Address of an item's page."""
        return f"{self.address}/cases/{CASE}/items/{self.items[name]}/"

    def run(self, *words: str, allowed: tuple[int, ...] = (0,)) -> str:
        """Run the command line in the workspace; what it says on standard output."""
        return _videtur(self.environment, *words, allowed=allowed)


@dataclass
class Watch:
    """What a browser did and said."""

    hosts: set[str] = field(default_factory=set[str])
    complaints: list[str] = field(default_factory=list[str])

    def heard(self, message: ConsoleMessage) -> None:
        """Keep what the page complains of. A refused request is told by the page itself, where it matters."""
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)


def _videtur(environment: dict[str, str], *words: str, allowed: tuple[int, ...] = (0,)) -> str:
    command = [sys.executable, "-c", "from videtur.cli.main import main; main()", *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode in allowed, f"videtur {' '.join(words)}: {done.stderr[-2000:]}"
    return done.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(150):
        assert server.poll() is None, "videtur serve ended by itself"
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2) as answer:  # noqa: S310 - loopback
                assert json.load(answer)["ok"]
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise AssertionError("videtur serve did not answer within half a minute")


# "package", not "session": while Playwright runs, Django refuses its database to the tests of other folders.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a line to anywhere."""
    path = os.environ.get("VIDETUR_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no Chromium here (apt-get install chromium, or set VIDETUR_CHROMIUM)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Made, filled, examined and served by the command line, as a person would."""
    folder = tmp_path_factory.mktemp("house")
    films = folder / "films"
    films.mkdir()
    film = write_film(films / "street.mp4", seed=1)
    write_film(films / "street-again.mp4", seed=1, quality="34")
    write_film(films / "yard.mp4", seed=2, pictures=90)
    write_sound(films / "voice.wav")
    root = folder / "workspace"
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("VIDETUR_", "DJANGO_"))
    }
    password = folder / "password"
    password.write_text(PASSWORD)
    _videtur(environment, "init", str(root), "--username", "ana", "--password-file", str(password))
    environment["VIDETUR_WORKSPACE"] = str(root)
    told = _videtur(environment, "intake", str(films), "--case", CASE, "--json").splitlines()
    items = {Path(each["path"]).name: str(each["item"]) for each in map(json.loads, told)}
    _videtur(environment, "examine", "--wait")
    port = _free_port()
    command = [
        sys.executable,
        "-c",
        "from videtur.cli.main import main; main()",
        "serve",
        "--port",
        str(port),
    ]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address, server)
            yield House(address, root, items, film, environment)
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


@pytest.fixture
def watch() -> Watch:
    """What the browser of this test did and said; a test may forgive a complaint by removing it."""
    return Watch()


@pytest.fixture
def context(chromium: Browser, house: House, watch: Watch) -> Iterator[BrowserContext]:
    """A fresh browser profile. Afterwards: it asked no other host for anything, and no policy was broken."""
    context = chromium.new_context(
        base_url=house.address, viewport={"width": 1440, "height": 1000}, color_scheme="dark"
    )
    context.set_default_timeout(15_000)
    context.on("request", lambda request: watch.hosts.add(str(urlsplit(request.url).netloc)))
    context.on("console", watch.heard)
    context.on("weberror", lambda error: watch.complaints.append(str(error.error)))
    yield context
    context.close()
    assert watch.hosts <= {urlsplit(house.address).netloc}, "a request left for another host"
    assert not watch.complaints


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """One tab, not signed in."""
    return context.new_page()


@pytest.fixture
def signed_in(page: Page, house: House) -> Page:
    """One tab of somebody who is signed in."""
    page.goto("/accounts/login/")
    page.get_by_label("Username").fill("ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")
    page.wait_for_url(f"{house.address}/")
    return page

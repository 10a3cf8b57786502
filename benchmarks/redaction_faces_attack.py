"""Whether faces under a solid fill can still be told apart by a machine. One command:

    python benchmarks/redaction_faces_attack.py [--out FILE.json]

The clip of the test data is masked as `videtur redact` masks it, and its pictures are given to an attacker:
the face descriptor of dlib (a residual network, out of the package face-recognition-models). Of each person
he knows the faces of every other second of the film (gallery), and names those of the seconds between
(probes). *Naive*: he knows bare faces. *Parrot*: he knows faces masked as the probes are. Chance is one over
the number of persons; equal distances share the point. Intervals: bootstrap over the probes.

*Face*: the annotated box alone, where the masks cover it wholly. *Around*: twice as wide and high; there
hair, clothes, the mask's size and the neighbours show, and in this clip people keep their places, so naming
by place is counted as naming.

    pip install --no-deps dlib-bin==20.0.1.post1 face-recognition-models==0.3.0
"""

import argparse
import importlib
import importlib.util
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from tests.engines.redaction.faces import Clip, Corners, annotated, times_of
from videtur.engines.media.sandbox import DecodingSandbox
from videtur.engines.redaction.finding import find
from videtur.engines.redaction.plan import RedactionPlan
from videtur.engines.redaction.rendering import render
from videtur.pipeline.face_detectors import load_detectors

DATA = Path(os.environ.get("VIDETUR_TEST_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
CHIP = 150
FEWEST = 8
"""Boxes on either side that a person must have to take part."""
SECOND = 30
Floats = NDArray[np.float64]
Faces = Mapping[str, tuple[Floats, Floats]]
"""By person: descriptors of the gallery and of the probes, rows of 128."""


def attacker() -> Any:
    models = importlib.util.find_spec("face_recognition_models")
    if models is None or importlib.util.find_spec("dlib") is None:
        sys.exit("dlib-bin and face-recognition-models are not installed: see --help")
    assert models.submodule_search_locations
    path = Path(models.submodule_search_locations[0], "models", "dlib_face_recognition_resnet_model_v1.dat")
    return importlib.import_module("dlib").face_recognition_model_v1(str(path))


def masked(clip: Clip, target: Path) -> RedactionPlan:
    with DecodingSandbox() as sandbox, clip.path.open("rb") as source, target.open("w+b") as copy:
        found = find(source, sandbox, load_detectors())
        plan = RedactionPlan("0" * 64, found.picture, found.tracks, found.shots, detectors=found.detectors)
        render(source, copy.fileno(), sandbox, plan, seed=os.urandom(32))
    return plan


def pictures(path: Path) -> Iterator[NDArray[np.uint8]]:
    with av.open(str(path)) as film:
        for frame in film.decode(video=0):
            yield np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)


def covered(plan: RedactionPlan, pts: int, box: Corners) -> bool:
    return any(
        mask.left <= box[0] and mask.top <= box[1] and mask.right >= box[2] and mask.bottom >= box[3]
        for mask in plan.masked_at(pts)
    )


def described(path: Path, clip: Clip, plan: RedactionPlan, model: Any, wider: float) -> Faces:
    times = list(times_of(clip.path))
    found: dict[str, tuple[list[Floats], list[Floats]]] = {}
    for number, picture in enumerate(pictures(path)):
        for name, box in clip.faces.get(number, {}).items():
            if not covered(plan, times[number], box):
                continue
            across, down = (box[2] - box[0]) * wider, (box[3] - box[1]) * wider
            left, top = max(0, round(box[0] - across)), max(0, round(box[1] - down))
            part = picture[top : round(box[3] + down), left : round(box[2] + across)]
            if min(part.shape[:2]) < 8:
                continue
            chip = cv2.resize(part, (CHIP, CHIP), interpolation=cv2.INTER_AREA)
            row = np.asarray(model.compute_face_descriptor(np.ascontiguousarray(chip)), np.float64)
            found.setdefault(name, ([], []))[number // SECOND % 2].append(row)
    return {
        name: (np.stack(gallery), np.stack(probes))
        for name, (gallery, probes) in found.items()
        if len(gallery) >= FEWEST and len(probes) >= FEWEST
    }


def named(gallery: Faces, probes: Faces) -> tuple[float, float, float, int, int]:
    """Share of probes named rightly with its interval, how many probes, and how many persons."""
    people = sorted(set(gallery) & set(probes))
    means = np.stack([gallery[name][0].mean(axis=0) for name in people])
    points: list[float] = []
    for at, name in enumerate(people):
        for row in probes[name][1]:
            far = np.linalg.norm(means - row, axis=1)
            nearest = np.flatnonzero(far <= far.min() + 1e-9)
            points.append(float(at in nearest) / len(nearest))
    draws = np.random.default_rng(1).choice(points, (2000, len(points)))
    low, high = np.percentile(draws.mean(axis=1), [2.5, 97.5])
    return float(np.mean(points)), float(low), float(high), len(points), len(people)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    model, clip = attacker(), annotated(DATA)
    results: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "copy.mp4")
        plan = masked(clip, copy)
        for region, wider in (("face", 0.0), ("around", 0.5)):
            bare = described(clip.path, clip, plan, model, wider)
            hidden = described(copy, clip, plan, model, wider)
            for name, gallery, probes in (
                ("bare", bare, bare),
                ("masked, naive", bare, hidden),
                ("masked, parrot", hidden, hidden),
            ):
                share, low, high, count, people = named(gallery, probes)
                results[f"{region}: {name}"] = [share, low, high, count, people]
                print(
                    f"{region:7} {name:15} {share:6.1%} [{low:.1%}, {high:.1%}]  chance {1 / people:.1%}, "
                    f"{count} probes of {people} persons"
                )
    if arguments.out:
        arguments.out.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()

"""Runs the engine over the queries, through its public functions only, and keeps what it said."""

import ast
import hashlib
import importlib.util
import json
import pickle
import resource
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2

from benchmarks.copies.sources import Source, gallery_path
from videtur.engines.copies.decision import SharedFootage
from videtur.engines.copies.descriptor_match import DescriptorFinder
from videtur.engines.copies.descriptor_model import DescriptorModel
from videtur.engines.copies.fingerprint import Fingerprints
from videtur.engines.copies.index import CopyIndex
from videtur.engines.copies.reading import fingerprints_of
from videtur.engines.media.sandbox import DecodingSandbox
from videtur.errors import VideturError
from videtur.pipeline.descriptor_folder import place_at

_READING = "videtur.engines.copies.reading"
_SEARCHING = "videtur.engines.copies.index"


def _imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {name for name in found if name.startswith("videtur.engines")}


def version_of(*modules: str) -> str:
    """A digest of the source of modules and of all of the engines that they import."""
    pending, seen, texts = list(modules), set[str](), dict[str, bytes]()
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            spec = importlib.util.find_spec(name)
        except ModuleNotFoundError:
            spec = None
        if spec is None or spec.origin is None:
            continue
        path = Path(spec.origin)
        texts[name] = path.read_bytes()
        pending += _imported(path)
    digest = hashlib.sha256()
    for name in sorted(texts):
        digest.update(name.encode() + b"\0" + texts[name])
    return digest.hexdigest()[:12]


def versions(gallery: list[Source], model: Path | None = None) -> tuple[str, str]:
    """What the fingerprints depend on, and what the answers depend on: engine, gallery, and model."""
    names = "\n".join(sorted(source.name for source in gallery))
    searched = hashlib.sha256(names.encode()).hexdigest()[:6]
    described = f"-{place_at(model).sha256[:6]}" if model is not None else ""
    return version_of(_READING) + described, f"{version_of(_READING, _SEARCHING)}-{searched}{described}"


def own_cpu() -> float:
    """CPU seconds of this process, without its children."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


@dataclass
class Bench:
    """One process's engine: a sandbox, the gallery in an index, and where answers are kept."""

    sandbox: DecodingSandbox
    index: CopyIndex
    fingerprints: Path
    answers: Path
    model: DescriptorModel | None


_bench: list[Bench] = []


def read(path: Path, name: str) -> tuple[Fingerprints, float]:
    """Fingerprints of a file and the CPU seconds they took, decoding included; kept between runs."""
    bench = _bench[0]
    place, sandbox = bench.fingerprints / f"{name}.pickle", bench.sandbox
    if place.exists():
        # Written by this benchmark, for this version of the classes: see `version_of`.
        return pickle.loads(place.read_bytes())  # noqa: S301
    before = own_cpu() + sandbox.cpu_seconds
    with path.open("rb") as source:
        found = fingerprints_of(source, sandbox, model=bench.model)
    cost = own_cpu() + sandbox.cpu_seconds - before
    draft = place.with_suffix(".part")
    draft.write_bytes(pickle.dumps((found, cost)))
    draft.replace(place)
    return found, cost


def cost_of(kept: Path, name: str) -> float:
    """CPU seconds that reading a file took; nothing for one that was not read."""
    place = kept / f"{name}.pickle"
    return float(pickle.loads(place.read_bytes())[1]) if place.exists() else 0.0  # noqa: S301


def sandboxed(fingerprints: Path, model: Path | None) -> None:
    """Make a process ready to read fingerprints, with a picture descriptor if one is given."""
    cv2.setNumThreads(1)
    fingerprints.mkdir(parents=True, exist_ok=True)
    sandbox = DecodingSandbox()
    sandbox.__enter__()
    loaded = place_at(model).load() if model is not None else None
    finder = DescriptorFinder(loaded.sha256, loaded.background) if loaded is not None else None
    _bench[:] = [Bench(sandbox, CopyIndex(descriptors=finder), fingerprints, fingerprints, loaded)]


def read_gallery(source: Source, clips: Path, work: Path) -> None:
    """Fingerprint one film of the gallery."""
    read(gallery_path(source, clips, work), f"gallery-{source.name}")


def searching(
    gallery: list[Source], fingerprints: Path, model: Path | None, answers: Path, clips: Path, work: Path
) -> None:
    """Make a process ready to search: the whole gallery in one index."""
    sandboxed(fingerprints, model)
    bench = _bench[0]
    bench.answers = answers
    answers.mkdir(parents=True, exist_ok=True)
    for source in gallery:
        path = gallery_path(source, clips, work)
        bench.index.add(source.name, read(path, f"gallery-{source.name}")[0])


def relation_as_json(shared: SharedFootage) -> dict[str, Any]:
    """What the engine says of a pair, in seconds."""
    return {
        "outcome": shared.outcome,
        "score": float(shared.score),
        "speed": float(shared.speed),
        "transform": list(shared.transform),
        "segments": [
            [
                [float(part.start.instant), float(part.end.instant)]
                for part in (segment.query, segment.reference)
            ]
            for segment in shared.segments
        ],
    }


def kept_answer(answers: Path, name: str) -> dict[str, Any] | None:
    """What was said of a query in an earlier run of the same version."""
    kept = answers / f"{name}.json"
    return json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else None


def answer(path: Path) -> dict[str, Any]:
    """Search one query in the whole gallery and keep the answer."""
    bench = _bench[0]
    kept = bench.answers / f"{path.stem}.json"
    said: dict[str, Any] = {"query": path.stem, "picture": {}, "sound": {}}
    try:
        fingerprints, said["reading"] = read(path, path.stem)
        parts = (fingerprints.picture, fingerprints.sound)
        said["bytes"] = [len(part.to_bytes()) if part is not None else 0 for part in parts]
        before = own_cpu()
        for shared in bench.index.search(fingerprints):
            for relation in shared.relations:
                known = said[relation.modality].get(shared.name)
                if known is None or known["score"] < float(relation.score):
                    said[relation.modality][shared.name] = relation_as_json(relation)
        said["searching"] = own_cpu() - before
    except VideturError as refused:
        said["refused"] = str(refused)
    draft = kept.with_suffix(".part")
    draft.write_text(json.dumps(said), encoding="utf-8")
    draft.replace(kept)
    return said

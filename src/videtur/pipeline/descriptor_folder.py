"""Picture descriptors among the models: making their folder complete, and finding the one that is meant."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import tomli_w

from videtur.engines.copies.descriptor_model import BACKGROUND, DECLARATION, Declaration, DescriptorModel
from videtur.errors import WrongUsage

_USED = (".onnx", ".npy", ".data", ".bin")
_ACCOMPANYING = ("LICENSE", "LICENCE", "COPYING", "NOTICE", "README")


@dataclass(frozen=True, slots=True)
class DescriptorPlace:
    """Where a model lies that may never have been added: its folder or graph, and what it is called."""

    path: Path
    name: str
    sha256: str

    def load(self, threads: int = 1) -> DescriptorModel:
        """The model, ready. Raises WrongUsage when it cannot be used."""
        return _loaded(self.path, self.sha256, threads)


@cache
def _loaded(path: Path, sha256: str, threads: int) -> DescriptorModel:
    return DescriptorModel(path, sha256=sha256, threads=threads)


def files_of(graph: Path) -> list[Path]:
    """A graph given by itself, with what belongs to it and lies beside it."""
    beside = [graph.with_name(DECLARATION), graph.with_name(BACKGROUND)]
    papers = [path for path in graph.parent.iterdir() if path.name.upper().startswith(_ACCOMPANYING)]
    # A large graph keeps its numbers in files of its own, named after it.
    weights = [path for path in graph.parent.glob(f"{graph.name}*") if path != graph]
    return sorted(path for path in {graph, *beside, *papers, *weights} if path.is_file())


def complete(folder: Path) -> None:
    """Write down what the graph takes and gives, and the background it is judged against.

    Both then belong to the model's files, so its digest stands for all that its results depend on.
    Raises WrongUsage when the folder holds no descriptor that can be used.
    """
    model = DescriptorModel(folder, sha256="")
    background = model.background
    if not (folder / DECLARATION).is_file():
        text = tomli_w.dumps({"descriptor": _as_table(model.declaration)})
        (folder / DECLARATION).write_text(text, encoding="utf-8")
    if not (folder / BACKGROUND).is_file():
        np.save(folder / BACKGROUND, background.astype(np.float16))


def place_at(path: Path) -> DescriptorPlace:
    """A folder or a graph used where it lies, known by the SHA-256 of what is used of it."""
    if not path.exists():
        raise WrongUsage(f"{path} is not there", remedy="Name a model, its folder, or its .onnx file")
    files = sorted(each for each in path.iterdir() if each.is_file()) if path.is_dir() else files_of(path)
    used = [
        each
        for each in files
        if each.suffix in (".onnx", ".npy", ".data", ".bin") or each.name == DECLARATION
    ]
    lines = "".join(f"{_sha256_of(each)}  {each.name}\n" for each in sorted(used, key=lambda each: each.name))
    return DescriptorPlace(path, path.stem, hashlib.sha256(lines.encode()).hexdigest())


def _as_table(declaration: Declaration) -> dict[str, object]:
    table: dict[str, object] = {
        "file": declaration.file,
        "input": declaration.input,
        "output": declaration.output,
        "layout": declaration.layout,
        "type": declaration.type,
        "colours": declaration.colours,
        "scale": declaration.scale,
        "mean": list(declaration.mean),
        "deviation": list(declaration.deviation),
        "dimension": declaration.dimension,
    }
    if declaration.size is not None:
        table["size"] = list(declaration.size)
    return table


def _sha256_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as problem:
        raise WrongUsage(f"{path} cannot be read", problem.strerror or "") from problem

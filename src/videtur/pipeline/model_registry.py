"""The models that engines may use: named, licensed, known by digest, brought by a person and never fetched.

A model is a folder with a `model.toml` and the model's files, in the workspace's `models` folder or in an
installed Python package that announces itself (entry point group `videtur.models`, naming the package
whose folder it is). Its digest is the SHA-256 of the lines `<sha256>  <path>` of its files, sorted by
path: what `sha256sum` prints, digested once more.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import re
import secrets
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import tomli_w

from videtur.errors import Refused, WrongUsage
from videtur.pipeline import descriptor_folder
from videtur.storage.durable_files import disk_errors, replace_file, sync_file, sync_folder
from videtur.workspace import Workspace

MANIFEST = "model.toml"
ENTRY_POINTS = "videtur.models"
PICTURE_DESCRIPTOR = "picture-descriptor"
KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"speech": ("model.bin", "config.json"), PICTURE_DESCRIPTOR: ()}
)
"""What a model can be for, and the files that one of the kind must have (speech: faster-whisper's form;
a picture descriptor is an ONNX graph of any name, see `descriptor_folder`)."""
_ADDING = ".adding-"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}")
_FIELDS = ("name", "version", "kind", "licence", "origin", "sha256")


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model that is there. `where` says for a person how it came to be on this machine."""

    name: str
    version: str
    kind: str
    licence: str
    origin: str
    sha256: str
    files: Mapping[str, str]
    folder: Path
    where: str

    @property
    def size(self) -> int:
        """Bytes of all its files that are there."""
        return sum(path.stat().st_size for name in self.files if (path := self.folder / name).is_file())


@dataclass(frozen=True, slots=True)
class BrokenModel:
    """A folder that should be a model and is none."""

    folder: Path
    problem: str


def installed_models(workspace: Workspace | None) -> list[InstalledModel | BrokenModel]:
    """All models, the workspace's first; without one, those of packages.

    Reads manifests alone; the files are not hashed (see `verify`).
    """
    inside = _folders_in(workspace.models) if workspace else []
    folders = [(folder, "the workspace") for folder in inside]
    return [_read(folder, where) for folder, where in (*folders, *_package_folders())]


def choose_model(workspace: Workspace | None, kind: str) -> InstalledModel | None:
    """The model to use for a kind: the largest there is, as the most able one; None if there is none."""
    fit = [
        model
        for model in installed_models(workspace)
        if isinstance(model, InstalledModel) and model.kind == kind
    ]
    return max(fit, key=lambda model: (model.size, model.name, model.version), default=None)


def model_at(folder: Path) -> InstalledModel | BrokenModel:
    """The model in a folder that is no workspace's, such as a package's or one on a disk."""
    return _read(folder, "a folder named outright")


def verify(model: InstalledModel) -> list[str]:
    """Hash every file; return one line for each that differs from the manifest."""
    problems: list[str] = []
    for name, expected in model.files.items():
        path = model.folder / name
        try:
            if path.is_symlink() or _sha256_of(path) != expected:
                problems.append(f"{path} differs from its manifest")
        except OSError as problem:
            problems.append(f"{path} cannot be read ({problem.strerror})")
    if digest_of(model.files) != model.sha256:
        problems.append(f"{model.folder / MANIFEST} does not agree with itself")
    return problems


_TRUSTED: set[tuple[Path, str]] = set()
"""Models whose files this process has hashed."""


def checked(model: InstalledModel) -> Path:
    """The model's folder, its files hashed once a process: the record names the model by its digest."""
    if (model.folder, model.sha256) not in _TRUSTED:
        if problems := verify(model):
            raise Refused(
                f"The model {model.name} cannot be trusted",
                "; ".join(problems),
                "Add it again: videtur models add",
            )
        _TRUSTED.add((model.folder, model.sha256))
    return model.folder


def digest_of(files: Mapping[str, str]) -> str:
    """The digest of a model from those of its files."""
    lines = "".join(f"{files[name]}  {name}\n" for name in sorted(files))
    return hashlib.sha256(lines.encode()).hexdigest()


def add_model(
    workspace: Workspace, source: Path, *, name: str, version: str, kind: str, licence: str, origin: str
) -> InstalledModel:
    """Copy a model's folder into the workspace and note what it is. Raises WrongUsage if it is none."""
    if not _NAME.fullmatch(name) or not _NAME.fullmatch(version):
        raise WrongUsage("Name and version take letters, digits and . _ - (81 at most)")
    if not source.is_dir() and kind != PICTURE_DESCRIPTOR:
        raise WrongUsage(f"{source} is no folder", remedy="Give the folder that holds the model's files")
    for needed in _needed_files(kind):
        if not (source / needed).is_file():
            raise WrongUsage(
                f"{source} is no model for {kind}", f"It holds no {needed}", "Give the folder that does"
            )
    target = workspace.models / f"{name}-{version}"
    if target.exists():
        raise WrongUsage(f"{target} is there already", remedy="Give another --name or --version")
    adding = workspace.models / f"{_ADDING}{secrets.token_hex(4)}"
    with disk_errors("copy the model to", adding):
        try:
            _copy(source, adding)
            if kind == PICTURE_DESCRIPTOR:
                descriptor_folder.complete(adding)
            files = _durable(adding)
            facts = {
                "name": name,
                "version": version,
                "kind": kind,
                "licence": licence,
                "origin": origin,
                "sha256": digest_of(files),
            }
            replace_file(adding / MANIFEST, tomli_w.dumps({"model": facts, "files": files}).encode(), 0o644)
            adding.rename(target)
        finally:
            shutil.rmtree(adding, ignore_errors=True)
    sync_folder(workspace.models)
    added = _read(target, "the workspace")
    assert isinstance(added, InstalledModel)  # noqa: S101 - written just now
    return added


def _needed_files(kind: str) -> tuple[str, ...]:
    try:
        return KINDS[kind]
    except KeyError:
        raise WrongUsage(f"No step takes a model for {kind!r}", remedy=f"Use: {', '.join(KINDS)}") from None


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        files = {path: path.relative_to(source) for path in _files_below(source)}
    else:
        files = {path: Path(path.name) for path in descriptor_folder.files_of(source)}
    for path, name in files.items():
        copied = target / name
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copied)


def _durable(folder: Path) -> dict[str, str]:
    """Make sure that every file is on the disk; return their digests by name."""
    files: dict[str, str] = {}
    for path in _files_below(folder):
        sync_file(path)
        files[path.relative_to(folder).as_posix()] = _sha256_of(path)
    for parent in {(folder / name).parent for name in files}:
        sync_folder(parent)
    return dict(sorted(files.items()))


def _files_below(source: Path) -> Iterator[Path]:
    for path in sorted(source.rglob("*")):
        if path.is_symlink() and not path.is_file():
            raise WrongUsage(f"{path} points to nothing that could be copied")
        if path.is_file() and path.name != MANIFEST:
            yield path


def _folders_in(models: Path) -> list[Path]:
    if not models.is_dir():
        return []
    return sorted(path for path in models.iterdir() if path.is_dir() and not path.name.startswith("."))


def _package_folders() -> Iterator[tuple[Path, str]]:
    """The folders of packages that announce a model, found without running any of their code."""
    for entry in importlib.metadata.entry_points(group=ENTRY_POINTS):
        spec = importlib.util.find_spec(entry.value.partition(".")[0])
        if spec is None or not spec.submodule_search_locations:
            continue
        inside = entry.value.split(".")[1:]
        distribution = entry.dist.name if entry.dist else entry.value
        yield Path(spec.submodule_search_locations[0], *inside), f"the package {distribution}"


def _read(folder: Path, where: str) -> InstalledModel | BrokenModel:
    try:
        with (folder / MANIFEST).open("rb") as file:
            manifest = tomllib.load(file)
        facts = {field: str(manifest["model"][field]) for field in _FIELDS}
        files = {str(name): str(digest) for name, digest in manifest["files"].items()}
    except FileNotFoundError:
        return BrokenModel(folder, f"no {MANIFEST}; add it with: videtur models add {folder} ...")
    except (
        OSError,
        tomllib.TOMLDecodeError,
        UnicodeDecodeError,
        KeyError,
        TypeError,
        AttributeError,
    ) as problem:
        return BrokenModel(folder, f"{MANIFEST} cannot be read ({problem})")
    if any(os.path.isabs(name) or ".." in Path(name).parts for name in files):  # noqa: PTH117 - a text
        return BrokenModel(folder, f"{MANIFEST} names files outside the folder")
    return InstalledModel(**facts, files=MappingProxyType(files), folder=folder, where=where)


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

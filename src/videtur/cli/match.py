"""`videtur match`: which files share footage or sound with which others, and where. Needs no workspace."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource
from rich.console import Console
from rich.table import Table

from videtur.cli.environment import Progress, complain, json_option, print_json_line
from videtur.engines.copies.comparison import COMPARISON_VERSION
from videtur.engines.copies.decision import MATCH_THRESHOLD, SharedFootage, whole_file
from videtur.engines.copies.descriptor_match import DescriptorFinder
from videtur.engines.copies.descriptor_model import DescriptorModel
from videtur.engines.copies.fingerprint import ENGINE_NAME, Fingerprints
from videtur.engines.copies.index import CopyIndex
from videtur.engines.copies.reading import fingerprints_of
from videtur.engines.media.sandbox import DecodingSandbox
from videtur.engines.media.timecode import MediaInterval
from videtur.errors import Refused, WrongUsage
from videtur.pipeline.descriptor_choice import chosen_descriptor
from videtur.pipeline.descriptor_folder import DescriptorPlace
from videtur.workspace import ENVIRONMENT_VARIABLE, Workspace, read_workspace

_NOT_MEDIA = frozenset(
    {".csv", ".html", ".json", ".log", ".md", ".pdf", ".srt", ".toml", ".txt", ".vtt", ".yaml"}
)
"""Files of a folder with these endings are passed over; named outright, they are tried and refused."""


@dataclass(frozen=True)
class _File:
    path: Path
    sha256: str
    fingerprints: Fingerprints


class _Reader:
    """Fingerprints each file once, however often it is named; counts what was refused."""

    def __init__(self, sandbox: DecodingSandbox, model: DescriptorModel | None) -> None:
        self._sandbox = sandbox
        self._model = model
        self._done: dict[Path, _File | None] = {}
        self.refused = 0

    def read(self, path: Path) -> _File | None:
        """The file, or None when it was refused, which was then said."""
        place = path.resolve()
        if place not in self._done:
            try:
                self._done[place] = self._open(path)
            except Refused as problem:
                complain(f"{os.fsencode(path).decode(errors='replace')}: {problem.explain()}")
                self._done[place] = None
            self.refused += self._done[place] is None
        return self._done[place]

    def _open(self, path: Path) -> _File:
        try:
            if not path.is_file():
                raise Refused("It is not a file", remedy="Name a file that is there")
            with path.open("rb") as source:
                digest = hashlib.file_digest(source, "sha256").hexdigest()
                source.seek(0)
                fingerprints = fingerprints_of(source, self._sandbox, model=self._model)
        except OSError as problem:
            raise Refused(
                "It cannot be read", problem.strerror or "", "Check that you may open it"
            ) from problem
        return _File(path, digest, fingerprints)


class _TakesMany(click.Command):
    """`--against` takes every name up to the next option, as a shell's pattern gives them."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `--against` in front of each name that follows one."""
        spread: list[str] = []
        taking = False
        for argument in args:
            if argument == "--against":
                taking = True
                continue
            if argument.startswith("-") and argument != "-":
                taking = False
            spread += ["--against", argument] if taking else [argument]
        return super().parse_args(ctx, spread)


@click.command(cls=_TakesMany)
@click.argument("queries", metavar="QUERY...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--against",
    metavar="DIR_OR_FILES...",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    help="Files to compare with, and folders with everything below them: all names up to the next option.",
)
@click.option(
    "--all", "everything", is_flag=True, help="Also show pairs under the threshold with any evidence."
)
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1),
    default=float(MATCH_THRESHOLD),
    show_default=True,
    help="The least score that counts as a match; what lies under the default is not shown to be a copy.",
)
@click.option(
    "--modality",
    type=click.Choice(["both", "picture", "sound"]),
    default="both",
    show_default=True,
    help="What to compare by.",
)
@click.option(
    "--model",
    "model_given",
    metavar="DIR_OR_NAME",
    help="A picture descriptor to find and rank by as well: its name in the workspace, its folder, or its "
    ".onnx file. Default: the one that the workspace has, if a workspace is named. `none`: no model.",
)
@click.option(
    "--workspace",
    type=click.Path(path_type=Path, file_okay=False),
    envvar=ENVIRONMENT_VARIABLE,
    show_envvar=True,
    help="A workspace whose picture descriptor to use. Nothing else of it is read.",
)
@click.option("--expect-match", is_flag=True, help="Exit with 1 when nothing matched.")
@json_option
@click.pass_context
def command(
    context: click.Context,
    queries: tuple[Path, ...],
    against: tuple[Path, ...],
    everything: bool,
    threshold: float,
    modality: str,
    model_given: str | None,
    workspace: Path | None,
    expect_match: bool,
    as_json: bool,
) -> None:
    """Find which QUERY files share footage or sound with which references, and where.

    A match by picture says that both files carry the same recording; a match by sound says no more than
    that the sound recurs.

    A picture descriptor finds more candidates and betters their order. Whether a pair is the same footage is
    decided by motion, with a model as without.
    """
    place = chosen_descriptor(model_given, _workspace(context, workspace))
    model = None if place is None or modality == "sound" else place.load()
    engine = _engine(place)
    matched = 0
    rows: list[dict[str, Any]] = []
    named = _references(against)
    with DecodingSandbox() as sandbox, Progress("Comparing", len(named) + len(queries)) as progress:
        reader = _Reader(sandbox, model)
        index = CopyIndex(
            descriptors=None if model is None else DescriptorFinder(model.sha256, model.background)
        )
        references: dict[str, tuple[_File, bool]] = {}
        for path, outright in named:
            file = reader.read(path)
            if file is not None:
                references[str(path)] = (file, outright)
                index.add(str(path), file.fingerprints)
            progress.advance()
        for path in queries:
            query = reader.read(path)
            found = () if query is None else _matches(query, references, index, modality)
            for reference, relations in found:
                row = _row(path, reference, relations, threshold, everything=everything)
                if row is None:
                    continue
                row["engine"] = engine
                matched += row["score"] >= threshold
                if as_json:
                    print_json_line(row)
                rows.append(row)
            progress.advance()
    if not as_json:
        _show(rows)
    if reader.refused:
        context.exit(3)
    if expect_match and not matched:
        context.exit(1)


def _workspace(context: click.Context, given: Path | None) -> Workspace | None:
    """The workspace named, if any. This verb needs none: one that the environment names wrongly is told."""
    if given is None:
        return None
    try:
        return read_workspace(given)
    except WrongUsage as problem:
        if context.get_parameter_source("workspace") is not ParameterSource.ENVIRONMENT:
            raise
        complain(f"{ENVIRONMENT_VARIABLE}: {problem.explain()}")
        return None


def _engine(place: DescriptorPlace | None) -> dict[str, object]:
    model = None if place is None else {"name": place.name, "sha256": place.sha256}
    return {"name": ENGINE_NAME, "version": COMPARISON_VERSION, "model": model}


def _references(against: Sequence[Path]) -> list[tuple[Path, bool]]:
    """Every file to compare with, once, and whether it was named outright."""
    found: dict[Path, bool] = {}
    for path in against:
        if path.is_dir():
            for below in _files_below(path):
                found.setdefault(below, False)
        else:
            found[path] = True
    return list(found.items())


def _files_below(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(place, name)
            if path.suffix.lower() not in _NOT_MEDIA and not name.startswith(".") and path.is_file():
                yield path


def _matches(
    query: _File, references: dict[str, tuple[_File, bool]], index: CopyIndex, modality: str
) -> list[tuple[str, tuple[SharedFootage, ...]]]:
    found: list[tuple[str, tuple[SharedFootage, ...]]] = []
    same: set[str] = set()
    for name, (reference, outright) in references.items():
        if reference.sha256 != query.sha256:
            continue
        same.add(name)
        # Found in a folder on the way, a file is not told to be a copy of itself.
        if outright or not reference.path.samefile(query.path):
            found.append((name, _only(whole_file(query.fingerprints), modality)))
    picture, sound = modality != "sound", modality != "picture"
    shared = index.search(query.fingerprints, leave_out=same, picture=picture, sound=sound)
    return [*found, *((each.name, each.relations) for each in shared)]


def _only(relations: tuple[SharedFootage, ...], modality: str) -> tuple[SharedFootage, ...]:
    return tuple(relation for relation in relations if modality in ("both", relation.modality))


def _row(
    query: Path, reference: str, relations: Sequence[SharedFootage], threshold: float, *, everything: bool
) -> dict[str, Any] | None:
    """The line of JSON of a pair; None when it has nothing to show."""
    shown = [relation for relation in relations if everything or float(relation.score) >= threshold]
    if not shown:
        return None
    return {
        "query": str(query),
        "reference": reference,
        "score": max(float(relation.score) for relation in shown),
        "segments": [
            {
                "query": _seconds(segment.query),
                "reference": _seconds(segment.reference),
                "modality": relation.modality,
                "transform": list(relation.transform),
                "score": float(segment.score),
            }
            for relation in shown
            for segment in relation.segments
        ],
        "relations": [
            {
                "modality": relation.modality,
                "outcome": relation.outcome,
                "score": float(relation.score),
                "speed": float(relation.speed),
                "transform": list(relation.transform),
                "reasons": list(relation.reasons),
            }
            for relation in shown
        ],
    }


def _seconds(interval: MediaInterval) -> list[float]:
    return [round(float(time.instant), 6) for time in (interval.start, interval.end)]


def _show(rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        click.echo("Nothing matched.")
        return
    table = Table(
        "query", "reference", "score", "by", "where (query -> reference, seconds)", "changes", "why"
    )
    for row in rows:
        for relation in row["relations"]:
            spans = [
                "{:.2f}-{:.2f} -> {:.2f}-{:.2f}".format(*segment["query"], *segment["reference"])
                for segment in row["segments"]
                if segment["modality"] == relation["modality"]
            ]
            table.add_row(
                Path(row["query"]).name,
                Path(row["reference"]).name,
                f"{relation['score']:.3f}",
                f"{relation['modality']}: {relation['outcome'].replace('_', ' ')}",
                "\n".join(spans),
                ", ".join(relation["transform"]),
                "\n".join(relation["reasons"]),
            )
    console = Console()
    # A pipe has no width of its own; a narrow table there would cut names.
    Console(width=None if console.is_terminal else 220).print(table)

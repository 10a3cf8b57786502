"""`videtur models`: the models of a workspace."""

from pathlib import Path

import click

from videtur.cli.environment import json_option, open_workspace, print_json, workspace_option, writing
from videtur.cli.sizes import shown_size
from videtur.errors import VerificationFailed
from videtur.pipeline.face_detectors import REMEDY, ModelFile, detector_files
from videtur.pipeline.model_registry import (
    KINDS,
    BrokenModel,
    InstalledModel,
    add_model,
    choose_model,
    installed_models,
    verify,
)
from videtur.workspace import find_workspace

_HOW_TO_ADD = {
    "speech": (
        "Nothing is ever downloaded. On a machine with a network, get a Whisper model in faster-whisper's "
        "form (a folder with model.bin, config.json, tokenizer.json and a vocabulary); carry the folder "
        "here; then:\n"
        "  videtur models add FOLDER --kind speech --name whisper-base --version 1 --licence MIT "
        "--origin WHERE"
    ),
    "picture-descriptor": (
        "Copies are found without one; with one, more of the hard ones. On a machine with a network, get "
        "a picture descriptor for copy detection, such as SSCD, as an .onnx file; read its licence; carry "
        "it here; install ONNX Runtime (pip install 'videtur[copies-model]'); then:\n"
        "  videtur models add FILE.onnx --kind picture-descriptor --name sscd --version 1 --licence MIT "
        "--origin WHERE"
    ),
}


@click.group(invoke_without_command=True)
@click.pass_context
def group(context: click.Context) -> None:
    """Models that steps may use, such as speech to text. Alone, this lists them.

    Videtur comes without models and never fetches one: what is used is what you brought, and every result
    names it by its digest. A step whose model is missing is skipped and says so.
    """
    if context.invoked_subcommand is None:
        context.invoke(list_models)


@group.command("list")
@workspace_option
@json_option
def list_models(workspace: Path | None, as_json: bool) -> None:
    """List the models that are here, and what is missing."""
    opened = find_workspace(workspace)
    models = installed_models(opened)
    used = {kind: choose_model(opened, kind) for kind in KINDS}
    missing = [kind for kind, model in used.items() if model is None]
    if as_json:
        print_json(
            {
                "models": [_as_json(model, used) for model in models if isinstance(model, InstalledModel)],
                "broken": [
                    {"folder": str(model.folder), "problem": model.problem}
                    for model in models
                    if isinstance(model, BrokenModel)
                ],
                "missing": missing,
                "detectors": [_detector(*each) for each in detector_files()],
            }
        )
        return
    for model in models:
        if isinstance(model, BrokenModel):
            click.echo(f"{model.folder}: {model.problem}")
            continue
        mark = ", used" if model == used.get(model.kind) else ""
        click.echo(
            f"{model.name} {model.version}  {model.kind}{mark}, {shown_size(model.size)}, {model.licence}"
        )
        click.echo(f"  from {model.origin}; in {model.where}; sha256 {model.sha256}")
    for kind in missing:
        click.echo(f"{kind}: no model. {_HOW_TO_ADD[kind]}")
    for what, package, file in detector_files():
        if file is None:
            click.echo(f"detector of {what}: not here. {REMEDY}")
        else:
            click.echo(f"detector of {what}: {package} {file.version}")
            click.echo(f"  in the package {package}; sha256 {file.sha256}")


def _detector(what: str, package: str, file: ModelFile | None) -> dict[str, object]:
    return {
        "what": what,
        "package": package,
        "version": None if file is None else file.version,
        "sha256": None if file is None else file.sha256,
    }


@group.command("add")
@click.argument("folder", type=click.Path(path_type=Path, exists=True))
@click.option("--name", required=True, help="What to call it, such as whisper-large-v3.")
@click.option("--version", required=True, help="Which version of it.")
@click.option("--kind", required=True, type=click.Choice(list(KINDS)), help="What it is for.")
@click.option("--licence", required=True, help="Its licence, such as MIT.")
@click.option("--origin", required=True, metavar="WHERE", help="Where you have it from.")
@workspace_option
@json_option
def add(
    folder: Path,
    name: str,
    version: str,
    kind: str,
    licence: str,
    origin: str,
    workspace: Path | None,
    as_json: bool,
) -> None:
    """Copy the model in FOLDER into the workspace and note its digest.

    For speech: a Whisper model in faster-whisper's form, a folder with model.bin, config.json,
    tokenizer.json and a vocabulary. Of several models for one purpose the largest is used.

    For picture-descriptor: a folder with one .onnx graph, or the graph itself. What it takes and gives is
    read from the graph and kept in descriptor.toml beside it. Where a graph does not say enough (how floats
    are normalised), put descriptor.toml there yourself. background.npy, descriptors of footage of no case
    (n, dimension), may lie beside it; without it, pictures drawn by Videtur are described.
    """
    opened = open_workspace(workspace)
    with writing(opened):
        model = add_model(
            opened, folder, name=name, version=version, kind=kind, licence=licence, origin=origin
        )
    if as_json:
        print_json(_as_json(model, {kind: choose_model(opened, kind)}))
    else:
        click.echo(f"Added {model.name} {model.version}, sha256 {model.sha256}")


@group.command("verify")
@workspace_option
@json_option
def verify_models(workspace: Path | None, as_json: bool) -> None:
    """Hash every file of every model and compare with what was noted when it came."""
    problems: list[str] = []
    models = installed_models(find_workspace(workspace))
    for model in models:
        if isinstance(model, BrokenModel):
            problems.append(f"{model.folder}: {model.problem}")
        else:
            problems += verify(model)
    if as_json:
        print_json({"ok": not problems, "models": len(models), "problems": problems})
    else:
        for problem in problems:
            click.echo(problem)
        if not problems:
            click.echo(f"{len(models)} models, all as they came")
    if problems:
        raise SystemExit(VerificationFailed.exit_status)


def _as_json(model: InstalledModel, used: "dict[str, InstalledModel | None]") -> dict[str, object]:
    return {
        "name": model.name,
        "version": model.version,
        "kind": model.kind,
        "licence": model.licence,
        "origin": model.origin,
        "where": model.where,
        "sha256": model.sha256,
        "size": model.size,
        "used": model == used.get(model.kind),
        "files": dict(model.files),
    }

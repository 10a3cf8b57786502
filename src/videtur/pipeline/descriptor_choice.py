"""Which picture descriptor is meant: the one named, else the workspace's, else none."""

from importlib.util import find_spec
from pathlib import Path

from videtur.errors import WrongUsage
from videtur.pipeline.descriptor_folder import DescriptorPlace, place_at
from videtur.pipeline.model_registry import (
    MANIFEST,
    PICTURE_DESCRIPTOR,
    BrokenModel,
    InstalledModel,
    checked,
    choose_model,
    installed_models,
    model_at,
)
from videtur.workspace import Workspace

NO_MODEL = "none"


def chosen_descriptor(given: str | None, workspace: Workspace | None) -> DescriptorPlace | None:
    """The model of that name, folder or file; with none given, the one that a workspace would use.

    Raises WrongUsage when what is named is none, Refused when its files are not what they were.
    """
    if given == NO_MODEL:
        return None
    if given is None:
        found = choose_model(workspace, PICTURE_DESCRIPTOR) if find_spec("onnxruntime") else None
        return None if found is None else _place_of(found)
    known = _descriptors(workspace)
    named = [model for model in known if given in (model.name, f"{model.name}-{model.version}")]
    if named and not Path(given).exists():
        return _place_of(max(named, key=lambda model: model.version))
    path = Path(given)
    if not path.exists():
        names = ", ".join(sorted({model.name for model in known})) or "none"
        raise WrongUsage(
            f"No picture model {given}",
            f"It is no folder or file, and the models known by name are: {names}",
            "Give its folder or .onnx file, or add it: videtur models add",
        )
    if not (path / MANIFEST).is_file():
        return place_at(path)
    model = model_at(path)
    if isinstance(model, BrokenModel):
        raise WrongUsage(f"{path} is no model", model.problem)
    if model.kind != PICTURE_DESCRIPTOR:
        raise WrongUsage(
            f"{path} is a model for {model.kind}", remedy=f"Give one of kind {PICTURE_DESCRIPTOR}"
        )
    return _place_of(model)


def _descriptors(workspace: Workspace | None) -> list[InstalledModel]:
    return [
        model
        for model in installed_models(workspace)
        if isinstance(model, InstalledModel) and model.kind == PICTURE_DESCRIPTOR
    ]


def _place_of(model: InstalledModel) -> DescriptorPlace:
    return DescriptorPlace(checked(model), f"{model.name} {model.version}", model.sha256)

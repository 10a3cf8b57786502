"""Which installed model each step uses now."""

from importlib.util import find_spec

from videtur.pipeline.derivations import Model
from videtur.pipeline.face_detectors import chosen_detectors
from videtur.pipeline.model_registry import choose_model
from videtur.pipeline.steps import STEPS
from videtur.workspace import Workspace

_LIBRARIES = {"speech": "faster_whisper", "picture_descriptor": "onnxruntime"}


def chosen_models(workspace: Workspace) -> dict[str, Model]:
    """Model by step name; a step that takes a model and is not named here is skipped, visibly.

    A step asks for models of the kind that bears its own name (`kind_of`). A model whose library is not
    installed is as good as none.
    """
    models: dict[str, Model] = {}
    for step in STEPS:
        if step.name not in _LIBRARIES or find_spec(_LIBRARIES[step.name]) is None:
            continue
        if found := choose_model(workspace, kind_of(step.name)):
            models[step.name] = Model(f"{found.name} {found.version}", found.sha256)
    if detectors := chosen_detectors():
        models["redaction_find"] = detectors
    return models


def kind_of(step: str) -> str:
    """The kind of model that a step takes: its own name, as it is written on the command line."""
    return step.replace("_", "-")

"""Which installed model each step uses now."""

from videtur.pipeline.derivations import Model
from videtur.workspace import Workspace


def chosen_models(workspace: Workspace) -> dict[str, Model]:
    """Model by step name; a step that takes a model and is not named here is skipped, visibly."""
    del workspace
    return {}

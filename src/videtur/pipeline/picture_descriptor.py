"""What a model makes of the pictures, where one is installed: fed by the one decode pass like the rest."""

from videtur.engines.copies.descriptor import PictureDescriber
from videtur.engines.copies.descriptor_model import DescriptorModel
from videtur.engines.media.events import AnalysisFrame
from videtur.errors import VideturError
from videtur.pipeline.descriptor_choice import chosen_descriptor
from videtur.pipeline.services import Result
from videtur.pipeline.tools import Run
from videtur.workspace import Workspace

STEP = "picture_descriptor"


class Describing:
    """The step during one pass. A model that fails makes this step fail and leaves the others alone."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._model: DescriptorModel | None = None
        self._describer: PictureDescriber | None = None
        self._problem: VideturError | None = None
        if not describes(run):
            return
        try:
            self._model = descriptor_model(run.tools.workspace)
        except VideturError as problem:
            self._problem = problem
        if self._model is not None:
            self._describer = PictureDescriber(self._model, self._model.sha256)

    def add(self, frame: AnalysisFrame) -> None:
        """Take the next picture."""
        if self._describer is None:
            return
        try:
            self._describer.add(frame)
        except VideturError as problem:
            self._describer, self._problem = None, problem

    def results(self, *, pictures: bool) -> list[Result]:
        """What came of it, when the step was wanted."""
        if STEP not in self._run.wanted:
            return []
        if self._run.wanted[STEP].model is None:
            return self._run.skip((STEP,), "no model")
        if self._problem is not None:
            return [self._run.fail(STEP, self._problem)]
        if self._describer is None or self._model is None:
            return self._run.skip((STEP,), "no model")
        if not pictures:
            return self._run.skip((STEP,), "no picture")
        found = self._describer.finish()
        summary = {"row_count": len(found.pts), "providers": list(self._model.providers)}
        return [self._run.keep(STEP, summary, {"fingerprint.bin": found.to_bytes()})]


def describes(run: Run) -> bool:
    """Whether the pass must bring out pictures for this step: not when there is no model for it."""
    return STEP in run.wanted and run.wanted[STEP].model is not None


def descriptor_model(workspace: Workspace) -> DescriptorModel | None:
    """The workspace's picture model, checked and ready; None when it has none."""
    place = chosen_descriptor(None, workspace)
    return None if place is None else place.load()

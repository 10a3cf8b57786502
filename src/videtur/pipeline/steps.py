"""The steps an input goes through: what each is made by, and what it needs before it.

Steps of one group are made by one run over the input and recorded together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from videtur.engines.copies import comparison, descriptor, fingerprint
from videtur.engines.leads import speech
from videtur.engines.media import filmstrip, first_pass, metadata, peaks, preview, probe, shots
from videtur.engines.media.events import PassRequest
from videtur.engines.redaction import finding, rendering
from videtur.pipeline.derivations import Model, Work
from videtur.pipeline.models import Derivation

REQUEST = PassRequest()
"""What the one decode pass brings out. Part of the key of every step that is fed by it."""


class Group(StrEnum):
    """Runs over an input, in their order."""

    DECLARATIONS = "declarations"
    FIRST_LOOK = "first_look"
    COPY_SEARCH = "copy_search"
    PREVIEW = "preview"
    SPEECH = "speech"
    REDACTION = "redaction"
    MASKED_COPY = "masked_copy"


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `needs`: at least one of these must be done before; failing that, this one is left out."""

    name: str
    group: Group
    engine_name: str
    engine_version: str
    parameters: Mapping[str, object] = field(default_factory=dict[str, object])
    needs: tuple[str, ...] = ()
    takes_model: bool = False
    on_request: bool = False
    """Made only of inputs for which somebody asked for it, with what they asked for as parameters."""

    def work(self, input_sha256: str, model: Model | None = None, **more: object) -> Work:
        """This step on that input. `more` are parameters known only when it begins."""
        return Work(
            input_sha256,
            self.name,
            self.engine_name,
            self.engine_version,
            {**self.parameters, **more},
            model if self.takes_model else None,
        )

    def made(self, row: Derivation, model: Model | None, asked: Mapping[str, object] | None = None) -> bool:
        """Whether a derivation of this step came from this version, with these parameters and that model.

        `asked` are the parameters of a step on request. The same answer as comparing keys, without a hash
        for every row; not for steps with more parameters.
        """
        digest = model.sha256 if model and self.takes_model else ""
        return (
            row.engine_name == self.engine_name
            and row.engine_version == self.engine_version
            and row.model_sha256 == digest
            and row.parameters == {**self.parameters, **(asked or {})}
        )


def _analysis_parameters() -> dict[str, object]:
    rate = REQUEST.analysis_rate
    return {"rate": [rate.numerator, rate.denominator], "side": REQUEST.analysis_side}


def _proxy_parameters() -> dict[str, object]:
    rate = REQUEST.proxy_rate
    return {"rate": [rate.numerator, rate.denominator], "side": REQUEST.proxy_side}


_DECODER = f"decode {first_pass.ENGINE_VERSION}"  # what a consumer saw depends on the decoder, too

STEPS: tuple[Step, ...] = (
    Step("probe", Group.DECLARATIONS, "videtur.media.probe", probe.ENGINE_VERSION),
    Step("metadata", Group.DECLARATIONS, "videtur.media.metadata", metadata.ENGINE_VERSION),
    Step(
        "decode",
        Group.FIRST_LOOK,
        "videtur.media.decode",
        first_pass.ENGINE_VERSION,
        needs=("probe",),
    ),
    Step(
        "picture_fingerprint",
        Group.FIRST_LOOK,
        "videtur.copies.picture",
        fingerprint.ENGINE_VERSION,
        {"fed_by": _DECODER, "colour": _analysis_parameters(), "grey": _proxy_parameters()},
        needs=("probe",),
    ),
    Step(
        "sound_fingerprint",
        Group.FIRST_LOOK,
        "videtur.copies.sound",
        fingerprint.ENGINE_VERSION,
        {"fed_by": _DECODER},
        needs=("probe",),
    ),
    Step(
        "shots",
        Group.FIRST_LOOK,
        "videtur.media.shots",
        shots.ENGINE_VERSION,
        {"fed_by": _DECODER, "grey": _proxy_parameters()},
        needs=("probe",),
    ),
    Step(
        "filmstrip",
        Group.FIRST_LOOK,
        "videtur.media.filmstrip",
        filmstrip.ENGINE_VERSION,
        {"fed_by": _DECODER, "colour": _analysis_parameters()},
        needs=("probe",),
    ),
    Step(
        "peaks",
        Group.FIRST_LOOK,
        "videtur.media.peaks",
        peaks.ENGINE_VERSION,
        {"fed_by": _DECODER},
        needs=("probe",),
    ),
    Step(
        "picture_descriptor",
        Group.FIRST_LOOK,
        "videtur.copies.descriptor",
        descriptor.ENGINE_VERSION,
        {"fed_by": _DECODER, "colour": _analysis_parameters()},
        needs=("probe",),
        takes_model=True,
    ),
    Step(
        "copy_search",
        Group.COPY_SEARCH,
        "videtur.copies.search",
        comparison.COMPARISON_VERSION,
        needs=("picture_fingerprint", "sound_fingerprint", "picture_descriptor"),
    ),
    Step("preview", Group.PREVIEW, "videtur.media.preview", preview.ENGINE_VERSION, needs=("decode",)),
    Step(
        "speech",
        Group.SPEECH,
        "videtur.leads.speech",
        speech.ENGINE_VERSION,
        {"fed_by": _DECODER},
        needs=("decode",),
        takes_model=True,
    ),
    Step(
        "redaction_find",
        Group.REDACTION,
        "videtur.redaction.find",
        finding.ENGINE_VERSION,
        needs=("decode",),
        takes_model=True,
        on_request=True,
    ),
    Step(
        "redaction_render",
        Group.MASKED_COPY,
        "videtur.redaction.render",
        rendering.ENGINE_VERSION,
        needs=("decode",),
        on_request=True,
    ),
)
BY_NAME: Mapping[str, Step] = {step.name: step for step in STEPS}


def steps_of(group: Group) -> tuple[Step, ...]:
    """The steps that one run makes."""
    return tuple(step for step in STEPS if step.group is group)

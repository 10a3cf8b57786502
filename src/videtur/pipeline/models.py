"""The record of every derivation: what was computed from which bytes, by what, with what result."""

from typing import ClassVar, TypedDict

from django.db import models

from videtur.ledger.models import ObjectReference, RecordedRow


class OutputRecord(TypedDict):
    """One file that a step made."""

    key: str
    sha256: str
    size: int
    media_type: str


class Derivation(RecordedRow):
    """The result of one attempt at one step on one input.

    `key` = SHA-256 of the canonical JSON of {input, step, engine, engine_version, parameters, model};
    run twice, stored once. A failure may be tried again (`attempt` counts up); `done` and `skipped`
    are final for the key.
    """

    OUTCOMES: ClassVar = ["done", "skipped", "failed"]

    key = models.CharField(max_length=64, db_index=True)
    attempt = models.PositiveIntegerField(default=1)
    input_sha256 = models.CharField(max_length=64, db_index=True)
    step = models.CharField(max_length=60, db_index=True)
    engine_name = models.CharField(max_length=80)
    engine_version = models.CharField(max_length=80)
    parameters: "models.JSONField[dict[str, object]]" = models.JSONField(default=dict)
    model_name = models.CharField(max_length=120, blank=True)
    model_sha256 = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=20)
    reason = models.TextField(blank=True)
    """One line for a person, for `skipped` and `failed`."""
    summary: "models.JSONField[dict[str, object]]" = models.JSONField(default=dict)
    """Small facts worth a query (no floats); everything else is in the outputs."""
    outputs: "models.JSONField[dict[str, OutputRecord]]" = models.JSONField(default=dict)
    """{name: OutputRecord}."""
    environment: "models.JSONField[dict[str, object]]" = models.JSONField(default=dict)
    """What ran: FFmpeg and library versions, the sandbox level."""

    class Meta:
        """One result for each attempt."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "attempt"], name="one_result_an_attempt")
        ]
        indexes: ClassVar = [models.Index(fields=["input_sha256", "step"])]

    def object_references(self) -> list[ObjectReference]:
        """The files this step made."""
        return [ObjectReference(out["key"], out["sha256"], out["size"]) for out in self.outputs.values()]


class StepRequest(RecordedRow):
    """Somebody asked, in one case, for a step that is not made of every input."""

    input_sha256 = models.CharField(max_length=64, db_index=True)
    step = models.CharField(max_length=60)
    parameters: "models.JSONField[dict[str, object]]" = models.JSONField(default=dict)
    """What was asked for: part of the key of the derivation."""
    inputs: "models.JSONField[dict[str, OutputRecord]]" = models.JSONField(default=dict)
    """Further files that the step needs, by name; their digests stand in the parameters too."""
    requested_by = models.CharField(max_length=80)
    case = models.UUIDField(null=True)
    """For which case; two cases may ask different things of one input."""

    class Meta:
        """Asked for by input and step."""

        indexes: ClassVar = [models.Index(fields=["input_sha256", "step"])]

    def object_references(self) -> list[ObjectReference]:
        """The files that were handed in."""
        return [ObjectReference(one["key"], one["sha256"], one["size"]) for one in self.inputs.values()]


class Heartbeat(models.Model):
    """When a worker was last seen. Working state, not evidence: changed in place and never recorded."""

    executor = models.CharField(max_length=120, primary_key=True)
    seen_at = models.DateTimeField()
    software = models.CharField(max_length=60)
    serves_queue = models.BooleanField(default=False)
    """Whether it takes work from the queue; a command that examines by itself does not."""
    working_on = models.CharField(max_length=64, blank=True)
    """SHA-256 of the input it is at, and the group of steps."""
    group = models.CharField(max_length=60, blank=True)

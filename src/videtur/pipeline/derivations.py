"""What identifies a derivation, and whether it has been made already."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from videtur.engines.custody.canonical import canonical_json
from videtur.pipeline.models import Derivation

DONE, SKIPPED, FAILED = "done", "skipped", "failed"
FINAL = (DONE, SKIPPED)
ROWS_A_QUERY = 500  # SQLite binds a limited number of values in one statement


@dataclass(frozen=True, slots=True)
class Model:
    """A model that takes part in a derivation: its name for people, its digest for the key."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Work:
    """One step on one input, with everything that decides what comes out of it."""

    input_sha256: str
    step: str
    engine_name: str
    engine_version: str
    parameters: Mapping[str, object] = field(default_factory=dict[str, object])
    model: Model | None = None

    @property
    def key(self) -> str:
        """SHA-256 of the canonical JSON of all of the above."""
        return hashlib.sha256(
            canonical_json(
                {
                    "input": self.input_sha256,
                    "step": self.step,
                    "engine": self.engine_name,
                    "engine_version": self.engine_version,
                    "parameters": dict(self.parameters),
                    "model": None if self.model is None else self.model.sha256,
                }
            )
        ).hexdigest()


def latest_attempts(keys: Iterable[str]) -> dict[str, Derivation]:
    """The newest attempt for each key that has one."""
    wanted = list(keys)
    found: dict[str, Derivation] = {}
    for start in range(0, len(wanted), ROWS_A_QUERY):
        rows = Derivation.objects.filter(key__in=wanted[start : start + ROWS_A_QUERY])
        for row in rows.order_by("attempt"):
            found[row.key] = row
    return found


def latest_attempt(work: Work) -> Derivation | None:
    """The newest attempt at this work."""
    return latest_attempts([work.key]).get(work.key)


def of_inputs(inputs: Sequence[str], step: str | None = None) -> list[Derivation]:
    """Every derivation made from these inputs, oldest first."""
    found: list[Derivation] = []
    for start in range(0, len(inputs), ROWS_A_QUERY):
        rows = Derivation.objects.filter(input_sha256__in=inputs[start : start + ROWS_A_QUERY])
        found.extend(rows if step is None else rows.filter(step=step))
    return sorted(found, key=lambda row: row.entry_index)


def latest_done(input_sha256: str, step: str) -> Derivation | None:
    """The newest successful result of a step on an input, whatever version made it."""
    rows = Derivation.objects.filter(input_sha256=input_sha256, step=step, outcome=DONE)
    return rows.order_by("-entry_index").first()

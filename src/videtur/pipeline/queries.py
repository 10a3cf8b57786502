"""Where the examination of each input stands."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.conf import settings

from videtur.pipeline.derivations import DONE, FAILED, ROWS_A_QUERY, SKIPPED, Model, of_inputs
from videtur.pipeline.model_choice import chosen_models
from videtur.pipeline.models import Derivation, Heartbeat, StepRequest
from videtur.pipeline.steps import BY_NAME, STEPS, Group, Step

BEAT_SECONDS = 5
ALIVE_SECONDS = 30
"""An executor that was not seen for so long is taken for dead."""


class State(StrEnum):
    """Where one step on one input stands."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class StepProgress:
    """One step: its state, one line of reason for `skipped` and `failed`, and the result it has."""

    step: str
    group: Group
    state: State
    reason: str = ""
    derivation: Derivation | None = None
    request: StepRequest | None = None
    """Of a step on request: what is asked for."""

    @property
    def unfinished(self) -> bool:
        """Whether it still has to be made."""
        return self.state in (State.PENDING, State.RUNNING)

    @property
    def retriable(self) -> bool:
        """Whether it failed, or was left out because what it needs failed."""
        return self.state is State.FAILED or (self.state is State.SKIPPED and self.derivation is None)


@dataclass(frozen=True, slots=True)
class Progress:
    """One input."""

    input_sha256: str
    steps: tuple[StepProgress, ...]

    @property
    def settled(self) -> bool:
        """Nothing more to do without being told to try again."""
        return not any(step.unfinished for step in self.steps)

    @property
    def state(self) -> State:
        """The input as a whole: failed when any step failed, done when all is done or skipped."""
        states = {step.state for step in self.steps}
        for state in (State.RUNNING, State.PENDING, State.FAILED):
            if state in states:
                return state
        return State.DONE

    @property
    def failure(self) -> str:
        """One line: what could not be done, the first cause first; empty when nothing failed."""
        failures = [step for step in self.steps if step.state is State.FAILED]
        reasons = dict.fromkeys(step.reason for step in failures)  # six steps of one pass fail for one reason
        return " ".join(reasons)

    @property
    def finished_steps(self) -> int:
        """How many steps need no more work."""
        return sum(not step.unfinished for step in self.steps)

    def pending_groups(self, again: bool = False) -> tuple[Group, ...]:
        """The groups of steps to run, in order; with `again`, those that failed are tried once more."""
        groups = {step.group for step in self.steps if step.unfinished or (again and step.retriable)}
        return tuple(group for group in Group if group in groups)

    def as_json(self) -> dict[str, object]:
        """The form that the command line and the browser show."""
        return {
            "item": self.input_sha256,
            "state": self.state,
            "steps": [{"step": step.step, "state": step.state, "reason": step.reason} for step in self.steps],
        }


def progress(inputs: Sequence[str]) -> list[Progress]:
    """Where each of these inputs (SHA-256) stands, in the same order."""
    rows: dict[str, dict[str, list[Derivation]]] = defaultdict(lambda: defaultdict(list))
    for row in of_inputs(inputs):
        rows[row.input_sha256][row.step].append(row)
    running = {(beat.working_on, beat.group) for beat in live_executors() if beat.working_on}
    models = chosen_models(settings.WORKSPACE)
    asked = requests_for(inputs)
    return [_progress_of(sha256, rows[sha256], running, models, asked.get(sha256, {})) for sha256 in inputs]


def progress_of(input_sha256: str) -> Progress:
    """Where one input stands."""
    return progress([input_sha256])[0]


def requests_for(inputs: Sequence[str]) -> dict[str, dict[str, list[StepRequest]]]:
    """The requests for each step on request, by input and step, the oldest first."""
    found: dict[str, dict[str, list[StepRequest]]] = defaultdict(lambda: defaultdict(list))
    for start in range(0, len(inputs), ROWS_A_QUERY):
        rows = StepRequest.objects.filter(input_sha256__in=inputs[start : start + ROWS_A_QUERY])
        for row in rows.order_by("entry_index"):
            found[row.input_sha256][row.step].append(row)
    return found


def alive_since() -> datetime:
    """Executors last seen before this moment are taken for dead."""
    return datetime.now(UTC) - timedelta(seconds=ALIVE_SECONDS)


def live_executors() -> list[Heartbeat]:
    """The executors seen a moment ago."""
    return list(Heartbeat.objects.filter(seen_at__gte=alive_since()).order_by("executor"))


def a_worker_is_alive() -> bool:
    """Whether somebody takes work from the queue."""
    return any(beat.serves_queue for beat in live_executors())


def _progress_of(
    sha256: str,
    rows: Mapping[str, list[Derivation]],
    running: Iterable[tuple[str, str]],
    models: Mapping[str, Model],
    asked: Mapping[str, list[StepRequest]],
) -> Progress:
    known: dict[str, StepProgress] = {}
    for step in STEPS:
        if step.on_request and step.name not in asked:
            continue
        request = _due(step, asked[step.name], rows, models) if step.on_request else None
        current = current_attempt(step, sha256, rows, models, request)
        standing = _step_progress(step, current, known, (sha256, step.group) in running)
        known[step.name] = replace(standing, request=request)
    return Progress(sha256, tuple(known.values()))


def _due(
    step: Step,
    requests: Sequence[StepRequest],
    rows: Mapping[str, list[Derivation]],
    models: Mapping[str, Model],
) -> StepRequest:
    """The newest request that nobody has worked on yet; when all were, the newest: each gets its turn."""
    attempts, model = rows.get(step.name, ()), models.get(step.name)
    waiting = [
        request
        for request in requests
        if not any(step.made(row, model, request.parameters) for row in attempts)
    ]
    return (waiting or requests)[-1]


def current_attempt(
    step: Step,
    sha256: str,
    rows: Mapping[str, list[Derivation]],
    models: Mapping[str, Model],
    request: StepRequest | None = None,
) -> Derivation | None:
    """The newest attempt at this step as software, models and request stand now; `rows` are by step."""
    if step.group is Group.COPY_SEARCH:
        return _current_search(step, rows, models, sha256)
    asked = request.parameters if request is not None else None
    attempts = [row for row in rows.get(step.name, ()) if step.made(row, models.get(step.name), asked)]
    return max(attempts, key=lambda row: row.attempt, default=None)


def _current_search(
    step: Step, rows: Mapping[str, list[Derivation]], models: Mapping[str, Model], sha256: str
) -> Derivation | None:
    """A search stays valid while the input's own fingerprints do.

    It need not be made anew when others arrive later: they are searched for, in their turn, among all
    that was there before them.
    """
    own = {
        name: _fingerprint_digest(current_attempt(BY_NAME[name], sha256, rows, models)) for name in step.needs
    }
    attempts = [
        row
        for row in rows.get(step.name, ())
        if row.engine_version == step.engine_version and row.parameters.get("own") == own
    ]
    return max(attempts, key=lambda row: row.entry_index, default=None)


def own_fingerprints(progress: Progress) -> dict[str, str | None]:
    """SHA-256 of the fingerprints an input has now, by step: what its copies are searched by."""
    by_step = {step.step: step.derivation for step in progress.steps}
    return {name: _fingerprint_digest(by_step[name]) for name in BY_NAME["copy_search"].needs}


def _fingerprint_digest(row: Derivation | None) -> str | None:
    """SHA-256 of the fingerprint a derivation gave, if it gave one."""
    if row is None or row.outcome != DONE:
        return None
    return row.outputs["fingerprint.bin"]["sha256"]


def _step_progress(
    step: Step, current: Derivation | None, known: Mapping[str, StepProgress], running: bool
) -> StepProgress:
    if current is not None:
        return StepProgress(step.name, step.group, State(current.outcome), current.reason, current)
    needed = [known[name] for name in step.needs]
    if needed and all(need.state in (SKIPPED, FAILED) for need in needed):
        return StepProgress(step.name, step.group, State.SKIPPED, f"nothing to work on: no {needed[0].step}")
    return StepProgress(step.name, step.group, State.RUNNING if running else State.PENDING)

"""The only writer of derivations."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from videtur import __version__
from videtur.ledger.services import exclusively, record
from videtur.people.models import system_actor
from videtur.pipeline.derivations import FINAL, Work, latest_attempts
from videtur.pipeline.models import Derivation, Heartbeat, OutputRecord, StepRequest

ACTOR = system_actor("pipeline")
_LONGEST_REASON = 1000


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one attempt at one piece of work. The outputs are durable in the object store already."""

    work: Work
    outcome: str
    reason: str = ""
    summary: Mapping[str, object] = field(default_factory=dict[str, object])
    outputs: Mapping[str, OutputRecord] = field(default_factory=dict[str, OutputRecord])
    attempt: int = 1
    """Which attempt this is, counted when it began."""


def record_results(results: Sequence[Result], environment: Mapping[str, object]) -> None:
    """Record what is not recorded yet, all of it in one entry.

    Two workers may do the same work at the same moment (one was thought dead, say). The first to get
    here wins; the other's equal result is dropped, so that each attempt at each key exists once.
    """
    with exclusively():
        present = latest_attempts(result.work.key for result in results)
        rows = [
            _row(result, environment) for result in results if _adds(result, present.get(result.work.key))
        ]
        if rows:
            record("pipeline.derivations.recorded", ACTOR, rows)


def request_step(
    actor: str,
    input_sha256: str,
    step: str,
    parameters: Mapping[str, object],
    inputs: Mapping[str, OutputRecord] | None = None,
    case: tuple[uuid.UUID, str] | None = None,
) -> StepRequest:
    """Ask for a step that is not made of every input. The files handed in are durable already.

    `case`: its identity and its slug.
    """
    row = StepRequest(
        input_sha256=input_sha256,
        step=step,
        parameters=dict(parameters),
        inputs=dict(inputs or {}),
        requested_by=actor,
        case=case[0] if case is not None else None,
    )
    record("pipeline.step.requested", actor, [row], case=case[1] if case is not None else None)
    return row


def _adds(result: Result, present: Derivation | None) -> bool:
    return present is None or (present.outcome not in FINAL and present.attempt < result.attempt)


def _row(result: Result, environment: Mapping[str, object]) -> Derivation:
    work = result.work
    return Derivation(
        key=work.key,
        attempt=result.attempt,
        input_sha256=work.input_sha256,
        step=work.step,
        engine_name=work.engine_name,
        engine_version=work.engine_version,
        parameters=dict(work.parameters),
        model_name="" if work.model is None else work.model.name,
        model_sha256="" if work.model is None else work.model.sha256,
        outcome=result.outcome,
        reason=" ".join(result.reason.split())[:_LONGEST_REASON],
        summary=dict(result.summary),
        outputs=dict(result.outputs),
        environment=dict(environment),
    )


def beat(executor: str, serves_queue: bool, working_on: str = "", group: str = "") -> None:
    """Say that this executor is alive, and what it is at. Working state: changed in place, not recorded."""
    Heartbeat.objects.update_or_create(
        executor=executor,
        defaults={
            "seen_at": datetime.now(UTC),
            "software": f"videtur {__version__}",
            "serves_queue": serves_queue,
            "working_on": working_on,
            "group": group,
        },
    )


def keep_beating(executor: str) -> None:
    """Say that a worker is still alive, whatever it is at; also when it was taken for dead meanwhile."""
    if not Heartbeat.objects.filter(executor=executor).update(seen_at=datetime.now(UTC)):
        beat(executor, serves_queue=True)


def forget_dead(before: datetime) -> None:
    """Drop the heartbeats of executors that were not seen since."""
    Heartbeat.objects.filter(seen_at__lt=before).delete()


def stop_beating(executor: str) -> None:
    """Say that this executor has ended in good order."""
    Heartbeat.objects.filter(executor=executor).delete()

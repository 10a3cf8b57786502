"""Work that a dead worker had begun, and its adoption by a living one.

A worker that starts again under its old name takes up its own work (DBOS does that). For one that never
comes back, any other worker looks at the heartbeats and puts the work back into the queue. A worker that
was only slow may then do the same work at the same time: the derivation keys make that harmless.
"""

from dbos import DBOS

from videtur.pipeline.dbos_runner import QUEUE, WORKFLOW, input_of
from videtur.pipeline.queries import alive_since, live_executors
from videtur.pipeline.services import forget_dead


def adopt_orphans(own_name: str) -> list[str]:
    """Queue again what executors that are gone had begun; return the inputs (SHA-256)."""
    begun = DBOS.list_workflows(status="PENDING", name=WORKFLOW, load_input=False, load_output=False)
    # Heartbeats are read after the work: whoever had begun something by then has had its first beat.
    alive = {beat.executor for beat in live_executors()} | {own_name}
    orphans = [row.workflow_id for row in begun if row.executor_id not in alive]
    if orphans:
        # Back into our own queue: the default one would run all of them at once.
        DBOS.resume_workflows(orphans, queue_name=QUEUE)
    forget_dead(alive_since())
    return [input_of(orphan) for orphan in orphans]

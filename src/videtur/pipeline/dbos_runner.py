"""The durable queue, kept by DBOS: beside the SQLite database in a file of its own, or in PostgreSQL.

This side only puts work in and looks at it. It uses DBOS's client, since a process that launches DBOS
itself starts working at once, and a web server must not.
"""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING
from uuid import uuid4

from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer
from sqlalchemy.exc import SQLAlchemyError

from videtur.errors import StorageFailed
from videtur.pipeline.jobs import Job
from videtur.pipeline.queries import progress
from videtur.workspace import Workspace

if TYPE_CHECKING:
    from dbos import EnqueueOptions

APPLICATION = "videtur"
APPLICATION_VERSION = "examination-1"
"""Part of every queued job; only workers of the same version take it. It stays when Videtur gets a
new version, so that an upgrade finishes what was begun: a job names the groups of steps to run, and each
group finds out for itself what is left to do. It changes only with the arguments of the workflow.
"""
QUEUE = "examination"
WORKFLOW = "examine"
SCHEMA = "dbos"
UNFINISHED = ["ENQUEUED", "PENDING", "DELAYED"]


def jobs_database_url(workspace: Workspace) -> str:
    """Where DBOS keeps its own tables: working state, never a record."""
    if workspace.sqlite_path is not None:
        return f"sqlite:///{workspace.jobs_database}"
    return workspace.database


def open_client(workspace: Workspace) -> DBOSClient:
    """A client of the queue, whose tables are made if this is the first use. Never runs anything."""
    url = jobs_database_url(workspace)
    try:
        DBOS.migrate(url, schema=SCHEMA)
        return DBOSClient(
            system_database_url=url,
            dbos_system_schema=SCHEMA,
            serializer=DBOSPortableJSONSerializer(),
            application_name=APPLICATION,
        )
    except SQLAlchemyError as problem:
        raise StorageFailed("The queue of jobs cannot be reached", str(problem).splitlines()[0]) from problem


class QueueRunner:
    """Hands jobs to whatever workers there are, now or later."""

    def __init__(self, workspace: Workspace) -> None:
        self._client = open_client(workspace)

    def submit(self, jobs: Sequence[Job], again: bool = False) -> None:
        """Queue what is not queued yet; returns at once."""
        queued = self.unfinished(jobs)
        for job, now in zip(jobs, progress([job.input_sha256 for job in jobs]), strict=True):
            groups = [str(group) for group in now.pending_groups(again)]
            if groups and job.input_sha256 not in queued:
                self._client.enqueue(_options(job), job.input_sha256, job.object_key, groups, again)

    def unfinished(self, jobs: Collection[Job]) -> set[str]:
        """The inputs that are queued or being worked on."""
        rows = self._client.list_workflows(
            status=UNFINISHED, name=WORKFLOW, load_input=False, load_output=False
        )
        return {job.input_sha256 for job in jobs} & {input_of(row.workflow_id) for row in rows}

    def close(self) -> None:
        """End the connection."""
        self._client.destroy()


def input_of(workflow_id: str) -> str:
    """The SHA-256 of the input that a queued workflow is about."""
    return workflow_id.partition(":")[0]


def _options(job: Job) -> "EnqueueOptions":
    return {
        "workflow_name": WORKFLOW,
        "queue_name": QUEUE,
        "workflow_id": f"{job.input_sha256}:{uuid4()}",
        "app_version": APPLICATION_VERSION,
        # Two people asking at the same moment queue an input once.
        "deduplication_id": job.input_sha256,
        "duplication_policy": "return-existing",
    }

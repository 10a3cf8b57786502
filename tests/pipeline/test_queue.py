"""The queue's giving side: each input once, digests and names only, and nobody starts working by asking."""

import secrets
import threading
from collections.abc import Generator

import pytest
from dbos import DBOSClient
from django.conf import settings

from videtur.pipeline.dbos_runner import WORKFLOW, QueueRunner, input_of, open_client
from videtur.pipeline.jobs import Job
from videtur.pipeline.models import Derivation, Heartbeat
from videtur.pipeline.queries import a_worker_is_alive
from videtur.pipeline.services import beat, keep_beating, stop_beating
from videtur.pipeline.steps import STEPS, Group


def job() -> Job:
    sha256 = secrets.token_hex(32)
    return Job(sha256, f"originals/{sha256}")


@pytest.fixture
def runner(db: None) -> Generator[QueueRunner]:
    made = QueueRunner(settings.WORKSPACE)
    yield made
    made.close()


@pytest.fixture
def client() -> Generator[DBOSClient]:
    made = open_client(settings.WORKSPACE)
    yield made
    made.destroy()


def queued(client: DBOSClient, jobs: list[Job]) -> list[str]:
    ids = [row.workflow_id for row in client.list_workflows(name=WORKFLOW)]
    return [each for each in ids if input_of(each) in {job.input_sha256 for job in jobs}]


def test_an_input_is_queued_once_however_often_it_is_asked_for(
    runner: QueueRunner, client: DBOSClient
) -> None:
    jobs = [job(), job()]
    runner.submit(jobs)
    runner.submit(jobs)
    other = QueueRunner(settings.WORKSPACE)
    other.submit([jobs[0], job()])
    other.close()
    assert len(queued(client, jobs)) == 2
    assert runner.unfinished(jobs) == {each.input_sha256 for each in jobs}


ALL_GROUPS = [
    str(group) for group in Group if any(step.group is group and not step.on_request for step in STEPS)
]
"""What an item goes through when nobody asked for more."""


def test_a_queued_job_holds_names_and_nothing_else(runner: QueueRunner, client: DBOSClient) -> None:
    asked = job()
    runner.submit([asked])
    (workflow_id,) = queued(client, [asked])
    (row,) = client.list_workflows(workflow_ids=[workflow_id])
    assert row.input is not None
    assert row.input["args"] == (asked.input_sha256, asked.object_key, ALL_GROUPS, False)
    assert row.status == "ENQUEUED"


def test_who_asks_does_not_start_to_work(runner: QueueRunner) -> None:
    asked = job()
    runner.submit([asked])
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("dbos-executor")]
    assert runner.unfinished([asked]) == {asked.input_sha256}
    assert not Derivation.objects.filter(input_sha256=asked.input_sha256).exists()


@pytest.mark.django_db
def test_a_worker_is_alive_while_its_heart_beats() -> None:
    beat("here:1", serves_queue=False)
    assert not a_worker_is_alive()  # a command that examines by itself takes nothing from the queue
    beat("here:2", serves_queue=True, working_on="a" * 64, group="preview")
    assert a_worker_is_alive()
    stop_beating("here:2")
    assert not a_worker_is_alive()
    keep_beating("here:2")  # it was taken for dead, and is not
    assert a_worker_is_alive()
    assert Heartbeat.objects.get(executor="here:2").serves_queue

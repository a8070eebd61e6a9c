"""Events that keep coming: one task of the dispatcher goes on with them, for as long as it is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.demo.cloud import Cloud
from tests.harness.versions import CREATED_AT, needs_tasks_that_know_dags
from tests.harness.wait import wait_until
from tests.system.events import configuration, route, run_of
from tests.system.faults.dag_folder import DagFolder
from tests.system.faults.stream import Stream

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.harness.airflow import Airflow
    from tests.harness.api import AirflowApi
    from tests.harness.ministack import MiniStack
    from tests.system.database import Database

NAME = "stream"
EVENTS = 10

_LAUNCHED_BY_ONE_TASK = f"""
SELECT count(*) FROM dag_run JOIN task_instance ON dag_run.{CREATED_AT} > task_instance.start_date
WHERE dag_run.dag_id = 'recorder' AND dag_run.run_id LIKE 'recorder__stream-%%'
AND task_instance.dag_id = %(dag)s AND task_instance.task_id = 'listen' AND task_instance.state = 'running'
"""  # noqa: S608 - our own words
_RUNNING = "SELECT 1 FROM task_instance WHERE dag_id = %(dag)s AND state = 'running'"
_RUNS = "SELECT run_id FROM dag_run WHERE dag_id = 'recorder'"


@pytest.fixture(scope="module")
def cloud(api: AirflowApi, ministack: MiniStack, database: Database, deployed: Path) -> Cloud:
    """A queue to which a dispatcher listens, which is paused."""
    cloud = Cloud(ministack, NAME)
    api.set_variable(NAME, configuration(cloud, route("recorder")))
    api.unpause("recorder")
    DagFolder(deployed, database).deploy_dispatchers(NAME)
    return cloud


@pytest.fixture
def stream(api: AirflowApi, cloud: Cloud, database: Database) -> Iterator[Stream]:
    """Keep events coming to a dispatcher that listens; afterwards each of them has its run."""
    api.unpause(NAME)
    with Stream(cloud, f"{NAME}-{len(database.rows(_RUNS))}") as stream:
        yield stream
    api.unpause(NAME)
    expected = {run_of("recorder", event) for event in stream.sent}
    wait_until(
        lambda: expected <= {run for (run,) in database.rows(_RUNS)}, 120, "a run for each event", every=0.5
    )
    wait_until(lambda: not cloud.backlog(), 60, "an empty queue")
    api.pause(NAME)


def test_one_task_goes_on_with_a_stream(stream: Stream, airflow: Airflow, database: Database) -> None:
    wait_for_one_task(airflow, database)


@needs_tasks_that_know_dags
def test_it_ends_when_its_dag_is_paused_and_leaves_what_comes_in_the_queue(
    stream: Stream, airflow: Airflow, api: AirflowApi, cloud: Cloud, database: Database
) -> None:
    wait_for_one_task(airflow, database)

    api.pause(NAME)

    wait_until(lambda: not database.rows(_RUNNING, dag=NAME), 30, "the end of the stream", every=0.5)
    # The trigger of the other run may take what comes first.
    wait_until(cloud.visible, 60, "an event that nobody takes", every=0.5)


def wait_for_one_task(airflow: Airflow, database: Database) -> None:
    """Wait until a task has launched many events, all of which came after its start."""

    def launched_by_one_task() -> bool:
        airflow.check()
        ((count,),) = database.rows(_LAUNCHED_BY_ONE_TASK, dag=NAME)
        return bool(count >= EVENTS)

    wait_until(launched_by_one_task, 120, "a task that goes on with a stream", every=0.5)

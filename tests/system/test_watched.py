"""The race of asset scheduling: an event that is stored just before a run is created may wait for another."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from tests.demo.cloud import Cloud
from tests.harness.wait import wait_until
from tests.system.events import configuration, eventbridge, route
from tests.system.faults.dag_folder import DagFolder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.harness.airflow import Airflow
    from tests.harness.api import AirflowApi
    from tests.harness.ministack import MiniStack
    from tests.system.database import Database

NAME = "watched"
NO_LATER_THAN = timedelta(seconds=15)

_QUEUED = "SELECT 1 FROM asset_dag_run_queue WHERE target_dag_id = %(dag)s"
_BEAT = "SELECT 1 FROM job WHERE job_type = 'TriggererJob' AND latest_heartbeat > %(at)s"
_CREATED = "SELECT created_at FROM dag_run WHERE dag_id = 'recorder' AND run_id = %(run)s"


def test_an_event_that_comes_before_the_schedulers_pass_does_not_wait_for_another(
    airflow: Airflow, api: AirflowApi, ministack: MiniStack, database: Database, deployed: Path
) -> None:
    cloud = Cloud(ministack, NAME)
    api.set_variable(NAME, configuration(cloud, route("recorder")))
    folder = DagFolder(deployed, database)
    folder.deploy_dispatchers(NAME, schedule="asset")
    api.unpause(NAME)
    # Airflow begins to watch for a DAG that is not paused when it parses its file.
    folder.deploy_dispatchers(NAME, schedule="asset")

    def send(event: str) -> None:
        cloud.send(eventbridge(event, {"number": 1}))

    def created(event: str) -> datetime | None:
        airflow.check()
        rows = database.rows(_CREATED, run=f"recorder__{event}")
        return rows[0][0] if rows else None

    def told_all() -> None:
        """Wait until the triggerer has told Airflow what its triggers have yielded up to now."""
        at = datetime.now(timezone.utc) + timedelta(seconds=1)
        wait_until(lambda: database.rows(_BEAT, at=at), 30, "a heartbeat of the triggerer")

    send("race-0")
    wait_until(lambda: created("race-0"), 120, "a dispatcher that works", every=0.5)
    with _standing_still(airflow.components["scheduler"].pid):
        send("race-1")
        wait_until(lambda: database.rows(_QUEUED, dag=NAME), 30, "the first event to be stored")
        send("race-2")
        wait_until(lambda: not cloud.visible(), 30, "the second event to be received")
        told_all()
        resumed = datetime.now(timezone.utc)

    for event in ("race-1", "race-2"):
        at = wait_until(lambda event=event: created(event), 60, f"a run for {event}", every=0.5)
        assert at - resumed < NO_LATER_THAN, event
    wait_until(lambda: not cloud.backlog(), 60, "an empty queue")
    api.pause(NAME)


@contextmanager
def _standing_still(pid: int) -> Iterator[None]:
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)

"""Expectations in a real Airflow: one that is met, one that is missed and then met late, and its alert."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from tests.demo.cloud import Cloud
from tests.harness.api import moment
from tests.harness.wait import wait_until
from tests.system.events import configuration, eventbridge, route

if TYPE_CHECKING:
    from tests.harness.airflow import Airflow
    from tests.harness.api import AirflowApi, Json
    from tests.harness.ministack import MiniStack

NAME, DAG = "expected", "expected_deadlines"
ZONE = ZoneInfo("Europe/Paris")
ALERTS_WITHIN = 60


@pytest.fixture(scope="module")
def cloud(ministack: MiniStack) -> Cloud:
    return Cloud(ministack, NAME)


@pytest.fixture(scope="module")
def deadline(api: AirflowApi, cloud: Cloud) -> datetime:
    """A deadline that is soon, for which the file ``prompt`` is there and the file ``tardy`` is not."""
    api.wait_for_dags(NAME, DAG)
    # In a minute at least: a deadline has no seconds.
    deadline = datetime.now(tz=ZONE).replace(second=0, microsecond=0) + timedelta(minutes=2)
    expect = [
        {
            "name": name,
            "route": "recorder",
            "by": f"{deadline:%H:%M}",
            "timezone": ZONE.key,
            "subject": f"{name}/{{{{ day }}}}/*",
        }
        for name in ("prompt", "tardy")
    ]
    api.set_variable(NAME, configuration(cloud, route("recorder"), expect=expect, expectations_dag_id=DAG))
    for dag_id in (NAME, DAG):
        api.unpause(dag_id)
    send(cloud, "prompt", deadline)
    return deadline


def send(cloud: Cloud, name: str, deadline: datetime) -> None:
    key = f"{name}/{deadline:%Y-%m-%d}/orders.csv"
    cloud.send(eventbridge(f"{NAME}-{name}", {"object": {"key": key}, "number": 1}))


def run(api: AirflowApi, name: str, deadline: datetime, end: str = "") -> Json | None:
    """Return the run that stands for a deadline, once it has ended."""
    run_id = f"{name}__{deadline:%Y-%m-%dT%H:%M}{end}"
    found = [run for run in api.runs(DAG) if run["dag_run_id"] == run_id]
    return found[0] if found and found[0]["state"] in {"success", "failed"} else None


def told(airflow: Airflow) -> list[str]:
    file = airflow.home / "told.txt"
    return file.read_text().splitlines() if file.exists() else []


def test_what_came_is_green_before_the_deadline(
    airflow: Airflow, api: AirflowApi, deadline: datetime
) -> None:
    found = wait_until(lambda: run(api, "prompt", deadline), 60, "the run of the deadline", every=1)

    assert found["state"] == "success"
    assert moment(found["end_date"]) < deadline


def test_what_is_missing_fails_and_tells_somebody_and_turns_green_when_it_comes(
    airflow: Airflow, api: AirflowApi, cloud: Cloud, deadline: datetime
) -> None:
    until = (deadline - datetime.now(tz=timezone.utc)).total_seconds() + ALERTS_WITHIN + 30
    wait_until(lambda: told(airflow), until, "somebody to be told", every=0.5)
    assert time.time() - deadline.timestamp() < ALERTS_WITHIN
    missing = wait_until(lambda: run(api, "tardy", deadline), 30, "the end of the run", every=1)
    (line,) = told(airflow)
    assert line.startswith(
        f"{missing['dag_run_id']} expectation tardy: No event of the route 'recorder' with "
    )
    assert missing["state"] == "failed"
    (task,) = [task for task in api.tasks(DAG, missing["dag_run_id"]) if task["task_id"] == "expectation"]
    assert (task["state"], task["rendered_map_index"]) == ("failed", "tardy")

    send(cloud, "tardy", deadline)

    def is_green() -> bool:
        airflow.check()
        found = run(api, "tardy", deadline)
        return found is not None and found["state"] == "success"

    wait_until(is_green, 60, "the run to turn green", every=1)
    late = wait_until(lambda: run(api, "tardy", deadline, "~late"), 30, "word of the late one", every=1)
    assert late["state"] == "success"
    assert len(told(airflow)) == 1
    assert {run["state"] for run in api.runs(DAG) if run["run_type"] == "scheduled"} == {"running"}
    for dag_id in (NAME, DAG):
        api.pause(dag_id)

"""The queue is the buffer, not Airflow's database."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.demo.cloud import Cloud
from tests.harness.versions import RUNS_THAT_COUNT_AT_ONCE
from tests.harness.wait import wait_until
from tests.system.events import configuration, eventbridge, route, run_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.harness.airflow import Airflow
    from tests.harness.api import AirflowApi
    from tests.harness.ministack import MiniStack
    from tests.system.database import Database

QUEUED = "SELECT count(*) FROM dag_run WHERE state = 'queued' AND dag_id = ANY(%(dags)s)"
RUNS = "SELECT state, run_id FROM dag_run WHERE dag_id = ANY(%(dags)s)"


@pytest.mark.parametrize(
    ("dispatcher", "kind", "messages", "limit", "seconds"),
    [
        ("back_pressure", "slow", 150, 80, 120),
        pytest.param("back_pressure_long", "slow_long", 5000, 1000, 600, marks=pytest.mark.long),
    ],
)
def test_never_are_more_runs_queued_than_allowed(
    airflow: Airflow,
    api: AirflowApi,
    ministack: MiniStack,
    database: Database,
    dispatcher: str,
    kind: str,
    messages: int,
    limit: int,
    seconds: float,
) -> None:
    """The partners, paused, fill up; then they take their time. In the end each message has its run, once."""
    partners = [f"{kind}_{letter}" for letter in "abc"]
    cloud = Cloud(ministack, dispatcher)
    events = [f"{dispatcher}-{number}" for number in range(messages)]
    partner_of = {event: partners[place % len(partners)] for place, event in enumerate(events)}
    cloud.send_many(
        [eventbridge(event, {"partner": partner, "number": 1}) for event, partner in partner_of.items()]
    )
    routes = [route(partner, partner=[partner]) for partner in partners]
    api.set_variable(dispatcher, configuration(cloud, *routes, max_queued_runs_total=limit))

    def runs() -> list[tuple[str, str]]:
        airflow.check()
        return database.rows(RUNS, dags=partners)

    def all_done() -> bool:
        return len([state for state, _ in runs() if state == "success"]) == messages

    with sampled(database, partners) as samples:
        api.unpause(dispatcher)
        wait_until(lambda: len(runs()) >= limit, 120, f"{limit} runs", every=1)
        wait_until(lambda: _waits(api, dispatcher), 30, "a dispatcher that waits")
        for dag_id in partners:
            api.unpause(dag_id)
        wait_until(all_done, seconds, f"{messages} runs", every=1)

    assert sorted(run_id for _, run_id in runs()) == sorted(
        run_of(partner, event) for event, partner in partner_of.items()
    )
    assert limit <= max(samples) <= limit * RUNS_THAT_COUNT_AT_ONCE
    wait_until(lambda: not cloud.backlog(), 30, "an empty queue")
    assert cloud.dead_letters() == []


@contextmanager
def sampled(database: Database, dag_ids: list[str]) -> Iterator[list[int]]:
    """Count the queued runs of DAGs again and again, meanwhile."""
    samples: list[int] = []
    stop = threading.Event()

    def sample() -> None:
        while not stop.wait(0.05):
            ((queued,),) = database.rows(QUEUED, dags=dag_ids)
            samples.append(queued)

    with ThreadPoolExecutor(1) as pool:
        sampler = pool.submit(sample)
        try:
            yield samples
        finally:
            stop.set()
    sampler.result()


def _waits(api: AirflowApi, dispatcher: str) -> bool:
    return any(task["state"] == "deferred" for task in api.tasks(dispatcher, "~"))

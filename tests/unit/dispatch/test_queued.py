"""How often the queued runs of DAGs are counted."""

from __future__ import annotations

import time

from airflow_provider_hybrid.dispatch.queued import QueuedRuns
from airflow_provider_hybrid.routing.launch import Launch
from tests.harness.supervisor import Supervisor


def test_a_dag_is_counted_once_for_a_batch(supervisor: Supervisor) -> None:
    supervisor.queued = {"a": 3}
    runs, began = QueuedRuns(), time.monotonic()

    assert runs.count(["a", "b"], since=began) == {"a": 3, "b": 0}
    assert runs.count(["b"], since=began) == {"a": 3, "b": 0}
    assert supervisor.counted == ["a", "b"]


def test_the_next_batch_counts_its_own_dags_only(supervisor: Supervisor) -> None:
    runs = QueuedRuns()
    runs.count(["a", "b"], since=time.monotonic())
    supervisor.queued = {"a": 7, "b": 9}

    assert runs.count(["a"], since=time.monotonic()) == {"a": 7, "b": 0}
    assert supervisor.counted == ["a", "b", "a"]


def test_runs_that_are_started_in_between_are_added(supervisor: Supervisor) -> None:
    supervisor.queued = {"a": 3}
    runs, began = QueuedRuns(), time.monotonic()
    runs.count(["a"], since=began)

    runs.add([Launch("to_a", "a", "1", {}), Launch("to_new", "new", "1", {})])

    assert runs.count([], since=began) == {"a": 4, "new": 1}

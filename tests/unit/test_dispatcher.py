"""The dispatcher DAG."""

from __future__ import annotations

import json
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import airflow
import jsonschema
import pytest
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import BaseOperator

from airflow_provider_hybrid.dispatcher import REFUSED, build_dispatcher
from airflow_provider_hybrid.get_provider_info import get_provider_info
from airflow_provider_hybrid.plugins.timetable import TwoRunsTimetable
from tests.harness.versions import DagSerialization


def test_it_listens_and_then_launches() -> None:
    dag = build_dispatcher()

    assert dag.dag_id == "hybrid_dispatcher"
    assert dag.get_task("listen").downstream_task_ids == {"launch"}
    assert dag.get_task("listen").launch_at_once


def test_what_launch_maps_is_a_trigger_dag_run_operator() -> None:
    assert issubclass(build_dispatcher().get_task("launch").operator_class, TriggerDagRunOperator)


def test_all_may_be_left_to_launch() -> None:
    assert not build_dispatcher(launch_at_once=False).get_task("listen").launch_at_once


def test_airflow_stores_it_and_reads_it_again_with_two_runs_side_by_side() -> None:
    """The scheduler, the DAG processor and the API server do; a timetable that no plugin names fails here."""
    stored = DagSerialization.from_dict(json.loads(json.dumps(DagSerialization.to_dict(build_dispatcher()))))

    assert type(stored.timetable) is TwoRunsTimetable
    assert (stored.timetable.active_runs_limit, stored.max_active_runs) == (2, 2)


def test_a_full_cluster_does_not_starve_it() -> None:
    absolute = BaseOperator(task_id="other", weight_rule="absolute").weight_rule
    for task in build_dispatcher().tasks:
        assert task.priority_weight == 1000
        assert task.weight_rule == absolute


def test_a_failure_that_somebody_must_mend_costs_one_failed_run_a_minute_at_most() -> None:
    dag = build_dispatcher()
    for task in dag.tasks:
        assert task.retries * task.retry_delay >= timedelta(minutes=1) * dag.max_active_runs


def test_a_second_dispatcher_has_a_variable_of_its_own() -> None:
    dag = build_dispatcher(dag_id="orders_dispatcher", config_variable="orders")

    assert dag.dag_id == "orders_dispatcher"
    assert dag.get_task("listen").config_variable == "orders"
    assert "`orders`" in dag.doc_md


def tell(_context: object) -> None:
    """Somebody's callback."""


def test_somebody_can_be_told_of_a_failure() -> None:
    dag = build_dispatcher(
        default_args={"owner": "data-platform", "pool": "events", "queue": "q", "on_failure_callback": tell},
        on_failure_callback=tell,
        tags=["events"],
        access_control={"Ops": {"can_read"}},
        max_active_tasks=5,
        is_paused_upon_creation=False,
        doc_md="Ours",
    )

    assert dag.tags == {"hybrid", "events"}
    assert (dag.max_active_tasks, dag.doc_md, dag.is_paused_upon_creation) == (5, "Ours", False)
    for name in ("listen", "launch"):
        task = dag.get_task(name)
        assert (task.owner, task.pool, task.queue) == ("data-platform", "events", "q")
    assert dag.get_task("listen").on_failure_callback == [tell]


def test_what_tasks_are_given_goes_before_what_a_dispatcher_has() -> None:
    dag = build_dispatcher(default_args={"retries": 7})

    assert (dag.get_task("listen").retries, dag.get_task("listen").priority_weight) == (7, 1000)


@pytest.mark.parametrize(
    "arguments",
    [{name: 1} for name in REFUSED] + [{"default_args": {name: 1}} for name in REFUSED],
    ids=str,
)
def test_what_would_break_the_promise_is_refused_with_the_reason(arguments: dict[str, Any]) -> None:
    (name,) = arguments.get("default_args", arguments)

    with pytest.raises(ValueError, match=f"takes no '{name}'") as caught:
        build_dispatcher(**arguments)

    assert REFUSED[name] in str(caught.value)


@pytest.mark.parametrize("name", ["owner", "pool", "queue"])
def test_an_argument_of_tasks_is_shown_its_place(name: str) -> None:
    with pytest.raises(ValueError, match=rf"default_args=\{{'{name}': \.\.\.\}}"):
        build_dispatcher(**{name: "a"})


def test_what_airflow_is_told_of_the_package_is_as_airflow_wants_it() -> None:
    schema = json.loads((Path(airflow.__path__[0]) / "provider_info.schema.json").read_text())
    info = get_provider_info()

    jsonschema.validate(info, schema)
    for kind in ("sensors", "operators", "triggers"):
        for module in info[kind][0]["python-modules"]:
            assert import_module(module)
    for link in info["extra-links"]:
        module, _, name = link.rpartition(".")
        assert getattr(import_module(module), name)

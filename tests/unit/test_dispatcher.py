"""The dispatcher DAG."""

from __future__ import annotations

import json
from datetime import timedelta

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import BaseOperator

from airflow_provider_hybrid.dispatcher import build_dispatcher
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

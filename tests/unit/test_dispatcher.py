"""The dispatcher DAG."""

from __future__ import annotations

from datetime import timedelta

from airflow_provider_hybrid.dispatcher import build_dispatcher


def test_it_listens_and_then_launches() -> None:
    dag = build_dispatcher()

    assert dag.dag_id == "hybrid_dispatcher"
    assert (type(dag.timetable).__name__, dag.max_active_runs) == ("ContinuousTimetable", 1)
    assert dag.get_task("listen").downstream_task_ids == {"launch"}


def test_a_full_cluster_does_not_starve_it() -> None:
    for task in build_dispatcher().tasks:
        assert task.priority_weight == 1000
        assert task.weight_rule == "absolute"


def test_a_failure_that_somebody_must_mend_costs_one_failed_run_a_minute_at_most() -> None:
    for task in build_dispatcher().tasks:
        assert task.retries * task.retry_delay >= timedelta(minutes=1)


def test_a_second_dispatcher_has_a_variable_of_its_own() -> None:
    dag = build_dispatcher(dag_id="orders_dispatcher", config_variable="orders")

    assert dag.dag_id == "orders_dispatcher"
    assert dag.get_task("listen").config_variable == "orders"
    assert "`orders`" in dag.doc_md

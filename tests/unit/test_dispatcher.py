"""The dispatcher DAG."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import airflow
import pytest

from airflow_provider_hybrid.dispatcher import build_dispatcher

forms = pytest.mark.parametrize("schedule", ["@continuous", "asset"])


def test_it_listens_and_then_launches() -> None:
    dag = build_dispatcher()

    assert dag.dag_id == "hybrid_dispatcher"
    assert (type(dag.timetable).__name__, dag.max_active_runs) == ("ContinuousTimetable", 1)
    assert dag.get_task("listen").downstream_task_ids == {"launch"}


def test_scheduled_on_an_asset_it_routes_what_the_triggerer_received_and_then_launches() -> None:
    dag = build_dispatcher("orders_dispatcher", "orders", schedule="asset")

    (messages,) = dag.timetable.asset_condition.objects
    (watcher,) = messages.watchers
    assert watcher.trigger.serialize()[1] == {"config_variable": "orders", "dag_id": "orders_dispatcher"}
    assert dag.get_task("route").inlets == [messages]
    assert dag.get_task("route").downstream_task_ids == {"launch"}
    assert dag.max_active_runs > 1, "a run that launches for long must not keep the next one waiting"


def test_an_airflow_that_keeps_no_state_for_assets_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(airflow, "__version__", "3.2.2")

    with pytest.raises(ValueError, match=r"needs Airflow 3\.3"):
        build_dispatcher(schedule="asset")


def test_another_schedule_is_refused() -> None:
    with pytest.raises(ValueError, match="'@daily' is neither '@continuous' nor 'asset'"):
        build_dispatcher(schedule="@daily")  # type: ignore[arg-type]


@forms
def test_a_full_cluster_does_not_starve_it(schedule: Any) -> None:
    for task in build_dispatcher(schedule=schedule).tasks:
        assert task.priority_weight == 1000
        assert task.weight_rule == "absolute"


@forms
def test_a_failure_that_somebody_must_mend_costs_one_failed_run_a_minute_at_most(schedule: Any) -> None:
    for task in build_dispatcher(schedule=schedule).tasks:
        assert task.retries * task.retry_delay >= timedelta(minutes=1)


def test_a_second_dispatcher_has_a_variable_of_its_own() -> None:
    dag = build_dispatcher(dag_id="orders_dispatcher", config_variable="orders")

    assert dag.dag_id == "orders_dispatcher"
    assert dag.get_task("listen").config_variable == "orders"
    assert "`orders`" in dag.doc_md

"""The DAG of expectations, and what its page in the docs says."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest

from airflow_provider_hybrid.config.read import parse_config
from airflow_provider_hybrid.expectations import REFUSED, build_expectations
from airflow_provider_hybrid.view.dispatchers import TAG as DISPATCHERS
from airflow_provider_hybrid.view.expectations import DeadlineState
from tests.harness.versions import DagSerialization

PAGE = (Path(__file__).parents[2] / "docs" / "expectations.md").read_text()
EXAMPLE, SECOND = re.findall(r"^```json\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_it_waits_for_deadlines_and_looks_at_each() -> None:
    dag = build_expectations()

    assert dag.dag_id == "hybrid_expectations"
    assert dag.get_task("watch").downstream_task_ids == {"expectation"}
    assert dag.get_task("watch").config_variable == "hybrid_dispatcher"


def test_airflow_stores_it_and_reads_it_again_with_a_run_a_day_and_room_for_many_deadlines() -> None:
    stored = DagSerialization.from_dict(
        json.loads(json.dumps(DagSerialization.to_dict(build_expectations())))
    )

    assert stored.timetable.summary == "0 0 * * *"
    assert stored.timetable._timezone.name == "UTC"
    assert (stored.catchup, stored.max_active_runs) == (False, 1000)


def test_it_is_no_dispatcher() -> None:
    """`hybrid status` takes each DAG with that tag for one."""
    assert DISPATCHERS not in build_expectations().tags


def test_a_missed_deadline_fails_at_once_and_a_wait_that_fails_is_tried_for_a_day() -> None:
    dag = build_expectations(default_args={"owner": "data-platform"})

    watch = dag.get_task("watch")
    assert watch.retries * watch.retry_delay.total_seconds() == 24 * 3600
    assert watch.owner == "data-platform"


def test_a_second_dispatcher_has_one_of_its_own() -> None:
    dag = build_expectations("orders_expectations", "orders", tags=["ours"])

    assert (dag.dag_id, dag.get_task("watch").config_variable) == ("orders_expectations", "orders")
    assert "ours" in dag.tags


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("place", ["dag", "tasks"])
def test_what_would_break_the_promise_is_refused_with_the_reason(name: str, place: str) -> None:
    arguments: dict[str, Any] = {name: 1} if place == "dag" else {"default_args": {name: 1}}

    with pytest.raises(ValueError, match=f"build_expectations takes no '{name}'") as caught:
        build_expectations(**arguments)

    assert REFUSED[name] in str(caught.value)


def test_an_argument_of_tasks_is_shown_its_place() -> None:
    with pytest.raises(ValueError, match=r"build_expectations\(default_args=\{'owner': \.\.\.\}\)"):
        build_expectations(owner="a")


def test_the_example_of_the_page_is_valid_and_its_error_is_as_quoted() -> None:
    (expectation,) = parse_config(EXAMPLE).expectations
    deadline = expectation.deadline(date(2026, 11, 27))
    assert deadline

    quoted = " ".join(re.findall(r"^> (.*)$", PAGE, re.MULTILINE)).replace("\\*", "*")
    assert quoted == (
        f"{expectation.name}: {expectation.missing(deadline)}. When it comes, this run turns green"
    )
    assert f"`{deadline.run_id}`" in PAGE
    assert f"`{deadline.late_run_id}`" in PAGE


def test_the_example_for_a_second_dispatcher_is_valid() -> None:
    parse_config(json.dumps({**json.loads(EXAMPLE), **json.loads(SECOND)}))


def test_the_page_has_every_state() -> None:
    assert set(re.findall(r"`([a-z ]+)`", PAGE.partition("| state |")[2].partition("\n\n")[0])) - {
        "hybrid_expectations"
    } == set(get_args(DeadlineState))

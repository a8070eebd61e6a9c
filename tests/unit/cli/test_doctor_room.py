"""What the doctor says of DAGs that are full."""

from __future__ import annotations

import json
from typing import Any

import pytest
from airflow.models.dagrun import DagRun

from airflow_provider_hybrid.cli.doctor.room import check_room
from airflow_provider_hybrid.compat.installation import queued_runs
from airflow_provider_hybrid.config.read import parse_config
from tests.harness.metadata import add


def look(queued: dict[str, int], **changes: Any) -> list[tuple[str, str]]:
    """Return level and words of the findings for routes to DAGs `a` and `b`, ten queued runs each."""
    routes = [
        {"name": dag_id, "event_pattern": {"source": ["x"]}, "trigger_dag_id": dag_id} for dag_id in "ab"
    ]
    document = {"queue_url": "https://sqs/1/events", "max_queued_runs": 10, "routes": routes, **changes}
    return [
        (finding.level, finding.found) for finding in check_room(parse_config(json.dumps(document)), queued)
    ]


@pytest.mark.parametrize("changes", [{}, {"max_queued_runs": None}], ids=["limits", "no limits"])
def test_while_there_is_room_all_is_fine(changes: dict[str, Any]) -> None:
    assert [level for level, _ in look({"a": 9}, **changes)] == ["fine"]


def test_a_full_dag_is_named() -> None:
    ((level, found),) = look({"a": 10})

    assert (level, found) == ("warning", "DAG 'a' has 10 queued runs, and 10 are allowed: its events wait")


def test_that_all_together_leave_no_room_is_a_fault() -> None:
    *_, (level, found) = look({"a": 9, "b": 9}, max_queued_runs_total=20)

    assert level == "fault"
    assert found.startswith("nothing is received until there is room. 18 runs are queued (a: 9, b: 9)")


def test_that_each_dag_holds_more_than_half_of_its_limit_is_a_fault() -> None:
    """The trigger receives nothing then, though none is full."""
    ((level, found),) = look({"a": 6, "b": 6})

    assert level == "fault"
    assert found.startswith("nothing is received until there is room. 12 runs are queued")


@pytest.mark.usefixtures("airflow_database")
def test_the_runs_are_counted_in_airflows_database() -> None:
    add(
        *(
            DagRun(dag_id=dag_id, run_id=f"{dag_id}-{number}", run_type="manual", state=state)
            for dag_id, number, state in [
                ("a", 1, "queued"),
                ("a", 2, "queued"),
                ("a", 3, "running"),
                ("c", 1, "queued"),
            ]
        )
    )

    assert queued_runs(["a", "b"]) == {"a": 2}

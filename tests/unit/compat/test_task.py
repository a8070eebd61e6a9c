"""What a task or a trigger asks of Airflow, as far as one process can show it."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import airflow
import pytest
from airflow.sdk.exceptions import ErrorType
from airflow.sdk.execution_time.comms import ErrorResponse, GetTICount, TICount, TriggerDagRun
from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance

from airflow_provider_hybrid.compat.task import (
    count_at_work,
    count_queued_runs,
    failure_without_retry,
    is_paused,
    start_dag_run,
    starts_from_trigger,
)
from airflow_provider_hybrid.exceptions import LaunchError
from airflow_provider_hybrid.routing.launch import Launch
from tests.harness.supervising import Refusing, supervise
from tests.harness.supervisor import Supervisor
from tests.harness.versions import AirflowFailException

LAUNCH = Launch("route", "partner", "route__1", {"order": 7}, "why")


def test_a_run_starts_once(supervisor: Supervisor) -> None:
    supervisor.dag_ids.add("partner")

    assert start_dag_run(LAUNCH)
    assert not start_dag_run(LAUNCH)

    (run,) = supervisor.runs.values()
    assert (run.dag_id, run.run_id, run.conf) == ("partner", "route__1", {"order": 7})
    assert run.logical_date is None, "two events of the same moment would be taken for one"


@pytest.mark.skipif("note" not in TriggerDagRun.model_fields, reason="this Airflow stores no note")
def test_a_note_goes_along_where_airflow_stores_it(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    supervisor.dag_ids.add("partner")
    start_dag_run(LAUNCH)
    assert supervisor.runs["partner", "route__1"].note == "why"

    supervisor.runs.clear()
    fields = {name: field for name, field in TriggerDagRun.model_fields.items() if name != "note"}
    monkeypatch.setattr(TriggerDagRun, "__pydantic_fields__", fields)
    start_dag_run(LAUNCH)
    assert supervisor.runs["partner", "route__1"].note is None


def test_a_dag_that_is_missing_or_broken_is_told_in_airflows_words(supervisor: Supervisor) -> None:
    with pytest.raises(LaunchError, match="answers 404: Dag with dag_id: 'partner' not found"):
        start_dag_run(LAUNCH)

    supervisor.dag_ids.add("partner")
    supervisor.broken.add("partner")
    with pytest.raises(LaunchError, match="answers 400: Dag with dag_id 'partner' has import errors"):
        start_dag_run(LAUNCH)


def test_an_error_that_is_answered_and_not_raised_is_told_too(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = ErrorResponse(error=ErrorType.GENERIC_ERROR, detail={"status_code": 500, "message": "no luck"})
    supervise(monkeypatch, SimpleNamespace(send=lambda _: answer))

    with pytest.raises(LaunchError, match="answers 500: no luck"):
        start_dag_run(LAUNCH)


def test_queued_runs_are_counted(supervisor: Supervisor) -> None:
    supervisor.queued["partner"] = 3

    assert count_queued_runs("partner") == 3
    assert count_queued_runs("another") == 0


def test_tasks_that_a_worker_has_or_gets_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is deferred is nobody's work."""
    asked: list[Any] = []

    def send(msg: Any) -> TICount:
        asked.append(msg)
        return TICount(count=2)

    supervise(monkeypatch, SimpleNamespace(send=send))

    assert count_at_work("dispatcher", {"listen"}) == 2
    (request,) = asked
    assert isinstance(request, GetTICount)
    assert (request.dag_id, request.task_ids) == ("dispatcher", ["listen"])
    assert request.states == ["scheduled", "queued", "running"]


@pytest.mark.parametrize(
    ("count", "what"),
    [(count_queued_runs, "queued runs"), (lambda dag_id: count_at_work(dag_id, ["listen"]), "tasks")],
    ids=["runs", "tasks"],
)
def test_what_cannot_be_counted_is_an_error_that_names_the_dag(
    monkeypatch: pytest.MonkeyPatch, count: Callable[[str], int], what: str
) -> None:
    supervise(monkeypatch, Refusing(503, "not now"))

    with pytest.raises(LaunchError, match=f"The {what} of DAG 'orders' cannot be counted. .* 503: not now"):
        count("orders")


def test_a_failure_without_retry_is_airflows_own() -> None:
    error = failure_without_retry("why")

    assert isinstance(error, AirflowFailException)
    assert str(error) == "why"


@pytest.mark.parametrize(
    ("version", "does"),
    [("3.0.6", True), ("3.1.8", False), ("3.2.2", False), ("3.3.2", True), ("3.10.0", True), ("4.0.0", True)],
)
def test_tasks_begin_in_the_triggerer_where_airflow_can(
    monkeypatch: pytest.MonkeyPatch, version: str, does: bool
) -> None:
    monkeypatch.setattr(airflow, "__version__", version)

    assert starts_from_trigger() is does


@pytest.mark.skipif(not hasattr(RuntimeTaskInstance, "get_dag"), reason="this Airflow tells no task")
def test_a_task_knows_whether_its_dag_is_paused(supervisor: Supervisor) -> None:
    supervisor.paused.add("orders")

    assert is_paused("orders")
    assert not is_paused("another")


def test_where_airflow_does_not_answer_a_dag_counts_as_running(monkeypatch: pytest.MonkeyPatch) -> None:
    supervise(monkeypatch, Refusing(503, "not now"))

    assert not is_paused("orders")


def test_where_airflow_tells_no_task_a_dag_counts_as_running(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(RuntimeTaskInstance, "get_dag", raising=False)
    supervisor.paused.add("orders")

    assert not is_paused("orders")

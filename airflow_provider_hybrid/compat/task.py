"""What a task or a trigger asks of the Airflow that runs it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

from airflow_provider_hybrid.exceptions import LaunchError, UnreadableError
from airflow_provider_hybrid.routing.launch import Launch

PAGES = "/hybrid"
"""Where the pages are, below Airflow's address."""

_WITHOUT_VALUES = {"not_found", "import_errors", "denied_run_type", "already_exists", "not_partitioned"}
"""Reasons whose messages hold ids only. Other messages quote the conf, as a Param does that refuses it."""


def start_dag_run(launch: Launch) -> bool:
    """Start a DAG run from within a task, through the task's supervisor.

    `TriggerDagRunOperator` sends the same request, once, by ending its task. Airflow has no public way for
    a task to send several. It was seen to work on Airflow 3.0.6, 3.1.8, 3.2.2 and 3.3.2.

    ``logical_date`` stays None: Airflow keeps (dag_id, logical_date) unique, so it would take two events of
    the same moment for one.

    Args:
        launch: The run to start.

    Returns:
        True if it started, False if a run with this id exists already.

    Raises:
        LaunchError: If Airflow refuses, with the reason.
    """
    # These exist only within a running task.
    from airflow.sdk.exceptions import AirflowRuntimeError, ErrorType
    from airflow.sdk.execution_time.comms import ErrorResponse, TriggerDagRun
    from airflow.sdk.execution_time.task_runner import SUPERVISOR_COMMS

    arguments: dict[str, Any] = {"logical_date": None, "conf": launch.conf}
    if "note" in TriggerDagRun.model_fields:  # from Airflow 3.2 on
        arguments["note"] = launch.note
    request = TriggerDagRun(dag_id=launch.trigger_dag_id, run_id=launch.trigger_run_id, **arguments)
    try:
        answer = SUPERVISOR_COMMS.send(request)
    except AirflowRuntimeError as error:
        raise LaunchError(reason_of(error.error.detail or {})) from error
    if isinstance(answer, ErrorResponse):
        if answer.error == ErrorType.DAGRUN_ALREADY_EXISTS:
            return False
        raise LaunchError(reason_of(answer.detail or {}))
    return True


def push_to_database(ti: Any, key: str, value: Any) -> None:
    """Write an XCom of a task into Airflow's database, also where a custom XCom backend is configured.

    It is there at once, whatever becomes of the task. It was seen to work on Airflow 3.0.6, 3.1.8, 3.2.2 and
    3.3.2.

    Args:
        ti: The task instance.
        key: The XCom's key.
        value: Any JSON value.

    Raises:
        LaunchError: If Airflow refuses or does not answer, with the reason.
    """
    from airflow.sdk.bases.xcom import BaseXCom
    from airflow.sdk.exceptions import AirflowRuntimeError

    try:
        BaseXCom.set(
            key, value, dag_id=ti.dag_id, task_id=ti.task_id, run_id=ti.run_id, map_index=ti.map_index
        )
    except AirflowRuntimeError as error:
        raise LaunchError(reason_of(error.error.detail or {})) from error
    except (OSError, EOFError) as error:
        raise LaunchError(f"The task's supervisor does not answer ({type(error).__name__})") from error


def with_openlineage_parent(launch: Launch, ti: Any) -> Launch:
    """Add OpenLineage's parent information to a launch's conf, as `TriggerDagRunOperator` does.

    Args:
        launch: The launch.
        ti: The task instance that starts the run; None adds nothing.

    Returns:
        The same launch where the OpenLineage provider is not installed or is disabled, and with a standard
        provider before 1.10, whose `TriggerDagRunOperator` adds nothing either.
    """
    try:
        from airflow.providers.standard.utils.openlineage import (
            safe_inject_openlineage_properties_into_dagrun_conf,
        )
    except ImportError:
        return launch
    conf = safe_inject_openlineage_properties_into_dagrun_conf(dr_conf=launch.conf, ti=ti)
    return replace(launch, conf=conf or {})


def failure_without_retry(text: str) -> Exception:
    """Make the exception (`AirflowFailException`) after which Airflow does not try a task again."""
    return class_of_failures_without_retry()(text)


def class_of_failures_without_retry() -> type[Exception]:
    """Return `AirflowFailException`, for an ``except``."""
    try:
        from airflow.sdk.exceptions import AirflowFailException
    except ImportError:  # before Airflow 3.2
        from airflow.exceptions import AirflowFailException  # type: ignore[no-redef]

    return AirflowFailException


def get_variable(key: str) -> Any:
    """Read a Variable.

    Args:
        key: Its key.

    Returns:
        Its value; None if it does not exist.

    Raises:
        ConfigError: If Airflow does not give it.
    """
    from airflow.sdk import Variable
    from airflow.sdk.exceptions import AirflowRuntimeError

    try:
        return Variable.get(key, default=None)
    except AirflowRuntimeError as error:
        said = (error.error.detail or {}).get("status_code")
        raise UnreadableError(
            f"Airflow Variable {key!r} cannot be read: the API server answers {said}. Look at its log."
        ) from error


def set_variable(key: str, value: str, description: str) -> None:
    """Write a Variable into Airflow's database, from within a task.

    On Airflow 3.0 and 3.1 a refusal is written into the log only.

    Args:
        key: Its key.
        value: Its value.
        description: What it is, for people.

    Raises:
        LaunchError: If Airflow refuses or does not answer, with the reason.
    """
    from airflow.sdk import Variable
    from airflow.sdk.exceptions import AirflowRuntimeError

    try:
        Variable.set(key, value, description=description)
    except AirflowRuntimeError as error:
        reason = reason_of(error.error.detail or {})
        raise LaunchError(f"Variable {key!r} cannot be written. {reason}") from error


def count_queued_runs(dag_id: str) -> int:
    """Count the queued runs of a DAG.

    It works in a task and, in a thread, in a trigger. Each call is a request to Airflow's API server, which
    takes about ten milliseconds; `ExternalTaskSensor` and its trigger make the same one.

    Args:
        dag_id: The DAG.

    Returns:
        How many runs; 0 if there is no such DAG.

    Raises:
        LaunchError: If Airflow does not answer, with the reason.
    """
    from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance

    with _counting(f"The queued runs of DAG {dag_id!r}"):
        return RuntimeTaskInstance.get_dr_count(dag_id=dag_id, states=["queued"])


def count_at_work(dag_id: str, task_ids: Iterable[str]) -> int:
    """Count the instances of tasks that a worker has or will soon have; deferred ones do not count.

    It works in a task and, in a thread, in a trigger, on every Airflow from 3.0.6 on.

    Args:
        dag_id: The DAG.
        task_ids: The tasks, at least one.

    Returns:
        How many task instances are scheduled, queued or running.

    Raises:
        LaunchError: If Airflow does not answer, with the reason.
    """
    from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance

    with _counting(f"The tasks of DAG {dag_id!r}"):
        return RuntimeTaskInstance.get_ti_count(
            dag_id=dag_id, task_ids=sorted(task_ids), states=["scheduled", "queued", "running"]
        )


def starts_from_trigger() -> bool:
    """Say whether a task can begin in the triggerer, with no process before (`start_from_trigger`).

    Airflow 3.1 and 3.2 take the argument and do nothing with it (`DagRun.schedule_tis`). It was seen to work
    on 3.0.6 and 3.3.2.
    """
    # Imported here: `hybrid --help` need not wait for Airflow.
    from airflow import __version__ as airflow_version

    major, minor = map(int, airflow_version.split(".")[:2])
    return (major, minor) == (3, 0) or (major, minor) >= (3, 3)


def has_pages() -> bool:
    """Say whether this Airflow serves pages of plugins to a browser that is logged in: from 3.1.1 on."""
    from airflow import __version__ as airflow_version

    return tuple(map(int, re.findall(r"\d+", airflow_version)[:3])) >= (3, 1, 1)


def is_paused(dag_id: str) -> bool:
    """Say whether a DAG is paused, from within a task.

    Args:
        dag_id: The DAG.

    Returns:
        False also if Airflow does not answer, and before Airflow 3.2, where a task cannot know.
    """
    from airflow.sdk.exceptions import AirflowRuntimeError
    from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance

    get_dag = getattr(RuntimeTaskInstance, "get_dag", None)
    with suppress(AirflowRuntimeError):
        return bool(get_dag and get_dag(dag_id=dag_id).is_paused)
    return False


@contextmanager
def _counting(what: str) -> Iterator[None]:
    """Raise a `LaunchError` if Airflow does not answer in the block."""
    from airflow.sdk.exceptions import AirflowRuntimeError

    try:
        yield
    except AirflowRuntimeError as error:
        raise LaunchError(f"{what} cannot be counted. {reason_of(error.error.detail or {})}") from error


def reason_of(detail: dict[str, Any]) -> str:
    """Return the API server's own words, without those that quote the conf.

    Args:
        detail: The ``detail`` of the error that the task's supervisor hands over.
    """
    said: Any = detail
    while isinstance(said, dict) and said.get("reason") not in _WITHOUT_VALUES:
        said = said.get("detail") or said.get("message")
    if isinstance(said, dict):
        said = said.get("message")
    elif isinstance(said, str):
        said = said.partition(":")[0].partition("'")[0]
    elif isinstance(said, list):
        said = "; ".join(
            ".".join(map(str, fault.get("loc", ()))) for fault in said if isinstance(fault, dict)
        )
    return f"Airflow's API answers {detail.get('status_code')}: {said}"

"""What a task asks of Airflow about a DAG run that exists already.

`ExternalTaskSensor` and `TriggerDagRunOperator` send the same requests. They were seen to work on Airflow
3.0.6, 3.1.8, 3.2.2 and 3.3.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from airflow_provider_hybrid.compat.task import reason_of
from airflow_provider_hybrid.exceptions import LaunchError
from airflow_provider_hybrid.routing.launch import Launch


def is_there(dag_id: str, run_id: str, states: list[str] | None = None) -> bool:
    """Say whether a DAG has a run with this id.

    Args:
        dag_id: The DAG.
        run_id: The run's id.
        states: The states that count; None for all.

    Raises:
        LaunchError: If Airflow does not answer, with the reason.
    """
    from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance

    with _asking(dag_id, run_id):
        return RuntimeTaskInstance.get_dr_count(dag_id=dag_id, run_ids=[run_id], states=states) > 0


def run_anew(launch: Launch) -> None:
    """Clear a DAG run, so that all of its tasks run again with the conf that it has.

    Args:
        launch: The run. If somebody has deleted it, it starts with the launch's conf.

    Raises:
        LaunchError: If Airflow refuses or does not answer, with the reason.
    """
    # These exist only within a running task.
    from airflow.sdk.execution_time.comms import TriggerDagRun
    from airflow.sdk.execution_time.task_runner import SUPERVISOR_COMMS

    with _asking(launch.trigger_dag_id, launch.trigger_run_id):
        SUPERVISOR_COMMS.send(
            TriggerDagRun(
                dag_id=launch.trigger_dag_id,
                run_id=launch.trigger_run_id,
                logical_date=None,
                conf=launch.conf,
                reset_dag_run=True,
            )
        )


@contextmanager
def _asking(dag_id: str, run_id: str) -> Iterator[None]:
    """Raise a `LaunchError` if Airflow does not answer in the block."""
    from airflow.sdk.exceptions import AirflowRuntimeError

    try:
        yield
    except AirflowRuntimeError as error:
        raise LaunchError(f"Run {run_id} of DAG {dag_id!r}: {reason_of(error.error.detail or {})}") from error

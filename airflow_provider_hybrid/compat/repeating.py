"""A DAG run that somebody wants, made in Airflow's database as `airflow dags trigger` makes it.

It was seen to work on Airflow 3.0.6, 3.1.8, 3.2.2 and 3.3.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from airflow_provider_hybrid.exceptions import LaunchError

WhoAsks = Literal["cli", "ui"]
"""Where somebody asks for a run: at a command, or on a page."""


def create_run(
    session: Any, dag_id: str, run_id: str, conf: Mapping[str, Any], note: str, asks: WhoAsks
) -> None:
    """Make a queued run of a DAG, without a logical date.

    Args:
        session: A session of Airflow's database, to be committed by the caller.
        dag_id: The DAG.
        run_id: The new run's id.
        conf: Its conf.
        note: Its note.
        asks: Where somebody asks for it.

    Raises:
        LaunchError: If the DAG does not exist, has import errors or refuses the conf, or if the run exists.
    """
    from airflow.api.common.trigger_dag import trigger_dag
    from airflow.exceptions import AirflowException  # type: ignore[attr-defined]
    from airflow.models.dag import DagModel
    from airflow.utils.types import DagRunTriggeredByType

    dag = DagModel.get_current(dag_id, session=session)
    if dag is None or dag.is_stale or dag.has_import_errors:
        state = "has import errors" if dag and dag.has_import_errors else "does not exist (any more)"
        raise LaunchError(f"DAG {dag_id!r} {state}. Mend it first. Nothing was started")
    try:
        run = trigger_dag(
            dag_id,
            triggered_by=DagRunTriggeredByType(asks),
            run_id=run_id,
            conf=dict(conf),
            session=session,
        )
    except (AirflowException, ValueError) as error:
        # A text of Airflow's may quote the conf, as a Param does that refuses it.
        raise LaunchError(
            f"Airflow refuses run {run_id} of DAG {dag_id!r} ({type(error).__name__})"
        ) from error
    if run is not None:
        run.note = note

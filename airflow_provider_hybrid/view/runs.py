"""The states of DAG runs now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, tuple_

from airflow_provider_hybrid.compat.database import DagRun
from airflow_provider_hybrid.record.line import RunLine


def states_of(session: Any, runs: Iterable[RunLine]) -> dict[tuple[str, str], str]:
    """Return the state of each run that exists, by DAG id and run id.

    Args:
        session: A session of Airflow's database.
        runs: The runs, as the record names them.
    """
    wanted = sorted({(run.dag_id, run.run_id) for run in runs})
    if not wanted:
        return {}
    found = select(DagRun.dag_id, DagRun.run_id, DagRun.state).where(
        tuple_(DagRun.dag_id, DagRun.run_id).in_(wanted)
    )
    return {(dag_id, run_id): str(state) for dag_id, run_id, state in session.execute(found)}

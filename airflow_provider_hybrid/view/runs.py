"""DAG runs as they are now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, tuple_

from airflow_provider_hybrid.compat.database import DagRun
from airflow_provider_hybrid.record.line import RunLine


@dataclass(frozen=True)
class RunNow:
    """A DAG run that exists, and its state."""

    dag_id: str
    run_id: str
    state: str


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


def newest_runs(session: Any, dag_ids: Collection[str], limit: int) -> dict[str, list[RunNow]]:
    """Return the newest runs of some DAGs, by DAG id, the newest first.

    Args:
        session: A session of Airflow's database.
        dag_ids: The DAGs.
        limit: The most runs of all of them together.
    """
    found = (
        select(DagRun.dag_id, DagRun.run_id, DagRun.state)
        .where(DagRun.dag_id.in_(sorted(dag_ids)))
        .order_by(DagRun.id.desc())
        .limit(limit)
    )
    runs: dict[str, list[RunNow]] = defaultdict(list)
    for dag_id, run_id, state in session.execute(found):
        runs[dag_id].append(RunNow(dag_id, run_id, str(state)))
    return runs

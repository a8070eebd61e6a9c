"""The queued runs of DAGs, counted with few requests."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable

from airflow_provider_hybrid.compat.task import count_queued_runs
from airflow_provider_hybrid.routing.launch import Launch

GOOD_FOR = 30.0
"""Seconds for which the count of a DAG is good that a batch adds no runs to."""


class QueuedRuns:
    """Knows how many queued runs DAGs have, or at most have.

    Each count is a request. So a task that launches batch after batch counts the DAGs of each batch, and the
    others only now and then. In between it adds the runs that it starts: so it never takes a DAG for emptier
    than it is, unless somebody else starts runs of it.
    """

    def __init__(self) -> None:
        self._queued: dict[str, int] = {}
        self._counted_at: dict[str, float] = {}

    def count(self, dag_ids: Iterable[str], *, since: float) -> dict[str, int]:
        """Return the numbers of queued runs of DAGs, and of those that were counted before.

        Args:
            dag_ids: The DAGs.
            since: Count those anew that were not counted since then, on the monotonic clock.

        Raises:
            LaunchError: If Airflow does not answer.
        """
        for dag_id in dag_ids:
            if self._counted_at.get(dag_id, float("-inf")) < since:
                now = time.monotonic()
                self._queued[dag_id] = count_queued_runs(dag_id)
                self._counted_at[dag_id] = now
        return dict(self._queued)

    def add(self, launches: Collection[Launch]) -> None:
        """Note runs that are going to be started."""
        for launch in launches:
            self._queued[launch.trigger_dag_id] = self._queued.get(launch.trigger_dag_id, 0) + 1

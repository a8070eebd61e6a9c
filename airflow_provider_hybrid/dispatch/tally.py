"""What a launch tells in the log: one line for all of its runs."""

from __future__ import annotations

import logging
from collections import Counter

from airflow_provider_hybrid.routing.launch import Launch

log = logging.getLogger(__name__)


class Tally:
    """Counts the runs of a launch, DAG by DAG; at DEBUG it names each.

    Its text is, for example, ``partner_a: 12 started, 1 existed already; partner_b: 3 started``.
    """

    def __init__(self) -> None:
        self._runs: dict[str, Counter[str]] = {}

    def add(self, launch: Launch, started: bool) -> None:
        """Count a run.

        Args:
            launch: What asked for it.
            started: False if it existed already.
        """
        state = "started" if started else "existed already"
        self._runs.setdefault(launch.trigger_dag_id, Counter())[state] += 1
        log.debug("Run %s of DAG %s: %s", launch.trigger_run_id, launch.trigger_dag_id, state)

    def __bool__(self) -> bool:
        """Say whether there was a run."""
        return bool(self._runs)

    def __str__(self) -> str:
        """Say how many runs of each DAG there were."""
        return "; ".join(
            f"{dag_id}: " + ", ".join(f"{number} {state}" for state, number in states.items())
            for dag_id, states in self._runs.items()
        )

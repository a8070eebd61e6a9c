"""The line that a launch writes into the log: one for all of its runs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from airflow_provider_hybrid.routing.launch import Launch


def tally(answers: Mapping[Launch, bool]) -> str:
    """Count runs, DAG by DAG: ``partner_a: 12 started, 1 existed already; partner_b: 3 started``.

    Args:
        answers: For each launch, whether its run was started; else it existed already.
    """
    runs: dict[str, Counter[str]] = defaultdict(Counter)
    for launch, started in answers.items():
        runs[launch.trigger_dag_id]["started" if started else "existed already"] += 1
    return "; ".join(
        f"{dag_id}: " + ", ".join(f"{number} {state}" for state, number in states.items())
        for dag_id, states in runs.items()
    )

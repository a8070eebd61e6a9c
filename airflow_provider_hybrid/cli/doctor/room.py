"""DAGs that are full now: their events wait in the queue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from airflow_provider_hybrid.cli.doctor.finding import Finding
from airflow_provider_hybrid.config.models import DispatcherConfig


def check_room(config: DispatcherConfig, queued: Mapping[str, int]) -> Iterator[Finding]:
    """Name the DAGs that are full, and say whether anything is received.

    Args:
        config: The dispatcher's configuration.
        queued: The number of queued runs by DAG id.
    """
    room = config.room(queued)
    full = {
        limit.dag_id: limit.max_queued_runs
        for name, limit in room.limits.items()
        if limit.dag_id and room.is_full(name, limit.dag_id)
    }
    for dag_id, limit in full.items():
        found = f"DAG {dag_id!r} has {queued[dag_id]} queued runs, and {limit} are allowed: its events wait"
        mend = "Unpause the DAG, raise its max_active_runs, or raise 'max_queued_runs'"
        yield Finding("room", "warning", found, mend)
    if not room.runs:
        mend = (
            "Unpause the DAGs, raise their max_active_runs, or raise 'max_queued_runs' or "
            "'max_queued_runs_total'"
        )
        yield Finding("room", "fault", f"nothing is received until there is room. {room}", mend)
    elif not full:
        yield Finding("room", "fine", "no DAG holds as many queued runs as it may")

"""Limits on queued runs that do not do what they are for."""

from __future__ import annotations

from collections.abc import Iterator

from airflow_provider_hybrid.config.models import DispatcherConfig


def room_warnings(config: DispatcherConfig) -> Iterator[str]:
    """Warn of a DAG that stops all others once it is full.

    While more than half of ``max_queued_runs_total`` are queued, the dispatcher receives nothing.
    """
    room = config.room({})
    total, limits = room.max_queued_runs_total, [limit.max_queued_runs or 0 for limit in room.limits.values()]
    if total and len(limits) > 1 and total // 2 < max(limits):
        yield (
            f"max_queued_runs_total: a single DAG may hold {max(limits)} of the {total} queued runs, and all "
            f"others wait once half of them are there; set it to {2 * max(limits)} at least"
        )

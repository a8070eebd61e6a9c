"""Room for further queued runs: work waits in SQS, not in Airflow's database."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from airflow_provider_hybrid.routing.batch import combine
from airflow_provider_hybrid.routing.delivery import Delivery
from airflow_provider_hybrid.routing.group import count_runs_of

NAMED = 5
"""The most DAGs that a text about the room names: those with the most queued runs."""


@dataclass(frozen=True)
class Room:
    """The room for further queued runs.

    Args:
        queued: The number of queued runs by DAG id.
        max_queued_runs: The most queued runs that all these DAGs may have together.
    """

    queued: Mapping[str, int]
    max_queued_runs: int

    @property
    def runs(self) -> int:
        """The number of runs that may be added; 0 while more than half of ``max_queued_runs`` are queued.

        The DAGs still have half of the runs to work on when the dispatcher adds others. It adds many at once,
        so a full Airflow does not cost one run of the dispatcher for each message.
        """
        total = sum(self.queued.values())
        return self.max_queued_runs - total if total <= self.max_queued_runs // 2 else 0

    def __str__(self) -> str:
        """Say which DAGs have queued runs, and name the usual reasons."""
        holders = sorted((dag_id for dag_id, number in self.queued.items() if number), key=self._most_first)
        shown = ", ".join(f"{dag_id}: {self.queued[dag_id]}" for dag_id in holders[:NAMED])
        more = f" and {len(holders) - NAMED} DAG(s) with fewer" if len(holders) > NAMED else ""
        return (
            f"{sum(self.queued.values())} runs are queued ({shown}{more}), more than half of the "
            f"{self.max_queued_runs} that 'max_queued_runs' allows. Usually a DAG is paused, or its "
            "max_active_runs is low"
        )

    def _most_first(self, dag_id: str) -> tuple[int, str]:
        return -self.queued[dag_id], dag_id


def fill(room: Room, deliveries: Sequence[Delivery]) -> tuple[list[Delivery], list[Delivery]]:
    """Split a batch into the deliveries that there is room for, and the rest.

    If there is any room, the first delivery always fits: a message that asks for more than half of
    ``max_queued_runs`` could otherwise wait for ever. Runs that already exist count too: only their launch
    finds out that they exist.

    Args:
        room: The room that there is.
        deliveries: The batch, not yet combined.

    Returns:
        The deliveries that fit, from the first one on, and the deliveries after them; both in order.
    """

    def runs_of_first(number: int) -> int:
        return count_runs_of(combine(deliveries[:number]))

    fitting = bisect_right(range(1, len(deliveries) + 1), room.runs, key=runs_of_first)
    if room.runs:
        fitting = max(1, fitting)
    return list(deliveries[:fitting]), list(deliveries[fitting:])

"""Room for further queued runs: the queue is the buffer, not Airflow's database."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from airflow_provider_hybrid.routing.batch import combine
from airflow_provider_hybrid.routing.delivery import Delivery

NAMED = 5
"""DAGs that a text about the room names at most, those with the most runs."""


@dataclass(frozen=True)
class Room:
    """How many more runs may be queued.

    Args:
        queued: For each DAG, how many queued runs it holds.
        max_queued_runs: The most that they may hold together.
    """

    queued: Mapping[str, int]
    max_queued_runs: int

    @property
    def runs(self) -> int:
        """What fills it up; 0 while more than half is full.

        So the DAGs never run dry while it is filled, and a full Airflow does not cost a run of the dispatcher
        per message.
        """
        total = sum(self.queued.values())
        return self.max_queued_runs - total if total <= self.max_queued_runs // 2 else 0

    def __str__(self) -> str:
        """Say, for people, who holds what, and what the usual reason is."""
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
    """Split a batch into what there is room for, and the rest.

    A message that asks for more than half of ``max_queued_runs`` could wait for ever, so where there is room
    at all, the first message goes through whatever it asks for. Runs that exist already count too: that they
    exist is known only when they are asked for.

    Args:
        room: What there is.
        deliveries: The batch, not yet combined.

    Returns:
        The deliveries that are launched, the longest beginning that fits, and those after it; both in order.
    """

    def runs_of_first(number: int) -> int:
        launches = (launch for delivery in combine(deliveries[:number]) for launch in delivery.launches)
        return len({(launch.trigger_dag_id, launch.trigger_run_id) for launch in launches})

    fitting = bisect_right(range(1, len(deliveries) + 1), room.runs, key=runs_of_first)
    if room.runs:
        fitting = max(1, fitting)
    return list(deliveries[:fitting]), list(deliveries[fitting:])

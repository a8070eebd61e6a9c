"""Room for further queued runs: work waits in SQS, not in Airflow's database."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

NAMED = 5
"""The most DAGs that a text about the room names: those with the most queued runs."""

USUALLY = "Usually a DAG is paused, or its max_active_runs is low"


@dataclass(frozen=True)
class RouteLimit:
    """The limit of one route.

    Args:
        dag_id: Its DAG; None if a template names it.
        max_queued_runs: The most queued runs that its DAG may have; None for no limit.
    """

    dag_id: str | None
    max_queued_runs: int | None


@dataclass(frozen=True)
class Room:
    """The room for further queued runs, of each DAG and of all together.

    Args:
        queued: The number of queued runs by DAG id.
        limits: The limit of each enabled route, by its name.
        max_queued_runs_total: The most queued runs that all these DAGs may have together; None for no limit.
    """

    queued: Mapping[str, int]
    limits: Mapping[str, RouteLimit] = field(default_factory=dict)
    max_queued_runs_total: int | None = None

    @property
    def runs(self) -> int:
        """The number of runs that may be added at most, whatever DAGs they belong to.

        A DAG adds nothing to it while more than half of its limit is queued, and it is 0 while more than half
        of ``max_queued_runs_total`` is. The DAGs then still have half of the runs to work on. The dispatcher
        adds many at once, so a full Airflow does not cost one run of the dispatcher for each message.
        """
        return min(self.total, self._of_all_routes)

    @property
    def total(self) -> int:
        """The number of runs that ``max_queued_runs_total`` allows, by the same rule."""
        return _room(sum(self.queued.values()), self.max_queued_runs_total)

    def is_full(self, route: str, dag_id: str, added: int = 0) -> bool:
        """Say whether a DAG holds as many queued runs as its route allows.

        Args:
            route: The route's name.
            dag_id: The DAG.
            added: Runs of it that are to be added anyway.
        """
        limit = self.limits[route].max_queued_runs if route in self.limits else None
        return limit is not None and self.queued.get(dag_id, 0) + added >= limit

    def __str__(self) -> str:
        """Say which DAGs have queued runs, and name the usual reasons."""
        holders = {dag_id: number for dag_id, number in self.queued.items() if number}
        return f"{sum(holders.values())} runs are queued ({_named(holders)}). {USUALLY}"

    def why_full(self, dag_ids: Iterable[str]) -> str:
        """Say how many queued runs DAGs hold, and name the usual reasons.

        Args:
            dag_ids: The DAGs that are full.
        """
        full = _named({dag_id: self.queued.get(dag_id, 0) for dag_id in dag_ids})
        return f"'max_queued_runs' is reached (queued before this batch: {full}). {USUALLY}"

    @property
    def _of_all_routes(self) -> int:
        """The number of runs that the limits of the routes allow together."""
        rooms: dict[str, int] = {}
        for limit in self.limits.values():
            if limit.dag_id is None:
                return sys.maxsize
            room = _room(self.queued.get(limit.dag_id, 0), limit.max_queued_runs)
            rooms[limit.dag_id] = max(room, rooms.get(limit.dag_id, 0))
        return sum(rooms.values()) if rooms else sys.maxsize


def _room(queued: int, limit: int | None) -> int:
    if limit is None:
        return sys.maxsize
    return limit - queued if queued <= limit // 2 else 0


def _named(queued: Mapping[str, int]) -> str:
    """Name the DAGs with the most queued runs."""
    names = sorted(queued, key=lambda dag_id: (-queued[dag_id], dag_id))
    more = f" and {len(names) - NAMED} DAG(s) with fewer" if len(names) > NAMED else ""
    return ", ".join(f"{dag_id}: {queued[dag_id]}" for dag_id in names[:NAMED]) + more

"""The pace of a route: how many runs it may start in a minute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from airflow_provider_hybrid.routing.delivery import Delivery
from airflow_provider_hybrid.routing.launch import Launch
from airflow_provider_hybrid.routing.room import Room
from airflow_provider_hybrid.routing.waiting import LONGEST

SLACK = 5
"""Seconds by which a run may start before its turn, so that runs start in small groups."""


@dataclass(frozen=True)
class Pace:
    """How far the time of a route is taken. Each run takes a minute, divided by the runs of a minute.

    Args:
        started: Runs that were started take the time until then, in seconds since 1970.
        promised: Messages that were told when to come back take the time until then.
    """

    started: float = 0
    promised: float = 0


class Pacer:
    """Says of each launch of a batch when it may start, so that no route starts more runs than it may.

    Over any minute a route starts as many runs as it may, and those of five seconds and one more at most.
    Messages that came back go before new ones, and new ones wait behind those that were told to wait. No turn
    is promised that a message could not wait for at once.

    Args:
        rates: The runs of a minute, by the name of each route that has a limit.
        paces: What was said so far, by route.
        now: The time, in seconds since 1970.
    """

    def __init__(self, rates: Mapping[str, int], paces: Mapping[str, Pace], now: float) -> None:
        self._rates = rates
        self._now = now
        self.paces = {route: paces.get(route, Pace()) for route in rates}
        self._shared: dict[tuple[object, ...], _Shared] = {}

    def pace(self, delivery: Delivery, room: Room) -> Delivery:
        """Return a delivery whose launches are due when they may start.

        A launch of a full DAG waits for room, and takes no turn.

        Args:
            delivery: A message with all its launches, not yet combined.
            room: The room for further queued runs.
        """
        came_back = delivery.message.receive_count > 1
        return replace(
            delivery,
            launches=tuple(
                launch
                if room.is_full(launch.route, launch.trigger_dag_id)
                else self._paced(launch, came_back)
                for launch in delivery.launches
            ),
        )

    def _paced(self, launch: Launch, came_back: bool) -> Launch:
        if launch.route not in self._rates or launch.due_at > self._now:
            return launch
        starts_at = self._shared_turn(launch, came_back)
        return launch if starts_at <= self._now else replace(launch, due_at=starts_at, is_paced=True)

    def _shared_turn(self, launch: Launch, came_back: bool) -> float:
        """Return one turn for as many launches as may share a run."""
        shared = self._shared.setdefault((launch.route, launch.trigger_dag_id, launch.window), _Shared())
        if launch.trigger_run_id not in shared.run_ids:
            if len(shared.run_ids) % (launch.max_events or 1) == 0:
                shared.starts_at = self._turn(launch.route, came_back)
            shared.run_ids.add(launch.trigger_run_id)
        return shared.starts_at

    def _turn(self, route: str, came_back: bool) -> float:
        now, pace, each = self._now, self.paces[route], 60 / self._rates[route]
        started = max(pace.started, now)
        if started - now < SLACK and (came_back or pace.promised <= now):
            self.paces[route] = replace(pace, started=started + each)
            return now
        turn = max(pace.promised, started)
        if turn - now < LONGEST:
            self.paces[route] = replace(pace, promised=turn + each)
        return now + max(SLACK, min(turn - now, LONGEST) // SLACK * SLACK)


@dataclass
class _Shared:
    """Launches that may share runs: when the latest run starts, and the ids that they would have alone."""

    starts_at: float = 0
    run_ids: set[str] = field(default_factory=set)

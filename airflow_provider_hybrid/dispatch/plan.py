"""From a batch of messages to a plan, by routes and room alone: it asks neither Airflow nor SQS."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil

from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.routing.batch import combine
from airflow_provider_hybrid.routing.delivery import Delivery
from airflow_provider_hybrid.routing.filling import fill
from airflow_provider_hybrid.routing.group import count_runs_of, group_deliveries
from airflow_provider_hybrid.routing.pace import Pacer
from airflow_provider_hybrid.routing.room import Room
from airflow_provider_hybrid.routing.router import route_message
from airflow_provider_hybrid.routing.waiting import gathered_at, receives_for, split_by_time

FEW = 100
"""The most runs of several groups that one task launches itself. Each larger group gets a task of its own.

A run costs a task about 17 ms; another task costs one to two seconds until it begins. docs/performance.md has
the measurement.
"""


MayWait = Callable[[Message, int], bool]
"""Says whether SQS will hand out a message often enough after this time, and so many times more."""


@dataclass(frozen=True)
class Plan:
    """The groups to launch out of a batch of messages, and the deliveries that wait.

    Args:
        groups: Deliveries that are launched and settled together.
        waiting: Deliveries that wait for their time, for room of their DAGs, or for a broken route.
        surplus: Deliveries for which all DAGs together leave no room.
        full: The DAGs that have no more room.
    """

    groups: Sequence[list[Delivery]] = ()
    waiting: Sequence[Delivery] = ()
    surplus: Sequence[Delivery] = ()
    full: frozenset[str] = frozenset()

    @property
    def deliveries(self) -> list[Delivery]:
        """All deliveries of all groups."""
        return [delivery for group in self.groups for delivery in group]

    @property
    def runs(self) -> int:
        """The number of runs that they ask for; a run that messages share counts once."""
        return count_runs_of(self.deliveries)

    def split(self) -> tuple[list[Delivery], list[list[Delivery]]]:
        """Split it into what the task that has the plan launches itself, and what further tasks launch.

        The smallest groups stay with the task: a DAG that gets few runs does not wait until further tasks
        begin, because another DAG gets thousands. A single group of any size stays, too: only one task could
        work on it, anyway.

        Returns:
            The deliveries that stay, and the groups to hand on.
        """
        if len(self.groups) == 1:
            return self.deliveries, []
        few: list[Delivery] = []
        many: list[list[Delivery]] = []
        runs = 0
        for group in sorted(self.groups, key=count_runs_of):
            runs += count_runs_of(group)
            if runs <= FEW:
                few += group
            else:
                many.append(group)
        return few, many

    def put_off(self, wait: Callable[[Delivery], Delivery | None]) -> Plan:
        """Let what it would hand on wait.

        A run that events share does not wait. Its messages would not come back together: the run would start
        in parts, or a second time with some of its events.

        Args:
            wait: Returns a delivery as one that waits; None if it may not wait. Then it is handed on.
        """
        few, many = self.split()
        groups = [few] if few else []
        waiting = list(self.waiting)
        for group in many:
            kept: list[Delivery] = []
            for delivery in group:
                if not _shares_a_run(delivery) and (waits := wait(delivery)):
                    waiting.append(waits)
                else:
                    kept.append(delivery)
            if kept:
                groups.append(kept)
        return replace(self, groups=groups, waiting=waiting)


class Planner:
    """Plans batches by one reading of the configuration; it routes each message once.

    Args:
        config: The dispatcher's configuration.
        ordered: Whether the messages come from a FIFO queue, whose message groups keep their order.
    """

    def __init__(self, config: DispatcherConfig, *, ordered: bool) -> None:
        self._config = config
        self._ordered = ordered
        self._deliveries: dict[Message, Delivery] = {}

    def runs_of(self, message: Message) -> int:
        """Return how many runs of its own a message asks for; of a run that many messages share, none."""
        return sum(not launch.max_events for launch in self._delivery(message).launches)

    def dag_ids(self, messages: Iterable[Message]) -> set[str]:
        """Return the DAGs whose runs messages ask for, those of a templated ``trigger_dag_id`` included."""
        return {dag_id for message in messages for dag_id in self._delivery(message).dag_ids}

    def plan(
        self,
        messages: Sequence[Message],
        room: Room | None,
        now: float,
        may_wait: MayWait = lambda _message, _reserved: True,
        pacer: Pacer | None = None,
    ) -> Plan:
        """Plan a batch.

        Args:
            messages: As received, in their order.
            room: The room for further queued runs; None if there is no limit.
            now: The time, in seconds since 1970.
            may_wait: Whether a message may wait. One that may not gets all its runs at once.
            pacer: Says when routes may start further runs; None if no route has a limit.
        """
        room = room or Room({})
        deliveries = [self._by_time(message, room, now, may_wait, pacer) for message in messages]
        # What waits for its time needs receives for that: it must not use them up while it waits for room.
        reserved = {
            each.message: receives_for(ceil(each.returns_at - now)) - 1
            for each in deliveries
            if each.returns_at is not None
        }
        filled = fill(
            room,
            deliveries,
            ordered=self._ordered,
            may_wait=lambda message: may_wait(message, reserved.get(message, 0)),
        )
        idle = [delivery for delivery in filled.fitting if _is_idle(delivery)]
        fitting = combine([delivery for delivery in filled.fitting if not _is_idle(delivery)])
        groups = group_deliveries(fitting, ordered=self._ordered) if fitting else ()
        return Plan(list(groups), [*idle, *filled.waiting], filled.surplus, frozenset(filled.full))

    def gathered_at(self, messages: Iterable[Message], now: float) -> float | None:
        """Return when the messages of windows that closed just now will all be there; None if they are.

        Args:
            messages: As received.
            now: The time, in seconds since 1970.
        """
        return gathered_at(map(self._delivery, messages), now)

    def _by_time(
        self,
        message: Message,
        room: Room,
        now: float,
        may_wait: MayWait,
        pacer: Pacer | None,
    ) -> Delivery:
        """Put off what is not due; a message that may not wait gets all its runs at once."""
        delivery = self._delivery(message)
        split = split_by_time(pacer.pace(delivery, room) if pacer else delivery, now)
        return split if not split.later or may_wait(message, 0) else delivery

    def _delivery(self, message: Message) -> Delivery:
        if message not in self._deliveries:
            config = self._config
            delivery = route_message(
                message, config.compiled_routes, config.unmatched, config.s3_keys, config.broken
            )
            self._deliveries[message] = (
                delivery.without_subjects() if config.run_ids == "opaque" else delivery
            )
        return self._deliveries[message]


def _shares_a_run(delivery: Delivery) -> bool:
    return any(launch.event_id is None for launch in delivery.launches)


def _is_idle(delivery: Delivery) -> bool:
    return bool(delivery.waits_for) and not delivery.launches

"""What a batch of messages asks for, and what of it there is room for. It asks nobody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.routing.batch import combine
from airflow_provider_hybrid.routing.delivery import Delivery
from airflow_provider_hybrid.routing.group import count_runs_of, group_deliveries
from airflow_provider_hybrid.routing.room import Room, fill
from airflow_provider_hybrid.routing.router import route_message

FEW = 100
"""Runs that several groups may ask for together until each of them is worth a task of its own.

A run costs a task about 17 ms; another task costs one to two seconds until it begins. docs/performance.md has
the measurement.
"""


@dataclass(frozen=True)
class Plan:
    """What is to be done with a batch of messages.

    Args:
        groups: Deliveries that are launched and settled together.
        surplus: Messages that ask for more runs than there is room for.
    """

    groups: Sequence[list[Delivery]]
    surplus: Sequence[Message]

    @property
    def deliveries(self) -> list[Delivery]:
        """All deliveries of all groups."""
        return [delivery for group in self.groups for delivery in group]

    @property
    def runs(self) -> int:
        """How many runs they ask for, a shared one counted once."""
        return count_runs_of(self.deliveries)

    @property
    def is_little(self) -> bool:
        """Whether the task that has the plan can carry it out as soon as others could.

        A single group it can, whatever that asks for: another task would do nothing beside it.
        """
        return len(self.groups) == 1 or self.runs <= FEW


class Planner:
    """Plans batches by one reading of the configuration; no message is routed twice.

    Args:
        config: The dispatcher's configuration.
        ordered: Whether the messages come from a FIFO queue, whose message groups keep their order.
    """

    def __init__(self, config: DispatcherConfig, *, ordered: bool) -> None:
        self._config = config
        self._ordered = ordered
        self._deliveries: dict[Message, Delivery] = {}

    def runs_of(self, message: Message) -> int:
        """Return how many runs a message asks for."""
        return len(self._delivery(message).launches)

    def dag_ids(self, messages: Iterable[Message]) -> set[str]:
        """Return the DAGs whose runs messages ask for.

        Only the messages tell which DAGs the routes with a templated ``trigger_dag_id`` mean.
        """
        return {dag_id for message in messages for dag_id in self._delivery(message).dag_ids}

    def plan(self, messages: Sequence[Message], room: Room | None) -> Plan:
        """Plan a batch.

        Args:
            messages: As received, in their order.
            room: What Airflow's queue of runs has room for; None for no limit.
        """
        deliveries = [self._delivery(message) for message in messages]
        surplus: list[Delivery] = []
        if room:
            deliveries, surplus = fill(room, deliveries)
        groups = group_deliveries(combine(deliveries), ordered=self._ordered) if deliveries else ()
        return Plan(list(groups), [delivery.message for delivery in surplus])

    def _delivery(self, message: Message) -> Delivery:
        if message not in self._deliveries:
            config = self._config
            self._deliveries[message] = route_message(
                message, config.compiled_routes, config.unmatched, config.s3_keys
            )
        return self._deliveries[message]

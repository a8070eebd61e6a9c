"""What a task does with a batch of messages: counts the room, plans, and launches or hands on."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from typing import Any

from airflow_provider_hybrid.compat import count_queued_runs
from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.dispatch.launch import Launcher
from airflow_provider_hybrid.dispatch.plan import Plan, Planner
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.routing.delivery import Delivery, dump_deliveries
from airflow_provider_hybrid.routing.group import dag_ids
from airflow_provider_hybrid.routing.room import Room
from airflow_provider_hybrid.sqs.client import open_client
from airflow_provider_hybrid.sqs.lease import extend
from airflow_provider_hybrid.sqs.queue import Queue

PATIENCE = 5
"""How many visibility timeouts a batch may wait for its launches where tasks were seen to wait."""

log = logging.getLogger(__name__)


class Dispatching:
    """Carries out what a plan says, by one reading of the configuration; no DAG is counted twice.

    Args:
        config: As read just now.
        queue: The queue that the messages came from, if it is no longer the configuration's.
    """

    def __init__(self, config: DispatcherConfig, queue: Queue | None = None) -> None:
        self._config = config
        self._queue = queue or config.queue
        self._planner = Planner(config, ordered=self._queue.is_fifo)
        self._queued: dict[str, int] = {}

    def room(self, dag_ids: Iterable[str] = ()) -> Room | None:
        """Count the queued runs of these DAGs and of those that the routes name; None without a limit.

        Raises:
            LaunchError: If Airflow does not answer.
        """
        if self._config.max_queued_runs is None:
            return None
        for dag_id in {*self._config.dag_ids, *dag_ids} - self._queued.keys():
            self._queued[dag_id] = count_queued_runs(dag_id)
        return Room(dict(self._queued), self._config.max_queued_runs)

    def runs_of(self, message: Message) -> int:
        """Return how many runs a message asks for."""
        return self._planner.runs_of(message)

    def plan(self, messages: Sequence[Message]) -> Plan:
        """Plan a batch, and give back to the queue what there is no room for.

        Raises:
            LaunchError: If Airflow does not answer.
        """
        if not messages:
            return Plan((), ())
        room = self.room(self._planner.dag_ids(messages))
        plan = self._planner.plan(messages, room)
        if plan.surplus:
            log.info(
                "No room for %d of %d message(s): they go back. %s", len(plan.surplus), len(messages), room
            )
            self._extend(plan.surplus, 0)
        for delivery in plan.deliveries:
            if delivery.rejection:
                log.warning("Message %s: %s", delivery.message.message_id, delivery.rejection.error_type)
        log.info(
            "%d message(s) ask for %d DAG run(s), in %d group(s)",
            len(plan.deliveries),
            plan.runs,
            len(plan.groups),
        )
        return plan

    def launch_arguments(self, group: list[Delivery]) -> dict[str, Any]:
        """Return the arguments with which `LaunchDagRunsOperator` launches a group."""
        return {
            "trigger_dag_id": ", ".join(dag_ids(group)),
            "deliveries": dump_deliveries(group),
            "queue_url": self._queue.url,
            "aws_conn_id": self._queue.aws_conn_id,
            "region_name": self._queue.region_name,
            "dead_letter_queue_url": self._config.dead_letter_queue_url,
            "visibility_timeout": self._config.visibility_timeout,
        }

    def launcher(self) -> Launcher:
        """Return what launches a group here and now."""
        return Launcher(self._queue, self._config.dead_letter_queue_url, self._config.visibility_timeout)

    def keep(self, messages: Sequence[Message], received_at: float) -> None:
        """Keep messages invisible for longer if they waited: where one task waits for its turn, all will.

        Args:
            messages: As received.
            received_at: When they were, in seconds since 1970.
        """
        if time.time() - received_at > self._config.visibility_timeout / 2:
            seconds = PATIENCE * self._config.visibility_timeout
            self._extend(messages, seconds)
            log.info("Airflow is busy: %d message(s) are kept for %d s", len(messages), seconds)

    def _extend(self, messages: Sequence[Message], seconds: int) -> None:
        """Let messages come back after so many seconds."""
        extend(open_client(self._queue), self._queue.url, messages, seconds)

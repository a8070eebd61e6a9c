"""What a dispatcher decides about a batch of messages: which runs they ask for, and whether there is room."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from typing import Any

from airflow_provider_hybrid.compat import count_queued_runs
from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.dispatch.launch import Launcher
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.routing.batch import combine
from airflow_provider_hybrid.routing.delivery import Delivery, dump_deliveries
from airflow_provider_hybrid.routing.group import count_runs_of, dag_ids, group_deliveries
from airflow_provider_hybrid.routing.room import Room, fill
from airflow_provider_hybrid.routing.router import route_message
from airflow_provider_hybrid.sqs.client import open_client
from airflow_provider_hybrid.sqs.lease import extend
from airflow_provider_hybrid.sqs.url import is_fifo

PATIENCE = 5
"""How many visibility timeouts a batch may wait for its launches where tasks were seen to wait."""

log = logging.getLogger(__name__)


class Dispatching:
    """Routes messages and groups what they ask for, by one reading of the configuration.

    No message is routed twice and no DAG counted twice, however often it is asked.

    Args:
        config: As read just now.
        queue_url: The queue that the messages came from, if it is no longer the configuration's.
    """

    def __init__(self, config: DispatcherConfig, queue_url: str | None = None) -> None:
        self._config = config
        self._queue_url = queue_url or config.queue_url
        self._deliveries: dict[Message, Delivery] = {}
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
        return len(self._delivery(message).launches)

    def groups(self, messages: Sequence[Message]) -> list[list[Delivery]]:
        """Return the groups in which messages are launched and settled.

        Messages that ask for more runs than there is room for go back to the queue; so if nothing is
        returned for some there was no room at all.
        """
        if not messages:
            return []
        deliveries = combine(self._fitting([self._delivery(message) for message in messages]))
        for delivery in deliveries:
            if delivery.rejection:
                log.warning("Message %s: %s", delivery.message.message_id, delivery.rejection.error_type)
        groups = list(group_deliveries(deliveries, ordered=is_fifo(self._queue_url)))
        log.info(
            "%d message(s) ask for %d DAG run(s), in %d group(s)",
            len(deliveries),
            count_runs_of(deliveries),
            len(groups),
        )
        return groups

    def launch_arguments(self, group: list[Delivery]) -> dict[str, Any]:
        """Return the arguments with which `LaunchDagRunsOperator` launches a group."""
        return {
            "trigger_dag_id": ", ".join(dag_ids(group)),
            "deliveries": dump_deliveries(group),
            **self._settling,
        }

    def launcher(self) -> Launcher:
        """Return what launches a group here and now."""
        return Launcher(**self._settling)

    def keep(self, messages: list[Message], received_at: float) -> None:
        """Keep messages invisible for longer if they waited: where one task waits for its turn, all will.

        Args:
            messages: As received.
            received_at: When they were, in seconds since 1970.
        """
        if time.time() - received_at > self._config.visibility_timeout / 2:
            seconds = PATIENCE * self._config.visibility_timeout
            self._extend(messages, seconds)
            log.info("Airflow is busy: %d message(s) are kept for %d s", len(messages), seconds)

    @property
    def _settling(self) -> dict[str, Any]:
        return {
            "queue_url": self._queue_url,
            "aws_conn_id": self._config.aws_conn_id,
            "region_name": self._config.region_name,
            "dead_letter_queue_url": self._config.dead_letter_queue_url,
            "visibility_timeout": self._config.visibility_timeout,
        }

    def _fitting(self, deliveries: list[Delivery]) -> list[Delivery]:
        """Keep what there is room for and give the rest back.

        Only now it is known which DAGs the routes with a templated ``trigger_dag_id`` mean.
        """
        room = self.room({dag_id for delivery in deliveries for dag_id in delivery.dag_ids})
        if room is None:
            return deliveries
        fitting, surplus = fill(room, deliveries)
        if surplus:
            log.info("No room for %d of %d message(s): they go back. %s", len(surplus), len(deliveries), room)
            self._extend([delivery.message for delivery in surplus], 0)
        return fitting

    def _extend(self, messages: list[Message], seconds: int) -> None:
        """Let messages come back after so many seconds."""
        client = open_client(self._queue_url, self._config.aws_conn_id, self._config.region_name)
        extend(client, self._queue_url, messages, seconds)

    def _delivery(self, message: Message) -> Delivery:
        if message not in self._deliveries:
            self._deliveries[message] = route_message(
                message, self._config.compiled_routes, self._config.unmatched, self._config.s3_keys
            )
        return self._deliveries[message]

"""Messages that a task receives by itself, without the triggerer."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections.abc import Sequence
from functools import cached_property

from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.dispatch.dispatching import Dispatching
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.exceptions import QueueError
from airflow_provider_hybrid.metrics.meter import Meter
from airflow_provider_hybrid.sqs.client import InThreads, open_client
from airflow_provider_hybrid.sqs.errors import AWS_ERRORS, explain, is_transient
from airflow_provider_hybrid.sqs.receiver import BatchReceiver
from airflow_provider_hybrid.triggers.event import MAX_EVENT_BYTES

log = logging.getLogger(__name__)


class Intake:
    """Receives from the queue of a configuration, batch after batch, with one client for all of them.

    Args:
        config: The dispatcher's configuration, as read just now.
        dag_id: The dispatcher's DAG id.
    """

    def __init__(self, config: DispatcherConfig, dag_id: str) -> None:
        self.config = config
        self._meter = Meter(dag_id, "task")

    def take(
        self, dispatching: Dispatching, wait_time_seconds: int, held: Sequence[Message] = ()
    ) -> list[Message]:
        """Receive one batch, and stop when the messages ask for as many runs as there is room for.

        If windows closed just now, it waits until their messages are all there, and takes those too.

        It returns none on throttling, time-outs and lost connections: the trigger waits these out, and logs
        them.

        Args:
            dispatching: The dispatching that will plan the messages.
            wait_time_seconds: Seconds to wait for a first message; with 0 SQS may overlook some.
            held: Messages received before, for the same batch.

        Raises:
            LaunchError: If Airflow does not answer.
            QueueError: If SQS refuses for a reason that somebody must mend.
        """
        received = self._receive(dispatching, wait_time_seconds, held)
        if seconds := dispatching.gathering([*held, *received]):
            log.info("Windows closed just now: their last messages come within %.1f s", seconds)
            time.sleep(seconds)
            received += self._receive(dispatching, 1, [*held, *received])
        return received

    def _receive(
        self, dispatching: Dispatching, wait_time_seconds: int, held: Sequence[Message]
    ) -> list[Message]:
        room = dispatching.room()
        if room and not room.runs:
            log.info("Nothing is received from %s. %s", self.config.queue_url, room)
            return []
        max_messages = self.config.max_messages - len(held)
        max_bytes = MAX_EVENT_BYTES - sum(message.size for message in held)
        max_runs = (room.runs if room else sys.maxsize) - sum(map(dispatching.runs_of, held))
        if min(max_messages, max_bytes, max_runs) <= 0:
            return []
        try:
            receiver = BatchReceiver(
                self._client,
                self.config.queue_url,
                wait_time_seconds=wait_time_seconds,
                visibility_timeout=self.config.visibility_timeout,
                max_messages=max_messages,
                max_bytes=max_bytes,
                runs_of=dispatching.runs_of,
            )
            messages = asyncio.run(receiver.receive(max_runs))
        except AWS_ERRORS as error:
            if is_transient(error):
                return []
            raise QueueError(explain(error, self.config.queue)) from error
        self._meter.listened(time.time(), len(messages))
        return messages

    @cached_property
    def _client(self) -> InThreads:
        client = open_client(self.config.queue, retries={"total_max_attempts": 2, "mode": "standard"})
        return InThreads(client)

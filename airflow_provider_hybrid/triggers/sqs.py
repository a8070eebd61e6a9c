"""Wait for messages on an SQS queue, in the triggerer."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any

from airflow.triggers.base import BaseTrigger, TriggerEvent
from asgiref.sync import sync_to_async

from airflow_provider_hybrid.compat import count_queued_runs
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.exceptions import LaunchError, QueueError
from airflow_provider_hybrid.routing.room import Room
from airflow_provider_hybrid.triggers.event import MAX_BYTES, MessagesEvent

if TYPE_CHECKING:
    from airflow_provider_hybrid.queues.listener import Listener

PAUSE = 5.0
"""Seconds from one count of queued runs to the next, while there is no room."""


class SqsEventTrigger(BaseTrigger):
    """Wait for messages on a queue and yield one batch of them.

    It deletes nothing: a message that nobody settles comes back when its visibility timeout ends. When it is
    cancelled while it collects, it releases what it holds. It waits out throttling, time-outs and lost
    connections; what somebody must mend (no such queue, no right to it) it reports as its event.

    While the DAGs hold too many queued runs it receives nothing. Once there is room again it yields an empty
    batch: how many messages fill it, only those can say who know how many runs each asks for.

    Args:
        queue_url: The queue.
        aws_conn_id: Airflow's AWS connection; None for the machine's own credentials.
        region_name: AWS region; None for the one in the queue's URL, else the connection's.
        wait_time_seconds: Seconds that one long poll waits (1 to 20).
        visibility_timeout: Seconds until a received message comes back if nothing settles it.
        max_messages: The most messages in a batch.
        max_bytes: Stop collecting once the batch is of this size.
        delay_seconds: Wait so long before asking for the first time.
        max_idle_seconds: After this many seconds without a message an empty batch is yielded, so that the
            sensor reads its configuration anew. None waits for ever.
        dag_ids: The DAGs whose queued runs count. A count costs a request to Airflow's API server for each.
        max_queued_runs: The most queued runs that they may hold together; None for no limit.
    """

    def __init__(
        self,
        queue_url: str,
        aws_conn_id: str | None = "aws_default",
        region_name: str | None = None,
        wait_time_seconds: int = 20,
        visibility_timeout: int = 30,
        max_messages: int = 500,
        max_bytes: int = MAX_BYTES,
        delay_seconds: float = 0,
        max_idle_seconds: float | None = None,
        dag_ids: Sequence[str] = (),
        max_queued_runs: int | None = None,
    ) -> None:
        super().__init__()
        self.queue_url = queue_url
        self.aws_conn_id = aws_conn_id
        self.region_name = region_name
        self.wait_time_seconds = wait_time_seconds
        self.visibility_timeout = visibility_timeout
        self.max_messages = max_messages
        self.max_bytes = max_bytes
        self.delay_seconds = delay_seconds
        self.max_idle_seconds = max_idle_seconds
        self.dag_ids = list(dag_ids)
        self.max_queued_runs = max_queued_runs

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return the class's path and the arguments that make an equal trigger."""
        return (
            f"{type(self).__module__}.{type(self).__qualname__}",
            {
                "queue_url": self.queue_url,
                "aws_conn_id": self.aws_conn_id,
                "region_name": self.region_name,
                "wait_time_seconds": self.wait_time_seconds,
                "visibility_timeout": self.visibility_timeout,
                "max_messages": self.max_messages,
                "max_bytes": self.max_bytes,
                "delay_seconds": self.delay_seconds,
                "max_idle_seconds": self.max_idle_seconds,
                "dag_ids": self.dag_ids,
                "max_queued_runs": self.max_queued_runs,
            },
        )

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Yield one :class:`MessagesEvent` and end."""
        await asyncio.sleep(self.delay_seconds)
        try:
            messages = await self._receive()
        except (QueueError, LaunchError) as error:
            yield MessagesEvent.failure(self.queue_url, str(error))
            return
        self.log.info("Received %d message(s) from %s", len(messages), self.queue_url)
        yield await MessagesEvent.batch(self.queue_url, messages)

    async def _receive(self) -> list[Message]:
        max_runs = sys.maxsize
        if self.max_queued_runs is not None:
            room = await self._room(self.max_queued_runs)
            if not room.runs:
                await self._wait_for(room)
                return []
            max_runs = room.runs
        async with await sync_to_async(self._listener)() as listener:
            return await listener.next_batch(max_runs)

    async def _wait_for(self, room: Room) -> None:
        """Wait until there is room, but not longer than for a message."""
        self.log.info("Nothing is received from %s. %s", self.queue_url, room)
        since = time.monotonic()
        while self.max_idle_seconds is None or time.monotonic() - since < self.max_idle_seconds:
            await asyncio.sleep(PAUSE)
            room = await self._room(room.max_queued_runs)
            if room.runs:
                self.log.info("There is room for %d queued runs again", room.runs)
                return

    async def _room(self, max_queued_runs: int) -> Room:
        """Count, DAG by DAG: all triggers of a triggerer share one thread."""
        queued = {dag_id: await sync_to_async(count_queued_runs)(dag_id) for dag_id in self.dag_ids}
        return Room(queued, max_queued_runs)

    def _listener(self) -> Listener:
        # Imported here, in a thread: AWS's libraries take long.
        from airflow_provider_hybrid.queues.listener import Listener

        return Listener(
            queue_url=self.queue_url,
            aws_conn_id=self.aws_conn_id,
            region_name=self.region_name,
            max_idle_seconds=self.max_idle_seconds,
            wait_time_seconds=self.wait_time_seconds,
            visibility_timeout=self.visibility_timeout,
            max_messages=self.max_messages,
            max_bytes=self.max_bytes,
        )

"""Wait for messages on an SQS queue, in the triggerer."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from airflow.triggers.base import BaseTrigger, TriggerEvent
from asgiref.sync import sync_to_async

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.exceptions import QueueError

if TYPE_CHECKING:
    from airflow_provider_hybrid.queues.listener import Listener


class MessagesEvent(TriggerEvent):
    """The one event that a trigger yields: a batch of messages, or why there is none.

    Its ``repr`` holds no body: the triggerer logs it.
    """

    @classmethod
    def batch(cls, queue_url: str, messages: list[Message]) -> MessagesEvent:
        """Carry a batch. The messages go as JSON text, so that nothing in them means anything to Airflow."""
        text = json.dumps([message.as_dict() for message in messages])
        return cls(
            payload={
                "queue_url": queue_url,
                "count": len(messages),
                "messages": text,
                "received_at": time.time(),
                "error": None,
            }
        )

    @classmethod
    def failure(cls, queue_url: str, error: str) -> MessagesEvent:
        """Carry what somebody must mend before any message can be received."""
        return cls(
            payload={
                "queue_url": queue_url,
                "count": 0,
                "messages": "[]",
                "received_at": time.time(),
                "error": error,
            }
        )

    def __repr__(self) -> str:
        """Show queue, count and error only."""
        shown = {key: self.payload[key] for key in ("queue_url", "count", "error")}
        return f"{type(self).__name__}<{shown}>"


class SqsEventTrigger(BaseTrigger):
    """Wait for messages on a queue and yield one batch of them.

    It deletes nothing: a message that nobody settles comes back when its visibility timeout ends. When it is
    cancelled while it collects, it releases what it holds. It waits out throttling, time-outs and lost
    connections; what somebody must mend (no such queue, no right to it) it reports as its event.

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
    """

    def __init__(
        self,
        queue_url: str,
        aws_conn_id: str | None = "aws_default",
        region_name: str | None = None,
        wait_time_seconds: int = 20,
        visibility_timeout: int = 60,
        max_messages: int = 500,
        max_bytes: int = 2 * 1024 * 1024,
        delay_seconds: float = 0,
        max_idle_seconds: float | None = None,
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
            },
        )

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Yield one :class:`MessagesEvent` and end."""
        await asyncio.sleep(self.delay_seconds)
        listener = (await sync_to_async(_listener_class)())(
            queue_url=self.queue_url,
            aws_conn_id=self.aws_conn_id,
            region_name=self.region_name,
            max_idle_seconds=self.max_idle_seconds,
            wait_time_seconds=self.wait_time_seconds,
            visibility_timeout=self.visibility_timeout,
            max_messages=self.max_messages,
            max_bytes=self.max_bytes,
        )
        try:
            messages = await listener.next_batch()
        except QueueError as error:
            yield MessagesEvent.failure(self.queue_url, str(error))
            return
        self.log.info("Received %d message(s) from %s", len(messages), self.queue_url)
        yield MessagesEvent.batch(self.queue_url, messages)


def _listener_class() -> type[Listener]:
    """Import AWS's libraries, in a thread: they take longer than the triggerer's event loop can spare."""
    from airflow_provider_hybrid.queues.listener import Listener

    return Listener

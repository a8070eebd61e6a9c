"""Wait for messages on an SQS queue, in the triggerer."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from airflow.providers.amazon.aws.hooks.sqs import SqsHook
from airflow.triggers.base import BaseTrigger, TriggerEvent
from asgiref.sync import sync_to_async
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.queues.errors import explain, is_transient
from airflow_provider_hybrid.queues.receiver import CONCURRENT_RECEIVES, BatchReceiver
from airflow_provider_hybrid.queues.url import region_of

FIRST_PAUSE = 1.0
"""Seconds to wait after a first failure; doubled with each further one."""

LONGEST_PAUSE = 60.0
"""Seconds to wait at most between two attempts."""

READ_TIMEOUT = 30
"""Seconds until an answer counts as lost; a long poll takes up to 20."""


class MessagesEvent(TriggerEvent):
    """The one event that a trigger yields: a batch of messages, or why there is none.

    Its ``repr`` holds no body: the triggerer logs it.
    """

    @classmethod
    def batch(cls, queue_url: str, messages: list[Message]) -> MessagesEvent:
        """Carry a batch. The messages go as JSON text, so that nothing in them means anything to Airflow."""
        text = json.dumps([message.as_dict() for message in messages])
        return cls(payload={"queue_url": queue_url, "count": len(messages), "messages": text, "error": None})

    @classmethod
    def failure(cls, queue_url: str, error: str) -> MessagesEvent:
        """Carry what somebody must mend before any message can be received."""
        return cls(payload={"queue_url": queue_url, "count": 0, "messages": "[]", "error": error})

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
        max_idle_seconds: After this many seconds without a message an empty batch is yielded, so that the
            sensor reads its configuration anew. None waits for ever.
    """

    def __init__(
        self,
        queue_url: str,
        aws_conn_id: str | None = "aws_default",
        region_name: str | None = None,
        wait_time_seconds: int = 20,
        visibility_timeout: int = 90,
        max_messages: int = 500,
        max_bytes: int = 2 * 1024 * 1024,
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
                "max_idle_seconds": self.max_idle_seconds,
            },
        )

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Yield one :class:`MessagesEvent` and end."""
        try:
            event = await self._next_event()
        except Exception as error:  # noqa: BLE001 - whatever it is, the task's log is where people look
            event = MessagesEvent.failure(self.queue_url, explain(error, self.queue_url, self.aws_conn_id))
        yield event

    async def _next_event(self) -> MessagesEvent:
        idle_from, failures = time.monotonic(), 0
        async with await self._open_client() as client:
            receiver = BatchReceiver(
                client,
                self.queue_url,
                wait_time_seconds=self.wait_time_seconds,
                visibility_timeout=self.visibility_timeout,
                max_messages=self.max_messages,
                max_bytes=self.max_bytes,
            )
            while True:
                try:
                    messages = await receiver.receive()
                except asyncio.CancelledError:
                    with suppress(BotoCoreError, ClientError):
                        await receiver.release()
                    raise
                except Exception as error:
                    if not is_transient(error):
                        raise
                    failures += 1
                    await self._pause(error, failures)
                    continue
                if failures:
                    self.log.info("SQS answers again on %s", self.queue_url)
                    failures = 0
                if messages or self._idle_for_long(idle_from):
                    self.log.info("Received %d message(s) from %s", len(messages), self.queue_url)
                    return MessagesEvent.batch(self.queue_url, messages)

    def _idle_for_long(self, since: float) -> bool:
        return self.max_idle_seconds is not None and time.monotonic() - since >= self.max_idle_seconds

    async def _pause(self, error: Exception, failures: int) -> None:
        longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (failures - 1))
        if failures == 1:
            self.log.warning(
                "SQS does not answer; trying again with growing pauses of up to %d s. %s",
                LONGEST_PAUSE,
                explain(error, self.queue_url, self.aws_conn_id),
            )
        # Jitter keeps many dispatchers from asking in step.
        await asyncio.sleep(random.uniform(longest / 2, longest))  # noqa: S311 - not a secret

    async def _open_client(self) -> Any:
        """Prepare a client without blocking the event loop.

        Making a first client reads large files and takes long enough for the triggerer to complain, so one is
        made and thrown away in a thread; botocore keeps what it read.
        """
        hook = SqsHook(
            aws_conn_id=self.aws_conn_id,
            region_name=self.region_name or region_of(self.queue_url),
            config=Config(read_timeout=READ_TIMEOUT, max_pool_connections=CONCURRENT_RECEIVES),
        )
        await sync_to_async(_open_and_close)(await hook.get_async_conn())
        return await hook.get_async_conn()


def _open_and_close(client: Any) -> None:
    async def use() -> None:
        async with client:
            pass

    asyncio.run(use())

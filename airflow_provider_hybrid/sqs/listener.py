"""Waiting for batches of messages, through whatever trouble SQS has."""

from __future__ import annotations

import asyncio
import random
import sys
import time
from contextlib import AsyncExitStack, suppress
from math import inf
from typing import Any

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.exceptions import QueueError
from airflow_provider_hybrid.sqs.calls import Failures
from airflow_provider_hybrid.sqs.errors import AWS_ERRORS, explain, is_transient
from airflow_provider_hybrid.sqs.queue import Queue
from airflow_provider_hybrid.sqs.receiver import BatchReceiver
from airflow_provider_hybrid.sqs.shared_client import shared_client
from airflow_provider_hybrid.troubleshooting import logger

FIRST_PAUSE = 1.0
"""Seconds to wait after a first failure; doubled with each further one."""

LONGEST_PAUSE = 20.0
"""Seconds to wait at most between two attempts: so trouble costs SQS no more calls than long polls do."""

log = logger(__name__)


class Listener:
    """Waits for batches of messages on a queue, for the time of an ``async with`` block.

    Args:
        queue: The queue.
        max_idle_seconds: Seconds without a message after which it gives up; None for never. It first ends a
            long poll or a pause that has begun.
        first_pause: The longest wait after a first failure, in seconds. Each further failure doubles it, up
            to `LONGEST_PAUSE`.
        receiving: The further arguments of :class:`BatchReceiver`.

    Attributes:
        answered_at: When SQS last answered a receive, in seconds since 1970; None before.
    """

    def __init__(
        self,
        queue: Queue,
        max_idle_seconds: float | None,
        *,
        first_pause: float = FIRST_PAUSE,
        **receiving: Any,
    ) -> None:
        self._queue = queue
        self._max_idle_seconds = max_idle_seconds
        self._first_pause = first_pause
        self._failures = 0
        self._receiving = receiving
        self._open = AsyncExitStack()
        self.answered_at: float | None = None

    async def __aenter__(self) -> Listener:
        """Get the shared client of this connection.

        Raises:
            QueueError: If there are no credentials, or the connection cannot be used.
        """
        try:
            self._client = await self._open.enter_async_context(shared_client(self._queue))
        except AWS_ERRORS as error:
            raise QueueError(self._explain(error)) from error
        self._receiver = BatchReceiver(self._client, self._queue.url, **self._receiving)
        return self

    async def __aexit__(self, *exception: Any) -> None:
        """Hand the client back; after an error it is shared with nobody new."""
        await self._open.__aexit__(*exception)

    async def next_batch(self, max_runs: int = sys.maxsize) -> list[Message]:
        """Return the next batch; none if no message came in ``max_idle_seconds``.

        It waits out throttling, time-outs and lost connections. When it is cancelled, it gives back what it
        holds.

        Args:
            max_runs: Stop asking for more once the messages ask for so many DAG runs.

        Raises:
            QueueError: If SQS refuses for a reason that somebody must mend.
        """
        return await self._next_batch(max_runs, self._max_idle_seconds)

    async def look(self, max_runs: int = sys.maxsize) -> list[Message]:
        """Return what is there, without waiting for it; arguments and errors as for `next_batch`."""
        return await self._next_batch(max_runs, 0, wait_time_seconds=0)

    async def attributes(self, queue_url: str) -> dict[str, str]:
        """Ask SQS for the attributes of a queue behind the same connection.

        Raises:
            botocore.exceptions.ClientError: If SQS refuses.
            botocore.exceptions.BotoCoreError: If SQS cannot be reached.
        """
        answer = await self._client.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])
        attributes: dict[str, str] = answer["Attributes"]
        return attributes

    async def _next_batch(
        self, max_runs: int, max_idle_seconds: float | None, wait_time_seconds: int | None = None
    ) -> list[Message]:
        try:
            return await self._wait(max_runs, max_idle_seconds, wait_time_seconds)
        except AWS_ERRORS as error:
            raise QueueError(self._explain(error)) from error

    async def _wait(
        self, max_runs: int, max_idle_seconds: float | None, wait_time_seconds: int | None
    ) -> list[Message]:
        until = inf if max_idle_seconds is None else time.monotonic() + max_idle_seconds
        while True:
            messages: list[Message] = []
            try:
                messages = await self._receiver.receive(max_runs, wait_time_seconds)
            except asyncio.CancelledError:
                with suppress(*AWS_ERRORS):
                    _log_kept(await self._receiver.release())
                raise
            except AWS_ERRORS as error:
                if not is_transient(error):
                    raise
                self._failures += 1
                await self._pause(error)
            else:
                self.answered_at = time.time()
                if self._failures:
                    log.info("SQS answers again on %s", self._queue.url)
                    self._failures = 0
            if messages or time.monotonic() >= until:
                return messages

    async def _pause(self, error: Exception) -> None:
        longest = min(LONGEST_PAUSE, self._first_pause * 2 ** (self._failures - 1))
        if self._failures == 1:
            log.warning(
                "SQS does not answer; trying again with growing pauses of up to %d s. %s",
                LONGEST_PAUSE,
                self._explain(error),
            )
        # Jitter keeps many dispatchers from asking in step.
        await asyncio.sleep(random.uniform(longest / 2, longest))  # noqa: S311 - not a secret

    def _explain(self, error: Exception) -> str:
        return explain(error, self._queue)


def _log_kept(failures: Failures) -> None:
    for message, reason in failures.items():
        log.info("Message %s comes back when its visibility timeout ends: %s", message.message_id, reason)

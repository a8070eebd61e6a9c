"""Patience with a queue: one client, batch after batch, whatever SQS is up to."""

from __future__ import annotations

import asyncio
import logging
import random
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from typing import Any, ClassVar

from asgiref.sync import sync_to_async
from botocore.exceptions import BotoCoreError, ClientError

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.exceptions import QueueError
from airflow_provider_hybrid.queues.errors import explain, in_short, is_transient
from airflow_provider_hybrid.queues.hook import open_client
from airflow_provider_hybrid.queues.receiver import CONCURRENT_RECEIVES, BatchReceiver

FIRST_PAUSE = 1.0
"""Seconds to wait after a first failure; doubled with each further one."""

LONGEST_PAUSE = 60.0
"""Seconds to wait at most between two attempts."""

READ_TIMEOUT = 30
"""Seconds until an answer counts as lost; a long poll takes up to 20."""

log = logging.getLogger(__name__)


class Listener:
    """Waits for batches of messages on a queue, with one client, for the time of an ``async with`` block.

    Importing this module and opening a first client take long, so the triggerer must do neither on its event
    loop: import it in a thread; entering the block does the rest.

    Args:
        queue_url: The queue.
        aws_conn_id: Airflow's AWS connection; None for the machine's own credentials.
        region_name: AWS region; None for the one in the queue's URL, else the connection's.
        max_idle_seconds: Give up waiting after so many seconds without a message, or at the first trouble
            after that; None never does.
        receiving: The further arguments of :class:`BatchReceiver`.
    """

    _files_are_read: ClassVar[bool] = False

    def __init__(
        self,
        queue_url: str,
        aws_conn_id: str | None,
        region_name: str | None,
        max_idle_seconds: float | None,
        **receiving: Any,
    ) -> None:
        self._queue_url = queue_url
        self._aws_conn_id = aws_conn_id
        self._region_name = region_name
        self._max_idle_seconds = max_idle_seconds
        self._receiving = receiving
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Listener:
        """Open the client.

        Raises:
            QueueError: If there are no credentials, or none that SQS takes.
        """
        try:
            self._client = await self._open.enter_async_context(await sync_to_async(self._make_client)())
        except Exception as error:
            raise QueueError(self._explain(error)) from error
        self._receiver = BatchReceiver(self._client, self._queue_url, **self._receiving)
        return self

    async def __aexit__(self, *exception: object) -> None:
        """Close the client."""
        await self._open.aclose()

    async def next_batch(self, max_runs: int = sys.maxsize) -> list[Message]:
        """Return the next batch; nothing if none came for so long.

        Throttling, time-outs and lost connections it waits out. Cancelled, it releases what it holds.

        Args:
            max_runs: Stop asking for more once the messages ask for so many DAG runs.

        Raises:
            QueueError: If SQS refuses for a reason that somebody must mend.
        """
        try:
            return await self._wait(max_runs)
        except Exception as error:
            raise QueueError(self._explain(error)) from error

    async def extend(self, messages: Sequence[Message], visibility_timeout: int) -> None:
        """Let the visibility timeout of messages start anew, as far as that is possible.

        One for which it is not may come back early, which costs a second delivery and nothing else.
        """
        try:
            await self._receiver.change_visibility(messages, visibility_timeout)
        except (BotoCoreError, ClientError) as error:
            log.warning("%d message(s) may come back early: %s", len(messages), in_short(error))

    async def _wait(self, max_runs: int) -> list[Message]:
        idle_from, failures = time.monotonic(), 0
        while True:
            try:
                messages = await self._receiver.receive(max_runs)
            except asyncio.CancelledError:
                with suppress(BotoCoreError, ClientError):
                    await self._receiver.release()
                raise
            except Exception as error:
                if not is_transient(error):
                    raise
                if self._idle_for_long(idle_from):
                    return []
                failures += 1
                await self._pause(error, failures)
                continue
            if failures:
                log.info("SQS answers again on %s", self._queue_url)
                failures = 0
            if messages or self._idle_for_long(idle_from):
                return messages

    def _idle_for_long(self, since: float) -> bool:
        return self._max_idle_seconds is not None and time.monotonic() - since >= self._max_idle_seconds

    async def _pause(self, error: Exception, failures: int) -> None:
        longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (failures - 1))
        if failures == 1:
            log.warning(
                "SQS does not answer; trying again with growing pauses of up to %d s. %s",
                LONGEST_PAUSE,
                self._explain(error),
            )
        # Jitter keeps many dispatchers from asking in step.
        await asyncio.sleep(random.uniform(longest / 2, longest))  # noqa: S311 - not a secret

    def _make_client(self) -> Any:
        """Prepare a client, in a thread.

        Opening the first one of a process reads large files, so one is opened here and thrown away; botocore
        keeps what it has read.
        """
        if not Listener._files_are_read:
            asyncio.run(_open_and_close(self._client_context()))
            Listener._files_are_read = True
        return self._client_context()

    def _client_context(self) -> Any:
        return open_client(
            self._queue_url,
            self._aws_conn_id,
            self._region_name,
            asynchronous=True,
            read_timeout=READ_TIMEOUT,
            max_pool_connections=CONCURRENT_RECEIVES,
            # The patience is ours: botocore's own would not be seen, and not be interrupted.
            retries={"total_max_attempts": 2, "mode": "standard"},
        )

    def _explain(self, error: Exception) -> str:
        return explain(error, self._queue_url, self._aws_conn_id)


async def _open_and_close(client: Any) -> None:
    async with client:
        pass

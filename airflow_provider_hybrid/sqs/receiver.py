"""Receiving batches of messages from a queue, asynchronously."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from math import inf
from typing import Any

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.sqs.calls import BATCH, WITH_ALL_ATTRIBUTES, Failures, in_batches, reason_of
from airflow_provider_hybrid.sqs.errors import AWS_ERRORS
from airflow_provider_hybrid.sqs.url import queue_name

CONCURRENT_RECEIVES = 4
"""Enough to drain some hundred messages in well under a second; more only contends for the triggerer."""

LONGEST = 5.0
"""Seconds that a batch takes at most once a message is there: who sends without an end delays nobody."""

PART = 3
"""The part of the visibility timeout that it takes at most: the rest is for those who launch it."""


class BatchReceiver:
    """Receives batches: waits for a first message, then takes what else is there.

    It holds the messages that it has received and not yet returned; whoever stops it early calls `release`.
    It deletes nothing: a message that nobody settles comes back when its visibility timeout ends. It stops
    after some seconds, however much is there.

    Args:
        client: An aiobotocore SQS client.
        queue_url: The queue.
        wait_time_seconds: Seconds that the first receive waits (long polling, at most 20).
        visibility_timeout: Seconds until a received message comes back if nothing settles it.
        max_messages: The most messages in a batch.
        max_bytes: Bytes of held messages from which on it asks for no more. The receives under way can then
            still exceed it, as each brings up to ten messages of any size.
        runs_of: Returns how many DAG runs a message asks for.
    """

    def __init__(
        self,
        client: Any,
        queue_url: str,
        *,
        wait_time_seconds: int,
        visibility_timeout: int,
        max_messages: int,
        max_bytes: int,
        runs_of: Callable[[Message], int] = lambda _: 1,
    ) -> None:
        self._client = client
        self._queue_url = queue_url
        self._queue_name = queue_name(queue_url)
        self._wait_time_seconds = wait_time_seconds
        self._visibility_timeout = visibility_timeout
        self._max_messages = max_messages
        self._max_bytes = max_bytes
        self._max_runs = sys.maxsize
        self._runs_of = runs_of
        self._held: list[Message] = []
        self._asked_for = 0
        self._stopping = False
        self._drains_until = inf

    async def receive(
        self, max_runs: int = sys.maxsize, wait_time_seconds: int | None = None
    ) -> list[Message]:
        """Return the next batch, or nothing when a long poll ends without a message.

        Args:
            max_runs: DAG runs that the held messages ask for from which on it asks for no more messages. One
                receive can exceed it.
            wait_time_seconds: Seconds that the first receive waits; None for the receiver's own.

        Raises:
            botocore.exceptions.ClientError: If SQS refuses.
            botocore.exceptions.BotoCoreError: If SQS cannot be reached.
        """
        self._max_runs = max_runs
        wait = self._wait_time_seconds if wait_time_seconds is None else wait_time_seconds
        await self._receive(min(BATCH, self._max_messages, max_runs), wait)
        if self._held:
            self._drains_until = time.monotonic() + min(LONGEST, self._visibility_timeout / PART)
            # An error of AWS must not cost the messages held; the next receive raises it again.
            drains = asyncio.gather(
                *(self._drain() for _ in range(CONCURRENT_RECEIVES)), return_exceptions=True
            )
            try:
                outcomes = await asyncio.shield(drains)
            except asyncio.CancelledError:
                # Messages that SQS is handing out just now would stay invisible; these receives end at once.
                self._stopping = True
                await drains
                raise
            for outcome in outcomes:
                if outcome and not isinstance(outcome, AWS_ERRORS):
                    raise outcome
        held, self._held = self._held, []
        return held

    async def release(self) -> Failures:
        """Give back the held messages at once (visibility timeout 0).

        Returns:
            The messages that SQS does not give back before their visibility timeout ends, with its reasons.
        """
        held, self._held = self._held, []
        return await self.change_visibility(held, 0)

    async def change_visibility(self, messages: Sequence[Message], visibility_timeout: int) -> Failures:
        """Let messages come back after so many seconds from now.

        Returns:
            The messages whose visibility timeout stays as it was, with SQS's reasons.

        Raises:
            botocore.exceptions.ClientError: If SQS refuses the call as a whole.
            botocore.exceptions.BotoCoreError: If SQS cannot be reached.
        """
        failures: Failures = {}
        for batch in in_batches(messages):
            answer = await self._client.change_message_visibility_batch(
                QueueUrl=self._queue_url,
                Entries=[
                    {
                        "Id": str(index),
                        "ReceiptHandle": message.receipt_handle,
                        "VisibilityTimeout": visibility_timeout,
                    }
                    for index, message in enumerate(batch)
                ],
            )
            failed = {batch[int(fault["Id"])]: fault for fault in answer.get("Failed", [])}
            failures |= {message: reason_of(fault, message) for message, fault in failed.items()}
        return failures

    async def _drain(self) -> None:
        while not self._stopping and time.monotonic() < self._drains_until and (wanted := self._wanted()) > 0:
            if not await self._receive(wanted, wait_time_seconds=0):
                return

    def _wanted(self) -> int:
        """Return how many more messages to ask for, beside those that other receives ask for just now."""
        return min(
            BATCH,
            self._max_messages - len(self._held) - self._asked_for,
            self._fitting(self._max_bytes, [message.size for message in self._held]),
            self._fitting(self._max_runs, [self._runs_of(message) for message in self._held]),
        )

    def _fitting(self, limit: int, held: list[int]) -> int:
        """Return how many more messages fit below a limit if each is as large as the largest held."""
        largest = max(held)
        return (limit - sum(held) - self._asked_for * largest) // max(1, largest)

    async def _receive(self, wanted: int, wait_time_seconds: int) -> bool:
        self._asked_for += wanted
        try:
            response = await self._client.receive_message(
                QueueUrl=self._queue_url,
                MaxNumberOfMessages=wanted,
                WaitTimeSeconds=wait_time_seconds,
                VisibilityTimeout=self._visibility_timeout,
                **WITH_ALL_ATTRIBUTES,
            )
        finally:
            self._asked_for -= wanted
        now = time.time()
        received = [Message.from_sqs(entry, self._queue_name, now) for entry in response.get("Messages", [])]
        self._held += received
        return bool(received)

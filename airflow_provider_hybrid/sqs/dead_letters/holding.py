"""Going through a queue once, and leaving it as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.sqs.calls import BATCH, WITH_ALL_ATTRIBUTES, return_messages
from airflow_provider_hybrid.sqs.counts import ATTRIBUTES, counts_in
from airflow_provider_hybrid.sqs.url import is_fifo

SHORTEST_HOLD = 120
"""The fewest seconds for which messages are held; after a crash they come back by themselves."""

HELD_PER_SECOND = 10
"""Messages for which the hold lasts one second longer; receiving and releasing them takes far less."""

LONGEST_HOLD = 12 * 60 * 60
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html"""

WAIT_TIME_SECONDS = 1
"""Seconds that a receive waits: one that waits asks all of SQS's servers, any other may miss messages.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
"""

EMPTY_RECEIVES = 2
"""Receives in a row without a new message that mean the end of the queue."""


class Holding:
    """The messages of a queue, received one after the other and held, so that none comes twice.

    A FIFO queue shows ten messages of a group, and the next ones only once these are gone.
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html

    Args:
        client: A boto3 SQS client.
        queue_url: The queue.
        source: The name of the queue that its messages were first sent to.
        visible: About how many messages were there when the holding began.
        in_flight: About how many more somebody else held then.
        most: About how many messages are read at most; None for all.
    """

    def __init__(
        self,
        client: Any,
        queue_url: str,
        source: str,
        visible: int,
        in_flight: int,
        most: int | None = None,
    ) -> None:
        self._client = client
        self._queue_url = queue_url
        self._source = source
        read = visible if most is None else min(visible, most)
        self._visibility_timeout = min(LONGEST_HOLD, SHORTEST_HOLD + read // HELD_PER_SECOND)
        self._held: dict[str, Message] = {}
        self.visible = visible
        self.seen = 0
        self.in_flight = in_flight

    @property
    def unseen(self) -> int:
        """The approximate number of messages of a FIFO queue that wait behind others of their group."""
        return max(0, self.visible - self.seen) if is_fifo(self._queue_url) else 0

    def read(self) -> Iterator[list[Message]]:
        """Receive until nothing new comes; yield the new messages of each receive, at most ten.

        Raises:
            botocore.exceptions.ClientError: If SQS refuses.
            botocore.exceptions.BotoCoreError: If SQS cannot be reached.
        """
        empty = 0
        while empty < EMPTY_RECEIVES:
            answer = self._client.receive_message(
                QueueUrl=self._queue_url,
                MaxNumberOfMessages=BATCH,
                WaitTimeSeconds=WAIT_TIME_SECONDS,
                VisibilityTimeout=self._visibility_timeout,
                **WITH_ALL_ATTRIBUTES,
            )
            received = [Message.from_sqs(entry, self._source) for entry in answer.get("Messages", [])]
            new = [message for message in received if message.message_id not in self._held]
            self._held |= {message.message_id: message for message in received}
            self.seen += len(new)
            empty = 0 if new else empty + 1
            if new:
                yield new

    def forget(self, message: Message) -> None:
        """Release a message no more, as it is deleted."""
        self._held.pop(message.message_id, None)

    def release(self) -> None:
        """Give back the held messages at once."""
        held, self._held = self._held, {}
        return_messages(self._client, self._queue_url, dict.fromkeys(held.values(), 0))


@contextmanager
def hold(client: Any, queue_url: str, source: str, most: int | None = None) -> Iterator[Holding]:
    """Hold a queue's messages while the block runs, and release them however it ends.

    Args:
        client: A boto3 SQS client.
        queue_url: The queue.
        source: The name of the queue that its messages were first sent to.
        most: About how many messages are read at most; None for all. After a crash those of a short look
            come back soon, however many more there are.

    Raises:
        botocore.exceptions.ClientError: If SQS refuses.
        botocore.exceptions.BotoCoreError: If SQS cannot be reached.
    """
    answer = client.get_queue_attributes(QueueUrl=queue_url, AttributeNames=ATTRIBUTES)
    counts = counts_in(answer["Attributes"])
    holding = Holding(client, queue_url, source, counts.waiting, counts.in_flight, most)
    try:
        yield holding
    finally:
        holding.release()

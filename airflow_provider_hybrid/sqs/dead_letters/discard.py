"""Deleting dead letters for ever."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.sqs.calls import delete_messages, in_batches
from airflow_provider_hybrid.sqs.dead_letters.outcome import Outcome


def discard(client: Any, dead_letter_queue_url: str, messages: Sequence[Message]) -> Iterator[Outcome]:
    """Delete messages of the dead-letter queue. Nobody can bring them back.

    Args:
        client: A boto3 SQS client.
        dead_letter_queue_url: The queue in which they were received.
        messages: As received.

    Yields:
        The outcome for each message, as it becomes known.

    Raises:
        botocore.exceptions.ClientError: If SQS refuses a call as a whole; the rest was not tried.
        botocore.exceptions.BotoCoreError: If SQS cannot be reached; the rest was not tried.
    """
    for batch in in_batches(messages):
        undeleted = delete_messages(client, dead_letter_queue_url, batch)
        yield from (
            Outcome(message, message not in undeleted, undeleted.get(message, "")) for message in batch
        )

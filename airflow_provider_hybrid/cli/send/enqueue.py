"""A message, sent to the queue as its producer would."""

from __future__ import annotations

import uuid
from typing import Any

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.records.wire import IDENTITY
from airflow_provider_hybrid.sqs.dead_letters.attributes import sendable_attributes
from airflow_provider_hybrid.sqs.limits import MAX_BYTES
from airflow_provider_hybrid.sqs.queue import Queue

GROUP = "hybrid-send"
"""The message group of a message for a FIFO queue that names none."""


def enqueue(client: Any, queue: Queue, message: Message) -> str:
    """Send a message with its attributes and its group; in a FIFO queue also with its deduplication id.

    Args:
        client: A boto3 SQS client.
        queue: The queue.
        message: The message.

    Returns:
        The id that SQS gives it.

    Raises:
        botocore.exceptions.ClientError: If SQS refuses.
        botocore.exceptions.BotoCoreError: If SQS cannot be reached.
    """
    fields: dict[str, Any] = {}
    # The interceptor writes a message's identity there. What a dispatcher writes beside it is left out.
    kept = str(message.message_attributes.get(IDENTITY, {}).get("StringValue") or "")
    if queue.is_fifo:
        fields["MessageGroupId"] = message.group_id or GROUP
        fields["MessageDeduplicationId"] = message.attributes.get("MessageDeduplicationId") or str(
            uuid.uuid4()
        )
    elif message.group_id:
        fields["MessageGroupId"] = message.group_id
    answer = client.send_message(
        QueueUrl=queue.url,
        MessageBody=message.body,
        MessageAttributes=sendable_attributes(message, {IDENTITY: kept}, MAX_BYTES),
        **fields,
    )
    return str(answer["MessageId"])

"""Sending messages to a dead-letter queue, with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.records.wire import IDENTITY
from airflow_provider_hybrid.events.rejection import Rejection
from airflow_provider_hybrid.sqs.calls import Entry, Failures, send_messages
from airflow_provider_hybrid.sqs.dead_letters.attributes import (
    DISPATCHER_RUN,
    ERROR_MESSAGE,
    ERROR_TYPE,
    ROUTE,
    attribute_text,
    sendable_attributes,
)
from airflow_provider_hybrid.sqs.limits import max_message_bytes
from airflow_provider_hybrid.sqs.url import is_fifo


def send_dead_letters(
    client: Any, queue_url: str, rejections: Mapping[Message, Rejection], dispatcher_run: str
) -> Failures:
    """Send messages to a dead-letter queue, body and attributes as they were, with the reason.

    It adds five message attributes. SQS allows ten in all, and as many bytes as the queue's
    ``MaximumMessageSize``. If they do not all fit, it keeps the message's own, and then the first of these:

    - ``HybridMessageId``: the message's identity. A plain event has no id but the message's, and SQS gives
      the message a new id here and another on its way back. Without this attribute the event would come back
      as another one, and could start twice.
    - ``HybridErrorType`` and ``HybridErrorMessage``: the reason.
    - ``HybridRoute``: the routes that broke, separated by commas; absent if none did.
    - ``HybridDispatcherRun``: the run of the dispatcher that rejected it.

    Args:
        client: A boto3 SQS client.
        queue_url: The dead-letter queue.
        rejections: The reason for each message.
        dispatcher_run: The dispatcher's run id; empty if it has none.

    Returns:
        The messages that SQS did not take, with its reasons.

    Raises:
        botocore.exceptions.ClientError: If SQS refuses the call as a whole.
    """
    fifo, max_bytes = is_fifo(queue_url), max_message_bytes(client, queue_url)

    def entry(message: Message, rejection: Rejection) -> Entry:
        ours = {
            IDENTITY: message.identity,
            ERROR_TYPE: attribute_text(rejection.error_type),
            ERROR_MESSAGE: attribute_text(rejection.error_message),
            ROUTE: attribute_text(", ".join(rejection.routes)),
            DISPATCHER_RUN: attribute_text(dispatcher_run),
        }
        attributes = sendable_attributes(message, ours, max_bytes)
        sent: Entry = {"MessageBody": message.body, "MessageAttributes": attributes}
        if fifo:
            sent["MessageGroupId"] = message.attributes.get("MessageGroupId", message.message_id)
            # With its identity, SQS would drop a message that comes back and fails again in five minutes.
            sent["MessageDeduplicationId"] = message.message_id
        elif message.group_id:
            sent["MessageGroupId"] = message.group_id
        return sent

    entries = {message: entry(message, rejection) for message, rejection in rejections.items()}
    return send_messages(client, queue_url, entries)

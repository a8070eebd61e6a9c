"""The SQS calls that settle messages, in batches, with every ``Failed`` list read."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.rejection import Rejection
from airflow_provider_hybrid.queues.batches import in_batches
from airflow_provider_hybrid.queues.url import is_fifo

ATTEMPTS = 3
"""How often an entry is tried that failed through no fault of the caller."""

MAX_MESSAGE_ATTRIBUTES = 10
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html"""

MAX_BATCH_BYTES = 1024 * 1024
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html"""

MAX_REASON = 1000
"""Characters of a reason that go into a message attribute."""

_NOT_IN_SQS = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
"""What SQS refuses in a string (it takes the characters of XML 1.0)."""

Entry = dict[str, Any]

Failures = dict[Message, str]
"""Messages that a call did not work for, with SQS's code and text."""


def delete_messages(client: Any, queue_url: str, messages: Sequence[Message]) -> Failures:
    """Delete messages.

    Args:
        client: A boto3 SQS client.
        queue_url: The queue.
        messages: As received from it.

    Returns:
        The messages that SQS did not delete, with its reasons.

    Raises:
        botocore.exceptions.ClientError: If SQS refuses the call as a whole.
    """

    def entry(message: Message) -> Entry:
        return {"ReceiptHandle": message.receipt_handle}

    return _call(client.delete_message_batch, queue_url, messages, entry)


def return_messages(client: Any, queue_url: str, delays: Mapping[Message, int]) -> Failures:
    """Let messages come back, each after a delay of its own.

    Args:
        client: A boto3 SQS client.
        queue_url: The queue.
        delays: Seconds from now for each message; 0 is at once.

    Returns:
        The messages that SQS did not do it for, with its reasons; their visibility timeout stays as it was.

    Raises:
        botocore.exceptions.ClientError: If SQS refuses the call as a whole.
    """

    def entry(message: Message) -> Entry:
        return {"ReceiptHandle": message.receipt_handle, "VisibilityTimeout": delays[message]}

    return _call(client.change_message_visibility_batch, queue_url, list(delays), entry)


def send_dead_letters(client: Any, queue_url: str, rejections: Mapping[Message, Rejection]) -> Failures:
    """Send messages to a dead-letter queue, body and attributes as they were, with the reason.

    The reason travels as the message attributes ``HybridErrorType`` and ``HybridErrorMessage``. A message
    holds ten attributes; its own go first, so one that brings nine or ten loses part of the reason.

    Args:
        client: A boto3 SQS client.
        queue_url: The dead-letter queue.
        rejections: For each message, why.

    Returns:
        The messages that SQS did not take, with its reasons.

    Raises:
        botocore.exceptions.ClientError: If SQS refuses the call as a whole.
    """
    fifo = is_fifo(queue_url)

    def entry(message: Message) -> Entry:
        sent: Entry = {
            "MessageBody": message.body,
            "MessageAttributes": _with_reason(message, rejections[message]),
        }
        if fifo:
            sent["MessageGroupId"] = message.attributes.get("MessageGroupId", message.message_id)
            sent["MessageDeduplicationId"] = message.message_id
        return sent

    failures: Failures = {}
    for batch in _by_size(list(rejections)):
        failures |= _call(client.send_message_batch, queue_url, batch, entry)
    return failures


def _call(
    operation: Callable[..., Any],
    queue_url: str,
    messages: Sequence[Message],
    entry: Callable[[Message], Entry],
) -> Failures:
    failures: Failures = {}
    for batch in in_batches(messages):
        pending = {str(index): message for index, message in enumerate(batch)}
        for attempt in range(1, ATTEMPTS + 1):
            entries = [{"Id": key, **entry(message)} for key, message in pending.items()]
            faults = operation(QueueUrl=queue_url, Entries=entries).get("Failed", [])
            final = [fault for fault in faults if fault["SenderFault"] or attempt == ATTEMPTS]
            failures |= {
                pending[fault["Id"]]: f"{fault['Code']}: {fault.get('Message', '')}" for fault in final
            }
            pending = {fault["Id"]: pending[fault["Id"]] for fault in faults if fault not in final}
            if not pending:
                break
    return failures


def _by_size(messages: Sequence[Message]) -> list[list[Message]]:
    """Keep what is sent in one call within SQS's bound on a batch."""
    batches: list[list[Message]] = []
    room = 0
    for message in messages:
        size = message.size + 2 * MAX_REASON
        if not batches or size > room:
            batches.append([])
            room = MAX_BATCH_BYTES
        batches[-1].append(message)
        room -= size
    return batches


def _with_reason(message: Message, rejection: Rejection) -> dict[str, Any]:
    attributes = {name: _with_bytes(value) for name, value in message.message_attributes.items()}
    reason = {"HybridErrorType": rejection.error_type, "HybridErrorMessage": rejection.error_message}
    for name, text in reason.items():
        if name in attributes or len(attributes) < MAX_MESSAGE_ATTRIBUTES:
            attributes[name] = {"DataType": "String", "StringValue": _NOT_IN_SQS.sub("?", text)[:MAX_REASON]}
    return attributes


def _with_bytes(attribute: Mapping[str, Any]) -> dict[str, Any]:
    """Undo what `Message` did to a binary value to carry it in JSON."""
    sendable = {
        key: value for key, value in attribute.items() if key in {"DataType", "StringValue", "BinaryValue"}
    }
    if "BinaryValue" in sendable:
        sendable["BinaryValue"] = base64.b64decode(sendable["BinaryValue"])
    return sendable
